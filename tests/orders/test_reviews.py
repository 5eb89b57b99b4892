"""Reviews: who bought a product says how it is, staff read it, everybody sees it."""

import random
from datetime import timedelta
from functools import partial

import pytest

from auth import tokens
from common import clock
from common.access import Role
from common.events.orders import OrderDelivered
from common.events.reviews import ReviewAnswered, ReviewPublished, ReviewRejected, ReviewWanted
from orders.reviews import consumer as reviews
from orders.reviews.rating import Rating
from shop import Shop as Walk

PROBLEM = "urn:kabinet:problem:"
CARD = "4111 1111 1111 1111"
GOOD = {"rating": 5, "text": "Strong and warm", "author": "Анна"}

pytestmark = pytest.mark.feature(55)


class Desk:
    """Reviews, as customers write and staff read them."""

    def __init__(self, cloud, shop):
        self.cloud, self.shop = cloud, shop

    def deliver(self, who, sku="TEA-1"):
        """An order of *sku*, delivered; its id."""
        order = self.shop.order(who, sku)["id"]
        for to in ("assembling", "shipped", "delivered"):
            assert self.move(order, to).status == 200
        self.cloud.drain()
        return order

    def move(self, order, to):
        body = {"to": to} | ({"tracking_number": "RR1"} if to == "shipped" else {})
        path = f"/v1/staff/orders/{order}/transitions"
        return self.ask("POST", path, body, key=self.shop.key())

    def ask(self, method, path, body=None, **more):
        """An agent asks."""
        with self.cloud.acting("AuthApi"):
            agent = self.shop.agent.id, self.shop.agent.session_id, Role.AGENT
            token = tokens.access_token(*agent, clock.now())
        return self.cloud.call(method, path, body, token=token, **more)

    def write(self, who, sku="TEA-1", said=GOOD, **more):
        token = self.shop.token(who)
        return self.cloud.call("PUT", f"/v1/reviews/{sku}", said, token=token, **more)

    def own(self, who, method="GET", sku="TEA-1", **more):
        token = self.shop.token(who)
        return self.cloud.call(method, f"/v1/reviews/{sku}", token=token, **more)

    def decide(self, review, reason=None, version=None):
        path = f"/v1/staff/reviews/{review}"
        version = version or self.ask("GET", path).body["version"]
        return self.ask("PUT", f"{path}/decision", {"version": version, "reason": reason})

    def answer(self, review, text="Thank you!"):
        return self.ask("PUT", f"/v1/staff/reviews/{review}/answer", {"text": text})

    def public(self, sku="TEA-1", **query):
        return self.cloud.call("GET", f"/v1/products/{sku}/reviews", query=query).body

    def published(self, who, said=GOOD):
        """A review of what was delivered, read and published; its id."""
        self.deliver(who)
        review = self.write(who, said=said).body["id"]
        assert self.decide(review).status == 200
        return review


@pytest.fixture
def ann(cloud):
    """Somebody whom letters reach."""
    return Walk(cloud).customer()


@pytest.fixture
def bob(cloud):
    return Walk(cloud).customer()


@pytest.fixture
def desk(cloud, shop):
    return Desk(cloud, shop)


def kind(answer):
    return answer.status, answer.body["type"].removeprefix(PROBLEM)


def test_a_review_is_shown_once_it_was_read(desk, ann):
    desk.deliver(ann)
    written = desk.write(ann)
    assert (written.status, written.body["state"]) == (200, "waiting")
    assert desk.public()["items"] == []

    desk.decide(written.body["id"])

    [shown] = desk.public()["items"]
    assert (shown["rating"], shown["text"], shown["author"]) == (5, "Strong and warm", "Анна")
    assert desk.public()["rating"] == {"average": 5.0, "count": 1, "stars": [0, 0, 0, 0, 1]}
    assert ann.id not in str(desk.public())


def test_only_who_was_delivered_a_product_may_review_it(desk, shop, ann, bob):
    shop.order(ann)
    assert kind(desk.write(ann)) == (409, "not_bought")

    desk.deliver(bob)
    assert desk.write(bob).status == 200
    assert kind(desk.write(bob, "TEA-2")) == (409, "not_bought")


def test_a_guests_order_counts_once_it_is_claimed(cloud, desk, shop):
    walk = Walk(cloud)
    _, order = walk.guest_order("anna@example.com")
    for to in ("assembling", "shipped", "delivered"):
        desk.move(order, to)
    cloud.drain()
    person, _ = walk.register("anna@example.com")
    assert kind(desk.write(person)) == (409, "not_bought")

    walk.ask(person, "POST", "/v1/orders/claims")
    cloud.drain()

    assert desk.write(person).status == 200


