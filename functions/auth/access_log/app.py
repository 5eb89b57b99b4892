"""The HTTP route of the access log."""

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AwareDatetime

from auth.access_log import store
from auth.access_log.store import Entry
from common import access, clock, cursors, pepper
from common import api as shell

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

NAME_LENGTH = 6


class AccessView(shell.View):
    """`staff` names one member of staff, the same one each time, by no name that others know."""

    role: str
    staff: str
    what: str
    resource_id: str
    at: AwareDatetime


class AccessLogView(shell.View):
    items: list[AccessView]
    next_cursor: str | None


@router.get("/v1/me/access-log")
def list_accesses(
    limit: shell.Limit = shell.PAGE_LIMIT, cursor: shell.Cursor = None
) -> AccessLogView:
    """List who of the staff saw what of yours in a year, newest first; what they look at again
    within an hour is here once."""
    caller = access.customer(router)
    start = cursors.unseal(caller.id, "access-log", cursor)
    entries, last = store.page(caller.id, clock.now(), limit, start)
    items = [_view(caller.id, entry) for entry in entries]
    return AccessLogView(items=items, next_cursor=cursors.seal(caller.id, "access-log", last))


def _view(customer_id: str, entry: Entry) -> AccessView:
    name = pepper.mac("staff-name", customer_id, entry.staff_id).hex()[:NAME_LENGTH]
    return AccessView(
        role=entry.role,
        staff=name.upper(),
        what=entry.what,
        resource_id=entry.resource_id,
        at=entry.at,
    )
