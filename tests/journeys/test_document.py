"""The deployed API against its own document, asked by schemathesis whatever it can think of."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from local import demo, examples, http, journey, openapi

SEED = 20261123
SECONDS = 90
PATIENCE_SECONDS = 30
# Cursors, days and what goes with what are rules that a schema cannot say.
BEYOND_SCHEMAS = "positive_data_acceptance"
# Ann and Bob may not see each other's things. Whoever signs out, or ends a session, is used up:
# those routes have a caller of their own. What no answer leads to is named.
SETTINGS = """
hooks = "gateway"
[auth.wfc]
path = "people.json"
peers = ["ann", "bob"]
[[operations]]
include-path = "/v1/auth/sign-out"
headers = {{ Authorization = "Bearer {leaver}" }}
[[operations]]
include-path-regex = "^/v1/auth/sessions/"
headers = {{ Authorization = "Bearer {leaver}" }}
[[operations]]
include-path-regex = "^/v1/staff/"
headers = {{ Authorization = "Bearer {manager}" }}
[[operations]]
include-path-regex = "^/v1/staff/tickets/"
parameters = {{ ticket_id = "{ticket_id}" }}
[[operations]]
include-path-regex = "^/v1/me/consents/"
parameters = {{ purpose = "{purpose}" }}
[[operations]]
include-path-regex = "^/v1/me/notes/"
parameters = {{ note_id = "{note_id}" }}
[[operations]]
include-path = "/v1/inbox/{{message_id}}"
parameters = {{ message_id = "{message_id}" }}
"""
HOOKS = Path(__file__).parents[1] / "harness"
PATHS = json.loads(openapi.DOCUMENT.read_text())["paths"]
OPERATIONS = [(verb, path, one) for path, verbs in PATHS.items() for verb, one in verbs.items()]


class Customer(journey.Visitor):
    """Somebody who has one of everything that a path can name."""

    def __init__(self, running, name):
        super().__init__(running, lambda _: None)
        self.name = name
        self.names = {"sku": "BATH-01-1", "category_id": "herbs", "purpose": "segments"}
        self.login = f"{name}-{uuid4().hex[:8]}@example.com"
        journey.register(self, self.login)
        journey.fill_cart(self)
        self.names["order_id"] = journey.place_order(self)["id"]
        address = self.post("/v1/addresses", examples.BODIES["POST /v1/addresses"])
        self.names["address_id"] = address["id"]
        ticket = self.post("/v1/tickets", examples.BODIES["POST /v1/tickets"])
        self.names["ticket_id"] = ticket["id"]
        note = self.post("/v1/me/notes", examples.BODIES["POST /v1/me/notes"])
        self.names["note_id"] = note["id"]
        journey.until("a letter", lambda: self.quietly("/v1/inbox")["items"])
        self.names["message_id"] = self.quietly("/v1/inbox")["items"][0]["id"]


@pytest.fixture(scope="module")
def ann(running):
    return Customer(running, "ann")


@pytest.fixture(scope="module")
def bob(running):
    return Customer(running, "bob")


def identities(*customers):
    """Who schemathesis may be, as its peer check reads it (Web Fuzzing Commons)."""
    people = [
        {
            "name": customer.name,
            "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {customer.token}"}],
        }
        for customer in customers
    ]
    return json.dumps({"schemaVersion": "0.2.0", "auth": people})


def another_token(customer):
    """A token of another session of the customer."""
    body = {"login": customer.login, "password": journey.PASSWORD}
    return customer.ask("POST", "/v1/auth/sign-in", body)["access_token"]


# What a Customer of this stack has. Of everything there is, tests/test_rights.py asks on moto.
OWN = {"order_id", "address_id", "ticket_id", "note_id", "message_id"}


def owned():
    """The routes on which a customer names what is a customer's own, by their paths' ids; those
    that take it away at the end."""
    for verb, path, one in sorted(OPERATIONS, key=lambda operation: operation[0] == "delete"):
        shopper = any({"token": [who]} in one["security"] for who in ("guest", "customer"))
        named = set(re.findall(r"\{(\w+_id)\}", path))
        if shopper and named and named <= OWN:
            yield pytest.param(verb.upper(), path, id=f"{verb} {path}")


@pytest.mark.case("Z2", "Z3")
@pytest.mark.parametrize(("verb", "path"), list(owned()))
def test_what_is_somebody_elses_is_not_there(running, ann, bob, verb, path):
    url = running["api_url"] + path.format(**bob.names)
    body = examples.BODIES.get(f"{verb} {path}")

    def ask(customer):
        headers = {"Authorization": f"Bearer {customer.token}", "Idempotency-Key": "a-new-key"}
        return http.send(verb, url, body, headers)

    refused = ask(ann)
    assert (refused.status, refused.body["type"]) == (404, "urn:kabinet:problem:not_found")
    assert ask(bob).status < 300


@pytest.mark.case("V4", "Z2", "Z3", "Z9")
def test_every_answer_is_as_the_document_says(running, ann, bob, tmp_path):
    (tmp_path / "people.json").write_text(identities(ann, bob))
    settings = tmp_path / "settings.toml"
    manager = demo.sign_in(running, running["manager"])
    people = {"leaver": another_token(bob), "manager": manager}
    settings.write_text(SETTINGS.format(**people, **ann.names))
    done = subprocess.run(  # noqa: S603 - our own tool
        [
            *(str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(settings)),
            *("run", str(openapi.DOCUMENT), "--url", running["api_url"]),
            *("--seed", str(SEED), "--max-time", str(SECONDS), "--no-color"),
            *("--request-timeout", str(PATIENCE_SECONDS)),
            *("--exclude-checks", BEYOND_SCHEMAS, "--continue-on-failure"),
        ],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(HOOKS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert f"Tested: {len(OPERATIONS)}\n" in done.stdout, done.stdout
