"""Tickets as agents work on them."""

import pytest

from common import table
from common.events.support import TicketAnswered, TicketOpened, TicketResolved
from support import desk, store

pytestmark = pytest.mark.feature(99)


@pytest.fixture
def answer(agent, ticket, post):
    def call(text="It is on its way.", **options):
        return post(f"/v1/staff/tickets/{ticket}/messages", {"text": text}, agent, **options)

    return call


@pytest.fixture
def reply(ann, ticket, post):
    def call(text="Thank you!", **options):
        return post(f"/v1/tickets/{ticket}/messages", {"text": text}, ann, **options)

    return call


@pytest.fixture
def move(agent, ticket, post):
    def call(to, **options):
        return post(f"/v1/staff/tickets/{ticket}/transitions", {"to": to}, agent, **options)

    return call


@pytest.fixture
def queue(cloud, agent):
    def call(**query):
        return cloud.call("GET", "/v1/staff/tickets", token=agent.token, query=query)

    return call


def test_an_agent_answers_and_the_customer_sees_it(cloud, ann, ticket, answer):
    answered = answer()

    assert answered.status == 201
    assert answered.body["message"]["author"] == "agent"
    assert answered.body["ticket"]["state"] == "pending"
    thread = cloud.call("GET", f"/v1/tickets/{ticket}", token=ann.token).body
    assert thread["state"] == "pending"
    assert [m["text"] for m in thread["messages"]] == ["I wait and wait.", "It is on its way."]


@pytest.mark.case("Z9")
def test_a_customer_does_not_learn_which_agent_answered(cloud, ann, agent, ticket, answer):
    answer()

    thread = cloud.call("GET", f"/v1/tickets/{ticket}", token=ann.token).body
    assert agent.id not in str(thread)
    assert thread["messages"][1].keys() == {"id", "author", "text", "at"}


def test_an_answer_is_told_of(cloud, ann, ticket, answer):
    number = answer().body["ticket"]["number"]
    cloud.drain()

    [event] = cloud.published(TicketAnswered)
    assert (event.customer_id, event.ticket_id, event.number) == (ann.id, ticket, number)
    [opened] = cloud.published(TicketOpened)
    assert event.subject_version > opened.subject_version


def test_a_ticket_goes_through_its_states(cloud, answer, reply, move, queue):
    assert answer().body["ticket"]["state"] == "pending"
    assert reply().body["ticket"]["state"] == "open"
    assert move("resolved").body["state"] == "resolved"
    assert reply("Not yet").body["ticket"]["state"] == "open"
    assert move("resolved").body["next_states"] == ["open", "closed"]
    assert move("closed").body["state"] == "closed"
    cloud.drain()

    first, second = cloud.published(TicketResolved)
    assert first.id != second.id
    assert {first.subject_version, second.subject_version} == {4, 6}
    assert [item["state"] for item in queue(state="closed").body["items"]] == ["closed"]
    assert queue(state="open").body["items"] == []


@pytest.mark.case("I12")
def test_a_closed_ticket_takes_neither_words_nor_moves(answer, reply, move):
    move("resolved")
    move("closed")

    for refused in (reply(), answer()):
        assert (refused.status, refused.body["type"]) == (409, "urn:kabinet:problem:ticket_closed")
    refused = move("open")
    assert (refused.status, refused.body["next_states"]) == (409, [])
    assert (refused.body["type"], refused.body["state"]) == (
        "urn:kabinet:problem:transition_not_allowed",
        "closed",
    )


@pytest.mark.case("I4")
def test_a_refusal_is_repeated_under_its_key_even_when_it_could_be_done_now(move):
    assert move("closed", key="impatient").status == 409
    move("resolved")

    again = move("closed", key="impatient")
    assert (again.status, again.headers["idempotent-replayed"]) == (409, "true")


@pytest.mark.case("I5")
def test_a_transition_repeated_answers_as_before_and_tells_once(cloud, move):
    first, again = move("resolved", key="resolve-it"), move("resolved", key="resolve-it")

    assert (again.status, again.body) == (200, first.body)
    cloud.drain()
    assert len(cloud.published(TicketResolved)) == 1


