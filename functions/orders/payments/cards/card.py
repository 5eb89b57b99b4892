"""A card that a customer lets the provider keep. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SavedCard:
    """*token* is the provider's; the shop never saw a number."""

    id: str
    customer_id: str
    token: str
    brand: str
    last4: str
    expires: str
    is_default: bool = False
