"""Ids sort by time and derive from their cause."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from common import ids

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_a_new_id_is_a_version_7_uuid_of_its_moment():
    made = ids.new(NOON)

    assert (UUID(made).version, UUID(made).variant) == (7, "specified in RFC 4122")
    assert ids.made_at(made) == NOON
    assert ids.new(NOON) != made


def test_ids_sort_by_time():
    later = [ids.new(NOON + timedelta(milliseconds=n)) for n in range(50)]

    assert sorted(later) == later
    assert ids.first_at(NOON) <= later[0] < ids.first_at(NOON + timedelta(milliseconds=1))


def test_a_derived_id_is_the_same_at_every_delivery_and_differs_by_rule():
    cause = ids.new(NOON)

    assert ids.derived(cause, "letter") == ids.derived(cause, "letter")
    assert ids.derived(cause, "letter") != ids.derived(cause, "accrual")
    assert ids.made_at(ids.derived(cause, "letter")) == NOON
