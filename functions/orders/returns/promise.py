"""What is promised for what an order gives back. Pure.

Each sum is what is due for all pieces returned so far, less what was promised before: so however
an order is given back, piece by piece, the sums are exact, and never more than was paid.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from common import pricing
from common.errors import Refusal
from common.language import Text
from orders.completion.window import last_day
from orders.order.bill import Method, Parts
from orders.order.facts import earning_minor
from orders.order.order import Order
from orders.order.parts import Line
from orders.returns.parts import Item, Promise
from orders.returns.reasons import SHOPS_FAULT, Reason

# What the shop did wrong may be told for so long, whatever became of the order.
COMPLAINT_DAYS = 365


class NotDelivered(Refusal):
    code = "not_delivered"
    title = Text(
        ru="Вернуть можно то, что уже доставлено.", en="Only what was delivered can be returned."
    )


class NotReturnable(Refusal):
    """Services and gift cards are not given back, nor is what is not in the order."""

    code = "not_returnable"
    title = Text(ru="Этот товар вернуть нельзя.", en="This cannot be returned.")


class TooLate(Refusal):
    code = "return_too_late"
    title = Text(ru="Срок возврата прошёл.", en="The time to return this is over.")


class MoreThanBought(Refusal):
    """More pieces than are in no return yet."""

    code = "more_than_bought"
    title = Text(
        ru="Столько вернуть нельзя: куплено меньше, или остальное уже в возвратах.",
        en="So many cannot be returned: fewer were bought, or the rest is in returns already.",
    )


class PreviewExpired(Refusal):
    """The preview is too old, or the order is no longer as it was."""

    code = "preview_expired"
    title = Text(
        ru="Расчёт возврата устарел. Сделайте новый — это пара секунд.",
        en="The preview of the return is out of date. Ask for a new one, it takes a second.",
    )


class PreviewUsed(Refusal):
    """The preview has become a return already, which `return_id` names."""

    code = "preview_used"
    title = Text(
        ru="По этому расчёту возврат уже оформлен.",
        en="This preview has become a return already.",
    )


class ReturnOpen(Refusal):
    """Until it is settled, nobody knows what stays of an order whose promo code needs a sum."""

    code = "return_open"
    title = Text(
        ru="По этому заказу уже оформлен возврат. Дождитесь его или отмените и верните всё сразу.",
        en="There is a return of this order already. Let it end, or withdraw it and return it all.",
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Pieces of one line that are to go back."""

    sku: str
    quantity: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Terms:
    """On which *day* it is, for how many days goods can be given back after the order was
    delivered on *delivered_on*, and the points that it *earned*."""

    day: date
    delivered_on: date
    days: int
    earned: int


def items(order: Order, wanted: Sequence[Wanted], terms: Terms) -> list[Item]:
    """The pieces *wanted*, with what is due for each. Raise NotDelivered, NotReturnable, TooLate,
    MoreThanBought."""
    if not order.has_arrived:
        raise NotDelivered(state=order.state)
    return [_item(_line(order, one.sku), one, terms) for one in wanted]


def promise(order: Order, returned: Sequence[Item], earned: int) -> Promise:
    """What the customer gets for the pieces *returned*, and the shop of points that were
    *earned*. Raise ReturnOpen."""
    if must_wait(order):
        raise ReturnOpen
    after = _counted(order, returned)
    delivery, off = delivery_due(order, returned), lost(order, returned)
    due = sum(item.paid_minor for item in returned) + delivery - off
    parts = due_parts(order, due)
    return Promise(
        source_minor=parts.source_minor,
        balance_minor=parts.balance_minor,
        delivery_minor=min(delivery, parts.total_minor),
        points=_points(order, after),
        taken=taken_off(order, parts.total_minor, earned),
        discount_minor=off,
    )


