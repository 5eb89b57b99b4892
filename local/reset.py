"""`make reset`: forget everything the local shop holds."""

import shutil

from local import stack
from local.console import Trouble, plain, say
from local.places import CLONE


def main() -> None:
    if stack.is_running():
        raise Trouble("A local stack of this clone is running: stop it first (Ctrl-C there).")
    shutil.rmtree(CLONE.state, ignore_errors=True)
    shutil.rmtree(CLONE.scratch, ignore_errors=True)
    say("the local shop is empty; `make run` fills it again")


if __name__ == "__main__":
    with plain():
        main()
