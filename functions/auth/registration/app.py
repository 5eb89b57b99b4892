"""HTTP routes of registration."""

import os
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from auth import answers, client
from auth.challenge import proof
from auth.challenge.challenge import Purpose
from auth.challenge.codes import Code
from auth.client import DeviceName
from auth.one_contact import OneContact
from auth.password import passwords
from auth.password.passwords import NewPassword
from auth.registration import enrolment, form
from auth.registration.registration import TimeZone, Wanted
from common import api as shell
from common import clock, idempotency, limits, networks
from common.errors import Invalid
from common.language import Language

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

# Of one address of the network.
REGISTRATIONS = limits.Limit("registrations", 30, 60 * 60)


class RegistrationRequest(OneContact):
    password: NewPassword | None = None
    passkey: Annotated[
        bool,
        Field(strict=True, description="A passkey follows the confirmation, in a password's place"),
    ] = False
    language: Language | None = None
    time_zone: TimeZone | None = None


class FieldView(shell.View):
    name: str
    label: str
    required: bool
    reason: str | None


class PasswordRulesView(shell.View):
    """`advised` is how many characters are better, for a password that is all there is."""

    fewest: int
    advised: int
    most: int
    rules: list[str]


class SecondFactorView(shell.View):
    """What may be switched on right after registering, at `POST /v1/auth/factors/…`."""

    kinds: list[str]
    explained: list[str]


class FormView(shell.View):
    """Exactly one of `one_of` is needed; every field says why it is asked for."""

    one_of: list[str]
    fields: list[FieldView]
    password: PasswordRulesView
    second_factor: SecondFactorView
    benefits: list[str]
    data_protection: list[str]


class RegistrationView(shell.View):
    registration_id: str
    expires_in: Annotated[int, Field(description="Seconds for which the code is valid")]


class ConfirmRequest(shell.Body):
    code: Code
    device_name: DeviceName | None = None


@router.get("/v1/auth/registration-form")
def show_form() -> FormView:
    """What registration asks for and why, what it gives, and how the data are kept."""
    spoken = shell.language(router)
    return FormView(
        one_of=["email", "phone"],
        fields=[_field(field, spoken) for field in form.FIELDS],
        password=PasswordRulesView(
            fewest=passwords.FEWEST,
            advised=passwords.ADVISED,
            most=passwords.MOST,
            rules=[rule[spoken] for rule in form.PASSWORD_RULES],
        ),
        second_factor=SecondFactorView(
            kinds=["totp", "sms", "voice", "messenger"],
            explained=[text[spoken] for text in form.FACTORS],
        ),
        benefits=[text[spoken] for text in form.BENEFITS],
        data_protection=[text[spoken] for text in form.PROTECTION],
    )


@router.post("/v1/auth/registrations", responses=shell.shown(RegistrationView, HTTPStatus.ACCEPTED))
def register(
    request: RegistrationRequest, idempotency_key: idempotency.OptionalKey = None
) -> Response[Any]:
    """Ask for an account by `email` or by `phone`: a letter or an SMS brings the code that
    confirms it.

    The answer is the same whether the contact is free or taken. A password has 8 to 128
    characters of any kind; 15 or more are advised. By phone it may be left out: codes sign in. With
    `passkey` too: once confirmed, it is made at `POST /v1/auth/passkeys/options`.
    """
    networks.take(router, REGISTRATIONS)
    wanted = _wanted(request)
    asked, repeated = enrolment.ask(wanted, idempotency_key, clock.now())
    expires_in = int(asked.valid_for.total_seconds())
    view = RegistrationView(registration_id=asked.id, expires_in=expires_in)
    return answers.begun(view, repeated=repeated)


@router.post(
    "/v1/auth/registrations/<registration_id>/confirm",
    responses=shell.shown(answers.CustomerTokensView, HTTPStatus.CREATED),
)
def confirm(registration_id: shell.Id, request: ConfirmRequest) -> Response[Any]:
    """Prove the contact by the code that it got: the account exists and is signed in."""
    now = clock.now()
    proven = proof.prove(registration_id, Purpose.REGISTRATION, request.code, now)
    session = enrolment.complete(proven, client.device(router, request.device_name), now)
    return shell.answer(answers.customers(session, now), HTTPStatus.CREATED)


def _field(field: form.Field, spoken: Language) -> FieldView:
    return FieldView(
        name=field.name,
        label=field.label[spoken],
        required=field.required,
        reason=field.reason[spoken] if field.reason else None,
    )


def _wanted(request: RegistrationRequest) -> Wanted:
    if request.email and request.password is None and not request.passkey:
        raise Invalid(errors=[{"field": "body.password", "code": "missing"}])
    login = request.contact
    if request.password:
        context = os.environ["SHOP_NAME"], login
        passwords.require_unguessable("body.password", request.password, context)
    return Wanted(
        login=login,
        password=request.password,
        language=request.language or shell.language(router),
        time_zone=request.time_zone or os.environ["SHOP_TIME_ZONE"],
        network=networks.of(router),
    )
