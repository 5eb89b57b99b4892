"""What the shop's operator does now and then: `python -m local.cli import products FILE`."""

import argparse
from pathlib import Path

from local import importing, manager, products
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
    customers.set_defaults(act=_customers)
    goods = things.add_parser("products", help="what they sell, from CSV, JSON lines or a feed")
    goods.add_argument("file", type=Path)
    goods.add_argument("--format", default="", choices=products.FORMATS, help="else guessed")
    goods.add_argument("--dry-run", action="store_true", help="only say what would be")
    goods.add_argument("--url", default="", help="of the shop; the local stack if left out")
    goods.add_argument("--login", default="", help="of a manager, with --url")
    goods.set_defaults(act=_products)
    wish = asked.parse_args()
    wish.act(wish)


def _customers(wish: argparse.Namespace) -> None:
    importing.bring(wish.file, wish.stack, dry_run=wish.dry_run)


def _products(wish: argparse.Namespace) -> None:
    file = products.found(wish.file)
    api = manager.signed_in(wish.url, wish.login)
    products.bring(file, wish.format, api, dry_run=wish.dry_run)


if __name__ == "__main__":
    with plain():
        main()
