"""Pictures in DynamoDB.

pk             sk                 what
CUSTOMER#<id>  UPLOAD             the upload that is awaited
CUSTOMER#<id>  PICTURE#<picture>  files of a picture, `made`, `shown`, or `over` when they may go
CUSTOMER#<id>  PROFILE            `picture` names the one that is shown

A row stands before its files do and goes after them, so no file is without one: whoever erases the
customer finds them all, and a try that died leaves none behind.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from http import HTTPStatus

from pydantic import BaseModel

from auth.profile import store as profiles
from auth.profile.profile import Profile
from auth.rows import seconds
from common import idempotency, outbox, table
from common.conditions import Attr, Condition
from common.errors import NotFound
from common.events import Event
from common.pictures import ContentType
from common.uploads import Upload

UPLOAD, PICTURE = "UPLOAD", "PICTURE#"
# Longer than any function lives: what was made before it and is not shown never will be.
ABANDONED_AFTER = timedelta(hours=1)
KEPT = timedelta(days=1)


def begin(customer_id: str, upload: Upload) -> None:
    """Await *upload*, in place of an earlier one. NotFound for somebody who is no customer."""
    row = {
        "pk": _pk(customer_id),
        "sk": UPLOAD,
        "id": upload.id,
        "content_type": upload.content_type.value,
        "begun_at": upload.begun_at.isoformat(),
        "expires_at": seconds(upload.begun_at + KEPT),
    }
    _with_customer(customer_id, table.put(row, condition=None))


def awaited(customer_id: str, upload_id: str, at: datetime) -> Upload:
    """The upload of that id. NotFound unless the customer may confirm it now."""
    row = table.get(_pk(customer_id), UPLOAD)
    if row is None or row["id"] != upload_id:
        raise NotFound
    begun_at = datetime.fromisoformat(row["begun_at"])
    found = Upload(row["id"], ContentType(row["content_type"]), begun_at)
    if not found.may_be_confirmed(at):
        raise NotFound
    return found


def make(customer_id: str, picture: str, at: datetime) -> None:
    """Note that files of *picture* will be there; again is no harm."""
    row = {"pk": _pk(customer_id), "sk": f"{PICTURE}{picture}", "state": "made"}
    with suppress(table.ConditionFailed):
        table.apply(table.put(row | {"made_at": at.isoformat()}))


def show(
    call: idempotency.Attempt,
    answer: BaseModel,
    before: Profile,
    after: Profile,
    used: Sequence[table.Write],
    *events: Event,
) -> None:
    """Show the picture of *after* from now on; *used* is what it was made of.

    Repeated for a repeated call, NotFound where that was used already; ConditionFailed unless the
    profile is still as it was read.
    """
    shown = _moved(after, "shown", Attr("state").eq("made"))
    writes = [*used, shown, *_change(before, after, events)]
    try:
        idempotency.commit(call, HTTPStatus.OK, answer, *writes)
    except table.ConditionFailed as refused:
        if refused.found.keys() & range(len(used)):
            raise NotFound from refused
        raise


def hide(before: Profile, after: Profile, *events: Event) -> None:
    """Show no picture. ConditionFailed unless the profile is as it was read."""
    table.commit(*_change(before, after, events))


def use(customer_id: str, upload: Upload) -> table.Write:
    """The write that uses *upload* up."""
    return table.delete(_pk(customer_id), UPLOAD, Attr("id").eq(upload.id))


def over(customer_id: str, at: datetime) -> list[str]:
    """The pictures whose files may go."""
    rows = table.query_all(_pk(customer_id), table.sort_key().begins_with(PICTURE))
    since = (at - ABANDONED_AFTER).isoformat()
    gone = [r for r in rows if r["state"] == "over" or _is_abandoned(r, since)]
    return [name(row) for row in gone]


def forget(customer_id: str, picture: str) -> None:
    table.apply(table.delete(_pk(customer_id), f"{PICTURE}{picture}", condition=None))


def name(row: table.Item) -> str:
    """The picture that *row* is about."""
    return str(row["sk"]).removeprefix(PICTURE)


def _is_abandoned(row: table.Item, since: str) -> bool:
    return bool(row["state"] == "made" and row["made_at"] < since)


def _change(before: Profile, after: Profile, events: Sequence[Event]) -> list[table.Write]:
    former = [_moved(before, "over", table.PRESENT)] if before.picture else []
    return [profiles.change(before, after), *former, *map(outbox.row, events)]


def _moved(profile: Profile, state: str, condition: Condition) -> table.Write:
    sk = f"{PICTURE}{profile.picture}"
    return table.update(_pk(profile.id), sk, assign={"state": state}, condition=condition)


def _with_customer(customer_id: str, write: table.Write) -> None:
    try:
        table.commit(write, table.check(_pk(customer_id), "PROFILE", table.PRESENT))
    except table.ConditionFailed as gone:
        raise NotFound from gone


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"
