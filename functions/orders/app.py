"""HTTP routes of orders."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import api as shell
from orders.addresses.app import router as addresses
from orders.cart.app import router as cart
from orders.catalogue.app import router as catalogue
from orders.checkout.app import router as checkout
from orders.order.app import router as order

api = shell.create()
for router in (catalogue, cart, addresses, checkout, order):
    api.include_router(router)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)
