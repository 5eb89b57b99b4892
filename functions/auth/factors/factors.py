"""An account's second factors: at most one of a kind, the preferred one first."""

from dataclasses import replace

from auth.account import Account, Factor
from common.access import Role
from common.errors import NotFound, Problem, Refusal
from common.language import Text


class LastFactor(Refusal):
    """Staff may replace their authenticator, but not be without one."""

    code = "last_factor"
    title = Text(
        ru="Сотрудникам без второго фактора нельзя. Замените его новым.",
        en="Staff must have a second factor. Replace it by a new one.",
    )


class NoFactor(Refusal):
    """Recovery codes stand in for a second factor: without one they would weaken the account."""

    code = "no_factor"
    title = Text(
        ru="Сначала включите второй фактор: коды восстановления нужны на случай его потери.",
        en="Turn a second factor on first: recovery codes are for when you lose it.",
    )


class LastWayIn(Problem):
    """Nobody takes away the only thing by which they can come back."""

    status = 409
    code = "last_way_in"
    title = Text(
        ru="Это единственный способ войти. Сначала добавьте другой.",
        en="There is no other way to sign in. Add one first.",
    )


def found(account: Account, factor_id: str) -> Factor:
    """The account's factor of that id. NotFound."""
    for factor in account.factors:
        if factor.id == factor_id:
            return factor
    raise NotFound


def added(account: Account, factor: Factor) -> Account:
    """With *factor*, in the place of one of its kind where there is one."""
    kinds = [one.kind for one in account.factors]
    if factor.kind not in kinds:
        return replace(account, factors=(*account.factors, factor))
    kept = tuple(factor if one.kind is factor.kind else one for one in account.factors)
    return replace(account, factors=kept)


def removed(account: Account, factor: Factor) -> Account:
    """Without *factor*; recovery codes go with the last one. LastFactor for staff."""
    left = tuple(one for one in account.factors if one.id != factor.id)
    if not left and account.role is not Role.CUSTOMER:
        raise LastFactor
    codes = account.recovery_codes if left else ()
    return replace(account, factors=left, recovery_codes=codes)


def preferred(account: Account, factor: Factor) -> Account:
    """With *factor* before the others."""
    others = (one for one in account.factors if one.id != factor.id)
    return replace(account, factors=(factor, *others))
