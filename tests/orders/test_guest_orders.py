"""Orders of guests: placed with a contact, followed by the token, claimed by a proven contact."""

from functools import partial

import pytest

from common import clock, contacts, ids
from common.events.auth import CustomerRegistered
from common.events.loyalty import PointsAccrued
from common.events.orders import GuestContactGiven, OrderClaimed, OrderPlaced

PROBLEM = "urn:kabinet:problem:"
MAIL = "guest@example.com"


@pytest.fixture
def guest(cloud):
    return cloud.guest()


@pytest.fixture
def placed(shop, guest):
    return shop.order(guest, contact={"email": MAIL})


def prove(cloud, who, *known):
    """auth tells that *who* has proven these contacts."""
    with cloud.acting("OrdersApi"):
        keys = tuple(contacts.key(kind, value) for kind, value in known)
    known = {"id": ids.new(clock.now()), "occurred_at": clock.now(), "customer_id": who.id}
    cloud.publish(CustomerRegistered(**known, contact_keys=keys))


def claim(shop, who, key=None):
    token = shop.token(who)
    return shop.cloud.call("POST", "/v1/orders/claims", token=token, key=key or shop.key())


def listed(shop, who):
    page = shop.cloud.call("GET", "/v1/orders", token=shop.token(who)).body
    return [order["id"] for order in page["items"]]


@pytest.mark.feature(30)
def test_a_guest_orders_with_a_contact_and_follows_the_order(cloud, shop, guest, ann):
    shop.put(guest, "TEA-1")
    with cloud.counted() as calls:
        order = shop.check_out(guest, contact={"email": "Guest@Example.com"}).body

    assert calls.trips == ["dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"]
    assert shop.show(guest, order["id"]).body["state"] == "placed"
    assert listed(shop, guest) == [order["id"]]
    assert shop.show(ann, order["id"]).status == 404
    staff = cloud.call("GET", f"/v1/staff/orders/{order['id']}", token=shop.agent.token).body
    assert staff["contact"] == {"email": MAIL, "phone": None}
    assert shop.cancel(guest, order["id"]).status == 200


@pytest.mark.feature(73)
def test_a_guest_is_written_to(cloud, shop, guest, placed):
    cloud.drain()

    [letter] = cloud.letters
    assert (letter.to, placed["number"] in letter.subject) == (MAIL, True)
    [given] = cloud.published(GuestContactGiven)
    assert (given.customer_id, given.email) == (guest.id, MAIL)
    [event] = cloud.published(OrderPlaced)
    assert event.guest


def test_a_guest_with_a_phone_only_is_not_written_to_by_mail(cloud, shop, guest):
    shop.order(guest, contact={"phone": "+79001234567"})
    cloud.drain()

    assert (cloud.letters, cloud.texts) == ([], [])
    assert cloud.messages("NotifyDeadLetters") == []


@pytest.mark.feature(73)
def test_a_guest_with_a_phone_only_hears_by_sms_once_the_shop_works_on_the_order(
    cloud, shop, guest
):
    order = shop.order(guest, contact={"phone": "+79001234567"})
    shop.ship(order["id"])
    shop.move(order["id"], "delivered")
    cloud.drain()

    [text] = cloud.texts
    assert text.to == "+79001234567"
    assert order["number"] in text.text
    assert text.text.endswith(f"/orders/{order['id']}")


@pytest.mark.feature(73)
def test_a_guest_with_an_address_hears_by_mail_alone(cloud, shop, guest):
    order = shop.order(guest, contact={"email": MAIL, "phone": "+79001234567"})
    shop.ship(order["id"])
    cloud.drain()

    assert cloud.texts == []
    assert [letter.to for letter in cloud.letters] == [MAIL] * 3


@pytest.mark.case("V10")
@pytest.mark.parametrize(
    "contact", [None, {}, {"email": "x"}, {"phone": "89001234567"}, {"email": None, "phone": None}]
)
def test_a_guest_without_a_contact_cannot_order(shop, guest, contact):
    shop.put(guest, "TEA-1")

    refused = shop.check_out(guest, contact=contact)

    assert refused.status == 422
    assert refused.body["errors"][0]["field"].startswith("body.contact")


def test_a_guest_has_no_points_and_earns_none(cloud, shop, guest, placed):
    shop.put(guest, "TEA-1", 2)
    assert shop.check_out(guest, contact={"email": MAIL}, points_to_spend=1).status == 409
    for state in ("assembling", "shipped", "delivered"):
        shop.move(placed["id"], state)
    cloud.drain()

    assert cloud.published(PointsAccrued) == []


