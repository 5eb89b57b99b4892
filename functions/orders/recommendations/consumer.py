"""A fortnight after an order was delivered its customer is reminded of what goes with it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from common import ids, outbox, table, timers
from common.events.catalogue import ComplementSuggested
from common.events.notify import MessageDue
from orders.catalogue import store as catalogue
from orders.catalogue.product import Product
from orders.order import store as orders
from orders.order.order import Order
from orders.purchases import store as purchases
from orders.recommendations import ranking, store
from orders.visits import store as visits

REMINDED_AFTER = timedelta(days=14)
REMINDING = "complement_suggested"
MOST_CANDIDATES = 20


def timer(order: Order) -> table.Write:
    """The timer that reminds, for an order that was just delivered."""
    subject = {"customer_id": order.customer_id, "order_id": order.id}
    due = order.delivered_at + REMINDED_AFTER
    return timers.arm(timers.Timer(REMINDING, f"{order.id}#complement", due, subject))


def remind(due: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """Suggest the one product that goes best with the order, to who lets the shop look at what
    they buy."""
    order = orders.find(due.subject["customer_id"], due.subject["order_id"])
    if order is None or not visits.find(order.customer_id).are_kept:
        return []
    skus = [line.sku for line in order.lines[: store.MOST_LINES]]
    ranked = ranking.together(dict.fromkeys(skus, 1.0), store.find(skus))
    best = _best(order.customer_id, ranked[:MOST_CANDIDATES])
    return [outbox.row(_suggested(order, best, now))] if best else []


def still_fits(due: MessageDue) -> bool:
    """Whether the product can still be bought, was not bought meanwhile, and may be suggested."""
    kept = visits.find(due.customer_id).are_kept
    return kept and _best(due.customer_id, [str(due.claim["sku"])]) is not None


def _best(customer_id: str, ranked: Sequence[str]) -> Product | None:
    """The first of *ranked* that can be bought, and that the customer does not have."""
    if not ranked:
        return None
    owned = table.get_many(*(purchases.key(customer_id, sku) for sku in ranked))
    missing = [sku for sku, row in zip(ranked, owned, strict=True) if row is None]
    sold = catalogue.find_many(missing)
    offered = [sold[s] for s in missing if s in sold and ranking.can_be_offered(sold[s])]
    return offered[0] if offered else None


def _suggested(order: Order, product: Product, now: datetime) -> ComplementSuggested:
    return ComplementSuggested(
        id=ids.derived(order.id, REMINDING),
        occurred_at=now,
        customer_id=order.customer_id,
        order_id=order.id,
        number=order.number,
        sku=product.sku,
        name_ru=product.name.ru,
        name_en=product.name.en,
    )
