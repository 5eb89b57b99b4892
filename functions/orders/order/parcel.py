"""Parcels, and what their carriers tell of each. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from common.language import Text

# Of more than these only the newest are kept: so much is told of no parcel that arrives.
MOST_TIDINGS = 50
MOST_PARCELS = 10
# Who carries what staff named no carrier of.
USUAL_CARRIER = "post"


class Status(StrEnum):
    """Where a parcel is, on its way to the customer."""

    HANDED_OVER = "handed_over"
    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELIVERED = "delivered"


WORDS = {
    Status.HANDED_OVER: Text(ru="Передана в доставку", en="Handed over to the carrier"),
    Status.ACCEPTED: Text(ru="Принята перевозчиком", en="Accepted by the carrier"),
    Status.IN_TRANSIT: Text(ru="В пути", en="On its way"),
    Status.OUT_FOR_DELIVERY: Text(ru="Курьер уже едет к вам", en="Out for delivery"),
    Status.READY_FOR_PICKUP: Text(ru="Ждёт вас в пункте выдачи", en="Waiting for you to fetch it"),
    Status.DELIVERED: Text(ru="Вручена", en="Delivered"),
}


@dataclass(frozen=True, slots=True)
class Tiding:
    """What a carrier told: where the parcel was *at* a moment. *id* is the carrier's."""

    id: str
    status: Status
    at: datetime
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel of an order, its tidings in the order of their moments, however they came."""

    carrier: str
    tracking_number: str
    tidings: tuple[Tiding, ...] = ()

    @property
    def status(self) -> Status:
        """What its newest tiding says; what is delivered stays so."""
        told = [tiding.status for tiding in self.tidings]
        if Status.DELIVERED in told:
            return Status.DELIVERED
        return told[-1] if told else Status.HANDED_OVER

    @property
    def place(self) -> str | None:
        """Where it was seen last."""
        return next((x.place for x in reversed(self.tidings) if x.place), None)

    def noted(self, tiding: Tiding) -> "Parcel":
        """The parcel with *tiding*; the same where that is known, or too old to be kept."""
        if tiding.id in {known.id for known in self.tidings}:
            return self
        told = sorted((*self.tidings, tiding), key=lambda x: (x.at, x.id))
        return replace(self, tidings=tuple(told[-MOST_TIDINGS:]))


def noted(parcels: Iterable[Parcel], named: tuple[str, str], tiding: Tiding) -> tuple[Parcel, ...]:
    """*parcels*, the one *named* by carrier and number with *tiding*."""
    return tuple(
        parcel.noted(tiding) if (parcel.carrier, parcel.tracking_number) == named else parcel
        for parcel in parcels
    )
