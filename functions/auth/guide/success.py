"""The first success of a customer: all is set up, and the first order placed. Pure."""

from datetime import datetime

from auth.guide import checklist
from auth.guide.standing import Standing
from common import ids
from common.events.auth import FirstSuccess


def of(known: Standing, at: datetime) -> FirstSuccess | None:
    """What to tell where this is it; None otherwise, and where it was told."""
    if not checklist.is_to_be_told(known):
        return None
    return FirstSuccess(
        id=ids.derived(known.profile.id, FirstSuccess.name),
        occurred_at=at,
        customer_id=known.profile.id,
    )
