"""Card numbers in what people write: masked before anything is stored or logged. Pure.

A card number is 13 to 19 digits whose last one is the Luhn check digit (ISO/IEC 7812), written
together or in groups. Numbers of other kinds (orders, parcels, telephones) stay readable unless
they happen to pass that check.
"""

import re
from itertools import accumulate

SHORTEST, LONGEST = 13, 19
LEFT_READABLE = 4
MASK = "•"

# Groups of digits with at most three spaces or dashes between one and the next.
_SERIES = re.compile(r"\d+(?:[\s\-\u2010-\u2015\u2212]{1,3}\d+)*")
_GROUP = re.compile(r"\d+")


def mask(text: str) -> str:
    """*text* with every card number reduced to its last four digits, as long as before."""
    hidden = {place for series in _SERIES.finditer(text) for place in _hidden(series)}
    return "".join(MASK if n in hidden else letter for n, letter in enumerate(text))


def _hidden(series: re.Match[str]) -> set[int]:
    """The places of the digits to hide: of every run of whole groups that is a card number."""
    groups = [(group.start(), group.group()) for group in _GROUP.finditer(series.group())]
    hidden: set[int] = set()
    for first in range(len(groups)):
        sizes = accumulate(len(digits) for _, digits in groups[first:])
        for last, size in enumerate(sizes, start=first + 1):
            if size > LONGEST:
                break
            run = groups[first:last]
            if size >= SHORTEST and _is_luhn("".join(digits for _, digits in run)):
                places = [start + n for start, digits in run for n in range(len(digits))]
                hidden.update(series.start() + place for place in places[:-LEFT_READABLE])
    return hidden


def _is_luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + n % 2) for n, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
