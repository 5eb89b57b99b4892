"""What the states of an order do to money: postings, notes for the customer, and what the
provider is to be told.

Money that was taken lies in the order's own account until it goes back, so no refund can exceed
what was captured, whatever else happens. The provider is told by timers, which try until it has
answered; each is known to it by its id, so telling it twice does nothing.
"""

from datetime import datetime, timedelta

from common import ids, ledger, outbox, table, timers
from common.errors import Busy
from common.events.orders import RefundMade
from orders.order.bill import Method, Parts, Status
from orders.order.facts import members
from orders.order.order import Order, State
from orders.wallet import transaction_store as transactions
from orders.wallet.transaction import Kind, Transaction

CASH = "shop:cash"
PROVIDER = "shop:provider"
PAYMENT_DUE = "payment.due"
CHECK, CAPTURE, VOID, REFUND = "payment.check", "payment.capture", "payment.void", "payment.refund"
HAND_OVER = "order.hand_over"
AUTHORISATION_ENDS = "payment.authorisation_ends"
PAY_WITHIN = timedelta(minutes=30)
# Banks let go of what is held for a card after seven days.
HELD_FOR = timedelta(days=6)


def account(order: Order) -> str:
    """Where the order's money lies."""
    return f"order:{order.id}:money"


def reference(order: Order) -> str:
    """By what the provider knows the present attempt to pay."""
    return f"order.{order.id}.{order.bill.attempt}"


def at_checkout(order: Order) -> list[table.Write]:
    """What the balance pays, and the moment until which the rest is waited for."""
    due = handed_over(order, order.placed_at)
    if order.bill.is_awaited:
        due = [timers.arm(_timer(order, PAYMENT_DUE, order.placed_at + PAY_WITHIN))]
    paid = order.bill.balance_minor
    if not paid:
        return due
    note = _noted(order, Kind.PAYMENT, Method.BALANCE, -paid, order.placed_at)
    return [*ledger.post(spending(order)), note, *due]


def spending(order: Order) -> ledger.Posting:
    """The posting by which the balance pays."""
    source = ledger.money_of(order.bill.payer_id)
    lots = {ledger.NEVER: order.bill.balance_minor}
    legs = ledger.transfer(source, account(order), lots)
    return _posting(order, "balance", order.placed_at, legs)


def on_state(before: Order, after: Order) -> list[table.Write]:
    """What the state that *after* has just reached does. Raise Busy."""
    held = before.bill.status
    match after.state:
        case State.PAID if not after.goods:
            return _charged(after) or handed_over(after, after.changed_at)
        case State.SHIPPED if after.bill.status is Status.VOID and held is Status.AUTHORISED:
            return [tell(after, VOID, 0, after.changed_at)]
        case State.SHIPPED:
            return _charged(after)
        case State.DELIVERED if held is Status.AUTHORISED and not after.goods:
            raise Busy  # as below
        case State.DELIVERED if after.bill.method is Method.CASH and after.bill.amount_minor:
            return taken(after, CASH, after.changed_at)
        case State.UNCOLLECTED if held is Status.AUTHORISED:
            raise Busy  # the money is being taken this minute
        case State.CANCELLED | State.UNCOLLECTED:
            to_stop = held in (Status.PENDING, Status.AUTHORISED)
            stop = [tell(after, VOID, 0, after.changed_at)] if to_stop else []
            return [*stop, *given_back(before, after, before.bill.left, after.changed_at)]
    return []


def _charged(order: Order) -> list[table.Write]:
    """What is held for the order is taken, but for what was given back."""
    if order.bill.status is not Status.AUTHORISED:
        return []
    return [tell(order, CAPTURE, order.bill.left.source_minor, order.changed_at)]


def handed_over(order: Order, at: datetime) -> list[table.Write]:
    """Gift cards need nobody's hands: where nothing else was bought, they are there once the money
    is the shop's."""
    if not (order.is_gift_cards and order.bill.is_paid):
        return []
    return [tell(order, HAND_OVER, 0, at)]


def taken(order: Order, source: str, at: datetime) -> list[table.Write]:
    """The money that came for the order, and its customer's note of it."""
    lots = {ledger.NEVER: order.bill.amount_minor}
    posting = _posting(order, "payment", at, ledger.transfer(source, account(order), lots))
    return [*ledger.post(posting), paid_note(order, at)]


def captured(order: Order, amount: int, at: datetime) -> list[table.Write]:
    """Money that was held came to be the shop's."""
    legs = ledger.transfer(PROVIDER, account(order), {ledger.NEVER: amount})
    return ledger.post(_posting(order, "payment", at, legs))


