"""Joining the staff: an invitation by letter, a password, and a second factor that works.

An account exists only once a code has shown that the authenticator is set up, so nobody is on the
staff without one.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime

from auth import store as accounts
from auth.account import Account, Factor, FactorKind
from auth.password import passwords
from auth.registration.registration import ContactTaken
from auth.sign_in import totp
from auth.sign_in.guesses import SECOND_FACTORS
from auth.sign_in.problems import WrongSecondFactor
from auth.staff import renewing, store, tokens
from auth.staff.invitation import Invitation, InvitationOver
from auth.staff.member import Member
from common import ids, limits, outbox, sealing
from common.events.staff import StaffJoined


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app is set up with: shown once."""

    secret: str
    provisioning_uri: str


def accept(invitation_id: str, token: str, password: str, shop: str, at: datetime) -> Enrolment:
    """Keep the password, and the secret of a new second factor, in place of an earlier one."""
    invited = _invited(invitation_id, token, at)
    passwords.require_unguessable("body.password", password, (shop, invited.email))
    secret = tokens.new_secret()
    store.accept(invited, passwords.hashed(password), sealing.seal(invited.id, secret))
    uri = totp.provisioning_uri(secret, invited.email, shop)
    return Enrolment(secret, uri)


def confirm(invitation_id: str, token: str, code: str, at: datetime) -> Member:
    """Make whoever was invited a member, once a *code* shows that their authenticator works; who
    is one already may sign in again."""
    invited = _invited(invitation_id, token, at)
    account = _account(invited, _step(invited, code, at), at)
    if not invited.renews:
        return _join(invited, account, at)
    member = renewing.complete(invited, account)
    if member is None:
        raise InvitationOver
    return member


def _join(invited: Invitation, account: Account, at: datetime) -> Member:
    member = Member(invited.id, invited.email, invited.role, at)
    event = StaffJoined(
        id=ids.new(at), occurred_at=at, staff_id=member.id, role=member.role.name.lower()
    )
    writes = *store.spent(invited), *store.joined(member), outbox.row(event)
    try:
        accounts.add_account(account, *writes)
    except accounts.LoginTaken as taken:
        raise ContactTaken from taken
    except accounts.Refused as used:
        raise InvitationOver from used
    return member


def _invited(invitation_id: str, token: str, at: datetime) -> Invitation:
    """The open invitation whose token *token* is, compared in constant time."""
    invited = store.invitation(invitation_id, at)
    given = tokens.hashed(invitation_id, token)
    if invited is None or not hmac.compare_digest(invited.token_hash, given):
        raise InvitationOver
    return invited


def _step(invited: Invitation, code: str, at: datetime) -> int:
    limits.take(SECOND_FACTORS, invited.id)
    secret = sealing.unseal(invited.id, invited.sealed) if invited.sealed else None
    step = totp.matching_step(secret, code, at) if secret else None
    if step is None:
        raise WrongSecondFactor
    return step


def _account(invited: Invitation, step: int, at: datetime) -> Account:
    return Account(
        id=invited.id,
        role=invited.role,
        logins=(invited.email,),
        password_hash=invited.password_hash,
        factors=(Factor(ids.new(at), FactorKind.TOTP, at, sealed=invited.sealed),),
        totp_step=step,
    )
