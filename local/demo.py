"""The demo shop: two members of staff, a catalogue and a customer, made as a shop makes them.

Safe to run again on kept data: what is there stays as it is.
"""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, cast
from uuid import NAMESPACE_URL, uuid5

from botocore.exceptions import ClientError

from local import aws, catalogue, deployment, http, outbox
from local.console import Trouble

if TYPE_CHECKING:
    from local.stack import Person, Stack, Staff

CUSTOMER: Person = {"login": "anna@example.com", "password": "Kabinet-demo-2026!"}
STAFF_PASSWORD = "Kabinet-staff-2026!"  # noqa: S105
STAFF = {"agent": "agent@kabinet.example", "manager": "manager@kabinet.example"}
RECORD = "/kabinet-local/demo-staff"
BATCH = 25
LETTER_SECONDS = 30


def load(stack: Stack) -> None:
    """Fill the shop, and *stack* with how its demo people sign in.

    A seam for more demo data: each step is a function of the running stack.
    """
    staff = hired(stack)
    stack["agent"], stack["manager"] = staff["agent"], staff["manager"]
    stack["customer"] = CUSTOMER
    import_products(stack)
    register_customer(stack)


def hired(stack: Stack) -> dict[str, Staff]:
    """The demo staff; created once, and remembered where the emulator keeps everything else."""
    ssm = aws.client("ssm", stack["endpoint_url"])
    try:
        kept = ssm.get_parameter(Name=RECORD)["Parameter"]["Value"]
        return cast("dict[str, Staff]", json.loads(kept))
    except ClientError:
        staff = {role: hire(stack, role, email) for role, email in STAFF.items()}
        ssm.put_parameter(Name=RECORD, Value=json.dumps(staff), Type="String")
        return staff


def hire(stack: Stack, role: str, email: str) -> Staff:
    made = deployment.invoke(
        stack["endpoint_url"],
        "AuthAdmin",
        {"action": "create_staff", "email": email, "password": STAFF_PASSWORD, "role": role},
    )
    return {"login": email, "password": made["password"], "totp_secret": made["totp_secret"]}


def import_products(stack: Stack) -> None:
    """Import the catalogue in batches; the keys make a second run change nothing."""
    products = catalogue.products()
    token = sign_in(stack, stack["manager"])
    for start in range(0, len(products), BATCH):
        batch = {"products": products[start : start + BATCH]}
        key = str(uuid5(NAMESPACE_URL, json.dumps(batch, sort_keys=True)))
        http.send(
            "POST",
            f"{stack['api_url']}/v1/staff/products/imports",
            batch,
            {"Authorization": f"Bearer {token}", "Idempotency-Key": key},
        ).expect(200, 201, 202)


def sign_in(stack: Stack, person: Person) -> str:
    answer = try_sign_in(stack, person).expect(200)
    return str(answer["access_token"])


def try_sign_in(stack: Stack, person: Person) -> http.Answer:
    credentials = {"login": person["login"], "password": person["password"]}
    return http.send("POST", f"{stack['api_url']}/v1/auth/sign-in", credentials)


def register_customer(stack: Stack) -> None:
    """Register the demo customer with the code from the letter, unless they can sign in."""
    if try_sign_in(stack, CUSTOMER).status == 200:
        return
    base = f"{stack['api_url']}/v1/auth/registrations"
    seen = len(letters(stack, CUSTOMER["login"]))
    body = {"email": CUSTOMER["login"], "password": CUSTOMER["password"]}
    registration = http.send("POST", base, body).expect(202)["registration_id"]
    code = code_from_letter(stack, CUSTOMER["login"], seen)
    http.send("POST", f"{base}/{registration}/confirm", {"code": code}).expect(200, 201, 204)


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
