"""Returns and complaints: previewed, asked for, decided, received, refunded (FEATURES 42 to 44)."""

from functools import partial

import pytest

from auth import tokens
from common import clock
from common.access import Role
from common.events.orders import OrderFailed, RefundMade
from common.events.returns import ReturnRefunded, ReturnRejected, ReturnRequested

pytestmark = pytest.mark.feature(42)
KEYS = "the-first-key", "the-second-key"
ONE = {"sku": "TEA-1", "quantity": 1, "reason": "changed_mind"}


class Desk:
    """What customers and staff do about returns."""

    def __init__(self, shop):
        self.shop, self.cloud = shop, shop.cloud

    def token(self):
        """The agent's, good now, however far the clock was moved."""
        with self.cloud.acting("AuthApi"):
            agent = self.shop.agent
            return tokens.access_token(agent.id, agent.session_id, Role.AGENT, clock.now())

    def post(self, who, path, body=None, key=None):
        token = self.shop.token(who) if who else self.token()
        return self.cloud.call("POST", path, body, token=token, key=key or self.shop.key())

    def preview(self, who, order_id, *lines):
        body = {"order_id": order_id, "lines": list(lines or (ONE,))}
        return self.post(who, "/v1/return-previews", body)

    def take(self, who, preview, key=None, **more):
        return self.post(who, "/v1/returns", {"preview_id": preview["preview_id"]} | more, key)

    def ask(self, who, order_id, *lines, **more):
        """The id of a return that was asked for."""
        previewed = self.preview(who, order_id, *lines)
        assert previewed.status == 200, previewed.body
        asked = self.take(who, previewed.body, **more)
        assert asked.status == 201, asked.body
        return asked.body["id"]

    def decide(self, return_id, key=None, **decision):
        body = decision or {"decision": "approved"}
        return self.post(None, f"/v1/staff/returns/{return_id}/decision", body, key)

    def receive(self, return_id, restocked=1, scrapped=0, key=None, sku="TEA-1"):
        lines = [{"sku": sku, "restocked": restocked, "scrapped": scrapped}]
        return self.post(None, f"/v1/staff/returns/{return_id}/receipt", {"lines": lines}, key)

    def show(self, who, return_id, **more):
        token = self.shop.token(who)
        return self.cloud.call("GET", f"/v1/returns/{return_id}", token=token, **more)


@pytest.fixture
def desk(shop):
    return Desk(shop)


@pytest.fixture
def bought(shop, ann):
    """The id of an order of three TEA-1 and one WRAP, delivered, paid for at the door."""
    shop.put(ann, "WRAP")
    return delivered(shop, shop.order(ann, "TEA-1", 3)["id"])


@pytest.fixture
def by_card(shop, ann):
    """The same of two TEA-1, paid by card and partly from the balance."""
    shop.give_money(ann, 50_000)
    order_id = shop.order(ann, "TEA-1", 2, payment="card", balance_to_spend_minor=50_000)["id"]
    shop.pay(ann, order_id, "tok_ok")
    for to in ("assembling", "shipped"):
        shop.move(order_id, to)
    shop.minutes()
    shop.move(order_id, "delivered")
    return order_id


def delivered(shop, order_id):
    for to in ("assembling", "shipped", "delivered"):
        assert shop.move(order_id, to).status == 200
    return order_id


def kind(answer):
    return answer.body.get("type", "").rpartition(":")[2] or answer.status


def held(shop, order_id):
    return shop.order_row(order_id)["returned"]


