"""What the sweep does to auth."""

from pyotp import TOTP

from cloud import Person
from common import access, clock
from scenarios.declared import EMAIL, LOST, reads, scenario
from shop import NEW_PASSWORD, PASSWORD, Shop
from sweep import Accepted, Act

PHONE = "+79991234567"
ATTEMPTS = Accepted(
    "a code tried counts before it is compared, so one whose answer was lost counts too",
    attributes=("attempts",),
)
LIMITS = Accepted("a repeated call counts again in its limits", attributes=("taken",))
STEP = Accepted("a repeated call brings the one-time code of its moment", attributes=("totp_step",))
HIRED = Accepted(
    "the secrets of staff are shown once: who did not see them hires under another address",
    calls="dynamodb.TransactWriteItems",
    faults=LOST,
    answers=("*has an account already*",),
)
PROVEN = "tokens are stored nowhere: who lost them signs in, for the account exists"
PROVEN_UNTOLD = Accepted(PROVEN, "dynamodb.TransactWriteItems", LOST, answers=("*challenge_over*",))
PROVEN_UNSIGNED = Accepted(PROVEN, "kms.Sign", answers=("*challenge_over*",))
UNUSED = "tokens are stored nowhere: a session whose tokens were lost stays unused and ends"
SESSION_LINES = ('+ AuthTable {*"pk": "SESSION#*', "+ events *signed_in.v1*")
LISTED = ("sessions", "version")
UNTOLD = Accepted(UNUSED, "dynamodb.TransactWriteItems", LOST, LISTED, SESSION_LINES)
UNSIGNED = Accepted(UNUSED, "kms.Sign", attributes=LISTED, lines=SESSION_LINES)


@scenario("AuthAdmin", "create staff", HIRED)
def hiring(shop: Shop) -> Act:
    return lambda: shop.hire("agent@example.com")


@scenario("AuthApi", "POST /v1/auth/registrations", LIMITS)
def registering(shop: Shop) -> Act:
    return shop.asking(
        None, "POST", "/v1/auth/registrations", {"email": EMAIL, "password": PASSWORD}
    )


@scenario(
    "AuthApi",
    "POST /v1/auth/registrations/{registration_id}/confirm",
    ATTEMPTS,
    LIMITS,
    PROVEN_UNTOLD,
    PROVEN_UNSIGNED,
)
def confirming(shop: Shop) -> Act:
    asked, code = shop.registering(EMAIL)
    path = f"/v1/auth/registrations/{asked}/confirm"
    return shop.asking(None, "POST", path, {"code": code})


@scenario("AuthApi", "POST /v1/auth/sign-in", LIMITS, UNTOLD, UNSIGNED)
def signing_in(shop: Shop) -> Act:
    shop.register(EMAIL)
    return shop.asking(None, "POST", "/v1/auth/sign-in", {"login": EMAIL, "password": PASSWORD})


@scenario("AuthApi", "POST /v1/auth/sign-in/codes", LIMITS)
def asking_for_a_code(shop: Shop) -> Act:
    return shop.asking(None, "POST", "/v1/auth/sign-in/codes", {"login": PHONE})


@scenario(
    "AuthApi",
    "POST /v1/auth/sign-in/codes/{challenge_id}/confirm",
    ATTEMPTS,
    LIMITS,
    PROVEN_UNTOLD,
    PROVEN_UNSIGNED,
)
def signing_in_by_code(shop: Shop) -> Act:
    shop.register(EMAIL)
    asked = shop.ask(None, "POST", "/v1/auth/sign-in/codes", {"login": EMAIL})["challenge_id"]
    shop.cloud.drain()
    body = {"code": shop.code(EMAIL)}
    return shop.asking(None, "POST", f"/v1/auth/sign-in/codes/{asked}/confirm", body)


@scenario("AuthConsumer", "auth.challenge_begun.v1: a phone", LIMITS)
def choosing_an_sms(shop: Shop) -> Act:
    asked = shop.asking(None, "POST", "/v1/auth/registrations", {"phone": PHONE})
    return lambda: (asked(), shop.cloud.drain())[1]


@scenario("AuthConsumer", "auth.challenge_begun.v1: a sign-in", LIMITS)
def choosing_a_code_to_sign_in(shop: Shop) -> Act:
    shop.register(EMAIL)
    asked = shop.asking(None, "POST", "/v1/auth/sign-in/codes", {"login": EMAIL})
    return lambda: (asked(), shop.cloud.drain())[1]


