"""Who looked at my data: each of the staff who did, once an hour for each thing."""

import pytest

from common.events.orders import CustomerViewed as OrderViewed
from common.events.support import CustomerViewed as TicketViewed
from shop import product

pytestmark = [pytest.mark.feature(21), pytest.mark.case("Z8")]


@pytest.fixture
def order(shop, ann):
    shop.stock(product("TEA-1"))
    return shop.order(ann)


@pytest.fixture
def log(me, cloud):
    def read():
        cloud.drain()
        return me("GET", path="/access-log").body["items"]

    return read


def test_an_order_that_staff_looked_at_is_in_its_customers_log(shop, order, log):
    shop.ask(shop.staff("agent"), "GET", f"/v1/staff/orders/{order}")

    [entry] = log()
    assert (entry["role"], entry["what"], entry["resource_id"]) == ("agent", "order", order)


def test_who_looks_again_within_the_hour_is_entered_once(shop, order, log, cloud):
    for _ in range(3):
        shop.ask(shop.staff("agent"), "GET", f"/v1/staff/orders/{order}")
    assert len(log()) == 1
    cloud.clock.advance(hours=1)
    shop.people.pop("agent")
    shop.ask(shop.staff("agent"), "GET", f"/v1/staff/orders/{order}")
    cloud.drain()
    assert len(cloud.published(OrderViewed)) == 2


def test_staff_are_told_apart_and_known_again_without_their_names(shop, order, log):
    agent, manager = shop.staff("agent"), shop.staff("manager")
    for person in (agent, manager):
        shop.ask(person, "GET", f"/v1/staff/orders/{order}")

    names = {entry["role"]: entry["staff"] for entry in log()}
    assert len(set(names.values())) == 2
    assert not [name for name in names.values() if name.lower() in agent.id + manager.id]


def test_a_queue_shows_whose_tickets_it_lists(shop, ann, log):
    ticket = shop.ticket(ann)
    other = shop.ticket(shop.customer())

    shop.ask(shop.staff("agent"), "GET", "/v1/staff/tickets")

    assert [(entry["what"], entry["resource_id"]) for entry in log()] == [("ticket", ticket)]
    shown = {told.resource_id for told in shop.cloud.published(TicketViewed)}
    assert shown == {ticket, other}


@pytest.mark.case("T10")
def test_nothing_is_shown_where_the_entry_cannot_be_made(shop, order, monkeypatch):
    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr("common.audit._entry", broken)
    answer = shop.asking(shop.staff("agent"), "GET", f"/v1/staff/orders/{order}")()

    assert answer.status == 500
    assert order not in str(answer.body)


def test_a_guest_has_no_log(shop, cloud):
    shop.stock(product("TEA-1"))
    guest, order = shop.guest_order("guest@example.com")

    shop.ask(shop.staff("agent"), "GET", f"/v1/staff/orders/{order}")
    cloud.drain()

    assert not [row for row in cloud.items("AuthTable") if row["pk"] == f"CUSTOMER#{guest.id}"]


def test_entries_are_paged_newest_first_and_kept_a_year(shop, ann, me, log, cloud):
    tickets = [shop.ticket(ann) for _ in range(3)]
    for ticket in tickets:
        cloud.clock.advance(hours=1)
        shop.people.pop("agent", None)
        shop.ask(shop.staff("agent"), "GET", f"/v1/staff/tickets/{ticket}")
    cloud.drain()
    fresh = shop.again(ann).token

    first = me("GET", path="/access-log", query={"limit": "2"}, token=fresh).body
    more = {"limit": "2", "cursor": first["next_cursor"]}
    rest = me("GET", path="/access-log", query=more, token=fresh).body
    assert [x["resource_id"] for x in first["items"] + rest["items"]] == tickets[::-1]

    cloud.clock.advance(days=366)
    later = shop.again(ann).token
    assert me("GET", path="/access-log", token=later).body["items"] == []
