"""How a payment is shown. Pure."""

from typing import Protocol

from common import api as shell
from common.language import Language
from orders.order.bill import Status
from orders.payments.charges import words
from orders.payments.provider import Seen


class PaymentView(shell.View):
    """A pending payment is made at `payment_url`, or by the QR code of `qr_payload`."""

    status: Status
    amount_minor: int
    currency: str
    payment_url: str | None
    qr_payload: str | None
    message: str
    what_next: str


class Paid(Protocol):
    """What was paid for: the bill of an order, or a top-up."""

    @property
    def status(self) -> Status: ...

    @property
    def amount_minor(self) -> int: ...


def payment_view(paid: Paid, currency: str, seen: Seen | None, language: Language) -> PaymentView:
    """*paid* with what its provider wants its customer to do, if anything."""
    pending = seen if paid.status is Status.PENDING else None
    return PaymentView(
        status=paid.status,
        amount_minor=paid.amount_minor,
        currency=currency,
        payment_url=pending.payment_url if pending else None,
        qr_payload=pending.qr_payload if pending else None,
        **words.told(paid.status, language, answered=seen is not None),
    )
