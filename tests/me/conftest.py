"""What the tests of the customer's own page speak of: Ann, and what she asks of it."""

import pytest

from shop import Shop, product
from used import uses_everything


@pytest.fixture
def ann(cloud):
    return cloud.customer()


@pytest.fixture
def me(cloud, ann):
    """A request of Ann's about herself, under a new key each time."""
    asked = []

    def ask(method, body=None, path="", **more):
        asked.append(method)
        own = {"token": ann.token, "key": f"key-of-the-test-{len(asked)}"}
        return cloud.call(method, f"/v1/me{path}", body, **own | more)

    return ask


@pytest.fixture
def shop(cloud):
    return Shop(cloud)


@pytest.fixture
def problem():
    """Status and code of the problem that an answer is."""
    return lambda answer: (answer.status, answer.body["type"].removeprefix("urn:kabinet:problem:"))


@pytest.fixture
def wrong():
    """The fields that an answer says are wrong, each with its code."""

    def told(answer):
        assert answer.status == 422, answer.body
        return [(error["field"], error["code"]) for error in answer.body["errors"]]

    return told


@pytest.fixture
def rows_of(cloud):
    """The rows of auth's table whose sort keys begin so."""
    return lambda sk: [r for r in cloud.items("AuthTable") if r["sk"].startswith(sk)]


@pytest.fixture
def queued(cloud):
    """How many events of a kind lie in auth's outbox."""
    return lambda kind: sum(row.get("name") == kind.name for row in cloud.items("AuthTable"))


@pytest.fixture
def anna(shop):
    """A customer who has used everything there is."""
    shop.stock(product("TEA-1"), product("TEA-2", 50_000))
    return uses_everything(shop, "anna@example.com", "Anna Kim", "Linen", "Broken cup")
