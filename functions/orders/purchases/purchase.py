"""A purchase. Pure."""

from dataclasses import dataclass
from datetime import datetime

from common.language import Text


@dataclass(frozen=True, slots=True)
class Purchase:
    """A product that a customer was delivered, *times* orders of it from the *first* to the
    *last*."""

    sku: str
    name: Text
    times: int
    first: datetime
    last: datetime
