"""Products found by words: from an event to a page of hits."""

from functools import partial

import pytest

from common.events.catalogue import ProductChanged
from common.search import snapshots

COLOURS = {"white": "белый", "blue": "синий"}


@pytest.fixture
def mugs(cloud, shop):
    """Two mugs within the kitchen, and a teapot; all of them in the index."""
    for id_, name, parent in (("kitchen", "Кухня", None), ("mugs", "Кружки", "kitchen")):
        body = {"name_ru": name, "name_en": id_.capitalize(), "parent_id": parent}
        path = f"/v1/staff/categories/{id_}"
        cloud.call("PUT", path, body, token=shop.manager.token)
    shop.stock(
        mug(shop, "white", 69_000),
        mug(shop, "blue", 72_000, available=0),
        shop.product("POT-1", 189_000, category="kitchen", name_ru="Чайник", name_en="Teapot"),
    )
    cloud.drain()


def mug(shop, colour, price_minor, **fields):
    attribute = {"code": "colour", "name_ru": "Цвет", "name_en": "Colour"}
    attribute |= {"value_ru": COLOURS[colour], "value_en": colour}
    named = {"name_ru": f"Кружка {colour}", "name_en": f"Mug, {colour}"}
    more = named | {"category": "mugs", "group": "MUG", "attributes": [attribute]} | fields
    return shop.product(f"MUG-{colour.upper()}", price_minor, **more)


@pytest.fixture
def search(cloud):
    def search(query="", language="ru", **filters):
        asked = {"query": query} | filters
        answer = cloud.call("GET", "/v1/search/products", query=asked, language=language)
        assert answer.status == 200, answer.body
        return answer.body

    return search


def skus(page):
    return [item["sku"] for item in page["items"]]


@pytest.mark.feature(27)
@pytest.mark.usefixtures("mugs")
def test_a_product_is_found_soon_after_it_was_made(search):
    found = search("кружки", sort="price")

    assert (skus(found), found["total"], found["next_cursor"]) == (
        ["MUG-WHITE", "MUG-BLUE"],
        2,
        None,
    )
    assert found["items"][0]["price"]["amount_minor"] == 69_000


@pytest.mark.usefixtures("mugs")
def test_a_search_takes_one_round_trip_beside_what_is_looked_at_every_ten_seconds(cloud, search):
    search("кружки")

    with cloud.counted() as calls:
        search("кружки")

    assert calls.trips == ["dynamodb.Query", "dynamodb.BatchGetItem"]
    assert "s3.GetObject" not in calls.names


@pytest.mark.usefixtures("mugs")
def test_counts_say_what_would_narrow_a_search_down(search):
    facets = search("", language="en", attributes="colour:blue")["facets"]

    choices = [{"value": v, "name": v, "count": 1} for v in ("blue", "white")]
    assert facets["attributes"] == [{"code": "colour", "name": "Colour", "choices": choices}]
    assert facets["categories"] == [{"value": "mugs", "name": "Mugs", "count": 1}]
    assert facets["in_stock"] == 0


@pytest.mark.feature(27)
@pytest.mark.usefixtures("mugs")
@pytest.mark.parametrize(
    ("filters", "least", "most"),
    [
        ({"category": "kitchen"}, 69_000, 189_000),
        ({"category": "mugs"}, 69_000, 72_000),
        ({"attributes": "colour:белый", "in_stock": "true"}, 69_000, 69_000),
        ({"query": "чайник"}, 189_000, 189_000),
        ({"category": "kitchen", "price_from": "70000", "price_to": "80000"}, 69_000, 189_000),
        ({"category": "kitchen", "price_from": "190000"}, 69_000, 189_000),
    ],
    ids=str,
)
def test_prices_span_what_the_other_filters_leave(search, filters, least, most):
    assert search(**filters)["facets"]["price"] == {"min_minor": least, "max_minor": most}


@pytest.mark.usefixtures("mugs")
def test_nothing_has_no_prices(search):
    assert search("диван")["facets"]["price"] is None


@pytest.mark.feature(27)
@pytest.mark.usefixtures("mugs")
def test_the_dearest_or_the_newest_come_first(cloud, shop, search):
    cloud.clock.advance(minutes=1)
    shop.stock(shop.product("POT-2", 70_000, category="kitchen"))
    cloud.drain()
    snapshots.held.clear()

    assert skus(search(category="kitchen", sort="-price")) == [
        "POT-1",
        "MUG-BLUE",
        "POT-2",
        "MUG-WHITE",
    ]
    newest = skus(search(category="kitchen", sort="newest"))
    assert newest[0] == "POT-2"
    assert sorted(newest[1:]) == ["MUG-BLUE", "MUG-WHITE", "POT-1"]


