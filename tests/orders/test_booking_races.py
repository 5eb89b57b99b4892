"""Bookings that meet, in every order of their calls: no slot holds more than fit, nobody is in two
places at once, and a reminder tells of what stands."""

from functools import partial

import pytest

from appointments import CEREMONY, ID, at, book, open_ceremony, wanted
from common.events.bookings import BookingCancelled, BookingDue, BookingMade, BookingMoved
from common.events.orders import OrderCancelled
from orders.bookings import consumer as bookings
from shop import Shop as Walk

PROBLEM = "urn:kabinet:problem:"
MINUTE = {"source": "aws.events", "detail": {}}
LINK = "/v1/bookings/calendar-link"


def told(answer):
    kind = answer.body.get("type", "").removeprefix(PROBLEM)
    return (answer.status, kind) if kind else answer.status


@pytest.fixture
def walk(cloud):
    made = Walk(cloud)
    open_ceremony(made, capacity=1)
    return made


@pytest.fixture
def held(cloud, shop):
    """What stands: the slots by how many they hold, held against bookings, diaries and days."""

    def count():
        rows = cloud.items("OrdersTable")
        standing = [r for r in rows if r["sk"].startswith("BOOKING#") and r["state"] == "booked"]
        slots = {r["sk"][5:]: r["booked"] for r in rows if r["sk"].startswith("SLOT#")}
        kept = {start: n for start, n in slots.items() if n}
        starts = sorted(row["start"] for row in standing)
        assert sorted(start for start, n in kept.items() for _ in range(n)) == starts
        diaries = [t[0] for r in rows if r["sk"] == "BOOKINGS" for t in r["times"].values()]
        assert sorted(diaries) == starts
        days = [r["sk"].partition("#")[0] for r in rows if r["pk"].startswith("BOOKED#")]
        assert sorted(days) == starts
        return len(starts)

    return count


@pytest.mark.feature(82)
class TestTheLastPlace:
    @pytest.fixture
    def race(self, at_once, shop, walk, held, ann, bob):
        def check(answers):
            assert sorted(map(told, answers), key=str) == [(409, "slot_taken"), 201]
            assert (held(), len(shop.queued(BookingMade))) == (1, 1)

        tasks = [walk.asking(who, "POST", "/v1/bookings", wanted()) for who in (ann, bob)]
        return at_once(*tasks, check=check)

    @pytest.mark.case("I1")
    def test_is_booked_once(self, race):
        race.every()

    def test_is_booked_twice_when_the_slot_is_looked_at_first(self, race):
        race.catches("SLOT#")


@pytest.mark.feature(84)
class TestTwoBookingsAtOneTime:
    @pytest.fixture
    def race(self, at_once, shop, walk, held, ann):
        open_ceremony(walk, "massage")

        def check(answers):
            assert sorted(map(told, answers), key=str) == [(409, "bookings_overlap"), 201]
            assert (held(), len(shop.queued(BookingMade))) == (1, 1)

        bodies = wanted(), wanted(bookable_id="massage")
        tasks = [walk.asking(ann, "POST", "/v1/bookings", body) for body in bodies]
        return at_once(*tasks, check=check)

    @pytest.mark.case("I12")
    def test_are_one_booking(self, race):
        race.every()

    def test_are_two_when_the_diary_is_looked_at_first(self, race):
        race.catches("BOOKINGS")


@pytest.mark.feature(82)
class TestOneKeyTwice:
    @pytest.fixture
    def race(self, at_once, walk, held, ann):
        def check(answers):
            one, other = answers
            assert (one.status, one.body) == (201, other.body)
            assert held() == 1

        return at_once(*[walk.asking(ann, "POST", "/v1/bookings", wanted())] * 2, check=check)

    @pytest.mark.case("I2", "I6")
    def test_is_one_booking_and_one_answer(self, race):
        race.every()


@pytest.mark.feature(84)
class TestAMoveIntoASlotThatSomebodyBooks:
    @pytest.fixture
    def race(self, at_once, walk, held, ann, bob):
        made = book(walk, ann, 16)

        def check(answers):
            assert sorted(map(told, answers), key=str) in [
                [(409, "slot_taken"), 200],
                [(409, "slot_taken"), 201],
            ]
            assert held() == 1 + (told(answers[1]) == 201)

        return at_once(
            walk.asking(ann, "POST", f"/v1/bookings/{made}/move", {"start": at(18)}),
            walk.asking(bob, "POST", "/v1/bookings", wanted(18)),
            check=check,
        )

    @pytest.mark.case("I1", "I11")
    def test_has_one_winner(self, race):
        race.every()

    def test_has_two_when_the_slot_is_looked_at_first(self, race):
        race.catches("SLOT#")


@pytest.mark.feature(84)
class TestACustomerWhoCancelsWhatStaffMove:
    @pytest.fixture
    def race(self, at_once, shop, walk, held, ann):
        made, agent = book(walk, ann, 16), walk.staff("agent")
        walk.cloud.drain()

        def check(answers):
            cancelled, moved = map(told, answers)
            assert (cancelled, moved) in [(200, 200), (200, (409, "booking_over"))]
            assert held() == 0
            assert len(shop.queued(BookingMoved)) == (moved == 200)
            assert len(shop.queued(BookingCancelled)) == 1

        return at_once(
            walk.asking(ann, "POST", f"/v1/bookings/{made}/cancel"),
            walk.asking(agent, "POST", f"/v1/staff/bookings/{made}/move", {"start": at(18)}),
            check=check,
        )

    @pytest.mark.case("I11", "I12")
    def test_leaves_no_slot_taken(self, race):
        race.every()

    def test_leaves_one_taken_when_all_that_guards_it_is_looked_at_first(self, race):
        race.catches("BOOKING#", "BOOKINGS", "SLOT#")


