"""Events loyalty listens to."""

from functools import partial
from itertools import chain
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import clock, consumer, erasure, export, ids, ledger, outbox, table
from common.erasure import Kind
from common.events.auth import CustomerRegistered
from common.events.erasure import CustomerErased, ExportRequested
from common.events.loyalty import CustomerErased as Report
from common.events.loyalty import ExportPartReady, PointsAccrued
from common.events.orders import OrderDelivered
from common.events.returns import ReturnExchanged, ReturnRefunded, ReturnSettled
from common.shown import only
from loyalty import points, store
from loyalty.standing import consumer as standing
from loyalty.standing import store as standings


def reward(order: OrderDelivered) -> None:
    """Pay the points of a delivered order, as many as the tier before it brings, and count it to
    what was spent in all: once, however often the event comes. A guest has no account for it."""
    if not order.guest:
        table.retried(partial(_reward, order))


def _reward(order: OrderDelivered) -> None:
    before, known = standings.find_with(order.customer_id, order.order_id)
    if known.paid_minor is not None:
        return
    paid = order.total_minor if order.earning_minor is None else order.earning_minor
    earned = _earned(order, points.earned(paid, before.tier.earn_percent))
    standing.move(before, known, known.paid(paid), order.order_id, order.occurred_at, *earned)


def _earned(order: OrderDelivered, earned: int) -> list[table.Write]:
    """The posting of the points that the order earned, and its event."""
    if not earned:
        return []
    last_day = points.expires_on(clock.day_of(order.occurred_at))
    posting = points.accrual(order.order_id, order.customer_id, earned, last_day, order.occurred_at)
    event = PointsAccrued(
        id=ids.derived(posting.id, PointsAccrued.name),
        occurred_at=order.occurred_at,
        customer_id=order.customer_id,
        order_id=order.order_id,
        number=order.number,
        points=earned,
        expires_on=last_day.isoformat(),
    )
    return [*ledger.post(posting), outbox.row(event)]


class PointsAwaited(Exception):
    """The event that pays the order's points is still on its way: the queue will try again."""


def take_back(goods: ReturnSettled) -> None:
    """Take off the points that goods which came back had earned, as far as they are there still:
    nobody owes points. PointsAwaited while they are yet to come."""
    if not goods.points_taken:
        return
    if not store.has_earned(goods.customer_id, goods.order_id):
        raise PointsAwaited
    account, today = store.account(goods.customer_id), clock.today()
    due = min(goods.points_taken, account.available(today))
    if not due:
        return
    lots = {day: -n for day, n in account.spend(due, today).items()}
    known = goods.return_id, goods.order_id, goods.customer_id
    store.take_back(points.taking_back(*known, lots, goods.occurred_at))


def settle(goods: ReturnSettled) -> None:
    take_back(goods)
    standing.take_off(goods)


def _posting(row: table.Item) -> table.Item:
    """What the customer's own account gained or gave, and for what."""
    own = [leg["lots"] for leg in row["legs"] if row["pk"] == f"ACCOUNT#{leg['account']}"]
    points = sum(n for lots in own for n in lots.values())
    return {"points": points, **only("id", "kind", "at", "memo")(row)}


def _left(row: table.Item) -> table.Item:
    lots = {k.removeprefix(ledger.LOT): n for k, n in row.items() if k.startswith(ledger.LOT)}
    return {"points_by_their_last_day": lots}


KINDS = (
    Kind(
        "postings of points",
        "POSTING#",
        partition="ACCOUNT#",
        why="bookkeeping",
        shown=_posting,
    ),
    Kind("points left", "~LOTS", partition="ACCOUNT#", why="bookkeeping", shown=_left),
    Kind("what was spent in all", "STANDING", shown=only("spent_minor")),
    Kind("what was spent in all", "COUNTED#", shown=only("order_id", "paid_minor", "returns")),
    export.PROGRESS,
)


def erase(cause: CustomerErased) -> None:
    """Postings name nobody: the books keep them, and nothing else is here."""
    erasure.erase(cause.customer_id, KINDS)
    erasure.report(Report, cause, KINDS)


def hand_over(cause: ExportRequested) -> None:
    rows = chain(store.every(cause.customer_id), table.query_all(f"CUSTOMER#{cause.customer_id}"))
    export.hand_over(cause, KINDS, rows, ExportPartReady)


REACTIONS: consumer.Reactions = {
    CustomerRegistered: standing.begin,
    OrderDelivered: reward,
    ReturnRefunded: settle,
    ReturnExchanged: settle,
    CustomerErased: erase,
    ExportRequested: hand_over,
}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume(event, context, REACTIONS)
