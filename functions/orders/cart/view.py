"""How a cart is shown. Pure."""

from collections.abc import Mapping

from common import api as shell
from common import pricing
from common.language import Language
from orders import gift, totals
from orders.cart.cart import Cart, Code, Line
from orders.cart.merge import Outcome
from orders.catalogue.product import Product
from orders.tariff import Tariff


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
    """`most_points` is how many points the cart may be paid with. What is `saved` for later costs
    nothing and is not ordered; `gift` is null unless the order is to be a present."""

    lines: list[LineView]
    saved: list[LineView]
    gift: gift.GiftView | None
    totals: totals.TotalsView
    most_points: int


class MovedView(shell.View):
    """One line of the guest's cart: how many of it the cart holds now. `limited`: there are not
    enough for both; `left_behind`: there is no room, and it is still in the guest's cart."""

    sku: str
    quantity: int
    outcome: Outcome


class MergeView(shell.View):
    lines: list[MovedView]


class GuestView(shell.View):
    """`guest_token` goes where a customer's token would."""

    guest_token: str
    token_type: str = "Bearer"  # noqa: S105 - a scheme
    expires_in: int


def cart_view(
    cart: Cart, products: Mapping[str, Product], tariff: Tariff, language: Language
) -> CartView:
    """Lines that are no longer sold are shown, but cost nothing."""
    sold = [
        line.priced(products[line.sku].price_minor) for line in cart.lines if line.sku in products
    ]

    def shown(line: Line) -> LineView:
        return line_view(line, products.get(line.sku), tariff.currency, language)

    return CartView(
        lines=list(map(shown, cart.lines)),
        saved=list(map(shown, cart.saved)),
        gift=gift.view(cart.gift) if cart.gift else None,
        totals=totals.view(pricing.totals(sold, tariff.delivery), tariff.currency),
        most_points=pricing.most_points(sold),
    )


def line_view(line: Line, product: Product | None, currency: str, language: Language) -> LineView:
    price = product.price_minor if product else line.price_minor
    return LineView(
        sku=line.sku,
        name=(product.name if product else line.name)[language],
        quantity=line.quantity,
        price_minor=price,
        total_minor=line.priced(price).total_minor,
        currency=currency,
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
