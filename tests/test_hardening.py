"""No input makes a 5xx: every route of every capability, asked badly in every way."""

import base64
import json
import re

import pytest

from local import openapi

SOME_ID = "01980000-0000-7000-8000-000000000000"
KEY = "key-of-a-test-0001"


def routes():
    for path, operations in openapi.document()["paths"].items():
        for verb in operations:
            yield pytest.param(verb.upper(), path, id=f"{verb} {path}")


def bodied():
    for path, operations in openapi.document()["paths"].items():
        for verb, operation in operations.items():
            if "requestBody" in operation:
                yield pytest.param(verb.upper(), path, id=f"{verb} {path}")


def filled(path, value=SOME_ID):
    return re.sub(r"\{[^}]+\}", value, path)


def is_problem(answer, *statuses):
    assert answer.status in statuses, answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["type"].startswith("urn:kabinet:problem:")
    assert answer.body["status"] == answer.status
    assert answer.body["title"]


@pytest.fixture
def speakers(cloud):
    """A customer and an owner: whatever the route, one of them gets past the door."""
    return [cloud.customer().token, cloud.staff("owner").token]


BAD_BODIES = {
    "empty object": "{}",
    "list": "[1]",
    "number": "1",
    "text": '"x"',
    "null": "null",
    "unknown field": '{"no_such_field": 1}',
    "deep": '{"a":' * 3_000 + "1" + "}" * 3_000,
}


@pytest.mark.case("V4", "V10")
@pytest.mark.parametrize(("verb", "path"), list(bodied()))
def test_a_body_of_another_shape_is_refused(cloud, speakers, verb, path):
    for token in speakers:
        for name, body in BAD_BODIES.items():
            answer = cloud.call(verb, filled(path), body, token=token, key=KEY)
            assert 400 <= answer.status < 500, name
            is_problem(answer, answer.status)


MALFORMED = {
    "NaN": '{"quantity": NaN}',
    "too large": '{"quantity": 1e400}',
    "duplicate keys": '{"quantity": 1, "quantity": 1}',
    "surrogate": '{"subject": "\\ud800"}',
    "long integer": '{"quantity": ' + "9" * 5_000 + "}",
    "deeper than any parser": "[" * 100_000,
    "cut off": '{"a": ',
}


@pytest.mark.case("V1", "V4", "V6")
@pytest.mark.parametrize(("verb", "path"), list(bodied()))
def test_what_is_no_json_is_refused_everywhere(cloud, speakers, verb, path):
    for name, body in MALFORMED.items():
        answers = [cloud.call(verb, filled(path), body, token=t, key=KEY) for t in speakers]
        assert 400 in {answer.status for answer in answers}, name
        for answer in answers:
            is_problem(answer, 400, 403)


@pytest.mark.case("V8")
@pytest.mark.parametrize(
    "kind",
    ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16"],
)
def test_other_content_types_are_refused(cloud, kind):
    answer = cloud.request("POST", "/v1/auth/sign-in", "{}", {"content-type": kind}, {})

    is_problem(answer, 415)


@pytest.mark.case("V5", "V8")
def test_a_compressed_body_is_refused(cloud):
    headers = {"content-type": "application/json", "content-encoding": "gzip"}

    is_problem(cloud.request("POST", "/v1/auth/sign-in", "{}", headers, {}), 415)


@pytest.mark.case("V5")
@pytest.mark.parametrize(("size", "status"), [(256 * 1024, 422), (256 * 1024 + 1, 413)])
def test_a_body_may_have_256_kilobytes_and_no_more(cloud, size, status):
    body = '{"login": "' + "a" * (size - 13) + '"}'
    assert len(body) == size

    is_problem(cloud.call("POST", "/v1/auth/sign-in", body), status)


@pytest.mark.case("V5")
def test_headers_may_have_8_kilobytes_and_no_more(cloud):
    is_problem(cloud.call("GET", "/v1/products", headers={"x-big": "a" * 8192}), 431)
    assert cloud.call("GET", "/v1/products", headers={"x-big": "a" * 8000}).status == 200


