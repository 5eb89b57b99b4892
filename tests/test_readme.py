"""What the README says of routes and events is so."""

import re
from pathlib import Path

from common.events import EVENTS
from local import openapi, template

README = (Path(__file__).parent.parent / "README.md").read_text()


def rows(pattern):
    return re.findall(pattern, README, re.MULTILINE)


def rules():
    """The capabilities that consume each event."""
    consumed: dict[str, set[str]] = {name: set() for name in EVENTS}
    for name, rule in template.resources(template.read(), "AWS::Events::Rule"):
        capability = re.match("[A-Z][a-z]+", name)[0].lower()
        for event in rule["EventPattern"]["detail-type"]:
            consumed[event].add(capability)
    return consumed


def test_every_event_is_listed_with_its_consumers():
    listed = rows(r"^\| `(\w+\.\w+\.v\d+)`(?: \((\w+)\))? \| .+ \| ([\w, –]+) \|$")

    assert {name: set(by.split(", ")) - {"–"} for name, _, by in listed} == rules()


def test_flagged_events_are_listed_as_such():
    flags = dict(rows(r"^\| `([\w.]+)`(?: \((\w+)\))? \|"))

    for name, kind in EVENTS.items():
        assert flags[name] == ("sealed" if kind.sealed else "contacts" if kind.contacts else "")


def test_routes_that_are_named_exist():
    served = openapi.document()["paths"]
    for verb, path in rows(r"`(GET|POST|PUT|DELETE) (/v1/[^`…]+)`"):
        assert verb.lower() in served[path], path


def test_capabilities_own_the_routes_they_are_listed_with():
    owners = {
        path: operation["tags"][0]
        for path, operations in openapi.document()["paths"].items()
        for operation in operations.values()
    }
    listed = dict(rows(r"^\| \[(\w+)\]\(functions/\w+\) \|(.*)$"))
    for path, owner in owners.items():
        prefixes = re.findall(r"`(/v1/[^`]+?)/?…?`", listed[owner])
        assert any(path.startswith(prefix) for prefix in prefixes), path


def test_events_are_told_of_in_their_own_words():
    told = dict(rows(r"^\| `(\w+\.\w+\.v\d+)`(?: \(\w+\))? \| (.+) \| [\w, –]+ \|$"))

    for name, kind in EVENTS.items():
        words = " ".join((kind.__doc__ or "").split("\n\n")[0].split())
        assert words.startswith(told[name]), name
