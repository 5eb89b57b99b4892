"""Who looked at a customer's data: no view of it by staff without an entry that the customer sees.

pk                       sk                             what
VIEWED#<staff id>#<hour> <customer id>#<what>#<its id>  entered already; two hours

The entry is on its way before the answer is. One for each hour is enough: who looks again and
again, as a page that polls does, finds it there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from common import clock, ids, outbox, table
from common.access import Caller
from common.events import CustomerViewed

KEPT = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Viewed:
    """Something of a customer's that is about to be shown."""

    customer_id: str
    what: str
    id: str


def enter(kind: type[CustomerViewed], caller: Caller, *shown: Viewed) -> None:
    """Enter that *caller* sees what is *shown*, 50 things at most, as events of that *kind*."""
    at = clock.now()
    missing = list(shown) if len(shown) == 1 else _missing(caller, shown, at)
    while missing:
        writes = [write for viewed in missing for write in _entry(kind, caller, viewed, at)]
        try:
            table.commit_alone(*writes)
            missing = []
        except table.ConditionFailed as entered:
            missing = [v for n, v in enumerate(missing) if 2 * n not in entered.found]


def _missing(caller: Caller, shown: Sequence[Viewed], at: datetime) -> list[Viewed]:
    """Those of a list that are not entered yet: read first, for most of it was there before."""
    if not shown:
        return []
    rows = table.get_many(*((table.OWN, *_key(caller, viewed, at)) for viewed in shown))
    return [viewed for viewed, row in zip(shown, rows, strict=True) if row is None]


def _entry(
    kind: type[CustomerViewed], caller: Caller, viewed: Viewed, at: datetime
) -> list[table.Write]:
    """The row that lets it be entered once, and the event."""
    pk, sk = _key(caller, viewed, at)
    event = kind(
        id=ids.derived(ids.first_at(_hour(at)), f"{pk}#{sk}"),
        occurred_at=at,
        staff_id=caller.id,
        role=caller.role.name.lower(),
        customer_id=viewed.customer_id,
        what=viewed.what,
        resource_id=viewed.id,
    )
    expires_at = int((_hour(at) + KEPT).timestamp())
    row = {"pk": pk, "sk": sk, "expires_at": expires_at}
    return [table.put(row), outbox.row(event)]


def _key(caller: Caller, viewed: Viewed, at: datetime) -> tuple[str, str]:
    pk = f"VIEWED#{caller.id}#{_hour(at).isoformat()}"
    return pk, f"{viewed.customer_id}#{viewed.what}#{viewed.id}"


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