@pytest.mark.case("V4", "V8")
@pytest.mark.parametrize("raw", [b"\xff\xfe{\x00}\x00", b"\x80abc"])
def test_a_body_that_is_not_utf_8_is_refused(cloud, raw):
    event = {
        "rawPath": "/v1/auth/sign-in",
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "http": {"method": "POST", "path": "/v1/auth/sign-in", "sourceIp": "203.0.113.7"},
            "stage": "$default",
        },
        "body": base64.b64encode(raw).decode(),
        "isBase64Encoded": True,
    }
    answer = cloud.invoke("AuthApi", event)

    assert answer["statusCode"] == 415
    assert json.loads(answer["body"])["type"] == "urn:kabinet:problem:unsupported_media_type"


@pytest.mark.case("V9")
@pytest.mark.parametrize("bad", ["%00", "..", "x" * 2048, "'; drop", "{}", "%2e%2e%2f", "é", "0"])
def test_an_id_that_is_none_is_refused(cloud, speakers, bad):
    for param in routes():
        verb, path = param.values
        if "{" in path:
            for token in speakers:
                answer = cloud.call(verb, filled(path, bad), {}, token=token, key=KEY)
                is_problem(answer, 403, 404, 405, 422)


@pytest.mark.case("V12")
@pytest.mark.parametrize("limit", ["-1", "0", "1000000000", "1,100000", "x", "1e1", "", "٣"])
def test_a_limit_that_is_none_is_refused(cloud, speakers, limit):
    listed = [
        path
        for path, operations in openapi.document()["paths"].items()
        if any(p["name"] == "limit" for p in operations.get("get", {}).get("parameters", []))
    ]
    assert listed
    for path in listed:
        for token in speakers:
            answer = cloud.call("GET", filled(path), token=token, query={"limit": limit})
            is_problem(answer, 403, 404, 422)


@pytest.mark.case("S13")
@pytest.mark.parametrize(("verb", "path"), list(routes()))
def test_a_token_in_the_query_opens_nothing(cloud, verb, path):
    operation = openapi.document()["paths"][path][verb.lower()]
    token = cloud.customer().token

    answer = cloud.call(verb, filled(path), query={"access_token": token, "token": token})

    if operation["security"]:
        assert answer.status in (401, 422), answer.body
    # Keys are everybody's, and the same for all; whatever else is answered may be personal.
    kept = "public" if path.startswith("/.well-known/") else "no-store"
    assert answer.headers["cache-control"].startswith(kept)


@pytest.mark.case("Z10")
@pytest.mark.parametrize(
    "path", ["//v1/cart", "/v1/cart/", "/v1//cart", "/v1/%63art", "/v1/cart/.."]
)
def test_another_spelling_of_a_path_is_another_path(cloud, path):
    is_problem(cloud.call("GET", path, token=cloud.customer().token), 404)


@pytest.mark.case("Z10")
def test_a_method_that_a_path_does_not_take_is_named(cloud):
    answer = cloud.call("BREW", "/v1/cart", token=cloud.customer().token)

    is_problem(answer, 405)
    assert answer.headers["allow"] == "GET"


@pytest.mark.case("Z10")
def test_an_overriding_header_overrides_nothing(cloud):
    token = cloud.customer().token
    override = {"x-http-method-override": "DELETE"}

    assert cloud.call("GET", "/v1/cart", token=token, headers=override).status == 200


@pytest.mark.case("C2")
def test_a_bug_tells_nothing(cloud, monkeypatch):
    from insights import app

    def broken(*_, **__):
        raise RuntimeError("arn:aws:dynamodb:table/InsightsTable somebody@example.com")

    monkeypatch.setattr(app.access, "staff", broken)

    answer = cloud.call("GET", "/v1/staff/insights/summary", language="en")

    is_problem(answer, 500)
    assert set(answer.body) == {"type", "title", "status"}
    assert answer.headers["x-request-id"] == "request-1"


@pytest.mark.case("T7", "T8")
@pytest.mark.parametrize("code", ["ThrottlingException", "InternalServerError"])
def test_a_dependency_that_is_away_is_a_503_and_the_next_call_works(cloud, monkeypatch, code):
    from botocore.exceptions import ClientError

    from common import table

    def away(*_, **__):
        raise ClientError({"Error": {"Code": code}}, "Query")

    with monkeypatch.context() as patch:
        patch.setattr(table, "query", away)
        answer = cloud.call("GET", "/v1/products")
    is_problem(answer, 503)
    assert int(answer.headers["retry-after"]) > 0

    assert cloud.call("GET", "/v1/products").status == 200
