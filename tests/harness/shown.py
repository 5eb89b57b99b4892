"""Which features and cases passing tests show: `docs/coverage.md` is made of it.

As a pytest plugin it notes the marks `case` and `feature` of every test that passed
(`pytest --shown=NAME`); as a program it writes the document from the notes, or checks it.
"""

import json
import re
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTES = ROOT / ".local/shown"
DOCUMENT = ROOT / "docs/coverage.md"
README = ROOT / "README.md"
KINDS = {"feature": "Feature", "case": "Case"}
HEAD = """# What the tests show

Made by `make coverage` from the marks of the tests that passed: what is not listed, no test shows.
"""

type Shown = dict[str, dict[str, list[str]]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shown", help="note what passing tests show, under this name")


def pytest_configure(config: pytest.Config) -> None:
    name = config.getoption("--shown")
    if name and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Notes(NOTES / f"{name}.json"), "shown-notes")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each test's report carry its marks, from whatever process it ran in."""
    for item in items:
        marks = [(k, str(w)) for k in KINDS for mark in item.iter_markers(k) for w in mark.args]
        item.user_properties.append(("shown", marks))


class Notes:
    """The marks of the tests that passed, written down at the end of the run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.shown: dict[str, dict[str, set[str]]] = {kind: defaultdict(set) for kind in KINDS}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            for kind, what in dict(report.user_properties)["shown"]:
                self.shown[kind][what].add(_named(report.nodeid))

    def pytest_sessionfinish(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        noted = {k: {w: sorted(t) for w, t in rows.items()} for k, rows in self.shown.items()}
        self.path.write_text(json.dumps(noted))


def text() -> str:
    """The document, from the notes of every run."""
    notes: list[Shown] = [json.loads(path.read_text()) for path in sorted(NOTES.glob("*.json"))]
    tables = [_table(kind, title, notes) for kind, title in KINDS.items()]
    return HEAD + "".join(tables)


def _table(kind: str, title: str, notes: list[Shown]) -> str:
    shown: dict[str, set[str]] = defaultdict(set)
    for note in notes:
        for what, tests in note[kind].items():
            shown[what] |= set(tests)
    rows = [
        f"| {what} | {', '.join(f'`{test}`' for test in sorted(shown[what]))} |\n"
        for what in sorted(shown, key=_order)
    ]
    return f"\n## {title}s\n\n| {title} | Tests |\n|---|---|\n{''.join(rows)}"


def _named(nodeid: str) -> str:
    """A test by its file and name, without its parameters."""
    return nodeid.split("[")[0].removeprefix("tests/")


def _order(what: str) -> tuple[str, int]:
    found = re.fullmatch(r"([A-Z]*)(\d+)", what)
    if not found:
        raise ValueError(f"{what} is neither a feature's number nor a case's id")
    return found[1], int(found[2])


def main(writing: bool) -> None:
    """Write the document, or tell in one line why it, or the README, is stale."""
    if writing:
        DOCUMENT.write_text(text())
    elif not DOCUMENT.exists() or DOCUMENT.read_text() != text():
        sys.exit("docs/coverage.md is stale: run `make coverage`")
    shown, listed = (re.findall(r"^\| (\d+) \|", p.read_text(), re.M) for p in (DOCUMENT, README))
    if shown != listed:
        sys.exit(f"the README lists features {listed}, the tests show {shown}")


if __name__ == "__main__":
    main("--write" in sys.argv)
