"""What an export tells of a customer's orders, money and lists. Pure."""

from common.expressions import Item
from common.shown import only
from orders.order.order import number

ADDRESS = only("id", "recipient", "phone", "place", "comment")
WATCH = only("kind", "sku", "price_minor", "since")
TOP_UP = only("id", "method", "amount_minor", "currency", "at", "status")
TRANSACTION = only("id", "kind", "by", "amount_minor", "currency", "at", "order_id")

_ORDER = only(
    "id",
    "state",
    "history",
    "lines",
    "totals",
    "currency",
    "points",
    "delivery",
    "tracking_number",
    "gift",
    "contact",
    "tax_percent",
)
# Who else knows the payment, and by which name, is the shop's.
_BILL = only(
    "method",
    "status",
    "amount_minor",
    "balance_minor",
    "returned_minor",
    "balance_returned_minor",
)


def order(row: Item) -> Item:
    return {"number": number(row["id"]), **_ORDER(row), "payment": _BILL(row["bill"])}
