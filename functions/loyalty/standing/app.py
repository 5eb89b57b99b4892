"""The HTTP route of a customer's tier."""

import os

from aws_lambda_powertools.event_handler.api_gateway import Router

from common import access
from common import api as shell
from common.language import Language
from loyalty.standing import store
from loyalty.standing.standing import Standing

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped


class NextTierView(shell.View):
    """`left_minor` is what is missing to it."""

    code: str
    name: str
    earn_percent: int
    left_minor: int


class StandingView(shell.View):
    """`spent_minor` was paid for what was delivered and did not come back; of what is paid next,
    `earn_percent` comes back in points. `next_tier` is null at the highest."""

    code: str
    name: str
    earn_percent: int
    spent_minor: int
    currency: str
    next_tier: NextTierView | None


@router.get("/v1/loyalty/tier")
def show_tier() -> StandingView:
    """Show the customer's tier, and what is missing to the next one."""
    standing = store.find(access.customer(router).id)
    return _view(standing, shell.language(router))


def _view(standing: Standing, language: Language) -> StandingView:
    tier = standing.tier
    return StandingView(
        code=tier.code,
        name=tier.name[language],
        earn_percent=tier.earn_percent,
        spent_minor=max(0, standing.spent_minor),
        currency=os.environ["CURRENCY"],
        next_tier=_next(standing, language),
    )


def _next(standing: Standing, language: Language) -> NextTierView | None:
    upper, left = standing.next_tier, standing.left_minor
    if upper is None or left is None:
        return None
    sums = {"earn_percent": upper.earn_percent, "left_minor": left}
    return NextTierView(code=upper.code, name=upper.name[language], **sums)
