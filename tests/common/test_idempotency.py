"""The same key again is the same answer again, and no second effect."""

import json
from http import HTTPStatus

import pytest

from common import idempotency, table
from common.api import Body, View
from common.errors import KeyReused, Refusal
from common.language import Language, Text


class Request(Body):
    units: int


class Made(View):
    units: int


class SoldOut(Refusal):
    code = "sold_out"
    title = Text(ru="Нет.", en="None left.")


@pytest.fixture(autouse=True)
def orders(cloud):
    with cloud.acting("OrdersApi"):
        yield


def call(owner="CUSTOMER#c-1", route="POST /v1/things", key="key-00000001", units=1):
    return idempotency.attempt(owner, route, key, Request(units=units))


def make(attempt, units=1, item="THING"):
    """An effect that may happen once an item."""

    def effect():
        view = Made(units=units)
        try:
            idempotency.commit(
                attempt, HTTPStatus.CREATED, view, table.put({"pk": item, "sk": item})
            )
        except table.ConditionFailed as refused:
            raise SoldOut(left=0) from refused
        return HTTPStatus.CREATED, view

    return idempotency.once(attempt, Language.EN, effect)


def answered(response):
    return (
        response.status_code,
        json.loads(response.body),
        "Idempotent-Replayed" in response.headers,
    )


@pytest.mark.case("I5", "I6")
def test_a_repeated_call_gets_the_first_answer(cloud):
    first, again = answered(make(call())), answered(make(call()))

    assert first == (201, {"units": 1}, False)
    assert again == (201, {"units": 1}, True)
    assert len([row for row in cloud.items("OrdersTable") if row["pk"] == "THING"]) == 1


@pytest.mark.case("I3")
def test_another_body_under_the_same_key_is_refused():
    make(call(units=1))

    with pytest.raises(KeyReused):
        make(call(units=2))


@pytest.mark.case("I3")
@pytest.mark.parametrize("other", [{"owner": "CUSTOMER#c-2"}, {"route": "POST /v1/others"}])
def test_another_owner_or_route_does_not_see_the_first_answer(other):
    make(call(units=7), units=7)

    assert answered(make(call(**other), item="OTHER"))[:2] == (201, {"units": 1})


@pytest.mark.case("I4")
def test_a_refusal_is_repeated_even_when_its_reason_is_gone():
    make(call(key="key-of-the-first"))
    refused = answered(make(call()))
    table.apply(table.delete("THING", "THING"))

    again = answered(make(call()))

    assert refused[0] == again[0] == 409
    assert refused[1] == again[1]
    assert refused[1]["type"] == "urn:kabinet:problem:sold_out"
    assert again[2]


@pytest.mark.case("I4")
def test_a_key_is_free_again_after_a_day_though_its_row_still_lies_there(cloud):
    make(call())
    cloud.clock.advance(hours=23)
    assert answered(make(call()))[2]

    cloud.clock.advance(hours=2)

    assert call().find() is None
    assert answered(make(call(), item="NEXT"))[0] == 201


@pytest.mark.case("I4")
def test_a_failure_is_not_remembered():
    attempt = call()

    def effect():
        raise RuntimeError

    with pytest.raises(RuntimeError):
        idempotency.once(attempt, Language.EN, effect)
    assert answered(make(attempt))[0] == 201
