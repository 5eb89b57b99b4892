"""HTTP routes of step-ups."""

from http import HTTPStatus
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from auth import answers, logins
from auth.challenge.challenge import Channel
from auth.challenge.codes import Code
from auth.factors.offers import Offer
from auth.factors.recovery import RecoveryCode
from auth.password.passwords import Password
from auth.step_up import proving
from auth.step_up.proving import Asked, Given
from auth.step_up.step_up import offers
from common import access, clock, fields, idempotency, networks
from common import api as shell
from common.language import Text

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

fields.REASONS["one_proof"] = Text(
    ru="Покажите пароль или код: что-то одно.", en="Show the password or a code: one of them."
)


class StepUpRequest(shell.Body):
    act: access.Act
    channel: Annotated[
        Literal["email", "sms", "voice", "messenger"] | None,
        Field(description="By which of the offers a code is to be sent, if by any"),
    ] = None


class OfferView(shell.View):
    """A way to prove it: `password`, `totp`, `passkey`, `recovery_code`, or a channel that leads
    to `to`."""

    kind: str
    to: str | None


class StepUpView(shell.View):
    id: str
    act: access.Act
    offers: list[OfferView]
    expires_in: Annotated[int, Field(description="Seconds for which it can be proven")]


class ProofRequest(shell.Body):
    password: Password | None = None
    code: Code | None = None
    recovery_code: RecoveryCode | None = None

    @model_validator(mode="after")
    def _one_proof(self) -> "ProofRequest":
        if sum(shown is not None for shown in (self.password, self.code, self.recovery_code)) != 1:
            raise PydanticCustomError("one_proof", "a password or a code")
        return self


@router.post("/v1/auth/step-ups", responses=shell.shown(StepUpView, HTTPStatus.CREATED))
def begin(request: StepUpRequest, idempotency_key: idempotency.Key) -> Response[Any]:
    """Begin to prove for one act that it is you, as `step_up_required` asks.

    `offers` says by what: who has a second factor, by that and not by the password. With `channel`
    a code is sent there.
    """
    caller = access.anyone(router)
    asked = Asked(
        act=request.act,
        channel=Channel(request.channel or Channel.NONE),
        language=shell.language(router),
        network=networks.of(router),
    )
    begun, account, repeated = proving.begin(caller, asked, idempotency_key, clock.now())
    view = StepUpView(
        id=begun.id,
        act=request.act,
        offers=[_offer(offer) for offer in offers(account)],
        expires_in=int(begun.valid_for.total_seconds()),
    )
    return answers.begun(view, repeated=repeated, status=HTTPStatus.CREATED)


@router.post(
    "/v1/auth/step-ups/<step_up_id>/proof", responses={204: {"description": "It is proven"}}
)
def prove(step_up_id: shell.Id, request: ProofRequest) -> Response[Any]:
    """Prove it by the password or a code: for five minutes this session may do the act, and no
    other act; again is fine."""
    caller = access.anyone(router)
    given = Given(request.password, request.code, request.recovery_code)
    proving.prove(caller, step_up_id, given, clock.now())
    return Response(HTTPStatus.NO_CONTENT)


def _offer(offer: Offer) -> OfferView:
    return OfferView(kind=offer.kind, to=logins.masked(offer.to) if offer.to else None)