class TestAPreview:
    def test_says_what_comes_back_where_and_when_it_ends(self, shop, ann, desk, by_card):
        both = ONE | {"quantity": 2}

        shown = desk.preview(ann, by_card, both).body

        assert shown["refund"] == {
            "total_minor": 200_000,
            "source_minor": 179_900,
            "balance_minor": 20_100,
            "delivery_minor": 0,
            "points_given": 0,
            "points_taken": 0,
            "discount_minor": 0,
            "currency": "RUB",
        }
        assert (shown["payment"], shown["send_back"]) == ("card", True)
        assert shown["expires_at"] > clock.now().isoformat()

    def test_writes_nothing(self, shop, ann, desk, bought):
        before = shop.order_row(bought)
        desk.preview(ann, bought)
        assert shop.order_row(bought) == before

    def test_gives_delivery_back_where_the_shop_is_to_blame_for_all(self, shop, ann, desk):
        order_id = delivered(shop, shop.order(ann)["id"])

        fault = desk.preview(ann, order_id, ONE | {"reason": "defect"}).body["refund"]
        mind = desk.preview(ann, order_id).body["refund"]

        assert (fault["total_minor"], fault["delivery_minor"]) == (129_900, 29_900)
        assert (mind["total_minor"], mind["delivery_minor"]) == (100_000, 0)

    def test_knows_the_points_that_were_spent_and_earned(self, cloud, shop, ann, desk):
        shop.grant(ann, 100)
        order_id = delivered(shop, shop.order(ann, "TEA-1", 2, points_to_spend=100)["id"])
        cloud.drain()
        earned = sum(shop.points(ann).values())
        assert earned == (200_000 + 29_900 - 10_000) * 5 // 100 // 100

        refund = desk.preview(ann, order_id).body["refund"]

        assert refund["total_minor"] == 95_000
        assert refund["points_given"] == 50
        assert refund["points_taken"] == earned * 95_000 // 219_900

    @pytest.mark.case("K5")
    def test_is_made_until_the_last_day_is_over(self, cloud, ann, desk, bought):
        cloud.clock.advance(days=14, hours=11, minutes=58)  # it was noon
        assert desk.preview(ann, bought).status == 200
        cloud.clock.advance(minutes=2)

        late = desk.preview(ann, bought)
        assert kind(late) == "return_too_late"
        assert desk.preview(ann, bought, ONE | {"reason": "defect"}).status == 200
        cloud.clock.advance(days=365)
        assert kind(desk.preview(ann, bought, ONE | {"reason": "defect"})) == "return_too_late"

    def test_is_refused_for_what_cannot_be_given_back(self, shop, ann, desk, bought):
        for sku in ("WRAP", "TEA-2", "NO-SUCH"):
            refused = desk.preview(ann, bought, ONE | {"sku": sku})
            assert (kind(refused), refused.body["sku"]) == ("not_returnable", sku)
        many = desk.preview(ann, bought, ONE | {"quantity": 4})
        assert (kind(many), many.body["most"]) == ("more_than_bought", 3)
        on_its_way = shop.order(ann)["id"]
        assert kind(desk.preview(ann, on_its_way)) == "not_delivered"

    @pytest.mark.case("V4")
    @pytest.mark.parametrize(
        "lines",
        [[ONE, ONE], [ONE | {"quantity": 0}], [ONE | {"reason": "whim"}], [ONE] * 21, []],
    )
    def test_takes_lines_that_make_sense(self, ann, desk, bought, lines):
        body = {"order_id": bought, "lines": lines}
        assert desk.post(ann, "/v1/return-previews", body).status == 422


