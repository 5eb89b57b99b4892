"""Make the project's Python environments: `bootstrap.py dev build emulator`.

Needs only the standard library of Python 3.11 and a package index. An environment is made
again when its lock file changes, so a second run costs nothing.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
ENVIRONMENTS = {
    "dev": (ROOT / ".venv", ["requirements/dev.txt"]),
    "build": (LOCAL / "env/build", ["requirements/build.txt"]),
    "emulator": (LOCAL / "env/emulator", ["requirements/emulator.txt"]),
    "scan": (LOCAL / "env/scan", ["requirements/scan.txt"]),
}
# The common layer first: the others keep to its versions, and the environments to all of theirs.
LOCKS = (
    "layers/common/requirements",
    *sorted(f"layers/{path.parent.name}/requirements" for path in ROOT.glob("layers/[!c]*/*.in")),
    *(f"requirements/{name}" for name in ENVIRONMENTS),
)
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS")
NO_UV = (
    "Kabinet needs pip or uv to fetch its tools, and neither is here."
    " Install one of them (Debian: apt-get install python3-venv) and run the command again."
)
NO_PYTHON = (
    "Kabinet needs Python 3.13, which is neither here nor could be downloaded ({reason})."
    " Install python3.13 and run the command again."
)


class Missing(Exception):
    """Something the machine lacks; the message tells the remedy in one line."""


def answers(*command: str) -> bool:
    """Whether the command can be run: a pyenv shim may be on the path and still fail."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"


def environment() -> dict[str, str]:
    """The variables uv runs with: the machine's certificates unless others are named."""
    variables = dict(os.environ) | {"UV_PYTHON_INSTALL_DIR": str(LOCAL / "python")}
    variables.pop("VIRTUAL_ENV", None)
    if not any(os.environ.get(name) for name in CERTIFICATES):
        variables["UV_SYSTEM_CERTS"] = "1"
    return variables


def run(*command: str) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment()
    )
    if done.returncode:
        raise Missing(f"{Path(command[0]).name} {command[1]}: {last_line(done.stderr)}")
    return done.stdout.strip()


def uv() -> str:
    """A uv that runs: the machine's own, else one fetched with pip into .local."""
    own = LOCAL / "uv/bin/uv"
    for candidate in ("uv", str(own)):
        if answers(candidate, "--version"):
            return candidate
    shutil.rmtree(LOCAL / "uv", ignore_errors=True)
    pip_install_uv()
    return str(own)


def pip_install_uv() -> None:
    target = str(LOCAL / "uv")
    if answers(sys.executable, "-m", "pip", "--version"):
        run(sys.executable, "-m", "pip", "install", "-q", "--target", target, "uv")
    elif answers(sys.executable, "-c", "import ensurepip, venv"):
        run(sys.executable, "-m", "venv", target)
        run(f"{target}/bin/python", "-m", "pip", "install", "-q", "uv")
    else:
        raise Missing(NO_UV)


def is_python(candidate: str) -> bool:
    return answers(candidate, "-c", "import sys; sys.exit(sys.version_info[:2] != (3, 13))")


def python(tool: str) -> str:
    """The path of a Python 3.13 that runs, fetched by uv when the machine has none."""
    installed = sorted(map(str, Path.home().glob(".pyenv/versions/3.13*/bin/python3.13")))
    for candidate in ["python3.13", *reversed(installed)]:
        if is_python(candidate):
            return run(candidate, "-c", "import sys; print(sys.executable)")
    try:
        run(tool, "python", "install", "--no-bin", "3.13")
        return run(tool, "python", "find", "--managed-python", "3.13")
    except Missing as refused:
        raise Missing(NO_PYTHON.format(reason=refused)) from refused


def fingerprint(place: Path, files: list[str]) -> str:
    digest = hashlib.sha256(str(place).encode())
    for name in files:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def is_current(place: Path, files: list[str]) -> bool:
    stamp = place / "made-from"
    made = stamp.exists() and stamp.read_text() == fingerprint(place, files)
    return made and (place / "bin/python").exists()


def make(place: Path, files: list[str], tool: str, interpreter: str) -> None:
    run(tool, "venv", "--clear", "--python", interpreter, str(place))
    run(tool, "pip", "sync", "--python", str(place / "bin/python"), *files)
    (place / "made-from").write_text(fingerprint(place, files))


def ensure(names: list[str]) -> None:
    """Make those of the named environments that are missing or out of date."""
    stale = {name: ENVIRONMENTS[name] for name in names if not is_current(*ENVIRONMENTS[name])}
    if not stale:
        return
    started = time.monotonic()
    print(f"environments: fetching {', '.join(stale)} …", flush=True)
    tool = uv()
    interpreter = python(tool)
    for place, files in stale.values():
        make(place, files, tool, interpreter)
    print(f"environments: made in {time.monotonic() - started:.1f} s", flush=True)


def lock() -> None:
    """Compile every .in file into the .txt beside it, at the newest versions."""
    for name in LOCKS:
        print(f"{name}.txt", flush=True)
        run(
            *(uv(), "pip", "compile", "--upgrade", "--universal", "--python-version"),
            *("3.13", "--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command"),
            *("make lock", "-o", f"{name}.txt", f"{name}.in"),
        )


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold off other commands of this clone, so that no two make the same environment."""
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "bootstrap.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main(names: list[str]) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 # whoever runs this may have an older one
        sys.exit("Kabinet needs Python 3.11 or newer to start: make PYTHON=python3.11 …")
    try:
        with alone():
            lock() if names == ["lock"] else ensure(names)
    except Missing as missing:
        sys.exit(str(missing))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main(sys.argv[1:])
