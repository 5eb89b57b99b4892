"""Pages behind links in letters: they ask first, for machines follow links too."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path as InPath

from common.language import Language

if TYPE_CHECKING:
    from jinja2 import Template

POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
ANSWER: dict[int, Any] = {200: {"description": "A page for people", "content": {"text/html": {}}}}

# The token of such a link, in its path.
Token = Annotated[str, InPath(pattern="^[a-z0-9-]{1,100}$")]


def render(
    spoken: Language,
    title: str,
    words: str,
    button: str = "",
    field: tuple[str, str] | None = None,
) -> str:
    """A page of few words; with a *button*, which posts *field* to where the page is."""
    known = {"language": spoken, "title": title, "words": words, "button": button, "field": field}
    return _template().render(known)


def answer(html: str) -> Response[str]:
    policy = {"Content-Security-Policy": POLICY}
    return Response(200, "text/html; charset=utf-8", html, headers=dict(policy))


def without_form(event: dict[str, Any], prefix: str) -> dict[str, Any]:
    """*event* without the form that the button of a page at *prefix* posts: it says nothing that
    the path does not."""
    if event.get("rawPath", "").startswith(prefix):
        return {name: value for name, value in event.items() if name != "body"}
    return event


@cache
def _template() -> "Template":
    from jinja2 import Environment

    source = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")
    return Environment(autoescape=True).from_string(source)
