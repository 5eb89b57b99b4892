"""Sign-ins kept, and customers missed."""

import pytest

from common import clock, ids, table
from common.events.auth import CustomerInactive, CustomerRegistered
from common.events.sign_in import SignedIn
from shop import Shop

pytestmark = pytest.mark.feature(90)


@pytest.fixture
def sign_in(cloud, ann):
    """Ann signs in: a session, and the event that tells of it."""

    def begin(**more):
        session, at = ids.new(clock.now()), clock.now()
        row = {"pk": f"SESSION#{session}", "sk": "SESSION"}
        with cloud.acting("AuthApi"):
            table.apply(table.put(row | {"expires_at": int(at.timestamp()) + 90 * 86_400} | more))
        event = SignedIn(id=ids.new(at), occurred_at=at, customer_id=ann.id, session_id=session)
        cloud.publish(event)
        return event

    return begin


@pytest.fixture
def refresh(cloud):
    """The session was renewed just now."""

    def renew(event):
        with cloud.acting("AuthApi"):
            changed = {"rotated_at": clock.now().isoformat()}
            table.apply(table.update(f"SESSION#{event.session_id}", "SESSION", assign=changed))

    return renew


@pytest.fixture
def told(cloud):
    """The days of absence told of so far."""

    def days():
        cloud.tick()
        return [event.days for event in cloud.published(CustomerInactive)]

    return days


@pytest.fixture
def timers(cloud):
    return lambda: [row for row in cloud.items("AuthTable") if row["pk"].startswith("TIMER#")]


def test_a_customer_who_stays_away_is_told_of_three_times(cloud, sign_in, told, timers):
    sign_in()
    cloud.clock.advance(days=29)
    assert told() == []

    for expected in ([30], [30], [30, 60], [30, 60, 90], [30, 60, 90]):
        cloud.clock.advance(days=1 if expected == [30] else 30)
        assert told() == expected
    assert timers() == []


def test_a_refresh_counts_as_a_visit_and_costs_nothing(cloud, sign_in, refresh, told):
    event = sign_in()
    cloud.clock.advance(days=25)
    refresh(event)

    cloud.clock.advance(days=20)
    assert told() == []
    cloud.clock.advance(days=10)
    assert told() == [30]


def test_whoever_came_back_is_missed_anew(cloud, sign_in, told):
    sign_in()
    cloud.clock.advance(days=30)
    assert told() == [30]
    sign_in()

    cloud.clock.advance(days=29)
    assert told() == [30]
    cloud.clock.advance(days=1)
    assert told() == [30, 30]


def test_whoever_signs_in_after_all_was_told_is_looked_for_again(cloud, sign_in, told):
    sign_in()
    cloud.clock.advance(days=100)
    assert told() == [90]

    sign_in()
    cloud.clock.advance(days=30)

    assert told() == [90, 30]


@pytest.mark.case("E11")
def test_after_a_long_outage_only_what_holds_now_is_told(cloud, sign_in, told):
    sign_in()
    cloud.clock.advance(days=70)

    assert told() == told() == [60]


@pytest.mark.case("E1", "E2", "E8")
def test_a_sign_in_that_comes_again_a_month_later_changes_nothing(cloud, sign_in, told):
    first = sign_in()
    sign_in()
    cloud.clock.advance(days=31)
    assert told() == [30]
    before = cloud.items("AuthTable")

    cloud.publish(first)

    assert cloud.items("AuthTable") == before


def test_a_registration_is_the_first_visit(cloud, rows_of):
    ann, _ = Shop(cloud).register("ann@example.com")

    [event] = cloud.published(CustomerRegistered)
    assert event.session_id == ann.session_id
    assert [row["sk"] for row in rows_of("SIGN_IN#")] == [f"SIGN_IN#{ann.session_id}"]


def test_of_an_account_that_is_gone_nothing_is_kept(cloud, ann, sign_in, told, rows_of):
    with cloud.acting("MeApi"):
        table.apply(table.delete(f"CUSTOMER#{ann.id}", "PROFILE"))

    sign_in()
    cloud.clock.advance(days=40)

    assert (told(), rows_of("SIGN_IN#")) == ([], [])


def test_an_account_that_goes_while_it_is_missed_is_forgotten(cloud, ann, sign_in, told, timers):
    sign_in()
    with cloud.acting("MeApi"):
        table.apply(table.delete(f"CUSTOMER#{ann.id}", "PROFILE"))
    cloud.clock.advance(days=40)

    assert (told(), timers()) == ([], [])


def test_a_sign_in_is_two_round_trips(cloud, sign_in):
    sign_in()

    with cloud.counted() as calls:
        sign_in()

    consumed = calls.trips[calls.trips.index("dynamodb.GetItem") :]
    assert consumed == ["dynamodb.GetItem", "dynamodb.TransactWriteItems"]


def test_the_letter_comes_to_the_customer(cloud):
    shop = Shop(cloud)
    ann, _ = shop.register("ann@example.com")
    shop.agree(ann, "inactivity")
    cloud.clock.advance(days=31)

    cloud.tick()

    assert cloud.letters[-1].subject == "We would be glad to see you"
