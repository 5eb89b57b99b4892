"""What is said to Stripe, and what Stripe says, in the shop's terms. Pure."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, Field

from orders.order.bill import Status
from orders.payments.provider import Card, Charge, Refund, Seen

EXPANDED = ["latest_charge", "payment_method"]
# Between a kept card's owner at Stripe and the card. No customer can name one: the API takes no
# token with a slash.
OF = "/"
STATUSES: Mapping[str, Status] = {
    "requires_payment_method": Status.FAILED,
    "requires_confirmation": Status.PENDING,
    "requires_action": Status.PENDING,
    "processing": Status.PENDING,
    "requires_capture": Status.AUTHORISED,
    "succeeded": Status.CAPTURED,
    "canceled": Status.VOID,
}
# Any other is not over yet.
REFUNDS: Mapping[str, Refund] = {
    "succeeded": Refund.MADE,
    "failed": Refund.FAILED,
    "canceled": Refund.FAILED,
}


class Metadata(BaseModel):
    """What the shop has Stripe remember of a payment."""

    reference: str = ""
    keeps_card: bool = False


class LatestCharge(BaseModel):
    amount_refunded: int


class CardDetails(BaseModel):
    brand: str
    last4: str
    exp_year: int
    exp_month: int


class PaymentMethod(BaseModel):
    id: str
    card: CardDetails | None = None


class Redirect(BaseModel):
    url: str


class Action(BaseModel):
    redirect_to_url: Redirect | None = None


class Intent(BaseModel):
    """A PaymentIntent (https://docs.stripe.com/api/payment_intents/object), with EXPANDED."""

    object: Literal["payment_intent"]
    id: str
    status: str
    amount: int
    amount_received: int
    metadata: Metadata
    customer: str | None = None
    latest_charge: LatestCharge | None = None
    payment_method: PaymentMethod | None = None
    next_action: Action | None = None

    def seen(self) -> Seen:
        action = self.next_action and self.next_action.redirect_to_url
        return Seen(
            self.metadata.reference,
            STATUSES[self.status],
            self.amount,
            captured_minor=self.amount_received,
            refunded_minor=self._refunded(),
            payment_url=action.url if action else None,
            card=self._card(),
        )

    def _refunded(self) -> int:
        """What went back; Stripe counts what was held and never taken among it."""
        if not self.latest_charge or not self.amount_received:
            return 0
        untaken = self.amount - self.amount_received
        return max(self.latest_charge.amount_refunded - untaken, 0)

    def _card(self) -> Card | None:
        method = self.payment_method
        if not self.metadata.keeps_card or not method or not method.card:
            return None
        card = method.card
        expires = f"{card.exp_year}-{card.exp_month:02}"
        return Card(f"{self.customer}{OF}{method.id}", card.brand, card.last4, expires)


class GivenBack(BaseModel):
    """A Refund (https://docs.stripe.com/api/refunds/object)."""

    class Metadata(BaseModel):
        key: str = ""

    status: str | None = None
    metadata: Metadata = Field(default_factory=Metadata)

    def seen(self) -> Refund:
        return REFUNDS.get(self.status or "", Refund.PENDING)


class Mentioned(BaseModel):
    """The PaymentIntent that an event is about."""

    object: Literal["payment_intent"]
    id: str
    metadata: Metadata


class Told(BaseModel):
    """An event (https://docs.stripe.com/api/events/object)."""

    class Data(BaseModel):
        object: Mentioned

    data: Data


def params(charge: Charge, customer: str | None, returns_to: str) -> dict[str, Any]:
    """The payment to be made. The bank's page, where it has one, sends on to *returns_to*."""
    of_customer = {"customer": customer} if customer else {}
    # A card that is kept already is not to be kept twice.
    keeps_card = charge.keep_card and OF not in (charge.token or "")
    keeps = {"setup_future_usage": "off_session"} if keeps_card else {}
    return {
        "amount": charge.amount_minor,
        "currency": charge.currency.lower(),
        "confirm": True,
        "capture_method": "automatic" if charge.at_once else "manual",
        "payment_method": (charge.token or "").rpartition(OF)[2],
        "payment_method_types": ["card"],
        "return_url": returns_to,
        "metadata": {"reference": charge.reference, "keeps_card": str(keeps_card).lower()},
        "expand": EXPANDED,
        **of_customer,
        **keeps,
    }
