"""The contracts on the bus: one class per event, its name written out in full.

Events carry ids, not people. The two exceptions are flagged: `contacts` (addresses, to notify
only) and `sealed` (a code or a link that KMS opens for notify only); neither may match a rule
that stores or logs events.
"""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

LARGEST_BYTES = 64 * 1024

type Currency = Literal["RUB", "EUR", "USD", "KZT", "BYN"]


class Contract(BaseModel):
    """A consumer ignores what it does not know, so that a producer may add fields."""

    # Built on first use: a function meets few of these kinds.
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Event(Contract):
    """A fact that has happened.

    `id` never repeats for another fact. `subject_version` grows with every change of what the
    event is about: a consumer that keeps state ignores an older one.
    """

    name: ClassVar[str]
    sealed: ClassVar[bool] = False
    contacts: ClassVar[bool] = False

    id: str
    occurred_at: AwareDatetime
    subject_version: int = 0


# auth


class RegistrationRequested(Event):
    """Somebody asked for an account; auth itself looks whether the address is free."""

    name = "auth.registration_requested.v1"

    registration_id: str


class RegistrationStarted(Event):
    """A free address is to be proven. `letter` seals {"email", "code"} for the registration."""

    name = "auth.registration_started.v1"
    sealed = True

    registration_id: str
    language: str
    letter: str


class RegistrationRepeated(Event):
    """Somebody asked for an account with the address of this customer."""

    name = "auth.registration_repeated.v1"

    customer_id: str


class CustomerRegistered(Event):
    """An account exists: its contact is proven and the customer is signed in."""

    name = "auth.customer_registered.v1"

    customer_id: str


class ContactChanged(Event):
    """The customer's contact points, all of them, as proven now."""

    name = "auth.contact_changed.v1"
    contacts = True

    customer_id: str
    email: str
    language: str
    time_zone: str


class SignedIn(Event):
    """A session of a customer began."""

    name = "auth.signed_in.v1"

    customer_id: str
    session_id: str


class StaffSignedIn(Event):
    """A session of a member of staff began."""

    name = "auth.staff_signed_in.v1"

    staff_id: str
    session_id: str


class RefreshTokenReused(Event):
    """A refresh token was used again, as after a theft: the customer's session is ended."""

    name = "auth.refresh_token_reused.v1"

    customer_id: str
    session_id: str


# orders


class EventLine(Contract):
    """One line of an order, as bought."""

    sku: str
    name_ru: str
    name_en: str
    quantity: int
    total_minor: int


class ProductChanged(Event):
    """A product came to be, or its words, price or category changed."""

    name = "orders.product_changed.v1"

    sku: str
    category: str
    name_ru: str
    name_en: str
    price_minor: int
    currency: Currency


class CartAbandoned(Event):
    """A cart with goods was left alone for two hours."""

    name = "orders.cart_abandoned.v1"

    customer_id: str
    cart_id: str
    total_minor: int
    currency: Currency
    lines: tuple[EventLine, ...] = Field(max_length=60)


class OrderEvent(Event):
    """What every event of an order carries."""

    customer_id: str
    order_id: str
    number: str


class OrderPlaced(OrderEvent):
    """The goods are reserved and the order is the shop's to fulfil.

    `total_minor` is what is left to pay after points; `points_spent` are whole points.
    """

    name = "orders.order_placed.v1"

    total_minor: int
    currency: Currency
    points_spent: int
    lines: tuple[EventLine, ...] = Field(max_length=60)


class OrderAssembling(OrderEvent):
    """The shop has begun to pack the order."""

    name = "orders.order_assembling.v1"


class OrderShipped(OrderEvent):
    """The parcel is with the carrier."""

    name = "orders.order_shipped.v1"

    tracking_number: str


class OrderDelivered(OrderEvent):
    """The customer has the goods. `total_minor` is what was paid in money."""

    name = "orders.order_delivered.v1"

    total_minor: int
    currency: Currency


class OrderCancelled(OrderEvent):
    """The order is off: goods are back on the shelf, points back with the customer."""

    name = "orders.order_cancelled.v1"

    total_minor: int
    currency: Currency
    points_returned: int


# loyalty


class PointsAccrued(Event):
    """Points were added to the customer's account, to be spent until `expires_on`."""

    name = "loyalty.points_accrued.v1"

    customer_id: str
    order_id: str
    number: str
    points: int
    expires_on: str


# notify


class MessageSent(Event):
    """A letter was handed to the provider."""

    name = "notify.message_sent.v1"

    customer_id: str | None
    message_id: str
    letter: str
    channel: str


# support


class TicketOpened(Event):
    """A customer asked for help."""

    name = "support.ticket_opened.v1"

    customer_id: str
    ticket_id: str
    number: str
    category: str
    order_id: str | None


class TicketAnswered(Event):
    """An agent answered: the customer can read it."""

    name = "support.ticket_answered.v1"

    customer_id: str
    ticket_id: str
    number: str


class TicketResolved(Event):
    """An agent thinks the customer is helped; a reply of the customer reopens the ticket."""

    name = "support.ticket_resolved.v1"

    customer_id: str
    ticket_id: str
    number: str


def _leaves(kind: type[Event]) -> list[type[Event]]:
    below = [leaf for child in kind.__subclasses__() for leaf in _leaves(child)]
    return below or [kind]


EVENTS: dict[str, type[Event]] = {kind.name: kind for kind in _leaves(Event)}
