"""A guest's token in a request's body, by which a customer takes over what the guest had. Pure."""

from datetime import datetime

from common import fields, guests
from common.errors import Invalid, Unauthorized
from common.language import Text

LONGEST = 128

fields.REASONS["unknown_guest"] = Text(
    ru="Такого гостя нет: ключ неверный или устарел.",
    en="There is no such guest: the token is wrong or too old.",
)


def guest_id(token: str, at: datetime) -> str:
    """Whose token it is. Invalid unless it is genuine and current."""
    try:
        return guests.identify(token, at)
    except Unauthorized as unknown:
        error = {"field": "body.guest_token", "code": "unknown_guest"}
        raise Invalid(errors=[error]) from unknown
