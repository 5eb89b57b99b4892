"""The value ledger: balanced, booked once, never below zero, soonest expiry first."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import ids, ledger, table
from common.ledger import Account, InsufficientFunds, Leg, Posting

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = date(2026, 3, 1)
ANN = "customer:ann:points"
BOB = "customer:bob:points"
SHOP = "shop:points:issued"

days = st.one_of(
    st.just(ledger.NEVER),
    st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3)).map(date.isoformat),
)
lots = st.dictionaries(days, st.integers(0, 50), max_size=6)


def posting(*legs, cause="a"):
    return Posting(ids.derived(ids.first_at(NOON), cause), "accrual", NOON, legs)


def paid(lots, account=ANN, cause="a"):
    return posting(*ledger.transfer(SHOP, account, lots), cause=cause)


def spent(lots, account=ANN, cause="b"):
    return posting(Leg(account, lots), Leg(SHOP, {d: -n for d, n in lots.items()}), cause=cause)


@pytest.fixture
def book(cloud):
    def commit(posting):
        with cloud.acting("LoyaltyConsumer"):
            table.commit(*ledger.post(posting))

    return commit


@pytest.fixture
def read(cloud):
    def account(name):
        with cloud.acting("LoyaltyConsumer"):
            return ledger.account(name)

    return account


def test_a_posting_that_does_not_sum_to_zero_cannot_be_made():
    with pytest.raises(ValueError, match="sum to zero"):
        posting(Leg(ANN, {ledger.NEVER: 5}), Leg(SHOP, {ledger.NEVER: -4}))


def test_a_posting_that_moves_nothing_cannot_be_made():
    with pytest.raises(ValueError, match="moves nothing"):
        posting(Leg(ANN, {}), Leg(SHOP, {}))
    with pytest.raises(ValueError, match="moves nothing"):
        posting(Leg(ANN, {ledger.NEVER: 0}), Leg(SHOP, {ledger.NEVER: 0}))


def test_a_posting_names_each_account_once():
    with pytest.raises(ValueError, match="accounts that differ"):
        posting(Leg(ANN, {ledger.NEVER: 5}), Leg(ANN, {ledger.NEVER: -5}))


def test_a_posting_between_accounts_of_the_shop_has_no_home():
    with pytest.raises(ValueError, match="not the shop's"):
        posting(Leg(SHOP, {ledger.NEVER: 5}), Leg("shop:money:fees", {ledger.NEVER: -5}))


@pytest.mark.parametrize("amount", [0, -1])
def test_only_amounts_above_zero_can_be_moved(amount):
    with pytest.raises(ValueError, match="above zero"):
        ledger.transfer(SHOP, ANN, {ledger.NEVER: amount})


def test_what_is_spent_cannot_be_negative():
    with pytest.raises(ValueError, match="cannot be negative"):
        Account({ledger.NEVER: 5}).spend(-1, TODAY)


def test_spending_takes_the_soonest_expiry_first_and_what_never_expires_last():
    account = Account({ledger.NEVER: 5, "2026-05-01": 5, "2026-04-01": 5})

    assert account.spend(12, TODAY) == {"2026-04-01": -5, "2026-05-01": -5, ledger.NEVER: -2}


def test_spending_more_than_there_is_says_how_much_there_is():
    with pytest.raises(InsufficientFunds) as refused:
        Account({"2026-04-01": 5}).spend(6, TODAY)
    assert refused.value.members == {"available": 5, "needed": 6}


@pytest.mark.case("K3")
def test_a_lot_can_be_spent_on_its_last_day_and_not_on_the_next():
    account = Account({TODAY.isoformat(): 5})

    assert account.spend(5, TODAY) == {TODAY.isoformat(): -5}
    with pytest.raises(InsufficientFunds):
        account.spend(1, TODAY + timedelta(days=1))
    assert account.available(TODAY + timedelta(days=1)) == 0


@pytest.mark.case("K3")
def test_a_lot_of_29_february_is_open_that_day_and_closed_on_1_march():
    account = Account({"2028-02-29": 5})

    assert account.available(date(2028, 2, 29)) == 5
    assert account.available(date(2028, 3, 1)) == 0


@given(lots, st.integers(0, 200))
def test_spending_takes_exactly_the_amount_or_nothing(lots, amount):
    account = Account(lots)
    try:
        taken = account.spend(amount, TODAY)
    except InsufficientFunds:
        assert amount > account.available(TODAY)
    else:
        assert sum(taken.values()) == -amount
        assert all(0 < -part <= lots[day] for day, part in taken.items())


@given(lots, st.integers(1, 200))
def test_spending_never_leaves_an_earlier_lot_for_a_later_one(lots, amount):
    account = Account(lots)
    if amount > account.available(TODAY):
        return
    taken = account.spend(amount, TODAY)
    touched = [(day, held) for day, held in account.open_lots(TODAY) if day in taken]
    assert list(taken) == [day for day, _ in account.open_lots(TODAY)][: len(taken)]
    assert all(taken[day] == -held for day, held in touched[:-1])


@given(lots.filter(lambda held: held and all(held.values())))
def test_a_transfer_balances_lot_by_lot(lots):
    source, target = ledger.transfer(ANN, BOB, lots)

    assert {day: -n for day, n in source.lots.items()} == target.lots == lots
    assert posting(source, target).legs == (source, target)


def test_what_was_booked_reads_back_as_it_was(book, read):
    first, second = paid({"2026-04-01": 5}), paid({ledger.NEVER: 7}, cause="c")
    book(first)
    book(second)

    account = read(ANN)
    assert account.lots == {"2026-04-01": 5, ledger.NEVER: 7}
    assert sorted(account.postings, key=lambda p: p.id) == sorted(
        (first, second), key=lambda p: p.id
    )


def test_lots_of_one_day_merge(book, read):
    book(paid({"2026-04-01": 5}))
    book(paid({"2026-04-01": 6}, cause="c"))

    assert read(ANN).lots == {"2026-04-01": 11}


@pytest.mark.case("I6", "E8")
def test_a_posting_booked_before_is_refused_and_moves_nothing(book, read):
    book(paid({"2026-04-01": 5}))

    with pytest.raises(table.ConditionFailed) as refused:
        book(paid({"2026-04-01": 5}))
    assert list(refused.value.found) == [0]
    assert read(ANN).lots == {"2026-04-01": 5}


@pytest.mark.case("I8")
def test_a_lot_never_goes_below_zero_even_when_another_lot_could_pay(book, read):
    book(paid({"2026-04-01": 5, ledger.NEVER: 50}))

    with pytest.raises(table.ConditionFailed) as refused:
        book(spent({"2026-04-01": -6}))
    assert list(refused.value.found) == [1]
    assert read(ANN).lots == {"2026-04-01": 5, ledger.NEVER: 50}
    assert len(read(ANN).postings) == 1


def test_an_account_that_holds_nothing_can_give_nothing(book, read):
    with pytest.raises(table.ConditionFailed):
        book(spent({ledger.NEVER: -1}))
    assert read(ANN) == Account({}, ())


@pytest.mark.case("I8")
def test_two_spendings_planned_on_one_balance_do_not_both_happen(book, read):
    book(paid({"2026-04-01": 5}))
    plan = read(ANN).spend(4, TODAY)
    book(spent(plan))

    with pytest.raises(table.ConditionFailed):
        book(spent(plan, cause="c"))
    assert read(ANN).lots == {"2026-04-01": 1}


def test_value_moves_between_two_customers_in_one_posting(book, read):
    book(paid({"2026-04-01": 5}))
    book(posting(*ledger.transfer(ANN, BOB, {"2026-04-01": 2}), cause="gift"))

    assert read(ANN).lots == {"2026-04-01": 3}
    assert read(BOB).lots == {"2026-04-01": 2}


def test_two_customers_accounts_move_both_or_neither(book, read):
    with pytest.raises(table.ConditionFailed):
        book(posting(*ledger.transfer(ANN, BOB, {"2026-04-01": 2})))
    assert read(BOB) == Account({}, ())


def test_the_shops_accounts_have_no_row(book, cloud):
    book(paid({"2026-04-01": 5}))

    assert {row["pk"] for row in cloud.items("LedgerTable")} == {f"ACCOUNT#{ANN}"}


def test_a_history_is_read_up_to_its_limit_in_one_query(book, cloud):
    for n in range(5):
        book(paid({ledger.NEVER: 1}, cause=str(n)))

    with cloud.counted() as calls, cloud.acting("LoyaltyConsumer"):
        account = ledger.account(ANN, limit=3)
    assert calls.trips == ["dynamodb.Query"]
    assert (len(account.postings), account.lots) == (3, {ledger.NEVER: 5})


def test_the_lots_are_read_together_with_other_items(book, cloud):
    book(paid({ledger.NEVER: 5}))

    with cloud.acting("LoyaltyConsumer"):
        found = table.get_many(ledger.key(ANN), ledger.key(BOB))
    assert ledger.parse([row for row in found if row]).lots == {ledger.NEVER: 5}


@pytest.mark.case("I14")
def test_all_legs_sum_to_zero_and_to_each_balance(book, cloud):
    book(paid({"2026-04-01": 5, ledger.NEVER: 3}))
    book(posting(*ledger.transfer(ANN, BOB, {"2026-04-01": 2}), cause="gift"))
    book(spent({ledger.NEVER: -3}))

    assert audit(cloud.items("LedgerTable")) == {ANN: 3, BOB: 2, SHOP: -5}


def audit(rows):
    """The sum of every account's legs, which must be its lots, all of them together zero."""
    legs = Counter()
    for row in rows:
        for leg in row.get("legs", ()):
            legs[leg["account"]] += sum(leg["lots"].values())
    assert sum(legs.values()) == 0
    for row in rows:
        if row["sk"] == "~LOTS":
            held = ledger.parse([row]).lots
            assert sum(held.values()) == legs[row["pk"].removeprefix("ACCOUNT#")]
            assert all(amount >= 0 for amount in held.values())
    return legs
