"""A review: what somebody says of a product that they bought. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from common.errors import Refusal
from common.language import Text

STARS = range(1, 6)


class State(StrEnum):
    """What was written, or written anew, waits until staff have read it."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REJECTED = "rejected"


class Reason(StrEnum):
    """Why a review is not published."""

    RUDE = "rude"
    ADVERTISING = "advertising"
    PERSONAL_DATA = "personal_data"
    OFF_TOPIC = "off_topic"


REASONS = {
    Reason.RUDE: Text(
        ru="В отзыве есть грубость или оскорбления.", en="The review is rude or insulting."
    ),
    Reason.ADVERTISING: Text(
        ru="В отзыве есть реклама или ссылки.", en="The review advertises, or has links in it."
    ),
    Reason.PERSONAL_DATA: Text(
        ru="В отзыве есть чьи-то личные данные.", en="The review tells somebody's personal data."
    ),
    Reason.OFF_TOPIC: Text(ru="Отзыв не о товаре.", en="The review is not about the product."),
}


class NotBought(Refusal):
    """Only who was delivered a product may say how it is."""

    code = "not_bought"
    title = Text(
        ru="Отзыв может оставить тот, кому мы доставили этот товар.",
        en="A product can be reviewed once it was delivered to you.",
    )


class ReviewChanged(Refusal):
    """What is decided about is not what stands; `version` is that of the review as it is now."""

    code = "review_changed"
    title = Text(
        ru="Отзыв изменился. Прочитайте его ещё раз.",
        en="The review has changed. Please read it again.",
    )


class NotPublished(Refusal):
    code = "not_published"
    title = Text(
        ru="Ответить можно только на опубликованный отзыв.",
        en="Only a published review can be answered.",
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What the shop says to a review."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """*author* is the first name that its writer chose to show, if any. *version* grows with every
    change; the *answer* is to the words that stand."""

    id: str
    customer_id: str
    sku: str
    name: Text
    rating: int
    text: str | None
    author: str | None
    written_at: datetime
    state: State = State.WAITING
    reason: Reason | None = None
    answer: Answer | None = None
    version: int = 1

    @property
    def is_published(self) -> bool:
        return self.state is State.PUBLISHED

    def rewritten(
        self, rating: int, text: str | None, author: str | None, at: datetime
    ) -> "Review":
        """The review in other words, which wait to be read; itself where they are the same."""
        if (rating, text, author) == (self.rating, self.text, self.author):
            return self
        return replace(
            self._next(State.WAITING),
            rating=rating,
            text=text,
            author=author,
            written_at=at,
            answer=None,
        )

    def decided(self, version: int, reason: Reason | None) -> "Review":
        """The review as published, or rejected for *reason*; itself where it is so already.

        ReviewChanged unless whoever decides has read the *version* that stands.
        """
        if version != self.version:
            raise ReviewChanged(version=self.version)
        to = State.REJECTED if reason else State.PUBLISHED
        if (to, reason) == (self.state, self.reason):
            return self
        return replace(self._next(to), reason=reason)

    def answered(self, text: str, at: datetime) -> "Review":
        """The review with the shop's answer; itself where that is said already. NotPublished."""
        if not self.is_published:
            raise NotPublished
        if self.answer and self.answer.text == text:
            return self
        return replace(self, answer=Answer(text, at), version=self.version + 1)

    def _next(self, state: State) -> "Review":
        return replace(self, state=state, reason=None, version=self.version + 1)


def moved(before: Review | None, after: Review | None) -> dict[int, int]:
    """What a change does to the counts of a product's published reviews, by stars."""
    change = dict.fromkeys(STARS, 0)
    if before and before.is_published:
        change[before.rating] -= 1
    if after and after.is_published:
        change[after.rating] += 1
    return {stars: by for stars, by in change.items() if by}
