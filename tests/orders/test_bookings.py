"""Bookings: staff open hours, customers book, move and cancel, and are told and reminded."""

import json
from datetime import timedelta

import pytest
from icalendar import Calendar

from appointments import CEREMONY, ID, at, book, open_ceremony, wanted
from common import clock
from common.events.bookings import BookingCancelled, BookingDue, BookingMade, BookingMoved
from orders.erasure import consumer as erasing
from shop import Shop as Walk
from shop import product

PROBLEM = "urn:kabinet:problem:"
BOOKABLE = f"/v1/staff/bookables/{ID}"


@pytest.fixture
def walk(cloud):
    made = Walk(cloud)
    open_ceremony(made)
    return made


@pytest.fixture
def ann(walk):
    """Somebody whom letters reach."""
    return walk.customer()


@pytest.fixture
def bob(walk):
    return walk.customer()


@pytest.fixture
def minutes(cloud):
    """Let time pass, and what is due then happen."""

    def wait(**passed):
        cloud.clock.advance(**passed)
        cloud.tick()

    return wait


def kind(answer):
    return answer.status, answer.body["type"].removeprefix(PROBLEM)


def slots(walk, first=None, **query):
    """What is free, by hours; of the ceremony of tomorrow."""
    asked = {"first": first or at(0)[:10], "days": "1"} | query
    found = walk.cloud.call("GET", f"/v1/bookables/{ID}/slots", query=asked).body["slots"]
    return {slot["start"]: slot["free"] for slot in found}


def rows(cloud, sk):
    return [row for row in cloud.items("OrdersTable") if row["sk"].startswith(sk)]


@pytest.mark.feature(82)
class TestWhatCanBeBooked:
    def test_is_shown_to_everybody_in_their_language(self, walk, cloud):
        [shown] = cloud.call("GET", "/v1/bookables", language="en").body["items"]
        assert (shown["id"], shown["name"], shown["minutes"]) == (ID, "Tea ceremony", 60)
        assert walk.ask(None, "GET", "/v1/bookables")["items"][0]["name"] == "Чайная церемония"

    def test_is_free_from_opening_to_closing(self, walk):
        found = slots(walk)
        assert (min(found), max(found)) == (at(10), at(20))
        assert set(found.values()) == {2}

    def test_is_shown_for_two_weeks_at_most(self, cloud, walk):
        path = f"/v1/bookables/{ID}/slots"
        assert len(walk.ask(None, "GET", path)["slots"]) == 6 * 11 + 8  # today from one o'clock on
        for query in ({"days": "15"}, {"days": "0"}, {"first": "0001-01-01"}, {"first": "later"}):
            assert cloud.call("GET", path, query=query).status == 422
        assert cloud.call("GET", path, query={"first": "2999-12-31"}).body["slots"] == []

    def test_is_changed_by_whoever_read_it_last(self, cloud, walk):
        manager = walk.staff("manager")
        read = cloud.call("GET", BOOKABLE, token=manager.token)
        tag = {"if-match": read.headers["etag"]}
        shorter = CEREMONY | {"closed": [at(0)[:10]]}
        done = cloud.call("PUT", BOOKABLE, shorter, token=manager.token, headers=tag)
        assert (done.status, slots(walk)) == (200, {})
        late = cloud.call("PUT", BOOKABLE, CEREMONY, token=manager.token, headers=tag)
        assert kind(late) == (412, "version_conflict")

    def test_keeps_its_length_and_its_clock(self, walk):
        for change in ({"minutes": 30}, {"time_zone": "Asia/Tokyo"}):
            asked = walk.asking(walk.staff("manager"), "PUT", BOOKABLE, CEREMONY | change)
            assert kind(asked()) == (409, "slots_fixed")

    @pytest.mark.case("V2", "V10", "K7")
    @pytest.mark.parametrize(
        "wrong",
        [
            {"time_zone": "Europe/Atlantis"},
            {"time_zone": "../etc/passwd"},
            {"capacity": 0},
            {"minutes": 1},
            {"hours": [{"weekday": 8, "begins": "10:00", "ends": "11:00"}]},
            {"hours": [{"weekday": 1, "begins": "11:00", "ends": "10:00"}]},
            {"hours": [{"weekday": 1, "begins": "10:00", "ends": "24:30"}]},
            {"closed": ["2027-02-30"]},
            {"colour": "green"},
        ],
        ids=str,
    )
    def test_is_nothing_that_no_clock_shows(self, walk, wrong):
        asked = walk.asking(walk.staff("manager"), "PUT", BOOKABLE, CEREMONY | wrong)
        assert asked().status == 422

    def test_is_not_for_agents_to_change(self, walk):
        asked = walk.asking(walk.staff("agent"), "PUT", BOOKABLE, CEREMONY)
        assert asked().status == 403

    def test_is_not_listed_without_hours(self, walk):
        open_ceremony(walk, hours=[])
        assert walk.ask(None, "GET", "/v1/bookables")["items"] == []
        assert walk.asking(walk.customer(), "POST", "/v1/bookings", wanted())().status == 409


