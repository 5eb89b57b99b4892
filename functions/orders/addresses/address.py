"""An entry of the customer's address book. Pure."""

from dataclasses import dataclass, replace
from typing import Any

from common.errors import Refusal
from common.language import Text

MOST_ADDRESSES = 20


class BookFull(Refusal):
    """The address book holds as many entries as it can."""

    code = "address_book_full"
    title = Text(
        ru="Сохранено уже 20 адресов — сначала удалите лишний.",
        en="There are 20 addresses saved: delete one first.",
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the map, as a carrier wants it told; *country* is an ISO 3166 code."""

    country: str
    city: str
    street: str
    house: str
    apartment: str | None = None
    postal_code: str | None = None

    def line(self) -> str:
        """The place in one line, from the large to the small."""
        parts = (self.postal_code, self.city, self.street, self.house, self.apartment)
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Address:
    """A place with the person who receives there; *version* counts changes."""

    id: str
    recipient: str
    phone: str | None
    place: Place
    comment: str | None
    version: int = 1

    def changed(self, place: dict[str, Any], others: dict[str, Any]) -> "Address":
        """This entry with other values of the place's fields and of its own."""
        moved = replace(self.place, **place)
        return replace(self, place=moved, version=self.version + 1, **others)
