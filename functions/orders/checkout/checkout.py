"""What a checkout asks for, and what it makes of a cart. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from common import ledger, pricing
from common.errors import Refusal
from orders.cart.cart import Cart, Code, Trouble
from orders.catalogue.product import Product
from orders.checkout import sums
from orders.checkout.refusals import REFUSALS, CartChanged, NotEnoughPoints, TooManyPoints
from orders.order.bill import Bill, Method, PaidInAdvance, require_available
from orders.order.order import Order, State, Step
from orders.order.parts import Contact, Delivery, Used
from orders.tariff import Tariff


@dataclass(frozen=True, slots=True)
class Request:
    """How the customer wants the cart delivered and paid."""

    delivery: Delivery
    payment: Method
    points: int
    contact: Contact | None = None
    balance_minor: int = 0
    coupon: Used | None = None

    @property
    def discount(self) -> pricing.Discount:
        return self.coupon.discount if self.coupon else pricing.NO_DISCOUNT

    def bill(self, customer_id: str, total_minor: int) -> Bill:
        """How *total_minor* is paid: the balance never pays more than there is to pay."""
        all_of_it = self.payment is Method.BALANCE
        balance = total_minor if all_of_it else min(self.balance_minor, total_minor)
        return Bill(self.payment, customer_id, total_minor - balance, balance)


@dataclass(frozen=True, slots=True)
class Draft:
    """An order that is about to be placed by somebody who has *tiers*, the cart it is made of, and
    the tariff it is priced by."""

    order: Order
    cart: Cart
    terms: Tariff
    tiers: Collection[str]

    def troubles(self, products: Mapping[str, Product | None]) -> list[tuple[str, Trouble]]:
        """What is wrong with the lines of *products*, as these are now, each by its SKU."""
        return [
            (line.sku, trouble)
            for line in self.cart.lines
            if line.sku in products
            for trouble in line.troubles(products[line.sku], self.tiers)
        ]


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What stood in the way of the transaction: the products that refused, as they are now, and
    the points account if it did; the balance, if that did; and why the coupon did."""

    cart_changed: bool
    products: Mapping[str, Product | None]
    account: ledger.Account | None
    money: ledger.Account | None = None
    coupon: Refusal | None = None


def order(
    order_id: str,
    customer_id: str,
    cart: Cart,
    account: ledger.Account,
    request: Request,
    tariff: Tariff,
    at: datetime,
    day: date,
) -> Order:
    """The order that *request* makes of the cart. Raise TooManyPoints, NotEnoughPoints."""
    bill, bought = _bought(cart, customer_id, request, tariff)
    return Order(
        id=order_id,
        customer_id=customer_id,
        version=1,
        day=day,
        points=_lots(cart, account, request, day),
        delivery=request.delivery,
        bill=bill,
        history=_begun(bill, at),
        contact=request.contact,
        **bought,
    )


def _begun(bill: Bill, at: datetime) -> tuple[Step, ...]:
    return (Step(State.AWAITING_PAYMENT if bill.is_awaited else State.PLACED, at),)


def _bought(
    cart: Cart, customer_id: str, request: Request, tariff: Tariff
) -> tuple[Bill, dict[str, Any]]:
    """How the order is paid, and what is bought and what it costs, by its members. Raise
    PaymentUnavailable, PaidInAdvance."""
    require_available(request.payment, tariff.currency)
    totals = pricing.totals(cart.priced(), tariff.delivery, request.points, request.discount)
    lines, delivery_tax = sums.bought(cart, totals, tariff.tax_percent)
    bill = request.bill(customer_id, totals.total_minor)
    if cart.is_gift_cards and bill.method is Method.CASH and bill.amount_minor:
        raise PaidInAdvance
    return bill, {
        "lines": lines,
        "gift": cart.gift,
        "coupon": request.coupon,
        "totals": totals,
        "currency": tariff.currency,
        "tax_percent": tariff.tax_percent,
        "delivery_tax_minor": delivery_tax,
    }


def refusal(draft: Draft, obstacles: Obstacles) -> Refusal:
    """The words for *obstacles* that the transaction met."""
    wanted = draft.order
    if obstacles.cart_changed:
        return CartChanged()
    if obstacles.coupon:
        return obstacles.coupon
    if obstacles.account:
        held = obstacles.account.available(wanted.day)
        return NotEnoughPoints(available=held, needed=wanted.points_spent)
    if obstacles.money:
        held = obstacles.money.available(wanted.day)
        return ledger.InsufficientFunds(available=held, needed=wanted.bill.balance_minor)
    troubles = draft.troubles(obstacles.products)
    worst = min((trouble.code for _, trouble in troubles), key=list(Code).index)
    return REFUSALS[worst](
        lines=[_line(sku, trouble) for sku, trouble in troubles],
        total_minor=_new_total(draft, new_prices(obstacles)),
        currency=draft.terms.currency,
    )


def foreseen(
    draft: Draft, products: Mapping[str, Product], balance: ledger.Account
) -> Obstacles | None:
    """What a checkout would meet, given the *products* and the payer's *balance* as they are."""
    troubles = draft.troubles({line.sku: products.get(line.sku) for line in draft.cart.lines})
    met = {sku: products.get(sku) for sku, _ in troubles}
    if draft.order.bill.balance_minor > balance.available(draft.order.day):
        return Obstacles(cart_changed=False, products=met, account=None, money=balance)
    return Obstacles(cart_changed=False, products=met, account=None) if met else None


def new_prices(obstacles: Obstacles) -> dict[str, int]:
    """Today's prices of the products that refused."""
    return {sku: product.price_minor for sku, product in obstacles.products.items() if product}


def _lots(cart: Cart, account: ledger.Account, request: Request, day: date) -> dict[str, int]:
    """The lots that pay the points, within the share they may pay and what the customer has."""
    most = pricing.most_points(cart.priced(), request.discount)
    if request.points > most:
        raise TooManyPoints(most_points=most)
    if request.points > (held := account.available(day)):
        raise NotEnoughPoints(available=held, needed=request.points)
    return {lot: -amount for lot, amount in account.spend(request.points, day).items()}


def _new_total(draft: Draft, prices: Mapping[str, int]) -> int:
    wanted, lines = draft.order, draft.cart.at_prices(prices).priced()
    off = wanted.coupon.discount if wanted.coupon else pricing.NO_DISCOUNT
    points = min(wanted.points_spent, pricing.most_points(lines, off))
    return pricing.totals(lines, draft.terms.delivery, points, off).total_minor


def _line(sku: str, trouble: Trouble) -> dict[str, Any]:
    facts = {name: value for name, value in asdict(trouble).items() if value is not None}
    return {"sku": sku, **facts}