@scenario("AuthApi", "POST /v1/auth/sign-in: staff", LIMITS, STEP, UNTOLD, UNSIGNED)
def signing_in_staff(shop: Shop) -> Act:
    hired = shop.hire("agent@example.com")

    def sign_in() -> object:
        shop.cloud.clock.advance(seconds=30)  # each time with the code of the moment
        return shop.asking(None, "POST", "/v1/auth/sign-in", shop.credentials(hired))()

    return sign_in


@scenario("AuthApi", "POST /v1/auth/refresh")
def refreshing(shop: Shop) -> Act:
    _, token = shop.register(EMAIL)
    return shop.asking(None, "POST", "/v1/auth/refresh", {"refresh_token": token})


@scenario("AuthApi", "POST /v1/auth/refresh: stolen")
def stealing(shop: Shop) -> Act:
    _, token = shop.register(EMAIL)
    shop.ask(None, "POST", "/v1/auth/refresh", {"refresh_token": token})
    shop.cloud.clock.advance(minutes=1)
    return shop.asking(None, "POST", "/v1/auth/refresh", {"refresh_token": token})


@scenario("AuthApi", "POST /v1/auth/sign-out")
def signing_out(shop: Shop) -> Act:
    return shop.asking(shop.customer(), "POST", "/v1/auth/sign-out")


ENDED = Accepted(
    "who lost the answer finds the session gone",
    "dynamodb.TransactWriteItems",
    LOST,
    answers=("*not_found*", '*"ended": 0*'),
)
BEGUN_AGAIN = Accepted(
    "a secret is shown once: who did not see it begins again, which ends what was begun",
    "dynamodb.TransactWriteItems",
    LOST,
    ("version",),
    ('+ AuthTable {*"pk": "CHALLENGE#*', "+ events *challenge_begun.v1*"),
)
SENT_AGAIN = Accepted(
    "a code whose answer was lost is sent again, and then the earlier one is none any more",
    "dynamodb.TransactWriteItems",
    LOST,
    lines=("+ events *challenge_begun.v1*",),
)
CODES_ANEW = Accepted(
    "recovery codes are shown once: who did not see them makes others",
    "dynamodb.TransactWriteItems",
    LOST,
    ("version",),
)


@scenario("AuthApi", "POST /v1/auth/step-ups", LIMITS)
def stepping_up(shop: Shop) -> Act:
    return shop.asking(shop.customer(), "POST", "/v1/auth/step-ups", {"act": "money"})


@scenario("AuthApi", "POST /v1/auth/step-ups: a code", LIMITS)
def stepping_up_by_code(shop: Shop) -> Act:
    body = {"act": "money", "channel": "email"}
    return shop.asking(shop.customer(), "POST", "/v1/auth/step-ups", body)


@scenario("AuthApi", "POST /v1/auth/step-ups/{step_up_id}/proof", ATTEMPTS, LIMITS)
def proving(shop: Shop) -> Act:
    person = shop.customer()
    begun = shop.ask(person, "POST", "/v1/auth/step-ups", {"act": "money"})["id"]
    return shop.asking(person, "POST", f"/v1/auth/step-ups/{begun}/proof", {"password": PASSWORD})


@scenario("AuthApi", "PUT /v1/auth/password")
def changing_the_password(shop: Shop) -> Act:
    person, _ = shop.register(EMAIL)
    shop.ask(None, "POST", "/v1/auth/sign-in", {"login": EMAIL, "password": PASSWORD})
    shop.prove(person, access.Act.PASSWORD)
    return shop.asking(person, "PUT", "/v1/auth/password", {"new_password": NEW_PASSWORD})


@scenario("AuthApi", "DELETE /v1/auth/sessions", ENDED)
def ending_other_sessions(shop: Shop) -> Act:
    person, _ = shop.register(EMAIL)
    shop.ask(None, "POST", "/v1/auth/sign-in", {"login": EMAIL, "password": PASSWORD})
    return shop.asking(person, "DELETE", "/v1/auth/sessions")


@scenario("AuthApi", "DELETE /v1/auth/sessions/{session_id}", ENDED)
def ending_a_session(shop: Shop) -> Act:
    person, _ = shop.register(EMAIL)
    body = {"login": EMAIL, "password": PASSWORD}
    other = shop.ask(None, "POST", "/v1/auth/sign-in", body)["refresh_token"].partition(".")[0]
    return shop.asking(person, "DELETE", f"/v1/auth/sessions/{other}")


