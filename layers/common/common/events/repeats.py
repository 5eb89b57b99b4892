"""What orders tells of repeat deliveries."""

from datetime import date

from pydantic import Field

from common.events import Contract, Currency, Event
from common.events.orders import EventLine


class LeftOut(Contract):
    """A product that does not come, and why: `gone`, `out_of_stock` or `dearer` than was told."""

    name_ru: str
    name_en: str
    reason: str


class RepeatEvent(Event):
    """What every event of a repeat delivery carries; `next_on` is its next day."""

    customer_id: str
    repeat_id: str
    next_on: date
    left_out: tuple[LeftOut, ...] = Field(max_length=20)


class RepeatUpcoming(RepeatEvent):
    """Three days to a repeat delivery: what it will hold, at prices that it will not exceed."""

    name = "orders.repeat_upcoming.v1"

    lines: tuple[EventLine, ...] = Field(max_length=20)
    goods_minor: int
    currency: Currency


class RepeatFellShort(RepeatEvent):
    """A repeat delivery came without some of its products, or, where `number` is null, not at all:
    `hindrance` says why."""

    name = "orders.repeat_fell_short.v1"

    number: str | None
    hindrance: str | None