@pytest.mark.usefixtures("mugs")
@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"category": "kitchen"}, ["MUG-WHITE", "MUG-BLUE", "POT-1"]),
        ({"category": "mugs", "in_stock": "true"}, ["MUG-WHITE"]),
        ({"attributes": "colour:синий"}, ["MUG-BLUE"]),
        ({"attributes": "colour:синий;colour:белый"}, ["MUG-WHITE", "MUG-BLUE"]),
        ({"price_from": "69001", "price_to": "99999"}, ["MUG-BLUE"]),
        ({"category": "nowhere"}, []),
    ],
    ids=str,
)
def test_filters_go_together_with_words(search, filters, found):
    assert skus(search(sort="price", **filters)) == found


@pytest.mark.feature(28)
@pytest.mark.usefixtures("mugs")
def test_price_and_stock_are_those_of_this_moment_though_the_index_lags(cloud, shop, ann, search):
    shop.order(ann, "MUG-WHITE", 10)
    path = "/v1/staff/products/MUG-BLUE"
    cloud.call("PATCH", path, {"price_minor": 1}, token=shop.manager.token)

    white, blue = search("кружка", sort="price")["items"]

    assert white["stock"] == {"state": "out_of_stock", "available": 0}
    assert blue["price"]["amount_minor"] == 1


@pytest.mark.feature(28)
@pytest.mark.usefixtures("mugs")
def test_what_sold_out_is_in_stock_no_more(cloud, shop, ann, search):
    shop.order(ann, "MUG-WHITE", 10)
    at_once = skus(search("кружка", in_stock="true"))
    cloud.drain()
    snapshots.held.clear()

    assert at_once == skus(search("кружка", in_stock="true")) == []
    assert search("кружка")["facets"]["in_stock"] == 0


@pytest.mark.usefixtures("mugs")
def test_an_order_that_leaves_some_writes_no_new_index(cloud, shop, ann):
    def version():
        [row] = [r for r in cloud.items("OrdersTable") if r["sk"] == "SNAPSHOT"]
        return row["version"]

    before = version()
    shop.order(ann, "MUG-WHITE", 3)
    cloud.drain()

    assert version() == before


@pytest.mark.usefixtures("mugs")
def test_what_is_archived_is_found_no_more(cloud, shop, search):
    path = "/v1/staff/products/MUG-WHITE"
    cloud.call("PATCH", path, {"archived": True}, token=shop.manager.token)
    at_once = skus(search("кружка"))
    cloud.drain()
    snapshots.held.clear()

    assert at_once == skus(search("кружка")) == ["MUG-BLUE"]
    assert search("кружка")["total"] == 1


@pytest.mark.usefixtures("mugs")
def test_a_search_is_leafed_through(search):
    first = search("", sort="price", limit="4")
    second = search("", sort="price", limit="4", cursor=first["next_cursor"])

    assert skus(first) + skus(second) == [
        *("WRAP", "TEA-2", "MUG-WHITE", "MUG-BLUE", "TEA-1", "POT-1"),
    ]
    assert second["next_cursor"] is None


@pytest.mark.case("Z6")
@pytest.mark.usefixtures("mugs")
def test_a_cursor_serves_its_own_search_only(cloud, search):
    cursor = search("", limit="2")["next_cursor"]
    query = {"query": "кружка", "limit": "2", "cursor": cursor}

    assert cloud.call("GET", "/v1/search/products", query=query).status == 422


@pytest.mark.case("Z7", "V4", "V12")
@pytest.mark.parametrize(
    "wrong",
    [
        {"sort": "password_hash"},
        {"sort": "-created"},
        {"category": "Kitchen"},
        {"attributes": "colour"},
        {"attributes": ";".join("a:b" for _ in range(21))},
        {"price_from": "-1"},
        {"price_to": "1e9"},
        {"in_stock": "perhaps"},
        {"query": "x" * 101},
    ],
    ids=str,
)
def test_a_search_that_cannot_be_is_refused(cloud, wrong):
    assert cloud.call("GET", "/v1/search/products", query=wrong).status == 422


