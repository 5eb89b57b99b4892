"""Acts of staff: whoever of them asks for a change leaves a trace in the very transaction of it.

`access.staff` announces the act; the request's first commit carries it, and none does when nothing
is changed, refused, or repeated under an `Idempotency-Key`. auth keeps what was done.
"""

from aws_lambda_powertools.event_handler.api_gateway import BaseRouter

from common import clock, ids, outbox, table
from common.events.staff import StaffActed

PREFIX = "/v1/staff/"
READING = {"GET", "HEAD"}
# A path's first parts name the thing, what follows a part of it.
RESOURCE_PARTS = 2
LONGEST_PATH = 512


def announce(api: BaseRouter, staff_id: str, role: str) -> None:
    """Let the request's first commit tell who asked for it, unless it only reads."""
    asked = api.current_event
    if asked.http_method in READING:
        return
    now = clock.now()
    act = StaffActed(
        id=ids.new(now),
        occurred_at=now,
        staff_id=staff_id,
        role=role,
        verb=asked.http_method,
        path=asked.path[:LONGEST_PATH],
        resource=resource(asked.path),
        request_id=asked.raw_event["requestContext"]["requestId"],
    )
    table.ride(outbox.row(act))


def resource(path: str) -> str:
    """What the request is about: `products/TEA-1` of `/v1/staff/products/TEA-1/stock`."""
    parts = path[:LONGEST_PATH].removeprefix(PREFIX).split("/")
    return "/".join(parts[:RESOURCE_PARTS])
