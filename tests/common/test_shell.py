"""The shell around every route."""

from http import HTTPStatus
from typing import Any

import pytest
from aws_lambda_powertools.event_handler import Response

from cloud import CONTEXT
from common import api as shell


@pytest.mark.case("C2")
@pytest.mark.parametrize("path", ["/v1/nothing", "/nothing", "/v1/cart/nothing/at/all"])
def test_an_unknown_address_is_a_problem(cloud, path):
    answer = cloud.call("GET", path, language="en")

    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["type"] == "urn:kabinet:problem:not_found"


@pytest.mark.case("Z10")
def test_a_path_that_is_written_out_is_no_id_of_another_route(cloud):
    answer = cloud.call("GET", "/v1/orders/claims", token=cloud.customer().token)

    assert (answer.status, answer.headers["allow"]) == (405, "POST")


class View(shell.View):
    count: int


@pytest.mark.case("Z9")
def test_an_answer_that_breaks_its_schema_is_our_bug_and_not_the_callers(cloud, monkeypatch):
    from insights import app

    broken = shell.create()

    @broken.get("/v1/staff/insights/summary")
    def show() -> View:
        return {"count": 1, "password_hash": "x"}

    monkeypatch.setattr(app, "api", broken)

    answer = cloud.call("GET", "/v1/staff/insights/summary")

    assert (answer.status, answer.body["type"]) == (500, "urn:kabinet:problem:internal_error")
    assert "password_hash" not in str(answer.body)


class Named(shell.View):
    name: str


def asked(api, path):
    """What the gateway gets back, as the function answers it."""
    http = {"method": "GET", "path": path, "sourceIp": "203.0.113.7"}
    event = {"version": "2.0", "rawPath": path, "rawQueryString": "", "headers": {}}
    context = {"requestId": "request-1", "http": http, "stage": "$default"}
    return shell.resolve(api, event | {"requestContext": context}, CONTEXT)


def test_an_answer_without_words_still_has_a_body_the_gateway_can_read(cloud):
    api = shell.create()

    @api.get("/v1/gone")
    def gone() -> Response[Any]:
        return Response(HTTPStatus.NO_CONTENT)

    with cloud.acting("OrdersApi"):
        answer = asked(api, "/v1/gone")

    assert (answer["statusCode"], answer["body"]) == (204, "")


def test_russian_is_sent_as_it_is_written(cloud):
    api = shell.create()

    @api.get("/v1/plain")
    def plain() -> Named:
        return Named(name="Мыло")

    with cloud.acting("OrdersApi"):
        assert asked(api, "/v1/plain")["body"] == '{"name":"Мыло"}'