@pytest.mark.case("V4", "V7")
@pytest.mark.parametrize("text", ["", " ", "*", "чай, мыло", "a OR b)", "\u202e", "😀", '"'])
def test_whatever_is_typed_is_answered(search, text):
    search(text)


def test_a_shop_without_an_index_finds_nothing(cloud):
    found = cloud.call("GET", "/v1/search/products", query={"query": "чай"}).body

    assert (found["items"], found["total"]) == ([], 0)
    assert cloud.call("GET", "/v1/search/suggestions", query={"query": "ч"}).body == {"items": []}


@pytest.mark.usefixtures("mugs")
def test_names_are_suggested_while_somebody_types(cloud):
    query = {"query": "кру"}

    answer = cloud.call("GET", "/v1/search/suggestions", query=query, language="en")

    assert sorted(item["name"] for item in answer.body["items"]) == ["Mug, blue", "Mug, white"]


@pytest.mark.usefixtures("mugs")
def test_staff_say_which_words_mean_the_same(cloud, shop, search):
    body = {"groups": [["чашка", "кружка"]]}
    path = "/v1/staff/search/synonyms"

    assert cloud.call("PUT", path, body, token=shop.manager.token).body == body
    assert cloud.call("GET", path, token=shop.manager.token).body == body
    snapshots.held.clear()
    assert len(skus(search("чашки"))) == 2


@pytest.mark.usefixtures("mugs")
def test_an_index_is_built_anew_from_the_catalogue(cloud, shop, search):
    def products():
        return cloud.invoke("OrdersSearchAdmin", {})["products"]

    objects = [row["key"] for row in cloud.items("OrdersTable") if row["sk"] == "SNAPSHOT"]

    assert products() == 6
    snapshots.held.clear()
    assert len(skus(search("кружка"))) == 2
    assert [r["key"] for r in cloud.items("OrdersTable") if r["sk"] == "SNAPSHOT"] != objects


def test_indexes_that_were_built_anew_leave_the_last_two_behind(cloud, shop):
    for _ in range(4):
        cloud.invoke("OrdersSearchAdmin", {})

    deleted = [call for call in cloud.calls if call.name == "s3.DeleteObject"]
    written = [call for call in cloud.calls if call.name == "s3.PutObject"]
    assert len(written) - len(deleted) == 2


@pytest.mark.case("E1", "E2")
@pytest.mark.usefixtures("mugs")
def test_an_old_event_brings_nothing_old_back(cloud, shop, search):
    events = shop.queued(ProductChanged) or cloud.published(ProductChanged)
    shop.stock(mug(shop, "white", 69_000, name_ru="Бокал"))
    cloud.drain()

    cloud.publish(*reversed(events))
    snapshots.held.clear()

    assert skus(search("бокал")) == ["MUG-WHITE"]


@pytest.mark.usefixtures("mugs")
def test_a_new_process_goes_on_from_the_snapshot_and_leaves_the_last_two_behind(
    cloud, shop, search
):
    for price_minor in (69_001, 69_002, 69_003):
        shop.stock(mug(shop, "white", price_minor))
        snapshots.held.clear()
        cloud.drain()

    written = [call for call in cloud.calls if call.name == "s3.PutObject"]
    deleted = [call for call in cloud.calls if call.name == "s3.DeleteObject"]
    assert len(written) - len(deleted) == 2
    assert len(skus(search("кружка"))) == 2


class TestTwoBuilders:
    """Each brings in another product."""

    @pytest.fixture
    def race(self, at_once, cloud, shop, deliver, mugs):
        shop.stock(mug(shop, "white", 1_000, name_ru="Бокал"))
        shop.stock(mug(shop, "blue", 2_000, name_ru="Бокал"))
        told = [e for e in shop.queued(ProductChanged) if e.sku.startswith("MUG-")]
        newest = {event.sku: event for event in told if event.subject_version == 2}

        def check(answers):
            assert answers == [{"batchItemFailures": []}] * 2
            snapshots.held.clear()
            query = {"query": "бокал"}
            found = cloud.call("GET", "/v1/search/products", query=query).body
            assert found["total"] == 2

        builders = [partial(deliver, "OrdersSearchConsumer", e)() for e in newest.values()]
        return at_once(*builders, check=check)

    @pytest.mark.case("I11", "E11")
    def test_lose_nothing(self, race):
        race.every()

    def test_lose_a_product_when_the_snapshot_is_looked_at_first(self, race):
        race.catches("SEARCH#")
