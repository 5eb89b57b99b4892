"""Phone numbers, in the one form that the product knows: E.164, `+79991234567`.

Numbering plans come from Google's libphonenumber. It reads other scripts' digits, words for
letters and extensions too: none of these belongs in a login.
"""

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from common import fields
from common.language import Text

FORM = re.compile(r"\+?[0-9][0-9 ().\-\u2010-\u2013\u00a0]{3,30}")
# A block of ten thousand numbers: they are leased together, and pumped together.
LINE_DIGITS = 4

# A person's chat with a bot of Telegram's.
CHAT = re.compile(r"[1-9][0-9]{4,15}")

# As somebody types it: what it means depends on the shop's countries.
Typed = Annotated[str, Field(min_length=1, max_length=32)]

fields.REASONS["phone"] = Text(
    ru="Это не похоже на номер телефона.", en="This does not look like a phone number."
)
fields.REASONS["phone_not_served"] = Text(
    ru="На этот номер мы не можем отправить SMS. Укажите мобильный номер или почту.",
    en="We cannot send an SMS to this number. Give a mobile number or an e-mail address.",
)


def canonical(text: str, countries: Sequence[str]) -> str | None:
    """The number in E.164, or None where *text* is none that exists; one without a country's
    code is of the first of *countries*."""
    if not FORM.fullmatch(text.strip()):
        return None
    import phonenumbers

    try:
        number = phonenumbers.parse(text, countries[0])
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_served(number: str, countries: Sequence[str]) -> bool:
    """Whether codes are sent to *number*: a mobile one of one of *countries*, so neither a
    premium nor a toll-free one, by which senders of SMS are made to pay."""
    import phonenumbers
    from phonenumbers import PhoneNumberType

    parsed = phonenumbers.parse(number)
    mobile = PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE
    country = phonenumbers.region_code_for_number(parsed)
    return country in countries and phonenumbers.number_type(parsed) in mobile


def is_chat(text: str) -> bool:
    """Whether *text* could be the number of a chat with the shop's bot."""
    return CHAT.fullmatch(text) is not None


def block(number: str) -> str:
    """The numbers among which *number* lies."""
    return number[:-LINE_DIGITS]
