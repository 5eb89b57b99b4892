"""HTTP routes of the list of staff and of its trail."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import AwareDatetime

from auth.staff import changing, store, trail_store
from auth.staff.member import Member, RoleName
from common import access, clock, cursors, fields
from common import api as shell
from common.access import Role
from common.errors import Invalid, NotFound
from common.language import Text

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

fields.REASONS["one_filter"] = Text(
    ru="Выберите сотрудника или объект: что-то одно.", en="Choose a member or a thing: one of them."
)


class MemberView(shell.View):
    """`left_at` once they are no member any longer."""

    id: str
    email: str
    role: RoleName
    joined_at: AwareDatetime
    left_at: AwareDatetime | None
    version: int


class MembersView(shell.View):
    items: list[MemberView]
    next_cursor: str | None


class RoleBody(shell.Body):
    role: RoleName


class ActView(shell.View):
    """`resource` is the thing: the first parts of the path behind `/v1/staff/`."""

    id: str
    at: AwareDatetime
    staff_id: str
    role: str
    verb: str
    path: str
    resource: str
    request_id: str


class TrailView(shell.View):
    items: list[ActView]
    next_cursor: str | None


@router.get("/v1/staff/members")
def list_members(limit: shell.Limit = shell.PAGE_LIMIT, cursor: shell.Cursor = None) -> MembersView:
    """List the members of staff, and who was one."""
    caller = access.staff(router, Role.MANAGER)
    members, last = store.members(limit, cursors.unseal(caller.id, "members", cursor))
    next_cursor = cursors.seal(caller.id, "members", last)
    return MembersView(items=[member_view(one) for one in members], next_cursor=next_cursor)


@router.patch("/v1/staff/members/<member_id>", responses=shell.shown(MemberView))
def change_member(
    member_id: shell.Id, request: RoleBody, if_match: shell.IfMatch = None
) -> Response[Any]:
    """Give a member of staff another role; they sign in anew."""
    caller = access.staff(router, Role.OWNER)
    access.check_session(caller)
    member, role = found(member_id, if_match), Role[request.role.upper()]
    if member.role is not role:
        member = changing.promote(caller, member, role, clock.now())
    return shell.answer(member_view(member), headers={"ETag": shell.etag(member.version)})


@router.delete(
    "/v1/staff/members/<member_id>",
    responses={204: {"description": "They are no member of staff any longer"}},
)
def remove_member(member_id: shell.Id, if_match: shell.IfMatch = None) -> Response[Any]:
    """End somebody's membership: they are signed out everywhere, at once."""
    caller = access.staff(router, Role.OWNER)
    access.check_session(caller)
    changing.remove(caller, found(member_id, if_match), clock.now())
    return Response(HTTPStatus.NO_CONTENT)


@router.get("/v1/staff/audit")
def show_trail(
    staff_id: Annotated[str | None, Query(pattern=shell.UUID)] = None,
    resource: Annotated[str | None, Query(min_length=1, max_length=512)] = None,
    limit: shell.Limit = shell.PAGE_LIMIT,
    cursor: shell.Cursor = None,
) -> TrailView:
    """Show what staff changed in the last 400 days, newest first: all, by one, or on one thing."""
    caller = access.staff(router, Role.OWNER)
    if staff_id and resource:
        raise Invalid(errors=[{"field": "query.resource", "code": "one_filter"}])
    listing = f"trail#{staff_id}#{resource}"
    start = cursors.unseal(caller.id, listing, cursor)
    page = trail_store.page(staff_id, resource, limit, start, clock.now())
    seal = partial(cursors.seal, caller.id, listing)
    return TrailView(items=[_act(row) for row in page.items], next_cursor=seal(page.last))


def member_view(member: Member) -> MemberView:
    return MemberView(
        id=member.id,
        email=member.email,
        role=member.role.name.lower(),
        joined_at=member.joined_at,
        left_at=member.left_at,
        version=member.version,
    )


def found(member_id: str, if_match: str | None) -> Member:
    """The member, as the caller has seen them if they say so. NotFound, PreconditionFailed."""
    member = store.member(member_id)
    if member is None:
        raise NotFound
    shell.require_match(if_match, member.version)
    return member


def _act(row: dict[str, Any]) -> ActView:
    named = ("staff_id", "role", "verb", "path", "resource", "request_id")
    return ActView(id=row["sk"], at=row["occurred_at"], **{name: row[name] for name in named})
