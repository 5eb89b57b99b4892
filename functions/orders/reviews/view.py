"""How reviews are shown."""

from pydantic import AwareDatetime

from common import api as shell
from common.language import Language
from orders.reviews.rating import Rating
from orders.reviews.review import REASONS, Answer, Reason, Review, State


class AnswerView(shell.View):
    """What the shop said."""

    text: str
    at: AwareDatetime


class PublicReviewView(shell.View):
    """A review as everybody sees it: of its writer, who bought the product, the first name that
    they chose to show, if any."""

    id: str
    rating: int
    text: str | None
    author: str | None
    written_at: AwareDatetime
    answer: AnswerView | None


class RatingView(shell.View):
    """`average` is null while there is no review; `stars` counts those of one star to five."""

    average: float | None
    count: int
    stars: list[int]


class PublicReviewPage(shell.View):
    rating: RatingView
    items: list[PublicReviewView]
    next_cursor: str | None


class ReviewView(shell.View):
    """A review as its writer sees it; `reason` and its words say why it is not published."""

    id: str
    sku: str
    name: str
    rating: int
    text: str | None
    author: str | None
    written_at: AwareDatetime
    state: State
    reason: Reason | None
    why: str | None
    answer: AnswerView | None


class ReviewPage(shell.View):
    items: list[ReviewView]
    next_cursor: str | None


class StaffReviewView(shell.View):
    """A review as staff see it: nothing tells whose it is. `version` goes with a decision."""

    id: str
    sku: str
    rating: int
    text: str | None
    author: str | None
    written_at: AwareDatetime
    state: State
    reason: Reason | None
    answer: AnswerView | None
    version: int


class StaffReviewPage(shell.View):
    items: list[StaffReviewView]
    next_cursor: str | None


def public(review: Review) -> PublicReviewView:
    return PublicReviewView(
        id=review.id,
        rating=review.rating,
        text=review.text,
        author=review.author,
        written_at=review.written_at,
        answer=_answer(review.answer),
    )


def rating(found: Rating) -> RatingView:
    stars = [found.stars[n] for n in sorted(found.stars)]
    return RatingView(average=found.average, count=found.count, stars=stars)


def own(review: Review, language: Language) -> ReviewView:
    return ReviewView(
        id=review.id,
        sku=review.sku,
        name=review.name[language],
        rating=review.rating,
        text=review.text,
        author=review.author,
        written_at=review.written_at,
        state=review.state,
        reason=review.reason,
        why=REASONS[review.reason][language] if review.reason else None,
        answer=_answer(review.answer),
    )


def staff(review: Review) -> StaffReviewView:
    return StaffReviewView(
        id=review.id,
        sku=review.sku,
        rating=review.rating,
        text=review.text,
        author=review.author,
        written_at=review.written_at,
        state=review.state,
        reason=review.reason,
        answer=_answer(review.answer),
        version=review.version,
    )


def _answer(answer: Answer | None) -> AnswerView | None:
    return AnswerView(text=answer.text, at=answer.at) if answer else None
