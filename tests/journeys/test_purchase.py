"""The whole way through, on a deployed stack: real processes, queues, streams and schedules."""

import pytest

from local import journey


@pytest.fixture(scope="session")
def seen(running):
    return journey.walk(running, print)


@pytest.mark.feature(3, 6, 27, 30, 38, 56, 62, 67, 73, 91, 99)
def test_a_purchase_goes_from_registration_to_points_and_letters(seen):
    assert "Sencha" in seen["found"]["items"][0]["name"]
    assert seen["order"]["state"] == "placed"
    assert seen["loyalty"]["available"] > 0
    assert seen["second_order"]["totals"]["discount_minor"] > 0
    assert seen["ticket"]["messages"][-1]["author"] == "agent"


def test_what_happened_is_counted_once(seen):
    before, after = seen["before"]["totals"], seen["after"]["totals"]

    assert after["registrations"] - before["registrations"] == 1
    assert after["orders"] - before["orders"] == 2
    assert after["tickets"] - before["tickets"] == 1
    assert (
        after["revenue_minor"] - before["revenue_minor"] == seen["order"]["totals"]["total_minor"]
    )
