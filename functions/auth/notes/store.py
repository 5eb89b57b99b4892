"""Notes in DynamoDB.

pk             sk          what
CUSTOMER#<id>  NOTE#<id>   one note
CUSTOMER#<id>  NOTEBOOK    how many there are
"""

from datetime import datetime
from http import HTTPStatus

from pydantic import BaseModel

from auth.notes.note import MOST_NOTES, Note, NotebookFull
from common import idempotency, table
from common.conditions import Attr
from common.errors import NotFound


def add(call: idempotency.Attempt, answer: BaseModel, customer_id: str, note: Note) -> None:
    """Write *note* and remember the *answer*. NotebookFull beyond MOST_NOTES.

    Raise idempotency.Repeated when the call was made before.
    """
    room = Attr("notes").not_exists() | Attr("notes").lt(MOST_NOTES)
    count = table.update(_pk(customer_id), "NOTEBOOK", add={"notes": 1}, condition=room)
    row = {
        "pk": _pk(customer_id),
        "sk": f"NOTE#{note.id}",
        "text": note.text,
        "created_at": note.created_at.isoformat(),
        "updated_at": note.updated_at.isoformat(),
        "version": note.version,
    }
    try:
        idempotency.commit(call, HTTPStatus.CREATED, answer, count, table.put(row))
    except table.ConditionFailed as refused:
        raise NotebookFull(most_notes=MOST_NOTES) from refused


def find(customer_id: str, note_id: str) -> Note:
    """NotFound where the customer has no such note."""
    row = table.get(_pk(customer_id), f"NOTE#{note_id}")
    if row is None:
        raise NotFound
    return _note(row)


def page(
    customer_id: str, limit: int, start: table.Item | None
) -> tuple[list[Note], table.Item | None]:
    """The customer's notes, newest first."""
    notes = table.sort_key().begins_with("NOTE#")
    found = table.query(_pk(customer_id), notes, limit=limit, start=start, newest_first=True)
    return [_note(row) for row in found.items], found.last


def rewrite(customer_id: str, before: Note, text: str, at: datetime) -> Note:
    """Put *text* in place. ConditionFailed unless the note is still as it was *before*."""
    change = table.update(
        _pk(customer_id),
        f"NOTE#{before.id}",
        assign={"text": text, "updated_at": at.isoformat()},
        add={"version": 1},
        condition=Attr("version").eq(before.version),
    )
    return _note(table.apply(change))


def remove(customer_id: str, note: Note) -> None:
    """Forget the note. ConditionFailed unless it is still as it was read."""
    unchanged = Attr("version").eq(note.version)
    table.commit(
        table.delete(_pk(customer_id), f"NOTE#{note.id}", unchanged),
        table.update(_pk(customer_id), "NOTEBOOK", add={"notes": -1}),
    )


def _note(row: table.Item) -> Note:
    return Note(
        id=row["sk"].removeprefix("NOTE#"),
        text=row["text"],
        created_at=datetime.fromisoformat(row["created_at"]),
        updated_at=datetime.fromisoformat(row["updated_at"]),
        version=row["version"],
    )


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"