def test_a_customer_has_one_review_of_a_product_and_may_rewrite_it(desk, ann):
    desk.published(ann)
    first = desk.own(ann)

    worse = desk.write(ann, said={"rating": 2}, headers={"if-match": first.headers["etag"]})

    assert (worse.status, worse.body["state"]) == (200, "waiting")
    assert worse.body["id"] == first.body["id"]
    assert desk.public()["items"] == []
    assert desk.public()["rating"]["count"] == 0
    late = desk.write(ann, headers={"if-match": first.headers["etag"]})
    assert kind(late) == (412, "version_conflict")


def test_the_same_words_again_change_nothing(desk, ann):
    desk.published(ann)
    before = desk.own(ann)

    assert desk.write(ann).headers["etag"] == before.headers["etag"]
    assert desk.own(ann).body["state"] == "published"


def test_a_deleted_review_leaves_the_rating_too(cloud, desk, ann, bob):
    desk.published(ann)
    desk.published(bob, {"rating": 2})
    assert desk.public()["rating"]["average"] == 3.5

    assert desk.own(ann, "DELETE").status == 204
    assert desk.own(ann, "DELETE").status == 404

    assert desk.public()["rating"] == {"average": 2.0, "count": 1, "stars": [0, 1, 0, 0, 0]}
    assert desk.write(ann).status == 200


@pytest.mark.case("C1")
def test_card_numbers_are_masked_in_words_of_both_sides(cloud, desk, ann):
    review = desk.published(ann, {"rating": 4, "text": f"Paid with {CARD}"})
    desk.answer(review, f"Yours is {CARD}")

    [shown] = desk.public()["items"]
    masked = "•••• •••• •••• 1111"
    assert (shown["text"], shown["answer"]["text"]) == (
        f"Paid with {masked}",
        f"Yours is {masked}",
    )
    assert CARD not in str(cloud.items("OrdersTable"))


@pytest.mark.parametrize("name", ["Anna Kim", "79001234567", "a@b.ru", "Anna_", ""])
def test_of_a_name_the_first_alone_is_taken(desk, ann, name):
    desk.deliver(ann)

    assert desk.write(ann, said=GOOD | {"author": name}).status == 422


@pytest.mark.parametrize("said", [{"rating": 0}, {"rating": 6}, {"rating": 4.5}, {"text": "Fine"}])
def test_a_rating_is_one_to_five(desk, ann, said):
    assert desk.write(ann, said=said).status == 422


def test_a_rejected_review_says_why_and_can_be_rewritten(cloud, desk, ann):
    desk.deliver(ann)
    review = desk.write(ann).body["id"]

    desk.decide(review, "off_topic")

    shown = desk.own(ann, language="en").body
    assert (shown["state"], shown["reason"]) == ("rejected", "off_topic")
    assert shown["why"] == "The review is not about the product."
    assert desk.write(ann, said=GOOD | {"text": "Good tea"}).body["state"] == "waiting"
    cloud.drain()
    [told] = cloud.published(ReviewRejected)
    assert (told.customer_id, told.sku, told.reason) == (ann.id, "TEA-1", "off_topic")


def test_staff_see_what_waits_oldest_first_and_nobodys_id(cloud, desk, ann, bob):
    for who in (bob, ann):
        desk.deliver(who)
        desk.write(who)
        cloud.clock.advance(minutes=1)

    first = desk.ask("GET", "/v1/staff/reviews", query={"limit": "1"}).body
    rest = desk.ask("GET", "/v1/staff/reviews", query={"cursor": first["next_cursor"]}).body

    assert [x["id"] for x in first["items"] + rest["items"]] == [
        desk.own(who).body["id"] for who in (bob, ann)
    ]
    assert not {ann.id, bob.id} & set(str(first) + str(rest))
    desk.decide(first["items"][0]["id"])
    assert len(desk.ask("GET", "/v1/staff/reviews").body["items"]) == 1


def test_a_decision_is_about_the_words_that_were_read(desk, ann):
    desk.deliver(ann)
    review = desk.write(ann).body["id"]
    desk.write(ann, said={"rating": 1, "text": "Buy at my shop"})

    assert kind(desk.decide(review, version=1)) == (409, "review_changed")
    assert desk.public()["items"] == []


def test_a_published_review_can_be_taken_down(cloud, desk, ann):
    review = desk.published(ann)

    desk.decide(review, "personal_data")

    assert desk.public()["items"] == []
    assert desk.public()["rating"]["count"] == 0


