"""Accounts and sessions in DynamoDB.

pk                        sk         what
CUSTOMER#<id>, STAFF#<id> ACCOUNT    the truth: logins, what proves them, live sessions
LOGIN#, IDENTITY#, PASSKEY#          the claims: see auth.claim_store
SESSION#<id>              SESSION    a session: its newest generation; live without `ended_at`
REVOKED                   <at>#<id>  a session that ended, kept for a token's lifetime

An account and its claims change together or not at all, guarded by the account's version: so
whoever acts on what they read is refused once it is another. SESSION# and REVOKED are what
common.access reads in every function.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from auth import claim_store, rows
from auth.account import Account
from auth.claim_store import Claim
from auth.claim_store import IdentityTaken as IdentityTaken
from auth.claim_store import LoginTaken as LoginTaken
from auth.claim_store import PasskeyTaken as PasskeyTaken
from auth.session.session import Session
from common import access, outbox, table
from common.access import Role
from common.conditions import Attr
from common.errors import Busy
from common.events import Event
from common.expressions import Item
from common.table import Write as Write

MOST_TRIES = 4


class Changed(Exception):
    """Nothing was written: the account is another by now, as *found*, or gone."""

    def __init__(self, found: Account | None) -> None:
        super().__init__()
        self.found = found


class Refused(Exception):
    """Nothing was written: one of the writes that came along was refused."""


# --- accounts ---


def account(subject_id: str, role: Role) -> Account | None:
    row = table.get(rows.account_key(subject_id, role), "ACCOUNT")
    return rows.account(row) if row else None


def account_by_login(login: str) -> Account | None:
    """The account that claims *login*, by the claim's copy."""
    row = table.get(f"LOGIN#{login}", "LOGIN")
    return rows.account(row) if row else None


def account_by_identity(issuer: str, subject: str) -> Account | None:
    """The account that *subject* at *issuer* is linked to."""
    row = table.get(rows.identity_key(issuer, subject), "IDENTITY")
    found = account(row["subject_id"], Role[row["role"].upper()]) if row else None
    return found if found and found.identity(issuer, subject) else None


def account_by_passkey(credential_id: str) -> Account | None:
    """The account that has the passkey of that credential."""
    row = table.get(f"PASSKEY#{credential_id}", "PASSKEY")
    found = account(row["subject_id"], Role[row["role"].upper()]) if row else None
    return found if found and found.passkey_of(credential_id) else None


def account_and_session(caller: access.Caller) -> tuple[Account | None, Item | None]:
    """The caller's account, and the row of the session for common.access to judge; one trip."""
    key = table.OWN, rows.account_key(caller.id, caller.role), "ACCOUNT"
    row, session = table.get_many(key, access.session_key(caller))
    return rows.account(row) if row else None, session


def add_account(account: Account, *writes: table.Write) -> None:
    """Make *account* with its claims and carry out *writes*, all or nothing.

    LoginTaken, IdentityTaken or PasskeyTaken when somebody has what it claims, Refused when one
    of *writes* was refused.
    """
    claims = claim_store.added(account)
    try:
        table.commit(table.put(rows.account_row(account)), *(c for c, _ in claims), *writes)
    except table.ConditionFailed as refused:
        raise _taken(max(refused.found), claims) from refused


def change_account(before: Account, after: Account, *writes: table.Write) -> None:
    """Put *after* in the place of *before*, its claims with it, and carry out *writes*, all or
    nothing; `version` grows by itself.

    Changed when the account is no longer *before*; LoginTaken, IdentityTaken or PasskeyTaken when
    somebody has what it claims anew; Refused when one of *writes* was refused.
    """
    after = replace(after, version=before.version + 1)
    claims = claim_store.added(after, before)
    guarded = table.put(rows.account_row(after), Attr("version").eq(before.version))
    kept = claim_store.kept(before, after)
    try:
        table.commit(guarded, *(claim for claim, _ in claims), *kept, *writes)
    except table.ConditionFailed as refused:
        raise _why(refused.found, claims) from refused


