"""Wish lists: several, shared by a link, with a way into the cart."""

from functools import partial

import pytest

from orders.wishes import store, wish_list

PROBLEM = "urn:kabinet:problem:"
MISSING = "0198face-0000-7000-8000-000000000000"


@pytest.fixture
def asked(cloud, shop, ann):
    """Ask as ann about her wish lists."""

    def ask(method, path="", body=None, who=ann, **more):
        more.setdefault("key", shop.key() if method == "POST" else None)
        path = f"/v1/wish-lists{path}"
        return cloud.call(method, path, body, token=who.token, **more)

    return ask


@pytest.fixture
def wishes(asked):
    """Ann's list with TEA-1 in it."""
    made = asked("POST", body={"name": "Новоселье"}).body["id"]
    assert asked("PUT", f"/{made}/items/TEA-1", {"note": "Большая пачка"}).status == 200
    return made


def skus(answer):
    return [item["sku"] for item in answer.body["items"]]


@pytest.mark.feature(45)
def test_a_customer_keeps_several_lists(asked):
    for name in ("Новоселье", "День рождения"):
        assert asked("POST", body={"name": name}).status == 201

    listed = asked("GET").body["items"]
    assert [(one["name"], one["wishes"], one["shared"]) for one in listed] == [
        ("Новоселье", 0, False),
        ("День рождения", 0, False),
    ]


@pytest.mark.feature(45)
def test_a_wish_remembers_its_price_and_shows_todays(asked, shop, wishes):
    shop.stock(shop.product("TEA-1", 90_000, 10))

    [wish] = asked("GET", f"/{wishes}").body["items"]
    assert (wish["price_then_minor"], wish["product"]["price"]["amount_minor"]) == (
        100_000,
        90_000,
    )
    assert (wish["note"], wish["priority"]) == ("Большая пачка", "normal")


@pytest.mark.feature(28)
def test_a_wish_for_what_is_sold_no_longer_stays_and_says_so(asked, cloud, shop, wishes):
    body = {"archived": True}
    path = "/v1/staff/products/TEA-1"
    assert cloud.call("PATCH", path, body, token=shop.manager.token).status == 200

    [wish] = asked("GET", f"/{wishes}").body["items"]
    assert (wish["sku"], wish["product"]) == ("TEA-1", None)


@pytest.mark.feature(45)
def test_a_wish_is_said_anew_and_keeps_its_place(asked, wishes):
    asked("PUT", f"/{wishes}/items/TEA-2", {})
    asked("PUT", f"/{wishes}/items/TEA-1", {"priority": "high"})

    found = asked("GET", f"/{wishes}")
    assert skus(found) == ["TEA-1", "TEA-2"]
    assert (found.body["items"][0]["priority"], found.body["items"][0]["note"]) == ("high", None)


def test_what_is_no_product_cannot_be_wished_for(asked, wishes):
    refused = asked("PUT", f"/{wishes}/items/NO-SUCH", {})

    assert (refused.status, refused.body["type"]) == (404, PROBLEM + "unknown_product")


def test_a_list_is_renamed_and_deleted(asked, wishes):
    assert asked("PATCH", f"/{wishes}", {"name": "Дача"}).body["name"] == "Дача"
    assert asked("DELETE", f"/{wishes}/items/TEA-1").body["wishes"] == 0
    assert asked("DELETE", f"/{wishes}/items/TEA-1").status == 200

    assert asked("DELETE", f"/{wishes}").status == 204
    assert asked("DELETE", f"/{wishes}").status == 404
    assert asked("GET", f"/{wishes}").status == 404


def test_a_stale_page_does_not_change_a_list(asked, wishes):
    stale = asked("GET", f"/{wishes}").headers["etag"]
    asked("PUT", f"/{wishes}/items/TEA-2", {})

    for change in (
        partial(asked, "PATCH", f"/{wishes}", {"name": "Дача"}),
        partial(asked, "PUT", f"/{wishes}/items/TEA-1", {}),
        partial(asked, "DELETE", f"/{wishes}/items/TEA-1"),
    ):
        assert change(headers={"if-match": stale}).status == 412


@pytest.mark.case("V13")
def test_there_is_an_end_to_lists_and_wishes(asked, monkeypatch):
    monkeypatch.setattr(store, "MOST_LISTS", 2)
    monkeypatch.setattr(wish_list, "MOST_WISHES", 1)
    made = [asked("POST", body={"name": "Список"}) for _ in range(3)]
    assert [one.status for one in made] == [201, 201, 409]
    assert made[2].body["type"] == PROBLEM + "too_many_wish_lists"

    full = made[0].body["id"]
    asked("PUT", f"/{full}/items/TEA-1", {})
    assert asked("PUT", f"/{full}/items/TEA-2", {}).body["type"] == PROBLEM + "wish_list_full"
    assert asked("PUT", f"/{full}/items/TEA-1", {"priority": "low"}).status == 200

    asked("DELETE", f"/{full}")
    assert asked("POST", body={"name": "Список"}).status == 201


