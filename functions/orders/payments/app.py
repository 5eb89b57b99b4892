"""HTTP routes of payments and of the customer's money."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import api as shell
from orders.gift_cards.app import using as gift_cards
from orders.payments.cards.app import router as cards
from orders.payments.charges.app import router as charges
from orders.payments.reconciliation.app import router as reconciliation
from orders.payments.webhooks.app import router as webhooks
from orders.wallet.app import router as wallet
from orders.wallet.history.app import router as history
from orders.wallet.transfers.app import router as transfers

api = shell.create()
for router in (charges, webhooks, cards, wallet, gift_cards, transfers, history, reconciliation):
    api.include_router(router)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)
