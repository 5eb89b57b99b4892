"""A passkey as a proof: for a step-up, or as the second one of a sign-in.

Both ask more than the first proof did, so the device must make sure of its user.
"""

from datetime import datetime

from auth import owner, store
from auth.account import Account
from auth.challenge import store as challenges
from auth.challenge.challenge import Challenge, ChallengeOver, Purpose
from auth.factors.offers import PASSKEY
from auth.passkeys import ceremony
from auth.passkeys.ceremony import Json, Unproven
from auth.passkeys.signing_in import METHOD
from auth.passkeys.site import Site
from auth.session.session import Session
from auth.sign_in import second_step
from auth.sign_in.entrance import Entry
from auth.sign_in.problems import Overtaken, WrongSecondFactor
from auth.step_up import proving
from auth.step_up.proving import Spent
from auth.step_up.step_up import WrongProof, offered
from common.access import Caller, Role


def step_up(caller: Caller, challenge_id: str, at: datetime) -> tuple[Challenge, Account]:
    """The step-up that a passkey of the account answered too may prove. ChallengeOver,
    ProofNotOffered."""
    account = owner.own(caller)
    begun = _open(challenge_id, Purpose.STEP_UP, caller.session_id, at)
    offered(account, PASSKEY)
    return begun, account


def prove(caller: Caller, challenge_id: str, credential: Json, site: Site, at: datetime) -> None:
    """As `step_up.proving.prove`, by a passkey."""

    def shown(begun: Challenge, account: Account) -> Spent:
        offered(account, PASSKEY)
        try:
            proven = ceremony.shown(site, begun, account, credential, verified=True)
        except Unproven as wrong:
            raise WrongProof(attempts_left=begun.attempts_left) from wrong
        return Spent(passkey=proven.use)

    proving.prove_by(caller, challenge_id, shown, at)


def awaiting(step_id: str, at: datetime) -> tuple[Challenge, Account]:
    """The second step that a passkey of the account answered too may end. ChallengeOver,
    Overtaken; WrongSecondFactor where it asks for none."""
    step = _open(step_id, Purpose.SECOND_STEP, None, at)
    second_step.require_offer(step, PASSKEY)
    account = store.account(str(step.subject_id), Role[step.about["role"]])
    if account is None or not account.passkeys:
        raise Overtaken
    return step, account


def confirm(step_id: str, credential: Json, site: Site, at: datetime) -> Session:
    """As `second_step.confirm`, by a passkey."""

    def completed(step: Challenge, account: Account) -> Entry:
        second_step.require_offer(step, PASSKEY)
        try:
            proven = ceremony.shown(site, step, account, credential, verified=True)
        except Unproven as wrong:
            raise WrongSecondFactor from wrong
        return second_step.first_proof(step).with_second(METHOD, passkey=proven.use)

    return second_step.complete(step_id, completed, at)


def _open(id_: str, purpose: Purpose, session_id: str | None, at: datetime) -> Challenge:
    found = challenges.find_open(id_, purpose, at, session_id)
    if found is None:
        raise ChallengeOver
    return found
