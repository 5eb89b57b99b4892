"""What support's tests speak of: ann asks, bob is somebody else, an agent answers."""

import itertools

import pytest

from common import clock, ids
from common.events.orders import OrderPlaced

KEYS = (f"support-key-{n:04}" for n in itertools.count())


@pytest.fixture
def ann(cloud):
    return cloud.customer()


@pytest.fixture
def bob(cloud):
    return cloud.customer()


@pytest.fixture
def agent(cloud):
    return cloud.staff("agent")


@pytest.fixture
def order(cloud):
    """An order that support knows of; its id."""

    def placed(customer):
        at = clock.now()
        event = OrderPlaced(
            id=ids.new(at),
            occurred_at=at,
            customer_id=customer.id,
            order_id=ids.new(at),
            number="K-1",
            total_minor=100_000,
            currency="RUB",
            points_spent=0,
            lines=(),
        )
        cloud.publish(event)
        return event.order_id

    return placed


@pytest.fixture
def post(cloud):
    """POST with a key of its own unless one is given."""

    def call(path, body, person, **options):
        return cloud.call("POST", path, body, token=person.token, **{"key": next(KEYS)} | options)

    return call


@pytest.fixture
def ask(post):
    """Open a ticket."""

    def call(person, key=None, **fields):
        body = {"subject": "Where is it?", "text": "I wait and wait.", "category": "delivery"}
        return post("/v1/tickets", body | fields, person, **{"key": key} if key else {})

    return call


@pytest.fixture
def ticket(ann, ask):
    """The id of a ticket of ann's."""
    return ask(ann).body["id"]
