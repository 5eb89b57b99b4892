"""What only the shop's operator may do, through IAM.

`{"action": "create_staff", "email", "role": "agent" | "manager" | "owner", "password"?}` answers
`{"staff_id", "login", "password", "totp_secret", "provisioning_uri"}`, or `{"error"}` when the
login belongs to somebody already.
"""

import os
import secrets
from datetime import datetime
from typing import Any, Literal

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from auth import store
from auth.account import Account, Factor, FactorKind
from auth.password import passwords
from auth.password.passwords import NewPassword
from auth.sign_in import totp
from common import clock, ids, sealing
from common.access import Role
from common.api import Body
from common.emails import Email
from common.fields import explain
from common.language import Language
from common.logs import logger

GENERATED_BYTES = 15


class NewStaff(Body):
    action: Literal["create_staff"]
    email: Email
    role: Literal["agent", "manager", "owner"]
    password: NewPassword | None = None


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    try:
        wanted = NewStaff.model_validate(event)
    except ValidationError as refused:
        faults = [explain(dict(error), Language.EN) for error in refused.errors()]
        return {"error": "; ".join(f"{fault['field']}: {fault['message']}" for fault in faults)}
    return create_staff(wanted, clock.now())


def create_staff(wanted: NewStaff, at: datetime) -> dict[str, str]:
    """Make a member of staff; what is answered is shown this once and kept nowhere."""
    staff_id, secret = ids.new(at), totp.secret_of(secrets.token_bytes(totp.SECRET_BYTES))
    password = wanted.password or secrets.token_urlsafe(GENERATED_BYTES)
    factor = Factor(ids.new(at), FactorKind.TOTP, at, sealed=sealing.seal(staff_id, secret))
    account = Account(
        id=staff_id,
        role=Role[wanted.role.upper()],
        logins=(wanted.email,),
        password_hash=passwords.hashed(password),
        factors=(factor,),
    )
    try:
        store.add_account(account)
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
