from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import ids
from support import ticket
from support.ticket import State, TicketClosed, TicketFull, TransitionNotAllowed

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
NEW = ticket.opened(ids.first_at(NOON), "ann", "Where is it?", "delivery", None, NOON)

pytestmark = pytest.mark.feature(99)


def in_state(state):
    steps = {
        State.OPEN: NEW,
        State.PENDING: ticket.answered(NEW, "agent", NOON),
        State.RESOLVED: ticket.moved(NEW, State.RESOLVED, NOON),
    }
    steps[State.CLOSED] = ticket.moved(steps[State.RESOLVED], State.CLOSED, NOON)
    return steps[state]


def test_a_new_ticket_is_open_with_one_message():
    assert (NEW.state, NEW.messages, NEW.version) == (State.OPEN, 1, 1)


@pytest.mark.parametrize("state", [State.OPEN, State.PENDING, State.RESOLVED])
def test_a_customers_message_opens_the_ticket_and_an_agents_leaves_it_pending(state):
    before = in_state(state)

    for author, after in (("customer", State.OPEN), ("agent", State.PENDING)):
        changed = ticket.answered(before, author, LATER)
        assert (changed.state, changed.messages) == (after, before.messages + 1)
        assert (changed.updated_at, changed.version) == (LATER, before.version + 1)


@pytest.mark.parametrize("author", ["customer", "agent"])
def test_a_closed_ticket_takes_no_message(author):
    with pytest.raises(TicketClosed):
        ticket.answered(in_state(State.CLOSED), author, LATER)


@pytest.mark.case("V13")
def test_a_ticket_takes_200_messages_and_no_more():
    full = NEW
    for _ in range(199):
        full = ticket.answered(full, "customer", LATER)
    assert full.messages == 200
    with pytest.raises(TicketFull):
        ticket.answered(full, "agent", LATER)


@pytest.mark.case("I12")
@pytest.mark.parametrize("to", State)
@pytest.mark.parametrize("state", State)
def test_an_agent_moves_a_ticket_only_along_its_states(state, to):
    allowed = {("open", "resolved"), ("pending", "open"), ("pending", "resolved")}
    allowed |= {("resolved", "open"), ("resolved", "closed")}
    if (state, to) in allowed:
        assert ticket.moved(in_state(state), to, LATER).state is to
    else:
        with pytest.raises(TransitionNotAllowed) as refused:
            ticket.moved(in_state(state), to, LATER)
        assert set(refused.value.members["next_states"]) == {b for a, b in allowed if a == state}


@given(st.uuids(), st.uuids())
def test_a_number_is_short_and_belongs_to_its_id(one, other):
    number = ticket.number(str(one))

    assert number == ticket.number(str(UUID(str(one))))
    assert len(number) == len("T-4K7Q-9ZT2")
    assert set(number[2:]) <= set(ticket.NUMBER_LETTERS) | {"-"}
    assert (number == ticket.number(str(other))) == (one == other)
