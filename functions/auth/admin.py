"""What only the shop's operator may do, through IAM.

`{"action": "create_staff", "email", "role": "agent" | "manager" | "owner", "password"?}` answers
`{"staff_id", "login", "password", "totp_secret", "provisioning_uri"}`, or `{"error"}` when the
login belongs to somebody already.

`{"action": "import_customers", "customers": [{"email"?, "phone"?, "name"?, "password_hash"?,
"language"?, "marketing"?}, …], "dry_run"?}`, 25 at most, answers `{"results": [{"outcome":
"imported" | "known" | "rejected", "reason"}, …]}` in their order.
"""

import os
import secrets
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import Field, ValidationError

from auth import client, store
from auth.account import Account, Factor, FactorKind
from auth.importing import store as importing
from auth.importing.customer import Row
from auth.password import passwords
from auth.password.passwords import NewPassword
from auth.sign_in import totp
from auth.staff import store as staff
from auth.staff import tokens
from auth.staff.member import Member
from common import clock, fields, ids, sealing
from common.access import Role
from common.api import Body
from common.emails import Email
from common.fields import explain
from common.language import Language
from common.logs import logger

GENERATED_BYTES = 15
MOST_CUSTOMERS = 25


class NewStaff(Body):
    action: Literal["create_staff"]
    email: Email
    role: Literal["agent", "manager", "owner"]
    password: NewPassword | None = None


class Customer(Body):
    """A row of an import; what it holds is judged row by row."""

    email: Annotated[str, Field(max_length=400)] | None = None
    phone: Annotated[str, Field(max_length=400)] | None = None
    name: Annotated[fields.OwnLine, Field(max_length=200)] | None = None
    password_hash: Annotated[str, Field(max_length=1000)] | None = None
    language: Language = Language.RU
    marketing: bool = False


class Import(Body):
    action: Literal["import_customers"]
    customers: Annotated[list[Customer], Field(max_length=MOST_CUSTOMERS)]
    dry_run: bool = False


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    kind = Import if event.get("action") == "import_customers" else NewStaff
    try:
        wanted = kind.model_validate(event)
    except ValidationError as refused:
        faults = [explain(dict(error), Language.EN) for error in refused.errors()]
        return {"error": "; ".join(f"{fault['field']}: {fault['message']}" for fault in faults)}
    if isinstance(wanted, Import):
        return import_customers(wanted, clock.now())
    return create_staff(wanted, clock.now())


def import_customers(wanted: Import, at: datetime) -> dict[str, Any]:
    """Make those customers that are new; called again it makes nobody twice."""
    results = []
    for customer in wanted.customers:
        row = Row(**dict(customer))
        results.append(asdict(importing.make(row, client.countries(), at, dry=wanted.dry_run)))
    logger.info("customers imported", rows=len(results), dry_run=wanted.dry_run)
    return {"results": results}


def create_staff(wanted: NewStaff, at: datetime) -> dict[str, str]:
    """Make a member of staff; what is answered is shown this once and kept nowhere."""
    staff_id, secret = ids.new(at), tokens.new_secret()
    password = wanted.password or secrets.token_urlsafe(GENERATED_BYTES)
    factor = Factor(ids.new(at), FactorKind.TOTP, at, sealed=sealing.seal(staff_id, secret))
    account = Account(
        id=staff_id,
        role=Role[wanted.role.upper()],
        logins=(wanted.email,),
        password_hash=passwords.hashed(password),
        factors=(factor,),
    )
    member = Member(staff_id, wanted.email, account.role, at)
    try:
        store.add_account(account, *staff.joined(member))
    except store.LoginTaken:
        return {"error": f"{wanted.email} has an account already"}
    logger.info("staff created", staff_id=staff_id, role=wanted.role)
    return {
        "staff_id": staff_id,
        "login": wanted.email,
        "password": password,
        "totp_secret": secret,
        "provisioning_uri": totp.provisioning_uri(secret, wanted.email, os.environ["SHOP_NAME"]),
    }
