"""HTTP routes of the cart."""

import os
from functools import partial
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from common import access, clock, pricing, table
from common import api as shell
from common.fields import Quantity
from common.language import Language
from orders import totals
from orders.cart import store
from orders.cart.cart import Cart, Code, Line, UnknownProduct
from orders.catalogue import store as catalogue
from orders.catalogue.fields import SkuInPath
from orders.catalogue.product import Product
from orders.tariff import tariff

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped


class LineBody(shell.Body):
    quantity: Quantity


class TroubleView(shell.View):
    """What is wrong with a line: `available` where too few are left, both prices where the
    price moved."""

    code: Code
    message: str
    available: int | None
    old_minor: int | None
    new_minor: int | None


class LineView(shell.View):
    """A line at today's price; `available` is absent (null) where stock never ends."""

    sku: str
    name: str
    quantity: int
    price_minor: int
    total_minor: int
    currency: str
    available: int | None
    problems: list[TroubleView]


class CartView(shell.View):
    """`most_points` is how many points the cart may be paid with."""

    lines: list[LineView]
    totals: totals.TotalsView
    most_points: int


@router.get("/v1/cart", responses=shell.shown(CartView))
def show_cart() -> Response[Any]:
    """Show the cart at today's prices, with totals and with what needs attention."""
    caller = access.customer(router)
    cart = store.find(caller.id)
    products = catalogue.find_many(line.sku for line in cart.lines) if cart.lines else {}
    view = _cart_view(cart, products, shell.language(router))
    return shell.answer(view, headers={"ETag": shell.etag(cart.version)})


@router.put("/v1/cart/lines/<sku>", responses=shell.shown(LineView))
def put_line(sku: SkuInPath, request: LineBody, if_match: shell.IfMatch = None) -> Response[Any]:
    """Put this quantity of a product into the cart, at the price of this moment."""
    caller = access.customer(router)
    put = partial(_put, caller.id, sku, request.quantity, if_match)
    line, product, version = table.retried(put)
    view = _line_view(line, product, shell.language(router))
    return shell.answer(view, headers={"ETag": shell.etag(version)})


@router.delete("/v1/cart/lines/<sku>", responses={204: {"description": "The line is gone"}})
def remove_line(sku: SkuInPath, if_match: shell.IfMatch = None) -> Response[Any]:
    """Take a product out of the cart; that it is not there is fine."""
    caller = access.customer(router)
    version = table.retried(partial(_remove, caller.id, sku, if_match))
    return Response(HTTPStatus.NO_CONTENT, headers={"ETag": shell.etag(version)})


def _put(
    customer_id: str, sku: str, quantity: int, if_match: str | None
) -> tuple[Line, Product, int]:
    cart, product = store.find_with(customer_id, sku)
    if product is None:
        raise UnknownProduct
    shell.require_match(if_match, cart.version)
    now = clock.now()
    line = cart.line_of(product, quantity, now)
    return line, product, store.put_line(customer_id, cart, line, now)


def _remove(customer_id: str, sku: str, if_match: str | None) -> int:
    cart = store.find(customer_id)
    shell.require_match(if_match, cart.version)
    if all(line.sku != sku for line in cart.lines):
        return cart.version
    return store.remove_line(customer_id, cart, sku, clock.now())


def _cart_view(cart: Cart, products: dict[str, Product], language: Language) -> CartView:
    """Lines that are no longer sold are shown, but cost nothing."""
    sold = [
        line.priced(products[line.sku].price_minor) for line in cart.lines if line.sku in products
    ]
    terms = tariff(os.environ)
    return CartView(
        lines=[_line_view(line, products.get(line.sku), language) for line in cart.lines],
        totals=totals.view(pricing.totals(sold, terms.delivery), terms.currency),
        most_points=pricing.most_points(sold),
    )


def _line_view(line: Line, product: Product | None, language: Language) -> LineView:
    price = product.price_minor if product else line.price_minor
    return LineView(
        sku=line.sku,
        name=(product.name if product else line.name)[language],
        quantity=line.quantity,
        price_minor=price,
        total_minor=line.priced(price).total_minor,
        currency=os.environ["CURRENCY"],
        available=product.available if product else 0,
        problems=[
            TroubleView(
                code=trouble.code,
                message=trouble.message()[language],
                available=trouble.available,
                old_minor=trouble.old_minor,
                new_minor=trouble.new_minor,
            )
            for trouble in line.troubles(product)
        ],
    )
