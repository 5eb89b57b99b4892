"""Promo codes: put into the cart, taken off the order, and given back with it."""

from datetime import timedelta
from functools import partial

import pytest

from common import clock
from common.events.loyalty import CouponRulesChanged
from common.events.orders import OrderFailed
from orders.coupons import coupon

CODE = "TEA-10"
TEN = {"percent": 10}


def problem(answer):
    return answer.status, answer.body["type"].rpartition(":")[2]


@pytest.fixture
def offer(shop, cloud):
    """The shop offers what a code takes off, and everybody has heard of it."""

    def put(code=CODE, **terms):
        path = f"/v1/staff/coupons/{code}"
        answer = cloud.call("PUT", path, terms or TEN, token=shop.manager.token)
        assert answer.status == 200, answer.body
        cloud.drain()

    return put


@pytest.fixture
def use(shop, cloud):
    def call(person, code=CODE):
        return cloud.call("PUT", "/v1/cart/coupon", {"code": code}, token=shop.token(person))

    return call


@pytest.fixture
def filled(shop, use):
    """A cart of three packets of tea, and a code in it."""

    def fill(person, code=CODE, quantity=3):
        assert shop.put(person, "TEA-1", quantity).status == 200
        answer = use(person, code)
        assert answer.status == 200, answer.body
        return answer.body

    return fill


def left(shop, code=CODE):
    return shop.money(coupon.account(code))


def used_by(person, code=CODE):
    """Where the customer's own uses are counted."""
    return f"CUSTOMER#{person.id}", f"COUPON#{code}"


@pytest.mark.feature(67)
class TestACartWithACode:
    def test_shows_what_it_takes_off(self, shop, ann, offer, filled):
        offer()
        shown = filled(ann)
        assert (shown["code"], shown["discount_minor"], shown["problem"]) == (CODE, 30_000, None)

        cart = shop.cart(ann).body
        assert cart["coupon"] == shown
        # Delivery is free by what the goods cost before.
        totals = cart["totals"]
        assert (totals["discount_minor"], totals["total_minor"]) == (30_000, 270_000)
        assert cart["most_points"] == 1_350

    def test_reads_it_however_it_is_typed(self, ann, offer, filled):
        offer()
        assert filled(ann, " tea-10 ")["code"] == CODE

    def test_says_what_is_missing_to_its_sum(self, shop, ann, offer, filled):
        offer(percent=10, from_minor=350_000)
        shown = filled(ann)
        assert (shown["discount_minor"], shown["problem"]["left_minor"]) == (0, 50_000)
        assert shown["problem"]["code"] == "coupon_needs_more"
        shop.put(ann, "TEA-1", 4)
        assert shop.cart(ann).body["totals"]["discount_minor"] == 40_000

    def test_looks_two_trips_far(self, shop, cloud, ann, offer, filled):
        offer(percent=10, most_uses=5, per_customer=1)
        filled(ann)
        with cloud.counted() as calls:
            shop.cart(ann)
        assert calls.trips == ["dynamodb.BatchGetItem", "dynamodb.BatchGetItem"]

    def test_lets_it_go(self, shop, cloud, ann, offer, filled):
        offer()
        filled(ann)
        for _ in range(2):
            gone = cloud.call("DELETE", "/v1/cart/coupon", token=ann.token)
            assert gone.status == 204
        assert shop.cart(ann).body["coupon"] is None

    def test_takes_none_that_nobody_offered(self, shop, ann, use):
        shop.put(ann, "TEA-1")
        assert problem(use(ann)) == (404, "unknown_coupon")

    def test_takes_none_while_it_is_empty(self, ann, offer, use):
        offer()
        assert problem(use(ann)) == (409, "cart_empty")

    @pytest.mark.parametrize("typed", ["", "x", "Ж" * 5, "x" * 25, "a b c", None, 5])
    def test_takes_nothing_that_is_no_code(self, shop, ann, use, typed):
        shop.put(ann, "TEA-1")
        assert use(ann, typed).status == 422

    def test_is_not_for_guessing(self, shop, ann, offer, use):
        offer()
        shop.put(ann, "TEA-1")
        for _ in range(20):
            assert use(ann, "NO-SUCH").status == 404
        assert use(ann).status == 429

    @pytest.mark.case("A19")
    def test_is_not_for_guessing_by_guests_made_anew(self, shop, cloud, ann, offer, use):
        offer()
        first, last = cloud.guest(), cloud.guest()
        for person in (ann, first, last):
            shop.put(person, "TEA-1")
        assert use(first, "NO-SUCH").status == 404
        for _ in range(99):
            use(cloud.guest(), "NO-SUCH")
        refused = use(last)
        assert problem(refused) == (429, "too_many_requests")
        assert 0 < int(refused.headers["retry-after"]) <= 3600
        assert use(ann).status == 200

    def test_tells_a_code_of_yesterday_or_tomorrow_from_one_of_today(self, shop, ann, offer, use):
        shop.put(ann, "TEA-1")
        now = clock.now()
        offer("TOMORROW", percent=10, starts_at=(now + timedelta(days=1)).isoformat())
        offer("BY-NOON", percent=10, ends_at=(now + timedelta(hours=1)).isoformat())
        assert problem(use(ann, "TOMORROW")) == (409, "coupon_not_valid")
        assert use(ann, "BY-NOON").status == 200
        shop.cloud.clock.advance(hours=1)
        assert shop.cart(ann).body["coupon"]["problem"]["code"] == "coupon_not_valid"
        assert problem(shop.check_out(ann)) == (409, "coupon_not_valid")

    def test_of_a_guest_waits_for_an_account_where_uses_are_counted(self, shop, cloud, offer, use):
        guest = cloud.guest()
        shop.put(guest, "TEA-1")
        offer("FIRST", percent=10, per_customer=1)
        assert problem(use(guest, "FIRST")) == (409, "coupon_needs_account")
        offer()
        assert use(guest).status == 200

    @pytest.mark.feature(29)
    def test_of_a_guest_comes_along_at_sign_in(self, shop, cloud, ann, offer, filled):
        offer()
        guest = cloud.guest()
        filled(guest)
        body = {"guest_token": guest.token}
        cloud.call("POST", "/v1/cart/merge", body, token=ann.token, key=shop.key())
        assert shop.cart(ann).body["coupon"]["code"] == CODE
        assert shop.cart(guest).body["coupon"] is None