class TestAPromise:
    def test_is_kept_though_the_window_ends_in_between(self, cloud, ann, desk, bought):
        cloud.clock.advance(days=14, hours=11, minutes=50)
        shown = desk.preview(ann, bought).body
        cloud.clock.advance(minutes=15)

        taken = desk.take(ann, shown)

        assert taken.status == 201
        assert taken.body["refund"] == shown["refund"]

    def test_ends_with_its_time(self, cloud, ann, desk, bought):
        shown = desk.preview(ann, bought).body
        cloud.clock.advance(minutes=30)
        assert kind(desk.take(ann, shown)) == "preview_expired"

    @pytest.mark.case("Z2", "Z3")
    def test_is_of_nobody_else_and_cannot_be_changed(self, shop, ann, bob, desk, bought):
        shown = desk.preview(ann, bought).body
        changed = shown["preview_id"][:-4] + "AAAA"

        assert kind(desk.take(bob, shown)) == "preview_expired"
        for id_ in (changed, "", "A", "é" * 40):
            assert kind(desk.take(ann, {"preview_id": id_})) == "preview_expired"
        assert held(shop, bought)["open"] == 0

    @pytest.mark.case("I3")
    def test_becomes_one_return_though_more_pieces_are_left(self, shop, ann, desk, bought):
        shown = desk.preview(ann, bought).body
        first, again = desk.take(ann, shown), desk.take(ann, shown)

        assert (first.status, kind(again)) == (201, "preview_used")
        assert again.body["return_id"] == first.body["id"]
        assert held(shop, bought)["open"] == 1
        assert desk.take(ann, desk.preview(ann, bought).body).status == 201

    def test_is_taken_once_the_pieces_last(self, shop, ann, desk, bought):
        shown = desk.preview(ann, bought, ONE | {"quantity": 2}).body
        assert desk.take(ann, shown).status == 201
        assert kind(desk.take(ann, shown)) == "preview_expired"
        assert held(shop, bought)["open"] == 1

    @pytest.mark.case("I2", "I5")
    def test_taken_again_under_its_key_is_the_same_return(self, shop, ann, desk, bought):
        shown = desk.preview(ann, bought).body
        first, second = (desk.take(ann, shown, "a-key-of-mine") for _ in range(2))

        assert first.body == second.body
        assert second.headers["idempotent-replayed"] == "true"
        assert len(shop.queued(ReturnRequested)) == 1


