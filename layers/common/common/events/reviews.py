"""What orders tells of reviews."""

from typing import Literal

from pydantic import Field

from common.events import Contract, Event


class ReviewedLine(Contract):
    """A product that can be reviewed."""

    sku: str
    name_ru: str
    name_en: str


class ReviewWanted(Event):
    """An order was delivered some days ago, and of these `lines` nothing was said yet."""

    name = "orders.review_wanted.v1"

    customer_id: str
    order_id: str
    number: str
    lines: tuple[ReviewedLine, ...] = Field(max_length=60)


class ReviewEvent(Event):
    """What every event of a review carries: whose it is, and of which product."""

    customer_id: str
    review_id: str
    sku: str
    name_ru: str
    name_en: str


class ReviewPublished(ReviewEvent):
    """Staff have read a review, and everybody can."""

    name = "orders.review_published.v1"


class ReviewRejected(ReviewEvent):
    """Staff have read a review, and it is not shown."""

    name = "orders.review_rejected.v1"

    reason: Literal["rude", "advertising", "personal_data", "off_topic"]


class ReviewAnswered(ReviewEvent):
    """The shop said something to a review."""

    name = "orders.review_answered.v1"
