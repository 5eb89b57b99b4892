"""Whether what a waiting message says of carts and products still is so."""

from collections.abc import Callable, Mapping

from common import ids, outbox, table
from common.events.catalogue import ComplementSuggested, WatchedBackInStock, WatchedPriceDropped
from common.events.notify import MessageDue
from common.events.orders import CartAbandoned, ClaimChecked
from common.events.reviews import ReviewWanted
from orders.cart import store as cart
from orders.catalogue import store as catalogue
from orders.recommendations import consumer as recommendations
from orders.reviews import consumer as reviews
from orders.watches import consumer as watches


def check(due: MessageDue) -> None:
    """Answer notify, if it is for orders to say."""
    if due.letter not in PROOFS:
        return
    event = ClaimChecked(
        id=ids.derived(due.id, "claim_checked"),
        occurred_at=due.occurred_at,
        customer_id=due.customer_id,
        message_id=due.message_id,
        holds=PROOFS[due.letter](due),
    )
    table.apply(outbox.row(event))


def _cart_is_open(due: MessageDue) -> bool:
    found = cart.find(due.customer_id)
    return bool(found.lines) and found.id == due.claim["cart_id"]


def _costs_less(due: MessageDue) -> bool:
    product = catalogue.find(str(due.claim["sku"]))
    return watches.still_costs(product, int(due.claim["new_minor"] or 0))


def _is_there(due: MessageDue) -> bool:
    return watches.can_be_bought(catalogue.find(str(due.claim["sku"])))


PROOFS: Mapping[str, Callable[[MessageDue], bool]] = {
    CartAbandoned.name: _cart_is_open,
    WatchedPriceDropped.name: _costs_less,
    WatchedBackInStock.name: _is_there,
    ReviewWanted.name: reviews.still_wanted,
    ComplementSuggested.name: recommendations.still_fits,
}
