"""docs/openapi.json is what the routes say."""

import json

import pytest

from local import openapi

# They issue tokens, or write nothing; or are one click of a mail client, which carries no header,
# or a provider's word, which carries its own.
KEYLESS = ("/v1/auth/", "/v1/guest-carts", "/v1/delivery-quotes", "/v1/unsubscribe/")
KEYLESS += ("/v1/payments/webhooks/", "/v1/me/exports/{export_id}/link")
KEYLESS += ("/v1/documents/{document_id}/link",)
KEYLESS += ("/v1/payments/webhooks/", "/v1/carriers/", "/v1/return-previews")

# A form for an upload opens one place once, as a token would.
FORMS = {"/v1/me/avatar/upload", "/v1/returns/{return_id}/photos/upload", "/v1/staff/imports"}


def test_the_committed_document_is_fresh():
    assert openapi.DOCUMENT.read_text() == openapi.text(), "run `make openapi`"


def test_every_operation_says_what_it_is_for():
    for path, operations in json.loads(openapi.text())["paths"].items():
        for verb, operation in operations.items():
            assert operation.get("description"), f"{verb} {path}"


def test_every_unsafe_call_that_writes_and_issues_no_tokens_takes_an_idempotency_key():
    for path, operations in json.loads(openapi.text())["paths"].items():
        if "post" in operations and not path.startswith(KEYLESS) and path not in FORMS:
            named = {p["name"].lower() for p in operations["post"].get("parameters", [])}
            assert "idempotency-key" in named, path


@pytest.mark.case("Z9")
def test_every_answer_shows_the_fields_it_names_and_no_others():
    schemas = openapi.document()["components"]["schemas"]
    for name in schemas.keys() - {"Problem"}:
        if "properties" in schemas[name]:
            assert schemas[name].get("additionalProperties") is False, name
