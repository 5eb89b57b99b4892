"""The local stack's time: moved ahead, with everything that falls due done at once."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from local import aws, deployment, template
from local.console import Trouble, plain, say

if TYPE_CHECKING:
    from local.stack import Stack

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
ROW = {"pk": {"S": "CLOCK"}, "sk": {"S": "CLOCK"}}
KEYLESS = ("LedgerTable",)  # postings carry the time their writer gives them
USAGE = "Say how far: make clock ADVANCE=90m (s m h d w, also 1d12h), or make clock RESET=1"


def advance(running: Stack, by: timedelta) -> timedelta:
    """Move the shop's clock ahead and run every schedule once; the new offset."""
    offset = read(running) + by
    write(running, offset)
    fire_schedules(running, offset)
    return offset


def reset(running: Stack) -> None:
    """Put the shop's clock back to the machine's."""
    write(running, timedelta())


def shop_time(running: Stack) -> datetime:
    """The moment that the shop's clock shows."""
    return datetime.now(UTC) + read(running)


def read(running: Stack) -> timedelta:
    row = tables(running)[0]
    item = dynamodb(running).get_item(TableName=row, Key=ROW).get("Item")
    return timedelta(seconds=int(item["offset_seconds"]["N"]) if item else 0)


def write(running: Stack, offset: timedelta) -> None:
    item = ROW | {"offset_seconds": {"N": str(int(offset.total_seconds()))}}
    for table in tables(running):
        dynamodb(running).put_item(TableName=table, Item=item)


def dynamodb(running: Stack) -> Any:
    return aws.client("dynamodb", running["endpoint_url"])


def tables(running: Stack) -> list[str]:
    """The tables whose capabilities read the clock from them."""
    physical = deployment.find(running["endpoint_url"]).resources
    return [
        physical[name]
        for name, properties in template.tables(template.read())
        if name not in KEYLESS and keys(properties) == ["pk", "sk"]
    ]


def keys(table: dict[str, Any]) -> list[str]:
    return [key["AttributeName"] for key in table["KeySchema"]]


def fire_schedules(running: Stack, offset: timedelta) -> None:
    event = {
        "source": "aws.events",
        "detail-type": "Scheduled Event",
        "detail": {},
        "time": f"{datetime.now(UTC) + offset:%Y-%m-%dT%H:%M:%SZ}",
    }
    for function in template.scheduled(template.read()):
        deployment.invoke(running["endpoint_url"], function, event)


def duration(text: str) -> timedelta:
    """`90m`, `2h`, `1d12h` as a timedelta; raises Trouble for anything else."""
    parts = re.findall(r"(\d+)([smhdw])", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise Trouble(USAGE)
    return sum((timedelta(**{UNITS[u]: int(n)}) for n, u in parts), timedelta())


def main(wish: str) -> None:
    from local import stack  # only here: the stack serves the page that moves this clock

    if wish == "reset":
        reset(stack.current())
        say("the clock shows the machine's time again")
        return
    by = duration(wish)
    offset = advance(stack.current(), by)
    say(f"the clock is {offset} ahead: {datetime.now(UTC) + offset:%Y-%m-%d %H:%M} UTC")


if __name__ == "__main__":
    with plain():
        main(sys.argv[1])
