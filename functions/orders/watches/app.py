"""HTTP routes of alerts: a lower price, or back in stock."""

import os
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import AwareDatetime

from common import access, clock
from common import api as shell
from common.errors import Refusal
from common.language import Text
from orders.cart.cart import UnknownProduct
from orders.catalogue.fields import SkuInPath
from orders.watches import store
from orders.watches.watch import Kind, Watch

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

DONE: dict[int, Any] = {204: {"description": "It is so"}}
KindInPath = Annotated[Kind, Path()]


class InStock(Refusal):
    """There is nothing to wait for."""

    code = "in_stock"
    title = Text(
        ru="Товар есть в наличии: его можно купить сейчас.",
        en="The product is in stock: it can be bought now.",
    )


class AlertView(shell.View):
    """`price_minor` is what the product cost when the alert was set: lower prices are told of."""

    kind: Kind
    sku: str
    price_minor: int
    currency: str
    since: AwareDatetime


class AlertList(shell.View):
    items: list[AlertView]


@router.get("/v1/alerts")
def list_alerts() -> AlertList:
    """List what the customer waits for; there are at most a hundred."""
    found = store.find_all(access.customer(router).id)
    return AlertList(items=list(map(_view, found)))


@router.put("/v1/alerts/<alert>/<sku>")
def set_alert(alert: KindInPath, sku: SkuInPath) -> AlertView:
    """Ask to be told when a product costs less than now, or is in stock again.

    Who asks agrees to messages about it. A price alert stays; of stock one message is sent.
    """
    caller = access.customer(router)
    known, product = store.find_with(caller.id, alert, sku)
    if known:
        return _view(known)
    if product is None:
        raise UnknownProduct
    if alert is Kind.STOCK and product.can_be_bought:
        raise InStock
    now = clock.now()
    watch = Watch(caller.id, alert, sku, product.price_minor, now)
    store.begin(watch)
    return _view(watch)


@router.delete("/v1/alerts/<alert>/<sku>", responses=DONE)
def end_alert(alert: KindInPath, sku: SkuInPath) -> Response[Any]:
    """Wait no longer; that nobody waited is fine."""
    store.end(access.customer(router).id, alert, sku)
    return Response(HTTPStatus.NO_CONTENT)


def _view(watch: Watch) -> AlertView:
    return AlertView(
        kind=watch.kind,
        sku=watch.sku,
        price_minor=watch.price_minor,
        currency=os.environ["CURRENCY"],
        since=watch.since,
    )
