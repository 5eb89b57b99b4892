"""The history of sign-ins in DynamoDB.

pk                          sk            what
CUSTOMER#<id>, STAFF#<id>   ENTRY#<id>    a sign-in, by its session's id; 180 days
                                          or those of a day and outcome that did not get in
WRONG#<keyed hash>          <day>         how many wrong passwords a login got; 14 days

Strangers can fill neither: a login's day is one row, whether anybody has that login or not.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta

from auth import rows
from auth.account import Account
from auth.history.history import KEPT, WRONG_KEPT, Entry, Outcome, WrongPasswords
from auth.session.session import Device
from common import ids, outbox, pepper, table
from common.access import Caller
from common.conditions import Attr
from common.events import Event
from common.expressions import Item


class Refused(Exception):
    """Nothing was written: there is no such entry, or it has been disowned before."""


def kept(account: Account, entry: Entry) -> table.Write:
    """The write that keeps a sign-in, with the session that it began."""
    row = {
        "pk": rows.account_key(account.id, account.role),
        "sk": f"ENTRY#{entry.id}",
        "at": entry.at.isoformat(),
        "device": asdict(entry.device),
        "outcome": entry.outcome.value,
        "methods": list(entry.methods),
        "unusual": list(entry.unusual),
        "times": entry.times,
        "expires_at": rows.seconds(entry.at + KEPT),
    }
    return table.put(row)


def daily(account: Account, outcome: Outcome, at: datetime) -> str:
    """The id of the entry under which the day's sign-ins without success are counted."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return ids.derived(ids.first_at(midnight), f"{account.id}#{outcome.value}")


def count(account: Account, outcome: Outcome, device: Device, at: datetime, *events: Event) -> None:
    """Count a sign-in that did not get in, under its day; queue *events* with the day's first."""
    entry = Entry(daily(account, outcome, at), at, device, outcome)
    try:
        table.commit(kept(account, entry), *map(outbox.row, events))
    except table.ConditionFailed:
        again = table.update(
            rows.account_key(account.id, account.role),
            f"ENTRY#{entry.id}",
            add={"times": 1},
            assign={"at": at.isoformat(), "device": asdict(device)},
        )
        table.apply(again)


def page(
    caller: Caller, at: datetime, limit: int, start: Item | None
) -> tuple[list[Entry], Item | None]:
    """Sign-ins of the caller's account, the newest first."""
    pk, begun = rows.account_key(caller.id, caller.role), table.sort_key().begins_with("ENTRY#")
    found = table.query(pk, begun, limit=limit, start=start, newest_first=True)
    live = [row for row in found.items if row["expires_at"] > rows.seconds(at)]
    return [_entry(row) for row in live], found.last


def disown(account: Account, entry_id: str, at: datetime) -> table.Write:
    """The write that notes that a sign-in was not the owner's: refused when it has been noted."""
    return table.update(
        rows.account_key(account.id, account.role),
        f"ENTRY#{entry_id}",
        assign={"disowned_at": at.isoformat()},
        condition=table.PRESENT & Attr("disowned_at").not_exists(),
    )


def may_be_disowned(account: Account, entry_id: str) -> bool:
    """Whether there is such an entry, and nobody has said that it was not theirs."""
    row = table.get(rows.account_key(account.id, account.role), f"ENTRY#{entry_id}")
    return row is not None and "disowned_at" not in row


def count_wrong(login: str, at: datetime) -> None:
    """Count a wrong password of *login*, the same work whether anybody has it or not."""
    counted = table.update(
        _wrong(login),
        at.date().isoformat(),
        add={"times": 1},
        assign={"expires_at": rows.seconds(at + WRONG_KEPT)},
        condition=None,
    )
    table.apply(counted)


def wrong_lately(login: str, at: datetime) -> int:
    """How many wrong passwords *login* got today and yesterday."""
    return sum(found.times for found in wrong((login,), at, days=2))


def wrong(logins: Sequence[str], at: datetime, days: int) -> list[WrongPasswords]:
    """What the logins got on each of the last *days*, the newest first, without days of none."""
    dates = [at.date() - timedelta(days=back) for back in range(days)]
    keys = [(table.OWN, _wrong(login), day.isoformat()) for day in dates for login in logins]
    times: dict[date, int] = {}
    for row in filter(None, table.get_many(*keys)):
        day = date.fromisoformat(row["sk"])
        times[day] = times.get(day, 0) + row["times"]
    return [WrongPasswords(day, times[day]) for day in dates if day in times]


def _wrong(login: str) -> str:
    return f"WRONG#{pepper.mac('wrong', login).hex()[:32]}"


def _entry(row: Item) -> Entry:
    return Entry(
        id=row["sk"].removeprefix("ENTRY#"),
        at=datetime.fromisoformat(row["at"]),
        device=Device(**row["device"]),
        outcome=Outcome(row["outcome"]),
        methods=tuple(row["methods"]),
        unusual=tuple(row["unusual"]),
        times=row["times"],
        disowned="disowned_at" in row,
    )
