"""`make reindex`: the search index of the catalogue, built anew from the catalogue."""

import argparse

from local import calling
from local.console import plain, say


def main() -> None:
    asked = argparse.ArgumentParser(prog="make reindex")
    asked.add_argument("--stack", default="")
    made = calling.call(asked.parse_args().stack, "OrdersSearchAdmin", {})
    say(f"The index holds {made['products']} products.")


if __name__ == "__main__":
    with plain():
        main()
