"""What happens to one customer's guide at once, in every order of the calls."""

from functools import partial

import pytest

from auth.guide import checklist
from common.events.auth import FirstSuccess
from scenarios.declared import sample


class TestTwoEventsOfOneOrder:
    @pytest.fixture
    def race(self, ann, at_once, deliver, rows_of):
        def check(_):
            assert rows_of("GUIDE")[0]["orders"] == 0
            assert [row["open"] for row in rows_of("MATTER#")] == [False]

        placed, delivered = (
            sample(f"orders.order_{state}.v1", customer_id=ann.id, subject_version=version)
            for version, state in enumerate(("placed", "delivered"), 1)
        )
        tasks = [deliver("AuthMeConsumer", event) for event in (placed, delivered)]
        return at_once(*tasks, check=check)

    @pytest.mark.case("E2")
    @pytest.mark.feature(24)
    def test_leave_it_counted_as_over(self, race):
        race.every()

    def test_miscount_when_the_order_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")


class TestTheLastStepIsDismissedWhileTheFirstOrderIsTold:
    @pytest.fixture
    def race(self, ann, me, at_once, deliver, queued):
        most = [step.name for step in checklist.STEPS if step.name != "birthday"]
        me("PATCH", {"dismiss": most}, "/checklist")
        dismiss = partial(me, "PATCH", {"dismiss": ["birthday"]}, "/checklist")
        order = sample("orders.order_placed.v1", customer_id=ann.id)

        def check(answers):
            assert answers[0].status == 200
            assert queued(FirstSuccess) == 1

        return at_once(dismiss, deliver("AuthMeConsumer", order), check=check)

    @pytest.mark.feature(20)
    def test_is_one_success(self, race):
        race.every()

    def test_is_none_or_two_when_the_guide_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")


class TestTheLastStepIsDismissedWhileItIsDone:
    @pytest.fixture
    def race(self, cloud, ann, me, at_once, deliver, queued):
        cloud.publish(sample("orders.order_placed.v1", customer_id=ann.id))
        most = [step.name for step in checklist.STEPS if step.name not in ("birthday", "name")]
        me("PATCH", {"dismiss": most}, "/checklist")
        changed = sample("auth.profile_changed.v1", customer_id=ann.id)
        heard = deliver("AuthMeConsumer", changed)

        def tell_name():
            me("PATCH", {"name": "Ann"})
            heard()

        def check(_):
            assert queued(FirstSuccess) == 1

        dismiss = partial(me, "PATCH", {"dismiss": ["birthday"]}, "/checklist")
        return at_once(dismiss, tell_name, check=check)

    @pytest.mark.feature(20)
    def test_is_one_success(self, race):
        race.every()

    def test_is_none_when_the_profile_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")
