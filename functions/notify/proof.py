"""Proof: what changes by itself (a price, a cart) is sent only while it was known to be so lately.

Whatever held a letter up, the night, a queue or its provider: the capability that told of it is
asked again. Pure.
"""

from datetime import datetime, timedelta

from common import ids
from common.events.notify import MessageDue
from common.language import DEFAULT
from notify import letter
from notify.message import Message

# So long what was true when it was told, or proven, counts as true.
GOOD_FOR = timedelta(minutes=5)


def is_due(message: Message, known_at: datetime, now: datetime) -> bool:
    """Whether *message*, which was known to be so at *known_at*, must be proven before it goes."""
    return needs(message.letter) and known_at < now - GOOD_FOR


def needs(name: str) -> bool:
    """Whether what the letter *name* says can be proven, and so must be."""
    return bool(name) and letter.source(name, DEFAULT).proven


def morning(due: datetime) -> str:
    """The occasion on which a message is brought up that waits for *due*."""
    return f"due:{due.isoformat()}"


def lateness(known_at: datetime) -> str:
    """The occasion on which one is that was known to be so at *known_at*, and is late."""
    return f"known:{known_at.isoformat()}"


def asked(message: Message, customer_id: str, occasion: str, now: datetime) -> MessageDue:
    """What asks for another look at *message*, on *occasion*."""
    return MessageDue(
        id=ids.derived(message.id, occasion),
        occurred_at=now,
        customer_id=customer_id,
        message_id=message.id,
        letter=message.letter,
        claim=message.claim,
    )
