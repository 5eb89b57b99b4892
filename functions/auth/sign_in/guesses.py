"""Guesses at a second proof: counted by account, before anything is compared."""

from datetime import datetime

from auth.account import Account, FactorKind
from auth.factors import recovery
from auth.sign_in import totp
from auth.sign_in.problems import WrongSecondFactor
from common import limits, sealing

# Of one account, wherever they come from (ASVS 6.6.3).
SECOND_FACTORS = limits.Limit("second-factor", 10, 15 * 60)


def totp_step(account: Account, code: str, at: datetime) -> int:
    """The step whose code *code* is, for the account's authenticator. WrongSecondFactor."""
    factor = account.factor(FactorKind.TOTP)
    limits.take(SECOND_FACTORS, account.id)
    secret = sealing.unseal(account.id, factor.sealed) if factor and factor.sealed else None
    step = totp.matching_step(secret, code, at) if secret else None
    if step is None:
        raise WrongSecondFactor
    return step


def recovery_code(account: Account, code: str) -> str:
    """What is kept of *code*, one of the account's recovery codes. WrongSecondFactor."""
    limits.take(SECOND_FACTORS, account.id)
    kept = recovery.match(account.id, account.recovery_codes, code)
    if kept is None:
        raise WrongSecondFactor
    return kept
