"""What is deployed: `sam build`, then bytecode added and dead weight taken out.

`make build` makes it for AWS, `make run` for this machine, again only when sources changed.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from local import models
from local.console import Trouble, plain
from local.places import BUILD, ENVIRONMENTS, ROOT

ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "arm64": "arm64", "aarch64": "arm64"}
SOURCES = (
    *("functions", "layers", "template.yaml"),
    *("local/models.py", "requirements/build.txt", "requirements/dev.txt"),
)
UNBUILT = ("__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache")
STAMP = BUILD / "made-from"
COMMON = BUILD / "CommonLayer"
# Where Lambda unpacks code: bytecode names these paths, wherever it was built.
LAYER, TASK = "/opt", "/var/task"
# What no function loads: cffi's compiler (its backend stays), Swagger's pages, C headers, stubs,
# pydantic as it was before, and bytecode of whoever ran the sources here.
DEAD_WEIGHT = (
    "**/__pycache__",
    "python/cffi",
    "python/cffi-*",
    "python/pycparser",
    "python/pycparser-*",
    "python/bin",
    "python/**/*.pyi",
    "python/pydantic/mypy.py",
    "python/pydantic/v1",
    "python/aws_lambda_powertools/event_handler/openapi/swagger_ui/*.js",
    "python/aws_lambda_powertools/event_handler/openapi/swagger_ui/*.css",
)


def architecture() -> str:
    """Lambda's name for this machine's processor."""
    return ARCHITECTURES[platform.machine().lower()]


def files(folder: Path) -> Iterator[Path]:
    """Every file below *folder* that counts, in a steady order."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not set(UNBUILT) & set(path.parts):
            yield path


def digest(folder: Path) -> str:
    """A hash of the names and contents below *folder*, or of the one file it is."""
    found = hashlib.sha256()
    for path in [folder] if folder.is_file() else files(folder):
        found.update(f"{path.relative_to(folder.parent)}\0".encode() + path.read_bytes())
    return found.hexdigest()


def sources(processor: str) -> str:
    parts = [processor, Path(__file__).read_text(), *(digest(ROOT / name) for name in SOURCES)]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def is_current() -> bool:
    return STAMP.exists() and STAMP.read_text() == sources(architecture())


def environment() -> dict[str, str]:
    """Variables under which SAM CLI asks nobody anything and finds the right Python."""
    tools = ENVIRONMENTS / "build/bin"
    own = {name: value for name, value in os.environ.items() if name != "AWS_PROFILE"}
    return own | {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "SAM_CLI_TELEMETRY": "0",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }


def build(processor: str | None = None) -> None:
    """Build for *processor* or else for this machine; Trouble with what SAM complained about."""
    wanted = processor or architecture()
    before = sources(wanted)
    done = subprocess.run(
        ["sam", "build", "--parameter-overrides", f"Architecture={wanted}"],  # noqa: S607
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"sam build failed:\n{done.stderr.strip()}")
    for folder in filter(Path.is_dir, BUILD.iterdir()):
        finish(folder)
    STAMP.write_text(before)


def finish(folder: Path) -> None:
    """Make an artefact light and quick to start."""
    if folder.name != COMMON.name and (folder / "python").is_dir():
        leave_to_the_common_layer(folder)
    if folder.name == COMMON.name:
        models.write(folder / "python" / models.FOLDER)
    for pattern in DEAD_WEIGHT:
        for found in list(folder.glob(pattern)):
            shutil.rmtree(found) if found.is_dir() else found.unlink()
    compile_ahead(folder)


def leave_to_the_common_layer(folder: Path) -> None:
    """Take out of a layer what the common one brings: it keeps to the same versions."""
    for found in (COMMON / "python").iterdir():
        twin = folder / "python" / found.name
        if twin.exists():
            shutil.rmtree(twin) if twin.is_dir() else twin.unlink()


def compile_ahead(folder: Path) -> None:
    """Ship bytecode, which `sam build` leaves out: without it a cold start compiles everything.

    Unchecked: nobody changes a source behind it, so not even its time is looked at.
    """
    place = LAYER if (folder / "python").is_dir() else TASK
    tool = ENVIRONMENTS / "build/bin/python"
    ahead = ["-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash"]
    subprocess.run([str(tool), *ahead, "-s", str(folder), "-p", place, str(folder)], check=True)


if __name__ == "__main__":
    with plain():
        build(sys.argv[1] if len(sys.argv) > 1 else None)
