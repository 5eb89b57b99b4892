"""Events orders listens to, and what it does when its timers are due."""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import consumer, ids, outbox, pricing, table, timers
from common.events.auth import ConsentChanged, ContactsProven, CustomerRegistered
from common.events.catalogue import BackInStock, PriceDropped, WatchersLeft
from common.events.erasure import ErasureRequested
from common.events.loyalty import CouponRulesChanged, StandingChanged
from common.events.notify import MessageDue
from common.events.orders import (
    CartAbandoned,
    OrderCancelled,
    OrderClaimed,
    OrderDelivered,
)
from common.events.pickup import OrderReturned
from orders.bookings import consumer as bookings
from orders.bookings import reminder
from orders.cart import facts, store
from orders.cart.cart import ABANDONED_AFTER, Cart
from orders.claims import store as claims
from orders.completion import consumer as completion
from orders.coupons import consumer as coupons
from orders.erasure import consumer as erasing
from orders.freed import consumer as freed
from orders.gift_cards import consumer as gift_cards
from orders.order import store as orders
from orders.payments import consumer as payments
from orders.proofs import consumer as proofs
from orders.purchases import consumer as purchases
from orders.recommendations import consumer as recommendations
from orders.repeats import consumer as repeats
from orders.returns import consumer as returns
from orders.reviews import consumer as reviews
from orders.standing import store as standing
from orders.tariff import tariff
from orders.uncollected import consumer as uncollected
from orders.visits import consumer as visits
from orders.watches import consumer as watches


def watch_cart(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """Tell of a cart left alone for two hours; look again later at one that changed since."""
    customer_id, cart_id = timer.subject["customer_id"], timer.subject["cart_id"]
    cart = store.find(customer_id)
    if cart.id != cart_id:
        return []
    due = cart.updated_at + ABANDONED_AFTER
    if cart.lines and due > now:
        return [store.watch(customer_id, cart_id, due)]
    told = [outbox.row(_abandoned(customer_id, cart, now))] if cart.lines else []
    return [store.unwatched(customer_id, cart), *told]


def _abandoned(customer_id: str, cart: Cart, now: datetime) -> CartAbandoned:
    terms = tariff(os.environ)
    return CartAbandoned(
        id=ids.derived(cart.id, f"abandoned:{cart.version}"),
        occurred_at=now,
        subject_version=cart.version,
        customer_id=customer_id,
        cart_id=cart.id,
        total_minor=pricing.totals(cart.priced(), terms.delivery).total_minor,
        currency=terms.currency,
        lines=tuple(map(facts.told, cart.lines)),
    )


def remember_contacts(customer: CustomerRegistered | ContactsProven) -> None:
    """Keep what tells whether a guest's order is this customer's."""
    claims.remember(customer.customer_id, customer.contact_keys, customer.subject_version)


def go_on_after_delivery(told: OrderDelivered) -> None:
    order = orders.find(told.customer_id, told.order_id)
    completion.await_end(told, order)
    purchases.count(order)
    if order is None and told.guest:
        # Claimed meanwhile, it lies elsewhere; what is counted is then counted by the claim.
        order = orders.find_now(told.order_id)
    if order:
        gift_cards.issue(order, told.occurred_at)


def count_what_was_claimed(told: OrderClaimed) -> None:
    purchases.count(orders.find(told.customer_id, told.order_id))


def call_off(off: OrderCancelled) -> None:
    freed.tell(off)
    bookings.withdraw(off)


REACTIONS: consumer.Reactions = {
    CustomerRegistered: remember_contacts,
    MessageDue: proofs.check,
    PriceDropped: watches.tell,
    BackInStock: watches.tell,
    WatchersLeft: watches.go_on,
    ContactsProven: remember_contacts,
    ConsentChanged: visits.hear,
    CouponRulesChanged: coupons.keep,
    StandingChanged: standing.save,
    OrderDelivered: go_on_after_delivery,
    OrderCancelled: call_off,
    OrderReturned: freed.tell,
    OrderClaimed: count_what_was_claimed,
    ErasureRequested: repeats.pause,
    **erasing.REACTIONS,
}
DUE: Mapping[str, timers.Fire] = {
    store.ABANDONED: watch_cart,
    reviews.ASKING: reviews.ask,
    reminder.REMINDING: bookings.remind,
    recommendations.REMINDING: recommendations.remind,
    **gift_cards.DUE,
    **payments.DUE,
    **completion.DUE,
    **returns.DUE,
    **uncollected.DUE,
    **repeats.DUE,
}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume(event, context, REACTIONS, DUE)
