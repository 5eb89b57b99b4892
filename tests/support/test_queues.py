"""Whose ticket it is: an agent works on their own queue, managers see all (CASES Z8)."""

from functools import partial

import pytest

from common import ids
from common.clock import now
from common.events.support import CustomerViewed

pytestmark = [pytest.mark.feature(99), pytest.mark.case("Z8")]
PATH = "/v1/staff/tickets"


def kind(answer):
    body = answer.body or {}
    return answer.status, body.get("type", "").removeprefix("urn:kabinet:problem:")


@pytest.fixture
def carl(cloud):
    """Another agent."""
    return cloud.staff("agent")


@pytest.fixture
def manager(cloud):
    return cloud.staff("manager")


@pytest.fixture
def assign(cloud, ticket):
    def call(caller, to, id_=ticket):
        body = {"staff_id": to.id if to else None}
        return cloud.call("PUT", f"{PATH}/{id_}/assignee", body, token=caller.token)

    return call


@pytest.fixture
def listed(cloud):
    """The ids of the tickets that somebody finds in the queue, page after page."""

    def pages(caller, limit="20"):
        found, query = [], {"limit": limit}
        while True:
            page = cloud.call("GET", PATH, token=caller.token, query=query).body
            found += [item["id"] for item in page["items"]]
            if page["next_cursor"] is None:
                return found
            query = {"limit": limit, "cursor": page["next_cursor"]}

    return pages


@pytest.fixture
def work(cloud, ticket, post):
    """What can be done with the ticket, as calls of whoever does it."""
    path = f"{PATH}/{ticket}"
    return {
        "read": lambda who: cloud.call("GET", path, token=who.token),
        "answer": lambda who: post(f"{path}/messages", {"text": "Hello"}, who),
        "move": lambda who: post(f"{path}/transitions", {"to": "resolved"}, who),
        "take": lambda who: cloud.call(
            "PUT", f"{path}/assignee", {"staff_id": who.id}, token=who.token
        ),
    }


def test_a_ticket_that_nobody_has_is_every_agents_to_take(agent, carl, ticket, assign, listed):
    assert listed(agent) == listed(carl) == [ticket]

    taken = assign(agent, agent)

    assert (taken.status, taken.body["assignee"]) == (200, agent.id)
    assert (listed(agent), listed(carl)) == ([ticket], [])


@pytest.mark.parametrize("what", ["read", "answer", "move", "take"])
def test_another_agents_ticket_is_as_if_it_were_not_there(agent, carl, assign, work, what):
    assign(agent, agent)

    assert kind(work[what](carl)) == (404, "not_found")
    assert work[what](agent).status in (200, 201)


@pytest.mark.parametrize("what", ["read", "answer", "move", "take"])
@pytest.mark.parametrize("role", ["manager", "owner"])
def test_who_leads_the_agents_may_do_all_with_every_ticket(cloud, agent, assign, work, role, what):
    assign(agent, agent)

    assert work[what](cloud.staff(role)).status in (200, 201)


def test_a_manager_sees_all_and_hands_over(agent, carl, manager, ticket, assign, listed, work):
    assign(agent, agent)
    assert listed(manager) == [ticket]

    assert assign(manager, carl).body["assignee"] == carl.id

    assert (listed(agent), listed(carl)) == ([], [ticket])
    assert kind(work["read"](agent)) == (404, "not_found")


def test_an_agent_gives_a_ticket_back_but_not_to_another(agent, carl, ticket, assign, listed):
    assert kind(assign(agent, carl)) == (403, "forbidden")
    assign(agent, agent)
    assert kind(assign(agent, carl)) == (403, "forbidden")

    assert assign(agent, None).body["assignee"] is None
    assert listed(carl) == [ticket]


def test_taking_keeps_the_place_in_the_queue_and_again_changes_nothing(
    cloud, ann, ask, agent, ticket, assign, listed
):
    cloud.clock.advance(minutes=1)
    later = ask(ann).body["id"]
    cloud.clock.advance(minutes=1)

    assign(agent, agent)
    before = [row for row in cloud.items("SupportTable") if row["sk"] == "TICKET"]
    assert assign(agent, agent).status == 200

    assert listed(agent) == [ticket, later]
    assert [row for row in cloud.items("SupportTable") if row["sk"] == "TICKET"] == before


def test_pages_of_an_agents_queue_leave_out_what_is_others(
    cloud, ann, ask, agent, carl, ticket, assign, listed
):
    mine = [ticket]
    for number in range(5):
        cloud.clock.advance(minutes=1)
        opened = ask(ann).body["id"]
        if number % 2:
            assign(carl, carl, opened)
        else:
            mine.append(opened)

    assert listed(agent, limit="2") == mine
    assert len(listed(carl, limit="2")) == 6


def test_whoever_has_it_answers_and_the_customer_learns_nothing_of_them(
    cloud, ann, agent, ticket, assign, work
):
    assign(agent, agent)
    assert work["answer"](agent).body["ticket"]["assignee"] == agent.id

    for path in ("/v1/tickets", f"/v1/tickets/{ticket}"):
        assert agent.id not in str(cloud.call("GET", path, token=ann.token).body)


def test_only_what_an_agent_is_shown_is_entered(cloud, agent, carl, assign, listed, work):
    assign(agent, agent)
    cloud.drain()
    listed(carl)
    work["read"](carl)
    work["read"](agent)
    cloud.drain()

    assert {seen.staff_id for seen in cloud.published(CustomerViewed)} == {agent.id}


@pytest.mark.parametrize("body", [{}, {"staff_id": "me"}, {"staff_id": 1}, {"assignee": None}])
def test_it_is_given_to_somebody_or_nobody(cloud, agent, ticket, body):
    answer = cloud.call("PUT", f"{PATH}/{ticket}/assignee", body, token=agent.token)
    assert answer.status == 422


def test_one_that_is_not_there_is_not_found_and_customers_assign_none(ann, agent, assign):
    assert kind(assign(agent, agent, ids.new(now()))) == (404, "not_found")
    assert kind(assign(ann, None)) == (403, "forbidden")


class TestTwoAgentsWhoTakeOneTicket:
    @pytest.fixture
    def race(self, at_once, cloud, agent, carl, assign):
        def check(answers):
            assert sorted(answer.status for answer in answers) in ([200, 404], [200, 503])
            [row] = [row for row in cloud.items("SupportTable") if row["sk"] == "TICKET"]
            [taken] = [answer for answer in answers if answer.status == 200]
            assert (row["assignee"], row["version"]) == (taken.body["assignee"], 2)

        return at_once(partial(assign, agent, agent), partial(assign, carl, carl), check=check)

    @pytest.mark.case("I6")
    def test_at_once_are_one_who_has_it(self, race):
        race.sample(12)

    def test_at_once_both_think_so_when_its_version_is_looked_at_first(self, race):
        race.catches("TICKET#")
