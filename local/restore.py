"""Rows of a restored copy put back into the table of a stack, which stays the stack's own.

Only rows that are missing come back, unless all are asked for; nothing is deleted. What lives a
short while (events to be sent, timers, limits, sessions, challenges) stays as it is.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3

from local import aws, stack
from local.console import plain, say

SHORT_LIVED = ("OUTBOX#", "TIMER#", "LIMIT#", "CHALLENGE#", "SESSION#", "REVOKED", "CLOCK")


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
    missing = {} if wish.overwrite else {"ConditionExpression": "attribute_not_exists(pk)"}
    try:
        dynamodb.put_item(TableName=wish.table, Item=row, **missing)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def clients(stack_name: str) -> tuple[Any, Any, str]:
    """CloudFormation, DynamoDB and the stack: on AWS, or here when no stack is named."""
    if stack_name:
        return boto3.client("cloudformation"), boto3.client("dynamodb"), stack_name
    running = stack.current()
    endpoint = running["endpoint_url"]
    return (
        aws.client("cloudformation", endpoint),
        aws.client("dynamodb", endpoint),
        running["stack_name"],
    )


def main() -> None:
    asked = argparse.ArgumentParser(prog="make restore")
    asked.add_argument("--table", required=True, help="as template.yaml names it: OrdersTable")
    asked.add_argument("--copy", required=True, help="the table that was restored beside it")
    asked.add_argument("--prefix", default="", help="only rows whose pk begins so")
    asked.add_argument("--overwrite", action="store_true", help="rows that are there, too")
    asked.add_argument("--stack", default="")
    told = asked.parse_args()
    cloudformation, dynamodb, name = clients(told.stack)
    found = cloudformation.describe_stack_resource(StackName=name, LogicalResourceId=told.table)
    table = found["StackResourceDetail"]["PhysicalResourceId"]
    restored, kept = put_back(dynamodb, Wish(told.copy, table, told.prefix, told.overwrite))
    say(f"{told.table}: {restored} rows put back, {kept} were there")


if __name__ == "__main__":
    with plain():
        main()
