"""The tiers a customer has, and how far the next one is. Pure."""

from dataclasses import dataclass

from common.language import Text


@dataclass(frozen=True, slots=True)
class NextTier:
    """To the tier *code*, *left_minor* of spending are missing."""

    code: str
    name: Text
    left_minor: int

    def left_after(self, spent_minor: int) -> int:
        """What will be missing once *spent_minor* more are spent."""
        return max(0, self.left_minor - spent_minor)


@dataclass(frozen=True, slots=True)
class Standing:
    """The customer has *tiers*; *upper* is the next one, None at the highest."""

    tiers: frozenset[str] = frozenset()
    upper: NextTier | None = None


# A guest's, and a customer's of whom loyalty has not told.
UNKNOWN = Standing()
