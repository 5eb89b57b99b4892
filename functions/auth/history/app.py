"""HTTP routes of the history of sign-ins."""

from datetime import date
from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AwareDatetime, Field

from auth import owner
from auth.history import store
from auth.history.history import WRONG_KEPT, Entry, Outcome
from common import access, clock, cursors
from common import api as shell

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped


class SignInView(shell.View):
    """A sign-in: when, on what, from where, how, and how it ended."""

    id: str
    at: AwareDatetime
    outcome: Outcome
    device_name: str | None
    platform: str | None
    place: Annotated[str, Field(description="The network, which is coarser than an address")]
    country: str | None
    methods: Annotated[list[str], Field(description="By what it was proven (RFC 8176)")]
    unusual: Annotated[list[str], Field(description="Why it was unusual; empty where it was not")]
    times: Annotated[int, Field(description="How many like it on that day did not get in")]
    disowned: Annotated[bool, Field(description="Its owner said that it was not them")]


class WrongPasswordsView(shell.View):
    day: date
    times: int


class SignInsView(shell.View):
    items: list[SignInView]
    next_cursor: str | None
    wrong_passwords: Annotated[
        list[WrongPasswordsView], Field(description="By day, of the last two weeks")
    ]


@router.get("/v1/auth/sign-ins")
def list_sign_ins(
    limit: shell.Limit = shell.PAGE_LIMIT, cursor: shell.Cursor = None
) -> SignInsView:
    """List who signed in to your account or nearly did, the newest first; 180 days are kept."""
    caller, now = access.anyone(router), clock.now()
    account = owner.own(caller)
    start = cursors.unseal(caller.id, "sign-ins", cursor)
    entries, last = store.page(caller, now, limit, start)
    wrong = store.wrong(account.logins, now, WRONG_KEPT.days)
    return SignInsView(
        items=[_view(entry) for entry in entries],
        next_cursor=cursors.seal(caller.id, "sign-ins", last),
        wrong_passwords=[WrongPasswordsView(day=found.day, times=found.times) for found in wrong],
    )


def _view(entry: Entry) -> SignInView:
    return SignInView(
        id=entry.id,
        at=entry.at,
        outcome=entry.outcome,
        device_name=entry.device.name,
        platform=entry.device.platform,
        place=entry.device.place,
        country=entry.device.country,
        methods=list(entry.methods),
        unusual=list(entry.unusual),
        times=entry.times,
        disowned=entry.disowned,
    )
