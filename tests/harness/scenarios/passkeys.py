"""What the sweep does to passkeys."""

from typing import Any

from authenticator import Authenticator
from common import access
from scenarios.auth import ATTEMPTS, LIMITS, PROVEN
from scenarios.declared import EMAIL, LOST, reads, scenario
from shop import Shop
from sweep import Accepted, Act

FUNCTION, PASSKEYS = "AuthPasskeysApi", "/v1/auth/passkeys"
BEGUN_AGAIN = Accepted(
    "who did not get the challenge of a passkey asks for another; the lost one ends by itself",
    lines=('+ AuthTable {*"pk": "CHALLENGE#*',),
)
USED = "a challenge of a passkey is good once: who lost the tokens asks for another"
UNSEEN = Accepted(USED, "dynamodb.TransactWriteItems", LOST, answers=("*wrong_passkey*",))
UNHANDED = Accepted(USED, "kms.Sign", answers=("*wrong_passkey*",))
OVER = Accepted(PROVEN, "dynamodb.TransactWriteItems", LOST, answers=("*challenge_over*",))
OVER_UNSIGNED = Accepted(PROVEN, "kms.Sign", answers=("*challenge_over*",))
REMOVED = Accepted(
    "who lost the answer finds the passkey gone",
    "dynamodb.TransactWriteItems",
    LOST,
    answers=("*not_found*",),
)
COPIES = Accepted("a copy counts each time that it is tried", attributes=("times",))


def held(shop: Shop) -> tuple[Any, Authenticator, str]:
    """Somebody, the device with their passkey, and where that is."""
    person = shop.customer()
    device = shop.passkey(person)
    [passkey] = shop.ask(person, "GET", PASSKEYS)["items"]
    return person, device, f"{PASSKEYS}/{passkey['id']}"


@scenario(FUNCTION, f"POST {PASSKEYS}/options", LIMITS, BEGUN_AGAIN)
def beginning_a_passkey(shop: Shop) -> Act:
    person = shop.customer()
    shop.prove(person, access.Act.FACTORS)
    return shop.asking(person, "POST", f"{PASSKEYS}/options")


@scenario(FUNCTION, f"POST {PASSKEYS}")
def adding_a_passkey(shop: Shop) -> Act:
    person = shop.customer()
    return shop.asking(person, "POST", PASSKEYS, shop.making(person, Authenticator()))


@scenario(FUNCTION, f"PATCH {PASSKEYS}/{{passkey_id}}")
def renaming_a_passkey(shop: Shop) -> Act:
    person, _, path = held(shop)
    return shop.asking(person, "PATCH", path, {"name": "The old phone"})


@scenario(FUNCTION, f"DELETE {PASSKEYS}/{{passkey_id}}", REMOVED)
def removing_a_passkey(shop: Shop) -> Act:
    person, device, path = held(shop)
    shop.ask(None, "POST", f"{PASSKEYS}/sign-in", shop.showing(device))  # which ends
    return shop.asking(person, "DELETE", path)


@scenario(FUNCTION, f"POST {PASSKEYS}/sign-in/options", LIMITS, BEGUN_AGAIN)
def beginning_to_sign_in_by_a_passkey(shop: Shop) -> Act:
    return shop.asking(None, "POST", f"{PASSKEYS}/sign-in/options")


@scenario(FUNCTION, f"POST {PASSKEYS}/sign-in", LIMITS, UNSEEN, UNHANDED)
def signing_in_by_a_passkey(shop: Shop) -> Act:
    _, device, _ = held(shop)
    return shop.asking(None, "POST", f"{PASSKEYS}/sign-in", shop.showing(device))


@scenario(FUNCTION, f"POST {PASSKEYS}/sign-in: a copy", LIMITS, COPIES)
def signing_in_by_a_copy(shop: Shop) -> Act:
    device = shop.passkey(shop.customer(), Authenticator(counts=True, syncs=False))
    device.held[0].count = 5
    shop.ask(None, "POST", f"{PASSKEYS}/sign-in", shop.showing(device))
    device.held[0].count = 2
    return shop.asking(None, "POST", f"{PASSKEYS}/sign-in", shop.showing(device))


def stepping_up(shop: Shop) -> tuple[Any, Authenticator, str]:
    person, device, _ = held(shop)
    begun = shop.ask(person, "POST", "/v1/auth/step-ups", {"act": "money"})["id"]
    return person, device, f"{PASSKEYS}/step-ups/{begun}"


@scenario(FUNCTION, f"POST {PASSKEYS}/step-ups/{{step_up_id}}/options")
def beginning_to_prove_by_a_passkey(shop: Shop) -> Act:
    person, _, path = stepping_up(shop)
    return shop.asking(person, "POST", f"{path}/options")


@scenario(FUNCTION, f"POST {PASSKEYS}/step-ups/{{step_up_id}}/proof", ATTEMPTS, LIMITS)
def proving_by_a_passkey(shop: Shop) -> Act:
    person, device, path = stepping_up(shop)
    begun = shop.ask(person, "POST", f"{path}/options")
    body = {"credential": device.prove(begun["public_key"])}
    return shop.asking(person, "POST", f"{path}/proof", body)


def halfway(shop: Shop) -> tuple[Authenticator, str]:
    person, _ = shop.register(EMAIL)
    device = shop.passkey(person)
    shop.authenticator(person)
    return device, f"{PASSKEYS}/second-steps/{shop.second_step(EMAIL)}"


@scenario(FUNCTION, f"POST {PASSKEYS}/second-steps/{{second_step_id}}/options", LIMITS)
def beginning_a_second_step_by_a_passkey(shop: Shop) -> Act:
    _, path = halfway(shop)
    return shop.asking(None, "POST", f"{path}/options")


@scenario(
    FUNCTION,
    f"POST {PASSKEYS}/second-steps/{{second_step_id}}/confirm",
    ATTEMPTS,
    LIMITS,
    OVER,
    OVER_UNSIGNED,
)
def taking_the_second_step_by_a_passkey(shop: Shop) -> Act:
    device, path = halfway(shop)
    begun = shop.ask(None, "POST", f"{path}/options")
    body = {"credential": device.prove(begun["public_key"])}
    return shop.asking(None, "POST", f"{path}/confirm", body)


reads(FUNCTION, f"GET {PASSKEYS}", "customer")
