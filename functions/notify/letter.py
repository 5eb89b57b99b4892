"""Letters: an event and a file in `letters/` for each language make one.

A file is named `<event>.<language>.md`, or `<event>.<variant>.<language>.md` where an event has
several letters. It opens with a header (`subject`, `class`, `topic` where its event does not
say it, `push` where devices show it: the words below the subject, and `proven: yes` where the
event's capability says, once it has waited, whether it still is so); after an empty line follows
the body, in the markup of notify.markup. Subject, push and body may name the event's fields,
`shop.name`, `shop.url`, `zone` (the customer's), and the filters of notify.wording.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from common.language import DEFAULT, Language, Text
from notify import markup, wording
from notify.message import Kind, Topic, first_line

FOLDER = Path(__file__).parent / "letters"
EVENT = re.compile(r"\w+\.\w+\.v\d+")
BODY = "<!-- body -->"
CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
FOOTER = Text(
    ru="Это письмо отправил магазин {{ shop.name }}. Отвечать на него не нужно.",
    en="This letter was sent by {{ shop.name }}. There is no need to reply.",
)


LEAVE = Text(ru="Отписаться от таких писем", en="Unsubscribe from letters like this")
# What a letter is about, where its file does not say so: by capability, or by occasion.
TOPICS = {
    "auth": Topic.ACCOUNT,
    "orders": Topic.ORDERS,
    "loyalty": Topic.POINTS,
    "support": Topic.SUPPORT,
}
OCCASIONS = {
    "auth.birthday_reached.v1": Topic.BIRTHDAY,
    "auth.customer_inactive.v1": Topic.INACTIVITY,
}


@dataclass(frozen=True, slots=True)
class Shop:
    """Who writes: its name, and its public address without a slash at the end."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Source:
    """A letter's file, read."""

    kind: Kind
    topic: Topic | None
    subject: str
    body: str
    proven: bool
    push: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it will be read; `text` are its bare words, as the inbox shows them.

    `unsubscribe` is the address that ends letters like it, where one can be had; `push` is what
    devices show below the subject, if they show it.
    """

    kind: Kind
    topic: Topic | None
    subject: str
    text: str
    footer: str
    html: str
    unsubscribe: str = ""
    push: str = ""

    @property
    def plain(self) -> str:
        """The whole letter for a client that shows no HTML."""
        leave = f"\n{self.unsubscribe}" if self.unsubscribe else ""
        return f"{self.text}\n\n--\n{self.footer}{leave}\n"

    def notice(self, shop: Shop, path: str = "/inbox") -> str:
        """The letter in one line, for an SMS: what it is about, and where all of it is."""
        return f"{shop.name}: {self.subject}. {shop.url}{path}"


def names() -> set[str]:
    """The letters there are: each is an event's name, with a variant where it has several."""
    return {path.name.rsplit(".", 2)[0] for path in FOLDER.glob("*.md")}


def events() -> set[str]:
    """The events that have a letter."""
    return {EVENT.match(name)[0] for name in names()}  # type: ignore[index] # each begins so


@cache
def source(name: str, language: Language) -> Source:
    file = FOLDER / f"{name}.{language}.md"
    head, _, body = file.read_text(encoding="utf-8").partition("\n\n")
    header = dict(line.split(": ", 1) for line in head.splitlines())
    kind = Kind(header["class"])
    topic = Topic(header["topic"]) if "topic" in header else _topic(name, kind)
    return Source(
        kind, topic, header["subject"], body.strip(), "proven" in header, header.get("push", "")
    )


def kind(name: str) -> Kind:
    """The class of the letter *name*, which is the same in every language."""
    return source(name, DEFAULT).kind


def _topic(name: str, kind: Kind) -> Topic | None:
    if kind is Kind.SECURITY:
        return None
    if kind is Kind.MARKETING:
        return OCCASIONS.get(name, Topic.PROMOTIONS)
    return TOPICS[name.partition(".")[0]]


def render(
    name: str,
    language: Language,
    facts: Mapping[str, Any],
    shop: Shop,
    zone: ZoneInfo,
    unsubscribe: str = "",
) -> Letter:
    """The letter *name*, telling *facts*. A field that it names and *facts* lack is an error."""
    written = source(name, language)
    known = {**facts, "shop": shop, "zone": zone}
    templates = _templates(name, language)
    subject, words, footer, push = (
        templates[part].render(known).strip() for part in ("subject", "text", "footer", "push")
    )
    text = re.sub(r"\n{3,}", "\n\n", words)
    page = {"language": language, "subject": subject, "preview": first_line(text)}
    page |= {"footer": footer, "unsubscribe": unsubscribe, "leave": LEAVE[language]}
    html = templates["html"].render({**known, "page": page})
    return Letter(written.kind, written.topic, subject, text, footer, html, unsubscribe, push)


@cache
def _templates(name: str, language: Language) -> dict[str, Template]:
    """The letter's parts, compiled once a process."""
    written = source(name, language)
    layout = (FOLDER / "layout.html").read_text(encoding="utf-8")
    plain = {
        "subject": written.subject,
        "text": markup.text(written.body),
        "footer": FOOTER[language],
        "push": written.push,
    }
    words, html = _environment(language, escaping=False), _environment(language, escaping=True)
    compiled = {part: words.from_string(text) for part, text in plain.items()}
    whole = layout.replace(BODY, markup.html(written.body))
    return compiled | {"html": html.from_string(whole)}


def _environment(language: Language, *, escaping: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        autoescape=escaping,
        undefined=StrictUndefined,
        finalize=_one_line,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= wording.filters(language)
    return environment


def _one_line(value: Any) -> Any:
    """A value brings no line of its own, neither into a subject nor into the plain text."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return CONTROLS.sub(" ", value)
    return value
