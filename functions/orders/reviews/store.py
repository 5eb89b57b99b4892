"""Reviews in DynamoDB.

pk             sk            what                      gsi1pk / gsi1sk      gsi2pk / gsi2sk
CUSTOMER#<id>  REVIEW#<sku>  a customer's review of a  REVIEWS / <at>#<id>  REVIEWS#<sku> / <id>
                             product, the only one     while it waits       while it is published
REVIEW#<id>    REVIEW        whose review of what it is
RATING#<sku>   RATING        how many published reviews give `stars_1` to `stars_5`

The counts move in the transaction of the review that moves them, which its version guards: so
they are what a count of the published reviews would give, whatever comes twice.
"""

from collections.abc import Sequence
from datetime import datetime

from common import outbox, table
from common.conditions import Attr, as_read
from common.errors import NotFound
from common.events import Event
from common.expressions import Path
from common.language import Text
from orders.purchases import store as purchases
from orders.purchases.purchase import Purchase
from orders.reviews.rating import Rating
from orders.reviews.review import STARS, Answer, Reason, Review, State, moved

WAITING = "REVIEWS"


def key(customer_id: str, sku: str) -> tuple[str, str, str]:
    """Where a review lies, for a read together with other items."""
    return table.OWN, *_key(customer_id, sku)


def find(customer_id: str, sku: str) -> Review:
    """NotFound unless the customer has reviewed the product."""
    return _existing(table.get(*_key(customer_id, sku)))


def find_with_purchase(customer_id: str, sku: str) -> tuple[Review | None, Purchase | None]:
    """The customer's review of a product, and that they bought it; one round trip."""
    review, bought = table.get_many(key(customer_id, sku), purchases.key(customer_id, sku))
    return parse(review) if review else None, purchases.parse(bought) if bought else None


def find_any(review_id: str) -> Review:
    """Anybody's review, for staff. NotFound."""
    place = table.get(f"REVIEW#{review_id}", "REVIEW")
    if place is None:
        raise NotFound
    return find(place["customer_id"], place["sku"])


def of_customer(customer_id: str, limit: int, start: table.Item | None) -> table.Page:
    """The customer's reviews, by SKU."""
    under = table.sort_key().begins_with("REVIEW#")
    return table.query(_pk(customer_id), under, limit=limit, start=start)


def waiting(limit: int, start: table.Item | None) -> table.Page:
    """The reviews that nobody has read yet, those that wait longest first."""
    return table.query(WAITING, index="gsi1", limit=limit, start=start)


def published(sku: str, limit: int, start: table.Item | None) -> table.Page:
    """A product's published reviews, newest first."""
    listed = f"{WAITING}#{sku}"
    return table.query(listed, index="gsi2", limit=limit, start=start, newest_first=True)


def rating(sku: str) -> Rating:
    row = table.get(f"RATING#{sku}", "RATING") or {}
    return Rating({stars: row.get(f"stars_{stars}", 0) for stars in STARS})


def save(before: Review | None, after: Review, events: Sequence[Event] = ()) -> None:
    """Write *after*, with what it does to the product's rating, and its events.

    ConditionFailed unless the review is still as it was *before*, None where there was none.
    """
    place = [] if before else [_place(after)]
    written = table.put(_item(after), as_read(before.version if before else 0))
    table.commit(written, *place, *rated(before, after), *map(outbox.row, events))


def removed(review: Review) -> list[table.Write]:
    """The writes that delete a review; refused at the first unless it is as it was read."""
    as_read = Attr("version").eq(review.version)
    return [
        table.delete(*_key(review.customer_id, review.sku), as_read),
        table.delete(f"REVIEW#{review.id}", "REVIEW", condition=None),
        *rated(review, None),
    ]


def rated(before: Review | None, after: Review | None) -> list[table.Write]:
    """The write that moves the product's counts, if they move."""
    add: dict[Path, int] = {f"stars_{stars}": by for stars, by in moved(before, after).items()}
    review = after or before
    if review is None or not add:
        return []
    return [table.update(f"RATING#{review.sku}", "RATING", add=add, condition=None)]


def parse(row: table.Item) -> Review:
    given = row["answer"]
    return Review(
        id=row["id"],
        customer_id=row["customer_id"],
        sku=row["sku"],
        name=Text(row["name_ru"], row["name_en"]),
        rating=row["rating"],
        text=row["text"],
        author=row["author"],
        written_at=datetime.fromisoformat(row["written_at"]),
        state=State(row["state"]),
        reason=Reason(row["reason"]) if row["reason"] else None,
        answer=Answer(given["text"], datetime.fromisoformat(given["at"])) if given else None,
        version=row["version"],
    )


def _item(review: Review) -> table.Item:
    pk, sk = _key(review.customer_id, review.sku)
    given = review.answer
    return {
        "pk": pk,
        "sk": sk,
        "v": 1,
        "id": review.id,
        "customer_id": review.customer_id,
        "sku": review.sku,
        "name_ru": review.name.ru,
        "name_en": review.name.en,
        "rating": review.rating,
        "text": review.text,
        "author": review.author,
        "written_at": review.written_at.isoformat(),
        "state": review.state.value,
        "reason": review.reason.value if review.reason else None,
        "answer": {"text": given.text, "at": given.at.isoformat()} if given else None,
        "version": review.version,
        **_listed(review),
    }


def _listed(review: Review) -> table.Item:
    if review.state is State.WAITING:
        return {"gsi1pk": WAITING, "gsi1sk": f"{review.written_at.isoformat()}#{review.id}"}
    if review.is_published:
        return {"gsi2pk": f"{WAITING}#{review.sku}", "gsi2sk": review.id}
    return {}


def _place(review: Review) -> table.Write:
    where = {"customer_id": review.customer_id, "sku": review.sku}
    return table.put({"pk": f"REVIEW#{review.id}", "sk": "REVIEW", **where})


def _existing(row: table.Item | None) -> Review:
    if row is None:
        raise NotFound
    return parse(row)


def _key(customer_id: str, sku: str) -> tuple[str, str]:
    return _pk(customer_id), f"REVIEW#{sku}"


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"
