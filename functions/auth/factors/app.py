"""HTTP routes of second factors."""

import os
import secrets
from http import HTTPStatus
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AwareDatetime, Field

from auth import client, logins, owner, phones
from auth.account import Account, FactorKind
from auth.challenge.challenge import Challenge
from auth.challenge.codes import Code
from auth.factors import enrolment, recovery, settings
from auth.factors.enrolment import Asked
from auth.factors.qr import svg
from auth.sign_in import totp
from auth.staff import tokens
from common import access, clock, fields, networks
from common import api as shell
from common.errors import Invalid
from common.language import Text

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

fields.REASONS["chat"] = Text(
    ru="Нужен номер чата с ботом магазина: бот пришлёт его по команде /start.",
    en="The number of your chat with the shop's bot is needed: it tells it at /start.",
)


class FactorView(shell.View):
    """A second factor; `preferred` is the one that is asked for first."""

    id: str
    kind: str
    to: str | None
    added_at: AwareDatetime
    preferred: bool


class FactorsView(shell.View):
    items: list[FactorView]
    recovery_codes_left: int
    passkeys: Annotated[
        int, Field(description="Passkeys, each of which is both proofs: `GET /v1/auth/passkeys`")
    ]


class ContactFactorRequest(shell.Body):
    """`to` is a phone number; of a messenger, the chat with the shop's bot."""

    kind: Literal["sms", "voice", "messenger"]
    to: phones.Typed


class EnrolmentView(shell.View):
    id: str
    expires_in: Annotated[int, Field(description="Seconds for which its code is taken")]


class AuthenticatorView(EnrolmentView):
    """Shown this once: the secret, the same as a link for authenticator apps, and as a QR code."""

    secret: str
    provisioning_uri: str
    qr_svg: str


class CodeRequest(shell.Body):
    code: Code


class RecoveryCodesView(shell.View):
    """Shown this once; each is good for one sign-in or proof."""

    codes: list[str]


@router.get("/v1/auth/factors")
def show_factors() -> FactorsView:
    """The second factors of the account, the preferred one first."""
    return _view(owner.own(access.anyone(router)))


@router.post("/v1/auth/factors/totp", responses=shell.shown(AuthenticatorView, HTTPStatus.CREATED))
def begin_totp() -> Response[Any]:
    """Begin to add an authenticator app: nothing changes until a code of it is confirmed. Needs a
    step-up for the act `factors`."""
    caller = access.anyone(router)
    secret = tokens.new_secret()
    asked = Asked(FactorKind.TOTP, "", shell.language(router), networks.of(router))
    begun, account = enrolment.begin(caller, asked, secret, clock.now())
    return shell.answer(_authenticator(begun, account, secret), HTTPStatus.CREATED)


@router.post("/v1/auth/factors/codes", responses=shell.shown(EnrolmentView, HTTPStatus.ACCEPTED))
def begin_sent(request: ContactFactorRequest) -> Response[Any]:
    """Begin to add a phone or a chat to which codes go: one goes there now. Needs a step-up for
    the act `factors`."""
    caller = access.customer(router)
    kind = FactorKind(request.kind)
    asked = Asked(kind, _reached(request), shell.language(router), networks.of(router))
    begun, _ = enrolment.begin(caller, asked, None, clock.now())
    view = EnrolmentView(id=begun.id, expires_in=int(begun.valid_for.total_seconds()))
    return shell.answer(view, HTTPStatus.ACCEPTED)


@router.post(
    "/v1/auth/factors/<enrolment_id>/confirm", responses={204: {"description": "It is added"}}
)
def confirm(enrolment_id: shell.Id, request: CodeRequest) -> Response[Any]:
    """Add the factor by a code of it; again is fine."""
    enrolment.confirm(access.anyone(router), enrolment_id, request.code, clock.now())
    return Response(HTTPStatus.NO_CONTENT)


@router.put("/v1/auth/factors/<factor_id>/preferred")
def prefer(factor_id: shell.Id) -> FactorsView:
    """Let sign-ins ask for this factor first."""
    return _view(settings.prefer(access.anyone(router), factor_id))


@router.delete(
    "/v1/auth/factors/<factor_id>", responses={204: {"description": "The factor is removed"}}
)
def remove(factor_id: shell.Id) -> Response[Any]:
    """Remove a factor: all other sessions end. Needs a step-up for the act `factors`, by a
    factor. Staff keep one at least."""
    settings.remove(access.anyone(router), factor_id, clock.now())
    return Response(HTTPStatus.NO_CONTENT)


@router.post(
    "/v1/auth/factors/recovery-codes",
    responses=shell.shown(RecoveryCodesView, HTTPStatus.CREATED),
)
def renew_recovery_codes() -> Response[Any]:
    """Ten new recovery codes; those of before are good no more. Needs a step-up for the act
    `factors`."""
    drawn = secrets.token_bytes(recovery.DRAWN_BYTES)
    codes = settings.renew_codes(access.customer(router), drawn, clock.now())
    return shell.answer(RecoveryCodesView(codes=codes), HTTPStatus.CREATED)


def _authenticator(begun: Challenge, account: Account, secret: str) -> AuthenticatorView:
    """The secret in its three forms; apps list the account under its first login."""
    name = account.logins[0] if account.logins else account.id
    uri = totp.provisioning_uri(secret, name, os.environ["SHOP_NAME"])
    return AuthenticatorView(
        id=begun.id,
        expires_in=int(begun.valid_for.total_seconds()),
        secret=secret,
        provisioning_uri=uri,
        qr_svg=svg(uri),
    )


def _view(account: Account) -> FactorsView:
    items = [
        FactorView(
            id=factor.id,
            kind=factor.kind.value,
            to=logins.masked(factor.to) if factor.to else None,
            added_at=factor.added_at,
            preferred=factor is account.factors[0],
        )
        for factor in account.factors
    ]
    return FactorsView(
        items=items,
        recovery_codes_left=len(account.recovery_codes),
        passkeys=len(account.passkeys),
    )


def _reached(request: ContactFactorRequest) -> str:
    """Where codes go, in its one form. Invalid where none could get there."""
    if request.kind == "messenger":
        return _require(phones.is_chat(request.to) and request.to, "chat")
    countries = client.countries()
    number = _require(phones.canonical(request.to, countries), "phone")
    return _require(phones.is_served(number, countries) and number, "phone_not_served")


def _require(to: str | bool | None, code: str) -> str:
    if not isinstance(to, str):
        raise Invalid(errors=[{"field": "body.to", "code": code}])
    return to
