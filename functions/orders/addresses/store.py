"""The address book in DynamoDB.

pk             sk             what
CUSTOMER#<id>  ADDRESS#<id>   an entry
CUSTOMER#<id>  ADDRESS-BOOK   how many entries there are, and which is the default

The book's row bounds the entries and names the one default, whoever adds and chooses meanwhile;
the entry that it names may be gone.
"""

from collections.abc import Sequence
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from common import idempotency, table
from common.conditions import Attr
from common.errors import VersionConflict
from common.expressions import Path
from orders.addresses.address import MOST_ADDRESSES, Address, BookFull, Place

BOOK = "ADDRESS-BOOK"


def key(customer_id: str, address_id: str) -> tuple[str, str, str]:
    """Where an entry lies, for a read together with other items."""
    return table.OWN, _pk(customer_id), _sk(address_id)


def find_all(customer_id: str) -> tuple[Sequence[Address], str | None]:
    """The customer's entries, oldest first, and the id of the default."""
    items = list(table.query_all(_pk(customer_id), table.sort_key().begins_with("ADDRESS")))
    book = next((item for item in items if item["sk"] == BOOK), None)
    entries = [parse(item) for item in items if item["sk"] != BOOK]
    return entries, book.get("default") if book else None


def find(customer_id: str, address_id: str) -> tuple[Address | None, str | None]:
    """One entry, and the id of the default."""
    item, book = table.get_many(key(customer_id, address_id), (table.OWN, _pk(customer_id), BOOK))
    return parse(item) if item else None, book.get("default") if book else None


def add(
    call: idempotency.Attempt, view: BaseModel, customer_id: str, address: Address, *, default: bool
) -> None:
    """Write a new entry and the answer. Repeated for a repeated call, BookFull."""
    changes: dict[Path, Any] = {"default": address.id} if default else {}
    counted = table.update(
        _pk(customer_id),
        BOOK,
        add={"entries": 1},
        assign=changes,
        condition=Attr("entries").not_exists() | Attr("entries").lt(MOST_ADDRESSES),
    )
    try:
        idempotency.commit(
            call, HTTPStatus.CREATED, view, table.put(_item(customer_id, address)), counted
        )
    except table.ConditionFailed as full:
        raise BookFull(most_addresses=MOST_ADDRESSES) from full


def save(customer_id: str, address: Address, *, default: bool) -> None:
    """Write the entry's next version. VersionConflict unless it is the one after what stands."""
    unchanged = Attr("version").eq(address.version - 1)
    put = table.put(_item(customer_id, address), unchanged)
    chosen = table.update(_pk(customer_id), BOOK, assign={"default": address.id})
    try:
        table.commit(put, *([chosen] if default else []))
    except table.ConditionFailed as overtaken:
        raise VersionConflict from overtaken


def remove(customer_id: str, address_id: str) -> bool:
    """Delete the entry; False when there is none."""
    gone = table.delete(_pk(customer_id), _sk(address_id))
    try:
        table.commit(gone, table.update(_pk(customer_id), BOOK, add={"entries": -1}))
    except table.ConditionFailed:
        return False
    return True


def parse(item: table.Item) -> Address:
    return Address(
        id=item["id"],
        recipient=item["recipient"],
        phone=item["phone"],
        place=Place(**item["place"]),
        comment=item["comment"],
        version=item["version"],
    )


def _item(customer_id: str, address: Address) -> table.Item:
    return {"pk": _pk(customer_id), "sk": _sk(address.id), "v": 1, **asdict(address)}


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"


def _sk(address_id: str) -> str:
    return f"ADDRESS#{address_id}"