class TestAClaim:
    @pytest.mark.feature(30)
    def test_brings_the_order_into_the_account(self, cloud, shop, guest, ann, placed):
        prove(cloud, ann, ("email", MAIL))

        claimed = claim(shop, ann)

        assert [order["id"] for order in claimed.body["orders"]] == [placed["id"]]
        assert claimed.body["more"] is False
        assert (listed(shop, ann), listed(shop, guest)) == ([placed["id"]], [])
        assert shop.show(guest, placed["id"]).status == 404
        rows = [row for row in cloud.items("OrdersTable") if row["pk"].startswith("CLAIMABLE#")]
        assert rows == []

    @pytest.mark.feature(31)
    def test_brings_its_gift_cards_that_nobody_has_issued_yet(self, cloud, shop, guest, ann):
        prove(cloud, ann, ("email", MAIL))
        shop.stock(shop.product("CARD", kind="gift_card", available=None))
        more = {"payment": "sbp", "delivery": None, "contact": {"email": MAIL}}
        order = shop.order(guest, "CARD", **more)["id"]
        shop.pay(guest, order)
        shop.hear(f"order.{order}.1", "captured")
        cloud.drain()
        shop.minutes()  # it is delivered, and nobody has heard of that
        claim(shop, ann)

        cloud.drain()
        path = f"/v1/orders/{order}/gift-cards"
        assert len(cloud.call("GET", path, token=shop.token(ann)).body["items"]) == 1

    def test_lets_the_customer_earn_points_and_ask_about_it(self, cloud, shop, ann, placed):
        prove(cloud, ann, ("email", MAIL))
        claim(shop, ann)
        for state in ("assembling", "shipped", "delivered"):
            assert shop.move(placed["id"], state).status == 200
        cloud.drain()

        [accrued] = cloud.published(PointsAccrued)
        assert accrued.customer_id == ann.id
        ticket = {"subject": "x", "text": "x", "category": "order", "order_id": placed["id"]}
        asked = cloud.call("POST", "/v1/tickets", ticket, token=ann.token, key="the-first-key")
        assert asked.status == 201

    def test_by_phone_counts_too(self, cloud, shop, guest, ann):
        order = shop.order(guest, contact={"email": MAIL, "phone": "+79001234567"})
        prove(cloud, ann, ("phone", "+79001234567"))

        assert [x["id"] for x in claim(shop, ann).body["orders"]] == [order["id"]]

    @pytest.mark.case("Z2", "Z3")
    @pytest.mark.parametrize("known", [[], [("email", "other@example.com")], [("phone", MAIL)]])
    @pytest.mark.usefixtures("placed")
    def test_takes_nothing_without_the_proof(self, cloud, shop, guest, ann, known):
        prove(cloud, ann, *known)

        assert claim(shop, ann).body == {"orders": [], "more": False}
        assert len(listed(shop, guest)) == 1

    @pytest.mark.case("Z2")
    @pytest.mark.usefixtures("placed")
    def test_takes_nothing_of_who_proved_nothing(self, shop, ann):
        assert claim(shop, ann).body["orders"] == []

    def test_of_many_orders_says_that_there_are_more(self, cloud, shop, guest, ann):
        for _ in range(16):
            shop.stock(shop.product("TEA-3", 100, 99))
            shop.order(guest, "TEA-3", contact={"email": MAIL})
        prove(cloud, ann, ("email", MAIL))

        first, second = claim(shop, ann).body, claim(shop, ann).body

        assert (len(first["orders"]), first["more"]) == (15, True)
        assert (len(second["orders"]), second["more"]) == (1, False)

    @pytest.mark.case("I4", "I5")
    @pytest.mark.usefixtures("placed")
    def test_again_is_the_same_answer(self, cloud, shop, ann):
        prove(cloud, ann, ("email", MAIL))
        first = claim(shop, ann, "the-first-key")
        again = claim(shop, ann, "the-first-key")

        assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")


class TestTwoClaimsOfOneOrder:
    @pytest.fixture
    def race(self, at_once, cloud, shop, ann, bob, placed):
        for who in (ann, bob):
            prove(cloud, who, ("email", MAIL))

        def check(answers):
            assert {answer.status for answer in answers} == {200}
            assert sorted([listed(shop, ann), listed(shop, bob)]) == [[], [placed["id"]]]
            assert len(shop.queued(OrderClaimed)) == 1

        keys = "the-first-key", "the-second-key"
        tasks = [partial(claim, shop, who, key) for who, key in zip((ann, bob), keys, strict=True)]
        return at_once(*tasks, check=check)

    @pytest.mark.case("I6", "I12")
    def test_are_one(self, race):
        race.every()

    def test_are_two_when_the_order_is_looked_at_first(self, race):
        race.catches("ORDER#", "CLAIMABLE#")


class TestAClaimThatMeetsTheStaff:
    @pytest.fixture
    def race(self, at_once, cloud, shop, ann, placed):
        prove(cloud, ann, ("email", MAIL))
        order = placed["id"]

        def check(answers):
            claimed, moved = (answer.status for answer in answers)
            assert claimed == 200
            assert moved in (200, 503)
            [row] = [x for x in cloud.items("OrdersTable") if x["sk"] == f"ORDER#{order}"]
            assert (row["customer_id"], row["state"]) == (
                ann.id,
                "assembling" if moved == 200 else "placed",
            )

        tasks = [
            partial(claim, shop, ann, "the-first-key"),
            partial(shop.move, order, "assembling", "the-second-key"),
        ]
        return at_once(*tasks, check=check)

    @pytest.mark.case("I11", "I12")
    def test_leaves_one_order(self, race):
        race.every()

    def test_leaves_two_when_the_order_is_looked_at_first(self, race):
        race.catches("ORDER#")
