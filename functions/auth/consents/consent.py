"""Consents to data: one for each purpose, given to a text that was shown. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from common.errors import Problem
from common.language import Text


class Purpose(StrEnum):
    """What data may be used for, beside what the customer asks the shop to do."""

    PERSONALISATION = "personalisation"
    SEGMENTS = "segments"
    ANALYTICS = "analytics"


class ConsentNeeded(Problem):
    """`purpose` names the consent without which this may not be kept."""

    status = 409
    code = "consent_needed"
    title = Text(
        ru="Сначала разрешите использовать эти данные.",
        en="Please allow the use of these data first.",
    )


class ConsentTextChanged(Problem):
    """`text_version` is that of the text to be shown and agreed to now."""

    status = 409
    code = "consent_text_changed"
    title = Text(
        ru="Текст согласия обновился. Прочитайте его ещё раз.",
        en="The text of this consent has changed. Please read it again.",
    )


@dataclass(frozen=True, slots=True)
class Consent:
    """What a customer said last, and to which version of the text."""

    given: bool
    text_version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Wording:
    """What is asked. Whoever agreed to a version agreed to these very words: a change of them is
    another version, at the end of the list."""

    title: Text
    text: Text


WORDINGS: dict[Purpose, list[Wording]] = {
    Purpose.PERSONALISATION: [
        Wording(
            Text(ru="Личные рекомендации", en="Personal recommendations"),
            Text(
                ru="Магазин может учитывать, что я смотрю и покупаю, чтобы советовать мне товары. "
                "Отозвать согласие можно в любой момент: советы станут общими.",
                en="The shop may look at what I view and buy in order to recommend goods to me. "
                "I can withdraw this at any time: recommendations are then the same for everybody.",
            ),
        )
    ],
    Purpose.SEGMENTS: [
        Wording(
            Text(ru="Предложения по моим интересам", en="Offers that suit me"),
            Text(
                ru="Магазин может учитывать мой возраст, интересы и потребности, которые я указал, "
                "чтобы подбирать для меня предложения. Если я отзову согласие, потребности "
                "будут забыты, а возраст и интересы останутся только в моём профиле.",
                en="The shop may use my age, my interests and the needs that I have named to "
                "choose offers for me. If I withdraw this, the needs are forgotten, and age and "
                "interests stay in my profile only.",
            ),
        )
    ],
    Purpose.ANALYTICS: [
        Wording(
            Text(ru="Помощь в улучшении магазина", en="Help to improve the shop"),
            Text(
                ru="Магазин может изучать, как я пользуюсь сайтом и аккаунтом, чтобы делать их "
                "удобнее. Мои имя и контакты для этого не используются.",
                en="The shop may study how I use its site and my account in order to improve them. "
                "My name and contacts are not used for that.",
            ),
        )
    ],
}


def current_version(purpose: Purpose) -> int:
    return len(WORDINGS[purpose])


def decided(purpose: Purpose, given: bool, text_version: int, at: datetime) -> Consent:
    """The customer's decision. ConsentTextChanged unless what is agreed to is today's text.

    A consent may be withdrawn whatever version was shown.
    """
    current = current_version(purpose)
    if text_version > current or (given and text_version != current):
        raise ConsentTextChanged(text_version=current)
    return Consent(given, text_version, at)
