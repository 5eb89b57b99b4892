"""`make owner EMAIL=…`: the shop's first owner, made by whoever may call the function by IAM.

On the local stack, or on AWS with the caller's credentials when a stack is named.
"""

import argparse
from typing import Any

from local import calling
from local.console import Trouble, plain, say

FUNCTION = "AuthAdmin"


def create(stack_name: str, email: str) -> dict[str, Any]:
    """The new owner's id, password and second factor; Trouble when they cannot be made."""
    wish = {"action": "create_staff", "email": email, "role": "owner"}
    made = calling.call(stack_name, FUNCTION, wish)
    if "error" in made:
        raise Trouble(str(made["error"]))
    return made


def main() -> None:
    asked = argparse.ArgumentParser(prog="make owner")
    asked.add_argument("email")
    asked.add_argument("--stack", default="")
    wish = asked.parse_args()
    if "@" not in wish.email:
        raise Trouble("Say whose: make owner EMAIL=you@example.com [STACK=… on AWS]")
    made = create(wish.stack, wish.email)
    say(f"login           {made['login']}")
    say(f"password        {made['password']}")
    say(f"second factor   {made['provisioning_uri']}")
    say("Keep these now: they are not shown again.")


if __name__ == "__main__":
    with plain():
        main()
