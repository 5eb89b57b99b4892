import pytest

from common.events.catalogue import ProductChanged


@pytest.fixture
def teas(shop):
    """Five more products of a category of their own."""
    shop.stock(*(shop.product(f"PUER-{n}", category="puer") for n in range(5)))


def listed(answer):
    return [item["sku"] for item in answer.body["items"]]


def test_anybody_can_look_at_the_catalogue_in_one_round_trip(cloud, shop):
    with cloud.counted() as calls:
        answer = cloud.call("GET", "/v1/products", language="en")

    assert answer.status == 200
    assert calls.trips == ["dynamodb.Query"]
    assert listed(answer) == ["TEA-1", "TEA-2", "WRAP"]
    assert answer.body["items"][0] == {
        "sku": "TEA-1",
        "category": "tea",
        "kind": "good",
        "group": None,
        "name": "Product TEA-1",
        "description": "Description",
        "attributes": [],
        "pictures": [],
        "price": {"amount_minor": 100_000, "currency": "RUB", "lowest_30_days_minor": None},
        "stock": {"state": "in_stock", "available": 10},
        "early_access_tier": None,
    }


def test_a_product_is_shown_in_the_language_asked_for(cloud, shop):
    with cloud.counted() as calls:
        russian = cloud.call("GET", "/v1/products/WRAP", language="ru")
    english = cloud.call("GET", "/v1/products/WRAP", language="en")

    assert calls.trips == ["dynamodb.GetItem"]
    assert (russian.body["name"], english.body["name"]) == ("Товар WRAP", "Product WRAP")
    assert russian.body["stock"] == {"state": "always", "available": None}


@pytest.mark.feature(28)
def test_a_product_tells_when_it_is_gone_or_nearly_so(cloud, shop):
    shop.stock(shop.product("TEA-3", available=0), shop.product("TEA-4", available=2))

    gone = cloud.call("GET", "/v1/products/TEA-3").body["stock"]
    nearly = cloud.call("GET", "/v1/products/TEA-4").body["stock"]

    assert gone == {"state": "out_of_stock", "available": 0}
    assert nearly == {"state": "low", "available": 2}


@pytest.mark.usefixtures("teas")
def test_a_category_is_listed_page_by_page(cloud):
    pages, cursor = [], {}
    for _ in range(3):
        query = {"category": "puer", "limit": "2"} | cursor
        answer = cloud.call("GET", "/v1/products", query=query)
        pages.append(listed(answer))
        cursor = {"cursor": answer.body["next_cursor"]}

    assert pages == [["PUER-0", "PUER-1"], ["PUER-2", "PUER-3"], ["PUER-4"]]
    assert cursor == {"cursor": None}


@pytest.mark.usefixtures("teas")
def test_a_cursor_serves_its_own_list_only(cloud):
    query = {"category": "puer", "limit": "2"}
    cursor = cloud.call("GET", "/v1/products", query=query).body["next_cursor"]

    assert cloud.call("GET", "/v1/products", query={"cursor": cursor}).status == 422
    forged = "A" + cursor[1:] if cursor[0] != "A" else "B" + cursor[1:]
    assert cloud.call("GET", "/v1/products", query=query | {"cursor": forged}).status == 422


@pytest.mark.case("V12")
@pytest.mark.parametrize("limit", ["0", "-1", "51", "1000000000", "1.5", "many", "1,100000"])
def test_a_page_has_between_one_and_fifty_products(cloud, limit):
    assert cloud.call("GET", "/v1/products", query={"limit": limit}).status == 422


@pytest.mark.parametrize("sku", ["tea-1", "AB", "A" * 41, "ТЕА"])
def test_a_malformed_sku_is_refused(cloud, sku):
    assert cloud.call("GET", f"/v1/products/{sku}").status == 422


def test_an_unknown_product_is_not_there(cloud):
    assert cloud.call("GET", "/v1/products/NO-SUCH").status == 404


