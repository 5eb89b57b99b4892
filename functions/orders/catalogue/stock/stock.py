"""How much of a good there is, and where. Pure.

Staff count and move goods by place; orders take from the sum, wherever a parcel is packed. So a
place shows what was last counted and moved there, and the sum is exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from common.errors import Refusal
from common.language import Text

MAIN = "main"
MOST_PLACES = 50


class NoStock(Refusal):
    """Services and gift cards never run out."""

    code = "no_stock"
    title = Text(ru="У этого товара нет остатка.", en="This product has no stock.")


class TooFew(Refusal):
    """More would be taken away than there is to take."""

    code = "too_few"
    title = Text(ru="Столько здесь нет.", en="There is not so much here.")


class FewerThanReserved(Refusal):
    """What was counted does not cover the orders that wait to be packed."""

    code = "fewer_than_reserved"
    title = Text(
        ru="Посчитано меньше, чем уже заказано. Проверьте заказы в сборке.",
        en="Fewer were counted than are already ordered. Look at the orders being packed.",
    )


class TooManyPlaces(Refusal):
    code = "too_many_places"
    title = Text(ru="Мест хранения слишком много.", en="There are too many places.")


class MoveKind(StrEnum):
    COUNTED = "counted"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Move:
    """A change of stock by staff: what each place holds since a count, or by how much one place
    changed."""

    kind: MoveKind
    places: Mapping[str, int]
    reason: str
    staff_id: str


@dataclass(frozen=True, slots=True)
class Stock:
    """*reserved* is what open orders hold, *available* what can be sold."""

    places: Mapping[str, int]
    available: int
    reserved: int

    def after(self, move: Move) -> "Stock":
        """What *move* makes of it. Raise TooFew, FewerThanReserved, TooManyPlaces."""
        if move.kind is MoveKind.COUNTED:
            return self._counted(move.places)
        [(place, change)] = move.places.items()
        return self._moved(place, change)

    def _counted(self, places: Mapping[str, int]) -> "Stock":
        """Everything was counted, what waits to be packed as well."""
        available = sum(places.values()) - self.reserved
        if available < 0:
            raise FewerThanReserved(reserved=self.reserved)
        return replace(self, places=dict(places), available=available)

    def _moved(self, place: str, change: int) -> "Stock":
        there = self.places.get(place, 0) + change
        if there < 0 or self.available + change < 0:
            raise TooFew(available=self.available, there=self.places.get(place, 0))
        places = {**self.places, place: there}
        if len(places) > MOST_PLACES:
            raise TooManyPlaces(most_places=MOST_PLACES)
        return replace(self, places=places, available=self.available + change)
