"""What a customer wants to hear of, and the proof of what they agreed to."""

import pytest

from common.events.notify import ConsentChanged
from notify.message import MARKETING, Topic
from notify.preferences.preferences import TEXT_VERSION

PATH = "/v1/preferences"
CART = {"topic": "cart", "email": True, "sms": False, "consent": True}


def put(cloud, person, *topics, version=TEXT_VERSION, **rest):
    body = {"topics": list(topics)} | ({"text_version": version} if version else {})
    return cloud.call("PUT", PATH, body, token=person.token, **rest)


def shown(cloud, person):
    return cloud.call("GET", PATH, token=person.token, language="en")


def topic(answer, name):
    [found] = [one for one in answer.body["topics"] if one["topic"] == name]
    return found


def proofs(cloud, person):
    return cloud.call("GET", f"{PATH}/consents", token=person.token).body["items"]


@pytest.fixture
def person(cloud):
    return cloud.customer()


@pytest.mark.feature(77, 79)
def test_at_first_marketing_is_off_and_the_rest_comes_by_e_mail(cloud, person):
    answer = shown(cloud, person)

    assert [one["topic"] for one in answer.body["topics"]] == list(Topic)
    for one in answer.body["topics"]:
        assert one["needs_consent"] == (one["topic"] in MARKETING)
        asked_for = one["topic"] == "alerts"  # by watching a product
        assert one["consent"] is (asked_for or not one["needs_consent"])
        assert (one["email"], one["sms"]) == (True, False)
    assert answer.headers["etag"] == '"0"'
    assert answer.body["consent_text"]["version"] == TEXT_VERSION


@pytest.mark.feature(79)
def test_a_choice_holds_and_what_is_not_named_stays(cloud, person):
    put(cloud, person, {"topic": "orders", "email": False, "sms": True})
    answer = put(cloud, person, {"topic": "points", "email": False, "sms": False})

    assert answer.body == cloud.call("GET", PATH, token=person.token).body
    assert topic(answer, "orders")["sms"] is True
    assert topic(answer, "points")["email"] is False
    assert topic(answer, "support")["email"] is True
    assert answer.headers["etag"] == '"2"'


@pytest.mark.feature(77)
def test_each_yes_and_no_leaves_its_proof(cloud, person):
    put(cloud, person, CART)
    cloud.clock.advance(minutes=1)
    put(cloud, person, CART | {"consent": False})

    no, yes = proofs(cloud, person)
    assert (yes["given"], no["given"]) == (True, False)
    assert {yes["topic"], no["topic"]} == {"cart"}
    assert yes["text_version"] == TEXT_VERSION
    assert yes["source"] == "preferences"
    assert yes["at"] < no["at"]
    assert yes["network"] == no["network"] != ""
    assert "203.0.113" not in yes["network"]


def test_every_change_of_a_consent_is_told(cloud, person):
    for choice in (CART, CART | {"consent": False}):
        put(cloud, person, choice)
        cloud.drain()

    told = cloud.published(ConsentChanged)
    assert [(t.customer_id, t.topic, t.given) for t in told] == [
        (person.id, "cart", True),
        (person.id, "cart", False),
    ]


def test_the_same_choice_again_changes_nothing(cloud, person):
    first = put(cloud, person, CART)
    with cloud.counted() as calls:
        again = put(cloud, person, CART)

    assert (again.body, again.headers["etag"]) == (first.body, first.headers["etag"])
    assert calls.trips == ["dynamodb.GetItem"]
    assert len(proofs(cloud, person)) == 1


def test_a_change_of_channels_keeps_the_consent_and_needs_no_proof(cloud, person):
    put(cloud, person, CART)
    answer = put(cloud, person, {"topic": "cart", "email": False, "sms": True}, version=None)

    assert topic(answer, "cart")["consent"] is True
    assert len(proofs(cloud, person)) == 1


@pytest.mark.parametrize("version", [None, "2020-01"])
def test_a_consent_to_other_words_is_none(cloud, person, version):
    answer = put(cloud, person, CART, version=version)

    assert answer.status == 409
    assert answer.body["type"] == "urn:kabinet:problem:consent_text_changed"
    assert proofs(cloud, person) == []


def test_withdrawing_asks_for_no_words(cloud, person):
    put(cloud, person, CART)

    assert put(cloud, person, CART | {"consent": False}, version=None).status == 200


def test_a_change_meant_for_another_version_is_refused(cloud, person):
    etag = shown(cloud, person).headers["etag"]
    assert put(cloud, person, CART, headers={"if-match": etag}).status == 200

    answer = put(cloud, person, CART | {"sms": True}, headers={"if-match": etag})

    assert answer.status == 412


@pytest.mark.parametrize(
    ("topics", "field", "code"),
    [
        ([CART, CART], "body.topics.1.topic", "named_twice"),
        (
            [{"topic": "orders", "email": True, "sms": True, "consent": True}],
            "body.topics.0.consent",
            "no_consent_needed",
        ),
    ],
)
def test_what_makes_no_sense_is_told(cloud, person, topics, field, code):
    answer = put(cloud, person, *topics)

    assert answer.status == 422
    [error] = answer.body["errors"]
    assert (error["field"], error["code"]) == (field, code)


@pytest.mark.parametrize(
    "broken",
    [{"topic": "security"}, {"email": "true"}, {"sms": 1}, {"consent": "yes"}, {"fax": True}],
)
def test_what_is_no_choice_is_refused(cloud, person, broken):
    assert put(cloud, person, CART | broken).status == 422


@pytest.mark.case("Z2")
def test_preferences_are_ones_own(cloud, person):
    put(cloud, person, CART)
    other = cloud.customer()

    assert topic(shown(cloud, other), "cart")["consent"] is False
    assert proofs(cloud, other) == []


class TestTwoChangesAtOnce:
    @pytest.fixture
    def race(self, at_once, cloud, person):
        """Neither is lost: each names another topic."""

        def choose(name):
            body = {"topics": [{"topic": name, "email": False, "sms": False}]}
            return lambda: cloud.call("PUT", PATH, body, token=person.token)

        def check(answers):
            assert [answer.status for answer in answers] == [200, 200]
            [row] = [r for r in cloud.items("NotifyTable") if r["sk"] == "PREFERENCES"]
            assert row["topics"].keys() == {"orders", "points"}
            assert row["version"] == 2

        return at_once(choose("orders"), choose("points"), check=check)

    def test_both_hold(self, race):
        race.every()

    def test_one_is_lost_when_the_version_is_looked_at_first(self, race):
        race.catches("PREFERENCES")