def test_an_import_creates_products_and_tells_the_others(shop):
    answer = shop.stock(shop.product("TEA-3", 70_000), shop.product("TEA-1"))

    assert answer.body == {"created": ["TEA-3"], "updated": [], "unchanged": ["TEA-1"]}
    [event] = [e for e in shop.queued(ProductChanged) if e.sku == "TEA-3"]
    assert (event.price_minor, event.currency, event.subject_version) == (70_000, "RUB", 1)


def test_an_import_takes_two_round_trips(cloud, shop):
    with cloud.counted() as calls:
        shop.stock(*(shop.product(f"PUER-{n:02}") for n in range(25)))

    assert calls.trips == ["dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"]


@pytest.mark.case("I14")
def test_a_second_import_renews_the_price_and_leaves_stock_alone(cloud, shop, ann):
    shop.order(ann, "TEA-1", 3)

    answer = shop.stock(shop.product("TEA-1", 90_000, available=500))

    assert answer.body["updated"] == ["TEA-1"]
    assert shop.on_shelf("TEA-1") == (7, 3)
    assert cloud.call("GET", "/v1/products/TEA-1").body["price"]["amount_minor"] == 90_000
    versions = [e.subject_version for e in shop.queued(ProductChanged) if e.sku == "TEA-1"]
    assert versions == [1, 2]


def test_a_product_moves_to_another_category(cloud, shop):
    shop.stock(shop.product("TEA-1", category="puer"))

    assert listed(cloud.call("GET", "/v1/products", query={"category": "puer"})) == ["TEA-1"]
    assert "TEA-1" not in listed(cloud.call("GET", "/v1/products", query={"category": "tea"}))


def test_a_good_cannot_become_a_service(shop):
    answer = shop.stock(shop.product("TEA-1", available=None))

    assert answer.status == 409
    assert answer.body["type"] == "urn:kabinet:problem:kind_fixed"


def test_an_import_repeated_with_its_key_changes_nothing_more(cloud, shop):
    body = {"products": [shop.product("TEA-9")]}
    sent = [
        cloud.call(
            "POST",
            "/v1/staff/products/imports",
            body,
            token=shop.manager.token,
            key="the-same-key",
        )
        for _ in range(2)
    ]

    assert sent[0].body == sent[1].body == {"created": ["TEA-9"], "updated": [], "unchanged": []}
    assert sent[1].headers["idempotent-replayed"] == "true"
    shop.opening["TEA-9"] = 10


def test_two_imports_at_once_do_not_overwrite_each_other(cloud, shop, between):
    between("BatchGetItem", lambda: shop.stock(shop.product("TEA-1", 80_000)))

    answer = shop.stock(shop.product("TEA-1", 90_000))

    assert answer.status == 503
    assert cloud.call("GET", "/v1/products/TEA-1").body["price"]["amount_minor"] == 80_000


@pytest.mark.parametrize("role", ["agent", "customer"])
def test_only_a_manager_imports(cloud, shop, ann, role):
    token = {"agent": shop.agent, "customer": ann}[role].token
    body = {"products": [shop.product("TEA-9")]}

    answer = cloud.call("POST", "/v1/staff/products/imports", body, token=token, key="a-key-1234")

    assert answer.status == 403


@pytest.mark.case("V10")
@pytest.mark.parametrize(
    "wrong",
    [
        {"sku": "tea"},
        {"kind": "idea"},
        {"price_minor": -1},
        {"price_minor": 10.5},
        {"price_minor": "100"},
        {"available": None},
        {"available": -1},
        {"kind": "service"},
        {"name_ru": ""},
        {"name_en": "x" * 101},
        {"discount": 50},
        {"category": "Tea"},
    ],
    ids=str,
)
def test_a_product_that_cannot_be_is_refused(shop, wrong):
    answer = shop.stock(shop.product("TEA-9") | wrong)

    assert answer.status == 422
    assert answer.body["errors"][0]["field"].startswith("body.products.0")


def test_an_import_names_each_product_once(shop):
    assert shop.stock(shop.product("TEA-9"), shop.product("TEA-9")).status == 422
