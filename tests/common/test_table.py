"""Reads and guarded writes of a table."""

import pytest

from common import aws, table
from common.conditions import Attr
from common.errors import Busy

ROW = {"pk": "A", "sk": "1", "state": "open", "count": 2, "lines": {"X-1": {"quantity": 1}}}


@pytest.fixture(autouse=True)
def orders(cloud):
    with cloud.acting("OrdersApi"):
        yield


def test_what_is_written_is_read_back_with_whole_numbers():
    table.apply(table.put(ROW))

    assert table.get("A", "1") == ROW
    assert type(table.get("A", "1")["count"]) is int


def test_a_put_does_not_replace_what_stands_and_says_what_that_is():
    table.apply(table.put(ROW))

    with pytest.raises(table.ConditionFailed) as refused:
        table.apply(table.put(ROW | {"state": "new"}))

    assert refused.value.found == {0: ROW}


def test_an_update_reaches_into_maps_and_uses_reserved_words():
    table.apply(table.put(ROW))

    after = table.apply(
        table.update(
            "A",
            "1",
            assign={("lines", "X-2"): {"quantity": 5}, "state": "closed"},
            add={"count": -1},
            remove=[("lines", "X-1")],
            condition=Attr("count").gte(2),
        )
    )

    assert after == ROW | {"state": "closed", "count": 1, "lines": {"X-2": {"quantity": 5}}}


def test_an_update_does_not_create():
    with pytest.raises(table.ConditionFailed):
        table.apply(table.update("A", "1", assign={"state": "open"}))
    assert table.get("A", "1") is None


def test_a_commit_is_all_or_nothing_and_names_what_refused():
    table.apply(table.put(ROW))

    with pytest.raises(table.ConditionFailed) as refused:
        table.commit(
            table.put(ROW | {"sk": "2"}),
            table.update("A", "1", add={"count": -3}, condition=Attr("count").gte(3)),
            table.check("A", "9", table.PRESENT),
        )

    assert refused.value.found == {1: ROW, 2: None}
    assert table.get("A", "2") is None


def test_a_refused_commit_leaves_rows_as_they_were_before_its_updates():
    table.apply(table.put(ROW))

    with pytest.raises(table.ConditionFailed):
        table.commit(
            table.update("A", "1", assign={("lines", "X-1", "quantity"): 9}, add={"count": 1}),
            table.check("A", "9", table.PRESENT),
        )

    assert table.get("A", "1") == ROW


@pytest.mark.case("T9")
def test_a_query_goes_on_to_the_last_page():
    for n in range(5):
        table.apply(table.put({"pk": "A", "sk": f"{n}"}))

    page = table.query("A", limit=2)
    rest = table.query("A", start=page.last)

    assert [item["sk"] for item in page.items + rest.items] == list("01234")
    assert rest.last is None


@pytest.mark.case("T9")
def test_unprocessed_keys_are_asked_for_again(monkeypatch):
    table.apply(table.put(ROW))
    client = aws.dynamodb()
    genuine, partial = client.batch_get_item, []

    def batch_get_item(RequestItems):
        if not partial:
            partial.append(1)
            return {"Responses": {}, "UnprocessedKeys": RequestItems}
        return genuine(RequestItems=RequestItems)

    monkeypatch.setattr(client, "batch_get_item", batch_get_item)

    assert table.get_many(("TABLE_NAME", "A", "1"), ("TABLE_NAME", "A", "2")) == [ROW, None]


def test_of_no_keys_nothing_is_asked(monkeypatch):
    """DynamoDB refuses an empty question, which moto answers."""

    def batch_get_item(RequestItems):
        raise AssertionError(RequestItems)

    monkeypatch.setattr(aws.dynamodb(), "batch_get_item", batch_get_item)

    assert table.get_many() == []


@pytest.mark.case("T9")
def test_keys_that_stay_unprocessed_are_not_taken_for_missing(monkeypatch):
    def batch_get_item(RequestItems):
        return {"Responses": {}, "UnprocessedKeys": RequestItems}

    monkeypatch.setattr(aws.dynamodb(), "batch_get_item", batch_get_item)
    monkeypatch.setattr(table, "_pause", lambda: None)

    with pytest.raises(Busy):
        table.get_many(("TABLE_NAME", "A", "1"))


@pytest.mark.case("T5")
def test_a_conflict_is_tried_again_and_then_is_busy(monkeypatch):
    client, tries = aws.dynamodb(), []

    def transact_write_items(TransactItems):
        tries.append(TransactItems)
        raise client.exceptions.TransactionCanceledException(
            {"Error": {"Code": "x"}, "CancellationReasons": [{"Code": "TransactionConflict"}]},
            "TransactWriteItems",
        )

    monkeypatch.setattr(client, "transact_write_items", transact_write_items)
    monkeypatch.setattr(table, "_pause", lambda: None)

    with pytest.raises(Busy):
        table.commit(table.put(ROW))
    assert len(tries) == table.CONFLICT_ATTEMPTS


def test_floats_never_reach_the_table():
    with pytest.raises(TypeError):
        table.put(ROW | {"count": 1.5})
