"""Documents in DynamoDB.

pk                    sk        what                      gsi1pk                  gsi2pk
DOCUMENT#<id>         DOCUMENT  a document                DOCUMENTS#<customer>    DOCUMENTS#<order>
SERIES#<tax>#<year>   LAST      the last number given out

Both indexes sort by the document's id, which sorts by its day. An id follows from what the document
is about, so its row is where a second try finds the first one's number: row and number are one
transaction, and a series has no gap, whoever dies when.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime
from functools import partial

from common import erasure, ids, outbox, table
from common.conditions import Attr
from common.events.orders import DocumentIssued
from orders.documents.document import Content, Document, Kind, Row, Seller
from orders.documents.numbering import Number, Series, following

# Where an item stands in `newest`.
PLACE = ("pk", "sk", "gsi1pk", "gsi1sk")


def key(document_id: str) -> tuple[str, str, str]:
    """Where a document lies, for a read together with other items."""
    return table.OWN, *_key(document_id)


def find(document_id: str) -> Document | None:
    item = table.get(*_key(document_id))
    return parse(item) if item else None


def of_order(order_id: str) -> list[Document]:
    """The documents of an order, oldest first: few enough for one page."""
    return [parse(item) for item in table.query(f"DOCUMENTS#{order_id}", index="gsi2").items]


def newest(
    customer_id: str, since: datetime, until: datetime, start: table.Item | None, limit: int
) -> table.Page:
    """A customer's documents from *since* to before *until*, newest first."""
    between = table.sort_key("gsi1").between(ids.first_at(since), ids.first_at(until))
    pk = f"DOCUMENTS#{customer_id}"
    return table.query(pk, between, index="gsi1", limit=limit, start=start, newest_first=True)


def every(customer_id: str) -> Iterator[Document]:
    """All documents of a customer, newest first."""
    rows = table.query_all(f"DOCUMENTS#{customer_id}", index="gsi1", newest_first=True)
    return map(parse, rows)


def numbered(document_id: str, content: Content) -> Document | None:
    """The document with its number: the next one, or that which an earlier try gave it. None for a
    statement of a customer who is erased. Busy when others keep taking the next number."""
    with suppress(CustomerGone):
        return table.retried(partial(_numbered, document_id, content))
    return None


class CustomerGone(Exception):
    """The customer is erased."""


def _numbered(document_id: str, content: Content) -> Document:
    series = content.series
    counter = table.get(*_series_key(series))
    number = following(series, counter["last"] if counter else 0)
    document = Document(document_id, number, content)
    alive = [] if content.order_id else [erasure.alive(content.customer_id)]
    try:
        table.commit(_count(number), table.put(_item(document)), *alive)
    except table.ConditionFailed as refused:
        if standing := refused.found.get(1):
            return parse(standing)
        if 2 in refused.found:
            raise CustomerGone from refused
        raise
    return document


def file(document: Document, issued: DocumentIssued) -> None:
    """Note, once, that the document's files are there, and tell."""
    unfiled = Attr("filed").eq(False)
    noted = table.update(*_key(document.id), assign={"filed": True}, condition=unfiled)
    with suppress(table.ConditionFailed):
        table.commit(noted, outbox.row(issued))


def move(document: Document, customer_id: str) -> None:
    """A guest's document, among those of the customer whom the guest turned out to be."""
    pk, sk = _key(document.id)
    listed = f"DOCUMENTS#{customer_id}"
    moved = table.update(pk, sk, assign={"customer_id": customer_id, "gsi1pk": listed})
    table.apply(moved)


def parse(item: table.Item) -> Document:
    seller = Seller(**item["seller"])
    day = date.fromisoformat(item["day"])
    content = Content(
        kind=Kind(item["kind"]),
        seller=seller,
        day=day,
        customer_id=item["customer_id"],
        order_id=item["order_id"],
        about=item["about"],
        currency=item["currency"],
        tax_percent=item["tax_percent"],
        rows=tuple(map(_row, item["rows"])),
        remarks=tuple(item["remarks"]),
    )
    return Document(item["id"], Number(content.series, item["ordinal"]), content, item["filed"])


def _count(number: Number) -> table.Write:
    """The series goes on by one; refused when another has taken the number."""
    pk, sk = _series_key(number.series)
    row = {"pk": pk, "sk": sk, "v": 1, "last": number.ordinal}
    return table.put(
        row, Attr("last").eq(number.ordinal - 1) if number.ordinal > 1 else table.ABSENT
    )


def _item(document: Document) -> table.Item:
    pk, sk = _key(document.id)
    content = document.content
    by_order = {"gsi2pk": f"DOCUMENTS#{content.order_id}", "gsi2sk": document.id}
    return {
        "pk": pk,
        "sk": sk,
        "v": 1,
        "gsi1pk": f"DOCUMENTS#{content.customer_id}",
        "gsi1sk": document.id,
        **(by_order if content.order_id else {}),
        **asdict(content),
        "kind": content.kind.value,
        "day": content.day.isoformat(),
        "rows": [_row_item(row) for row in content.rows],
        "remarks": list(content.remarks),
        "id": document.id,
        "ordinal": document.number.ordinal,
        "filed": document.filed,
    }


def _row_item(row: Row) -> table.Item:
    return asdict(row) | {"day": row.day.isoformat() if row.day else None}


def _row(item: table.Item) -> Row:
    return Row(**item | {"day": date.fromisoformat(item["day"]) if item["day"] else None})


def _key(document_id: str) -> tuple[str, str]:
    return f"DOCUMENT#{document_id}", "DOCUMENT"


def _series_key(series: Series) -> tuple[str, str]:
    return f"SERIES#{series.tax_number}#{series.year}", "LAST"
