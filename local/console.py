"""What a person at the terminal sees: short lines, a duration each, never a traceback."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError


class Trouble(Exception):
    """Something a person can put right; the message says what, in one line."""


def say(line: str) -> None:
    print(line, flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say *name* and, when the body is done, how long it took."""
    started = time.monotonic()
    yield
    say(f"{name}: {time.monotonic() - started:.1f} s")


@contextmanager
def plain() -> Iterator[None]:
    """Answer trouble with its one line and a failing exit."""
    try:
        yield
    except Trouble as trouble:
        sys.exit(str(trouble))
    except (BotoCoreError, ClientError) as refused:
        sys.exit(f"AWS, or what stands in for it, refused: {refused}")
    except KeyboardInterrupt:
        sys.exit(130)
