"""`make reset`: forget everything the local shop holds."""

import shutil

from local import stack
from local.console import plain, say
from local.places import CLONE


def main() -> None:
    with stack.occupied(CLONE):
        shutil.rmtree(CLONE.state, ignore_errors=True)
    say("the local shop is empty; `make run` fills it again")


if __name__ == "__main__":
    with plain():
        main()