@pytest.mark.case("I11")
def test_of_two_who_change_one_ticket_at_once_one_is_told_to_repeat(
    cloud, ticket, reply, move, monkeypatch
):
    """Between the agent's read and the agent's write the customer writes."""
    change, raced = store.change, []

    def late(*arguments, **options):
        if not raced:
            raced.append(reply("Wait!"))
        change(*arguments, **options)

    monkeypatch.setattr(desk.store, "change", late)
    refused = move("resolved", key="too-late-key")

    assert (refused.status, refused.headers["retry-after"]) == (503, "2")
    assert move("resolved", key="too-late-key").body["message_count"] == 2


@pytest.mark.case("V13")
def test_a_ticket_with_200_messages_takes_no_more(cloud, ticket, answer, reply):
    with cloud.acting("SupportApi"):
        table.apply(table.update(f"TICKET#{ticket}", "TICKET", assign={"messages": 199}))
    assert answer().status == 201

    refused = reply()
    assert (refused.status, refused.body["type"]) == (409, "urn:kabinet:problem:ticket_full")
    assert refused.body["most_messages"] == 200


def test_a_thread_of_more_than_one_page_is_read_whole(cloud, agent, ann, ticket):
    [first] = [r for r in cloud.items("SupportTable") if r["sk"].startswith("MESSAGE#")]
    with cloud.acting("SupportApi"):
        for n in range(5):
            row = {"sk": f"MESSAGE#{n}", "id": str(n), "text": "x" * 300_000}
            table.apply(table.put(first | row))

    thread = cloud.call("GET", f"/v1/staff/tickets/{ticket}", token=agent.token).body
    assert len(thread["messages"]) == 6
    assert thread["customer_id"] == ann.id


def test_the_queue_shows_who_waits_longest_first(cloud, ann, bob, ask, queue):
    waiting = []
    for person in (ann, bob, ann):
        waiting.append(ask(person).body["id"])
        cloud.clock.advance(minutes=1)

    first = queue(limit="2").body
    rest = queue(limit="2", cursor=first["next_cursor"]).body
    assert [item["id"] for item in first["items"] + rest["items"]] == waiting
    assert [item["customer_id"] for item in first["items"]] == [ann.id, bob.id]


@pytest.mark.case("Z6")
def test_a_cursor_of_one_queue_does_not_open_another(cloud, ann, ask, queue):
    for _ in range(2):
        ask(ann)
    cursor = queue(limit="1").body["next_cursor"]

    assert queue(limit="1", cursor=cursor, state="pending").status == 422


@pytest.mark.parametrize("path", ["/v1/staff/tickets", "/v1/staff/tickets/{ticket}"])
def test_agents_reads_are_one_round_trip_and_what_enters_them(cloud, agent, ticket, path):
    with cloud.counted() as calls:
        answer = cloud.call("GET", path.format(ticket=ticket), token=agent.token)
    assert answer.status == 200
    assert calls.trips == ["dynamodb.Query", "dynamodb.TransactWriteItems"]


@pytest.mark.case("V10")
@pytest.mark.parametrize("state", ["", "OPEN", "all", "open,closed"])
def test_an_unknown_state_is_refused(queue, state):
    assert queue(state=state).status == 422


@pytest.mark.case("V10")
@pytest.mark.parametrize("to", ["pending", "deleted", None, 1])
def test_a_move_to_nowhere_is_refused(move, to):
    assert move(to).status == 422


def test_a_ticket_that_is_not_there_is_not_found(cloud, agent, ann, post):
    path = f"/v1/staff/tickets/{ann.id}"

    assert cloud.call("GET", path, token=agent.token).status == 404
    assert post(f"{path}/messages", {"text": "Hi"}, agent).status == 404
    assert post(f"{path}/transitions", {"to": "closed"}, agent).status == 404


@pytest.mark.case("Z1")
def test_the_desk_is_for_staff(cloud, ann, ticket, post):
    path = f"/v1/staff/tickets/{ticket}"
    for read in ("/v1/staff/tickets", path):
        assert cloud.call("GET", read).status == 401
        assert cloud.call("GET", read, token=ann.token).status == 403
    assert post(f"{path}/messages", {"text": "Hi"}, ann).status == 403
    assert post(f"{path}/transitions", {"to": "resolved"}, ann).status == 403
