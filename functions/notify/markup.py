"""The markup of letters: one line is one paragraph, and a first character may say more.

    words, **strong** words      a paragraph
    - left :: right              a row of a table: a product and its sum
    = 123456                     a code or number to copy
    [label](/path)               a button to a page of the shop
    ~ words                      a note, smaller
    {% for … %}, {% if … %}      Jinja, on lines of their own

It is turned into Jinja's source before any value is put in, so that a value can never become
markup: whatever a product is called, it is shown as it is called.
"""

import re
from dataclasses import dataclass

JINJA = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})")
STRONG = re.compile(r"\*\*(.+?)\*\*")
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of line, and what becomes of its parts; the macros are the layout's."""

    line: re.Pattern[str]
    html: str
    text: str


FORMS = (
    Form(re.compile(r"\{%.*%\}"), r"\g<0>", r"\g<0>"),
    Form(
        re.compile(r"- (.+) :: (.+)"),
        r"{% set _right %}\2{% endset %}{% call as_row(_right) %}\1{% endcall %}",
        r"\1 — \2",
    ),
    Form(re.compile(r"= (.+)"), r"{% call as_code() %}\1{% endcall %}", r"    \1"),
    Form(
        re.compile(r"\[(.+)\]\((/.*)\)"),
        r"{% set _url %}{{ shop.url }}\2{% endset %}{% call as_button(_url) %}\1{% endcall %}",
        r"\1: {{ shop.url }}\2",
    ),
    Form(re.compile(r"~ (.+)"), r"{% call as_note() %}\1{% endcall %}", r"\1"),
    Form(re.compile(r".+"), r"{% call as_paragraph() %}\g<0>{% endcall %}", r"\g<0>"),
)


def html(source: str) -> str:
    """*source* as a Jinja template of HTML, to stand inside the layout."""
    return "\n".join(_formed(_escaped(line), "html") for line in source.splitlines() if line)


def text(source: str) -> str:
    """*source* as a Jinja template of plain text."""
    return "\n".join(_formed(line, "text") for line in STRONG.sub(r"\1", source).splitlines())


def _formed(line: str, kind: str) -> str:
    for form in FORMS:
        if match := form.line.fullmatch(line):
            return match.expand(form.html if kind == "html" else form.text)
    return line


def _escaped(line: str) -> str:
    """*line* with its own words safe in HTML, strong ones marked, and Jinja left alone."""
    parts = JINJA.split(line)
    parts[::2] = [part.translate(ESCAPES) for part in parts[::2]]
    return STRONG.sub(r"<strong>\1</strong>", "".join(parts))