@pytest.mark.feature(67)
class TestAnOrderWithACode:
    def test_costs_as_much_as_the_cart_said(self, shop, ann, offer, filled):
        offer()
        filled(ann)
        cart = shop.cart(ann).body
        placed = shop.check_out(ann).body
        assert placed["totals"] == cart["totals"]
        assert placed["coupon"] == CODE
        [line] = placed["lines"]
        assert (line["discount_minor"], line["paid_minor"]) == (30_000, 270_000)
        assert shop.cart(ann).body["coupon"] is None

    def test_is_shown_by_a_dry_run_as_it_would_be_placed(self, shop, ann, offer, filled):
        offer()
        filled(ann)
        seen = shop.check_out(ann, query={"dry_run": "true"}).body
        placed = shop.check_out(ann).body
        assert {name: placed[name] for name in seen} == seen

    def test_falls_on_its_lines_to_the_last_kopeck(self, shop, ann, offer, use):
        offer(percent=7)
        shop.stock(shop.product("ODD-1", 3_333), shop.product("ODD-2", 9_997))
        for sku in ("ODD-1", "ODD-2", "WRAP"):
            shop.put(ann, sku, 3)
        use(ann)
        placed = shop.check_out(ann, points_to_spend=0).body
        lines, totals = placed["lines"], placed["totals"]
        assert sum(line["discount_minor"] for line in lines) == totals["discount_minor"]
        paid = sum(line["paid_minor"] for line in lines) + totals["delivery_minor"]
        assert paid == totals["total_minor"]

    def test_takes_a_third_trip(self, shop, cloud, ann, offer, filled):
        offer(percent=10, most_uses=5, per_customer=1)
        filled(ann)
        with cloud.counted() as calls:
            assert shop.check_out(ann).status == 201
        reads = ["dynamodb.BatchGetItem", "dynamodb.BatchGetItem"]
        assert calls.trips == [*reads, "dynamodb.TransactWriteItems"]

    def test_never_costs_less_than_nothing(self, shop, ann, offer, filled):
        offer(amount_minor=10_000_000)
        filled(ann, quantity=2)
        totals = shop.check_out(ann).body["totals"]
        assert (totals["discount_minor"], totals["total_minor"]) == (200_000, 29_900)

    def test_that_costs_nothing_may_fail_too(self, shop, cloud, ann, offer, filled):
        offer(percent=100)
        filled(ann)
        order = shop.check_out(ann, payment="card").body
        assert (order["totals"]["total_minor"], order["state"]) == (0, "placed")
        for to in ("assembling", "shipped"):
            shop.move(order["id"], to)
        assert shop.refund(order["id"], None, reason="shop_failed").status == 200
        cloud.drain()
        assert len(cloud.published(OrderFailed)) == 1

    def test_pays_with_points_for_half_of_what_is_left(self, shop, ann, offer, filled):
        offer()
        filled(ann)
        shop.grant(ann, 2_000)
        assert problem(shop.check_out(ann, points_to_spend=1_351)) == (409, "too_many_points")
        placed = shop.check_out(ann, points_to_spend=1_350).body
        assert placed["lines"][0]["paid_minor"] == 135_000

    @pytest.mark.case("I7")
    def test_uses_it_once_where_everybody_may_once(self, shop, ann, bob, offer, filled, use):
        offer(percent=10, per_customer=1)
        filled(ann)
        assert shop.check_out(ann).status == 201
        shop.put(ann, "TEA-1")
        assert problem(use(ann)) == (409, "coupon_used")
        filled(bob)
        assert shop.check_out(bob).status == 201

    @pytest.mark.case("I7")
    def test_uses_it_while_there_are_any(self, shop, ann, bob, offer, filled):
        offer(percent=10, most_uses=1)
        filled(ann)
        filled(bob)
        assert shop.check_out(ann).status == 201
        assert left(shop) == 0
        assert shop.cart(bob).body["coupon"]["problem"]["code"] == "coupon_used_up"
        assert problem(shop.check_out(bob)) == (409, "coupon_used_up")

    def test_that_is_cancelled_used_none(self, shop, ann, offer, filled):
        offer(percent=10, most_uses=1, per_customer=1)
        filled(ann)
        order = shop.check_out(ann).body["id"]
        assert left(shop) == 0
        assert shop.cancel(ann, order).status == 200
        assert left(shop) == 1
        filled(ann, quantity=1)
        assert shop.check_out(ann).status == 201

    def test_keeps_its_terms_whatever_becomes_of_them(self, shop, ann, offer, filled):
        offer()
        filled(ann)
        placed = shop.check_out(ann).body
        offer(percent=50)
        assert shop.show(ann, placed["id"]).body["totals"] == placed["totals"]


