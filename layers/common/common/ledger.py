"""The value ledger: points, money and budgets as balanced postings.

Amounts are integers: points, or minor units of the shop's currency. A posting sums to zero and
its id derives from its cause, so that it is booked once however often it is asked for.
Customers' and budgets' accounts carry their balance as lots by expiry day; the shop's own
accounts have no row, for it would be a hot key: the audit sums their legs.

pk                   sk              what
ACCOUNT#<account>    POSTING#<id>    one posting with all its legs, at its home account
ACCOUNT#<account>    ~LOTS           the account's lots: attribute lot:<last day> or lot:never
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from common import ids, table
from common.conditions import Attr, Condition
from common.errors import Refusal
from common.language import Text

TABLE = "LEDGER_TABLE"
NEVER = "never"
LOT = "lot:"

type Lots = Mapping[str, int]


class InsufficientFunds(Refusal):
    """The account does not hold what is to be spent."""

    code = "insufficient_funds"
    title = Text(ru="На счёте недостаточно средств.", en="The balance does not cover this.")


@dataclass(frozen=True, slots=True)
class Leg:
    """What one account gains (positive) or gives (negative), by lot: {last day: amount}."""

    account: str
    lots: Lots

    @property
    def amount(self) -> int:
        return sum(self.lots.values())


@dataclass(frozen=True, slots=True)
class Posting:
    """A balanced movement of value. *memo* names its order, rule or reason by ids.

    The first of its legs that is not the shop's is its home, where it is booked once.
    """

    id: str
    kind: str
    at: datetime
    legs: tuple[Leg, ...]
    memo: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if sum(leg.amount for leg in self.legs):
            raise ValueError(f"posting {self.id} does not sum to zero")
        if not all(leg.lots and all(leg.lots.values()) for leg in self.legs):
            raise ValueError(f"posting {self.id} has a leg that moves nothing")
        accounts = [leg.account for leg in self.legs]
        if len(set(accounts)) < len(accounts) or not any(map(_is_live, accounts)):
            raise ValueError(f"posting {self.id} needs accounts that differ, one not the shop's")


@dataclass(frozen=True, slots=True)
class Account:
    """An account's lots and the postings booked at it, that of the newest cause first."""

    lots: Lots
    postings: tuple[Posting, ...] = ()

    def available(self, today: date) -> int:
        """What can be spent today: a lot counts through its last day."""
        return sum(amount for _, amount in self.open_lots(today))

    def open_lots(self, today: date) -> list[tuple[str, int]]:
        """Lots that can be spent, soonest expiry first."""
        return [(day, n) for day, n in sorted(self.lots.items()) if n > 0 and _open(day, today)]

    def spend(self, amount: int, today: date) -> dict[str, int]:
        """What the account gives to pay *amount*, as a leg's lots (below zero), soonest expiry
        first. InsufficientFunds if it cannot."""
        if amount < 0:
            raise ValueError("what is spent cannot be negative")
        left, taken = amount, {}
        for day, held in self.open_lots(today):
            if left and (part := min(left, held)):
                taken[day] = -part
                left -= part
        if left:
            raise InsufficientFunds(available=amount - left, needed=amount)
        return taken


def points_of(customer_id: str) -> str:
    """The customer's points account."""
    return f"customer:{customer_id}:points"


def money_of(customer_id: str) -> str:
    """The customer's balance in money: one lot that never ends."""
    return f"customer:{customer_id}:money"


def transfer(source: str, target: str, lots: Lots) -> tuple[Leg, Leg]:
    """The legs that move *lots* (amounts above zero) from *source* to *target*."""
    if not all(amount > 0 for amount in lots.values()):
        raise ValueError("only amounts above zero can be moved")
    return Leg(source, {day: -n for day, n in lots.items()}), Leg(target, lots)


def post(posting: Posting) -> list[table.Write]:
    """The writes that book *posting*, its own row first.

    That first write refuses a posting already booked; the others refuse a lot that would go
    below zero.
    """
    moves = [_move(leg) for leg in posting.legs if _is_live(leg.account)]
    return [table.put(_row(posting), table=TABLE), *moves]


def account(name: str, *, limit: int = 20) -> Account:
    """The account with its latest postings, in one query."""
    page = table.query(f"ACCOUNT#{name}", limit=limit + 1, newest_first=True, table=TABLE)
    return parse(page.items)


def accrual_of(order_id: str) -> str:
    """The id of the posting that pays the points which an order earned."""
    return ids.derived(order_id, "accrual")


def booked(name: str, posting_id: str) -> Posting | None:
    """The posting *posting_id*, booked at the account *name*."""
    item = table.get(f"ACCOUNT#{name}", f"POSTING#{posting_id}", table=TABLE)
    return _posting(item) if item else None


def key(name: str) -> tuple[str, str, str]:
    """Where the account's lots lie, for a read together with other items."""
    return TABLE, f"ACCOUNT#{name}", "~LOTS"


def parse(items: Sequence[table.Item]) -> Account:
    lots = next((_lots(item) for item in items if item["sk"] == "~LOTS"), {})
    return Account(lots, tuple(_posting(item) for item in items if item["sk"] != "~LOTS"))


def _open(day: str, today: date) -> bool:
    return day == NEVER or date.fromisoformat(day) >= today


def _is_live(account: str) -> bool:
    return not account.startswith("shop:")


def _move(leg: Leg) -> table.Write:
    condition: Condition | None = None
    for day, amount in leg.lots.items():
        if amount < 0:
            holds = Attr(LOT + day).gte(-amount)
            condition = condition & holds if condition else holds
    return table.update(
        f"ACCOUNT#{leg.account}",
        "~LOTS",
        add={LOT + day: amount for day, amount in leg.lots.items()},
        condition=condition,
        table=TABLE,
    )


def _row(posting: Posting) -> dict[str, Any]:
    home = next(leg.account for leg in posting.legs if _is_live(leg.account))
    return {
        "pk": f"ACCOUNT#{home}",
        "sk": f"POSTING#{posting.id}",
        "id": posting.id,
        "kind": posting.kind,
        "at": posting.at.isoformat(),
        "legs": [{"account": leg.account, "lots": dict(leg.lots)} for leg in posting.legs],
        "memo": dict(posting.memo),
    }


def _posting(item: table.Item) -> Posting:
    return Posting(
        item["id"],
        item["kind"],
        datetime.fromisoformat(item["at"]),
        tuple(Leg(leg["account"], leg["lots"]) for leg in item["legs"]),
        item["memo"],
    )


def _lots(item: table.Item) -> dict[str, int]:
    return {k.removeprefix(LOT): v for k, v in item.items() if k.startswith(LOT)}
