"""What an order is paid with, and what came of it. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum

from common.errors import Refusal
from common.language import Text


class Method(StrEnum):
    CARD = "card"
    SBP = "sbp"
    CASH = "cash_on_delivery"
    BALANCE = "balance"


class Status(StrEnum):
    """What is known of a payment. DUE: nobody was asked yet; VOID: nothing is owed or held."""

    DUE = "due"
    PENDING = "pending"
    AUTHORISED = "authorised"
    CAPTURED = "captured"
    FAILED = "failed"
    VOID = "void"


ONLINE = (Method.CARD, Method.SBP)
SBP_CURRENCY = "RUB"


class PaymentUnavailable(Refusal):
    """SBP, the Bank of Russia's Faster Payments System, moves roubles only."""

    code = "payment_unavailable"
    title = Text(
        ru="Через СБП платят только в рублях. Выберите другой способ оплаты.",
        en="SBP takes roubles only. Please choose another way to pay.",
    )


class PaidInAdvance(Refusal):
    """Cash is paid to whoever brings the goods, and nobody brings a gift card."""

    code = "paid_in_advance"
    title = Text(
        ru="Подарочные карты оплачивают сразу: курьера, который взял бы деньги, не будет. Выберите "
        "другой способ оплаты.",
        en="Gift cards are paid for in advance: no courier comes to take the cash. Please choose "
        "another way to pay.",
    )


def require_available(method: Method, currency: str) -> None:
    """Raise PaymentUnavailable where nothing can be paid by *method* in *currency*."""
    if method is Method.SBP and currency != SBP_CURRENCY:
        raise PaymentUnavailable


class MoreThanPaid(Refusal):
    """A refund of more than was paid and has not gone back yet; what paid for gift cards that are
    issued does not go back."""

    code = "more_than_paid"
    title = Text(
        ru="Столько вернуть нельзя: заплачено меньше, часть уже вернули или на неё выданы "
        "подарочные карты.",
        en="So much cannot go back: less was paid, part of it went back before, or gift cards were "
        "issued for it.",
    )


@dataclass(frozen=True, slots=True)
class Parts:
    """A sum that goes back: the part to where it came from, and the part to the balance."""

    source_minor: int
    balance_minor: int

    @property
    def total_minor(self) -> int:
        return self.source_minor + self.balance_minor

    def less(self, amount_minor: int) -> "Parts":
        """What is left of it without *amount_minor*, which the balance gives first."""
        balance = min(amount_minor, self.balance_minor)
        return Parts(self.source_minor - (amount_minor - balance), self.balance_minor - balance)


@dataclass(frozen=True, slots=True)
class Bill:
    """*amount_minor* is to be paid by *method*; *balance_minor* was paid from the balance of
    *payer_id* at checkout. The provider knows each *attempt* by a reference of its own; what went
    back is counted when it is promised, so it cannot be promised twice."""

    method: Method
    payer_id: str
    amount_minor: int
    balance_minor: int = 0
    status: Status = Status.DUE
    attempt: int = 0
    returned_minor: int = 0
    balance_returned_minor: int = 0

    @property
    def is_awaited(self) -> bool:
        """Whether the shop waits for the money before it begins."""
        return self.method in ONLINE and self.amount_minor > 0

    @property
    def is_paid(self) -> bool:
        """Whether all of it is the shop's."""
        return not self.amount_minor or self.status is Status.CAPTURED

    @property
    def shown(self) -> Status:
        """The status as it is shown: nothing is due where balance, points or a code paid all."""
        nothing = self.status is Status.DUE and not self.amount_minor
        return Status.CAPTURED if nothing else self.status

    @property
    def is_held(self) -> bool:
        """Whether the part of *amount_minor* that did not go back is the shop's, or held for it."""
        return self.status in (Status.AUTHORISED, Status.CAPTURED)

    @property
    def left(self) -> Parts:
        """What can go back still."""
        source = self.amount_minor - self.returned_minor if self.is_held else 0
        return Parts(source, self.balance_minor - self.balance_returned_minor)

    def asked(self) -> "Bill":
        """The provider is about to be asked: again under the same reference, unless that attempt
        is known to have failed."""
        if self.status is Status.PENDING:
            return self
        return replace(self, status=Status.PENDING, attempt=self.attempt + 1)

    def refund(self, amount_minor: int, kept_minor: int = 0) -> Parts:
        """How *amount_minor* goes back, first to where it came from, while *kept_minor* stays.
        Raise MoreThanPaid."""
        left = self.left
        most = max(left.total_minor - kept_minor, 0)
        if not 0 < amount_minor <= most:
            raise MoreThanPaid(most_minor=most)
        source = min(amount_minor, left.source_minor)
        return Parts(source, amount_minor - source)

    def returned(self, parts: Parts) -> "Bill":
        return replace(
            self,
            returned_minor=self.returned_minor + parts.source_minor,
            balance_returned_minor=self.balance_returned_minor + parts.balance_minor,
        )

    def shipped(self) -> "Bill":
        """What is held is taken now; there is nothing to take where all of it was given back."""
        nothing = self.status is Status.AUTHORISED and not self.left.source_minor
        return replace(self, status=Status.VOID) if nothing else self

    def called_off(self) -> "Bill":
        """Everything goes back. What the provider may still say of a pending payment decides
        later what becomes of that."""
        after = self.returned(self.left)
        keeps = self.status in (Status.PENDING, Status.CAPTURED)
        return after if keeps else replace(after, status=Status.VOID)
