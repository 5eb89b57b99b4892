"""How parcels are shown. Pure."""

from pydantic import AwareDatetime

from common import api as shell
from common.language import Language
from orders.order import parcel


class TidingView(shell.View):
    status: parcel.Status
    at: AwareDatetime
    place: str | None


class ParcelView(shell.View):
    """Where a parcel is: `words` say its `status` to people, `place` is where it was seen last.
    `tidings` are what its carrier told, oldest first."""

    carrier: str
    tracking_number: str
    status: parcel.Status
    words: str
    place: str | None
    tidings: list[TidingView]


def parcel_view(one: parcel.Parcel, language: Language) -> ParcelView:
    return ParcelView(
        carrier=one.carrier,
        tracking_number=one.tracking_number,
        status=one.status,
        words=parcel.WORDS[one.status][language],
        place=one.place,
        tidings=[TidingView(status=x.status, at=x.at, place=x.place) for x in one.tidings],
    )
