"""What is said to YooKassa, and what YooKassa says, in the shop's terms. Pure.

Sums are decimal strings there (https://yookassa.ru/developers/api#payment_object).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from orders.order.bill import Method, Status
from orders.payments import provider
from orders.payments.provider import Charge, Refund, Seen

# No customer can name a kept card: the API takes no token with a slash.
KEPT = "kept/"
STATUSES: Mapping[str, Status] = {
    "pending": Status.PENDING,
    "waiting_for_capture": Status.AUTHORISED,
    "succeeded": Status.CAPTURED,
    "canceled": Status.FAILED,
}
REFUNDS: Mapping[str, Refund] = {
    "pending": Refund.PENDING,
    "succeeded": Refund.MADE,
    "canceled": Refund.FAILED,
}

# It becomes a part of a path.
Id = Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]


class Amount(BaseModel):
    value: Annotated[Decimal, Field(decimal_places=2)]
    currency: str

    @property
    def minor(self) -> int:
        return int(self.value.scaleb(2))


class Metadata(BaseModel):
    """What the shop has YooKassa remember: of a payment its name, what was asked for, and whether
    its card is to be kept; of a refund its key."""

    reference: str = ""
    amount_minor: str = "0"
    keeps_card: str = ""
    key: str = ""


class Card(BaseModel):
    card_type: str
    last4: str
    expiry_year: str
    expiry_month: str


class PaymentMethod(BaseModel):
    id: str
    saved: bool = False
    card: Card | None = None


class Confirmation(BaseModel):
    """What the customer does next: goes to a page, or shows a QR code to their bank."""

    confirmation_url: str | None = None
    confirmation_data: str | None = None


class Cancellation(BaseModel):
    party: str


class Payment(BaseModel):
    """A payment (https://yookassa.ru/developers/api#payment_object)."""

    id: Id
    status: Literal["pending", "waiting_for_capture", "succeeded", "canceled"]
    amount: Amount
    metadata: Metadata = Field(default_factory=Metadata)
    refunded_amount: Amount | None = None
    confirmation: Confirmation | None = None
    payment_method: PaymentMethod | None = None
    cancellation_details: Cancellation | None = None

    def seen(self) -> Seen:
        """Once a part of what was held is taken, YooKassa knows no longer how much that was: what
        was asked for is in the metadata."""
        sum_of, is_taken = self.amount.minor, self.status == "succeeded"
        todo = self.confirmation or Confirmation()
        return Seen(
            self.metadata.reference,
            self._status(),
            max(sum_of, int(self.metadata.amount_minor)) if is_taken else sum_of,
            captured_minor=sum_of if is_taken else 0,
            refunded_minor=self.refunded_amount.minor if self.refunded_amount else 0,
            payment_url=todo.confirmation_url,
            qr_payload=todo.confirmation_data,
            card=self._kept(),
        )

    def _status(self) -> Status:
        by = self.cancellation_details
        return Status.VOID if by and by.party == "merchant" else STATUSES[self.status]

    def _kept(self) -> provider.Card | None:
        method = self.payment_method
        if not self.metadata.keeps_card or not method or not method.saved or not method.card:
            return None
        card = method.card
        expires = f"{card.expiry_year}-{card.expiry_month:0>2}"
        return provider.Card(KEPT + method.id, card.card_type, card.last4, expires)


class GivenBack(BaseModel):
    """A refund (https://yookassa.ru/developers/api#refund_object)."""

    status: Literal["pending", "succeeded", "canceled"]
    metadata: Metadata = Field(default_factory=Metadata)

    def seen(self) -> Refund:
        return REFUNDS[self.status]


class Page[M: BaseModel](BaseModel):
    """A part of a list (https://yookassa.ru/developers/using-api/lists)."""

    items: list[M]
    next_cursor: str | None = None


class Error(BaseModel):
    """Why YooKassa refused, without its words: they may repeat what was sent."""

    code: str = ""
    parameter: str = ""


class Told(BaseModel):
    """A notification (https://yookassa.ru/developers/using-api/webhooks)."""

    class About(BaseModel):
        id: Id
        payment_id: Id | None = None
        metadata: Metadata = Field(default_factory=Metadata)

    type: Literal["notification"]
    object: About

    @property
    def payment_id(self) -> str:
        """The payment that it is about, itself or by a refund."""
        return self.object.payment_id or self.object.id


def money(amount_minor: int, currency: str) -> dict[str, str]:
    return {"value": f"{Decimal(amount_minor).scaleb(-2):.2f}", "currency": currency}


def asked(charge: Charge, returns_to: str) -> dict[str, Any]:
    """The payment to be made. The bank's page, where there is one, sends on to *returns_to*."""
    known = {"reference": charge.reference, "amount_minor": str(charge.amount_minor)}
    # A card that is kept already is not to be kept twice.
    if charge.keep_card and not _is_kept(charge):
        known["keeps_card"] = "yes"
    return {
        "amount": money(charge.amount_minor, charge.currency),
        "capture": charge.at_once or charge.method is Method.SBP,
        "description": charge.reference,
        "metadata": known,
        **_means(charge, returns_to),
    }


def _is_kept(charge: Charge) -> bool:
    return (charge.token or "").startswith(KEPT)


def _means(charge: Charge, returns_to: str) -> dict[str, Any]:
    """Without a token YooKassa's own page asks for the card."""
    if charge.method is Method.SBP:
        return {"payment_method_data": {"type": "sbp"}, "confirmation": {"type": "qr"}}
    token = charge.token
    if token and _is_kept(charge):
        return {"payment_method_id": token.removeprefix(KEPT)}
    means = {"payment_token": token} if token else {"payment_method_data": {"type": "bank_card"}}
    page = {"type": "redirect", "return_url": returns_to}
    return {**means, "confirmation": page, "save_payment_method": charge.keep_card}
