"""A log line or a metric that cannot be written fails nothing (CASES T10)."""

import builtins

import pytest

from common.events.orders import OrderPlaced
from common.logs import logger
from shop import CHECKOUT
from shop import Shop as Walk


class Broken:
    """A stream that takes nothing."""

    def __init__(self):
        self.refused = 0

    def write(self, _):
        self.refused += 1
        raise OSError("no space left")

    def flush(self):
        raise OSError("no space left")


@pytest.fixture
def broken(monkeypatch):
    """Where log lines and metrics go."""
    stream = Broken()
    for handler in logger._logger.handlers:
        monkeypatch.setattr(handler, "stream", stream, raising=False)
    monkeypatch.setattr(builtins, "print", lambda *_, **__: stream.write(""))
    return stream


@pytest.mark.case("T10")
def test_an_order_is_placed_where_nothing_can_be_logged(cloud, shop, broken):
    walk = Walk(cloud)
    ann = walk.customer()
    walk.fill_cart(ann)

    placed = walk.ask(ann, "POST", "/v1/checkout", CHECKOUT)
    cloud.drain()

    assert [told.order_id for told in cloud.published(OrderPlaced)] == [placed["id"]]
    assert broken.refused


@pytest.mark.case("T10")
def test_the_nights_work_is_done_where_nothing_can_be_counted(cloud, shop, broken):
    told = cloud.invoke("OrdersReconciliation", {"source": "aws.events"})

    assert told == {"compared": 0, "differences": 0}
    assert broken.refused
    broken.refused = 0
    cloud.tick()
    assert broken.refused
