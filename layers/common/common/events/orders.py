"""What orders tells."""

from datetime import date

from pydantic import AwareDatetime, Field

from common import events
from common.events import Contract, Currency, Erased, Event, ExportPart


class EventLine(Contract):
    """One line of an order, as bought."""

    sku: str
    name_ru: str
    name_en: str
    quantity: int
    total_minor: int


class ClaimChecked(Event):
    """notify asked whether what a waiting message says still is so."""

    name = "orders.claim_checked.v1"

    customer_id: str
    message_id: str
    holds: bool


class CartAbandoned(Event):
    """A cart with goods was left alone for two hours."""

    name = "orders.cart_abandoned.v1"

    customer_id: str
    cart_id: str
    total_minor: int
    currency: Currency
    lines: tuple[EventLine, ...] = Field(max_length=60)


class GuestContactGiven(Event):
    """A guest placed an order, and said where to write to. `customer_id` is the guest's."""

    name = "orders.guest_contact_given.v1"
    contacts = True

    customer_id: str
    email: str | None
    phone: str | None
    language: str
    time_zone: str


class OrderEvent(Event):
    """What every event of an order carries. A `guest` has an id like a customer's, but no account:
    no points, no inbox."""

    customer_id: str
    order_id: str
    number: str
    guest: bool = False


class OrderPlaced(OrderEvent):
    """The goods are reserved and the order is the shop's to fulfil, once paid if it is
    `awaiting_payment`.

    `total_minor` is what is left to pay after the discount and points, of which the balance has
    paid `balance_minor`; `points_spent` are whole points. Services and gift cards are not
    `shipped`. `charged`: a kept card pays by itself what is awaited.
    """

    name = "orders.order_placed.v1"

    total_minor: int
    currency: Currency
    points_spent: int
    discount_minor: int = 0
    balance_minor: int = 0
    awaiting_payment: bool = False
    charged: bool = False
    shipped: bool = True
    lines: tuple[EventLine, ...] = Field(max_length=60)


class OrderPaid(OrderEvent):
    """What was to be paid before the shop begins is paid, or held for it by the bank."""

    name = "orders.order_paid.v1"

    amount_minor: int
    currency: Currency
    method: str
    shipped: bool = True


class PaymentFailed(OrderEvent):
    """The provider refused to pay for the order; another try may be made meanwhile."""

    name = "orders.payment_failed.v1"

    amount_minor: int
    currency: Currency


class OrderFailed(OrderEvent):
    """The shop failed to fulfil the order, and gives everything back."""

    name = "orders.order_failed.v1"


class RefundMade(OrderEvent):
    """Money goes back: `amount_minor` to where it came from, `balance_minor` to the balance."""

    name = "orders.refund_made.v1"

    amount_minor: int
    balance_minor: int
    currency: Currency


class OrderClaimed(OrderEvent):
    """A guest's order is in the account of `customer_id` now, who proved the guest's contact; it
    may be `over`: delivered or cancelled."""

    name = "orders.order_claimed.v1"

    over: bool = False


class OrderAssembling(OrderEvent):
    """The shop has begun to pack the order."""

    name = "orders.order_assembling.v1"


class Sent(Contract):
    """A parcel, by what its carrier knows it."""

    carrier: str
    tracking_number: str


class OrderShipped(OrderEvent):
    """The order is with the carrier, in one parcel or several; `tracking_number` is the first's."""

    name = "orders.order_shipped.v1"

    tracking_number: str
    parcels: tuple[Sent, ...] = Field(default=(), max_length=10)


class OrderReadyForPickup(OrderEvent):
    """The order waits at its pick-up point, whose address is `place`, and is kept there until
    `kept_until`."""

    name = "orders.order_ready_for_pickup.v1"

    point_id: str
    place: str
    kept_until: AwareDatetime


class OrderDelivered(OrderEvent):
    """The customer has the goods; or what was not `shipped` is done. `total_minor` is what was paid
    in money; `earning_minor` what of it earns points, all of it if that is not said: gift cards do
    not, what they pay for does."""

    name = "orders.order_delivered.v1"

    total_minor: int
    currency: Currency
    earning_minor: int | None = None
    shipped: bool = True


class OrderCompleted(OrderEvent):
    """The time to give things back is over: nothing more is to happen to the order."""

    name = "orders.order_completed.v1"


class OrderCancelled(OrderEvent):
    """The order is off: goods are back on the shelf, points back with the customer."""

    name = "orders.order_cancelled.v1"

    total_minor: int
    currency: Currency
    points_returned: int


class StatementRequested(Event):
    """A customer asked for a statement of their money from `first` to `last`, both days meant."""

    name = "orders.statement_requested.v1"

    customer_id: str
    first: date
    last: date


class DocumentIssued(Event):
    """An accounting document has its number, and its files are there. It is `about` an order, by
    the order's number, or about some days; `asked_for` where the customer waits for it."""

    name = "orders.document_issued.v1"

    customer_id: str
    document_id: str
    order_id: str | None
    kind: str
    number: str
    about: str
    asked_for: bool


class CustomerViewed(events.CustomerViewed):
    """A member of staff saw something of a customer's here: once an hour, each thing."""

    name = "orders.customer_viewed.v1"


class CustomerErased(Erased):
    """What orders had of a customer is erased."""

    name = "orders.customer_erased.v1"


class ErasureAnswered(Event):
    """Whether a customer may be erased: not while there are `obstacles`."""

    name = "orders.erasure_answered.v1"

    customer_id: str
    erasure_id: str
    round: int
    obstacles: tuple[str, ...]


class ExportPartReady(ExportPart):
    """What orders has of a customer lies ready for their export."""

    name = "orders.export_part_ready.v1"
