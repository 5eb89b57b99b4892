"""Tickets as their customers see them."""

import pytest

from common.events.support import TicketOpened

VISA = "4111 1111 1111 1111"


@pytest.mark.feature(99)
def test_a_customer_asks_and_sees_the_ticket(cloud, ann, ask, order):
    placed = order(ann)
    answer = ask(ann, order_id=placed)

    assert answer.status == 201
    assert answer.body.keys() == {
        "id", "number", "subject", "category", "order_id", "state", "message_count",
        "created_at", "updated_at",
    }  # fmt: skip
    assert (answer.body["state"], answer.body["order_id"]) == ("open", placed)
    [listed] = cloud.call("GET", "/v1/tickets", token=ann.token).body["items"]
    assert listed == answer.body
    thread = cloud.call("GET", f"/v1/tickets/{listed['id']}", token=ann.token).body
    messages = thread.pop("messages")
    assert thread == listed
    assert [(m["author"], m["text"]) for m in messages] == [("customer", "I wait and wait.")]


def test_an_opened_ticket_is_told_of_without_its_words(cloud, ann, ask, order):
    placed = order(ann)
    body = ask(ann, order_id=placed).body
    cloud.drain()

    [event] = cloud.published(TicketOpened)
    assert (event.customer_id, event.ticket_id, event.order_id) == (ann.id, body["id"], placed)
    assert (event.number, event.category) == (body["number"], "delivery")
    assert "wait" not in event.model_dump_json()


def test_opening_a_ticket_is_one_round_trip(cloud, ann, ask, order):
    placed = order(ann)
    with cloud.counted() as calls:
        ask(ann, order_id=placed)
    assert calls.trips == ["dynamodb.TransactWriteItems"]


def test_reading_tickets_is_one_round_trip_each(cloud, ann, ticket, post):
    post(f"/v1/tickets/{ticket}/messages", {"text": "Hello?"}, ann)

    for path in ("/v1/tickets", f"/v1/tickets/{ticket}"):
        with cloud.counted() as calls:
            assert cloud.call("GET", path, token=ann.token).status == 200
        assert calls.trips == ["dynamodb.Query"]


@pytest.mark.case("Z3")
def test_a_ticket_can_only_be_about_an_own_order(cloud, ann, bob, ask, order):
    foreign = order(bob)
    refusals = [
        ask(ann, order_id=order_id)
        for order_id in (foreign, "0198c0de-0000-7000-8000-000000000000", "#", "x")
    ]

    for refused in refusals:
        assert (refused.status, refused.body) == (422, refusals[0].body)
    assert refusals[0].body["type"] == "urn:kabinet:problem:unknown_order"
    assert [row for row in cloud.items("SupportTable") if row["pk"].startswith("TICKET")] == []


def test_an_order_not_heard_of_yet_can_be_tried_again_under_the_same_key(cloud, ann, ask, order):
    key = "the-same-key"
    assert ask(ann, key=key, order_id="0198c0de-0000-7000-8000-000000000000").status == 422
    placed = order(ann)

    assert ask(ann, key=key, order_id=placed).status == 201


@pytest.mark.case("Z2")
def test_a_foreign_ticket_looks_like_none(cloud, ann, bob, ticket, post):
    path, missing = f"/v1/tickets/{ticket}", f"/v1/tickets/{bob.id}"
    calls = [
        lambda path: cloud.call("GET", path, token=bob.token),
        lambda path: post(f"{path}/messages", {"text": "Hi"}, bob),
    ]

    for call in calls:
        assert call(path).status == 404
        assert call(path).body == call(missing).body
    assert cloud.call("GET", path, token=ann.token).body["message_count"] == 1


@pytest.mark.case("Z5")
def test_a_customer_lists_only_own_tickets(cloud, bob, ticket, ask):
    mine = ask(bob).body["id"]

    items = cloud.call("GET", "/v1/tickets", token=bob.token).body["items"]
    assert [item["id"] for item in items] == [mine]


@pytest.mark.case("Z6")
def test_pages_of_tickets_go_newest_first_by_cursors_of_their_owner(cloud, ann, bob, ask):
    opened = []
    for _ in range(3):
        opened.append(ask(ann).body["id"])
        cloud.clock.advance(seconds=1)

    def page(person, **query):
        return cloud.call("GET", "/v1/tickets", token=person.token, query={"limit": "2"} | query)

    first = page(ann).body
    rest = page(ann, cursor=first["next_cursor"]).body
    assert [item["id"] for item in first["items"] + rest["items"]] == opened[::-1]
    assert rest["next_cursor"] is None
    assert page(bob, cursor=first["next_cursor"]).status == 422
    assert page(ann, cursor="AAAA").status == 422