@pytest.mark.feature(82)
class TestABooking:
    def test_takes_one_place_of_its_slot(self, walk, cloud, ann):
        made = walk.ask(ann, "POST", "/v1/bookings", wanted())

        assert (made["start"], made["end"], made["state"]) == (at(16), at(17), "booked")
        assert made["changeable_until"] == at(13)
        assert slots(walk)[at(16)] == 1
        path = f"/v1/bookings/{made['id']}"
        assert walk.ask(ann, "GET", path) == made
        assert walk.ask(ann, "GET", "/v1/bookings")["items"] == [made]
        shown = cloud.call("GET", path, token=ann.token)
        known = {"if-none-match": shown.headers["etag"]}
        assert cloud.call("GET", path, token=ann.token, headers=known).status == 304

    @pytest.mark.case("I1")
    def test_is_refused_where_no_place_is_left(self, walk, ann, bob):
        for person in (ann, bob):
            book(walk, person)
        asked = walk.asking(walk.customer(), "POST", "/v1/bookings", wanted())

        assert kind(asked()) == (409, "slot_taken")
        assert at(16) not in slots(walk)

    def test_can_name_its_moment_in_any_offset(self, walk, ann):
        utc = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT13:00:00Z")
        made = walk.ask(ann, "POST", "/v1/bookings", wanted() | {"start": utc})
        assert made["start"] == at(16)

    @pytest.mark.parametrize("start", ["16:30", "03:00", "23:00"])
    def test_is_for_a_slot_only(self, walk, ann, start):
        moment = f"{at(0)[:10]}T{start}:00+03:00"
        asked = walk.asking(ann, "POST", "/v1/bookings", wanted() | {"start": moment})
        assert kind(asked()) == (409, "no_such_slot")

    @pytest.mark.case("V1", "V3")
    @pytest.mark.parametrize(
        "start", [0, "0", "1e400", "2027-01-01", "2027-01-01T10:00:00", "0001-01-01T00:00:00+14:00"]
    )
    def test_is_for_a_moment_with_its_offset(self, walk, ann, start):
        asked = walk.asking(ann, "POST", "/v1/bookings", wanted() | {"start": start})
        assert asked().status == 422

    def test_is_for_what_there_is(self, walk, ann):
        asked = walk.asking(ann, "POST", "/v1/bookings", wanted(bookable_id="nothing"))
        assert kind(asked()) == (409, "no_such_slot")

    @pytest.mark.case("I4", "I5", "I3")
    def test_is_one_however_often_it_is_sent(self, walk, cloud, ann):
        send = walk.asking(ann, "POST", "/v1/bookings", wanted())
        first, again = send(), send()

        assert (again.status, again.body) == (first.status, first.body) == (201, first.body)
        assert slots(walk)[at(16)] == 1
        same, path = f"key-of-the-shop-{walk.keys}", "/v1/bookings"
        other = cloud.call("POST", path, wanted(18), token=ann.token, key=same)
        assert kind(other) == (422, "idempotency_key_reused")

    @pytest.mark.case("Z2", "Z3")
    def test_may_name_an_order_of_ones_own_with_a_service(self, walk, ann, bob):
        card = product("CARD", available=None) | {"kind": "gift_card"}
        walk.stock(product("TEA-1"), product("WRAP", 29_000, None), card)
        services, goods = walk.order(ann, "WRAP", 1), walk.order(ann)
        cards = walk.order(ann, "CARD", 1, payment="card")
        nobodys = "0" * 8 + services[8:]
        for person, order in ((bob, services), (ann, goods), (ann, cards), (ann, nobodys)):
            asked = walk.asking(person, "POST", "/v1/bookings", wanted(order_id=order))
            assert kind(asked()) == (409, "no_such_service")

        made = walk.ask(ann, "POST", "/v1/bookings", wanted(order_id=services))

        assert made["order_id"] == services

    @pytest.mark.case("Z2")
    def test_of_a_service_waits_until_its_order_is_paid(self, walk, ann):
        walk.stock(product("WRAP", 29_000, None))
        order = walk.order(ann, "WRAP", 1, payment="card")
        asked = walk.asking(ann, "POST", "/v1/bookings", wanted(order_id=order))
        assert kind(asked()) == (409, "service_unpaid")
        method = {"order_id": order, "token": "tok_ok"}
        walk.ask(ann, "POST", "/v1/payments", method)
        assert book(walk, ann, order_id=order)

    @pytest.mark.case("Z2")
    def test_of_a_service_is_for_an_order_that_is_not_done(self, walk, ann):
        walk.stock(product("WRAP", 29_000, None))
        done = walk.order(ann, "WRAP", 1)
        walk.move(done, "delivered")
        asked = walk.asking(ann, "POST", "/v1/bookings", wanted(order_id=done))
        assert kind(asked()) == (409, "no_such_service")

    @pytest.mark.case("Z2")
    def test_of_a_service_may_come_after_the_goods_of_its_order(self, walk, ann):
        walk.stock(product("TEA-1"), product("WRAP", 29_000, None))
        walk.fill_cart(ann, "WRAP", 1)
        mixed = walk.order(ann)
        walk.move(mixed, "assembling", "shipped", "delivered")
        assert book(walk, ann, order_id=mixed)

    @pytest.mark.case("Z2")
    def test_of_a_service_is_for_each_piece_that_was_bought(self, walk, ann):
        walk.stock(product("WRAP", 29_000, None))
        order = walk.order(ann, "WRAP", 2)
        first, _ = book(walk, ann, 14, order_id=order), book(walk, ann, 16, order_id=order)
        send = walk.asking(ann, "POST", "/v1/bookings", wanted(18, order_id=order))
        assert kind(send()) == (409, "services_booked")
        walk.ask(ann, "POST", f"/v1/bookings/{first}/cancel")
        assert book(walk, ann, 18, order_id=order)

    @pytest.mark.case("Z2")
    def test_of_a_pick_up_is_for_an_order_that_is_to_be_fetched(self, walk, ann, bob):
        open_ceremony(walk, "window", kind="pickup", minutes=30, capacity=3)
        walk.stock(product("TEA-1"), product("TEA-2"))
        asked = wanted(16, bookable_id="window")
        at_home, ended = walk.order(ann), walk.order_to_point(ann)
        walk.ask(ann, "POST", f"/v1/orders/{ended}/cancel")
        to_fetch = walk.order_to_point(ann, "TEA-2")
        nobodys = "0" * 8 + to_fetch[8:]
        wrong = (ann, None), (ann, nobodys), (bob, to_fetch), (ann, at_home), (ann, ended)
        for person, order in wrong:
            refused = walk.asking(person, "POST", "/v1/bookings", asked | {"order_id": order})()
            assert kind(refused) == (409, "nothing_to_pick_up")

        made = walk.ask(ann, "POST", "/v1/bookings", asked | {"order_id": to_fetch})

        assert (made["kind"], made["order_id"], made["end"][11:16]) == ("pickup", to_fetch, "16:30")
        path, token = "/v1/staff/bookables/window/bookings", walk.staff("agent").token
        day = {"day": at(0)[:10]}
        [shown] = walk.cloud.call("GET", path, token=token, query=day).body["items"]
        assert (shown["customer_id"], shown["order_id"]) == (ann.id, to_fetch)

    @pytest.mark.case("Z2")
    def test_of_a_meeting_needs_no_order_and_may_be_about_one_of_ones_own(self, walk, ann, bob):
        open_ceremony(walk, "manager", kind="meeting", capacity=1)
        walk.stock(product("TEA-1"))
        order = walk.order(bob)

        made = walk.ask(ann, "POST", "/v1/bookings", wanted(16, bookable_id="manager"))
        assert (made["kind"], made["order_id"]) == ("meeting", None)
        about = wanted(17, bookable_id="manager", order_id=order)
        assert kind(walk.asking(ann, "POST", "/v1/bookings", about)()) == (404, "not_found")
        assert walk.ask(bob, "POST", "/v1/bookings", about)["order_id"] == order

    def test_stands_as_it_was_promised_when_the_terms_change(self, walk, ann):
        made = book(walk, ann)
        open_ceremony(walk, place="Elsewhere", notice_hours=200, hours=[])

        shown = walk.ask(ann, "POST", f"/v1/bookings/{made}/cancel")
        assert shown["place"] == CEREMONY["place"]


