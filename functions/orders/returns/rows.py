"""A return's row as the domain's value, and back."""

from dataclasses import asdict
from datetime import datetime

from common.expressions import Item as Row
from common.language import Text
from orders.returns.parts import Exchange, Item, Photo, Promise
from orders.returns.reasons import Reason, Rejection
from orders.returns.returns import Return, State, Step


def key(customer_id: str, return_id: str) -> tuple[str, str]:
    return f"CUSTOMER#{customer_id}", f"RETURN#{return_id}"


def queue(state: State) -> str:
    return f"RETURNS#{state}"


def numbered(number: str) -> str:
    return f"RETURN#{number}"


def parse(row: Row) -> Return:
    return Return(
        id=row["id"],
        customer_id=row["customer_id"],
        order_id=row["order_id"],
        order_number=row["order_number"],
        currency=row["currency"],
        version=row["version"],
        items=tuple(map(_item, row["items"])),
        promise=Promise(**row["promise"]),
        comment=row["comment"],
        history=tuple(
            Step(State(step["state"]), datetime.fromisoformat(step["at"]))
            for step in row["history"]
        ),
        rejection=Rejection(row["rejection"]) if row["rejection"] else None,
        note=row["note"],
        replacement_id=row.get("replacement_id"),
        photos=tuple(Photo(**photo) for photo in row.get("photos", ())),
    )


def row(one: Return) -> Row:
    pk, sk = key(one.customer_id, one.id)
    steps = [{"state": s.state.value, "at": s.at.isoformat()} for s in one.history]
    return asdict(one) | {
        "pk": pk,
        "sk": sk,
        "v": 1,
        "gsi1pk": queue(one.state),
        "gsi1sk": one.id,
        "gsi2pk": numbered(one.number),
        "gsi2sk": one.id,
        "items": [_item_row(item) for item in one.items],
        "history": steps,
        "photos": [asdict(photo) for photo in one.photos],
        "rejection": one.rejection.value if one.rejection else None,
    }


def _item(row: Row) -> Item:
    known = {name: row[name] for name in Item.__slots__ if name in row}
    name = Text(row["name_ru"], row["name_en"])
    words = {"name": name, "reason": Reason(row["reason"])}
    return Item(**known | words | {"exchange": _exchange(row.get("exchange"))})


def _exchange(row: Row | None) -> Exchange | None:
    return Exchange(**row | {"name": Text(**row["name"])}) if row else None


def _item_row(item: Item) -> Row:
    words = {"name_ru": item.name.ru, "name_en": item.name.en, "reason": item.reason.value}
    kept = {name: value for name, value in asdict(item).items() if name != "name"}
    return kept | words
