"""What the README says of routes and events is so."""

import re

from local import contracts, documents, openapi

README = documents.README.read_text()


def rows(pattern):
    return re.findall(pattern, README, re.MULTILINE)


def test_every_event_is_listed_in_its_own_words_with_its_consumers():
    assert documents.placed(documents.README, "events") == contracts.table(), "run `make openapi`"


def test_routes_that_are_named_exist():
    served = openapi.document()["paths"]
    for verb, path in rows(r"`(GET|POST|PUT|PATCH|DELETE) (/v1/[^`…]+)`"):
        assert verb.lower() in served[path], path


def test_capabilities_own_the_routes_they_are_listed_with():
    owners = {
        path: operation["tags"][0]
        for path, operations in openapi.document()["paths"].items()
        for operation in operations.values()
    }
    listed = dict(rows(r"^\| \[(\w+)\]\(functions/\w+\) \|(.*)$"))
    for path, owner in owners.items():
        prefixes = re.findall(r"`(/(?:v1|\.well-known)/[^`]*?)/?…?`", listed[owner])
        assert any(path.startswith(prefix) for prefix in prefixes), path
