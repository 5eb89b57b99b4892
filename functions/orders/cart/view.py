"""How a cart is shown. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from common import api as shell
from common import pricing
from common.language import Language
from orders import gift, totals
from orders.cart.cart import Cart, Code, Line, Trouble
from orders.cart.merge import Outcome
from orders.catalogue.product import Product
from orders.coupons.coupon import Held
from orders.coupons.view import CouponView, coupon_view
from orders.standing.standing import Standing
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


class NextTierView(shell.View):
    """`left_minor` is what will be missing to the tier, at most, once the cart is bought and
    delivered."""

    code: str
    name: str
    left_minor: int


class CartView(shell.View):
    """`most_points` is how many points the cart may be paid with. What is `saved` for later costs
    nothing and is not ordered; `gift` is null unless the order is to be a present, `coupon` unless
    a promo code was put in, `next_tier` unless loyalty knows of one."""

    lines: list[LineView]
    saved: list[LineView]
    gift: gift.GiftView | None
    coupon: CouponView | None
    totals: totals.TotalsView
    most_points: int
    next_tier: NextTierView | None


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


@dataclass(frozen=True, slots=True)
class Seen:
    """When, in which language, and by which tariff a cart is looked at; its coupon as its owner
    finds it, and the owner's standing."""

    tariff: Tariff
    at: datetime
    language: Language
    held: Held | None
    standing: Standing

    def discount(self, goods_minor: int) -> pricing.Discount:
        """What the coupon takes off *goods_minor*."""
        return self.held.discount(goods_minor, self.at) if self.held else pricing.NO_DISCOUNT


def cart_view(cart: Cart, products: Mapping[str, Product], seen: Seen) -> CartView:
    """Lines that are no longer sold are shown, but cost nothing."""
    tariff, language, held = seen.tariff, seen.language, seen.held
    sold = [
        line.priced(products[line.sku].price_minor) for line in cart.lines if line.sku in products
    ]
    goods = pricing.reducible_minor(sold)
    off = seen.discount(goods)
    sums = pricing.totals(sold, tariff.delivery, 0, off)

    def shown(line: Line) -> LineView:
        tiers = seen.standing.tiers
        return line_view(line, products.get(line.sku), tiers, tariff.currency, language)

    return CartView(
        lines=list(map(shown, cart.lines)),
        saved=list(map(shown, cart.saved)),
        gift=gift.view(cart.gift) if cart.gift else None,
        coupon=coupon_view(held, goods, seen.at, language) if held else None,
        totals=totals.view(sums, tariff.currency),
        most_points=pricing.most_points(sold, off),
        next_tier=_next_tier(seen, sums.total_minor - sums.delivery_minor),
    )


def _next_tier(seen: Seen, spent_minor: int) -> NextTierView | None:
    upper = seen.standing.upper
    if upper is None:
        return None
    left, name = upper.left_after(spent_minor), upper.name[seen.language]
    return NextTierView(code=upper.code, name=name, left_minor=left)


def line_view(
    line: Line,
    product: Product | None,
    tiers: Collection[str],
    currency: str,
    language: Language,
) -> LineView:
    price = product.price_minor if product else line.price_minor
    return LineView(
        sku=line.sku,
        name=(product.name if product else line.name)[language],
        quantity=line.quantity,
        price_minor=price,
        total_minor=line.priced(price).total_minor,
        currency=currency,
        available=product.available if product else 0,
        problems=[_trouble(trouble, language) for trouble in line.troubles(product, tiers)],
    )


def _trouble(trouble: Trouble, language: Language) -> TroubleView:
    return TroubleView(
        code=trouble.code,
        message=trouble.message()[language],
        available=trouble.available,
        old_minor=trouble.old_minor,
        new_minor=trouble.new_minor,
    )
