"""What the site answers: pages with everything in them escaped, and the files they load."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from local.outbox import Message

HERE = Path(__file__).parent
TEMPLATES = Environment(
    loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
}
LONGEST_HEADING = 60
# A page loads nothing from elsewhere, and nobody frames it but the site itself.
STRICT = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
STRICT += "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
STRICT += "frame-ancestors 'none'"
# A letter runs nothing, loads nothing and belongs to no site, however it is opened.
LETTER = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
LETTER += "style-src 'unsafe-inline'; img-src data:; base-uri 'none'"


@dataclass(frozen=True)
class Answer:
    """One response, whole; *policy* is its Content-Security-Policy."""

    body: bytes = b""
    kind: str = KINDS[".html"]
    status: int = 200
    policy: str = STRICT
    headers: dict[str, str] = field(default_factory=dict)


def day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y, %H:%M}"


def when(sent_at: str) -> str:
    at = datetime.fromisoformat(sent_at)
    return f"{at.day} {at:%b, %H:%M}"


def span(ahead: timedelta) -> str:
    minutes = int(ahead.total_seconds()) // 60
    parts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "some seconds"


def heading(message: Message) -> str:
    """An SMS has no subject, so its beginning stands for it."""
    begin = message.text[:LONGEST_HEADING]
    return message.subject or (begin if begin == message.text else f"{begin}…")


TEMPLATES.filters |= {"day": day, "when": when, "span": span, "heading": heading}


def page(name: str, status: int = 200, policy: str = STRICT, **facts: Any) -> Answer:
    """The template *name*, filled."""
    text = TEMPLATES.get_template(f"{name}.html").render(facts)
    return Answer(text.encode(), status=status, policy=policy)


def trouble(status: int, what: str) -> Answer:
    """A page that tells in a sentence why there is nothing to see."""
    return page("trouble", status, what=what)


def document(found: object) -> Answer:
    text = json.dumps(found, ensure_ascii=False, indent=2)
    return Answer(text.encode(), KINDS[".json"])


def file(path: Path) -> Answer:
    return Answer(path.read_bytes(), KINDS[path.suffix])


def see(path: str) -> Answer:
    """Send the reader on, with GET."""
    return Answer(status=303, headers={"Location": path})