@pytest.mark.feature(67)
class TestTermsThatChange:
    def test_give_as_many_uses_more_or_fewer(self, shop, ann, offer, filled):
        offer(percent=10, most_uses=3)
        filled(ann)
        shop.check_out(ann)
        for most, rest in ((5, 4), (2, 1), (1, 0), (None, 0), (4, 3)):
            offer(**TEN | ({"most_uses": most} if most else {}))
            assert left(shop) == rest

    def test_grant_no_more_in_all_than_they_say(self, shop, ann, bob, offer, filled):
        offer(percent=10, most_uses=3)
        for person in (ann, bob):
            filled(person)
            shop.check_out(person)
        for most, rest in ((1, 0), (3, 1)):
            offer(percent=10, most_uses=most)
            assert left(shop) == rest

    @pytest.mark.case("E1", "E2")
    def test_are_those_told_of_last_in_whatever_order_they_come(self, shop, cloud, deliver):
        now = clock.now()
        facts = {"starts_at": now, "ends_at": None, "amount_minor": 0, "from_minor": 0}
        told = [
            CouponRulesChanged(
                id=f"01900000-0000-7000-8000-0000000000{n:02}",
                occurred_at=now,
                subject_version=n,
                coupon=CODE,
                percent=n,
                most_uses=n,
                per_customer=None,
                **facts,
            )
            for n in (1, 2)
        ]
        for event in (told[1], told[0], told[1]):
            assert deliver("OrdersConsumer", event)() == {"batchItemFailures": []}
        assert left(shop) == 2
        [row] = [row for row in cloud.items("OrdersTable") if row["pk"] == f"COUPON#{CODE}"]
        assert row["discount"]["percent"] == 2


