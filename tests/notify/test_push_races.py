"""One token, registered or used by two at once: it is one customer's at every moment."""

from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

import pytest

from common.language import Language
from notify.message import Kind, Message
from notify.push import client, keeping, store
from notify.push import delivery as pushes
from notify.push.device import Platform
from notify.store import Changed

PATH = "/v1/me/push-device"
BODY = {"platform": "android", "token": "dQw4w9WgXcQ:APA91bHun4MxP5egoKMwt2"}
MESSAGE = Message(
    id="01900000-0000-7000-8000-0000000000b1",
    letter="orders.order_shipped.v1",
    kind=Kind.TRANSACTIONAL,
    language=Language.EN,
    created_at=datetime(2026, 11, 7, 11, 5, tzinfo=UTC),
    push="It will be with you soon.",
)


def registering(cloud, person):
    return partial(cloud.call, "PUT", PATH, BODY, token=person.token)


def holders(cloud, *people):
    """Who has a device of the token, and whom its claim names."""
    with cloud.acting("NotifyApi"):
        mark = store.mark(Platform.ANDROID, BODY["token"])
        having = [p.id for p in people if store.find(p.id).having(mark)]
        return having, store.holder(mark)


class TestOneTokenByTwoCustomers:
    @pytest.fixture
    def race(self, cloud, at_once):
        anna, boris = cloud.customer(), cloud.customer()

        def check(answers):
            assert {answer.status for answer in answers} <= {200, 503}
            assert 200 in [answer.status for answer in answers]
            having, holder = holders(cloud, anna, boris)
            assert having == [holder]

        asking = [registering(cloud, person) for person in (anna, boris)]
        return at_once(*asking, check=check)

    @pytest.mark.case("N12")
    @pytest.mark.feature(23)
    def test_is_of_one_of_them(self, race):
        race.every()

    def test_is_of_both_when_the_claim_is_looked_at_first(self, race):
        race.catches("TOKEN#")


class TestATokenThatMovesWhileAMessageIsPushed:
    @pytest.fixture
    def race(self, cloud, at_once):
        """Whoever has the token when the push is claimed is whose message it is."""
        anna, boris = cloud.customer(), cloud.customer()
        registering(cloud, anna)()
        with cloud.acting("NotifyConsumer"):
            [device] = store.find(anna.id).known
            keeping.endpoint(anna.id, device, client.application(Platform.ANDROID))
            known = store.find(anna.id)

        def push():
            with cloud.acting("NotifyConsumer"), suppress(Changed):
                pushes.push(MESSAGE, anna.id, known)

        def move():
            with cloud.acting("NotifyApi"):
                keeping.register(boris.id, boris.session_id, Platform.ANDROID, BODY["token"])
            return len(pushed(cloud))

        def check(answers):
            _, before = answers
            assert len(pushed(cloud)) <= before
            assert holders(cloud, anna, boris) == ([boris.id], boris.id)

        return at_once(push, move, check=check)

    @pytest.mark.case("N12")
    def test_brings_the_first_none_after_it(self, race):
        race.every()

    def test_brings_one_after_it_when_the_claim_is_looked_at_first(self, race):
        race.catches("TOKEN#")


def pushed(cloud):
    """Pushes that were claimed, and so are on their way."""
    return [row for row in cloud.items("NotifyTable") if row["pk"].startswith("PUSHED#")]
