"""Birthdays as the minute's schedule finds them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from common import clock, table
from common.events.auth import BirthdayReached, ProfileChanged
from shop import Shop

pytestmark = pytest.mark.feature(88)
MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture
def timers(cloud):
    return lambda: [row for row in cloud.items("AuthTable") if row["pk"].startswith("TIMER#")]


@pytest.fixture
def until(cloud):
    """Let it become that time in Moscow, from whatever it is."""

    def wait(text):
        wanted = datetime.fromisoformat(text).replace(tzinfo=MOSCOW)
        cloud.clock.advance(seconds=(wanted - clock.now()).total_seconds())

    return wait


@pytest.fixture
def tell(shop, ann):
    """Change Ann's profile, with a token that is good now."""
    return lambda **fields: shop.ask(shop.again(ann), "PATCH", "/v1/me", fields)


@pytest.fixture
def greetings(cloud, ann):
    """The days of the birthdays told of so far."""

    def told():
        cloud.tick()
        events = cloud.published(BirthdayReached)
        assert {event.customer_id for event in events} <= {ann.id}
        return [event.day for event in events]

    return told


@pytest.mark.case("K1")
def test_a_birthday_is_told_of_at_nine_and_every_year(until, tell, greetings, timers):
    until("2027-01-10T12:00")
    tell(birthday="1992-02-29")

    until("2027-02-28T08:59")
    assert greetings() == []
    until("2027-02-28T09:00")
    assert greetings() == greetings() == ["2027-02-28"]
    until("2028-02-29T09:00")
    assert greetings() == ["2027-02-28", "2028-02-29"]
    assert len(timers()) == 1


@pytest.mark.case("E11")
def test_a_schedule_that_is_a_day_late_tells_of_the_right_day_once(until, tell, greetings):
    until("2027-01-10T12:00")
    tell(birthday="1990-03-05")

    until("2027-03-06T10:00")

    assert greetings() == greetings() == ["2027-03-05"]


@pytest.mark.case("K4")
def test_whoever_moves_to_where_it_is_nine_once_more_is_greeted_once(until, tell, greetings):
    until("2027-01-10T12:00")
    tell(birthday="1990-03-05")
    until("2027-03-05T09:00")
    assert greetings() == ["2027-03-05"]

    tell(time_zone="America/New_York")
    until("2027-03-06T09:00")

    assert greetings() == ["2027-03-05"]


@pytest.mark.case("K4")
def test_whoever_moves_to_where_nine_is_over_is_greeted_all_the_same(until, tell, greetings):
    until("2027-01-10T12:00")
    tell(birthday="1990-03-05")
    until("2027-03-05T08:00")

    tell(time_zone="Asia/Vladivostok")

    assert greetings() == ["2027-03-05"]


def test_a_birthday_that_was_moved_is_awaited_by_one_timer(until, tell, greetings, timers):
    until("2027-01-10T12:00")
    tell(birthday="1990-03-05")
    tell(birthday="1990-04-05")
    tell(birthday="1991-04-05")
    assert len(timers()) == 1

    until("2027-03-05T12:00")
    assert greetings() == []
    until("2027-04-05T12:00")
    assert greetings() == ["2027-04-05"]


def test_a_birthday_that_was_forgotten_is_not_told_of(until, tell, greetings, timers):
    until("2027-01-10T12:00")
    tell(birthday="1990-03-05")
    tell(birthday=None)

    until("2027-03-05T12:00")

    assert (greetings(), timers()) == ([], [])


def test_a_second_birthday_in_one_year_is_none(until, tell, greetings):
    until("2027-01-10T12:00")
    tell(birthday="1990-03-05")
    until("2027-03-05T12:00")
    assert greetings() == ["2027-03-05"]

    tell(birthday="1990-03-06")
    until("2027-03-06T12:00")

    assert greetings() == ["2027-03-05"]


def test_a_greeting_changes_nothing_that_the_customer_sees(
    cloud, until, tell, greetings, shop, ann
):
    until("2027-01-10T12:00")
    before = tell(birthday="1990-03-05")
    until("2027-03-05T12:00")
    assert greetings()
    cloud.drain()

    shown = cloud.call("GET", "/v1/me", token=shop.again(ann).token)

    assert shown.body == before
    assert len(cloud.published(ProfileChanged)) == 1


def test_nobody_is_greeted_whose_account_is_gone(cloud, until, tell, greetings, timers, ann):
    until("2027-01-10T12:00")
    tell(birthday="1990-03-05")
    with cloud.acting("MeApi"):
        table.apply(table.delete(f"CUSTOMER#{ann.id}", "PROFILE"))

    until("2027-03-05T12:00")

    assert (greetings(), timers()) == ([], [])


def test_the_letter_comes_to_the_customer(cloud):
    shop = Shop(cloud)
    ann, _ = shop.register("ann@example.com")
    shop.agree(ann, "birthday")
    tomorrow = (clock.now() + timedelta(days=1)).astimezone(MOSCOW).date()
    body = {"birthday": tomorrow.replace(year=1992).isoformat()}
    assert cloud.call("PATCH", "/v1/me", body, token=ann.token).status == 200

    cloud.clock.advance(days=2)
    cloud.tick()

    assert [x.subject for x in cloud.letters if x.to == "ann@example.com"][-1] == "Happy birthday!"
