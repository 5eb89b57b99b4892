"""What the sweep does to auth."""

import re

from pyotp import TOTP

from cloud import Person
from common import access, clock, not_me
from scenarios.declared import ACTED, EMAIL, LOST, reads, sample, scenario
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


IMPORTED = Accepted(
    "each customer is made alone: when a batch is sent again, whom it made are known by then",
    calls="dynamodb.TransactWriteItems",
    answers=("*known*",),
)


@scenario("AuthAdmin", "import customers", IMPORTED)
def importing_customers(shop: Shop) -> Act:
    rows = [{"email": EMAIL, "name": "Anna"}, {"phone": PHONE, "marketing": True}, {"email": "no"}]
    wish = {"action": "import_customers", "customers": rows}
    return lambda: shop.cloud.invoke("AuthAdmin", wish)


@scenario("AuthAdmin", "import customers: a dry run")
def importing_nobody(shop: Shop) -> Act:
    wish = {"action": "import_customers", "customers": [{"email": EMAIL}], "dry_run": True}
    return lambda: shop.cloud.invoke("AuthAdmin", wish)


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
LEFT_HALFWAY = Accepted(
    "a second step that nobody heard of is left to end, and another is begun",
    "dynamodb.TransactWriteItems",
    LOST,
    lines=('+ AuthTable {*"pk": "CHALLENGE#*',),
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


NEW_EMAIL = "anna@new.example.com"


def asking_for_a_contact(shop: Shop) -> tuple[Person, Act]:
    person, _ = shop.register(EMAIL)
    shop.prove(person, access.Act.CONTACT)
    return person, shop.asking(person, "POST", "/v1/auth/contacts", {"email": NEW_EMAIL})


def a_changed_contact(shop: Shop) -> Person:
    """Somebody who proved another address than the first one."""
    person, ask = asking_for_a_contact(shop)
    asked = ask().body["contact_id"]
    shop.cloud.drain()
    path = f"/v1/auth/contacts/{asked}/confirm"
    shop.ask(person, "POST", path, {"code": shop.code(NEW_EMAIL)})
    shop.cloud.drain()
    return person


def undo_path(shop: Shop) -> str:
    [text] = [x.text for x in shop.cloud.letters if x.to == EMAIL][-1:]
    return re.findall(r"/v1/auth/contact-undos/[a-z0-9-]+", text)[0]


@scenario("AuthApi", "POST /v1/auth/contacts", LIMITS)
def asking_for_another_contact(shop: Shop) -> Act:
    return asking_for_a_contact(shop)[1]


@scenario("AuthApi", "POST /v1/auth/contacts/{contact_id}/confirm", ATTEMPTS, LIMITS)
def proving_a_contact(shop: Shop) -> Act:
    person, ask = asking_for_a_contact(shop)
    asked = ask().body["contact_id"]
    shop.cloud.drain()
    body = {"code": shop.code(NEW_EMAIL)}
    return shop.asking(person, "POST", f"/v1/auth/contacts/{asked}/confirm", body)


@scenario(
    "AuthApi",
    "POST /v1/auth/contacts/{contact_id}/confirm: taken meanwhile",
    ATTEMPTS,
    LIMITS,
)
def proving_a_taken_contact(shop: Shop) -> Act:
    act = proving_a_contact(shop)
    code, asked = shop.registering(NEW_EMAIL)[::-1]
    shop.ask(None, "POST", f"/v1/auth/registrations/{asked}/confirm", {"code": code})
    return act


@scenario("AuthApi", "DELETE /v1/auth/contacts/{kind}", LIMITS)
def removing_a_contact(shop: Shop) -> Act:
    person, _ = shop.register(EMAIL)
    shop.prove(person, access.Act.CONTACT)
    asked = shop.ask(person, "POST", "/v1/auth/contacts", {"phone": PHONE})["contact_id"]
    shop.cloud.drain()
    [code] = re.findall(r"\b\d{6}\b", shop.cloud.texts[-1].text)[:1]
    shop.ask(person, "POST", f"/v1/auth/contacts/{asked}/confirm", {"code": code})
    return shop.asking(person, "DELETE", "/v1/auth/contacts/phone")


@scenario("AuthApi", "GET /v1/auth/contact-undos/{undo_token}")
def looking_at_an_undo(shop: Shop) -> Act:
    a_changed_contact(shop)
    return shop.asking(None, "GET", undo_path(shop))


@scenario("AuthApi", "POST /v1/auth/contact-undos/{undo_token}")
def undoing_a_change(shop: Shop) -> Act:
    a_changed_contact(shop)
    return shop.asking(None, "POST", undo_path(shop))


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


@scenario("AuthApi", "POST /v1/auth/sign-in: a second factor", LIMITS, LEFT_HALFWAY)
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


@scenario("AuthConsumer", "auth.challenge_begun.v1: a contact", LIMITS)
def choosing_a_code_for_a_contact(shop: Shop) -> Act:
    _, ask = asking_for_a_contact(shop)
    return lambda: (ask(), shop.cloud.drain())[1]


@scenario("AuthConsumer", "auth.challenge_begun.v1: a taken contact", LIMITS)
def choosing_a_notice_for_a_contact(shop: Shop) -> Act:
    shop.register(NEW_EMAIL)
    return choosing_a_code_for_a_contact(shop)


@scenario("AuthConsumer", "auth.challenge_begun.v1: a taken address", LIMITS)
def choosing_a_notice(shop: Shop) -> Act:
    shop.register(EMAIL)
    return choosing_a_letter(shop)


INVITED = {"email": "new@example.com", "role": "agent", "language": "en"}
JOINED = Accepted(
    "who lost the answer of joining signs in: the account exists",
    calls="dynamodb.TransactWriteItems",
    faults=LOST,
    answers=("*invitation_over*",),
)
LEFT = Accepted(
    "who lost the answer finds that they have left",
    calls="dynamodb.TransactWriteItems",
    faults=LOST,
    answers=("*not_found*",),
)


def invited(shop: Shop) -> tuple[str, str]:
    """An open invitation's id and the token that the letter brought."""
    made = shop.ask(shop.staff("owner"), "POST", "/v1/staff/invitations", INVITED)["id"]
    shop.cloud.drain()
    [token] = re.findall(rf"invitation={made}#([\w-]+)", shop.cloud.letters[-1].text)
    return made, token


@scenario("AuthApi", "POST /v1/staff/invitations")
def inviting(shop: Shop) -> Act:
    return shop.asking(shop.staff("owner"), "POST", "/v1/staff/invitations", INVITED)


@scenario("AuthApi", "DELETE /v1/staff/invitations/{invitation_id}", ACTED)
def withdrawing(shop: Shop) -> Act:
    made, _ = invited(shop)
    return shop.asking(shop.staff("owner"), "DELETE", f"/v1/staff/invitations/{made}")


@scenario("AuthApi", "POST /v1/auth/invitations/{invitation_id}/accept", LIMITS)
def accepting(shop: Shop) -> Act:
    made, token = invited(shop)
    body = {"token": token, "password": PASSWORD}
    return shop.asking(None, "POST", f"/v1/auth/invitations/{made}/accept", body)


@scenario("AuthApi", "POST /v1/auth/invitations/{invitation_id}/confirm", LIMITS, JOINED)
def joining(shop: Shop) -> Act:
    made, token = invited(shop)
    path, body = f"/v1/auth/invitations/{made}", {"token": token, "password": PASSWORD}
    secret = shop.ask(None, "POST", f"{path}/accept", body)["totp_secret"]
    body = {"token": token, "totp_code": TOTP(secret).at(clock.now())}
    return shop.asking(None, "POST", f"{path}/confirm", body)


@scenario("AuthApi", "PATCH /v1/staff/members/{member_id}")
def promoting(shop: Shop) -> Act:
    path = f"/v1/staff/members/{shop.staff('agent').id}"
    return shop.asking(shop.staff("owner"), "PATCH", path, {"role": "manager"})


@scenario("AuthApi", "POST /v1/staff/members/{member_id}/renewals")
def renewing(shop: Shop) -> Act:
    path = f"/v1/staff/members/{shop.staff('agent').id}/renewals"
    return shop.asking(shop.staff("owner"), "POST", path, {"language": "en"})


@scenario("AuthApi", "DELETE /v1/staff/members/{member_id}", LEFT)
def removing(shop: Shop) -> Act:
    path = f"/v1/staff/members/{shop.staff('agent').id}"
    return shop.asking(shop.staff("owner"), "DELETE", path)


reads("AuthApi", "GET /v1/staff/members", "manager")
reads("AuthApi", "GET /v1/staff/invitations", "manager")
reads("AuthApi", "GET /v1/staff/audit", "owner")


@scenario("AuthConsumer", "auth.staff_acted.v1")
def keeping_the_trail(shop: Shop) -> Act:
    return lambda: shop.cloud.publish(sample("auth.staff_acted.v1", occurred_at=clock.now()))
