"""What staff say of where an order goes. Pure."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from common import api as shell
from common import fields
from common.fields import Line
from common.language import Text
from orders.order.order import State
from orders.order.parcel import MOST_PARCELS, USUAL_CARRIER, Parcel

CARRIER = r"^[a-z0-9-]{2,40}$"

type Goal = Literal[
    State.ASSEMBLING,
    State.SHIPPED,
    State.READY_FOR_PICKUP,
    State.DELIVERED,
    State.CANCELLED,
    State.UNCOLLECTED,
    State.RETURNED,
]
TrackingNumber = Annotated[Line, Field(max_length=64)]
Carrier = Annotated[str, StringConstraints(pattern=CARRIER)]

fields.REASONS["tracking_by_state"] = Text(
    ru="Трек-номер или посылки нужны для отправленного заказа, и только для него.",
    en="A tracking number, or parcels, come with a shipped order, and only then.",
)


class ParcelBody(shell.Body):
    """A parcel, by what its carrier knows it."""

    carrier: Carrier = USUAL_CARRIER
    tracking_number: TrackingNumber


class TransitionBody(shell.Body):
    """With `shipped`, and only then, comes the `tracking_number` of the one parcel that went by
    the usual carrier, or `parcels`."""

    to: Goal
    tracking_number: TrackingNumber | None = None
    parcels: Annotated[tuple[ParcelBody, ...], Field(max_length=MOST_PARCELS)] = ()

    @model_validator(mode="after")
    def _is_tracked_when_shipped(self) -> Self:
        if bool(self.tracking_number) + bool(self.parcels) != (self.to is State.SHIPPED):
            raise PydanticCustomError("tracking_by_state", "shipped and tracked go together")
        return self

    @model_validator(mode="after")
    def _names_each_parcel_once(self) -> Self:
        if len(set(self.packed())) < len(self.packed()):
            raise PydanticCustomError("named_twice", "the same parcel comes twice")
        return self

    def packed(self) -> tuple[Parcel, ...]:
        """The parcels that the body names."""
        if self.tracking_number:
            return (Parcel(USUAL_CARRIER, self.tracking_number),)
        return tuple(Parcel(one.carrier, one.tracking_number) for one in self.parcels)
