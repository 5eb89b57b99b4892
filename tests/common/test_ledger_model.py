"""The ledger against a naive one: single points with their last days, moved one by one.

Any order of earning, spending, giving back and waiting; amounts and days at their edges. The
model bites: each of the bugs planted below is found.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from common import ids, ledger
from common.ledger import Account, InsufficientFunds, Leg, Posting
from models import HUNTING, QUIET

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = NOON.date()
ANN, ISSUED, REDEEMED = "customer:ann:points", "shop:points:issued", "shop:points:redeemed"


class Book(RuleBasedStateMachine):
    """*points* is the naive account: the last day of every single point, None for never."""

    def __init__(self):
        super().__init__()
        self.today = TODAY
        self.postings: dict[str, Posting] = {}
        self.points: list[date | None] = []
        self.spendings: list[Posting] = []
        self.given_back: set[str] = set()

    # --- what the table does with a posting ---

    def post(self, cause: str, kind: str, legs: tuple[Leg, Leg]) -> Posting | None:
        """None when it was booked before."""
        id_ = ids.derived(ids.first_at(NOON), f"{kind}:{cause}")
        if id_ in self.postings:
            return None
        self.postings[id_] = Posting(id_, kind, NOON, legs, {"cause": cause})
        assert all(amount >= 0 for amount in self.lots().values())
        return self.postings[id_]

    def lots(self, account: str = ANN) -> Counter[str]:
        lots: Counter[str] = Counter()
        for posting in self.postings.values():
            for leg in posting.legs:
                if leg.account == account:
                    lots.update(leg.lots)
        return lots

    @property
    def account(self) -> Account:
        return Account(dict(self.lots()))

    # --- what the naive account says ---

    def open(self) -> list[date | None]:
        """Points that count today, soonest last day first."""
        count = [day for day in self.points if day is None or (day - self.today).days >= 0]
        return sorted(count, key=lambda day: (day is None, day))

    # --- what happens ---

    @rule(days=st.sampled_from([0, 1, 1, 2, 30, 365]))
    def wait(self, days):
        self.today += timedelta(days=days)

    @rule(
        cause=st.integers(0, 12).map(str),
        points=st.sampled_from([1, 1, 2, 3, 7]),
        days=st.sampled_from([None, 0, 0, 1, 2, 30, 365]),
    )
    def earn(self, cause, points, days):
        last = None if days is None else self.today + timedelta(days=days)
        lot = last.isoformat() if last else ledger.NEVER
        if self.post(cause, "accrual", ledger.transfer(ISSUED, ANN, {lot: points})):
            self.points += [last] * points

    @rule(share=st.sampled_from(["one", "half", "all", "more"]), cause=st.integers(0, 12).map(str))
    def spend(self, share, cause):
        held = self.open()
        wanted = {"one": 1, "half": len(held) // 2, "all": len(held), "more": len(held) + 1}[share]
        if wanted > len(held):
            with pytest.raises(InsufficientFunds) as refused:
                self.account.spend(wanted, self.today)
            assert refused.value.members == {"available": len(held), "needed": wanted}
            return
        taken = self.account.spend(wanted, self.today)
        expected = Counter(day.isoformat() if day else ledger.NEVER for day in held[:wanted])
        assert taken == {lot: -n for lot, n in expected.items()}
        if taken:
            self.book_spending(cause, held[:wanted], taken)

    def book_spending(self, cause, days, taken):
        legs = ledger.transfer(ANN, REDEEMED, {lot: -n for lot, n in taken.items()})
        if booked := self.post(cause, "redemption", legs):
            self.spendings.append(booked)
            for day in days:
                self.points.remove(day)

    @precondition(lambda self: self.spendings)
    @rule(which=st.integers(0, 12))
    def give_back(self, which):
        """Lot by lot as they were taken, once; what has expired meanwhile stays so."""
        spending = self.spendings[which % len(self.spendings)]
        [_, redeemed] = spending.legs
        legs = ledger.transfer(REDEEMED, ANN, redeemed.lots)
        first = spending.id not in self.given_back
        assert (self.post(spending.id, "reversal", legs) is not None) is first
        if first:
            self.given_back.add(spending.id)
            for lot, n in redeemed.lots.items():
                self.points += [None if lot == ledger.NEVER else date.fromisoformat(lot)] * n

    # --- what always holds ---

    @invariant()
    def the_balance_is_the_naive_one(self):
        held = self.open()
        assert self.account.available(self.today) == len(held)
        expected = Counter(day.isoformat() if day else ledger.NEVER for day in held)
        assert self.account.open_lots(self.today) == list(expected.items())

    @invariant()
    def nothing_comes_from_nowhere(self):
        accounts = ANN, ISSUED, REDEEMED
        assert sum(sum(self.lots(account).values()) for account in accounts) == 0


@pytest.mark.case("I14")
def test_the_ledger_is_as_the_naive_one():
    run_state_machine_as_test(Book, settings=QUIET)


def latest_first(self, today, original=Account.open_lots):
    return original(self, today)[::-1]


def any_lot_first(self, today):
    return [(day, n) for day, n in self.lots.items() if n > 0 and ledger._open(day, today)]


def gone_on_the_last_day(day, today):
    return day == ledger.NEVER or date.fromisoformat(day) > today


def counted_a_day_more(day, today):
    return day == ledger.NEVER or date.fromisoformat(day) >= today - timedelta(days=1)


def one_point_too_many(self, amount, today, original=Account.spend):
    """The check of the balance is off by one."""
    return original(self, min(amount, self.available(today)), today)


def whole_lots(self, amount, today, original=Account.spend):
    """Every lot that is touched goes whole."""
    return {day: -self.lots[day] for day in original(self, amount, today)}


def given_back_for_ever(source, target, lots, original=ledger.transfer):
    if source == ISSUED:
        return original(source, target, lots)
    return original(source, target, {ledger.NEVER: sum(lots.values())} if target == ANN else lots)


@pytest.mark.parametrize(
    ("where", "bug"),
    [
        ("Account.open_lots", latest_first),
        ("Account.open_lots", any_lot_first),
        ("_open", gone_on_the_last_day),
        ("_open", counted_a_day_more),
        ("Account.spend", one_point_too_many),
        ("Account.spend", whole_lots),
        ("transfer", given_back_for_ever),
    ],
)
def test_the_model_finds_a_ledger_with_this_bug(monkeypatch, where, bug):
    monkeypatch.setattr(f"common.ledger.{where}", bug)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        run_state_machine_as_test(Book, settings=HUNTING)
