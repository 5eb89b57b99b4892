"""Rows of a restored copy put back into the table of a stack, which stays the stack's own.

Only rows that are missing come back, unless all are asked for; nothing is deleted. What lives a
short while (events to be sent, timers, limits, sessions, challenges) stays as it is, and so do the
proofs of erasures. Whoever was erased since the copy was made is erased again at once.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
from typing import Any

import boto3

from common import ids
from common.events.erasure import CustomerErased
from local import aws, stack
from local.console import Trouble, plain, say

SHORT_LIVED = ("OUTBOX#", "TIMER#", "LIMIT#", "CHALLENGE#", "SESSION#", "REVOKED", "CLOCK")
PROOFS = ("ERASURE#", "ERASED")
ERASED = "ERASED"  # auth's list of everybody erased (auth.erasure.store)
ENTRIES_A_CALL = 10


@dataclass(frozen=True)
class Wish:
    """Which rows of the table *copy* go back into *table*: those whose pk begins with *prefix*."""

    copy: str
    table: str
    prefix: str = ""
    overwrite: bool = False


def put_back(dynamodb: Any, wish: Wish) -> tuple[int, int]:
    """How many rows were put back, and how many were there already."""
    restored = kept = 0
    for row in rows(dynamodb, wish):
        if put(dynamodb, wish, row):
            restored += 1
        else:
            kept += 1
    return restored, kept


def rows(dynamodb: Any, wish: Wish) -> Iterator[dict[str, Any]]:
    """Every row that the wish is about. A copy is read whole: it has no other reader."""
    asked: dict[str, Any] = {"TableName": wish.copy}
    if wish.prefix:
        asked |= {
            "FilterExpression": "begins_with(pk, :prefix)",
            "ExpressionAttributeValues": {":prefix": {"S": wish.prefix}},
        }
    for page in dynamodb.get_paginator("scan").paginate(**asked):
        yield from (row for row in page["Items"] if not is_short_lived(row))


def is_short_lived(row: dict[str, Any]) -> bool:
    return str(row["pk"]["S"]).startswith(SHORT_LIVED)


def put(dynamodb: Any, wish: Wish, row: dict[str, Any]) -> bool:
    """Whether the row was written: false where one lies already and shall stay."""
    stays = not wish.overwrite or str(row["pk"]["S"]).startswith(PROOFS)
    missing = {"ConditionExpression": "attribute_not_exists(pk)"} if stays else {}
    try:
        dynamodb.put_item(TableName=wish.table, Item=row, **missing)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def erase_again(dynamodb: Any, events: Any, auth_table: str, bus: str) -> int:
    """Have everybody who was erased erased again by every capability; how many they are. Nobody
    hears of it twice."""
    erased = list(everybody_erased(dynamodb, auth_table))
    for some in batched(erased, ENTRIES_A_CALL, strict=False):
        answer = events.put_events(Entries=[entry(row, bus) for row in some])
        if answer["FailedEntryCount"]:
            raise Trouble("the bus did not take all erasures: run the same command again")
    return len(erased)


def everybody_erased(dynamodb: Any, auth_table: str) -> Iterator[dict[str, Any]]:
    pages = dynamodb.get_paginator("query").paginate(
        TableName=auth_table,
        KeyConditionExpression="pk = :erased",
        ExpressionAttributeValues={":erased": {"S": ERASED}},
    )
    for page in pages:
        yield from page["Items"]


def entry(row: dict[str, Any], bus: str) -> dict[str, Any]:
    at = datetime.now(UTC)
    event = CustomerErased(
        id=ids.new(at),
        occurred_at=at,
        customer_id=row["sk"]["S"],
        erasure_id=row["erasure_id"]["S"],
    )
    return {
        "EventBusName": bus,
        "Source": "auth",
        "DetailType": event.name,
        "Detail": event.model_dump_json(),
    }


def clients(stack_name: str) -> tuple[Any, Any, Any, str]:
    """CloudFormation, DynamoDB, EventBridge and the stack: on AWS, or here when none is named."""
    names: tuple[Any, ...] = ("cloudformation", "dynamodb", "events")
    if stack_name:
        cloudformation, dynamodb, events = (boto3.client(name) for name in names)
        return cloudformation, dynamodb, events, stack_name
    running = stack.current()
    cloudformation, dynamodb, events = (aws.client(name, running["endpoint_url"]) for name in names)
    return cloudformation, dynamodb, events, running["stack_name"]


def main() -> None:
    asked = argparse.ArgumentParser(prog="make restore")
    asked.add_argument("--table", required=True, help="as template.yaml names it: OrdersTable")
    asked.add_argument("--copy", required=True, help="the table that was restored beside it")
    asked.add_argument("--prefix", default="", help="only rows whose pk begins so")
    asked.add_argument("--overwrite", action="store_true", help="rows that are there, too")
    asked.add_argument("--stack", default="")
    told = asked.parse_args()
    cloudformation, dynamodb, events, name = clients(told.stack)

    def physical(resource: str) -> str:
        found = cloudformation.describe_stack_resource(StackName=name, LogicalResourceId=resource)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    wish = Wish(told.copy, physical(told.table), told.prefix, told.overwrite)
    restored, kept = put_back(dynamodb, wish)
    say(f"{told.table}: {restored} rows put back, {kept} were there")
    erased = erase_again(dynamodb, events, physical("AuthTable"), physical("Bus"))
    say(f"{erased} customers were erased before: what came back of them is erased again")


if __name__ == "__main__":
    with plain():
        main()
