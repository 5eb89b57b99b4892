"""Calls at once, in every order of theirs: one takes effect, the other is told."""

from functools import partial

import pytest

KEYS = "the-first-key", "the-second-key"


class TestOneKeyTwice:
    @pytest.fixture
    def race(self, at_once, cloud, ann, ask):
        def check(answers):
            assert [answer.status for answer in answers] == [201, 201]
            assert answers[0].body == answers[1].body
            assert len([row for row in cloud.items("SupportTable") if row["sk"] == "TICKET"]) == 1

        return at_once(*[partial(ask, ann, KEYS[0])] * 2, check=check)

    @pytest.mark.case("I2", "I6")
    def test_is_one_ticket_and_one_answer(self, race):
        race.every()

    def test_is_two_tickets_when_the_key_is_looked_at_first(self, race):
        race.catches("IDEMPOTENCY#")


class TestTwoWhoChangeOneTicket:
    @pytest.fixture
    def race(self, at_once, cloud, ann, agent, post, ticket):
        """The customer writes while an agent does: who is slower repeats the call."""
        replying = partial(post, f"/v1/tickets/{ticket}/messages", {"text": "Well?"}, ann)
        path = f"/v1/staff/tickets/{ticket}/messages"
        answering = partial(post, path, {"text": "Soon."}, agent)

        def check(answers):
            statuses = sorted(answer.status for answer in answers)
            assert statuses in ([201, 201], [201, 503])
            kept = [row["sk"] for row in cloud.items("SupportTable")]
            messages = sum(sk.startswith("MESSAGE#") for sk in kept)
            assert messages == 1 + statuses.count(201)
            [row] = [row for row in cloud.items("SupportTable") if row["sk"] == "TICKET"]
            assert row["messages"] == messages

        tasks = partial(replying, key=KEYS[0]), partial(answering, key=KEYS[1])
        return at_once(*tasks, check=check)

    @pytest.mark.case("I6")
    def test_do_not_undo_each_other(self, race):
        race.every()

    def test_undo_each_other_when_its_version_is_looked_at_first(self, race):
        race.catches("TICKET")
