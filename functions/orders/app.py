"""HTTP routes of orders."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import api as shell
from orders.addresses.app import router as addresses
from orders.cart.app import router as cart
from orders.catalogue.app import router as catalogue
from orders.checkout.app import router as checkout
from orders.claims.app import router as claims
from orders.coupons.app import router as coupons
from orders.delivery.app import router as delivery
from orders.delivery.staff.app import router as delivery_staff
from orders.gift_cards.app import router as gift_cards
from orders.order.app import router as order
from orders.payments.refunds.app import router as refunds
from orders.reorder.app import router as reorder
from orders.tracking.app import router as tracking

api = shell.create()
shopping = catalogue, cart, coupons, addresses, delivery, delivery_staff, checkout
for router in (*shopping, claims, order, gift_cards, reorder, refunds, tracking):
    api.include_router(router)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)
