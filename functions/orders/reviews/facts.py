"""What the shop tells of a review that changed. Pure."""

from datetime import datetime

from common import ids
from common.events.reviews import ReviewAnswered, ReviewEvent, ReviewPublished, ReviewRejected
from orders.reviews.review import Review, State


def decided(review: Review, at: datetime) -> ReviewEvent:
    """The event of a review that was just published or rejected."""
    if review.state is State.PUBLISHED:
        return _told(ReviewPublished, review, at)
    return _told(ReviewRejected, review, at, reason=review.reason)


def answered(review: Review, at: datetime) -> ReviewEvent:
    return _told(ReviewAnswered, review, at)


def _told[E: ReviewEvent](kind: type[E], review: Review, at: datetime, **more: object) -> E:
    known = {
        "id": ids.derived(review.id, f"{kind.name}#{review.version}"),
        "occurred_at": at,
        "subject_version": review.version,
        "customer_id": review.customer_id,
        "review_id": review.id,
        "sku": review.sku,
        "name_ru": review.name.ru,
        "name_en": review.name.en,
    }
    return kind.model_validate(known | more)
