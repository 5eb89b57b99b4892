"""Proofs: a letter that waited is sent while what it says is so, and else is not."""

import boto3
import pytest

from common import clock, ids
from common.events.auth import ContactChanged
from common.events.catalogue import WatchedPriceDropped
from common.events.notify import MessageDue
from common.events.orders import ClaimChecked
from local import redrive
from notify import proof
from shop import CHECKOUT, product
from shop import Shop as Walk


@pytest.fixture
def walk(cloud):
    return Walk(cloud)


@pytest.fixture
def inbox(walk):
    """What *person* finds in the inbox: how far each message got, and why not further."""

    def inbox(person):
        items = walk.ask(walk.again(person), "GET", "/v1/inbox")["items"]
        return [(item["state"], item["reason"]) for item in items]

    return inbox


@pytest.fixture
def reprice(walk):
    """Change the price of TEA-1, and let everybody hear of it."""

    def reprice(price_minor):
        walk.people.clear()  # a manager who signs in at this hour
        path, body = "/v1/staff/products/TEA-1", {"price_minor": price_minor}
        walk.ask(walk.staff("manager"), "PATCH", path, body)
        walk.cloud.drain()

    return reprice


@pytest.fixture
def morning(cloud):
    def come():
        cloud.clock.advance(hours=11)
        cloud.tick()
        cloud.drain()

    return come


class TestACartThatWasLeftInTheEvening:
    """It is remembered at night, and its reminder waits for the morning."""

    @pytest.fixture
    def left(self, cloud, shop, walk, inbox):
        ann = walk.customer()
        walk.agree(ann, "cart")
        cloud.clock.advance(hours=9)
        walk.fill_cart(walk.again(ann))
        cloud.clock.advance(hours=3)
        cloud.tick()
        assert (cloud.letters, inbox(ann)) == ([], [("deferred", None)])
        return walk.again(ann)

    @pytest.mark.feature(91)
    def test_is_reminded_of_while_it_is_open(self, cloud, left, inbox, morning):
        morning()

        assert [letter.subject for letter in cloud.letters] == ["We have saved your cart"]
        assert inbox(left) == [("sent", None)]

    @pytest.mark.feature(91)
    def test_is_not_once_it_was_emptied(self, cloud, walk, left, inbox, morning):
        walk.ask(left, "DELETE", "/v1/cart/lines/TEA-1")
        morning()

        assert (cloud.letters, inbox(left)) == ([], [("suppressed", "lapsed")])

    @pytest.mark.feature(91)
    def test_is_not_once_it_was_bought(self, cloud, walk, left, inbox, morning):
        walk.ask(left, "POST", "/v1/checkout", CHECKOUT)
        morning()

        assert [letter.subject for letter in cloud.letters if "saved" in letter.subject] == []
        assert ("suppressed", "lapsed") in inbox(left)

    def test_is_not_where_another_is_filled_since(self, cloud, walk, left, inbox, morning):
        walk.ask(left, "POST", "/v1/checkout", CHECKOUT)
        walk.fill_cart(left, "TEA-2", 1)
        morning()

        assert ("suppressed", "lapsed") in inbox(left)


class TestWhatCameBackAtNight:
    """Whoever waits for it is told in the morning."""

    @pytest.fixture
    def supply(self, walk):
        def supply(pieces):
            body = {"places": {"main": pieces}, "reason": "delivery"}
            path = "/v1/staff/products/TEA-9/stock"
            walk.people.clear()  # a manager who signs in at this hour
            walk.ask(walk.staff("manager"), "PUT", path, body)
            walk.cloud.drain()

        return supply

    @pytest.fixture
    def waiting(self, cloud, walk, supply, inbox):
        walk.stock(product("TEA-9", available=0))
        ann = walk.customer()
        walk.ask(ann, "PUT", "/v1/alerts/back-in-stock/TEA-9")
        cloud.drain()
        cloud.clock.advance(hours=11)
        supply(1)
        assert (cloud.letters, inbox(ann)) == ([], [("deferred", None)])
        return ann

    @pytest.mark.feature(47)
    def test_is_told_of_while_it_is_there(self, cloud, waiting, inbox, morning):
        morning()

        assert [letter.subject for letter in cloud.letters] == ["In stock again: TEA-9"]
        assert inbox(waiting) == [("sent", None)]

    @pytest.mark.feature(47)
    def test_is_not_once_it_is_sold_out_again(self, cloud, waiting, inbox, morning, supply):
        supply(0)
        morning()

        assert (cloud.letters, inbox(waiting)) == ([], [("suppressed", "lapsed")])


