"""Erasure: how a capability forgets a customer, row by row, and lets nothing come back.

pk             sk      what
CUSTOMER#<id>  ERASED  the tombstone: no event writes anything of this customer any longer; and
                       `reported`, that it was told

Each capability lists the kinds of rows it has of a customer, for `common.export` too. What is on
no list is erased too; a test finds it. Erasing may die anywhere: the event comes again, and goes on
with what is left.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from common import clock, ids, outbox, table
from common.conditions import Attr
from common.events import Erased, Kept
from common.events.erasure import CustomerErased
from common.shown import OTHERS, REPEATS, Tell, Withheld

TOMBSTONE = "ERASED"

type How = Callable[[table.Item], Sequence[table.Write]]


def delete(row: table.Item) -> list[table.Write]:
    return [table.delete(row["pk"], row["sk"], condition=None)]


def proof_only(row: table.Item) -> list[table.Write]:
    """Of a consent stays what was decided when; not from where."""
    return [table.update(row["pk"], row["sk"], remove=["network"])]


@dataclass(frozen=True, slots=True)
class Kind:
    """The rows of *partition* whose sort keys begin with *prefix*: what they are called in a
    receipt and in an export, *how* one is erased, and what of it is *shown* to the customer. What
    is kept of them is kept for the reason *why*."""

    name: str
    prefix: str
    partition: str = "CUSTOMER#"
    how: How = delete
    why: str | None = None
    shown: Tell | Withheld = field(kw_only=True)

    def has(self, row: table.Item) -> bool:
        return bool(row["pk"].startswith(self.partition) and row["sk"].startswith(self.prefix))


# What more than one capability has.
ANSWERS = Kind("answers to repeated calls", "IDEMPOTENCY#", shown=REPEATS)
ANSWERS_TO_STAFF = Kind(
    "answers to staff",
    "IDEMPOTENCY#",
    partition="STAFF#",
    why="expires_within_a_day",
    shown=OTHERS,
)
SEEN_BY_STAFF = Kind(
    "what staff looked at",
    "",
    partition="VIEWED#",
    why="expires_within_two_hours",
    shown=REPEATS,
)


def key(customer_id: str) -> tuple[str, str, str]:
    """Where the tombstone lies, for a read together with other items."""
    return table.OWN, f"CUSTOMER#{customer_id}", TOMBSTONE


def alive(customer_id: str) -> table.Write:
    """The write that refuses its commit once the customer is erased."""
    return table.check(f"CUSTOMER#{customer_id}", TOMBSTONE, table.ABSENT)


def erase(customer_id: str, kinds: Sequence[Kind]) -> None:
    """Put up the tombstone and erase every row of the customer; again is no harm."""
    pk = f"CUSTOMER#{customer_id}"
    stone = {"pk": pk, "sk": TOMBSTONE, "at": clock.now().isoformat()}
    with suppress(table.ConditionFailed):
        table.apply(table.put(stone))
    for row in table.query_all(pk):
        if row["sk"] != TOMBSTONE:
            _forget(row, _how(row, kinds))


def parts(kinds: Sequence[Kind]) -> tuple[tuple[str, ...], tuple[Kept, ...]]:
    """What a receipt says of *kinds*: what is erased, and what is kept for which reason."""
    kept = tuple(Kept(what=kind.name, why=kind.why) for kind in kinds if kind.why)
    return tuple(dict.fromkeys(kind.name for kind in kinds if not kind.why)), kept


def report(event: type[Erased], cause: CustomerErased, kinds: Sequence[Kind]) -> None:
    """Tell, once, that the capability has erased what *cause* asked for."""
    erased, kept = parts(kinds)
    told = event(
        id=ids.derived(cause.id, event.name),
        occurred_at=clock.now(),
        customer_id=cause.customer_id,
        erasure_id=cause.erasure_id,
        erased=erased,
        kept=kept,
    )
    unreported = table.PRESENT & Attr("reported").not_exists()
    pk = f"CUSTOMER#{cause.customer_id}"
    mark = table.update(pk, TOMBSTONE, assign={"reported": cause.id}, condition=unreported)
    with suppress(table.ConditionFailed):
        table.commit(mark, outbox.row(told))


def _how(row: table.Item, kinds: Sequence[Kind]) -> How:
    return next((kind.how for kind in kinds if kind.has(row)), delete)


def _forget(row: table.Item, how: How) -> None:
    if writes := how(row):
        table.commit(*writes)
