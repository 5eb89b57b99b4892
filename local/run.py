"""`make run`: the local stack in the foreground until Ctrl-C."""

import signal
from types import FrameType

from local import stack
from local.console import plain, say
from local.places import CLONE
from local.stack import Stack

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Someone asked the stack to stop."""


def stop(_signal: int, _frame: FrameType | None) -> None:
    """Leave once, in good order: a second Ctrl-C must not cut the saving of state short."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def describe(running: Stack) -> None:
    say(f"API       {running['api_url']}")
    say(f"customer  {running['customer']['login']}  {running['customer']['password']}")
    for role, one in (("agent", running["agent"]), ("manager", running["manager"])):
        say(f"{role:<9} {one['login']}  {one['password']}  code secret {one['totp_secret']}")
    say(f"site      {running['site_url']} (letters and SMS, the clock, the API's docs)")
    if running["openid_url"]:
        say(f"OpenID    {running['openid_url']} (sign in by `local`: see local/README.md)")
    say("ready")


def main() -> None:
    for number in STOPPING:
        signal.signal(number, stop)
    try:
        with stack.running(CLONE) as running:
            describe(running)
            while True:
                signal.pause()
    except Stopped:
        say("stopped; the data are kept")


if __name__ == "__main__":
    with plain():
        main()
