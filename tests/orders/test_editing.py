"""Staff keep the catalogue."""

from functools import partial

import pytest

from common.events.catalogue import BackInStock, PriceDropped, ProductChanged

COLOUR = {
    "code": "colour",
    "name_ru": "Цвет",
    "name_en": "Colour",
    "value_ru": "синий",
    "value_en": "blue",
}


@pytest.fixture
def create(cloud, shop):
    def create(sku="TEA-9", key=None, token=None, **fields):
        body = shop.product(sku, **fields)
        token = token or shop.manager.token
        answer = cloud.call("POST", "/v1/staff/products", body, token=token, key=key or shop.key())
        if answer.status == 201:
            shop.opening[sku] = body.get("available") or 0
        return answer

    return create


@pytest.fixture
def patch(cloud, shop):
    def patch(sku="TEA-1", if_match=None, **changes):
        headers = {"if-match": if_match} if if_match else None
        path = f"/v1/staff/products/{sku}"
        return cloud.call("PATCH", path, changes, token=shop.manager.token, headers=headers)

    return patch


@pytest.fixture
def hosts(cloud, shop):
    body = {"hosts": ["pics.example.com"]}
    cloud.call("PUT", "/v1/staff/picture-hosts", body, token=shop.manager.token)


@pytest.mark.feature(27)
@pytest.mark.usefixtures("hosts")
def test_a_product_is_created_with_all_that_it_has(cloud, create):
    more = {"group": "TEA", "attributes": [COLOUR], "pictures": ["tea/1.jpg"]}

    answer = create(**more, early_access_tier="gold")

    assert (answer.status, answer.body["version"]) == (201, 1)
    shown = cloud.call("GET", "/v1/products/TEA-9", language="en").body
    assert shown["attributes"] == [{"code": "colour", "name": "Colour", "value": "blue"}]
    assert shown["pictures"] == ["https://pics.example.com/tea/1.jpg"]
    assert (shown["group"], shown["early_access_tier"]) == ("TEA", "gold")


@pytest.mark.feature(26)
def test_services_and_gift_cards_can_be_bought_and_never_run_out(shop, create, ann):
    create("CARD", kind="gift_card", available=None)

    order = shop.order(ann, "CARD", 2, payment="card")

    assert order["totals"]["delivery_minor"] == 0
    assert create("CARD-2", kind="gift_card", available=3).status == 422


@pytest.mark.case("I5", "I3")
def test_a_product_created_twice_under_one_key_is_one(create):
    first, again = (create(key="the-same-key") for _ in range(2))

    assert (first.status, again.status, first.body) == (201, 201, again.body)
    assert create(key="the-same-key", price_minor=5).status == 422


def test_a_sku_is_taken_once(create):
    answer = create("TEA-1")

    assert (answer.status, answer.body["type"]) == (409, "urn:kabinet:problem:sku_taken")


def test_variants_are_shown_with_each_other(cloud, create):
    for colour in ("BLUE", "RED"):
        create(f"CUP-{colour}", group="CUP", attributes=[COLOUR])

    with cloud.counted() as calls:
        shown = cloud.call("GET", "/v1/products/CUP-RED").body

    assert calls.trips == ["dynamodb.GetItem", "dynamodb.Query"]
    assert [variant["sku"] for variant in shown["variants"]] == ["CUP-BLUE"]
    assert shown["variants"][0]["attributes"][0]["value"] == "синий"


def test_what_is_named_changes_and_the_rest_stays(cloud, shop, patch):
    answer = patch(name_en="Black tea", category="puer")

    assert (answer.status, answer.headers["etag"]) == (200, '"2"')
    shown = cloud.call("GET", "/v1/products/TEA-1", language="en").body
    assert (shown["name"], shown["category"]) == ("Black tea", "puer")
    assert shown["description"] == "Description"
    assert shop.on_shelf("TEA-1") == (10, 0)


def test_what_can_be_absent_goes_by_null(cloud, shop, create, patch):
    create(group="TEA", early_access_tier="gold", attributes=[COLOUR])

    patch("TEA-9", group=None, early_access_tier=None, attributes=[])

    shown = cloud.call("GET", "/v1/products/TEA-9").body
    assert (shown["group"], shown["early_access_tier"]) == (None, None)
    [row] = [r for r in cloud.items("OrdersTable") if r["pk"] == "PRODUCT#TEA-9"]
    assert {"group", "gsi2pk", "gsi2sk", "early_access_tier", "attributes"}.isdisjoint(row)


def test_a_change_that_changes_nothing_writes_nothing(cloud, patch):
    with cloud.counted() as calls:
        assert patch(price_minor=100_000).headers["etag"] == '"1"'

    assert calls.trips == ["dynamodb.GetItem"]


def test_a_change_meant_for_another_version_is_refused(patch):
    patch(price_minor=90_000)

    assert patch(if_match='"1"', price_minor=80_000).status == 412
    assert patch(if_match='"2"', price_minor=80_000).status == 200
    assert patch("NO-SUCH", price_minor=1).status == 404


def test_a_lower_price_is_told_with_the_change(shop, patch):
    patch(price_minor=90_000)
    patch(price_minor=95_000)

    [event] = shop.queued(PriceDropped)
    assert (event.sku, event.old_minor, event.new_minor) == ("TEA-1", 100_000, 90_000)
    versions = [e.subject_version for e in shop.queued(ProductChanged) if e.sku == "TEA-1"]
    assert versions == [1, 2, 3]


