"""Preferences: by topic, the channels that are on, and whether marketing is agreed to. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from common.errors import Problem
from common.language import Text
from notify.message import MARKETING, Channel, Topic

# Grows with every change of the words: a consent says which words it was given to.
TEXT_VERSION = "2026-11"
CONSENT = Text(
    ru="Я согласен получать от магазина сообщения на выбранные темы: о скидках, новинках, "
    "поздравления и напоминания. Отказаться можно в любой момент: в настройках или по ссылке "
    "в каждом письме.",
    en="I agree to receive messages of the shop about the topics I choose: offers, news, greetings "
    "and reminders. I can withdraw at any time, in the settings or by the link in each letter.",
)
TITLES = {
    Topic.ACCOUNT: Text(ru="Аккаунт", en="Account"),
    Topic.ORDERS: Text(ru="Заказы и доставка", en="Orders and delivery"),
    Topic.POINTS: Text(ru="Баллы", en="Points"),
    Topic.SUPPORT: Text(ru="Ответы поддержки", en="Answers of support"),
    Topic.CART: Text(ru="Забытая корзина", en="A cart left behind"),
    Topic.ALERTS: Text(ru="Товары, за которыми вы следите", en="Products that you watch"),
    Topic.PROMOTIONS: Text(ru="Акции и скидки", en="Offers and sales"),
    Topic.BIRTHDAY: Text(ru="Поздравления с днём рождения", en="Birthday greetings"),
    Topic.INACTIVITY: Text(ru="Напоминания, если вас давно не было", en="If you have been away"),
    Topic.NEWS: Text(ru="Новости магазина", en="News of the shop"),
    Topic.REVIEWS: Text(ru="Просьбы об отзыве", en="Requests for a review"),
}


class ConsentTextChanged(Problem):
    """The consent names other words than those that are shown now."""

    status = 409
    code = "consent_text_changed"
    title = Text(
        ru="Текст согласия обновился. Прочитайте его ещё раз, пожалуйста.",
        en="The words of the consent have changed. Please read them once more.",
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """Of one topic: which channels are on, and whether the customer agreed to it.

    Until somebody chooses about *push*, it is on where letters are.
    """

    consent: bool
    email: bool = True
    sms: bool = False
    push: bool | None = None

    @property
    def pushes(self) -> bool:
        return self.email if self.push is None else self.push

    @property
    def is_silent(self) -> bool:
        """Letters and texts are off: unless a device shows it, the message stays where it is."""
        return not (self.email or self.sms)

    def allows(self, channel: Channel) -> bool:
        return {Channel.EMAIL: self.email, Channel.SMS: self.sms}.get(channel, False)


@dataclass(frozen=True, slots=True)
class Preferences:
    """Version 0 is what holds for somebody who never chose."""

    version: int = 0
    choices: Mapping[Topic, Choice] = field(default_factory=dict)

    def of(self, topic: Topic) -> Choice:
        """What was chosen for *topic*; without a choice, e-mail for all but marketing that nobody
        asked for: who watches a product has agreed to hear of it."""
        return self.choices.get(topic, Choice(consent=topic not in MARKETING - {Topic.ALERTS}))

    def with_(self, choices: Mapping[Topic, Choice]) -> "Preferences":
        return replace(self, version=self.version + 1, choices={**self.choices, **choices})

    def consents_changed(self, after: "Preferences") -> dict[Topic, bool]:
        """The marketing topics that *after* agrees to and these do not, or the other way."""
        return {
            topic: after.of(topic).consent
            for topic in Topic
            if topic in MARKETING and after.of(topic).consent != self.of(topic).consent
        }

    def same_as(self, other: "Preferences") -> bool:
        return all(self.of(topic) == other.of(topic) for topic in Topic)


@dataclass(frozen=True, slots=True)
class Consent:
    """The proof of one yes or no: to what, in which words, when, from where."""

    id: str
    topic: Topic
    given: bool
    text_version: str
    at: datetime
    source: str
    network: str