def paid_note(order: Order, at: datetime) -> table.Write:
    return _noted(order, Kind.PAYMENT, order.bill.method, -order.bill.amount_minor, at)


def passed_through(order: Order, at: datetime) -> list[table.Write]:
    """Money that came too late goes back as it came: it never was the order's."""
    amount, by = order.bill.amount_minor, order.bill.method
    notes = [paid_note(order, at), _noted(order, Kind.REFUND, by, amount, at)]
    told = outbox.row(_refund_made(order, amount, 0, at))
    return [*notes, tell(order, REFUND, amount, at), told]


def given_back(
    before: Order,
    after: Order,
    parts: Parts,
    at: datetime,
    *,
    to_balance: bool = False,
    into: Order | None = None,
) -> list[table.Write]:
    """*parts* of what was paid go back: posted, told to the customer, and to the provider. What
    the balance pays for the order *into* comes from this one, and only passes the balance."""
    carried = into.bill.balance_minor if into else 0
    if not parts.total_minor + carried:
        return []
    bill = before.bill
    by_balance = to_balance or bill.method is Method.CASH
    source, balance = (0, parts.total_minor) if by_balance else _both(parts)
    posted = source if bill.status is Status.CAPTURED else 0
    gains = {PROVIDER: posted, ledger.money_of(bill.payer_id): balance}
    legs = _legs(after, gains | ({account(into): carried} if into else {}))
    sums = {bill.method: source, Method.BALANCE: balance + carried}
    notes = [_noted(after, Kind.REFUND, by, n, at) for by, n in sums.items() if n]
    told = _told(after, Parts(source, balance), posted, at)
    return [*_booked(after, legs, at), *notes, *_spent(into, at), *told]


def _booked(order: Order, legs: tuple[ledger.Leg, ...], at: datetime) -> list[table.Write]:
    return ledger.post(_posting(order, f"refund:{order.version}", at, legs)) if legs else []


def _told(order: Order, back: Parts, posted: int, at: datetime) -> list[table.Write]:
    """What the provider and everybody else hear of what goes back."""
    tasks = [tell(order, REFUND, posted, at)] if posted else []
    return [*tasks, outbox.row(_refund_made(order, *_both(back), at))] if back.total_minor else []


def _spent(into: Order | None, at: datetime) -> list[table.Write]:
    """The customer's note of what another order's money pays for the order *into*."""
    if into is None or not into.bill.balance_minor:
        return []
    return [_noted(into, Kind.PAYMENT, Method.BALANCE, -into.bill.balance_minor, at)]


def tell(order: Order, what: str, amount: int, at: datetime) -> table.Write:
    """Let the provider be told *what*, from *at* on."""
    return timers.arm(_timer(order, what, at, amount))


def _both(parts: Parts) -> tuple[int, int]:
    return parts.source_minor, parts.balance_minor


def _legs(order: Order, gains: dict[str, int]) -> tuple[ledger.Leg, ...]:
    found = {name: amount for name, amount in gains.items() if amount}
    if not found:
        return ()
    given = ledger.Leg(account(order), {ledger.NEVER: -sum(found.values())})
    return given, *(ledger.Leg(name, {ledger.NEVER: n}) for name, n in found.items())


def _refund_made(order: Order, source: int, balance: int, at: datetime) -> RefundMade:
    return RefundMade(
        **members(order, ids.derived(order.id, f"refund:{order.version}"), at),
        amount_minor=source,
        balance_minor=balance,
        currency=order.currency,
    )


def _noted(order: Order, kind: Kind, by: Method, amount: int, at: datetime) -> table.Write:
    cause = f"{kind}:{by}:{order.version}"
    one_id = ids.at(at, order.id, cause)
    customer_id, currency = order.bill.payer_id, order.currency
    return transactions.add(
        Transaction(one_id, customer_id, kind, by, amount, currency, at, order.id)
    )


def _posting(order: Order, kind: str, at: datetime, legs: tuple[ledger.Leg, ...]) -> ledger.Posting:
    posting_id = ids.derived(order.id, f"money:{kind}")
    return ledger.Posting(posting_id, kind.partition(":")[0], at, legs, {"order_id": order.id})


def _timer(order: Order, kind: str, due: datetime, amount: int = 0) -> timers.Timer:
    told = {"order_id": order.id, "reference": reference(order), "amount": str(amount)}
    return timers.Timer(kind, ids.derived(order.id, f"{kind}:{order.version}"), due, told)