def taken_off(order: Order, given_minor: int, earned: int) -> int:
    """What of the points that were *earned* is taken off once *given_minor* goes back too."""
    so_far = order.returned.minor + given_minor
    return max(0, earned * so_far // (earning_minor(order) or 1) - order.returned.taken)


def must_wait(order: Order) -> bool:
    """Whether a return of the order is open that decides whether its coupon stands, since that
    needs a sum."""
    needs_sum = order.coupon is not None and order.coupon.discount.from_minor > 0
    return needs_sum and order.returned.open > 0


def lost(order: Order, returned: Sequence[Item]) -> int:
    """What is kept back of a refund, since the goods that stay no longer come to the sum that the
    order's coupon is for: their part of the discount. Pieces that are excused count as staying;
    below zero is what was kept back before, and is due now."""
    if order.coupon is None:
        return 0
    after = _counted(order, returned)
    goods = [(line, line.quantity - after[line.sku]) for line in order.lines if not line.money]
    excused = Counter({item.sku: item.quantity for item in returned if item.is_excused})
    worth = sum(x.price_minor * (left + x.excused + excused[x.sku]) for x, left in goods)
    off = sum(line.discount_minor * left // line.quantity for line, left in goods)
    stands = worth >= order.coupon.discount.from_minor
    most = sum(item.paid_minor for item in returned if not item.is_excused)
    return min((0 if stands else off) - order.returned.discount_minor, most)


def delivery_due(order: Order, returned: Sequence[Item]) -> int:
    """Delivery is paid back where the shop is to blame, and nothing is left of what was
    delivered: so not while another return is open, whose goods may yet stay."""
    blamed = all(item.reason in SHOPS_FAULT for item in returned)
    after = _counted(order, returned)
    whole = all(after[line.sku] == line.quantity for line in order.goods)
    due = blamed and whole and not order.returned.open
    return order.totals.delivery_minor - order.returned.delivery_minor if due else 0


def _line(order: Order, sku: str) -> Line:
    found = next((line for line in order.goods if line.sku == sku), None)
    if found is None:
        raise NotReturnable(sku=sku)
    return found


def _item(line: Line, one: Wanted, terms: Terms) -> Item:
    days = COMPLAINT_DAYS if one.reason in SHOPS_FAULT else terms.days
    until = last_day(terms.delivered_on, days)
    if terms.day > until:
        raise TooLate(sku=line.sku, last_day=until.isoformat())
    if one.quantity > line.left:
        raise MoreThanBought(sku=line.sku, most=line.left)
    so_far = line.paid_minor * (line.returned + one.quantity) // line.quantity
    paid = max(0, so_far - line.returned_minor)
    return Item(line.sku, line.name, one.quantity, one.reason, paid)


def _counted(order: Order, returned: Sequence[Item]) -> dict[str, int]:
    """How many pieces of each line would be in returns."""
    more = {item.sku: item.quantity for item in returned}
    return {line.sku: line.returned + more.get(line.sku, 0) for line in order.lines}


def due_parts(order: Order, due: int) -> Parts:
    """Where *due* goes: first to where the money came from, as far as nobody is promised it."""
    left, held = order.bill.left, order.returned
    back = min(due, max(0, source(order, left) - held.source_minor))
    balance = min(due - back, max(0, rest(order, left) - held.balance_minor))
    return Parts(back, balance)


def source(order: Order, left: Parts) -> int:
    """What can go to where it came from: nobody sends cash."""
    return 0 if order.bill.method is Method.CASH else left.source_minor


def rest(order: Order, left: Parts) -> int:
    return left.total_minor - source(order, left)


def _points(order: Order, after: Mapping[str, int]) -> dict[str, int]:
    """The points that paid for what is returned, less what was promised: those that are good
    longest first."""
    worth = sum(
        (line.total_minor - line.discount_minor - line.paid_minor)
        * after[line.sku]
        // line.quantity
        for line in order.lines
    )
    held = order.returned.points
    wanted = worth // pricing.POINT_MINOR - sum(held.values())
    lots: dict[str, int] = {}
    for day in sorted(order.points, reverse=True):
        part = min(max(0, wanted - sum(lots.values())), order.points[day] - held.get(day, 0))
        if part > 0:
            lots[day] = part
    return lots
