"""What the shop does when a repeat delivery is near: it tells of it, orders it, and takes the money
of a saved card; and when its customer is about to leave."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from common import clock, ids, ledger, outbox, table, timers
from common.events.erasure import ErasureRequested
from common.events.repeats import LeftOut, RepeatFellShort, RepeatUpcoming
from orders.addresses import store as addresses
from orders.addresses.address import Address
from orders.cart import facts
from orders.cart.cart import Cart
from orders.catalogue import store as catalogue
from orders.checkout import checkout
from orders.checkout import store as checkouts
from orders.delivery import quote
from orders.delivery import store as delivery
from orders.delivery.quote import Way
from orders.order import store as orders
from orders.order.bill import Method, Status
from orders.order.order import Order, State
from orders.payments import client
from orders.payments import settling_store as settling
from orders.payments.cards import store as cards
from orders.repeats import store
from orders.repeats.repeat import Hindrance, Missing, Repeat
from orders.tariff import tariff
from orders.wallet import store as wallet

CHARGE = "repeat.charge"
UNTRIED = (Status.DUE, Status.PENDING)
NO_POINTS = ledger.parse([])


def pause(cause: ErasureRequested) -> None:
    """Who wishes to be erased gets nothing more unasked; if they stay, they let it go on."""
    for repeat in store.every(cause.customer_id):
        is_later = ids.made_at(repeat.id) > cause.occurred_at
        if repeat.paused_for != cause.erasure_id and not is_later:
            today, now = clock.today(), clock.now()
            store.save(repeat.changed(today, paused=True, paused_for=cause.erasure_id), now)


def tell(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """Tell of the next delivery and its prices; at most so much is paid."""
    repeat = store.meant(timer)
    if repeat is None:
        return []
    products = catalogue.find_many(item.sku for item in repeat.items)
    cart, missing = repeat.draft(products, now, at_any_price=True)
    told = replace(repeat.shown(products), version=repeat.version + 1)
    return [*store.saved(told, now), outbox.row(_upcoming(told, cart, missing, now))]


def order(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """Order what can be had at prices that were told, and say what is left out and why."""
    repeat = store.meant(timer)
    if repeat is None:
        return []
    products = catalogue.find_many(item.sku for item in repeat.items)
    cart, missing = repeat.draft(products, now)
    entry, _ = addresses.find(repeat.customer_id, repeat.address_id)
    way = _way(cart, entry) if entry and cart.lines else None
    made = _order(repeat, cart, entry, way, now) if entry and way else None
    hindrance = _hindrance(made, cart, entry, now)
    placed = None if hindrance else made
    after = repeat.skipped(clock.day_of(now))
    writes = [*store.saved(after, now), *(_placed(placed) if placed else [])]
    if missing or hindrance:
        writes.append(outbox.row(_short(after, placed, missing, hindrance, now)))
    return writes


@timers.Asking
def charge(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """Take the money of a repeat's order from the default one of its customer's cards. Nothing is
    taken twice: the same call again is the same payment."""
    found = orders.find_now(timer.subject["order_id"])
    kept = [card for card in cards.every(found.customer_id) if card.is_default]
    if found.state is not State.AWAITING_PAYMENT or found.bill.status not in UNTRIED or not kept:
        return []
    claimed = _claimed(found, now)
    asked = settling.charge(claimed, kept[0].token, keep_card=False)
    seen = client.provider().charge(asked)
    settled = settling.settled(claimed, seen, now)
    return settled[1] if settled else []


def _claimed(found: Order, now: datetime) -> Order:
    """The order, noted as being paid for before the provider is asked."""
    if found.bill.status is Status.PENDING:
        return found
    after = found.billed(found.bill.asked())
    table.commit(*settling.asked(found, after, now))
    return after


def _way(cart: Cart, to: Address) -> Way | None:
    """By the shop's table: nobody is there to choose among a carrier's ways."""
    usual = tariff(os.environ).delivery
    return next(iter(quote.by_table(delivery.rates(), to.place, cart.grams, usual)), None)


def _order(repeat: Repeat, cart: Cart, to: Address, way: Way, now: datetime) -> Order:
    where = way.delivery(to.recipient, to.phone, to.place.line())
    wanted = checkout.Request(where, repeat.payment, points=0)
    day, usual = clock.day_of(now), tariff(os.environ)
    terms = replace(usual, delivery=way.tariff(usual.delivery))
    return checkout.order(
        ids.new(now), repeat.customer_id, cart, NO_POINTS, wanted, terms, now, day
    )


def _hindrance(
    made: Order | None, cart: Cart, to: Address | None, now: datetime
) -> Hindrance | None:
    """Why there is no delivery this time, if there is none."""
    if to is None:
        return Hindrance.NO_ADDRESS
    if made is None:
        return Hindrance.NO_WAY if cart.lines else Hindrance.NOTHING_LEFT
    if made.bill.method is Method.CARD and not cards.every(made.customer_id):
        return Hindrance.NO_CARD
    held = wallet.held(made.customer_id).available(clock.day_of(now))
    return Hindrance.LOW_BALANCE if made.bill.balance_minor > held else None


def _placed(order: Order) -> list[table.Write]:
    writes = checkouts.without_cart(order)
    if order.bill.is_awaited:
        known = ids.derived(order.id, CHARGE), order.placed_at, {"order_id": order.id}
        writes.append(timers.arm(timers.Timer(CHARGE, *known)))
    return writes


def _upcoming(
    told: Repeat, cart: Cart, missing: Sequence[Missing], now: datetime
) -> RepeatUpcoming:
    return RepeatUpcoming(
        id=ids.derived(told.id, f"upcoming:{told.version}"),
        occurred_at=now,
        subject_version=told.version,
        customer_id=told.customer_id,
        repeat_id=told.id,
        next_on=told.next_on,
        goods_minor=sum(line.priced().total_minor for line in cart.lines),
        currency=os.environ["CURRENCY"],
        lines=tuple(map(facts.told, cart.lines)),
        left_out=_left_out(missing),
    )


def _short(
    after: Repeat,
    placed: Order | None,
    missing: Sequence[Missing],
    hindrance: Hindrance | None,
    now: datetime,
) -> RepeatFellShort:
    return RepeatFellShort(
        id=ids.derived(after.id, f"short:{after.version}"),
        occurred_at=now,
        subject_version=after.version,
        customer_id=after.customer_id,
        repeat_id=after.id,
        number=placed.number if placed else None,
        hindrance=hindrance,
        left_out=_left_out(missing),
        next_on=after.next_on,
    )


def _left_out(missing: Sequence[Missing]) -> tuple[LeftOut, ...]:
    return tuple(
        LeftOut(name_ru=one.name.ru, name_en=one.name.en, reason=one.reason) for one in missing
    )


DUE: Mapping[str, timers.Fire] = {store.TELL: tell, store.ORDER: order, CHARGE: charge}