@pytest.fixture
def bought(shop, cloud, ann, offer, use):
    """Two packets of 1,000 and one of 500 with a tenth off from 2,000 on, delivered."""
    offer(percent=10, from_minor=200_000)
    shop.put(ann, "TEA-1", 2)
    shop.put(ann, "TEA-2", 1)
    use(ann)
    order = shop.check_out(ann).body["id"]
    for to in ("assembling", "shipped", "delivered"):
        assert shop.move(order, to).status == 200
    cloud.drain()
    return order


@pytest.fixture
def preview(cloud, ann, bought):
    def ask(sku, quantity=1, reason="changed_mind", and_of=None, status=200):
        items = [{"sku": sku, "quantity": quantity, "reason": reason}]
        items += [{"sku": and_of, "quantity": 1, "reason": reason}] if and_of else []
        body = {"order_id": bought, "lines": items}
        answer = cloud.call("POST", "/v1/return-previews", body, token=ann.token)
        assert answer.status == status, answer.body
        return answer.body

    return ask


@pytest.fixture
def give_back(shop, cloud, ann):
    def ask(seen):
        body = {"preview_id": seen["preview_id"]}
        return cloud.call("POST", "/v1/returns", body, token=ann.token, key=shop.key())

    return ask


@pytest.fixture
def settle(shop, cloud):
    """An agent approves a return, of which so many pieces come."""

    def receive(return_id, **pieces):
        token, path = shop.agent.token, f"/v1/staff/returns/{return_id}"
        body = {"decision": "approved"}
        cloud.call("POST", f"{path}/decision", body, token=token, key=shop.key())
        lines = [{"sku": sku, "restocked": n, "scrapped": 0} for sku, n in pieces.items()]
        answer = cloud.call(
            "POST", f"{path}/receipt", {"lines": lines}, token=token, key=shop.key()
        )
        assert answer.status == 200, answer.body
        return answer.body

    return receive


def sums(seen):
    return seen["refund"]["total_minor"], seen["refund"]["discount_minor"]


@pytest.mark.feature(42)
class TestAReturnOfWhatACodeMadeCheaper:
    def test_brings_what_was_paid_while_the_rest_comes_to_its_sum(self, preview):
        assert sums(preview("TEA-2")) == (45_000, 0)

    def test_keeps_back_the_discount_of_what_no_longer_does(self, preview):
        """900 were paid for one; of the 1,500 that stay, 150 were off."""
        assert sums(preview("TEA-1")) == (75_000, 15_000)

    def test_keeps_nothing_back_where_the_shop_is_to_blame(self, preview):
        assert sums(preview("TEA-1", reason="defect")) == (90_000, 0)

    def test_comes_to_all_that_was_paid_in_the_end(self, preview, give_back, settle):
        total = 0
        for sku in ("TEA-1", "TEA-1", "TEA-2"):
            seen = preview(sku)
            settle(give_back(seen).body["id"], **{sku: 1})
            total += seen["refund"]["total_minor"]
        assert total == 225_000

    def test_is_promised_by_what_stays_at_that_moment(self, preview, give_back):
        one, other = preview("TEA-1"), preview("TEA-2")
        assert give_back(one).status == 201
        assert problem(give_back(other)) == (409, "preview_expired")

    def test_waits_for_the_one_before(self, shop, cloud, ann, preview, give_back):
        first = give_back(preview("TEA-1")).body["id"]
        assert preview("TEA-2", status=409)["type"].endswith(":return_open")
        path = f"/v1/returns/{first}/withdraw"
        assert cloud.call("POST", path, token=ann.token, key=shop.key()).status == 200
        assert sums(preview("TEA-2")) == (45_000, 0)

    def test_of_which_a_part_comes_keeps_back_what_that_part_loses(
        self, preview, give_back, settle
    ):
        """Of 1,000 that would have stayed, 100 were off; of 1,500 that do stay, 150 were."""
        seen = preview("TEA-1", and_of="TEA-2")
        assert sums(seen) == (125_000, 10_000)
        given = settle(give_back(seen).body["id"], **{"TEA-1": 1, "TEA-2": 0})
        assert sums(given) == (75_000, 15_000)
        assert sums(preview("TEA-2")) == (50_000, -5_000)