def persist[T](account: Account, attempt: Callable[[Account], T]) -> T:
    """What *attempt* makes of the account; while others change it meanwhile, made again of the
    account as it stands by then. Changed when it is gone, Busy when there is no end to it."""
    for _ in range(MOST_TRIES):
        try:
            return attempt(account)
        except Changed as changed:
            if changed.found is None:
                raise
            account = changed.found
    raise Busy


def _why(found: dict[int, Item | None], claims: Sequence[Claim]) -> Exception:
    """Who refused: the account (at 0), a claim made anew after it, or one of the other writes."""
    if 0 in found:
        row = found[0]
        return Changed(rows.account(row) if row else None)
    return _taken(min(found), claims)


def _taken(position: int, claims: Sequence[Claim]) -> Exception:
    """What was refused at *position*, of the writes after the account's: claims come first."""
    return claims[position - 1][1]() if position <= len(claims) else Refused()


# --- sessions ---


def session(session_id: str) -> Session | None:
    row = table.get(f"SESSION#{session_id}", "SESSION")
    return rows.session(row) if row else None


def sessions(ids: Sequence[str]) -> list[Session]:
    """Those of the sessions *ids* that are there, in that order; one trip."""
    found = table.get_many(*((table.OWN, f"SESSION#{id_}", "SESSION") for id_ in ids))
    return [rows.session(row) for row in found if row]


def proven(session_id: str, act: str, at: datetime) -> Write:
    """The write that notes on a live session that its owner proved for *act* to be there."""
    return table.update(
        f"SESSION#{session_id}",
        "SESSION",
        assign={("proofs", act): rows.seconds(at)},
        condition=table.PRESENT & Attr("ended_at").not_exists(),
    )


def begin_session(before: Account, after: Account, session: Session, *writes: table.Write) -> None:
    """Begin *session* in the account that *before* becomes, and carry out *writes*; the oldest
    session ends for it where there are too many. Refuses as `change_account` does."""
    entered, ended = after.entered(session)
    at = session.started_at
    began = table.put(rows.session_row(session))
    change_account(before, entered, *writes, began, *ends((s.id for s in ended), at))


def end_sessions(
    before: Account,
    after: Account,
    ids: Iterable[str],
    at: datetime,
    *events: Event,
    writes: Sequence[Write] = (),
) -> None:
    """End the sessions *ids* everywhere, in the account that *before* becomes; queue *events*, and
    carry out *writes* with it; one that has run out, whose row may be gone, only leaves the
    account. Refuses as `change_account` does."""
    ended = frozenset(ids)
    ending = ends(sorted(ended & before.live_at(at)), at)
    change_account(before, after.without(ended), *ending, *map(outbox.row, events), *writes)


def rotate(session_id: str, generation: int, at: datetime) -> Session | None:
    """Make the next generation, if *generation* is the newest and the session lives.

    Return the session as it stands afterwards, by this call or by others.
    """
    step = table.update(
        f"SESSION#{session_id}",
        "SESSION",
        assign={"generation": generation + 1, "rotated_at": at.isoformat()},
        condition=Attr("generation").eq(generation)
        & Attr("expires_at").gt(rows.seconds(at))
        & Attr("ended_at").not_exists(),
    )
    try:
        return rows.session(table.apply(step))
    except table.ConditionFailed as refused:
        row = refused.found[0]
        return rows.session(row) if row else None


def ends(ids: Iterable[str], at: datetime) -> list[table.Write]:
    """The writes that end those sessions; refused when one has ended already."""
    return [write for id_ in ids for write in (_end(id_, at), _revoked(id_, at))]


def _end(session_id: str, at: datetime) -> table.Write:
    return table.update(
        f"SESSION#{session_id}",
        "SESSION",
        assign={"ended_at": at.isoformat()},
        condition=table.PRESENT & Attr("ended_at").not_exists(),
    )


def _revoked(session_id: str, at: datetime) -> table.Write:
    revoked = {
        "pk": "REVOKED",
        "sk": f"{at.isoformat()}#{session_id}",
        "session_id": session_id,
        "expires_at": rows.seconds(at + access.REVOCATION_LISTED),
    }
    return table.put(revoked)
