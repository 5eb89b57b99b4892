"""The README's table of events: their names, their own words, and who consumes them."""

import re

from common.events import Event
from common.events.known import EVENTS
from local import documents, template

HEAD = "| Event | When | Consumed by |\n|---|---|---|"
CAPABILITIES = ("auth", "orders", "loyalty", "notify", "support", "insights")


def table() -> str:
    consumed = consumers()
    rows = [row(kind, consumed.get(name, set())) for name, kind in sorted(EVENTS.items())]
    return "\n".join([HEAD, *rows])


def row(kind: type[Event], by: set[str]) -> str:
    flag = " (sealed)" if kind.sealed else " (contacts)" if kind.contacts else ""
    listed = ", ".join(name for name in CAPABILITIES if name in by) or "–"
    return f"| `{kind.name}`{flag} | {words(kind)} | {listed} |"


def words(kind: type[Event]) -> str:
    """The first paragraph of what the event says of itself."""
    return " ".join((kind.__doc__ or "").split("\n\n")[0].split())


def consumers() -> dict[str, set[str]]:
    """The capabilities whose rules let each event through."""
    found: dict[str, set[str]] = {}
    for name, rule in template.resources(template.read(), "AWS::Events::Rule"):
        capability = re.findall("[A-Z][a-z]+", name)[0].lower()
        for event in rule["EventPattern"]["detail-type"]:
            found.setdefault(event, set()).add(capability)
    return found


if __name__ == "__main__":
    documents.place(documents.README, "events", table())
    print("wrote the table of events into README.md")
