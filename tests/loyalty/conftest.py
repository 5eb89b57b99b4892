"""What loyalty's tests speak of: a customer whose orders arrive."""

from datetime import UTC, datetime

import pytest

from common import clock, ids
from common.events.orders import OrderDelivered


@pytest.fixture
def ann(cloud):
    return cloud.customer()


@pytest.fixture
def delivered(ann):
    """An order of ann's, delivered: by default now, for 2,000 roubles."""

    def event(total_minor=200_000, at=None, **fields):
        at = at or clock.now()
        made = {"order_id": ids.new(at), "number": "K-1", "currency": "RUB"}
        made |= {"id": ids.new(at), "occurred_at": at, "customer_id": ann.id}
        return OrderDelivered(**made | {"total_minor": total_minor} | fields)

    return event


@pytest.fixture
def noon():
    return datetime(2026, 3, 1, 12, tzinfo=UTC)
