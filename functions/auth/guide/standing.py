"""How a customer's account stands, as far as the guide speaks of it. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from auth.account import Account
from auth.profile.profile import Profile


class Kind(StrEnum):
    """What may be open, by the section of the menu that counts it."""

    ORDERS = "orders"
    TICKETS = "tickets"
    INBOX = "inbox"


@dataclass(frozen=True, slots=True)
class Matter:
    """An order under way, a ticket, a message not read: whether it is open, as of its *version*."""

    kind: Kind
    id: str
    version: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Guide:
    """What is kept for the guide alone: steps `dismissed`, the whole checklist `hidden`, how many
    matters are open, and whether the first success was told. Every change raises the version."""

    version: int = 0
    dismissed: frozenset[str] = frozenset()
    hidden: bool = False
    is_open: Mapping[Kind, int] = field(default_factory=dict)
    has_succeeded: bool = False

    @property
    def has_ordered(self) -> bool:
        """An order is counted from the first one on, be it over or not."""
        return Kind.ORDERS in self.is_open

    def choosing(
        self, dismiss: Collection[str], restore: Collection[str], hidden: bool | None
    ) -> "Guide":
        """With those steps dismissed or back, and the checklist hidden or shown; None leaves it."""
        dismissed = (self.dismissed | set(dismiss)) - set(restore)
        return replace(self, dismissed=dismissed, hidden=self.hidden if hidden is None else hidden)


@dataclass(frozen=True, slots=True)
class Standing:
    profile: Profile
    account: Account
    guide: Guide
    notes: int

    def guided(self, guide: Guide) -> "Standing":
        return replace(self, guide=guide)
