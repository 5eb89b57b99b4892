"""A headless Chromium, driven over its debugging pipe: look, click, wait, take pictures.

The machine's own browser is used, and no driver is needed: two pipes and JSON between NULs.
"""

import base64
import fcntl
import itertools
import json
import os
import select
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 30
PRESSES = 3
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--hide-scrollbars"),
    *("--no-first-run", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--disable-dev-shm-usage", "--no-proxy-server", "--remote-debugging-pipe"),
)


def found() -> str | None:
    """The path of a Chromium, if this machine has one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Pipe:
    """One question at a time, and its answer."""

    def __init__(self, reading: int, writing: int) -> None:
        self.reading, self.writing = reading, writing
        self.numbers = itertools.count(1)
        self.rest = b""

    def ask(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        number = next(self.numbers)
        question = {"id": number, "method": method, "params": parameters}
        question |= {"sessionId": session} if session else {}
        os.write(self.writing, json.dumps(question).encode() + b"\0")
        while (answer := self.next()).get("id") != number:
            pass  # what the browser tells unasked is seen by looking at the page
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def next(self) -> dict[str, Any]:
        while b"\0" not in self.rest:
            if not select.select([self.reading], [], [], PATIENCE_SECONDS)[0]:
                raise TimeoutError("the browser says nothing")
            read = os.read(self.reading, 1 << 20)
            if not read:
                raise RuntimeError("the browser is gone")
            self.rest += read
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)


class Tab:
    """One page of *width* × *height*."""

    def __init__(self, pipe: Pipe, width: int, height: int) -> None:
        self.pipe = pipe
        target = pipe.ask("Target.createTarget", url="about:blank")["targetId"]
        self.target = target
        attached = pipe.ask("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        self.resize(width, height)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self.pipe.ask(method, self.session, **parameters)

    def close(self) -> None:
        """A page left open goes on looking for news, and slows those after it."""
        self.pipe.ask("Target.closeTarget", targetId=self.target)

    def resize(self, width: int, height: int) -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", **size)

    def open(self, url: str) -> None:
        answer = self.ask("Page.navigate", url=url)
        if "errorText" in answer:
            raise RuntimeError(f"{url}: {answer['errorText']}")
        # A tab behind another draws nothing, and what waits for a frame waits for ever.
        self.ask("Page.bringToFront")
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def tell(self, expression: str) -> Any:
        """What a JavaScript *expression* is on this page."""
        said = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in said:
            raise RuntimeError(f"{expression}: {said['exceptionDetails']}")
        return said["result"].get("value")

    def wait(self, expression: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Until the *expression* holds; a page that is on its way does not hold it."""
        deadline = time.monotonic() + seconds
        while not self.holds(expression):
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"{expression} does not hold; the page says {self.text()[:2000]}"
                )
            time.sleep(0.1)

    def holds(self, expression: str) -> bool:
        try:
            return bool(self.tell(f"Boolean({expression})"))
        except RuntimeError:
            return False

    def click(self, selector: str) -> None:
        self.tell(f"document.querySelector({json.dumps(selector)}).click()")

    def press(self, selector: str, expression: str) -> None:
        """Click until the *expression* holds: a page that is still being built loses clicks."""
        for _ in range(PRESSES - 1):
            self.click(selector)
            with suppress(TimeoutError):
                return self.wait(expression, PATIENCE_SECONDS / PRESSES)
        self.click(selector)
        return self.wait(expression)

    def text(self) -> str:
        return str(self.tell("document.body.innerText"))

    def picture(self, path: Path) -> None:
        """A PNG of what is in sight."""
        path.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot")["data"]))


@contextmanager
def running() -> Iterator[Pipe]:
    """A browser without a past, gone with the body."""
    path = found()
    if path is None:
        raise RuntimeError("there is no Chromium on this machine")
    with tempfile.TemporaryDirectory(prefix="kabinet-browser-", ignore_cleanup_errors=True) as home:
        pid, pipe = start([path, *FLAGS, f"--user-data-dir={home}"], home)
        try:
            yield pipe
        finally:
            os.close(pipe.writing)  # a closed pipe ends it
            os.waitpid(pid, 0)
            os.close(pipe.reading)


def start(command: list[str], home: str) -> tuple[int, Pipe]:
    """The browser reads questions from its descriptor 3 and answers to 4."""
    questions, ask = (high(end) for end in os.pipe())
    listen, answers = (high(end) for end in os.pipe())
    pid = os.posix_spawn(
        command[0],
        command,
        {"PATH": os.environ["PATH"], "HOME": home, "LANG": "C.UTF-8"},
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, questions, 3),
            (os.POSIX_SPAWN_DUP2, answers, 4),
        ],
    )
    os.close(questions)
    os.close(answers)
    return pid, Pipe(listen, ask)


def high(end: int) -> int:
    """The same end of a pipe, out of the way of 3 and 4."""
    moved = fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(end)
    return moved
