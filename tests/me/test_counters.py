"""What the menu counts: orders under way, tickets not resolved, messages not read."""

import itertools

import pytest

from common import clock, ids
from common.events.notify import MessageRead, MessageSent
from common.events.orders import OrderDelivered, OrderPlaced
from common.events.support import TicketOpened, TicketReopened, TicketResolved
from scenarios.declared import sample
from shop import product

pytestmark = pytest.mark.feature(24)


@pytest.fixture
def count(cloud, me):
    """What the menu says of a section, once all that is told has been heard."""

    def ask(section):
        cloud.drain()
        sections = me("GET", path="/menu").body["sections"]
        return next(s["count"] for s in sections if s["name"] == section)

    return ask


@pytest.fixture
def anna(shop):
    shop.stock(product("TEA-1"))
    return shop.register("anna@example.com")[0]


@pytest.fixture
def counted(cloud, shop, anna):
    def ask(section):
        cloud.drain()
        sections = shop.ask(anna, "GET", "/v1/me/menu")["sections"]
        return next(s["count"] for s in sections if s["name"] == section)

    return ask


def test_an_order_counts_while_it_is_under_way(shop, anna, counted):
    assert counted("orders") == 0
    first, second = shop.order(anna), shop.order(anna)
    assert counted("orders") == 2

    shop.move(first, "assembling", "shipped")
    assert counted("orders") == 2
    shop.move(first, "delivered")
    shop.ask(anna, "POST", f"/v1/orders/{second}/cancel")

    assert counted("orders") == 0


@pytest.mark.feature(30)
def test_a_claimed_order_counts_unless_it_is_over(shop, counted, cloud):
    shop.stock(product("TEA-1"))
    shop.guest_order("kim@example.com")
    _, over = shop.guest_order("kim@example.com")
    shop.move(over, "assembling", "shipped", "delivered")
    cloud.drain()
    kim, _ = shop.register("kim@example.com")

    assert len(shop.ask(kim, "POST", "/v1/orders/claims")["orders"]) == 2
    cloud.drain()

    sections = shop.ask(kim, "GET", "/v1/me/menu")["sections"]
    assert next(s["count"] for s in sections if s["name"] == "orders") == 1


def test_a_ticket_counts_until_it_is_resolved_and_again_when_it_is_not_after_all(
    shop, anna, counted
):
    ticket = shop.ticket(anna)
    agent, path = shop.staff("agent"), f"/v1/staff/tickets/{ticket}"
    assert counted("tickets") == 1
    shop.ask(agent, "POST", f"{path}/messages", {"text": "Sorry!"})
    assert counted("tickets") == 1

    for reopen in (
        lambda: shop.ask(anna, "POST", f"/v1/tickets/{ticket}/messages", {"text": "Well?"}),
        lambda: shop.ask(agent, "POST", f"{path}/messages", {"text": "Once more"}),
        lambda: shop.ask(agent, "POST", f"{path}/transitions", {"to": "open"}),
    ):
        shop.ask(agent, "POST", f"{path}/transitions", {"to": "resolved"})
        assert counted("tickets") == 0
        reopen()
        assert counted("tickets") == 1

    for to in ("resolved", "closed"):
        shop.ask(agent, "POST", f"{path}/transitions", {"to": to})
    assert counted("tickets") == 0


def test_a_message_counts_until_it_is_read(cloud, shop, anna, counted):
    begun = counted("inbox")
    shop.order(anna)
    assert counted("inbox") == begun + 1

    [newest, *_] = shop.ask(anna, "GET", "/v1/inbox")["items"]
    assert newest["read_at"] is None
    for _ in range(2):
        shop.ask(anna, "PUT", f"/v1/inbox/{newest['id']}/read")

    assert counted("inbox") == begun
    assert shop.ask(anna, "GET", f"/v1/inbox/{newest['id']}")["read_at"] is not None
    assert len(cloud.published(MessageRead)) == 1


@pytest.mark.case("A1")
def test_nobody_reads_anothers_message(cloud, shop, anna, ann):
    shop.order(anna)
    [newest, *_] = shop.ask(anna, "GET", "/v1/inbox")["items"]

    path = f"/v1/inbox/{newest['id']}/read"
    assert cloud.call("PUT", path, token=ann.token).status == 404
    assert cloud.published(MessageRead) == []


def told(ann, *kinds):
    """Events of one thing of Ann's, each of a later version."""
    return [
        sample(kind.name, customer_id=ann.id, id=ids.new(clock.now()), subject_version=version)
        for version, kind in enumerate(kinds, 1)
    ]


HISTORIES = {
    "orders": ((OrderPlaced, OrderPlaced, OrderDelivered), 0),
    "tickets": ((TicketOpened, TicketResolved, TicketReopened), 1),
    "inbox": ((MessageSent, MessageRead), 0),
}


@pytest.mark.case("E1", "E2", "E8")
@pytest.mark.parametrize("section", HISTORIES)
def test_the_count_is_right_in_whatever_order_and_however_often_events_come(
    cloud, ann, count, rows_of, section
):
    kinds, left = HISTORIES[section]
    events = told(ann, *kinds)

    for n, order in enumerate(itertools.permutations(events)):
        thing = {"orders": "order_id", "tickets": "ticket_id", "inbox": "message_id"}[section]
        one = {thing: ids.new(clock.now())}
        for event in (*order, *order):
            cloud.publish(event.model_copy(update=one | {"id": ids.new(clock.now())}))
        assert count(section) == left * (n + 1), order


@pytest.mark.case("E8")
def test_an_event_replayed_after_a_year_counts_for_nothing(cloud, ann, count, shop):
    placed, delivered = told(ann, OrderPlaced, OrderDelivered)
    cloud.publish(placed)
    cloud.publish(delivered)
    cloud.clock.advance(days=365)

    cloud.publish(placed)

    sections = shop.ask(shop.again(ann), "GET", "/v1/me/menu")["sections"]
    assert next(s["count"] for s in sections if s["name"] == "orders") == 0


@pytest.mark.case("Z2")
def test_of_a_guest_and_of_somebody_who_is_gone_nothing_is_kept(cloud, shop, rows_of):
    shop.stock(product("TEA-1"))
    shop.guest_order("kim@example.com")
    cloud.publish(sample("support.ticket_opened.v1"))
    cloud.publish(sample("notify.message_sent.v1", customer_id=None))

    assert rows_of("MATTER#") == rows_of("GUIDE") == []
