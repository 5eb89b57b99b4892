"""What the guide reads, in one trip, and what it keeps.

pk             sk                  what
CUSTOMER#<id>  GUIDE               choices about the checklist, how much of each kind is open, and
                                   that the first success was told
CUSTOMER#<id>  MATTER#<kind>#<id>  one order, ticket or message: whether it is open, as of which
                                   version
CUSTOMER#<id>  PROFILE             see auth.profile.store
CUSTOMER#<id>  ACCOUNT             see auth.store
CUSTOMER#<id>  NOTEBOOK            see auth.notes.store

A count changes in the transaction that changes the matter, so events that come again or late count
for nothing.
"""

from functools import partial
from typing import Any

from auth import rows
from auth.guide.standing import Guide, Kind, Matter, Standing
from auth.profile import store as profiles
from common import outbox, table
from common.conditions import Attr, as_read
from common.errors import NotFound
from common.events.auth import FirstSuccess
from common.expressions import Path

GUIDE = "GUIDE"


def find(customer_id: str) -> Standing:
    """NotFound for somebody who is no customer, or no longer."""
    pk, parts = _pk(customer_id), ("PROFILE", "ACCOUNT", "NOTEBOOK", GUIDE)
    profile, account, notebook, guide = table.get_many(*((table.OWN, pk, part) for part in parts))
    if profile is None or account is None:
        raise NotFound
    notes = notebook["notes"] if notebook else 0
    return Standing(profiles.parse(profile), rows.account(account), _guide(guide or {}), notes)


def choose(before: Standing, after: Guide, told: FirstSuccess | None) -> None:
    """Keep what *after* chooses, and tell the first success if that makes it.

    ConditionFailed unless all is still as it was *before*: what is done meanwhile could make it.
    """
    pk, known = _pk(before.profile.id), before.guide.version
    kept: dict[Path, Any] = {"dismissed": sorted(after.dismissed), "hidden": after.hidden}
    change = table.update(
        pk,
        GUIDE,
        assign=kept | ({"succeeded_at": told.occurred_at.isoformat()} if told else {}),
        add={"version": 1},
        condition=as_read(known),
    )
    parts = {"PROFILE": before.profile.version, "ACCOUNT": before.account.version}
    unchanged = [table.check(pk, sk, Attr("version").eq(v)) for sk, v in parts.items()]
    table.commit(change, *unchanged, *([outbox.row(told)] if told else []))


def succeed(told: FirstSuccess) -> None:
    """Tell the first success, once. ConditionFailed where it was told."""
    untold = table.PRESENT & Attr("succeeded_at").not_exists()
    mark = table.update(
        _pk(told.customer_id),
        GUIDE,
        assign={"succeeded_at": told.occurred_at.isoformat()},
        add={"version": 1},
        condition=untold,
    )
    table.commit(mark, outbox.row(told))


def note(customer_id: str, told: Matter) -> None:
    """Keep whether the matter is open, and count it. Nothing for what is older than what is known,
    and for whoever is no customer, or no longer."""
    table.retried(partial(_note, customer_id, told))


def _note(customer_id: str, told: Matter) -> None:
    pk, sk = _pk(customer_id), f"MATTER#{told.kind}#{told.id}"
    customer, known = table.get_many((table.OWN, pk, "PROFILE"), (table.OWN, pk, sk))
    if customer is None or (known and known["version"] >= told.version):
        return
    row = {"pk": pk, "sk": sk, "version": told.version, "open": told.is_open}
    opened = told.is_open - bool(known and known["open"])
    table.commit(
        table.put(row, Attr("version").eq(known["version"]) if known else table.ABSENT),
        table.update(pk, GUIDE, add={told.kind.value: opened, "version": 1}, condition=None),
        table.check(pk, "PROFILE", table.PRESENT),
    )


def _guide(row: table.Item) -> Guide:
    return Guide(
        version=row.get("version", 0),
        dismissed=frozenset(row.get("dismissed", ())),
        hidden=row.get("hidden", False),
        is_open={kind: row[kind.value] for kind in Kind if kind.value in row},
        has_succeeded="succeeded_at" in row,
    )


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"