class TestAReturn:
    def test_goes_its_way_to_the_money(self, cloud, shop, ann, desk, by_card):
        return_id = desk.ask(ann, by_card, comment="Не тот вкус")
        asked = desk.show(ann, return_id).body
        assert asked["number"].startswith("R-2")
        assert asked["next_states"] == ["approved", "rejected", "withdrawn"]
        desk.decide(return_id)
        available, _ = shop.on_shelf("TEA-1")

        done = desk.receive(return_id).body

        assert (done["state"], done["refund"]) == ("refunded", asked["refund"])
        assert shop.on_shelf("TEA-1")[0] == available + 1
        order = shop.show(ann, by_card).body
        assert (order["refunded_minor"], order["state"]) == (100_000, "delivered")
        [told] = shop.queued(RefundMade)
        assert (told.amount_minor, told.balance_minor) == (100_000, 0)
        shop.minutes()
        assert shop.at_provider(by_card)["refunded_minor"] == 100_000
        assert held(shop, by_card)["open"] == 0

    def test_of_what_was_paid_in_cash_comes_to_the_balance(self, shop, ann, desk, bought):
        return_id = desk.ask(ann, bought)
        desk.decide(return_id)
        assert desk.receive(return_id).status == 200

        assert shop.money(f"customer:{ann.id}:money") == 100_000

    def test_gives_points_back_and_takes_off_what_was_earned(self, cloud, shop, ann, desk):
        shop.grant(ann, 100)
        order_id = delivered(shop, shop.order(ann, "TEA-1", 2, points_to_spend=100)["id"])
        cloud.drain()
        earned = sum(shop.points(ann).values())
        return_id = desk.ask(ann, order_id, ONE | {"quantity": 2})
        desk.decide(return_id)
        refund = desk.receive(return_id, 2).body["refund"]
        cloud.drain()

        assert (refund["points_given"], refund["points_taken"]) == (
            100,
            earned * 190_000 // 219_900,
        )
        left = sum(shop.points(ann).values())
        assert left == earned + 100 - refund["points_taken"]

    @pytest.mark.case("E1")
    def test_takes_no_more_points_than_are_there_and_once(self, cloud, shop, ann, desk, bought):
        cloud.drain()
        earned = sum(shop.points(ann).values())
        shop.put(ann, "TEA-2", 1)
        assert shop.check_out(ann, points_to_spend=earned - 1).status == 201
        return_id = desk.ask(ann, bought, ONE | {"quantity": 3})
        desk.decide(return_id)
        desk.receive(return_id, 3)
        [told] = shop.queued(ReturnRefunded)
        cloud.drain()
        cloud.publish(told)

        assert told.points_taken > 1
        assert shop.points(ann) == {}

    @pytest.mark.case("E1")
    def test_takes_off_what_was_earned_though_its_preview_came_before_the_points(
        self, cloud, shop, ann, desk, bought
    ):
        return_id = desk.ask(ann, bought, ONE | {"quantity": 3})
        assert desk.show(ann, return_id).body["refund"]["points_taken"] == 0
        cloud.drain()
        earned = sum(shop.points(ann).values())
        desk.decide(return_id)

        taken = desk.receive(return_id, 3).body["refund"]["points_taken"]
        cloud.drain()

        assert taken == earned * 300_000 // shop.order_row(bought)["totals"]["total_minor"] > 0
        assert sum(shop.points(ann).values()) == earned - taken

    def test_takes_no_points_off_twice_though_an_earlier_preview_knew_of_none(
        self, cloud, shop, ann, desk, bought
    ):
        early = desk.ask(ann, bought)
        cloud.drain()
        earned = sum(shop.points(ann).values())
        late = desk.ask(ann, bought, ONE | {"quantity": 2})
        for return_id, pieces in ((early, 1), (late, 2)):
            desk.decide(return_id)
            assert desk.receive(return_id, pieces).status == 200
        cloud.drain()

        total = shop.order_row(bought)["totals"]["total_minor"]
        assert sum(shop.points(ann).values()) == earned - earned * 300_000 // total

    def test_of_fewer_pieces_than_promised_brings_their_part(self, shop, ann, desk, bought):
        return_id = desk.ask(ann, bought, ONE | {"quantity": 3})
        desk.decide(return_id)
        available, _ = shop.on_shelf("TEA-1")

        done = desk.receive(return_id, restocked=1, scrapped=1).body

        assert done["refund"]["total_minor"] == 200_000
        assert (done["items"][0]["restocked"], done["items"][0]["scrapped"]) == (1, 1)
        assert shop.on_shelf("TEA-1")[0] == available + 1
        assert desk.preview(ann, bought).body["refund"]["total_minor"] == 100_000

    def test_of_more_pieces_than_promised_is_refused(self, ann, desk, bought):
        return_id = desk.ask(ann, bought)
        desk.decide(return_id)

        assert kind(desk.receive(return_id, 1, 1)) == "more_than_sent"
        assert kind(desk.receive(return_id, sku="TEA-2")) == "more_than_sent"
        assert desk.receive(return_id, 0, 0).status == 422

    @pytest.mark.case("I9", "I14")
    def test_piece_by_piece_brings_what_was_paid_and_no_more(self, cloud, shop, ann, desk):
        shop.stock(shop.product("ODD", 33_333))
        shop.grant(ann, 100)
        order_id = delivered(shop, shop.order(ann, "ODD", 3, points_to_spend=100)["id"])
        paid = sum(line["paid_minor"] for line in shop.order_row(order_id)["lines"])
        piece = ONE | {"sku": "ODD"}
        first = desk.ask(ann, order_id, piece)
        assert desk.decide(first, decision="rejected", rejection="used").status == 200
        for _ in range(3):
            return_id = desk.ask(ann, order_id, piece)
            desk.decide(return_id)
            assert desk.receive(return_id, sku="ODD").status == 200

        assert kind(desk.preview(ann, order_id, piece)) == "more_than_bought"
        assert shop.money(f"customer:{ann.id}:money") == paid
        cloud.drain()
        assert sum(held(shop, order_id)["points"].values()) == 100

    def test_refused_says_why_and_lets_the_pieces_go(self, shop, ann, desk, bought):
        return_id = desk.ask(ann, bought, ONE | {"quantity": 3})
        words = {"rejection": "used", "note": "Пачка вскрыта"}

        refused = desk.decide(return_id, decision="rejected", **words)

        assert refused.body["state"] == "rejected"
        shown = desk.show(ann, return_id).body
        assert (shown["rejection"], shown["note"]) == ("used", "Пачка вскрыта")
        assert [event.rejection for event in shop.queued(ReturnRejected)] == ["used"]
        assert held(shop, bought)["open"] == 0
        assert desk.preview(ann, bought, ONE | {"quantity": 3}).status == 200

    def test_is_withdrawn_while_the_goods_are_not_back(self, ann, desk, bought):
        return_id = desk.ask(ann, bought)
        withdraw = partial(desk.post, ann, f"/v1/returns/{return_id}/withdraw")

        assert withdraw().body["state"] == "withdrawn"
        again = withdraw()
        assert (kind(again), again.body["next_states"]) == ("return_not_ready", [])
        assert kind(desk.decide(return_id)) == "return_not_ready"
        assert kind(desk.receive(return_id)) == "return_not_ready"

    @pytest.mark.parametrize(
        "body",
        [
            {"decision": "approved", "rejection": "used"},
            {"decision": "rejected"},
            {"decision": "approved", "note": "x"},
            {"decision": "later"},
        ],
    )
    def test_is_refused_with_a_reason_and_only_then(self, ann, desk, bought, body):
        return_id = desk.ask(ann, bought)
        assert desk.decide(return_id, **body).status == 422

    def test_brings_no_more_than_is_left_of_the_money(self, shop, ann, desk, by_card):
        return_id = desk.ask(ann, by_card)
        desk.decide(return_id)
        assert shop.refund(by_card, 200_000).status == 200

        done = desk.receive(return_id).body

        assert done["refund"]["total_minor"] <= 29_900
        assert shop.show(ann, by_card).body["refunded_minor"] <= 229_900

    def test_is_found_in_the_lists(self, cloud, shop, ann, bob, desk, bought):
        ids = [desk.ask(ann, bought) for _ in range(2)]
        mine = cloud.call("GET", "/v1/returns", token=ann.token).body["items"]
        assert [one["id"] for one in mine] == ids[::-1]
        assert cloud.call("GET", "/v1/returns", token=bob.token).body["items"] == []
        desk.decide(ids[0])

        queue = cloud.call("GET", "/v1/staff/returns", token=shop.agent.token).body["items"]
        assert [one["id"] for one in queue] == ids[1:]

    def test_is_unchanged_until_it_changes(self, ann, desk, bought):
        return_id = desk.ask(ann, bought)
        known = {"If-None-Match": desk.show(ann, return_id).headers["etag"]}
        assert desk.show(ann, return_id, headers=known).status == 304
        desk.decide(return_id)
        assert desk.show(ann, return_id, headers=known).status == 200

    def test_keeps_its_order_from_ending(self, cloud, shop, ann, desk, bought):
        cloud.drain()
        return_id = desk.ask(ann, bought)
        cloud.clock.advance(days=16)
        shop.minutes()
        assert shop.order_row(bought)["state"] == "delivered"
        desk.decide(return_id)
        desk.receive(return_id)
        cloud.clock.advance(days=1)
        shop.minutes()

        assert shop.order_row(bought)["state"] == "completed"

    @pytest.mark.case("Z2", "Z3")
    def test_of_what_is_somebody_elses_is_as_of_nothing(self, cloud, ann, bob, desk, bought):
        foreign = desk.preview(bob, bought)
        missing = desk.preview(bob, "0198face-0000-7000-8000-000000000000")
        assert foreign.status == missing.status == 404
        assert foreign.body == missing.body
        assert desk.preview(cloud.guest(), bought).status == 401


