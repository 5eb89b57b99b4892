"""Visits: what somebody looked at, remembered only where they let the shop do so."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from common.events.auth import ConsentChanged
from orders.visits.visits import MOST_SEARCHES, MOST_VIEWS, View, Visits
from shop import Shop as Walk

PROBLEM = "urn:kabinet:problem:"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEPT = Visits(allowed=True)

pytestmark = pytest.mark.feature(48)


@pytest.fixture
def walk(cloud):
    return Walk(cloud)


@pytest.fixture
def ask(cloud, shop):
    def ask(who, method, path="", body=None, **more):
        token = who.token if who.session_id == "" else shop.token(who)
        return cloud.call(method, f"/v1/visits{path}", body, token=token, key=shop.key(), **more)

    return ask


@pytest.fixture
def look(ask):
    return lambda who, sku="TEA-1": ask(who, "PUT", f"/products/{sku}")


@pytest.fixture
def seen(ask):
    return lambda who: [x["product"]["sku"] for x in ask(who, "GET").body["products"]]


def kind(answer):
    return answer.status, answer.body["type"].removeprefix(PROBLEM)


def test_nothing_is_kept_without_consent(ask, ann, look):
    refused = look(ann)

    assert kind(refused) == (409, "consent_needed")
    assert refused.body["purpose"] == "personalisation"
    assert kind(ask(ann, "PUT", "/searches", {"words": "tea"})) == (409, "consent_needed")
    assert ask(ann, "GET").body == {"kept": False, "products": [], "searches": []}


def test_what_was_looked_at_is_shown_newest_first_each_once(cloud, walk, ann, look, seen):
    walk.consent(ann)
    for sku in ("TEA-1", "TEA-2", "TEA-1"):
        assert look(ann, sku).status == 204
        cloud.clock.advance(minutes=1)

    assert seen(ann) == ["TEA-1", "TEA-2"]


def test_what_does_not_exist_or_is_sold_no_longer_is_not_shown(cloud, shop, walk, ann, look, seen):
    walk.consent(ann)
    assert kind(look(ann, "NO-SUCH")) == (404, "unknown_product")
    look(ann, "TEA-1")

    path, body = "/v1/staff/products/TEA-1", {"archived": True}
    assert cloud.call("PATCH", path, body, token=shop.manager.token).status == 200
    assert seen(ann) == []


@pytest.mark.case("C1")
def test_searches_are_kept_with_card_numbers_masked(ask, walk, ann):
    walk.consent(ann)
    for words in ("tea", "4111 1111 1111 1111", "Tea"):
        found = {"words": words, "found": ["TEA-1"]}
        assert ask(ann, "PUT", "/searches", found).status == 204

    shown = ask(ann, "GET").body["searches"]
    assert [x["words"] for x in shown] == ["Tea", "•••• •••• •••• 1111"]


@pytest.mark.case("N1")
def test_a_consent_that_is_withdrawn_is_forgotten_with_what_was_kept(cloud, ask, walk, ann, look):
    walk.consent(ann)
    look(ann)
    ask(ann, "PUT", "/searches", {"words": "green mug"})

    walk.consent(ann, given=False)

    assert ask(ann, "GET").body == {"kept": False, "products": [], "searches": []}
    assert kind(look(ann)) == (409, "consent_needed")
    assert "green mug" not in str(cloud.items("OrdersTable"))


@pytest.mark.case("E1", "E2")
def test_an_older_consent_that_comes_late_changes_nothing(cloud, ask, walk, ann):
    walk.consent(ann)
    walk.consent(ann, given=False)
    given, *_ = sorted(cloud.published(ConsentChanged), key=lambda told: told.subject_version)

    cloud.publish(given, given)

    assert ask(ann, "GET").body["kept"] is False


def test_other_consents_are_not_about_this(walk, ann, ask, cloud):
    walk.ask(ann, "PUT", "/v1/me/consents/analytics", {"given": True, "text_version": 1})
    cloud.drain()

    assert ask(ann, "GET").body["kept"] is False


def test_a_customer_may_pause_it_and_forget(ask, walk, ann, look, seen):
    walk.consent(ann)
    look(ann)
    assert ask(ann, "PUT", "/keeping", {"on": False}).status == 204
    assert seen(ann) == []
    assert kind(look(ann)) == (409, "consent_needed")

    ask(ann, "PUT", "/keeping", {"on": True})
    look(ann)
    assert ask(ann, "DELETE").status == ask(ann, "DELETE").status == 204
    assert seen(ann) == []
    assert look(ann).status == 204


def test_to_go_on_needs_the_consent_all_the_same(ask, ann, look):
    ask(ann, "PUT", "/keeping", {"on": False})
    ask(ann, "PUT", "/keeping", {"on": True})

    assert kind(look(ann)) == (409, "consent_needed")


class TestAGuest:
    @pytest.fixture
    def guest(self, cloud):
        return cloud.guest()

    def test_is_remembered_by_their_word_alone(self, ask, guest, look, seen):
        assert kind(look(guest)) == (409, "consent_needed")
        ask(guest, "PUT", "/keeping", {"on": True})

        look(guest)
        assert seen(guest) == ["TEA-1"]
        ask(guest, "PUT", "/keeping", {"on": False})
        assert seen(guest) == []

    def test_leaves_nothing_after_their_token(self, cloud, ask, guest):
        ask(guest, "PUT", "/keeping", {"on": True})

        [row] = [r for r in cloud.items("OrdersTable") if r["sk"] == "VISITS"]
        assert row["expires_at"] > 0

    @pytest.mark.case("S13")
    def test_takes_their_visits_along_at_sign_in(self, cloud, ask, guest, walk, ann, look, seen):
        ask(guest, "PUT", "/keeping", {"on": True})
        walk.consent(ann)
        for who, sku in ((ann, "TEA-2"), (guest, "TEA-1"), (guest, "WRAP"), (ann, "TEA-1")):
            look(who, sku)
            cloud.clock.advance(minutes=1)

        joined = ask(ann, "POST", "/merge", {"guest_token": guest.token})

        assert (joined.status, joined.body) == (200, {"products": 3, "searches": 0})
        assert seen(ann) == ["TEA-1", "WRAP", "TEA-2"]
        assert seen(guest) == []
        again = ask(ann, "POST", "/merge", {"guest_token": guest.token})
        assert again.body == joined.body

    def test_joins_nobody_who_did_not_consent(self, ask, guest, ann, look, seen):
        ask(guest, "PUT", "/keeping", {"on": True})
        look(guest)

        joined = ask(ann, "POST", "/merge", {"guest_token": guest.token})

        assert joined.body == {"products": 0, "searches": 0}
        assert seen(ann) == []

    def test_that_nobody_is_joins_nothing(self, ask, ann):
        refused = ask(ann, "POST", "/merge", {"guest_token": "guest.none"})

        assert (refused.status, refused.body["errors"][0]["code"]) == (422, "unknown_guest")


def test_as_many_as_are_kept_and_no_more():
    many = KEPT
    for n in range(MOST_VIEWS + 9):
        many = many.seeing(f"SKU-{n}", NOON + timedelta(minutes=n))
        many = many.searching(f"tea {n}", (), NOON + timedelta(minutes=n))

    assert (len(many.views), len(many.searches)) == (MOST_VIEWS, MOST_SEARCHES)
    assert many.views[0].sku == f"SKU-{MOST_VIEWS + 8}"


def test_a_page_that_reloads_is_one_view():
    once = KEPT.seeing("TEA-1", NOON)

    assert once.seeing("TEA-1", NOON + timedelta(minutes=59)) is once
    assert once.seeing("TEA-1", NOON + timedelta(hours=1)).views == (
        View("TEA-1", NOON + timedelta(hours=1)),
    )


def test_a_view_takes_two_round_trips(cloud, walk, ann, look):
    walk.consent(ann)
    look(ann, "TEA-2")

    with cloud.counted() as calls:
        look(ann, "TEA-1")

    assert calls.trips == ["dynamodb.BatchGetItem", "dynamodb.PutItem"]


class TestAViewWhileTheConsentIsWithdrawn:
    @pytest.fixture
    def race(self, at_once, cloud, walk, ann, ask, look, deliver):
        walk.consent(ann)
        look(ann, "TEA-2")
        [told] = cloud.published(ConsentChanged)
        withdrawn = told.model_copy(update={"given": False, "subject_version": 99})

        def check(_):
            assert ask(ann, "GET").body == {"kept": False, "products": [], "searches": []}

        return at_once(partial(look, ann), deliver("OrdersConsumer", withdrawn), check=check)

    @pytest.mark.case("N1", "I10")
    def test_is_not_kept(self, race):
        race.every()

    def test_is_kept_when_the_row_is_looked_at_first(self, race):
        race.catches("VISITS")


class TestTwoViewsAtOnce:
    @pytest.fixture
    def race(self, at_once, walk, ann, look, seen):
        walk.consent(ann)

        def check(_):
            assert sorted(seen(ann)) == ["TEA-1", "TEA-2"]

        return at_once(*[partial(look, ann, sku) for sku in ("TEA-1", "TEA-2")], check=check)

    @pytest.mark.case("I10")
    def test_are_both_kept(self, race):
        race.every()

    def test_are_one_when_the_row_is_looked_at_first(self, race):
        race.catches("VISITS")
