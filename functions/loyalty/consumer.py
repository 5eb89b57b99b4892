"""Events loyalty listens to."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import clock, consumer, erasure, export, ids, ledger, table
from common.erasure import Kind
from common.events.erasure import CustomerErased, ExportRequested
from common.events.loyalty import CustomerErased as Report
from common.events.loyalty import ExportPartReady, PointsAccrued
from common.events.orders import OrderDelivered
from common.events.returns import ReturnExchanged, ReturnRefunded, ReturnSettled
from common.shown import only
from loyalty import points, store


def accrue(order: OrderDelivered) -> None:
    """Pay the points of a delivered order, once however often the event comes; a guest has no
    account to pay them to."""
    if order.guest or not (earned := points.earned(order.total_minor)):
        return
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
    store.book(posting, event)


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
    export.PROGRESS,
)


def erase(cause: CustomerErased) -> None:
    """Postings name nobody: the books keep them, and nothing else is here."""
    erasure.erase(cause.customer_id, KINDS)
    erasure.report(Report, cause, KINDS)


def hand_over(cause: ExportRequested) -> None:
    export.hand_over(cause, KINDS, store.every(cause.customer_id), ExportPartReady)


REACTIONS: consumer.Reactions = {
    OrderDelivered: accrue,
    ReturnRefunded: take_back,
    ReturnExchanged: take_back,
    CustomerErased: erase,
    ExportRequested: hand_over,
}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume(event, context, REACTIONS)