@pytest.mark.feature(43)
class TestAComplaint:
    @pytest.mark.parametrize("reason", ["defect", "shortage"])
    def test_is_tied_to_its_line_and_says_so(self, shop, ann, desk, bought, reason):
        return_id = desk.ask(ann, bought, ONE | {"reason": reason}, comment="Разбилась")

        shown = desk.show(ann, return_id, language="en").body

        assert shown["complaint"] is True
        assert shown["send_back"] is (reason == "defect")
        assert (shown["items"][0]["sku"], shown["comment"]) == ("TEA-1", "Разбилась")
        assert [event.complaint for event in shop.queued(ReturnRequested)] == [True]

    def test_of_what_never_came_is_refunded_at_once(self, shop, ann, desk, bought):
        return_id = desk.ask(ann, bought, ONE | {"reason": "shortage"})
        available, _ = shop.on_shelf("TEA-1")

        done = desk.decide(return_id).body

        assert (done["state"], done["refund"]["total_minor"]) == ("refunded", 100_000)
        assert shop.on_shelf("TEA-1")[0] == available
        assert shop.money(f"customer:{ann.id}:money") == 100_000

    def test_is_heard_after_the_order_has_ended(self, cloud, shop, ann, desk, bought):
        cloud.drain()
        cloud.clock.advance(days=20)
        shop.minutes()
        assert shop.order_row(bought)["state"] == "completed"

        return_id = desk.ask(ann, bought, ONE | {"reason": "shortage"})

        assert desk.decide(return_id).body["state"] == "refunded"


