"""Texts and sums in the customer's language: Russian or English."""

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    RU = "ru"
    EN = "en"


DEFAULT = Language.RU
NBSP = "\u00a0"
SYMBOLS = {"RUB": "₽", "EUR": "€", "USD": "$", "KZT": "₸", "BYN": "Br"}


@dataclass(frozen=True, slots=True)
class Text:
    """One text in every language the product speaks."""

    ru: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.ru if language is Language.RU else self.en


def money(language: Language, minor: int, currency: str) -> str:
    """`1 234,50 ₽` or `₽1,234.50`; whole sums go without their zeros."""
    whole, rest = divmod(abs(minor), 100)
    sum_ = f"{whole:,}" + (f".{rest:02}" if rest else "")
    sign, symbol = "-" if minor < 0 else "", SYMBOLS[currency]
    if language is Language.EN:
        return f"{sign}{symbol}{sum_}"
    return sign + sum_.replace(",", NBSP).replace(".", ",") + NBSP + symbol


def preferred(accept_language: str | None) -> Language:
    """The language a client asks for (RFC 9110 §12.5.4), of equal ones the first; the shop's own
    when it asks for none."""
    asked = map(_ranked, (accept_language or "").split(","))
    ranked = sorted(asked, key=lambda wish: wish[0], reverse=True)
    for quality, tag in ranked:
        if quality > 0 and tag in Language:
            return Language(tag)
    return DEFAULT


def _ranked(part: str) -> tuple[float, str]:
    tag, _, parameter = part.strip().lower().partition(";")
    try:
        quality = float(parameter.strip().removeprefix("q=") or 1)
    except ValueError:
        quality = 0.0
    return quality, tag.split("-")[0]
