"""A top-up: money that a customer puts on their balance. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime

from common import ids, ledger
from common.events.wallet import WalletToppedUp
from orders.order.bill import Method, Status
from orders.order.money_store import PROVIDER
from orders.payments.provider import TOP_UP, Charge, Seen
from orders.wallet.transaction import Kind, Transaction


@dataclass(frozen=True, slots=True)
class TopUp:
    id: str
    customer_id: str
    method: Method
    amount_minor: int
    currency: str
    at: datetime
    status: Status = Status.PENDING

    @property
    def reference(self) -> str:
        return f"{TOP_UP}.{self.customer_id}.{self.id}"

    def charge(self, token: str | None) -> Charge:
        asked = self.reference, self.method, self.amount_minor, self.currency, token
        return Charge(*asked, at_once=True)

    def settled(self, seen: Seen) -> "TopUp | None":
        """The top-up as its provider saw it end; None while there is nothing to settle."""
        if self.status is not Status.PENDING or seen.status is Status.PENDING:
            return None
        paid = seen.status is Status.CAPTURED and seen.amount_minor == self.amount_minor
        return replace(self, status=Status.CAPTURED if paid else Status.FAILED)

    def posting(self, at: datetime) -> ledger.Posting:
        lots = {ledger.NEVER: self.amount_minor}
        legs = ledger.transfer(PROVIDER, ledger.money_of(self.customer_id), lots)
        memo = {"reference": self.reference}
        return ledger.Posting(ids.derived(self.id, "top-up"), "top_up", at, legs, memo)

    def transaction(self, at: datetime) -> Transaction:
        sum_of = self.amount_minor, self.currency
        shown = Kind.TOP_UP, self.method.value, *sum_of, at
        return Transaction(ids.at(at, self.id, "top-up"), self.customer_id, *shown)

    def fact(self, at: datetime) -> WalletToppedUp:
        return WalletToppedUp(
            id=ids.derived(self.id, WalletToppedUp.name),
            occurred_at=at,
            customer_id=self.customer_id,
            amount_minor=self.amount_minor,
            currency=self.currency,
        )