@pytest.mark.case("I4", "I5")
def test_the_same_key_is_one_list(asked):
    first, second = (asked("POST", body={"name": "Дача"}, key="the-same-key") for _ in range(2))

    assert first.body == second.body
    assert second.headers["idempotent-replayed"] == "true"
    assert len(asked("GET").body["items"]) == 1


class TestALink:
    @pytest.fixture
    def shared(self, cloud, asked, wishes):
        link = asked("PUT", f"/{wishes}/link").body["link"]
        path = link.removeprefix("https://shop.example") if "//" in link else link
        return partial(cloud.call, "GET", path[path.index("/v1/") :])

    @pytest.mark.feature(45)
    def test_shows_the_list_to_anybody_and_not_whose_it_is(self, shared, ann):
        seen = shared()

        assert (seen.status, seen.body["name"], skus(seen)) == (200, "Новоселье", ["TEA-1"])
        assert ann.id not in str(seen.body)
        assert set(seen.body) == {"name", "items"}

    def test_is_the_same_while_the_list_is_shared(self, asked, wishes, shared):
        again = asked("PUT", f"/{wishes}/link").body["link"]

        assert asked("GET", f"/{wishes}").body["link"] == again
        assert shared().status == 200

    @pytest.mark.case("Z2")
    def test_leads_nowhere_once_the_list_is_shared_no_longer(self, asked, wishes, shared):
        assert asked("DELETE", f"/{wishes}/link").status == 204
        assert shared().status == 404

        asked("PUT", f"/{wishes}/link")
        assert shared().status == 404
        assert asked("GET", f"/{wishes}").body["link"] is not None

    def test_leads_nowhere_once_the_list_is_deleted(self, asked, wishes, shared):
        asked("DELETE", f"/{wishes}")

        assert shared().status == 404

    @pytest.mark.case("Z2")
    def test_cannot_be_guessed(self, cloud, wishes, shared):
        shared()

        for link in (f"{wishes}.{'0' * 32}", f"{MISSING}.{'0' * 32}"):
            assert cloud.call("GET", f"/v1/shared-wish-lists/{link}").status == 404


class TestAMoveToTheCart:
    @pytest.mark.feature(45)
    def test_takes_the_wish_off_the_list_and_adds_to_the_cart(self, asked, shop, ann, wishes):
        shop.put(ann, "TEA-1", 2)

        moved = asked("POST", f"/{wishes}/items/TEA-1/move-to-cart", {"quantity": 1})

        assert moved.body == {"sku": "TEA-1", "quantity": 3}
        assert [(x["sku"], x["quantity"]) for x in shop.cart(ann).body["lines"]] == [("TEA-1", 3)]
        assert skus(asked("GET", f"/{wishes}")) == []

    def test_begins_a_cart_that_a_timer_watches(self, asked, cloud, shop, ann, wishes):
        asked("POST", f"/{wishes}/items/TEA-1/move-to-cart", {})

        rows = cloud.items("OrdersTable")
        assert len([row for row in rows if row["pk"].startswith("TIMER#")]) == 1
        assert shop.cart(ann).body["lines"][0]["quantity"] == 1

    def test_of_what_is_not_wished_is_refused(self, asked, wishes):
        refused = asked("POST", f"/{wishes}/items/TEA-2/move-to-cart", {})

        assert (refused.status, refused.body["type"]) == (404, PROBLEM + "not_wished")

    @pytest.mark.case("I2", "I5")
    def test_twice_under_one_key_is_one(self, asked, shop, ann, wishes):
        path = f"/{wishes}/items/TEA-1/move-to-cart"
        first, second = (asked("POST", path, {}, key="the-same-key") for _ in range(2))

        assert (first.status, first.body) == (200, second.body)
        assert shop.cart(ann).body["lines"][0]["quantity"] == 1


class TestTwoMovesAtOnce:
    @pytest.fixture
    def race(self, at_once, asked, shop, ann, wishes):
        shop.put(ann, "TEA-2", 1)
        path = f"/{wishes}/items/TEA-1/move-to-cart"
        move = partial(asked, "POST", path, {})

        def check(answers):
            assert sorted(answer.status for answer in answers) == [200, 404]
            [_, line] = shop.cart(ann).body["lines"]
            assert (line["sku"], line["quantity"]) == ("TEA-1", 1)

        return at_once(partial(move, key="first-key"), partial(move, key="other-key"), check=check)

    @pytest.mark.case("I4")
    def test_are_one(self, race):
        race.every()

    def test_are_two_when_list_and_cart_are_looked_at_first(self, race):
        race.catches("CUSTOMER#")
