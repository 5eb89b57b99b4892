"""Rotation: a refresh token gives the next one; an old one used again ends its session."""

from datetime import datetime

from auth import store
from auth.session import ending
from auth.session.session import Session, Verdict, judge
from common import ids
from common.access import Role
from common.errors import Unauthorized
from common.events import Event
from common.events.sign_in import RefreshTokenReused
from common.logs import logger


def renewed(session_id: str, generation: int, at: datetime) -> Session:
    """The session, one generation on. Unauthorized when it is over or the token was reused.

    Called twice at once, or again after a lost answer, it gives the same generation.
    """
    session = store.rotate(session_id, generation, at)
    verdict = judge(session, generation, at)
    if session is None or verdict is Verdict.OVER:
        raise Unauthorized
    if verdict is Verdict.REUSED:
        logger.warning("refresh token reused", session_id=session.id)
        ending.revoke(session, at, *_alarm(session, at))
        raise Unauthorized
    return session


def _alarm(session: Session, at: datetime) -> list[Event]:
    if session.role is not Role.CUSTOMER:
        return []
    known = {"id": ids.new(at), "occurred_at": at, "session_id": session.id}
    return [RefreshTokenReused(customer_id=session.subject_id, **known)]
