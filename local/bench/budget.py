"""What an operation may cost, and the reason where it costs more.

The bounds suppose items of up to 550 bytes and nothing but the state itself. A reason names
the further rows; a test fails when a row of the table goes over its bound without one.
"""

from dataclasses import dataclass

from local.bench.meter import Cost


@dataclass(frozen=True)
class Bound:
    """Round trips, write units and read units; *reason* for what is beyond them."""

    trips: int
    write: int
    read: float
    reason: str = ""

    def holds(self, cost: Cost) -> bool:
        within = cost.trips <= self.trips and cost.write <= self.write
        return within and cost.read <= self.read


ATTEMPT = "the try is counted before the code is compared, so that guessing in parallel is bounded"
EVENT = "the event's row in the outbox"
ENVELOPE = (
    "claim, send, note: the claim keeps two deliveries from sending twice, the note and its"
    " event are one transaction; contact and preferences are read, so that no event carries an"
    " address and no message goes out that the customer does not want"
)
TRANSITION = "the record of the `Idempotency-Key` keeps the answer as it was, the order its history"
CONTENTS = (
    "as with 2 lines; the order, its event and the kept answer name every line, and are charged"
    " by KB"
)
LETTERS = (
    "auth.customer_registered.v1",
    "orders.order_placed.v1",
    "orders.order_shipped.v1",
    "orders.order_delivered.v1",
    "orders.order_cancelled.v1",
    "orders.cart_abandoned.v1",
    "orders.watched_price_dropped.v1",
    "loyalty.points_accrued.v1",
    "support.ticket_answered.v1",
)

BOUNDS = {
    "POST /v1/auth/registrations/{id}/confirm": Bound(
        1,
        5,
        0,
        f"{ATTEMPT}; the account and its login's copy; two events (registered, contact), each in"
        " the outbox",
    ),
    "POST /v1/auth/sign-in": Bound(
        2,
        1,
        1,
        f"{EVENT}; the session is listed in the account and in its login's copy, under the guard"
        " that the password is still the one just verified",
    ),
    "POST /v1/auth/refresh": Bound(1, 1, 0),
    "GET /v1/me": Bound(1, 0, 0.5, "read consistently: what was just changed is there"),
    "GET /v1/orders, 20 of them": Bound(
        1, 0, 1.5, "rows of 770 bytes, read consistently: an order just placed is on the page"
    ),
    "PUT /v1/cart/lines/{sku}, another": Bound(
        1, 1, 0, "product and cart are read first, in one trip: the answer tells stock and price"
    ),
    "PUT /v1/cart/lines/{sku}, other quantity": Bound(
        1, 1, 0, "product and cart are read first, in one trip: the answer tells stock and price"
    ),
    "POST /v1/checkout, 2 lines": Bound(
        2,
        10,
        1,
        "the record of the `Idempotency-Key`, which keeps the answer as it was (over 1 KB);"
        " the customer's session is checked with the cart, for money moves; the shop's rates are"
        " read too, for nobody goes around them",
    ),
    "POST /v1/checkout, 2 lines and points": Bound(
        2, 14, 1, "as above; the points account is read with the cart"
    ),
    # Two units a line, for its stock.
    "POST /v1/checkout, 1 line": Bound(2, 8, 1, CONTENTS),
    "POST /v1/checkout, 10 lines": Bound(2, 26, 1, CONTENTS),
    "POST /v1/checkout, 60 lines": Bound(2, 126, 1, CONTENTS),
    "GET /v1/products/{sku}": Bound(
        1, 0, 0.5, "read consistently: price and stock are those of this moment"
    ),
    # The names of the categories, and the products as they stand: the index is in memory.
    "GET /v1/search/products, 20 found by a word with a typo": Bound(2, 0, 21),
    "POST /v1/delivery-quotes": Bound(1, 0, 2),
    "PUT /v1/alerts/price-drop/{sku}": Bound(2, 6, 2),
    # Three events: of the change, of the lower price, and of the act of staff.
    "PATCH /v1/staff/products/{sku}, a lower price": Bound(2, 8, 1),
    # A page of watchers is one transaction: the note and the event of each.
    "`orders.price_dropped.v1` at OrdersConsumer, 10 watchers": Bound(3, 40, 2),
    "`orders.order_delivered.v1` at LoyaltyConsumer": Bound(1, 4, 0, EVENT),
    "GET /v1/loyalty": Bound(1, 0, 0.5, "read consistently: points just earned are there"),
    **{f"`{name}` at NotifyConsumer": Bound(1, 1, 0, ENVELOPE) for name in LETTERS},
}
