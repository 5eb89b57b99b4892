"""What `sam build` makes of the real template, made again only when its sources changed."""

import hashlib
import os
import platform
import subprocess
from collections.abc import Iterator
from pathlib import Path

from local.console import Trouble
from local.places import BUILD, ENVIRONMENTS, ROOT

ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "arm64": "arm64", "aarch64": "arm64"}
SOURCES = ("functions", "layers", "template.yaml", "requirements/build.txt")
UNBUILT = ("__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache")
STAMP = BUILD / "made-from"


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


def sources() -> str:
    parts = [architecture(), *(digest(ROOT / name) for name in SOURCES)]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def is_current() -> bool:
    return STAMP.exists() and STAMP.read_text() == sources()


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


def build() -> None:
    """Run `sam build`; raises Trouble with what it complained about."""
    before = sources()
    done = subprocess.run(
        ["sam", "build", "--parameter-overrides", f"Architecture={architecture()}"],  # noqa: S607
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"sam build failed:\n{done.stderr.strip()}")
    compile_ahead()
    STAMP.write_text(before)


def compile_ahead() -> None:
    """Ship bytecode too: the emulator unpacks the code anew for every worker it starts."""
    tool = ENVIRONMENTS / "build/bin/python"
    ahead = ["-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(BUILD)]
    subprocess.run([str(tool), *ahead], check=True)