class TestTwoWhoWantTheLastUse:
    @pytest.fixture
    def race(self, shop, ann, bob, offer, filled, at_once):
        offer(percent=10, most_uses=1)
        filled(ann)
        filled(bob)

        def check(answers):
            assert sorted(answer.status for answer in answers) == [201, 409]
            assert left(shop) == 0

        tasks = [partial(shop.check_out, who, f"the-key-of-{who.id}") for who in (ann, bob)]
        return at_once(*tasks, check=check)

    @pytest.mark.case("I7")
    @pytest.mark.feature(67)
    def test_are_not_both_given_it(self, race):
        race.every()

    def test_are_both_given_it_when_it_is_looked_at_first(self, race):
        race.catches("ACCOUNT#coupon", "ACCOUNT#coupon")


class TestThreeWhoWantTwoUses:
    @pytest.fixture
    def race(self, shop, cloud, ann, bob, offer, filled, at_once):
        offer(percent=10, most_uses=2)
        three = ann, bob, cloud.customer()
        for who in three:
            filled(who)

        def check(answers):
            assert sorted(answer.status for answer in answers) == [201, 201, 409]
            assert left(shop) == 0
            for who, answer in zip(three, answers, strict=True):
                if answer.status == 409:
                    assert problem(answer) == (409, "coupon_used_up")
                    cart = shop.cart(who).body
                    assert [line["quantity"] for line in cart["lines"]] == [3]
                    assert cart["coupon"]["code"] == CODE

        tasks = [partial(shop.check_out, who, f"the-key-of-{who.id}") for who in three]
        return at_once(*tasks, check=check)

    @pytest.mark.case("I7")
    @pytest.mark.feature(67)
    def test_two_get_them_and_the_third_keeps_the_cart(self, race):
        race.sample(6)

    def test_all_three_get_them_when_they_are_looked_at_first(self, race):
        race.catches("ACCOUNT#coupon", "ACCOUNT#coupon")


class TestOneCustomerWithTwoDevices:
    """A cart is the customer's, whichever device shows it."""

    @pytest.fixture
    def uses(self, cloud, ann):
        """How often it is used, which is what the orders that live say."""

        def count():
            rows = cloud.items("OrdersTable")
            [own] = [row for row in rows if (row["pk"], row["sk"]) == used_by(ann)]
            orders = [row for row in rows if row["sk"].startswith("ORDER#") and "state" in row]
            live = [row for row in orders if row["state"] != "cancelled" and row["coupon"]]
            assert own["used"] == len(live)
            return own["used"]

        return count

    @pytest.fixture
    def race(self, shop, ann, offer, filled, at_once, uses):
        offer(percent=10, per_customer=1)
        filled(ann)

        def check(answers):
            assert sorted(answer.status for answer in answers) == [201, 409]
            assert uses() == 1

        tasks = [partial(shop.check_out, ann, f"the-key-of-a-{d}") for d in ("phone", "laptop")]
        return at_once(*tasks, check=check)

    @pytest.mark.case("I7")
    @pytest.mark.feature(67)
    def test_uses_a_code_once(self, race):
        race.every()

    def test_uses_it_twice_when_cart_and_use_are_looked_at_first(self, race):
        race.catches("CART", "COUPON#")

    @pytest.mark.case("I7")
    @pytest.mark.feature(67)
    def test_has_it_again_once_at_most_though_both_cancel_and_order_anew(
        self, shop, ann, offer, filled, use, at_once, uses
    ):
        offer(percent=10, per_customer=1)
        filled(ann)
        order = shop.check_out(ann).body["id"]

        def again(device):
            shop.cancel(ann, order, f"the-key-of-no-{device}")
            shop.put(ann, "TEA-1")
            use(ann)
            return shop.check_out(ann, f"the-key-of-a-{device}")

        def check(answers):
            assert 201 in [answer.status for answer in answers]
            assert uses() <= 1

        at_once(partial(again, "phone"), partial(again, "laptop"), check=check).sample(6)
