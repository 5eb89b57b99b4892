"""HTTP routes of loyalty."""

import os
from datetime import date
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import AwareDatetime

from common import access, clock, ledger, pricing
from common import api as shell
from common.language import Language
from loyalty import points, store
from loyalty.coupons.app import router as coupons
from loyalty.standing.app import router as standing
from loyalty.standing.standing import TIERS

api = shell.create()
for router in (coupons, standing):
    api.include_router(router)


class LotView(shell.View):
    """Points that expire together; `expires_on` is the last day they can be spent."""

    points: int
    worth_minor: int
    expires_on: date | None


class EntryView(shell.View):
    """One movement: points earned are above zero, points spent below."""

    id: str
    kind: str
    points: int
    at: AwareDatetime
    order_id: str | None


class RulesView(shell.View):
    earn_percent: int
    point_minor: int
    most_share_percent: int
    lifetime_days: int
    how_to_earn: str
    how_to_spend: str


class LoyaltyView(shell.View):
    available: int
    worth_minor: int
    currency: str
    lots: list[LotView]
    next_expiry: LotView | None
    rules: RulesView
    history: list[EntryView]


@api.get("/v1/loyalty")
def show_loyalty() -> LoyaltyView:
    """Show the customer's points, when they expire, the rules and the latest movements."""
    caller = access.customer(api)
    return _loyalty(caller.id, store.account(caller.id), clock.today())


def _loyalty(customer_id: str, account: ledger.Account, today: date) -> LoyaltyView:
    available = account.available(today)
    lots = [_lot(day, held) for day, held in account.open_lots(today)]
    entries = points.history(account, ledger.points_of(customer_id))
    return LoyaltyView(
        available=available,
        worth_minor=available * pricing.POINT_MINOR,
        currency=os.environ["CURRENCY"],
        lots=lots,
        next_expiry=next((lot for lot in lots if lot.expires_on), None),
        rules=_rules(shell.language(api)),
        history=[
            EntryView(id=e.id, kind=e.kind, points=e.points, at=e.at, order_id=e.order_id)
            for e in entries
        ],
    )


def _lot(day: str, held: int) -> LotView:
    expires_on = None if day == ledger.NEVER else date.fromisoformat(day)
    return LotView(points=held, worth_minor=held * pricing.POINT_MINOR, expires_on=expires_on)


def _rules(language: Language) -> RulesView:
    days, share = points.LIFETIME.days, pricing.POINTS_SHARE_PERCENT
    return RulesView(
        earn_percent=TIERS[0].earn_percent,
        point_minor=pricing.POINT_MINOR,
        most_share_percent=share,
        lifetime_days=days,
        how_to_earn=points.HOW_TO_EARN[language].format(percent=TIERS[0].earn_percent),
        how_to_spend=points.HOW_TO_SPEND[language].format(share=share, days=days),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)