FLOW = Accepted(
    "the secret of a flow is told once: who did not hear it begins another",
    "dynamodb.PutItem",
    LOST,
    lines=('+ AuthTable {*"pk": "FLOW#*',),
)
FINISHED = Accepted(PROVEN, "dynamodb.TransactWriteItems", LOST, answers=("*flow_over*",))
FINISHED_UNSIGNED = Accepted(PROVEN, "kms.Sign", answers=("*flow_over*",))
SHOWN = Accepted(
    "who did not hear that an account must be proven begins anew",
    "dynamodb.TransactWriteItems",
    LOST,
    answers=("*flow_over*",),
)
UNLINKED = Accepted(
    "who lost the answer finds nothing to unlink",
    "dynamodb.TransactWriteItems",
    LOST,
    answers=("*not_found*",),
)


@scenario("AuthApi", "POST /v1/auth/social/{provider_name}", LIMITS, FLOW)
def going_to_a_provider(shop: Shop) -> Act:
    shop.provider()
    return shop.asking(None, "POST", "/v1/auth/social/home", {"return_to": "/cart"})


@scenario("AuthApi", "POST /v1/auth/social/callback", LIMITS, FINISHED, FINISHED_UNSIGNED)
def arriving_new(shop: Shop) -> Act:
    came = shop.coming_back("anna", email=EMAIL, email_verified=True)
    return shop.asking(None, "POST", "/v1/auth/social/callback", came)


@scenario("AuthApi", "POST /v1/auth/social/callback: known", LIMITS, FINISHED, FINISHED_UNSIGNED)
def arriving_again(shop: Shop) -> Act:
    shop.link(shop.customer(), "anna")
    return shop.asking(None, "POST", "/v1/auth/social/callback", shop.coming_back("anna"))


@scenario("AuthApi", "POST /v1/auth/social/callback: to be proven", LIMITS, SHOWN)
def arriving_unproven(shop: Shop) -> Act:
    return shop.asking(None, "POST", "/v1/auth/social/callback", shop.coming_back("anna"))


@scenario("AuthApi", "POST /v1/auth/identities")
def linking(shop: Shop) -> Act:
    person = shop.customer()
    shop.prove(person, access.Act.FACTORS)
    return shop.asking(person, "POST", "/v1/auth/identities", shop.linking("anna"))


@scenario("AuthApi", "DELETE /v1/auth/identities/{provider_name}", UNLINKED)
def unlinking(shop: Shop) -> Act:
    person = shop.customer()
    shop.link(person, "anna")
    return shop.asking(person, "DELETE", "/v1/auth/identities/home")


reads("AuthApi", "GET /v1/auth/identities", "customer")
reads("AuthApi", "GET /v1/auth/providers", "customer")


@scenario("AuthApi", "POST /v1/auth/sign-in: a second factor", LIMITS)
def signing_in_halfway(shop: Shop) -> Act:
    person, _ = shop.register(EMAIL)
    shop.authenticator(person)
    return shop.asking(None, "POST", "/v1/auth/sign-in", {"login": EMAIL, "password": PASSWORD})


@scenario(
    "AuthApi", "POST /v1/auth/sign-in/second-steps/{second_step_id}/codes", LIMITS, SENT_AGAIN
)
def asking_for_a_second_code(shop: Shop) -> Act:
    with_number(shop)
    path = f"/v1/auth/sign-in/second-steps/{shop.second_step(EMAIL)}/codes"
    return shop.asking(None, "POST", path, {"method": "sms"})


@scenario(
    "AuthApi",
    "POST /v1/auth/sign-in/second-steps/{second_step_id}/confirm",
    ATTEMPTS,
    LIMITS,
    PROVEN_UNTOLD,
    PROVEN_UNSIGNED,
)
def taking_the_second_step(shop: Shop) -> Act:
    with_number(shop)
    path = f"/v1/auth/sign-in/second-steps/{shop.second_step(EMAIL)}"
    shop.ask(None, "POST", f"{path}/codes", {"method": "sms"})
    shop.cloud.drain()
    return shop.asking(None, "POST", f"{path}/confirm", {"code": shop.sms_code()})


