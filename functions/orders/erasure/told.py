"""What an export tells of a customer's orders, money and lists. Pure."""

from common.expressions import Item
from common.shown import only, with_id
from orders.order.number import number

ADDRESS = only("id", "recipient", "phone", "place", "comment")
WATCH = only("kind", "sku", "price_minor", "since")
TOP_UP = only("id", "method", "amount_minor", "currency", "at", "status")
REVIEW = only("sku", "rating", "text", "author", "written_at", "state", "reason", "answer")
BOOKING = only(
    "id", "name_ru", "name_en", "place", "time_zone", "start", "end", "state", "order_id", "made_at"
)
RETURN = only(
    "id", "order_number", "items", "promise", "currency", "comment", "history", "rejection", "note"
)
PHOTO = with_id("return_id", "sku", "state", "begun_at")
REPEAT = only("id", "items", "every_weeks", "next_on", "address_id", "payment", "paused")
TRANSACTION = only("id", "kind", "by", "amount_minor", "currency", "at", "order_id")

_PURCHASE = only("name_ru", "name_en", "times", "first", "last")
_ORDER = only(
    "id",
    "state",
    "history",
    "lines",
    "totals",
    "currency",
    "points",
    "delivery",
    "parcels",
    "gift",
    "contact",
    "tax_percent",
    "coupon",
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


def purchase(row: Item) -> Item:
    return {"sku": row["sk"].partition("#")[2], **_PURCHASE(row)}


def coupon(row: Item) -> Item:
    return {"code": row["sk"].partition("#")[2], "used": row["used"]}


def order(row: Item) -> Item:
    return {"number": number(row["id"]), **_ORDER(row), "payment": _BILL(row["bill"])}