class TestTheDeliveryOfTwoReturns:
    """Of an order of a TEA-1 and a TEA-2, each broken and returned by itself."""

    @pytest.fixture
    def both(self, shop, ann):
        shop.put(ann, "TEA-2")
        return delivered(shop, shop.order(ann)["id"])

    @staticmethod
    def broken(sku):
        return ONE | {"sku": sku, "reason": "defect"}

    @staticmethod
    def settle(desk, return_id, sku):
        desk.decide(return_id)
        return desk.receive(return_id, sku=sku).body["refund"]["delivery_minor"]

    def test_stays_paid_where_one_was_withdrawn_after_all(self, shop, ann, desk, both):
        kept = desk.ask(ann, both, self.broken("TEA-1"))
        gone = desk.ask(ann, both, self.broken("TEA-2"))
        assert desk.show(ann, gone).body["refund"]["delivery_minor"] == 0

        assert self.settle(desk, gone, "TEA-2") == 0
        assert desk.post(ann, f"/v1/returns/{kept}/withdraw").status == 200

        assert shop.money(f"customer:{ann.id}:money") == 50_000
        assert held(shop, both)["delivery_minor"] == 0

    @pytest.mark.case("I9")
    @pytest.mark.parametrize("order", [(0, 1), (1, 0)])
    def test_comes_back_with_the_last_once(self, shop, ann, desk, both, order):
        skus = "TEA-1", "TEA-2"
        asked = [desk.ask(ann, both, self.broken(sku)) for sku in skus]

        fees = [self.settle(desk, asked[n], skus[n]) for n in order]

        assert fees == [0, 29_900]
        assert shop.money(f"customer:{ann.id}:money") == 179_900
        assert held(shop, both)["minor"] == 179_900

    def test_comes_back_to_the_card_that_paid_it(self, shop, ann, desk):
        shop.put(ann, "TEA-2")
        order_id = shop.order(ann, payment="card")["id"]
        shop.pay(ann, order_id, "tok_ok")
        shop.ship(order_id)
        shop.move(order_id, "delivered")
        skus = "TEA-1", "TEA-2"
        asked = [desk.ask(ann, order_id, self.broken(sku)) for sku in skus]

        fees = [self.settle(desk, *one) for one in zip(asked, skus, strict=True)]
        shop.minutes()

        assert fees == [0, 29_900]
        assert shop.at_provider(order_id)["refunded_minor"] == 179_900

    def test_is_promised_where_the_other_is_settled(self, ann, desk, both):
        self.settle(desk, desk.ask(ann, both, self.broken("TEA-1")), "TEA-1")

        shown = desk.preview(ann, both, self.broken("TEA-2")).body["refund"]

        assert (shown["total_minor"], shown["delivery_minor"]) == (79_900, 29_900)


