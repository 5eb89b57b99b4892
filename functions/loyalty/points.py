"""How points are earned, how long they last and what a customer sees of them. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from common import ids, ledger, pricing
from common.language import Text

LIFETIME = timedelta(days=365)
ACCRUAL = "accrual"
TAKEN_BACK = "taken_back"
# What this account gave is all the points ever earned.
ISSUED = "shop:points:issued"

HOW_TO_EARN = Text(
    ru="За каждый полученный заказ вернём баллами {percent} % от суммы, оплаченной деньгами, "
    "а с каждым новым уровнем — ещё больше.",
    en="Every order you receive brings back {percent}% of what you paid in money, as points; every "
    "new tier brings more.",
)
HOW_TO_SPEND = Text(
    ru="Баллами можно оплатить до {share} % стоимости товаров. Баллы действуют {days} дней.",
    en="Points pay for up to {share}% of the goods. They are good for {days} days.",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a customer's history; points are signed."""

    id: str
    kind: str
    points: int
    at: datetime
    order_id: str | None


def earned(paid_minor: int, percent: int) -> int:
    """The points that *paid_minor* of money brings at *percent*, rounded down."""
    return max(0, paid_minor) * percent // 100 // pricing.POINT_MINOR


def expires_on(day: date) -> date:
    """The last day on which points earned on *day* can be spent."""
    return day + LIFETIME


def accrual(
    order_id: str, customer_id: str, points: int, last_day: date, at: datetime
) -> ledger.Posting:
    """The posting that pays an order's points; the order is its cause, so it happens once."""
    lots = {last_day.isoformat(): points}
    legs = ledger.transfer(ISSUED, ledger.points_of(customer_id), lots)
    posting_id = ledger.accrual_of(order_id)
    return ledger.Posting(posting_id, ACCRUAL, at, legs, {"order_id": order_id})


def taking_back(
    return_id: str, order_id: str, customer_id: str, lots: ledger.Lots, at: datetime
) -> ledger.Posting:
    """The posting that takes off what an order had earned by goods that came back; the return is
    its cause, so it happens once."""
    legs = ledger.transfer(ledger.points_of(customer_id), ISSUED, lots)
    posting_id = ids.derived(return_id, TAKEN_BACK)
    return ledger.Posting(posting_id, TAKEN_BACK, at, legs, {"order_id": order_id})


def history(account: ledger.Account, name: str) -> list[Entry]:
    """The postings of the account *name* as its owner sees them, newest first."""
    entries = [
        Entry(posting.id, posting.kind, leg.amount, posting.at, posting.memo.get("order_id"))
        for posting in account.postings
        for leg in posting.legs
        if leg.account == name
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)
