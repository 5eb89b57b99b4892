"""Parts of documents that programs write, between marks."""

from pathlib import Path

from local.places import ROOT

README = ROOT / "README.md"


def place(path: Path, mark: str, text: str) -> None:
    """Put *text* between the marks <!-- mark --> and <!-- /mark --> of *path*."""
    before, _, after = parts(path, mark)
    start, end = marks(mark)
    path.write_text(f"{before}{start}\n{text}\n{end}{after}")


def placed(path: Path, mark: str) -> str:
    """What stands between the marks."""
    return parts(path, mark)[1].strip("\n")


def parts(path: Path, mark: str) -> tuple[str, str, str]:
    start, end = marks(mark)
    before, rest = path.read_text().split(start, 1)
    between, after = rest.split(end, 1)
    return before, between, after


def marks(mark: str) -> tuple[str, str]:
    return f"<!-- {mark} -->", f"<!-- /{mark} -->"