def test_what_staff_decide_is_in_the_trail(cloud, desk, ann):
    desk.published(ann)
    cloud.drain()

    trail = [row for row in cloud.items("AuthTable") if row["pk"] == "TRAIL"]
    assert [row for row in trail if "reviews" in str(row)]


def test_the_shop_answers_what_is_published(cloud, desk, ann):
    desk.deliver(ann)
    review = desk.write(ann).body["id"]
    assert kind(desk.answer(review)) == (409, "not_published")
    desk.decide(review)

    for _ in range(2):
        assert desk.answer(review).status == 200
    cloud.drain()

    assert desk.public()["items"][0]["answer"]["text"] == "Thank you!"
    assert [told.customer_id for told in cloud.published(ReviewAnswered)] == [ann.id]
    assert desk.write(ann, said={"rating": 1}).body["answer"] is None


def test_reviews_come_in_pages_newest_first(cloud, desk, ann, bob):
    for who, rating in ((ann, 3), (bob, 4)):
        cloud.clock.advance(minutes=1)
        desk.published(who, {"rating": rating})

    first = desk.public(limit="1")
    second = desk.public(limit="1", cursor=first["next_cursor"])

    assert [x["rating"] for x in first["items"] + second["items"]] == [4, 3]
    assert first["rating"]["average"] == 3.5


def test_a_page_of_reviews_takes_two_round_trips(cloud, desk, ann):
    desk.published(ann)

    with cloud.counted() as calls:
        desk.public()

    assert calls.trips == ["dynamodb.Query", "dynamodb.GetItem"]


class TestTheRequest:
    """A week after a delivery the customer is asked, if they agreed to that."""

    @pytest.fixture
    def anna(self, cloud):
        walk = Walk(cloud)
        person = walk.customer()
        walk.agree(person, "reviews")
        return person

    @pytest.fixture
    def pass_days(self, cloud):
        def come(days, **more):
            cloud.clock.advance(days=days, **more)
            cloud.tick()
            cloud.drain()

        return come

    def requests(self, cloud):
        return [x.subject for x in cloud.letters if "How do you like" in x.subject]

    def test_is_written_after_a_week_once(self, cloud, desk, anna, pass_days):
        desk.deliver(anna)
        pass_days(6)
        assert self.requests(cloud) == []

        pass_days(1, minutes=1)
        pass_days(7)

        assert len(self.requests(cloud)) == 1
        [letter] = [x for x in cloud.letters if "How do you like" in x.subject]
        assert "Product TEA-1" in letter.text

    def test_is_not_written_without_consent(self, cloud, desk, pass_days):
        desk.deliver(Walk(cloud).customer())
        pass_days(8)

        assert len(cloud.published(ReviewWanted)) == 1
        assert self.requests(cloud) == []

    def test_is_not_written_to_who_has_said_all(self, cloud, desk, anna, pass_days):
        desk.deliver(anna)
        desk.write(anna)
        pass_days(8)

        assert cloud.published(ReviewWanted) == []

    def test_is_not_written_about_what_went_back(self, cloud, desk, shop, anna, pass_days):
        order = desk.deliver(anna)
        assert shop.refund(order, 1_000).status == 200
        pass_days(8)

        assert cloud.published(ReviewWanted) == []

    def test_is_not_written_about_what_is_on_its_way_back(self, cloud, desk, anna, pass_days):
        walk = Walk(cloud)
        walk.giving_back(anna, desk.deliver(anna))
        pass_days(8)

        assert cloud.published(ReviewWanted) == []

    def test_is_written_about_what_can_be_given_back_no_longer(
        self, cloud, desk, anna, pass_days, monkeypatch
    ):
        monkeypatch.setattr(reviews, "ASKED_AFTER", timedelta(days=40))
        order = desk.deliver(anna)
        pass_days(39)
        [row] = [r for r in cloud.items("OrdersTable") if r["sk"] == f"ORDER#{order}"]
        assert row["state"] == "completed"
        pass_days(2)

        assert len(self.requests(cloud)) == 1

    @pytest.mark.case("E1")
    def test_comes_once_however_often_the_delivery_is_told(self, cloud, desk, anna, pass_days):
        desk.deliver(anna)
        [told] = cloud.published(OrderDelivered)
        cloud.publish(told, told)
        pass_days(8)
        cloud.publish(told)
        pass_days(8)

        assert len(cloud.published(ReviewWanted)) == 1
        [bought] = [r for r in cloud.items("OrdersTable") if r["sk"] == "BOUGHT#TEA-1"]
        assert bought["times"] == 1

    def test_that_waited_for_the_morning_is_dropped_once_a_review_is_there(
        self, cloud, desk, anna, pass_days
    ):
        desk.deliver(anna)
        pass_days(7, hours=11)  # night in Moscow
        assert len(cloud.published(ReviewWanted)) == 1
        desk.write(anna)
        pass_days(0, hours=11)

        assert self.requests(cloud) == []

    def test_that_waited_for_the_morning_is_sent_while_nothing_was_said(
        self, cloud, desk, anna, pass_days
    ):
        desk.deliver(anna)
        pass_days(7, hours=11)
        pass_days(0, hours=11)

        assert len(self.requests(cloud)) == 1


