"""Where provider and ledger differ. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from common.ledger import Posting
from orders.order.money_store import PROVIDER


@dataclass(frozen=True, slots=True)
class Difference:
    """What the provider keeps of a payment, and what the ledger says that it keeps."""

    reference: str
    provider_minor: int
    ledger_minor: int


def kept(postings: Iterable[Posting]) -> int:
    """What came from the provider, and did not go back."""
    legs = (leg for posting in postings for leg in posting.legs)
    return -sum(leg.amount for leg in legs if leg.account == PROVIDER)
