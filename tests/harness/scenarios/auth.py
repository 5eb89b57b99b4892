"""What the sweep does to auth."""

from common import access, not_me
from scenarios.declared import EMAIL, LOST, reads, scenario
from shop import NEW_PASSWORD, PASSWORD, Shop
from sweep import Accepted, Act

PHONE = "+79991234567"
ATTEMPTS = Accepted(
    "a code tried counts before it is compared, so one whose answer was lost counts too",
    attributes=("attempts",),
)
LIMITS = Accepted("a repeated call counts again in its limits", attributes=("taken",))
WRONG = Accepted("a wrong password counts each time it is tried", attributes=("times",))
HELD = Accepted(
    "a repeated call is another try: it counts, and brings another code",
    lines=('+ AuthTable {*"pk": "CHALLENGE#*', "+ events *challenge_begun.v1*"),
    attributes=("times",),
)
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
SESSION_LINES = (
    '+ AuthTable {*"pk": "SESSION#*',
    '+ AuthTable {*"sk": "ENTRY#*',
    "+ events *signed_in.v1*",
)
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


RECOVERED = Accepted(
    "a code works once: who lost the answer signs in by the new password",
    "dynamodb.TransactWriteItems",
    LOST,
    answers=("*challenge_over*",),
)


@scenario("AuthApi", "POST /v1/auth/recoveries", LIMITS)
def asking_to_recover(shop: Shop) -> Act:
    return shop.asking(None, "POST", "/v1/auth/recoveries", {"login": PHONE})


@scenario("AuthApi", "POST /v1/auth/recoveries/{recovery_id}/confirm", ATTEMPTS, LIMITS, RECOVERED)
def recovering(shop: Shop) -> Act:
    shop.register(EMAIL)
    asked, code = shop.recovering(EMAIL)
    body = {"code": code, "new_password": NEW_PASSWORD}
    return shop.asking(None, "POST", f"/v1/auth/recoveries/{asked}/confirm", body)


def by_link(shop: Shop, method: str) -> Act:
    """The customer's account, closed by the link of the letter about their sign-in."""
    person, _ = shop.register(EMAIL)
    with shop.cloud.acting("AuthApi"):
        token = not_me.seal(not_me.Link(person.id, person.session_id))
    return shop.asking(None, method, f"/v1/auth/not-me/{token}")


@scenario("AuthApi", "GET /v1/auth/not-me/{link_token}")
def following_the_link(shop: Shop) -> Act:
    return by_link(shop, "GET")


@scenario("AuthApi", "POST /v1/auth/not-me/{link_token}", LIMITS)
def disowning_by_the_page(shop: Shop) -> Act:
    return by_link(shop, "POST")


@scenario("AuthApi", "POST /v1/auth/not-me", LIMITS)
def disowning(shop: Shop) -> Act:
    person, _ = shop.register(EMAIL)
    with shop.cloud.acting("AuthApi"):
        token = not_me.seal(not_me.Link(person.id, person.session_id))
    return shop.asking(None, "POST", "/v1/auth/not-me", {"token": token})


@scenario("AuthApi", "POST /v1/auth/sign-in: an unfamiliar device", LIMITS, UNTOLD, UNSIGNED)
def signing_in_elsewhere(shop: Shop) -> Act:
    shop.register(EMAIL)
    body = {"login": EMAIL, "password": PASSWORD, "device_name": "A tablet"}
    return shop.asking(None, "POST", "/v1/auth/sign-in", body)


@scenario("AuthApi", "POST /v1/auth/sign-in: from afar", LIMITS, HELD)
def being_held(shop: Shop) -> Act:
    person, _ = shop.register(EMAIL)
    shop.come_from_afar(person)
    body = {"login": EMAIL, "password": PASSWORD}
    return shop.asking(None, "POST", "/v1/auth/sign-in", body)


@scenario("AuthApi", "POST /v1/auth/sign-in: a wrong password", LIMITS, WRONG)
def signing_in_wrongly(shop: Shop) -> Act:
    shop.register(EMAIL)
    body = {"login": EMAIL, "password": NEW_PASSWORD}
    return shop.asking(None, "POST", "/v1/auth/sign-in", body)


@scenario("AuthConsumer", "auth.challenge_begun.v1: a recovery", LIMITS)
def choosing_a_code_to_recover(shop: Shop) -> Act:
    shop.register(EMAIL)
    asked = shop.asking(None, "POST", "/v1/auth/recoveries", {"login": EMAIL})
    return lambda: (asked(), shop.cloud.drain())[1]


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


reads("AuthApi", "GET /v1/auth/sessions", "customer")
reads("AuthApi", "GET /v1/auth/sign-ins", "customer")
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