def test_letters_tell_what_became_of_a_review(cloud, desk):
    anna = Walk(cloud).customer()
    review = desk.published(anna)
    cloud.drain()
    desk.answer(review)
    cloud.drain()
    assert [x.subject for x in cloud.letters][-2:] == [
        "Your review is published: Product TEA-1",
        "The shop answered your review: Product TEA-1",
    ]
    desk.decide(review, "rude")
    cloud.drain()
    assert "it is rude or insulting" in cloud.letters[-1].text


@pytest.mark.parametrize("seed", range(2))
def test_the_rating_is_what_a_count_of_what_is_published_gives(cloud, desk, shop, seed):
    """Whatever customers and staff do, in whatever order, and however often it is told."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable order, no secret
    people = [cloud.customer() for _ in range(3)]
    for one in people:
        desk.deliver(one)
    for _ in range(25):
        act_by_chance(desk, chance, chance.choice(people))

    shown = desk.public()
    counted = Rating({n: [x["rating"] for x in shown["items"]].count(n) for n in range(1, 6)})
    assert shown["rating"]["count"] == counted.count == len(shown["items"])
    assert shown["rating"]["average"] == counted.average


def act_by_chance(desk, chance, who):
    match chance.randrange(4):
        case 0:
            desk.write(who, said={"rating": chance.randint(1, 5)})
        case 1:
            desk.own(who, "DELETE")
        case _ if desk.own(who).status == 200:
            desk.decide(desk.own(who).body["id"], chance.choice([None, None, "rude"]))


class TestARewrittenReviewThatIsPublishedMeanwhile:
    @pytest.fixture
    def race(self, at_once, shop, desk, ann):
        desk.deliver(ann)
        review = desk.write(ann).body["id"]

        def check(answers):
            assert answers[0].status == 200
            shown = desk.public()
            assert shown["rating"]["count"] == len(shown["items"])
            assert {x["rating"] for x in shown["items"]} <= {5}
            assert desk.own(ann).body["rating"] == 1
            assert desk.own(ann).body["state"] == "waiting"

        worse = partial(desk.write, ann, said={"rating": 1})
        return at_once(worse, partial(desk.decide, review, version=1), check=check)

    @pytest.mark.case("I10")
    def test_is_never_shown_unread(self, race):
        race.every()

    def test_is_lost_or_shown_when_it_is_looked_at_first(self, race):
        race.catches("REVIEW#")


class TestTwoWhoPublishAtOnce:
    @pytest.fixture
    def race(self, at_once, shop, desk, ann):
        desk.deliver(ann)
        review = desk.write(ann).body["id"]

        def check(answers):
            assert {answer.status for answer in answers} <= {200, 409}
            assert desk.public()["rating"]["count"] == 1
            assert len(shop.queued(ReviewPublished)) == 1

        return at_once(*[partial(desk.decide, review, version=1)] * 2, check=check)

    @pytest.mark.case("I2")
    def test_count_once(self, race):
        race.every()

    def test_count_twice_when_the_review_is_looked_at_first(self, race):
        race.catches("REVIEW#")


class TestOneDeliveryToldTwiceAtOnce:
    @pytest.fixture
    def race(self, at_once, cloud, shop, desk, ann, deliver):
        order = shop.order(ann)["id"]
        for to in ("assembling", "shipped", "delivered"):
            desk.move(order, to)
        [told] = shop.queued(OrderDelivered)

        def check(_):
            [bought] = [r for r in cloud.items("OrdersTable") if r["sk"] == "BOUGHT#TEA-1"]
            assert bought["times"] == 1

        return at_once(*[deliver("OrdersConsumer", told)] * 2, check=check)

    @pytest.mark.case("E1")
    def test_counts_once(self, race):
        race.every()

    def test_counts_twice_when_its_mark_is_looked_at_first(self, race):
        race.catches("DELIVERED#", "TIMER#", "TOGETHER#", "POPULAR#")
