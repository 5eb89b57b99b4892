"""How an erasure goes on: by its timer, by answers, and by the reports of the capabilities."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from auth.erasure import closing, own_store, store
from auth.erasure.erasure import Erasure, Part, State
from common import clock, consumer, erasure, ids, table, timers
from common.events import Erased, Kept, loyalty, notify, orders, support
from common.events.erasure import CustomerErased, ErasureDue, ErasureFinished


def ask(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """Ask what stands against the erasure; nothing for a timer that it awaits no longer."""
    found = store.find(timer.subject["erasure_id"])
    if found is None or found.look_at != timer.due:
        return []
    after = found.asking(now)
    due = ErasureDue(
        id=ids.derived(found.id, f"{ErasureDue.name}#{after.round}"),
        occurred_at=now,
        customer_id=found.customer_id,
        erasure_id=found.id,
        round=after.round,
    )
    return store.asked(found, after, due)


def go_on(answer: orders.ErasureAnswered) -> None:
    """Close the account or, where it is closed, erase; put it off while something stands against
    it. Nothing for an answer that is not awaited."""
    found = store.find(answer.erasure_id)
    if found is None or not found.is_answered_by(answer.round):
        return
    if answer.obstacles:
        table.commit(*store.change(found, found.hindered(answer.obstacles)))
    elif found.state is State.WAITING:
        closing.close(found, clock.now())
    else:
        erased = _erased(found, clock.now())
        table.commit(*store.change(found, found.erasing(), erased), store.listed(found))


def _erased(found: Erasure, now: datetime) -> CustomerErased:
    return CustomerErased(
        id=ids.derived(found.id, CustomerErased.name),
        occurred_at=now,
        customer_id=found.customer_id,
        erasure_id=found.id,
    )


def erase(cause: CustomerErased) -> None:
    """Erase what auth has, and report it."""
    if found := store.find(cause.erasure_id):
        for session_id in found.sessions:
            table.apply(own_store.session(session_id))
    erasure.erase(cause.customer_id, own_store.KINDS)
    _note(cause.erasure_id, "auth", *erasure.parts(own_store.KINDS))


def note(report: Erased) -> None:
    """Keep a capability's report."""
    _note(report.erasure_id, report.name.partition(".")[0], report.erased, report.kept)


def _note(
    erasure_id: str, capability: str, erased: tuple[str, ...], kept: tuple[Kept, ...]
) -> None:
    part = Part(erased, {one.what: one.why for one in kept})
    table.retried(partial(_keep, erasure_id, capability, part))


def _keep(erasure_id: str, capability: str, part: Part) -> None:
    before, now = store.find(erasure_id), clock.now()
    if before is None or capability in before.parts:
        return
    after = before.reported(capability, part, now)
    told = [_finished(before, now)] if after.state is State.DONE else []
    table.commit(*store.change(before, after, *told))


def _finished(before: Erasure, now: datetime) -> ErasureFinished:
    return ErasureFinished.model_validate(
        {
            "id": ids.derived(before.id, ErasureFinished.name),
            "occurred_at": now,
            "erasure_id": before.id,
            "channel": before.channel,
            "language": before.language,
            "letter": before.letter,
        }
    )


REPORTS = (
    loyalty.CustomerErased,
    notify.CustomerErased,
    orders.CustomerErased,
    support.CustomerErased,
)
REACTIONS: consumer.Reactions = {
    orders.ErasureAnswered: go_on,
    CustomerErased: erase,
    **dict.fromkeys(REPORTS, note),
}
DUE: dict[str, timers.Fire] = {store.TIMER: ask}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume(event, context, REACTIONS)
