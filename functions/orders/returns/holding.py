"""What an order's returns hold of it: claimed, released, settled. Pure."""

from collections import Counter
from dataclasses import replace
from typing import Any

from orders.order.order import Order
from orders.order.parts import Line
from orders.returns import exchange, promise
from orders.returns.parts import Item, Promise
from orders.returns.returns import Return


def claimed(order: Order, one: Return) -> Order:
    """The order, of which the new return holds its part. Raise PreviewExpired when that is no
    longer there."""
    after = _held(order, one, 1)
    fine = all(x.returned <= x.quantity and x.returned_minor <= x.paid_minor for x in after.lines)
    left, held = order.bill.left, after.returned
    fine &= held.source_minor <= promise.source(order, left) and held.balance_minor <= promise.rest(
        order, left
    )
    fine &= all(held.points[day] <= order.points.get(day, 0) for day in held.points)
    fine &= held.delivery_minor <= order.totals.delivery_minor
    fine &= promise.lost(order, one.items) == one.promise.discount_minor
    fine &= not promise.must_wait(order)
    if not fine:
        raise promise.PreviewExpired
    return after


def released(order: Order, one: Return) -> Order:
    """The order, of which a return that came to nothing holds nothing any longer."""
    return _held(order, one, -1)


def settled(order: Order, before: Return, after: Return) -> Order:
    """The order, once what was accepted of a return is given back: of the rest it holds nothing."""
    kept = replace(after, items=tuple(map(_came, after.items)))
    done = _held(_held(order, before, -1), kept, 1)
    held = replace(
        done.returned,
        open=done.returned.open - 1,
        source_minor=done.returned.source_minor - after.promise.source_minor,
        balance_minor=done.returned.balance_minor - after.promise.balance_minor,
    )
    return replace(done, returned=held, version=order.version + 1)


def accepted(order: Order, one: Return, earned: int) -> Promise:
    """What of the promise is kept: all of it where all came back, but no more than was paid and
    did not go back otherwise. Of points that the order has *earned* by now, those are taken off
    too that had not come when it was promised."""
    without, left = _held(order, one, -1), order.bill.left
    given = _given(without, one)
    there = replace(
        given,
        source_minor=min(given.source_minor, promise.source(order, left)),
        balance_minor=min(given.balance_minor, promise.rest(order, left)),
        taken=given.taken or promise.taken_off(without, given.total_minor, earned),
    )
    return exchange.kept(there, one.items) if one.exchanges else there


def _given(order: Order, one: Return) -> Promise:
    """The promise, or its part for the pieces that came; *order* is as if they had not been
    promised anything."""
    told = one.promise
    if all(item.accepted == item.quantity for item in one.items):
        return _with_delivery(order, one)
    came = [_came(item) for item in one.items]
    paid, off = sum(item.paid_minor for item in came), promise.lost(order, came)
    whole = sum(item.paid_minor for item in one.items) + told.delivery_minor or 1
    points = {day: n * paid // whole for day, n in told.points.items()}
    parts = promise.due_parts(order, paid - off)
    return Promise(
        source_minor=parts.source_minor,
        balance_minor=parts.balance_minor,
        delivery_minor=0,
        points={day: n for day, n in points.items() if n},
        taken=told.taken * paid // whole,
        discount_minor=off,
    )


def _with_delivery(order: Order, one: Return) -> Promise:
    """The promise, and delivery where other returns that were open then are settled since."""
    told = one.promise
    due = 0 if told.delivery_minor else promise.delivery_due(order, one.items)
    more = promise.due_parts(_held(order, one, 1), due)
    return replace(
        told,
        source_minor=told.source_minor + more.source_minor,
        balance_minor=told.balance_minor + more.balance_minor,
        delivery_minor=told.delivery_minor + more.total_minor,
    )


def _came(item: Item) -> Item:
    """The part of *item* that was accepted."""
    return replace(item, quantity=item.accepted, paid_minor=item.accepted_minor)


def _held(order: Order, one: Return, sign: int) -> Order:
    """The order with what *one* holds of it added, or taken off."""
    by_sku = {item.sku: item for item in one.items}
    held, told = order.returned, one.promise
    points = Counter(held.points)
    points.update({day: sign * n for day, n in told.points.items()})
    changes: dict[str, Any] = {
        "open": held.open + sign,
        "source_minor": held.source_minor + sign * told.source_minor,
        "balance_minor": held.balance_minor + sign * told.balance_minor,
        "minor": held.minor + sign * told.total_minor,
        "delivery_minor": held.delivery_minor + sign * told.delivery_minor,
        "taken": held.taken + sign * told.taken,
        "discount_minor": held.discount_minor + sign * told.discount_minor,
        "points": {day: n for day, n in points.items() if n},
    }
    lines = tuple(_with(line, by_sku.get(line.sku), sign) for line in order.lines)
    return replace(order, version=order.version + 1, lines=lines, returned=replace(held, **changes))


def _with(line: Line, item: Item | None, sign: int) -> Line:
    if item is None:
        return line
    minor = line.returned_minor + sign * item.paid_minor
    excused = line.excused + sign * item.quantity * item.is_excused
    returned = line.returned + sign * item.quantity
    return replace(line, returned=returned, returned_minor=minor, excused=excused)
