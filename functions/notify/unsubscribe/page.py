"""The page behind the link at a letter's foot: it asks first, for machines follow links too."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from common.language import Language, Text

if TYPE_CHECKING:
    from jinja2 import Template

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
    return _page(spoken, ASKED, ABOUT[spoken].format(topic=topic), BUTTON[spoken])


def done(topic: str, spoken: Language) -> str:
    return _page(spoken, DONE, SO_NOW[spoken].format(topic=topic), "")


def _page(spoken: Language, title: Text, words: str, button: str) -> str:
    known = {"language": spoken, "title": title[spoken], "words": words, "button": button}
    return _template().render(known)


@cache
def _template() -> "Template":
    from jinja2 import Environment

    source = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")
    return Environment(autoescape=True).from_string(source)