@pytest.mark.feature(82)
class TestABookingForADayThatIsClosed:
    @pytest.fixture
    def race(self, at_once, walk, held, ann):
        closing = CEREMONY | {"capacity": 1, "closed": [at(0)[:10]]}
        path = f"/v1/staff/bookables/{ID}"
        order = []

        def close():
            answer = walk.cloud.call("PUT", path, closing, token=walk.staff("manager").token)
            order.append("closed")
            return answer

        send = walk.asking(ann, "POST", "/v1/bookings", wanted())

        def asked():
            began = "closed" if "closed" in order else "open"
            return began, send()

        def check(answers):
            (began, booked), closed = answers
            order.clear()
            assert closed.status == 200
            assert told(booked) in [201, (409, "no_such_slot")]
            assert (began, told(booked)) != ("closed", 201)
            assert held() == (told(booked) == 201)

        return at_once(asked, close, check=check)

    def test_is_made_before_or_not_at_all(self, race):
        race.every()


@pytest.mark.feature(83)
class TestAReminderWhileItsBookingIsCancelled:
    @pytest.fixture
    def race(self, at_once, cloud, shop, walk, ann, monkeypatch):
        monkeypatch.setattr("common.timers.SHARDS", 1)
        made = book(walk, ann, 16, days=2)
        cloud.clock.advance(days=1, hours=4, minutes=1)
        cancel = walk.asking(walk.again(ann), "POST", f"/v1/bookings/{made}/cancel")

        def check(answers):
            assert answers[1].status == 200
            reminded, [gone] = shop.queued(BookingDue), shop.queued(BookingCancelled)
            row = next(r for r in cloud.items("OrdersTable") if r["sk"] == f"BOOKING#{made}")
            assert (row["state"], gone.subject_version) == ("cancelled", 2)
            assert [event.subject_version for event in reminded] in ([], [1])
            order = [e for e in cloud.calls if e.name == "dynamodb.TransactWriteItems"]
            assert not _reminds_after_cancel(order)

        return at_once(partial(cloud.invoke, "OrdersConsumer", MINUTE), cancel, check=check)

    @pytest.mark.case("E2")
    def test_comes_before_or_not_at_all(self, race):
        race.every()

    def test_comes_after_when_the_timer_is_looked_at_first(self, race):
        race.catches("TIMER#")


def _reminds_after_cancel(calls):
    """Whether a reminder was written after the cancellation."""
    names = [str(call.arguments) for call in calls]
    cancelled = [n for n, text in enumerate(names) if BookingCancelled.name in text]
    return (
        any(BookingDue.name in text for text in names[cancelled[-1] + 1 :]) if cancelled else False
    )


@pytest.mark.feature(84)
class TestAServiceThatIsBookedWhileItsOrderIsCalledOff:
    @pytest.fixture
    def race(self, at_once, cloud, shop, walk, held, ann):
        order = walk.order(ann, "WRAP", 1)

        def check(answers):
            made, off = answers
            assert off.status == 200
            assert told(made) in (201, (409, "no_such_service"))
            [cancelled] = shop.queued(OrderCancelled)
            with cloud.acting("OrdersConsumer"):
                bookings.withdraw(cancelled)
            assert held() == 0

        return at_once(
            walk.asking(ann, "POST", "/v1/bookings", wanted(order_id=order)),
            walk.asking(ann, "POST", f"/v1/orders/{order}/cancel"),
            check=check,
        )

    @pytest.mark.case("E2")
    def test_is_never_booked_for_nothing(self, race):
        race.every()


@pytest.mark.feature(84)
class TestOneServiceThatIsBookedForTwoTimes:
    @pytest.fixture
    def race(self, at_once, walk, held, ann):
        order = walk.order(ann, "WRAP", 1)

        def check(answers):
            assert sorted(map(told, answers), key=str) == [(409, "services_booked"), 201]
            assert held() == 1

        bodies = wanted(16, order_id=order), wanted(18, order_id=order)
        tasks = [walk.asking(ann, "POST", "/v1/bookings", body) for body in bodies]
        return at_once(*tasks, check=check)

    @pytest.mark.case("I1")
    def test_is_booked_once(self, race):
        race.sample(30)

    def test_is_booked_twice_when_the_diary_is_looked_at_first(self, race):
        race.catches("BOOKINGS")


@pytest.mark.feature(82)
class TestALinkThatIsOpenedTwice:
    @pytest.fixture
    def race(self, at_once, walk, ann):
        def check(answers):
            urls = {answer.body["url"] for answer in answers}
            assert [answer.status for answer in answers] == [200, 200]
            assert len(urls) == 1

        return at_once(*[walk.asking(ann, "PUT", LINK)] * 2, check=check)

    def test_is_one_link(self, race):
        race.every()

    def test_is_two_when_it_is_looked_at_first(self, race):
        race.catches("CALENDAR")
