"""The shell around every route."""

import pytest

from common import api as shell


@pytest.mark.case("C2")
@pytest.mark.parametrize("path", ["/v1/nothing", "/nothing", "/v1/cart/nothing/at/all"])
def test_an_unknown_address_is_a_problem(cloud, path):
    answer = cloud.call("GET", path, language="en")

    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["type"] == "urn:kabinet:problem:not_found"


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
