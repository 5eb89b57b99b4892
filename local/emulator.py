"""MiniStack as a process of ours: started on a free port of 127.0.0.1, stopped gracefully."""

import os
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local import ports
from local.console import Trouble, step
from local.places import ENVIRONMENTS, ROOT, Home

START_SECONDS = 30
STOP_SECONDS = 30

# The emulator names queues and layers by URLs that hold the port it is served at.
OWN_URL = re.compile(r"(http://localhost:)\d+(/(?:\d{12}|_ministack)/)")


def environment(home: Home, port: int) -> dict[str, str]:
    """Only what the emulator needs: functions inherit every variable that it has."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home.scratch),
        "LANG": "C.UTF-8",
        "TMPDIR": str(home.scratch),
        "PYTHONPATH": str(ROOT),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "AUTH": "true",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(home.state),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(home.state / "s3"),
        "MINISTACK_REGION": "eu-central-1",
        "LAMBDA_EXECUTOR": "local",
    }


def launch(home: Home, port: int) -> subprocess.Popen[bytes]:
    """Start in a session of its own: a Ctrl-C at the terminal is ours to pass on."""
    shutil.rmtree(home.scratch, ignore_errors=True)
    home.scratch.mkdir(parents=True)
    with home.log.open("wb") as log:
        return subprocess.Popen(
            [str(ENVIRONMENTS / "emulator/bin/python"), "-m", "local.launcher"],
            cwd=ROOT,
            env=environment(home, port),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def readdress(home: Home, port: int) -> None:
    """Let what was kept at another port be found at this one."""
    for file in home.state.glob("*.json"):
        kept = file.read_text(encoding="utf-8")
        moved = OWN_URL.sub(rf"\g<1>{port}\g<2>", kept)
        if moved != kept:
            file.write_text(moved, encoding="utf-8")


def is_healthy(endpoint: str) -> bool:
    try:
        with urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


def wait_until_healthy(process: subprocess.Popen[bytes], endpoint: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_healthy(endpoint):
        if process.poll() is not None or time.monotonic() > deadline:
            raise Trouble(f"the emulator did not start; its log is {log}")
        time.sleep(0.05)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask it to keep its state and leave; only a graceful end keeps the data."""
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def running(home: Home) -> Iterator[str]:
    """The endpoint of an emulator that serves *home*'s data for the length of the body."""
    port = ports.choose(home, "emulator")
    endpoint = f"http://127.0.0.1:{port}"
    readdress(home, port)
    with launch(home, port) as process:
        try:
            with step("emulator"):
                wait_until_healthy(process, endpoint, home.log)
            yield endpoint
        finally:
            stop(process)
            shutil.rmtree(home.scratch, ignore_errors=True)