@scenario(
    "AuthApi",
    "POST /v1/auth/sign-in/second-steps/{second_step_id}/confirm: a recovery code",
    ATTEMPTS,
    LIMITS,
    PROVEN_UNTOLD,
    PROVEN_UNSIGNED,
)
def taking_the_second_step_by_a_recovery_code(shop: Shop) -> Act:
    person, _ = shop.register(EMAIL)
    shop.authenticator(person)
    code = shop.recovery_codes(person)[0]
    path = f"/v1/auth/sign-in/second-steps/{shop.second_step(EMAIL)}/confirm"
    return shop.asking(None, "POST", path, {"recovery_code": code})


@scenario("AuthApi", "POST /v1/auth/factors/totp", LIMITS, BEGUN_AGAIN)
def beginning_an_authenticator(shop: Shop) -> Act:
    person = shop.customer()
    shop.prove(person, access.Act.FACTORS)
    return shop.asking(person, "POST", "/v1/auth/factors/totp")


@scenario("AuthApi", "POST /v1/auth/factors/codes", LIMITS, BEGUN_AGAIN)
def beginning_a_number(shop: Shop) -> Act:
    person = shop.customer()
    shop.prove(person, access.Act.FACTORS)
    body = {"kind": "sms", "to": PHONE}
    return shop.asking(person, "POST", "/v1/auth/factors/codes", body)


@scenario("AuthApi", "POST /v1/auth/factors/{enrolment_id}/confirm", ATTEMPTS, LIMITS)
def adding_a_factor(shop: Shop) -> Act:
    person = shop.customer()
    path = f"/v1/auth/factors/{shop.number(person)}/confirm"
    return shop.asking(person, "POST", path, {"code": shop.sms_code()})


@scenario("AuthApi", "POST /v1/auth/factors/{enrolment_id}/confirm: an app", ATTEMPTS, LIMITS)
def adding_an_authenticator(shop: Shop) -> Act:
    person = shop.customer()
    shop.prove(person, access.Act.FACTORS)
    begun = shop.ask(person, "POST", "/v1/auth/factors/totp")
    body = {"code": TOTP(begun["secret"]).at(clock.now())}
    return shop.asking(person, "POST", f"/v1/auth/factors/{begun['id']}/confirm", body)


@scenario("AuthApi", "POST /v1/auth/factors/recovery-codes", CODES_ANEW)
def renewing_recovery_codes(shop: Shop) -> Act:
    person = shop.customer()
    shop.authenticator(person)
    shop.prove(person, access.Act.FACTORS)
    return shop.asking(person, "POST", "/v1/auth/factors/recovery-codes")


@scenario("AuthApi", "PUT /v1/auth/factors/{factor_id}/preferred")
def preferring_a_factor(shop: Shop) -> Act:
    person = shop.customer()
    shop.authenticator(person)
    number = with_number(shop, person)
    return shop.asking(person, "PUT", f"/v1/auth/factors/{number}/preferred")


@scenario("AuthApi", "DELETE /v1/auth/factors/{factor_id}", ENDED)
def removing_a_factor(shop: Shop) -> Act:
    person = shop.customer()
    number = with_number(shop, person)
    shop.cloud.clock.advance(seconds=2)
    shop.prove(person, access.Act.FACTORS)
    return shop.asking(person, "DELETE", f"/v1/auth/factors/{number}")


def with_number(shop: Shop, person: Person | None = None) -> str:
    """A customer, of EMAIL if nobody else, with a number as a second factor; the factor's id."""
    owner = person or shop.register(EMAIL)[0]
    number, body = shop.number(owner), {"code": shop.sms_code()}
    shop.ask(owner, "POST", f"/v1/auth/factors/{number}/confirm", body)
    return number


reads("AuthApi", "GET /v1/auth/factors", "customer")
reads("AuthApi", "GET /v1/auth/sessions", "customer")
reads("AuthApi", "GET /v1/auth/registration-form", "customer")
reads("AuthApi", "GET /.well-known/jwks.json", "customer")
reads("AuthApi", "GET /.well-known/oauth-authorization-server", "customer")


@scenario("AuthConsumer", "auth.challenge_begun.v1", LIMITS)
def choosing_a_letter(shop: Shop) -> Act:
    asked = shop.asking(
        None, "POST", "/v1/auth/registrations", {"email": EMAIL, "password": PASSWORD}
    )
    return lambda: (asked(), shop.cloud.drain())[1]


@scenario("AuthConsumer", "auth.challenge_begun.v1: a taken address", LIMITS)
def choosing_a_notice(shop: Shop) -> Act:
    shop.register(EMAIL)
    return choosing_a_letter(shop)
