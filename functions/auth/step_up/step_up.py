"""A step-up: what proves anew that somebody is there, for one act of one session (RFC 9470)."""

from auth.account import Account
from auth.challenge.challenge import Channel
from auth.factors.offers import Offer, of_factors, of_passkeys
from common.errors import Problem
from common.language import Text

PASSWORD = "password"  # noqa: S105 - the name of a proof


class WrongProof(Problem):
    """The password or the code is wrong; `attempts_left` says how many more may be tried."""

    status = 422
    code = "wrong_proof"
    title = Text(ru="Не подошло. Проверьте и попробуйте ещё раз.", en="That was not it. Try again.")


class ProofNotOffered(Problem):
    """The account is not proven this way: `offers` of the step-up tell how it is."""

    status = 422
    code = "proof_not_offered"
    title = Text(
        ru="Этим способом подтвердить нельзя. Выберите один из предложенных.",
        en="This way is not open. Choose one of those offered.",
    )


def offers(account: Account) -> tuple[Offer, ...]:
    """The ways in which *account* may be proven. Who has a second factor proves by that and never
    by the password alone, which whoever stole the session may have too (AAL2)."""
    if account.factors:
        return of_factors(account)
    contacts = (Channel.EMAIL.value, account.email), (Channel.SMS.value, account.phone)
    password = [Offer(PASSWORD)] if account.password_hash else []
    return *password, *of_passkeys(account), *(Offer(kind, to) for kind, to in contacts if to)


def offered(account: Account, kind: str) -> Offer:
    """The account's offer of that *kind*. ProofNotOffered when it has none."""
    for offer in offers(account):
        if offer.kind == kind:
            return offer
    raise ProofNotOffered
