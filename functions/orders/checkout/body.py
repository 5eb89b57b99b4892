"""What a checkout is asked with. Pure."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from common import api as shell
from common import fields, offers
from common.emails import Email
from common.errors import NotFound
from common.fields import Minor, OwnLine, Phone, Points
from common.language import Text
from orders.addresses.address import Address
from orders.delivery.quote import Offer
from orders.order.bill import Method
from orders.order.parts import Contact, Delivery

fields.REASONS["one_destination"] = Text(
    ru="Укажите одно из трёх: адрес, сохранённый адрес или расчёт доставки.",
    en="Name one of three: an address, a saved one, or a delivery quote.",
)
fields.REASONS["delivery_needed"] = Text(
    ru="Скажите, куда доставить заказ.", en="Say where the order is to go."
)
fields.REASONS["quote_needed"] = Text(
    ru="Сначала рассчитайте доставку: её стоимость зависит от места.",
    en="Ask for a delivery quote first: what it costs depends on the place.",
)
fields.REASONS["recipient_needed"] = Text(
    ru="Укажите, кто получит заказ.", en="Say who will receive the order."
)
fields.REASONS["some_contact"] = Text(
    ru="Укажите почту или телефон.", en="Give an e-mail address or a phone number."
)


class DeliveryBody(shell.Body):
    """Where to: an address as text, one of the address book, or the place of a delivery quote,
    which is needed to ship anything where the shop has rates by place, or a carrier."""

    recipient: OwnLine | None = None
    phone: Phone | None = None
    address: OwnLine | None = None
    address_id: Annotated[str, Field(pattern=shell.UUID)] | None = None
    quote_id: Annotated[str, Field(max_length=offers.LONGEST)] | None = None

    @model_validator(mode="after")
    def _names_one_destination(self) -> Self:
        if sum(x is not None for x in (self.address, self.address_id, self.quote_id)) != 1:
            raise PydanticCustomError("one_destination", "one destination is needed")
        if self.recipient is None and self.address_id is None:
            raise PydanticCustomError("recipient_needed", "who receives the order?")
        return self

    def delivery(self, entry: Address | None, offer: Offer | None) -> Delivery:
        """The order's delivery, to the *entry* or by the *offer* that the body names. Raise
        NotFound when the entry is not there."""
        if offer:
            to = self.recipient or "", self.phone, offer.address
            return offer.way.delivery(*to, offer.point_id)
        if self.address:
            return Delivery(self.recipient or "", self.phone, self.address)
        if entry is None:
            raise NotFound
        recipient, phone = self.recipient or entry.recipient, self.phone or entry.phone
        return Delivery(recipient, phone, entry.place.line())


class ContactBody(shell.Body):
    """Where a guest hears of the order."""

    email: Email | None = None
    phone: Phone | None = None

    @model_validator(mode="after")
    def _is_one_at_least(self) -> Self:
        if self.email is None and self.phone is None:
            raise PydanticCustomError("some_contact", "a contact is needed")
        return self

    def contact(self) -> Contact:
        return Contact(self.email, self.phone)


class CheckoutBody(shell.Body):
    """Prices are the shop's: a client sends none. `delivery` is needed where anything is shipped,
    which services and gift cards are not. One point is worth one unit of currency. A guest gives a
    `contact`; a customer's are known. The balance pays `balance_to_spend_minor`, all of the total
    at most, and `payment` the rest; `balance` as payment lets it pay all."""

    delivery: DeliveryBody | None = None
    payment: Method
    balance_to_spend_minor: Minor = 0
    points_to_spend: Points = 0
    contact: ContactBody | None = None
