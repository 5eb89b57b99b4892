"""Rows of a restored copy come back, and what is newer stays."""

import boto3
import pytest

from local import restore
from local.restore import Wish

KEYS = [
    {"AttributeName": "pk", "KeyType": "HASH"},
    {"AttributeName": "sk", "KeyType": "RANGE"},
]


@pytest.fixture
def dynamodb(cloud):
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="copy",
        KeySchema=KEYS,
        AttributeDefinitions=[
            {"AttributeName": key["AttributeName"], "AttributeType": "S"} for key in KEYS
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    yield client
    client.delete_table(TableName="copy")


@pytest.fixture
def live(cloud):
    return cloud.wiring.physical["OrdersTable"]["Ref"]


def lay(dynamodb, table, *rows):
    for pk, value in rows:
        item = {"pk": {"S": pk}, "sk": {"S": "-"}, "value": {"S": value}}
        dynamodb.put_item(TableName=table, Item=item)


def found(dynamodb, table):
    rows = dynamodb.scan(TableName=table)["Items"]
    return {row["pk"]["S"]: row["value"]["S"] for row in rows}


def test_only_missing_rows_come_back(dynamodb, live):
    lay(dynamodb, "copy", ("ORDER#1", "then"), ("ORDER#2", "then"))
    lay(dynamodb, live, ("ORDER#2", "now"), ("ORDER#3", "now"))

    assert restore.put_back(dynamodb, Wish("copy", live)) == (1, 1)

    assert found(dynamodb, live) == {"ORDER#1": "then", "ORDER#2": "now", "ORDER#3": "now"}


def test_rows_that_are_there_change_only_when_asked(dynamodb, live):
    lay(dynamodb, "copy", ("ORDER#1", "then"))
    lay(dynamodb, live, ("ORDER#1", "now"))

    assert restore.put_back(dynamodb, Wish("copy", live, overwrite=True)) == (1, 0)

    assert found(dynamodb, live) == {"ORDER#1": "then"}


def test_some_rows_can_be_chosen(dynamodb, live):
    lay(dynamodb, "copy", ("ORDER#1", "then"), ("CART#1", "then"))

    restore.put_back(dynamodb, Wish("copy", live, prefix="CART#"))

    assert found(dynamodb, live) == {"CART#1": "then"}


@pytest.mark.parametrize("pk", ["OUTBOX#3", "TIMER#3", "LIMIT#x", "SESSION#1", "REVOKED"])
def test_what_lives_a_short_while_does_not_come_back(dynamodb, live, pk):
    lay(dynamodb, "copy", (pk, "then"))

    assert restore.put_back(dynamodb, Wish("copy", live)) == (0, 0)

    assert found(dynamodb, live) == {}