@pytest.mark.feature(44)
class TestAFailureOfTheShop:
    def fail(self, desk, order_id, key=None):
        return desk.post(None, f"/v1/staff/orders/{order_id}/failure", key=key)

    def test_is_marked_by_an_agent_and_all_goes_back(self, shop, ann, desk, by_card):
        failed = self.fail(desk, by_card)

        assert failed.status == 200
        assert failed.body["refunded_minor"] == 229_900
        assert [event.order_id for event in shop.queued(OrderFailed)] == [by_card]
        assert kind(self.fail(desk, by_card)) == "more_than_paid"

    def test_calls_off_what_was_not_shipped(self, shop, ann, desk):
        order_id = shop.order(ann, "TEA-1", 2)["id"]
        assert self.fail(desk, order_id).body["state"] == "cancelled"
        assert shop.on_shelf("TEA-1") == (10, 0)


class TestTwoReturnsOfTheLastPiece:
    @pytest.fixture
    def race(self, at_once, shop, ann, desk):
        order_id = delivered(shop, shop.order(ann)["id"])
        previews = [desk.preview(ann, order_id).body for _ in KEYS]

        def check(answers):
            assert sorted(map(str, map(kind, answers))) == ["201", "preview_expired"]
            assert shop.order_row(order_id)["lines"][0]["returned"] == 1
            rows = [r for r in shop.cloud.items("OrdersTable") if r["sk"].startswith("RETURN#")]
            assert (len(rows), held(shop, order_id)["open"]) == (1, 1)

        tasks = [partial(desk.take, ann, *both) for both in zip(previews, KEYS, strict=True)]
        return at_once(*tasks, check=check)

    @pytest.mark.case("I9", "I12")
    def test_are_one(self, race):
        race.every()

    def test_are_two_when_the_order_is_looked_at_first(self, race):
        race.catches("ORDER#")


class TestAReturnThatIsReceivedAsItIsWithdrawn:
    @pytest.fixture
    def race(self, at_once, shop, ann, desk):
        order_id = delivered(shop, shop.order(ann)["id"])
        return_id = desk.ask(ann, order_id)
        desk.decide(return_id)
        available, _ = shop.on_shelf("TEA-1")

        def check(answers):
            state = desk.show(ann, return_id).body["state"]
            money = shop.money(f"customer:{ann.id}:money")
            back = shop.on_shelf("TEA-1")[0] - available
            assert (state, money, back) in [("refunded", 100_000, 1), ("withdrawn", 0, 0)]
            assert sorted(map(str, map(kind, answers))) == ["200", "return_not_ready"]

        withdraw = partial(desk.post, ann, f"/v1/returns/{return_id}/withdraw", key=KEYS[0])
        receive = partial(desk.receive, return_id, key=KEYS[1])
        return at_once(receive, withdraw, check=check)

    @pytest.mark.case("I11", "I12")
    def test_is_one_or_the_other(self, race):
        race.sample(20)

    def test_is_both_when_return_and_order_are_looked_at_first(self, race):
        race.catches("RETURN#", "ORDER#")


class TestTwoReceiptsOfOneReturn:
    @pytest.fixture
    def race(self, at_once, shop, ann, desk, by_card):
        return_id = desk.ask(ann, by_card)
        desk.decide(return_id)

        def check(answers):
            assert sorted(map(str, map(kind, answers))) == ["200", "return_not_ready"]
            assert shop.order_row(by_card)["bill"]["returned_minor"] == 100_000
            assert len(shop.queued(RefundMade)) == 1

        return at_once(*[partial(desk.receive, return_id, key=key) for key in KEYS], check=check)

    @pytest.mark.case("I9")
    def test_bring_the_money_once(self, race):
        race.sample(20)


def test_letters_say_how_it_goes_on(cloud, shop, ann, desk, bought):
    from shop import Shop

    person = Shop(cloud).customer()
    order_id = delivered(shop, shop.order(person)["id"])
    return_id = desk.ask(person, order_id)
    desk.decide(return_id)
    cloud.drain()
    desk.decide(return_id, decision="rejected", rejection="never_came")
    cloud.drain()

    about = [x for x in cloud.letters if "return" in x.subject.lower()]
    asked, approved, refused = about[-3:]
    number = desk.show(person, return_id).body["number"]
    assert "₽1,000" in asked.text
    assert number in approved.text
    assert "never came" in refused.text
