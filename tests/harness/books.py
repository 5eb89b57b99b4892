"""What must balance after whatever happened: the ledger, the shelf, and that nothing is stuck."""

from collections import Counter, defaultdict
from typing import Any

OPEN = ("awaiting_payment", "paid", "placed", "assembling")
WAITING = ("requested", "approved")
GONE = ("shipped", "ready_for_pickup", "delivered", "completed", "uncollected")


def check_stock(rows: list[dict[str, Any]], opening: dict[str, int]) -> None:
    """What was there is on the shelf, in open orders, or with customers."""
    products = {row["sku"]: row for row in rows if row["sk"] == "PRODUCT" and "available" in row}
    orders = [row for row in rows if row["sk"].startswith("ORDER#")]
    held, gone, back = pieces(orders, OPEN), pieces(orders, GONE), restocked(rows)
    held += kept_for_exchange(rows)
    for sku, row in products.items():
        assert row["available"] >= 0, sku
        assert row["reserved"] == held[sku], sku
        if sku in opening:
            there = row["available"] + row["reserved"] + gone[sku] - back[sku]
            assert there == opening[sku], sku


def pieces(orders: list[dict[str, Any]], states: tuple[str, ...]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for order in orders:
        if order["state"] in states:
            counted.update({x["sku"]: x["quantity"] for x in order["lines"] if x["shipped"]})
    return counted


def kept_for_exchange(rows: list[dict[str, Any]]) -> Counter[str]:
    """What is kept for whoever gives something else back for it."""
    counted: Counter[str] = Counter()
    for row in rows:
        if row["sk"].startswith("RETURN#") and row["history"][-1]["state"] in WAITING:
            instead = {x["exchange"]["sku"]: x["quantity"] for x in row["items"] if x["exchange"]}
            counted.update(instead)
    return counted


def restocked(rows: list[dict[str, Any]]) -> Counter[str]:
    """What came back from customers to be sold again."""
    returns = [row for row in rows if row["sk"].startswith("RETURN#")]
    counted: Counter[str] = Counter()
    for item in (item for row in returns for item in row["items"]):
        counted[item["sku"]] += item["restocked"]
    return counted


def check_ledger(rows: list[dict[str, Any]]) -> None:
    """Every posting sums to zero; every balance is the sum of its legs, none below zero."""
    postings = [row for row in rows if row["sk"].startswith("POSTING#")]
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for posting in postings:
        assert sum(sum(leg["lots"].values()) for leg in posting["legs"]) == 0
        for leg in posting["legs"]:
            sums[leg["account"]].update(leg["lots"])
    for row in rows:
        if row["sk"] == "~LOTS":
            lots = {k.removeprefix("lot:"): v for k, v in row.items() if k.startswith("lot:")}
            assert all(amount >= 0 for amount in lots.values())
            assert lots == dict(sums[row["pk"].removeprefix("ACCOUNT#")])
