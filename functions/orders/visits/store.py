"""Visits in DynamoDB: one row, whose version guards every change.

pk             sk      what
CUSTOMER#<id>  VISITS  whether they are kept, and the last views and searches

A guest's lies under the guest's id, until the guest's token ends.
"""

from datetime import datetime
from http import HTTPStatus

from pydantic import BaseModel

from common import erasure, guests, idempotency, table
from common.access import Caller
from common.conditions import Attr, as_read
from orders.catalogue import store as catalogue
from orders.catalogue.product import Product
from orders.visits.visits import Search, View, Visits

SK = "VISITS"


def key(customer_id: str) -> tuple[str, str, str]:
    """Where visits lie, for a read together with other items."""
    return table.OWN, _pk(customer_id), SK


def find(customer_id: str) -> Visits:
    return parse(table.get(_pk(customer_id), SK))


def find_with(customer_id: str, sku: str) -> tuple[Visits, Product | None]:
    """The visits and a product that is sold, in one round trip."""
    row, product = table.get_many(key(customer_id), catalogue.key(sku))
    return parse(row), catalogue.sold(product)


def find_both(customer_id: str, guest_id: str) -> tuple[Visits, Visits]:
    """A customer's visits and a guest's, in one round trip."""
    own, guest = table.get_many(key(customer_id), key(guest_id))
    return parse(own), parse(guest)


def save(caller: Caller, before: Visits, after: Visits) -> None:
    """Write *after*, if anything changed. ConditionFailed unless they are still as *before*."""
    if after is not before:
        table.apply(_written(caller.id, before, after, is_guests=caller.is_guest))


def save_heard(customer_id: str, before: Visits, after: Visits) -> None:
    """As `save`, for a customer of whom an event told; of one who is erased nothing is kept."""
    if after is before:
        return
    try:
        table.commit(erasure.alive(customer_id), _written(customer_id, before, after))
    except table.ConditionFailed as refused:
        if 0 not in refused.found:
            raise


def join(
    call: idempotency.Attempt,
    answer: BaseModel,
    customer_id: str,
    guest_id: str,
    moved: tuple[Visits, Visits, Visits],
) -> None:
    """Write what *moved*: the customer's visits before and after, and the guest's, which go. The
    *answer* is written with it.

    Repeated for a repeated call; ConditionFailed unless both are still as they were read.
    """
    before, after, guest = moved
    as_read = Attr("version").eq(guest.version)
    gone = table.delete(_pk(guest_id), SK, as_read)
    written = _written(customer_id, before, after)
    idempotency.commit(call, HTTPStatus.OK, answer, written, gone)


def parse(row: table.Item | None) -> Visits:
    if row is None:
        return Visits()
    return Visits(
        allowed=row["allowed"],
        paused=row["paused"],
        told=row["told"],
        views=tuple(View(x["sku"], datetime.fromisoformat(x["at"])) for x in row["views"]),
        searches=tuple(map(_search, row["searches"])),
        version=row["version"],
    )


def _written(
    customer_id: str, before: Visits, after: Visits, *, is_guests: bool = False
) -> table.Write:
    ends = {"expires_at": int(guests.ends_at(customer_id).timestamp())} if is_guests else {}
    return table.put(
        {"pk": _pk(customer_id), "sk": SK, **_item(after), **ends}, as_read(before.version)
    )


def _item(visits: Visits) -> table.Item:
    return {
        "v": 1,
        "allowed": visits.allowed,
        "paused": visits.paused,
        "told": visits.told,
        "views": [{"sku": view.sku, "at": view.at.isoformat()} for view in visits.views],
        "searches": [
            {"words": s.words, "found": list(s.found), "at": s.at.isoformat()}
            for s in visits.searches
        ],
        "version": visits.version,
    }


def _search(item: table.Item) -> Search:
    at = datetime.fromisoformat(item["at"])
    return Search(item["words"], tuple(item["found"]), at)


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"
