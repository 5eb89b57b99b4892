"""HTTP routes of invitations to the staff."""

import json
import os
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AwareDatetime, Field

from auth.challenge.codes import Code
from auth.password.passwords import NewPassword
from auth.staff import joining, renewing, store, tokens
from auth.staff.app import MemberView, found, member_view
from auth.staff.invitation import VALID_FOR, Invitation, may_invite
from auth.staff.member import Member, RoleName
from common import access, clock, cursors, idempotency, ids, limits, networks, outbox, sealing
from common import api as shell
from common.access import Caller, Role
from common.emails import Email
from common.errors import Forbidden
from common.events.staff import StaffInvited
from common.language import Language

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

# Of one address of the network.
ACCEPTED = limits.Limit("staff-invitations", 30, 60 * 60)

Token = Annotated[str, Field(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]


class InvitationBody(shell.Body):
    email: Email
    role: RoleName
    language: Language | None = None


class RenewalBody(shell.Body):
    language: Language | None = None


class InvitationView(shell.View):
    """One that `renews` is a member's, who sets password and second factor anew."""

    id: str
    email: str
    role: RoleName
    invited_by: str
    expires_at: AwareDatetime
    renews: bool


class InvitationsView(shell.View):
    items: list[InvitationView]
    next_cursor: str | None


class AcceptRequest(shell.Body):
    token: Token
    password: NewPassword


class EnrolmentView(shell.View):
    """Shown once: an authenticator app is set up with it."""

    totp_secret: str
    provisioning_uri: str


class ConfirmRequest(shell.Body):
    token: Token
    totp_code: Code


@router.post("/v1/staff/invitations", responses=shell.shown(InvitationView, HTTPStatus.CREATED))
def invite(request: InvitationBody, key: idempotency.Key) -> Response[Any]:
    """Invite somebody to the staff by a letter, whose link works for 72 hours.

    A manager invites agents, an owner whomever they like.
    """
    caller = access.staff(router, Role.MANAGER)
    if not may_invite(caller.role, Role[request.role.upper()]):
        raise Forbidden
    call = idempotency.attempt(f"STAFF#{caller.id}", "invitations", key, request)
    spoken = shell.language(router)
    return idempotency.once(call, spoken, partial(_invite, call, caller, request, spoken))


@router.post(
    "/v1/staff/members/<member_id>/renewals",
    responses=shell.shown(InvitationView, HTTPStatus.CREATED),
)
def renew(member_id: shell.Id, request: RenewalBody, key: idempotency.Key) -> Response[Any]:
    """Let a member who lost password or second factor set both anew, by a letter whose link works
    for 72 hours. What they had signs nobody in from now on, and they are signed out everywhere.

    Nobody does it to themselves: who is signed in changes either by a step-up.
    """
    caller = access.staff(router, Role.OWNER)
    access.check_session(caller)
    if member_id == caller.id:
        raise Forbidden
    call = idempotency.attempt(f"STAFF#{caller.id}", f"renewals/{member_id}", key, request)
    spoken = shell.language(router)
    effect = partial(_renew, call, caller, member_id, request.language or spoken)
    return idempotency.once(call, spoken, effect)


@router.get("/v1/staff/invitations")
def list_invitations(
    limit: shell.Limit = shell.PAGE_LIMIT, cursor: shell.Cursor = None
) -> InvitationsView:
    """List the invitations that are open."""
    caller = access.staff(router, Role.MANAGER)
    found, last = store.invitations(limit, cursors.unseal(caller.id, "invitations", cursor))
    items = [_view(one) for one in found if one.is_open(clock.now())]
    next_cursor = cursors.seal(caller.id, "invitations", last)
    return InvitationsView(items=items, next_cursor=next_cursor)


@router.delete(
    "/v1/staff/invitations/<invitation_id>",
    responses={204: {"description": "The invitation does not work any longer"}},
)
def withdraw(invitation_id: shell.Id) -> Response[Any]:
    """Withdraw an invitation, if it is open; its link ends. A manager withdraws agents' only."""
    caller = access.staff(router, Role.MANAGER)
    found = store.invitation(invitation_id, clock.now())
    if found and not may_invite(caller.role, found.role):
        raise Forbidden
    store.withdraw(invitation_id)
    return Response(HTTPStatus.NO_CONTENT)


@router.post("/v1/auth/invitations/<invitation_id>/accept")
def accept(invitation_id: shell.Id, request: AcceptRequest) -> EnrolmentView:
    """Accept an invitation by the token of its letter and choose a password.

    The answer sets up the second factor; the account exists once a code has confirmed it.
    """
    networks.take(router, ACCEPTED)
    shop, now = os.environ["SHOP_NAME"], clock.now()
    made = joining.accept(invitation_id, request.token, request.password, shop, now)
    return EnrolmentView(totp_secret=made.secret, provisioning_uri=made.provisioning_uri)


@router.post(
    "/v1/auth/invitations/<invitation_id>/confirm",
    responses=shell.shown(MemberView, HTTPStatus.CREATED),
)
def confirm(invitation_id: shell.Id, request: ConfirmRequest) -> Response[Any]:
    """Show a code of the second factor: the account exists, and signs in as staff do."""
    networks.take(router, ACCEPTED)
    member = joining.confirm(invitation_id, request.token, request.totp_code, clock.now())
    return shell.answer(member_view(member), HTTPStatus.CREATED)


def _invite(
    call: idempotency.Attempt, caller: Caller, request: InvitationBody, spoken: Language
) -> tuple[HTTPStatus, InvitationView]:
    new = Member(ids.new(clock.now()), request.email, Role[request.role.upper()], clock.now())
    wanted, letter = _wanted(caller, new, request.language or spoken)
    store.invite(call, _view(wanted), wanted, outbox.row(letter))
    return HTTPStatus.CREATED, _view(wanted)


def _renew(
    call: idempotency.Attempt, caller: Caller, member_id: str, language: Language
) -> tuple[HTTPStatus, InvitationView]:
    call.require_new()
    known = found(member_id, None)
    wanted, letter = _wanted(caller, known, language, renews=True)
    answered = call.record(HTTPStatus.CREATED, _view(wanted).model_dump_json())
    writes = store.addition(wanted), outbox.row(letter), answered
    renewing.begin(caller, known, call, clock.now(), *writes)
    return HTTPStatus.CREATED, _view(wanted)


def _wanted(
    caller: Caller, known: Member, language: Language, *, renews: bool = False
) -> tuple[Invitation, StaffInvited]:
    """The invitation of somebody who is, or shall be, *known*; and the letter that brings it."""
    token = tokens.new()
    wanted = Invitation(
        id=known.id,
        email=known.email,
        role=known.role,
        invited_by=caller.id,
        expires_at=clock.now() + VALID_FOR,
        token_hash=tokens.hashed(known.id, token),
        renews=renews,
    )
    return wanted, _letter(wanted, token, language)


def _letter(wanted: Invitation, token: str, language: Language) -> StaffInvited:
    now = clock.now()
    return StaffInvited(
        id=ids.new(now),
        occurred_at=now,
        invitation_id=wanted.id,
        role=wanted.role.name.lower(),
        language=language.value,
        renews=wanted.renews,
        letter=sealing.seal(wanted.id, json.dumps({"to": wanted.email, "token": token})),
    )


def _view(wanted: Invitation) -> InvitationView:
    return InvitationView(
        id=wanted.id,
        email=wanted.email,
        role=wanted.role.name.lower(),
        invited_by=wanted.invited_by,
        expires_at=wanted.expires_at,
        renews=wanted.renews,
    )