@pytest.mark.case("I2", "I5")
def test_the_same_key_opens_one_ticket_and_repeats_the_answer(cloud, ann, ask):
    first, again = ask(ann, key="one-key-only"), ask(ann, key="one-key-only")

    assert (again.status, again.body) == (201, first.body)
    assert again.headers["idempotent-replayed"] == "true"
    cloud.drain()
    assert len(cloud.published(TicketOpened)) == 1


@pytest.mark.case("I3")
def test_a_key_with_other_words_is_refused_and_of_another_customer_is_another(ann, bob, ask):
    first = ask(ann, key="one-key-only")

    assert ask(ann, key="one-key-only", subject="Other").status == 422
    other = ask(bob, key="one-key-only")
    assert other.status == 201
    assert other.body["id"] != first.body["id"]


@pytest.mark.case("I2")
def test_a_reply_repeated_is_written_once(cloud, ann, ticket, post):
    path = f"/v1/tickets/{ticket}/messages"
    first, again = (post(path, {"text": "Hello?"}, ann, key="reply-key") for _ in range(2))

    assert (first.status, first.body) == (201, again.body)
    assert first.body["ticket"]["message_count"] == 2
    thread = cloud.call("GET", f"/v1/tickets/{ticket}", token=ann.token).body
    assert [m["text"] for m in thread["messages"]] == ["I wait and wait.", "Hello?"]


@pytest.mark.case("C1")
@pytest.mark.feature(99)
def test_a_card_number_reaches_no_table_no_event_and_no_log(cloud, ann, ask, post, capsys):
    opened = ask(ann, subject=f"Paid by {VISA}", text=f"Card {VISA}!", key="card-key-1").body
    post(f"/v1/tickets/{opened['id']}/messages", {"text": VISA.replace(" ", "")}, ann)
    cloud.drain()

    assert opened["subject"] == "Paid by •••• •••• •••• 1111"
    sent = [call.arguments for call in cloud.calls if call.name.startswith("events.")]
    seen = f"{cloud.items('SupportTable')} {sent} {capsys.readouterr()}"
    assert "•••• 1111" in seen
    assert "4111" not in seen


@pytest.mark.case("V10", "V13")
@pytest.mark.parametrize(
    "fields",
    [
        {"subject": ""},
        {"subject": " "},
        {"subject": "x" * 201},
        {"subject": "two\nlines"},
        {"text": "x" * 4001},
        {"text": None},
        {"category": "refunds"},
        {"order_id": ""},
        {"order_id": "x" * 65},
        {"order_id": 7},
        {"state": "closed"},
        {"customer_id": "bob"},
    ],
)
def test_what_a_ticket_cannot_be_is_refused(ann, ask, fields):
    assert ask(ann, **fields).status == 422


def test_a_message_of_4000_letters_is_taken(ann, ask):
    assert ask(ann, text="щ" * 4000).status == 201


def test_a_ticket_needs_an_idempotency_key(cloud, ann):
    body = {"subject": "x", "text": "x", "category": "other"}

    assert cloud.call("POST", "/v1/tickets", body, token=ann.token).status == 422


@pytest.mark.case("V9")
@pytest.mark.parametrize("ticket_id", ["x", "..%2f", "%00", "A" * 2048])
def test_an_id_that_is_none_is_refused(cloud, ann, ticket_id):
    assert cloud.call("GET", f"/v1/tickets/{ticket_id}", token=ann.token).status in {404, 422}


@pytest.mark.case("Z1")
def test_tickets_are_for_signed_in_customers(cloud, agent, ticket, ask):
    for path in ("/v1/tickets", f"/v1/tickets/{ticket}"):
        assert cloud.call("GET", path).status == 401
        assert cloud.call("GET", path, token=agent.token).status == 403
    assert ask(agent).status == 403


@pytest.mark.case("V12")
@pytest.mark.parametrize("limit", ["0", "-1", "51", "1000000000", "x", "1,100000"])
def test_a_page_size_that_is_none_is_refused(cloud, ann, limit):
    answer = cloud.call("GET", "/v1/tickets", token=ann.token, query={"limit": limit})

    assert answer.status == 422
