"""Deliveries at once, in every order of their calls, are one letter."""

import pytest


class TestAnEventTwice:
    @pytest.fixture
    def race(self, at_once, cloud, deliver, event, known):
        """While one sends, the other waits: its message comes again later."""
        order = event("orders.order_placed.v1", customer_id=known().id)

        def check(answers):
            waiting = [len(answer["batchItemFailures"]) for answer in answers]
            assert waiting in ([0, 0], [0, 1], [1, 0])
            assert len(cloud.letters) == 1
            [row] = [r for r in cloud.items("NotifyTable") if r["sk"].startswith("MESSAGE#")]
            assert row["state"] == "sent"

        return at_once(*[deliver("NotifyConsumer", order)] * 2, check=check)

    @pytest.mark.case("E1")
    def test_is_one_letter(self, race):
        race.every()

    def test_is_two_letters_when_the_claim_is_looked_at_first(self, race):
        race.catches("MESSAGE#")
