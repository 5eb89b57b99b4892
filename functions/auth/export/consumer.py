"""How an export goes on: auth's own part, the reports of the others, and the archive."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from auth.avatar import file_store as pictures
from auth.avatar.avatar import SIZES
from auth.erasure import own_store
from auth.export import file_store, store
from auth.export.export import Export, State
from auth.profile import store as profiles
from common import clock, consumer, export, ids, outbox, table
from common.events import ExportPart, loyalty, notify, orders, support
from common.events.erasure import ExportReady, ExportRequested
from common.language import DEFAULT


def gather(cause: ExportRequested) -> None:
    """Hand over auth's own part, once."""
    found = store.find(cause.customer_id, cause.export_id)
    if found and "auth" not in found.parts:
        part = export.part(own_store.KINDS, _rows(cause.customer_id))
        export.put(found.id, "auth", part, _files(cause.customer_id))
    _note(cause.customer_id, cause.export_id, "auth")


def note(report: ExportPart) -> None:
    """Keep that a capability has handed over its part."""
    _note(report.customer_id, report.export_id, report.name.partition(".")[0])


def _note(customer_id: str, export_id: str, capability: str) -> None:
    """With the last part comes the archive, and the parts go. Whatever came too late for an export
    that is over, or whose customer is erased, goes as well."""
    after = table.retried(partial(_keep, customer_id, export_id, capability))
    if after is None:
        file_store.drop(export_id)
    elif after.state is State.READY:
        file_store.drop_parts(export_id)


def _keep(customer_id: str, export_id: str, capability: str) -> Export | None:
    before = store.find(customer_id, export_id)
    if before is None or capability in before.parts:
        return before
    after = before.with_part(capability)
    if after.is_whole:
        after = _packed(after)
    table.commit(store.change(before, after), *_telling(after))
    return after


def _packed(whole: Export) -> Export:
    profile = profiles.peek(whole.customer_id)
    file_store.pack(whole, profile.language if profile else DEFAULT)
    return whole.ready(clock.now())


def _telling(after: Export) -> list[table.Write]:
    """Of an archive that is ready its owner hears, and may ask for another."""
    if after.state is not State.READY:
        return []
    told = ExportReady(
        id=ids.derived(after.id, ExportReady.name),
        occurred_at=clock.now(),
        customer_id=after.customer_id,
        export_id=after.id,
        ends_at=after.ends_at,
    )
    return [*store.finished(after, store.shelf(after.customer_id)), outbox.row(told)]


def _files(customer_id: str) -> list[export.File]:
    """The picture, as large as it is kept."""
    profile = profiles.peek(customer_id)
    if profile is None or profile.picture is None:
        return []
    return [export.File("picture.webp", partial(pictures.read, profile.picture, max(SIZES)))]


def _rows(customer_id: str) -> Iterator[table.Item]:
    """All that lies with the customer, and the sessions that their sign-ins name."""
    begun = []
    for row in table.query_all(f"CUSTOMER#{customer_id}"):
        if row["sk"].startswith("SIGN_IN#"):
            begun.append(row["sk"].removeprefix("SIGN_IN#"))
        yield row
    for first in range(0, len(begun), table.BATCH_GET_LIMIT):
        named = begun[first : first + table.BATCH_GET_LIMIT]
        found = table.get_many(*((table.OWN, f"SESSION#{id_}", "SESSION") for id_ in named))
        yield from filter(None, found)


PARTS = (
    loyalty.ExportPartReady,
    notify.ExportPartReady,
    orders.ExportPartReady,
    support.ExportPartReady,
)
REACTIONS: consumer.Reactions = {ExportRequested: gather, **dict.fromkeys(PARTS, note)}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume(event, context, REACTIONS)
