"""The walk through the shop comes to its last letter at whatever hour it is made."""

from datetime import UTC, datetime

import pytest

from local import journey


@pytest.mark.parametrize("hour", range(24))
def test_the_clock_goes_on_to_an_hour_in_which_marketing_is_sent(hour):
    now = datetime(2026, 11, 23, hour, 58, tzinfo=UTC)

    by = journey.until_awake(now)

    assert by >= journey.ABANDONED_AFTER
    assert 9 <= (now + by).astimezone(journey.MOSCOW).hour < 21
