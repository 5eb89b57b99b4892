"""The demo shop: two members of staff, a catalogue and a customer, made as a shop makes them.

Safe to run again on kept data: what is there stays as it is.
"""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from local import aws, catalogue, deployment, examples, http, outbox
from local.console import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.stack import Person, Stack, Staff

CUSTOMER: Person = {"login": "anna@example.com", "password": "Kabinet-demo-2026!"}
STAFF_PASSWORD = "Kabinet-staff-2026!"  # noqa: S105
STAFF = {"agent": "agent@kabinet.example", "manager": "manager@kabinet.example"}
PROMO_CODE = "HELLO-10"
DONE = "/kabinet-local/demo"
BATCH = 25
LETTER_SECONDS = 30


def load(stack: Stack) -> None:
    """Fill the shop, and *stack* with how its demo people sign in.

    Each step is done once in the life of the data; more demo data are more steps.
    """
    stack["agent"] = once(stack, "agent", lambda: hire(stack, "agent"))
    stack["manager"] = once(stack, "manager", lambda: hire(stack, "manager"))
    categories, products = catalogue.categories(), catalogue.products()
    once(stack, f"categories-{fingerprint(categories)}", lambda: shelve(stack, categories))
    once(stack, f"products-{fingerprint(products)}", lambda: import_products(stack, products))
    once(stack, "promo-code", lambda: offer(stack))
    stack["customer"] = once(stack, "customer", lambda: register_customer(stack))
    once(stack, "consent", lambda: agree(stack, stack["customer"]))


def once(stack: Stack, step: str, act: Callable[[], Any]) -> Any:
    """What *act* answered the first time; remembered beside the data, and lost with them."""
    ssm = aws.client("ssm", stack["endpoint_url"])
    name = f"{DONE}/{step}"
    try:
        return json.loads(ssm.get_parameter(Name=name)["Parameter"]["Value"])
    except ssm.exceptions.ParameterNotFound:
        made = act()
        ssm.put_parameter(Name=name, Value=json.dumps(made), Type="String")
        return made


def fingerprint(body: object) -> UUID:
    return uuid5(NAMESPACE_URL, json.dumps(body, sort_keys=True))


def hire(stack: Stack, role: str) -> Staff:
    email = STAFF[role]
    made = deployment.invoke(
        stack["endpoint_url"],
        "AuthAdmin",
        {"action": "create_staff", "email": email, "password": STAFF_PASSWORD, "role": role},
    )
    if "error" in made:
        raise Trouble(f"{email}: {made['error']}; `make reset` starts clean.")
    return {"login": email, "password": made["password"], "totp_secret": made["totp_secret"]}


def shelve(stack: Stack, categories: dict[str, dict[str, Any]]) -> int:
    """Make the tree of categories, as the manager; how many there are."""
    headers = {"Authorization": f"Bearer {sign_in(stack, stack['manager'])}"}
    for name, body in categories.items():
        url = f"{stack['api_url']}/v1/staff/categories/{name}"
        http.send("PUT", url, body, headers).expect(200)
    return len(categories)


def import_products(stack: Stack, products: list[dict[str, Any]]) -> int:
    """Import the catalogue in batches, as the manager; how many products it holds."""
    token = sign_in(stack, stack["manager"])
    for start in range(0, len(products), BATCH):
        batch = {"products": products[start : start + BATCH]}
        http.send(
            "POST",
            f"{stack['api_url']}/v1/staff/products/imports",
            batch,
            {"Authorization": f"Bearer {token}", "Idempotency-Key": str(fingerprint(batch))},
        ).expect(200, 201, 202)
    return len(products)


def offer(stack: Stack) -> str:
    """Make a promo code that takes a tenth off each customer's first use, as the manager."""
    headers = {"Authorization": f"Bearer {sign_in(stack, stack['manager'])}"}
    url = f"{stack['api_url']}/v1/staff/coupons/{PROMO_CODE}"
    http.send("PUT", url, {"percent": 10, "per_customer": 1}, headers).expect(200)
    return PROMO_CODE


def sign_in(stack: Stack, person: Person) -> str:
    """An access token of *person*; the local stack asks staff for no second factor."""
    credentials = {"login": person["login"], "password": person["password"]}
    answer = http.send("POST", f"{stack['api_url']}/v1/auth/sign-in", credentials).expect(200)
    return str(answer["access_token"])


def register_customer(stack: Stack) -> Person:
    """Register the demo customer with the code from the letter."""
    base = f"{stack['api_url']}/v1/auth/registrations"
    seen = len(letters(stack, CUSTOMER["login"]))
    body = {"email": CUSTOMER["login"], "password": CUSTOMER["password"]}
    registration = http.send("POST", base, body).expect(202)["registration_id"]
    code = code_from_letter(stack, CUSTOMER["login"], seen)
    http.send("POST", f"{base}/{registration}/confirm", {"code": code}).expect(200, 201, 204)
    return CUSTOMER


def agree(stack: Stack, person: Person) -> None:
    """Let *person* agree to be reminded of a cart."""
    body = examples.BODIES["PUT /v1/preferences"]
    url, token = f"{stack['api_url']}/v1/preferences", sign_in(stack, person)
    http.send("PUT", url, body, {"Authorization": f"Bearer {token}"}).expect(200)


def letters(stack: Stack, address: str) -> list[outbox.Message]:
    return [m for m in outbox.messages(stack["endpoint_url"]) if address in m.to]


def code_from_letter(stack: Stack, address: str, seen: int) -> str:
    """The six digits of the next letter to *address* after the *seen* ones."""
    deadline = time.monotonic() + LETTER_SECONDS
    while time.monotonic() < deadline:
        found = letters(stack, address)
        if len(found) > seen and (code := re.search(r"\b\d{6}\b", found[0].text)):
            return code.group()
        time.sleep(0.2)
    raise Trouble(f"no letter with a code reached {address} in {LETTER_SECONDS} s")
