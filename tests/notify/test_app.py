"""The inbox: what was written to the customer, and to nobody else."""

import pytest

from common import clock, ids

PLACED, SHIPPED = "orders.order_placed.v1", "orders.order_shipped.v1"


@pytest.fixture
def written_to(cloud, known, event):
    """A customer with so many letters, oldest first."""

    def make(*names, **contact):
        customer = known(**contact)
        for name in names:
            cloud.publish(event(name, customer_id=customer.id))
            cloud.clock.advance(seconds=1)  # two in one millisecond have no order
        return customer

    return make


def inbox(cloud, customer, **query):
    texts = {name: str(value) for name, value in query.items()}
    return cloud.call("GET", "/v1/inbox", token=customer.token, query=texts)


def test_the_inbox_shows_what_was_sent_newest_first(cloud, written_to):
    customer = written_to(PLACED, SHIPPED, language="en")

    answer = inbox(cloud, customer)

    assert answer.status == 200
    assert answer.body["next_cursor"] is None
    assert [item["letter"] for item in answer.body["items"]] == [SHIPPED, PLACED]
    newest = answer.body["items"][0]
    assert newest["subject"] == "Order 2611-K7M2Q is on its way"
    assert newest["preview"] == "Your parcel is with the carrier. You can follow it by this number:"
    assert newest["state"] == "sent"
    assert newest["sent_at"] >= newest["created_at"]


@pytest.mark.case("Z9")
def test_the_inbox_shows_these_fields_and_no_address(cloud, written_to):
    customer = written_to(PLACED, email="anna@example.com")

    [item] = inbox(cloud, customer).body["items"]
    message = cloud.call("GET", f"/v1/inbox/{item['id']}", token=customer.token).body

    shown = {"id", "letter", "subject", "preview", "state", "channel", "created_at", "sent_at"}
    shown |= {"topic", "reason", "read_at"}
    assert set(item) == shown
    assert set(message) == shown | {"text", "why"}
    assert "anna@example.com" not in repr((item, message))


def test_a_message_shows_its_words(cloud, written_to):
    customer = written_to(SHIPPED, language="en")
    [item] = inbox(cloud, customer).body["items"]

    answer = cloud.call("GET", f"/v1/inbox/{item['id']}", token=customer.token)

    assert answer.status == 200
    assert "RA123456789RU" in answer.body["text"]
    assert answer.body | item == answer.body


@pytest.mark.case("Z2")
def test_anothers_message_is_the_same_as_none(cloud, written_to, known):
    owner, stranger = written_to(SHIPPED), known()
    [item] = inbox(cloud, owner).body["items"]

    foreign = cloud.call("GET", f"/v1/inbox/{item['id']}", token=stranger.token)
    missing = cloud.call("GET", f"/v1/inbox/{ids.new(clock.now())}", token=stranger.token)

    assert foreign.status == missing.status == 404
    assert foreign.body == missing.body
    assert inbox(cloud, stranger).body == {"items": [], "next_cursor": None}


def test_the_inbox_comes_page_by_page(cloud, written_to):
    customer = written_to(PLACED, SHIPPED, PLACED)

    first = inbox(cloud, customer, limit=2).body
    second = inbox(cloud, customer, limit=2, cursor=first["next_cursor"]).body

    found = [item["id"] for item in first["items"] + second["items"]]
    assert len(found) == 3
    assert found == sorted(found, reverse=True)
    assert second["next_cursor"] is None


@pytest.mark.case("Z6")
def test_a_cursor_opens_its_owners_inbox_only(cloud, written_to, known):
    owner, stranger = written_to(PLACED, SHIPPED), known()
    cursor = inbox(cloud, owner, limit=1).body["next_cursor"]

    for asked, sent in ((stranger, cursor), (owner, cursor[:-2] + "AA"), (owner, "x")):
        assert inbox(cloud, asked, cursor=sent).status == 422


@pytest.mark.case("Z1")
@pytest.mark.parametrize("path", ["/v1/inbox", "/v1/inbox/01900000-0000-7000-8000-000000000001"])
def test_the_inbox_is_for_customers_who_are_signed_in(cloud, path):
    assert cloud.call("GET", path).status == 401
    assert cloud.call("GET", path, token=cloud.staff("agent").token).status == 403


@pytest.mark.case("V9")
@pytest.mark.parametrize("id_", ["x", "%00", "A" * 2048, "01900000-0000-7000-8000-00000000000G"])
def test_an_id_that_is_none_is_refused(cloud, known, id_):
    assert cloud.call("GET", f"/v1/inbox/{id_}", token=known().token).status in {404, 422}


@pytest.mark.case("V12")
@pytest.mark.parametrize("limit", [0, -1, 51, 10**9, "x"])
def test_a_limit_out_of_reason_is_refused(cloud, known, limit):
    assert inbox(cloud, known(), limit=limit).status == 422


def test_each_read_takes_one_round_trip(cloud, written_to):
    customer = written_to(PLACED, SHIPPED)

    with cloud.counted() as calls:
        items = inbox(cloud, customer).body["items"]
    assert calls.trips == ["dynamodb.Query"]

    with cloud.counted() as calls:
        cloud.call("GET", f"/v1/inbox/{items[0]['id']}", token=customer.token)
    assert calls.trips == ["dynamodb.GetItem"]
