"""The local stack as a whole: built, deployed, filled, written down, and taken down again."""

import fcntl
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, TypedDict, cast

from local import artefacts, demo, deployment, emulator, openid, ports
from local.bootstrap import alone
from local.console import Trouble, say, step
from local.places import CLONE, Home
from local.site import server

RUNNING = "A stack of this clone is running already: stop it first (Ctrl-C there)."
STOP_SECONDS = 15
NOT_RUNNING = "No local stack of this clone is running: start one with `make run`."


class Person(TypedDict):
    """How a customer signs in."""

    login: str
    password: str


class Staff(Person):
    """How a member of staff signs in."""

    totp_secret: str


class Stack(TypedDict):
    """The facts of a running stack, as `stack.json` holds them."""

    api_url: str
    site_url: str
    outbox_url: str
    openid_url: str | None
    endpoint_url: str
    stack_name: str
    customer: Person
    agent: Staff
    manager: Staff
    pid: int


@contextmanager
def running(home: Home | None = None) -> Iterator[Stack]:
    """A stack for the length of the body, with the demo shop in it.

    Without *home* it is a throw-away one: tests never meet a developer's data or ports.
    """
    if home is None:
        with (
            tempfile.TemporaryDirectory(prefix="kabinet-") as folder,
            running(Home(Path(folder))) as stack,
        ):
            yield stack
        return
    with alone():
        build()
    with occupied(home), emulator.running(home) as endpoint:
        deploy(endpoint)
        port = ports.choose(home, "site")
        stack = facts(endpoint, f"http://127.0.0.1:{port}")
        with server.serving(stack, port), provided(stack, home):
            fill(stack)
            with written(stack, home):
                yield stack


@contextmanager
def occupied(home: Home) -> Iterator[None]:
    """No two stacks on the same data; the lock goes with the process, however it ends."""
    with home.lock.open("w") as lock:
        deadline = time.monotonic() + STOP_SECONDS
        while not taken(lock):
            if home.stack.exists() or time.monotonic() > deadline:
                raise Trouble(RUNNING)
            time.sleep(0.1)  # the one before is still putting its data away
        home.stack.unlink(missing_ok=True)
        yield


def taken(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def build() -> None:
    if artefacts.is_current():
        say("build: nothing changed")
        return
    with step("build"):
        artefacts.build()


def deploy(endpoint: str) -> None:
    with step("deploy"), alone():
        deployment.admit(endpoint)
        deployment.deploy(endpoint)


@contextmanager
def provided(stack: Stack, home: Home) -> Iterator[None]:
    """The development OpenID provider is up, and offered, where no other is registered."""
    if not openid.is_wanted(stack["endpoint_url"]):
        yield
        return
    with openid.serving(ports.choose(home, "openid")) as url:
        openid.offer(stack["endpoint_url"], url, f"{stack['site_url']}signed-in")
        stack["openid_url"] = url
        yield


def fill(stack: Stack) -> None:
    """Load the demo shop; a shop that lacks some of it is still worth working on."""
    with step("demo shop"):
        try:
            demo.load(stack)
        except Trouble as trouble:
            say(f"the demo shop is incomplete: {trouble}")


def facts(endpoint: str, site: str) -> Stack:
    return Stack(
        api_url=deployment.api_url(endpoint),
        site_url=f"{site}/",
        outbox_url=f"{site}/outbox",
        openid_url=None,
        endpoint_url=endpoint,
        stack_name=deployment.NAME,
        customer=Person(login="", password=""),
        agent=Staff(login="", password="", totp_secret=""),
        manager=Staff(login="", password="", totp_secret=""),
        pid=os.getpid(),
    )


@contextmanager
def written(stack: Stack, home: Home) -> Iterator[None]:
    """`stack.json` exists exactly while the stack can be used."""
    home.stack.write_text(json.dumps(stack, indent=2, ensure_ascii=False))
    try:
        yield
    finally:
        home.stack.unlink(missing_ok=True)


def current() -> Stack:
    """The running stack of this clone; raises Trouble when there is none."""
    if not is_running():
        raise Trouble(NOT_RUNNING)
    return cast(Stack, json.loads(CLONE.stack.read_text()))


def is_running(home: Home = CLONE) -> bool:
    """Whether a stack of this clone runs and can be used; a kill leaves the file behind."""
    if not home.stack.exists():
        return False
    with home.lock.open("w") as lock:
        return not taken(lock)
