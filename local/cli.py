"""What the shop's operator does now and then: `python -m local.cli import customers FILE.csv`."""

import argparse
from pathlib import Path

from local import importing
from local.console import plain


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m local.cli")
    verbs = asked.add_subparsers(required=True)
    things = verbs.add_parser("import", help="bring what another shop has").add_subparsers(
        required=True
    )
    customers = things.add_parser("customers", help="their accounts, from a CSV file")
    customers.add_argument("file", type=Path)
    customers.add_argument("--dry-run", action="store_true", help="only say what would be")
    customers.add_argument("--stack", default="", help="on AWS; the local stack if left out")
    wish = asked.parse_args()
    importing.bring(wish.file, wish.stack, dry_run=wish.dry_run)


if __name__ == "__main__":
    with plain():
        main()
