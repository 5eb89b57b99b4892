"""Two who want the next number at once, in every order of their calls: each gets one, and no
number is left out or given twice."""

import pytest

from common.events.orders import DocumentIssued, OrderPlaced

CONSUMER = "OrdersDocumentsConsumer"


@pytest.fixture(autouse=True)
def _undrawn(monkeypatch):
    """What a document looks like is none of a race's business, and takes the most time."""
    monkeypatch.setattr("orders.documents.pdf.drawn", lambda document: b"")


def numbers(shop):
    """The ordinals that were given out, and the last that the counter knows."""
    rows = shop.cloud.items("OrdersTable")
    given = sorted(row["ordinal"] for row in rows if row["sk"] == "DOCUMENT")
    return given, [row["last"] for row in rows if row["pk"].startswith("SERIES#")]


class TestTwoOrdersThatWantTheNextNumber:
    @pytest.fixture
    def race(self, at_once, deliver, shop, ann, bob):
        for person in (ann, bob):
            shop.order(person)

        def check(answers):
            assert numbers(shop) == ([1, 2], [2])
            assert len(shop.queued(DocumentIssued)) == 2

        placed = shop.queued(OrderPlaced)
        return at_once(*(deliver(CONSUMER, event) for event in placed), check=check)

    @pytest.mark.feature(36)
    def test_get_one_each(self, race):
        race.sample(10)

    def test_get_the_same_when_the_counter_is_looked_at_first(self, race):
        race.catches("SERIES#")


class TestAnOrderThatIsToldOfTwiceAtOnce:
    @pytest.fixture
    def race(self, at_once, deliver, shop, ann):
        shop.order(ann)

        def check(answers):
            assert numbers(shop) == ([1], [1])
            assert len(shop.queued(DocumentIssued)) == 1

        [placed] = shop.queued(OrderPlaced)
        return at_once(*[deliver(CONSUMER, placed) for _ in range(2)], check=check)

    @pytest.mark.feature(36)
    def test_has_one_invoice(self, race):
        race.sample(10)
