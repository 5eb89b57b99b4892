"""What people call an order, or what belongs to one. Pure."""

from uuid import UUID

from common import ids

# Crockford's base 32: no letter that could be taken for a digit or make a word.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_LETTERS = 6


def number(id_: str) -> str:
    """The month of an id and a few letters drawn from it.

    Two of a month may share one, seldom: things are found by number and id together.
    """
    bits = UUID(id_).int
    letters = (ALPHABET[bits >> 5 * n & 31] for n in reversed(range(NUMBER_LETTERS)))
    return f"{ids.made_at(id_):%y%m}-{''.join(letters)}"
