"""The page behind the link at a letter's foot: it asks first, for machines follow links too."""

from common import pages
from common.language import Language, Text

# What a mail client posts by one click (RFC 8058).
ONE_CLICK = "List-Unsubscribe", "One-Click"
ASKED = Text(ru="Отписаться от писем?", en="Unsubscribe from these letters?")
ABOUT = Text(ru="Тема: «{topic}».", en="They are about: {topic}.")
BUTTON = Text(ru="Отписаться", en="Unsubscribe")
DONE = Text(ru="Вы отписались", en="You are unsubscribed")
SO_NOW = Text(
    ru="Писем на тему «{topic}» больше не будет. Передумаете — включите их в настройках аккаунта.",
    en="No more letters about: {topic}. If you change your mind, the settings of your account "
    "bring them back.",
)


def asking(topic: str, spoken: Language) -> str:
    words = ABOUT[spoken].format(topic=topic)
    return pages.render(spoken, ASKED[spoken], words, BUTTON[spoken], ONE_CLICK)


def done(topic: str, spoken: Language) -> str:
    return pages.render(spoken, DONE[spoken], SO_NOW[spoken].format(topic=topic))
