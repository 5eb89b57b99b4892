"""Delivery quotes: the shop's table, pick-up points, the carrier, and what a quote promises."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import boto3
import pytest

from common import clock, pepper
from orders.addresses.address import Place
from orders.delivery import signature
from orders.delivery.rates import Rate, Table, Zone

PROBLEM = "urn:kabinet:problem:"
PLACE = {
    "country": "RU",
    "city": "Москва",
    "street": "Арбат",
    "house": "1",
    "postal_code": "119002",
}
LIGHT = {"up_to_grams": 1_000, "price_minor": 20_000, "days_min": 1, "days_max": 2}
HEAVY = {"up_to_grams": 5_000, "price_minor": 45_000, "days_min": 2, "days_max": 4}
MOSCOW = {"name": "Москва", "country": "RU", "cities": ["москва"], "rates": [LIGHT, HEAVY]}
POINT = {
    "name": "У метро",
    "city": "Москва",
    "address": "Арбат, 10",
    "hours": "10-22",
    "price_minor": 9_900,
    "days_min": 1,
    "days_max": 1,
}


class Delivery:
    """What people do about delivery."""

    def __init__(self, cloud, shop):
        self.cloud, self.shop = cloud, shop

    def staff(self, method, path, body=None, **more):
        token = self.shop.manager.token
        return self.cloud.call(method, f"/v1/staff/{path}", body, token=token, **more)

    def rate(self, *zones):
        answer = self.staff("PUT", "delivery-rates", {"zones": list(zones)})
        assert answer.status == 200, answer.body

    def quote(self, who, **where):
        body = where or {"address": PLACE}
        token = self.shop.token(who)
        return self.cloud.call("POST", "/v1/delivery-quotes", body, token=token)

    def option(self, who, **where):
        [option] = self.quote(who, **where).body["options"]
        return option

    def buy(self, who, quote_id, **more):
        to = {"recipient": "Анна Ким", "quote_id": quote_id}
        return self.shop.check_out(who, delivery=to, **more)


@pytest.fixture
def delivery(cloud, shop):
    return Delivery(cloud, shop)


@pytest.mark.feature(37)
def test_without_a_table_a_quote_is_the_shops_flat_fee(cloud, shop, ann, delivery):
    shop.put(ann, "TEA-1")
    with cloud.counted() as calls:
        option = delivery.option(ann)

    assert calls.trips == ["dynamodb.BatchGetItem"]
    assert (option["price_minor"], option["days_min"]) == (29_900, None)
    assert option["address"] == "119002, Москва, Арбат, 1"
    assert delivery.buy(ann, option["quote_id"]).body["totals"]["delivery_minor"] == 29_900


@pytest.mark.feature(37)
def test_a_quote_goes_by_zone_and_weight(shop, ann, delivery):
    delivery.rate(MOSCOW)
    shop.put(ann, "TEA-1", 2)
    assert delivery.option(ann)["price_minor"] == 20_000

    shop.put(ann, "TEA-2")
    option = delivery.option(ann)

    assert (option["price_minor"], option["days_min"], option["days_max"]) == (45_000, 2, 4)
    order = delivery.buy(ann, option["quote_id"]).body
    assert order["totals"]["delivery_minor"] == 45_000
    assert order["delivery"]["address"] == "119002, Москва, Арбат, 1"
    first, last = order["delivery"]["expected_from"], order["delivery"]["expected_until"]
    assert first[8:] in order["when"]
    assert last[8:] in order["when"]


@pytest.mark.feature(37)
def test_what_is_too_heavy_for_every_rate_has_no_quote(shop, ann, delivery):
    delivery.rate(MOSCOW)
    shop.stock(shop.product("ANVIL", 100, 5, weight_grams=5_001))
    shop.put(ann, "ANVIL")

    assert delivery.quote(ann).body["options"] == []


@pytest.mark.feature(37, 50)
def test_delivery_is_free_from_the_shops_sum_on_whatever_was_quoted(shop, ann, delivery):
    delivery.rate(MOSCOW)
    shop.put(ann, "TEA-1", 3)
    option = delivery.option(ann)

    assert option["price_minor"] == 0
    assert delivery.buy(ann, option["quote_id"]).body["totals"]["delivery_minor"] == 0


@pytest.mark.feature(37)
def test_where_there_are_rates_nothing_is_shipped_unquoted(cloud, shop, ann, delivery):
    far = MOSCOW | {"rates": [LIGHT | {"price_minor": 250_000}]}
    delivery.rate(far)
    entry = {**PLACE, "recipient": "Мама", "phone": "+79001112233"}
    made = cloud.call("POST", "/v1/addresses", entry, token=ann.token, key="key-of-mother").body
    shop.put(ann, "TEA-1")
    typed = {"recipient": "Анна Ким", "address": "Москва, Арбат, 1"}

    for to in (typed, {"address_id": made["id"]}):
        refused = shop.check_out(ann, delivery=to)
        assert refused.status == 422
        [error] = refused.body["errors"]
        assert (error["field"], error["code"]) == ("body.delivery.quote_id", "quote_needed")

    quoted = delivery.option(ann, address_id=made["id"])["quote_id"]
    assert delivery.buy(ann, quoted).body["totals"]["delivery_minor"] == 250_000


@pytest.mark.feature(37)
def test_what_is_not_shipped_needs_no_quote(shop, ann, delivery):
    delivery.rate(MOSCOW)
    shop.put(ann, "WRAP")
    assert shop.check_out(ann).status == 201


@pytest.mark.feature(37)
def test_a_pick_up_point_is_a_way_too(cloud, shop, ann, delivery):
    assert delivery.staff("PUT", "pickup-points/arbat-10", POINT).status == 200
    listed = cloud.call("GET", "/v1/pickup-points", query={"city": "МОСКВА"}).body["items"]
    assert [point["id"] for point in listed] == ["arbat-10"]
    shop.put(ann, "TEA-1")

    option = delivery.option(ann, point_id="arbat-10")

    assert (option["method"], option["price_minor"]) == ("pickup", 9_900)
    to = delivery.buy(ann, option["quote_id"], language="ru").body
    assert to["delivery"]["point_id"] == "arbat-10"
    assert "забрать: Москва, Арбат, 10 (У метро)" in to["what_next"]


def test_a_closed_point_is_listed_no_longer(cloud, shop, ann, delivery):
    delivery.staff("PUT", "pickup-points/arbat-10", POINT)
    assert delivery.staff("DELETE", "pickup-points/arbat-10").status == 204
    assert delivery.staff("DELETE", "pickup-points/arbat-10").status == 204

    shop.put(ann, "TEA-1")
    assert delivery.quote(ann, point_id="arbat-10").status == 404
    assert cloud.call("GET", "/v1/pickup-points", query={"city": "Москва"}).body["items"] == []


@pytest.mark.feature(34, 37)
def test_a_saved_address_can_be_quoted_and_delivered_to(cloud, shop, ann, bob, delivery):
    entry = {**PLACE, "recipient": "Мама", "phone": "+79001112233"}
    made = cloud.call("POST", "/v1/addresses", entry, token=ann.token, key="key-of-mother").body
    shop.put(ann, "TEA-1")
    shop.put(bob, "TEA-1")

    assert delivery.option(ann, address_id=made["id"])["address"] == "119002, Москва, Арбат, 1"
    assert delivery.quote(bob, address_id=made["id"]).status == 404
    assert shop.check_out(bob, delivery={"address_id": made["id"]}).status == 404
    with cloud.counted() as calls:
        to = shop.check_out(ann, delivery={"address_id": made["id"]}).body["delivery"]
    assert (to["recipient"], to["phone"]) == ("Мама", "+79001112233")
    assert len(calls.trips) == 2


class TestAPromise:
    @pytest.fixture
    def quote_id(self, shop, ann, delivery):
        delivery.rate(MOSCOW)
        shop.put(ann, "TEA-1")
        return delivery.option(ann)["quote_id"]

    def refused(self, answer):
        return (answer.status, answer.body["type"]) == (409, PROBLEM + "quote_expired")

    @pytest.mark.feature(37)
    def test_holds_though_the_rates_changed(self, ann, delivery, quote_id):
        dearer = {**MOSCOW, "rates": [{**LIGHT, "price_minor": 90_000}]}
        delivery.rate(dearer)

        assert delivery.buy(ann, quote_id).body["totals"]["delivery_minor"] == 20_000

    @pytest.mark.feature(37)
    def test_ends_after_half_an_hour(self, cloud, ann, delivery, quote_id):
        cloud.clock.advance(minutes=31)

        assert self.refused(delivery.buy(ann, quote_id))

    def test_is_for_the_cart_that_it_was_made_for(self, shop, ann, delivery, quote_id):
        shop.put(ann, "TEA-1", 2)
        assert self.refused(delivery.buy(ann, quote_id))

        shop.put(ann, "TEA-1", 1)
        assert delivery.buy(ann, quote_id).status == 201

        shop.put(ann, "TEA-1", 1)
        assert self.refused(delivery.buy(ann, quote_id))

    @pytest.mark.case("Z3")
    def test_is_for_who_asked(self, shop, bob, delivery, quote_id):
        shop.put(bob, "TEA-1")

        assert self.refused(delivery.buy(bob, quote_id))

    @pytest.mark.case("V11")
    @pytest.mark.parametrize("forged", ["", "x", "!", "{}A", "A{}", "a" * 64])
    def test_cannot_be_made_by_anybody_else(self, ann, delivery, quote_id, forged):
        assert self.refused(delivery.buy(ann, forged.format(quote_id)))


def test_only_goods_are_delivered(shop, ann, delivery):
    assert delivery.quote(ann).body["type"] == PROBLEM + "nothing_to_deliver"
    shop.put(ann, "WRAP")
    assert delivery.quote(ann).status == 409


@pytest.mark.case("V10")
@pytest.mark.parametrize(
    "where",
    [
        {"city": "Москва"},
        {"address": PLACE, "point_id": "arbat-10"},
        {"address": {**PLACE, "country": "Россия"}},
        {"point_id": "../x"},
        {"address_id": "1"},
    ],
    ids=str,
)
def test_a_quote_to_nowhere_is_refused(shop, ann, delivery, where):
    shop.put(ann, "TEA-1")

    assert delivery.quote(ann, **where).status == 422


class TestTheTable:
    def test_is_changed_as_a_whole_and_by_its_version(self, delivery):
        empty = delivery.staff("GET", "delivery-rates")
        assert empty.body == {"zones": []}
        tag = {"if-match": empty.headers["etag"]}

        first = delivery.staff("PUT", "delivery-rates", {"zones": [MOSCOW]}, headers=tag)
        again = delivery.staff("PUT", "delivery-rates", {"zones": []}, headers=tag)

        assert (first.status, again.status) == (200, 412)
        assert delivery.staff("GET", "delivery-rates").body == first.body

    @pytest.mark.case("V2", "V10", "V13")
    @pytest.mark.parametrize(
        "wrong",
        [
            {"rates": []},
            {"rates": [{**LIGHT, "days_min": 3}]},
            {"rates": [{**LIGHT, "price_minor": -1}]},
            {"rates": [{**LIGHT, "up_to_grams": 0}]},
            {"rates": [LIGHT] * 11},
            {"cities": ["x"] * 61},
            {"postal_prefixes": ["12-"]},
        ],
        ids=str,
    )
    def test_that_cannot_be_is_refused(self, delivery, wrong):
        assert delivery.staff("PUT", "delivery-rates", {"zones": [MOSCOW | wrong]}).status == 422

    def test_names_a_place_as_exactly_as_it_can(self):
        rates = (Rate(1_000, 1, 1, 1),)
        country = Zone("Россия", "RU", (), (), rates)
        region = Zone("Область", "RU", ("14",), (), rates)
        town = Zone("Химки", "RU", ("1414",), (), rates)
        city = Zone("Москва", "RU", (), ("Москва",), rates)
        table = Table(1, (country, region, town, city))

        def zone(city, code=None, country="RU"):
            found = table.zone(Place(country, city, "x", "1", None, code))
            return found.name if found else None

        assert zone("Химки", "141400") == "Химки"
        assert zone("Клин", "142000") == "Область"
        assert zone("МОСКВА") == "Москва"
        assert zone("Омск", "644000") == "Россия"
        assert zone("Алматы", "141400", "KZ") is None


class Carrier:
    """A carrier over HTTP: *answer* makes what it says of a request."""

    def __init__(self, key):
        self.key, self.asked = key, []
        self.answer = lambda asked: {"request_id": asked["request_id"], "quotes": []}
        self.sign = lambda body: signature.signed(self.key, body, clock.now())
        carrier = self

        class Desk(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                header = self.headers[signature.HEADER]
                assert signature.is_genuine(carrier.key, body, header, clock.now())
                carrier.asked.append(json.loads(body))
                text = json.dumps(carrier.answer(carrier.asked[-1]))
                self.send_response(200)
                self.send_header(signature.HEADER, carrier.sign(text))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Desk)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def carrier(cloud):
    """A carrier whom the shop asks."""
    secrets = boto3.client("secretsmanager")
    arn = cloud.wiring.physical["CarrierSecret"]["Ref"]
    known = json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])
    carrier = Carrier(known["key"].encode())

    def tell(url):
        secrets.put_secret_value(SecretId=arn, SecretString=json.dumps(known | {"url": url}))
        pepper._kept.clear()

    tell(carrier.url)
    serving = threading.Thread(target=carrier.server.serve_forever, daemon=True)
    serving.start()
    yield carrier
    tell("")
    carrier.server.shutdown()
    carrier.server.server_close()
    serving.join()


def said(asked, **more):
    quote = {"carrier": "Экспресс", "price_minor": 70_000, "days_min": 0, "days_max": 1}
    cheaper = {"carrier": "Эконом", "price_minor": 15_000, "days_min": 3, "days_max": 5}
    return {"request_id": asked["request_id"], "quotes": [quote, cheaper]} | more


class TestACarrier:
    @pytest.mark.feature(37)
    def test_is_asked_before_anything_is_shipped(self, shop, ann, carrier):
        shop.put(ann, "TEA-1")
        refused = shop.check_out(ann)
        assert refused.status == 422
        assert [error["code"] for error in refused.body["errors"]] == ["quote_needed"]

    def test_says_its_own_prices(self, shop, ann, delivery, carrier):
        delivery.rate(MOSCOW)
        carrier.answer = said
        shop.put(ann, "TEA-1", 2)

        cheap, express = delivery.quote(ann).body["options"]

        [asked] = carrier.asked
        assert (asked["weight_grams"], asked["value_minor"]) == (1_000, 200_000)
        assert asked["to"] == PLACE | {"apartment": None}
        assert (cheap["carrier"], express["carrier"]) == ("Эконом", "Экспресс")
        order = delivery.buy(ann, express["quote_id"]).body
        assert (order["delivery"]["carrier"], order["totals"]["delivery_minor"]) == (
            "Экспресс",
            70_000,
        )

    @pytest.mark.case("T6")
    @pytest.mark.parametrize(
        "answer",
        [
            lambda asked: said(asked, request_id="another"),
            lambda asked: said(asked, quotes=[{"carrier": "x", "price_minor": -1}]),
            lambda _: ["nonsense"],
            lambda asked: said(asked, quotes="x" * 70_000),
        ],
    )
    def test_that_says_nonsense_is_not_listened_to(self, shop, ann, delivery, carrier, answer):
        delivery.rate(MOSCOW)
        carrier.answer = answer
        shop.put(ann, "TEA-1", 2)

        assert delivery.option(ann)["price_minor"] == 20_000

    @pytest.mark.case("T6", "N8")
    def test_that_does_not_sign_is_not_listened_to(self, shop, ann, delivery, carrier):
        delivery.rate(MOSCOW)
        carrier.answer = said
        shop.put(ann, "TEA-1", 2)
        for sign in (
            lambda _: "",
            lambda body: signature.signed(b"another key", body, clock.now()),
            lambda body: signature.signed(carrier.key, body + " ", clock.now()),
        ):
            carrier.sign = sign
            assert delivery.option(ann)["price_minor"] == 20_000

    @pytest.mark.case("T6")
    def test_that_is_away_is_not_waited_for(self, shop, ann, delivery, carrier, monkeypatch):
        from orders.delivery import carrier as port

        monkeypatch.setattr(port, "TIMEOUT_SECONDS", 0.05)
        released = threading.Event()
        carrier.answer = lambda asked: released.wait(2) and said(asked)
        delivery.rate(MOSCOW)
        shop.put(ann, "TEA-1", 2)

        assert delivery.option(ann)["price_minor"] == 20_000
        released.set()
