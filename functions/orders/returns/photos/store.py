"""Photos of complaints in DynamoDB.

pk             sk                 what
CUSTOMER#<id>  PHOTO#<photo id>   `awaited`, `made` while its file may be there, or `shown`
CUSTOMER#<id>  RETURN#<id>        `photos` names those that are shown

A row stands before its file does and goes after it, so no file is without one: whoever erases the
customer finds them all. One that is only awaited has no file, and goes by itself.
"""

from datetime import datetime, timedelta
from http import HTTPStatus

from pydantic import BaseModel

from common import idempotency, table
from common.conditions import Attr
from common.errors import NotFound
from common.pictures import ContentType
from common.uploads import Upload
from orders.returns import rows
from orders.returns.parts import Photo
from orders.returns.returns import Return

PHOTO = "PHOTO#"
KEPT = timedelta(days=1)


def begin(one: Return, upload: Upload) -> None:
    """Await *upload* as a photo of the return."""
    row = {
        "pk": _pk(one),
        "sk": f"{PHOTO}{upload.id}",
        "return_id": one.id,
        "state": "awaited",
        "content_type": upload.content_type.value,
        "begun_at": upload.begun_at.isoformat(),
        "expires_at": int((upload.begun_at + KEPT).timestamp()),
    }
    table.apply(table.put(row, None))  # its id is new: what was sent twice meets itself only


def awaited(one: Return, upload_id: str, at: datetime) -> Upload:
    """The upload of that id, for this return. NotFound unless it may be confirmed now."""
    row = table.get(_pk(one), f"{PHOTO}{upload_id}")
    if row is None or row["return_id"] != one.id or row["state"] == "shown":
        raise NotFound
    begun_at = datetime.fromisoformat(row["begun_at"])
    found = Upload(upload_id, ContentType(row["content_type"]), begun_at)
    if not found.may_be_confirmed(at):
        raise NotFound
    return found


def make(one: Return, upload: Upload) -> None:
    """Note that the file may be there from now on; again is no harm. ConditionFailed when the
    row is gone, or the photo shown already."""
    made = table.update(
        _pk(one),
        f"{PHOTO}{upload.id}",
        assign={"state": "made"},
        remove=["expires_at"],
        condition=Attr("state").eq("awaited") | Attr("state").eq("made"),
    )
    table.apply(made)


def show(
    call: idempotency.Attempt, answer: BaseModel, before: Return, after: Return, photo: Photo
) -> None:
    """Show *photo* with the return, once. Repeated for a repeated call; ConditionFailed unless
    everything is as it was read."""
    shown = table.update(
        _pk(after),
        f"{PHOTO}{photo.id}",
        assign={"state": "shown", "sku": photo.sku},
        condition=Attr("state").eq("made"),
    )
    row = table.put(rows.row(after), Attr("version").eq(before.version))
    idempotency.commit(call, HTTPStatus.CREATED, answer, row, shown)


def name(row: table.Item) -> str:
    """The photo that *row* is about."""
    return str(row["sk"]).removeprefix(PHOTO)


def _pk(one: Return) -> str:
    return f"CUSTOMER#{one.customer_id}"
