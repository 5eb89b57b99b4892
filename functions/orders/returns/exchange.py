"""What comes in place of what goes back: the same again, or a variant that costs no more. Pure.

What was paid for the pieces pays for it, in proportion to the prices, and so do the points. What is
over goes back. A replacement is an order of its own, paid from the balance: so it is delivered,
documented, returned and earns points like any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from common import pricing
from common.errors import Refusal
from common.language import Text
from orders.catalogue.product import Product
from orders.order.bill import Bill, Method
from orders.order.order import Order, State, Step
from orders.order.parts import Line
from orders.returns.parts import Exchange, Item, Promise
from orders.returns.returns import Return


class NotAReplacement(Refusal):
    """Neither the same product nor a variant of it that is sold."""

    code = "not_a_replacement"
    title = Text(
        ru="Обменять можно на такой же товар или на другой размер или цвет.",
        en="Exchange is for the same product, or for another size or colour of it.",
    )


class DearerReplacement(Refusal):
    """It costs more than what goes back did."""

    code = "dearer_replacement"
    title = Text(
        ru="Этот вариант дороже. Оформите возврат и закажите его отдельно.",
        en="This one costs more. Please return what you have and order it separately.",
    )


class ReplacementOutOfStock(Refusal):
    code = "replacement_out_of_stock"
    title = Text(
        ru="Столько для обмена сейчас нет. Выберите другой вариант или верните деньги.",
        en="There are not so many to exchange. Choose another one, or take the money back.",
    )


class NotCovered(Refusal):
    """What was paid went back otherwise meanwhile."""

    code = "exchange_not_covered"
    title = Text(
        ru="Деньги за этот товар уже возвращены: обменять его нельзя.",
        en="The money for this went back already: it cannot be exchanged.",
    )


def offered(
    order: Order,
    items: Sequence[Item],
    wanted: Mapping[str, str],
    products: Mapping[str, Product],
) -> list[Item]:
    """The *items* with what is *wanted* instead of them, by SKU. Raise NotAReplacement,
    DearerReplacement, ReplacementOutOfStock."""
    lines = {line.sku: line for line in order.lines}
    return [
        replace(item, exchange=_exchange(lines[item.sku], item, wanted[item.sku], products))
        if item.sku in wanted
        else item
        for item in items
    ]


def carried(told: Promise, items: Sequence[Item]) -> Promise:
    """The promise, of which a part pays for what comes instead. Raise NotCovered."""
    sums = [item.exchange.carried_minor for item in items if item.exchange]
    return _carried(told, sum(sums), sum(item.paid_minor for item in items))


def kept(told: Promise, items: Sequence[Item]) -> Promise:
    """The promise as it is kept, once it is known which of the *items* were accepted. Raise
    NotCovered."""
    paid = sum(item.accepted_minor for item in items)
    return _carried(told, sum(item.carried_minor for item in items), paid)


def order(order_id: str, before: Order, one: Return, at: datetime, day: date) -> Order | None:
    """The order that brings what was exchanged; None where nothing was accepted of it."""
    lines = _lines(one, before.tax_percent)
    if not lines:
        return None
    goods, paid = sum(line.total_minor for line in lines), one.promise.carried_minor
    is_cheaper = before.totals.discount_minor > 0
    points = _worth(one.promise.carried_points) if is_cheaper else goods - paid
    off = goods - paid - points
    return Order(
        id=order_id,
        customer_id=before.customer_id,
        version=1,
        day=day,
        lines=_cheaper(lines, off),
        totals=pricing.Totals(goods, 0, points, paid, 0, off),
        currency=before.currency,
        points=dict(one.promise.carried_points),
        delivery=before.delivery,
        bill=Bill(Method.BALANCE, before.bill.payer_id, 0, paid),
        history=(Step(State.PLACED, at),),
        tax_percent=before.tax_percent,
        replaces=before.id,
    )


def _worth(lots: Mapping[str, int]) -> int:
    return sum(lots.values()) * pricing.POINT_MINOR


def _cheaper(lines: tuple[Line, ...], off: int) -> tuple[Line, ...]:
    """The lines, each with its part of the discount *off* that what went back was bought with."""
    parts = pricing.shares(off, [line.total_minor - line.paid_minor for line in lines])
    return tuple(replace(x, discount_minor=part) for x, part in zip(lines, parts, strict=True))


def _exchange(line: Line, item: Item, sku: str, products: Mapping[str, Product]) -> Exchange:
    new, old = products.get(sku), products.get(line.sku)
    if new is None or new.archived or new.available is None or not _is_like(old, new):
        raise NotAReplacement(sku=sku)
    price = line.price_minor if sku == line.sku else new.price_minor
    if price > line.price_minor:
        raise DearerReplacement(sku=sku, price_minor=price, most_minor=line.price_minor)
    if not new.covers(item.quantity):
        raise ReplacementOutOfStock(sku=sku, available=new.available)
    return Exchange(sku, new.name, price, item.paid_minor * price // (line.price_minor or 1))


def _is_like(old: Product | None, new: Product) -> bool:
    if old is None:
        return False
    is_variant = new.group is not None and old.group == new.group
    return old.sku == new.sku or (is_variant and new.is_for(()))


def _carried(told: Promise, carried_minor: int, paid_minor: int) -> Promise:
    if carried_minor > told.total_minor:
        raise NotCovered
    points = {day: n * carried_minor // (paid_minor or 1) for day, n in told.points.items()}
    lots = {day: n for day, n in points.items() if n}
    return replace(told, carried_minor=carried_minor, carried_points=lots)


def _lines(one: Return, tax_percent: int) -> tuple[Line, ...]:
    """What comes, each line with what is paid for it and the tax in that."""
    coming = [(item, new) for item, new in one.exchanges if item.accepted]
    paid = [item.carried_minor for item, _ in coming]
    taxes = pricing.shares(pricing.tax_within(sum(paid), tax_percent), paid)
    return tuple(
        Line(new.sku, new.name, item.accepted, new.price_minor, True, sum_, tax)
        for (item, new), sum_, tax in zip(coming, paid, taxes, strict=True)
    )