class TestALetterThatComesLate:
    """The queue gave it up, as nobody knew yet where its reader is to be reached."""

    @pytest.fixture
    def given_up(self, cloud, shop, walk, reprice):
        ann = cloud.customer()
        walk.ask(ann, "PUT", "/v1/alerts/price-drop/TEA-1")
        cloud.drain()
        reprice(90_000)
        assert len(cloud.messages("NotifyDeadLetters")) == 1
        cloud.clock.advance(hours=1)
        return ann

    @pytest.fixture
    def redriven(self, cloud, given_up):
        def again():
            told = {"id": ids.new(clock.now()), "occurred_at": clock.now(), "language": "en"}
            where = {"email": "kim@example.com", "time_zone": "Europe/Moscow"}
            cloud.publish(ContactChanged(**told, **where, customer_id=given_up.id))
            urls = {name: found["Ref"] for name, found in cloud.wiring.physical.items()}
            queues = redrive.Deployed(boto3.client("sqs"), urls)
            assert redrive.redrive(queues, "NotifyDeadLetters", "NotifyQueue") == 1
            cloud.drain()

        return again

    @pytest.mark.case("E3")
    @pytest.mark.feature(46)
    def test_is_not_sent_when_the_price_went_up_again(
        self, cloud, given_up, redriven, reprice, inbox
    ):
        reprice(100_000)

        redriven()

        assert (cloud.letters, inbox(given_up)) == ([], [("suppressed", "lapsed")])

    @pytest.mark.case("E1", "E3")
    @pytest.mark.feature(46)
    def test_is_sent_once_while_it_is_true(self, cloud, given_up, redriven, inbox):
        redriven()

        [news], [proven] = cloud.published(WatchedPriceDropped), cloud.published(ClaimChecked)
        for _ in range(2):
            cloud.publish(news, proven, *cloud.published(MessageDue)[:1])
            cloud.clock.advance(hours=1)
        assert [letter.subject for letter in cloud.letters] == ["It costs less now: Product TEA-1"]
        assert inbox(given_up) == [("sent", None)]

    def test_is_asked_for_once_more_where_its_proof_was_late_too(
        self, cloud, given_up, redriven, reprice, inbox
    ):
        with cloud.holding("OrdersConsumer"):
            redriven()
        assert inbox(given_up) == [("deferred", None)]
        [due] = cloud.published(MessageDue)
        with cloud.holding("NotifyConsumer"):
            cloud.drain()
            cloud.clock.advance(seconds=proof.GOOD_FOR.total_seconds() + 1)
        reprice(100_000)

        assert [asked.message_id for asked in cloud.published(MessageDue)] == [due.message_id] * 2
        assert [checked.holds for checked in cloud.published(ClaimChecked)] == [True, False]
        assert (cloud.letters, inbox(given_up)) == ([], [("suppressed", "lapsed")])


def test_fresh_news_go_at_once(cloud, shop, walk, reprice):
    ann = walk.customer()
    walk.ask(ann, "PUT", "/v1/alerts/price-drop/TEA-1")
    cloud.drain()
    with cloud.holding("NotifyConsumer"):
        reprice(90_000)

    with cloud.counted() as calls:
        cloud.drain()

    names = ["BatchGetItem", "TransactWriteItems", "TransactWriteItems"]
    assert [name for name in calls.trips if "dynamodb" in name][:3] == [
        f"dynamodb.{name}" for name in names
    ]
    assert (len(cloud.letters), cloud.published(MessageDue)) == (1, [])