def test_a_reduction_shows_the_lowest_price_of_thirty_days(cloud, patch):
    def lowest():
        return cloud.call("GET", "/v1/products/TEA-1").body["price"]["lowest_30_days_minor"]

    patch(price_minor=110_000)
    patch(price_minor=70_000)

    assert lowest() == 100_000
    cloud.clock.advance(days=31)
    assert lowest() is None


def test_an_import_lowers_prices_and_leaves_the_archive_alone(cloud, shop, patch):
    patch("TEA-2", archived=True)

    shop.stock(shop.product("TEA-1", 90_000), shop.product("TEA-2", 60_000))

    assert [event.sku for event in shop.queued(PriceDropped)] == ["TEA-1"]
    assert cloud.call("GET", "/v1/products/TEA-2").status == 404


class TestWhatIsArchived:
    @pytest.fixture(autouse=True)
    def _archived(self, patch):
        assert patch(archived=True).body["archived"]

    def test_is_listed_for_staff_only(self, cloud, shop):
        def listed(path, token=None, **query):
            answer = cloud.call("GET", path, token=token, query=query)
            return [item["sku"] for item in answer.body["items"]]

        staff = partial(listed, "/v1/staff/products", shop.manager.token)
        assert listed("/v1/products") == staff() == ["TEA-2", "WRAP"]
        assert staff(archived="true") == ["TEA-1"]
        assert cloud.call("GET", "/v1/products/TEA-1").status == 404
        path = "/v1/staff/products/TEA-1"
        assert cloud.call("GET", path, token=shop.manager.token).status == 200

    @pytest.mark.feature(28)
    def test_is_not_put_into_a_cart(self, shop, ann):
        assert shop.put(ann, "TEA-1").body["type"] == "urn:kabinet:problem:unknown_product"

    def test_is_sold_again_when_the_staff_says_so(self, shop, ann, patch):
        patch(archived=False)

        assert shop.put(ann, "TEA-1").status == 200
        assert [event.sku for event in shop.queued(BackInStock)] == ["TEA-1"]


@pytest.mark.feature(28)
@pytest.mark.parametrize("sku", ["TEA-1", "WRAP"])
def test_what_was_archived_since_is_not_sold(shop, ann, patch, sku):
    shop.put(ann, sku)
    patch(sku, archived=True)

    [line] = shop.cart(ann).body["lines"]
    answer = shop.check_out(ann)

    assert [trouble["code"] for trouble in line["problems"]] == ["unavailable"]
    assert (answer.status, answer.body["type"]) == (409, "urn:kabinet:problem:unavailable")


@pytest.mark.case("V10", "V14", "Z4")
@pytest.mark.usefixtures("hosts")
@pytest.mark.parametrize(
    "wrong",
    [
        {"version": 9},
        {"available": 5},
        {"kind": "service"},
        {"name_ru": None},
        {"price_minor": -1},
        {"archived": "yes"},
        {"attributes": [COLOUR, COLOUR]},
        {"attributes": [{"code": "x"}]},
        {"pictures": ["https://evil.example.com/a.png"]},
        {"early_access_tier": "Gold!"},
        {"group": "no group"},
    ],
    ids=str,
)
def test_a_change_that_cannot_be_is_refused(patch, wrong):
    answer = patch(**wrong)

    assert answer.status == 422
    assert answer.body["errors"][0]["field"].startswith("body.")


@pytest.mark.case("V14")
@pytest.mark.parametrize("host", ["localhost", "http://a.b", "a.b/c", "A.B", "169.254.169.254:80"])
def test_a_host_of_pictures_is_a_name(cloud, shop, host):
    body = {"hosts": [host]}

    answer = cloud.call("PUT", "/v1/staff/picture-hosts", body, token=shop.manager.token)

    assert answer.status == 422


@pytest.mark.case("Z6")
def test_a_cursor_of_the_archive_does_not_open_the_catalogue(cloud, shop):
    def page(**query):
        return cloud.call("GET", "/v1/staff/products", token=shop.manager.token, query=query)

    cursor = page(limit="1").body["next_cursor"]
    assert page(limit="1", cursor=cursor).status == 200
    assert page(limit="1", cursor=cursor, archived="true").status == 422


class TestTwoPriceChanges:
    @pytest.fixture
    def race(self, at_once, shop, patch):
        def check(answers):
            assert [answer.status for answer in answers] == [200, 200]
            told = [e for e in shop.queued(ProductChanged) if e.sku == "TEA-1"]
            assert [event.subject_version for event in told] == [1, 2, 3]
            drops = [(e.old_minor, e.new_minor) for e in shop.queued(PriceDropped)]
            assert drops in ([(100_000, 90_000), (90_000, 80_000)], [(100_000, 80_000)])

        changes = (partial(patch, price_minor=price) for price in (90_000, 80_000))
        return at_once(*changes, check=check)

    @pytest.mark.case("I11", "E11")
    def test_follow_each_other(self, race):
        race.every()

    def test_overwrite_each_other_when_the_version_is_looked_at_first(self, race):
        race.catches("PRODUCT#")