@pytest.mark.feature(84)
class TestOneCustomersBookings:
    def test_do_not_overlap(self, walk, ann):
        first = book(walk, ann, 16)
        open_ceremony(walk, "massage", minutes=90)

        asked = walk.asking(ann, "POST", "/v1/bookings", wanted(16, bookable_id="massage"))()
        assert kind(asked) == (409, "no_such_slot")  # its grid has no 16:00
        start = at(16).replace("T16:00", "T16:30")
        body = wanted(bookable_id="massage") | {"start": start}
        asked = walk.asking(ann, "POST", "/v1/bookings", body)()
        assert (*kind(asked), asked.body["booking_id"]) == (409, "bookings_overlap", first)
        asked = walk.asking(ann, "POST", "/v1/bookings", body | {"start": at(18)})()
        assert asked.status == 201

    def test_may_touch(self, walk, ann):
        book(walk, ann, 16)
        book(walk, ann, 17)

    def test_are_free_again_once_cancelled(self, walk, ann):
        walk.ask(ann, "POST", f"/v1/bookings/{book(walk, ann)}/cancel")
        book(walk, ann)

    def test_are_twenty_ahead_at_most(self, walk, cloud, ann):
        for n in range(20):
            book(walk, ann, 10 + n % 10, 1 + n // 10)
        asked = walk.asking(ann, "POST", "/v1/bookings", wanted(10, 5))
        assert kind(asked()) == (409, "too_many_bookings")

        cloud.clock.advance(days=3)
        assert book(walk, walk.again(ann), 10, 5)
        [diary] = [row for row in rows(cloud, "BOOKINGS") if row["pk"] == f"CUSTOMER#{ann.id}"]
        assert len(diary["times"]) == 1


@pytest.mark.feature(84)
class TestMoving:
    def test_frees_the_old_slot_and_takes_the_new_one(self, walk, cloud, ann):
        made = book(walk, ann)
        moved = walk.ask(ann, "POST", f"/v1/bookings/{made}/move", {"start": at(18)})
        cloud.drain()

        assert (moved["id"], moved["start"], moved["changeable_until"]) == (made, at(18), at(15))
        assert (slots(walk)[at(16)], slots(walk)[at(18)]) == (2, 1)
        [told] = cloud.published(BookingMoved)
        assert (told.by, told.was.isoformat()[:13]) == ("customer", at(13)[:13])
        words = "We look forward to seeing you then"
        assert any(words in letter.text for letter in cloud.letters)

    def test_to_where_it_is_changes_nothing(self, walk, cloud, ann):
        made = book(walk, ann)
        walk.ask(ann, "POST", f"/v1/bookings/{made}/move", {"start": at(16)})
        cloud.drain()
        assert (slots(walk)[at(16)], cloud.published(BookingMoved)) == (1, [])

    def test_is_refused_where_no_place_is_left_and_keeps_the_old_one(self, walk, ann, bob):
        open_ceremony(walk, capacity=1)
        made = book(walk, ann, 16)
        book(walk, bob, 18)
        asked = walk.asking(ann, "POST", f"/v1/bookings/{made}/move", {"start": at(18)})

        assert kind(asked()) == (409, "slot_taken")
        assert walk.ask(ann, "GET", f"/v1/bookings/{made}")["start"] == at(16)
        assert at(16) not in slots(walk)

    def test_into_another_booking_of_ones_own_is_refused(self, walk, ann):
        made = book(walk, ann, 16)
        book(walk, ann, 18)
        asked = walk.asking(ann, "POST", f"/v1/bookings/{made}/move", {"start": at(18)})
        assert kind(asked()) == (409, "bookings_overlap")

    @pytest.mark.case("K3")
    def test_and_cancelling_end_with_the_notice(self, walk, cloud, ann):
        made = book(walk, ann)
        cloud.clock.advance(days=1, hours=1, seconds=5)  # a moment after 13:00
        late = walk.again(ann)
        for what, body in (("move", {"start": at(18)}), ("cancel", None)):
            asked = walk.asking(late, "POST", f"/v1/bookings/{made}/{what}", body)
            assert kind(asked()) == (409, "too_late_to_change")

    def test_and_cancelling_are_for_what_stands(self, walk, ann):
        made = book(walk, ann)
        walk.ask(ann, "POST", f"/v1/bookings/{made}/cancel")
        for what, body in (("move", {"start": at(18)}), ("cancel", None)):
            asked = walk.asking(ann, "POST", f"/v1/bookings/{made}/{what}", body)
            assert kind(asked()) == (409, "booking_over")
        assert slots(walk)[at(16)] == 2

    @pytest.mark.case("Z1", "Z2")
    def test_is_for_nobody_else(self, walk, ann, bob):
        path = f"/v1/bookings/{book(walk, ann)}"
        asked = [("GET", "", None), ("GET", "/calendar", None), ("POST", "/cancel", None)]
        for method, part, body in [*asked, ("POST", "/move", {"start": at(18)})]:
            assert walk.asking(bob, method, f"{path}{part}", body)().status == 404


@pytest.mark.feature(84)
class TestStaff:
    def test_see_a_day_and_leave_an_entry(self, walk, cloud, ann, bob):
        second, first = book(walk, ann, 18), book(walk, bob, 16)
        book(walk, ann, 16, days=2)
        path, query = f"{BOOKABLE}/bookings", {"day": at(0)[:10]}

        shown = cloud.call("GET", path, token=walk.staff("agent").token, query=query).body

        assert [one["id"] for one in shown["items"]] == [first, second]
        assert [one["customer_id"] for one in shown["items"]] == [bob.id, ann.id]
        cloud.drain()
        entries = walk.ask(ann, "GET", "/v1/me/access-log")["items"]
        assert [entry["what"] for entry in entries] == ["booking"]

    def test_page_through_a_day(self, walk, cloud, ann):
        made = [book(walk, ann, hour) for hour in (10, 12, 14)]
        path, query = f"{BOOKABLE}/bookings", {"day": at(0)[:10], "limit": "2"}
        agent = walk.staff("agent").token
        first = cloud.call("GET", path, token=agent, query=query).body
        rest = cloud.call("GET", path, token=agent, query=query | {"cursor": first["next_cursor"]})

        assert [one["id"] for one in (*first["items"], *rest.body["items"])] == made

    def test_move_it_when_the_customer_could_not_and_tell_them(self, walk, cloud, ann):
        made = book(walk, ann)
        cloud.clock.advance(days=1, hours=2)
        cloud.drain()
        path = f"/v1/staff/bookings/{made}/move"
        agent = walk.cloud.staff("agent")
        walk.ask(agent, "POST", path, {"start": at(18, 0)})
        cloud.drain()

        [told] = cloud.published(BookingMoved)
        assert told.by == "shop"
        letter = cloud.letters[-1]
        assert letter.subject == "A new time: Tea ceremony"
        assert "We had to move your booking" in letter.text
        assert "at 18:00" in letter.text
        assert CEREMONY["place"] in letter.text

    def test_cancel_it_and_tell_the_customer(self, walk, cloud, ann):
        made = book(walk, ann)
        path = f"/v1/staff/bookings/{made}/cancel"
        done = walk.ask(walk.staff("agent"), "POST", path)
        cloud.drain()

        assert (done["state"], slots(walk)[at(16)]) == ("cancelled", 2)
        [told] = cloud.published(BookingCancelled)
        assert told.by == "shop"
        assert any("we had to cancel" in letter.text for letter in cloud.letters)

    def test_find_nothing_where_there_is_none(self, walk):
        path = "/v1/staff/bookings/01980000-0000-7000-8000-000000000000/cancel"
        assert walk.asking(walk.staff("agent"), "POST", path)().status == 404


@pytest.mark.feature(84)
class TestAnOrderThatIsCalledOff:
    @pytest.fixture
    def wrapped(self, walk, ann):
        """An order of a service, and of goods that are fetched."""
        walk.stock(product("TEA-1"), product("WRAP", 29_000, None))
        return walk.order(ann, "WRAP", 1)

    def states(self, walk, person):
        items = walk.ask(person, "GET", "/v1/bookings")["items"]
        return {one["id"]: one["state"] for one in items}

    @pytest.mark.case("Z2")
    def test_takes_its_booking_with_it_and_says_why(self, walk, cloud, ann, wrapped):
        made, other = book(walk, ann, order_id=wrapped), book(walk, ann, 18)
        walk.ask(ann, "POST", f"/v1/orders/{wrapped}/cancel")
        cloud.drain()

        assert self.states(walk, ann) == {made: "cancelled", other: "booked"}
        assert slots(walk)[at(16)] == 2
        [told] = cloud.published(BookingCancelled)
        assert (told.booking_id, told.by) == (made, "order")
        [letter] = [x for x in cloud.letters if x.subject == "Cancelled: Tea ceremony"]
        assert "Its order was called off" in letter.text

    @pytest.mark.case("Z2")
    def test_frees_the_window_at_the_pick_up_point_but_not_a_meeting(self, walk, cloud, ann):
        walk.stock(product("TEA-1"))
        order = walk.order_to_point(ann)
        for kind_, hour in (("pickup", 16), ("meeting", 18)):
            open_ceremony(walk, kind_, kind=kind_)
            book(walk, ann, hour, bookable_id=kind_, order_id=order)
        walk.ask(ann, "POST", f"/v1/orders/{order}/cancel")
        cloud.drain()

        assert sorted(self.states(walk, ann).values()) == ["booked", "cancelled"]
        assert [told.kind for told in cloud.published(BookingCancelled)] == ["pickup"]

    @pytest.mark.case("T1")
    def test_is_not_once_it_is_too_late_for_its_service(self, walk, cloud, ann, wrapped):
        made = book(walk, ann, order_id=wrapped)
        cloud.clock.advance(days=1, hours=2)
        person = walk.again(ann)
        for _ in range(2):  # near, and over
            refused = walk.asking(person, "POST", f"/v1/orders/{wrapped}/cancel")()
            assert kind(refused) == (409, "service_too_near")
            assert refused.body["booking_id"] == made
            cloud.clock.advance(hours=5)
            person = walk.again(ann)

        assert walk.ask(person, "GET", f"/v1/orders/{wrapped}")["state"] == "placed"
        walk.move(wrapped, "cancelled")  # staff may
        cloud.drain()
        assert cloud.published(BookingCancelled) == []

    @pytest.mark.case("T1")
    @pytest.mark.parametrize("booked_first", [True, False])
    def test_is_not_once_a_service_was_had_that_was_booked_for_no_order(
        self, walk, cloud, ann, booked_first
    ):
        walk.stock(product("WRAP", 29_000, None))
        made = book(walk, ann) if booked_first else None
        order = walk.order(ann, "WRAP", 1)
        made = made or book(walk, ann)
        cloud.clock.advance(days=1, hours=6)
        person = walk.again(ann)

        refused = walk.asking(person, "POST", f"/v1/orders/{order}/cancel")()

        assert kind(refused) == (409, "service_too_near")
        assert refused.body["booking_id"] == made

    def test_is_while_what_was_booked_for_no_order_is_ahead(self, walk, cloud, ann, wrapped):
        made = book(walk, ann)
        cloud.clock.advance(days=1, hours=2)
        person = walk.again(ann)
        walk.ask(person, "POST", f"/v1/orders/{wrapped}/cancel")
        cloud.drain()
        assert self.states(walk, person) == {made: "booked"}

    def test_is_where_what_was_had_came_before_it_or_belongs_to_another(self, walk, cloud, ann):
        walk.stock(product("WRAP", 29_000, None))
        paid = walk.order(ann, "WRAP", 1)
        book(walk, ann, 13, days=0)
        cloud.clock.advance(hours=3)
        later, person = walk.order(walk.again(ann), "WRAP", 1), walk.again(ann)
        book(walk, person, 16, days=0, order_id=paid)
        cloud.clock.advance(hours=2)
        walk.ask(walk.again(ann), "POST", f"/v1/orders/{later}/cancel")


@pytest.mark.feature(83)
class TestLettersAndReminders:
    def due(self, cloud):
        return [x for x in cloud.letters if x.subject == "Soon: Tea ceremony"]

    def test_a_booking_is_confirmed_with_place_and_local_time(self, walk, cloud):
        far = walk.customer("Asia/Vladivostok")
        book(walk, far)
        cloud.drain()

        assert len(cloud.published(BookingMade)) == 1
        letter = cloud.letters[-1]
        assert letter.subject == "You are booked: Tea ceremony"
        assert "at 16:00, local time" in letter.text
        assert CEREMONY["place"] in letter.text

    def test_its_customer_is_reminded_a_day_before_once(self, walk, cloud, ann, minutes):
        book(walk, ann, 16, days=2)
        minutes(days=1, hours=3)
        assert self.due(cloud) == []
        minutes(hours=1, minutes=1)
        minutes(minutes=1)

        [letter] = self.due(cloud)
        assert "at 16:00, local time" in letter.text
        assert CEREMONY["place"] in letter.text
        minutes(days=1)
        assert len(self.due(cloud)) == 1

    def test_or_two_hours_before_where_it_was_booked_late(self, walk, cloud, ann, minutes):
        book(walk, ann, 16, days=0)
        minutes(hours=1)
        assert self.due(cloud) == []
        minutes(hours=1, minutes=1)

        assert len(self.due(cloud)) == 1

    def test_or_not_where_it_was_booked_too_late_for_that(self, walk, cloud, ann, minutes):
        book(walk, ann, 13, days=0)
        minutes(hours=2)

        assert (self.due(cloud), rows(cloud, "BOOKING#")[0]["state"]) == ([], "booked")

    @pytest.mark.case("E2")
    def test_nobody_is_reminded_of_what_was_cancelled(self, walk, cloud, ann, minutes):
        made = book(walk, ann, 16, days=2)
        walk.ask(ann, "POST", f"/v1/bookings/{made}/cancel")
        minutes(days=1, hours=5)

        assert self.due(cloud) == []
        assert not [row for row in cloud.items("OrdersTable") if row["pk"].startswith("TIMER#")]

    def test_who_moved_is_reminded_of_the_new_time_only(self, walk, cloud, ann, minutes):
        made = book(walk, ann, 16, days=2)
        walk.ask(ann, "POST", f"/v1/bookings/{made}/move", {"start": at(18, 3)})
        minutes(days=1, hours=5)
        assert self.due(cloud) == []
        minutes(days=1, hours=2)

        [letter] = self.due(cloud)
        assert "at 18:00" in letter.text

    @pytest.mark.case("E11")
    def test_a_reminder_that_an_outage_delayed_past_the_time_is_not_sent(
        self, walk, cloud, ann, minutes
    ):
        book(walk, ann)
        minutes(days=2)
        assert cloud.published(BookingDue) == []


@pytest.mark.feature(82)
class TestACalendar:
    def test_has_a_booking_with_its_place_by_its_own_clock(self, walk, cloud, ann):
        open_ceremony(walk, name_en="Tea; cups, pots and a very long name \\ of it", place="А, б")
        made = book(walk, ann)
        answer = cloud.call("GET", f"/v1/bookings/{made}/calendar", token=ann.token, language="en")

        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "TZID=Europe/Moscow" in answer.body
        assert all(len(line.encode()) <= 75 for line in answer.body.split("\r\n"))
        [event] = Calendar.from_ical(answer.body).walk("VEVENT")
        assert (event["uid"], event["sequence"], event["status"]) == (made, 0, "CONFIRMED")
        assert event["summary"] == "Tea; cups, pots and a very long name \\ of it"
        assert event["location"] == "А, б"
        assert event["dtstart"].dt.isoformat() == at(16)
        assert event["dtend"].dt.isoformat() == at(17)
        assert Calendar.from_ical(answer.body).walk("VTIMEZONE")

    def test_tells_what_moved_and_what_was_cancelled(self, walk, cloud, ann):
        moved, gone = book(walk, ann, 16), book(walk, ann, 18)
        walk.ask(ann, "POST", f"/v1/bookings/{moved}/move", {"start": at(20)})
        walk.ask(ann, "POST", f"/v1/bookings/{gone}/cancel")

        events = {str(event["uid"]): event for event in self.feed(walk, cloud, ann)}

        assert (events[moved]["sequence"], events[moved]["status"]) == (1, "CONFIRMED")
        assert events[moved]["dtstart"].dt.isoformat() == at(20)
        assert (events[gone]["sequence"], events[gone]["status"]) == (1, "CANCELLED")

    def test_is_the_same_file_while_nothing_changed(self, walk, cloud, ann):
        path = f"/v1/bookings/{book(walk, ann)}/calendar"
        first = cloud.call("GET", path, token=ann.token).body
        cloud.clock.advance(seconds=90)
        assert cloud.call("GET", path, token=ann.token).body == first

    def test_has_one_secret_link_until_it_is_taken_back(self, walk, cloud, ann, bob):
        book(walk, ann)
        path = "/v1/bookings/calendar-link"
        link, other = (walk.ask(person, "PUT", path)["url"] for person in (ann, bob))
        assert walk.ask(ann, "PUT", path)["url"] == link != other
        assert len(self.read(cloud, link).walk("VEVENT")) == 1
        assert self.read(cloud, other).walk("VEVENT") == []

        walk.ask(ann, "DELETE", path)
        assert self.asked(cloud, link).status == 404
        new = walk.ask(ann, "PUT", path)["url"]

        assert new != link
        assert self.asked(cloud, link).status == 404
        assert len(self.read(cloud, new).walk("VEVENT")) == 1

    @pytest.mark.case("F13", "Z3")
    def test_is_found_by_no_guess_and_no_table(self, walk, cloud, ann, bob):
        book(walk, ann)
        link = walk.ask(ann, "PUT", "/v1/bookings/calendar-link")["url"]
        token = link.rpartition("/")[2]
        customer, kept, mac = token.split("-")
        [row] = rows(cloud, "CALENDAR")

        assert row["link_id"].replace("-", "") == kept
        assert mac not in json.dumps(cloud.items("OrdersTable"), default=str)
        for guess in (f"{customer}-{kept}", f"{customer}-{kept}-{'a' * 26}", kept, token[:-1]):
            assert self.asked(cloud, f"/{guess}").status == 404
        others = f"{bob.id.replace('-', '')}-{kept}-{mac}"
        assert self.asked(cloud, f"/{others}").status == 404

    def asked(self, cloud, link):
        return cloud.call("GET", f"/v1/calendars/{link.rpartition('/')[2]}")

    def read(self, cloud, link):
        return Calendar.from_ical(self.asked(cloud, link).body)

    def feed(self, walk, cloud, person):
        link = walk.ask(person, "PUT", "/v1/bookings/calendar-link")["url"]
        return self.read(cloud, link).walk("VEVENT")


@pytest.mark.feature(15)
@pytest.mark.case("R1")
def test_what_an_erased_customer_had_booked_is_free_again(walk, cloud, ann):
    book(walk, ann)
    gone = book(walk, ann, 18)
    walk.ask(ann, "POST", f"/v1/bookings/{gone}/cancel")
    link = walk.ask(ann, "PUT", "/v1/bookings/calendar-link")["url"]
    with cloud.acting("OrdersConsumer"):
        for _ in range(2):
            erasing.erasure.erase(ann.id, erasing.KINDS)

    assert (slots(walk)[at(16)], slots(walk)[at(18)]) == (2, 2)
    assert cloud.call("GET", f"/v1/calendars/{link.rpartition('/')[2]}").status == 404
    left = [
        row
        for row in cloud.items("OrdersTable")
        if ann.id in json.dumps(row, default=str) and not row["pk"].startswith("OUTBOX#")
    ]
    assert [row["sk"] for row in left] == ["ERASED"]
