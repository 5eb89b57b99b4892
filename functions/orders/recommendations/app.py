"""HTTP routes of recommendations. What cannot be bought now is in none of them."""

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from aws_lambda_powertools.event_handler.api_gateway import Router

from common import access, clock, guests, table
from common import api as shell
from common.errors import NotFound
from orders.cart import store as cart
from orders.catalogue.fields import SkuInPath
from orders.catalogue.product import Product
from orders.catalogue.view import ProductView, Shown
from orders.purchases import store as purchases
from orders.purchases.purchase import Purchase
from orders.recommendations import ranking, store
from orders.recommendations.needs import Need, needs
from orders.recommendations.view import (
    CartRecommendationsView,
    NeedsView,
    NeedView,
    RecommendationsView,
    RelatedView,
)
from orders.repeats.repeat import LONGEST_RHYTHM
from orders.visits import store as visits
from orders.visits.visits import Visits

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

MOST_SHOWN = 12
# As many of each list are looked at, so that what is sold out leaves no gap.
MOST_RANKED = 2 * MOST_SHOWN


@router.get("/v1/products/<sku>/related")
def show_related(sku: SkuInPath) -> RelatedView:
    """Show what goes with a product, and what is like it."""
    product, counts = store.find_with(sku)
    if product is None:
        raise NotFound
    together = ranking.together({sku: 1.0}, {sku: counts})[:MOST_RANKED]
    similar = ranking.similar(product, store.of_category(product.category))[:MOST_RANKED]
    offered = _available(store.on_sale([*together, *similar]))
    return RelatedView(together=_shown(together, offered), similar=_shown(similar, offered))


@router.get("/v1/recommendations")
def recommend() -> RecommendationsView:
    """Show what you may like, and what you may want again: by what you bought, looked at and
    searched for where you consented, else what everybody buys."""
    caller = guests.shopper(router)
    row, *months = table.get_many(visits.key(caller.id), *store.popular_keys(clock.today()))
    seen, usual = visits.parse(row), ranking.popular(store.parse_all(months))
    bought = list(purchases.of_customer(caller.id)) if seen.are_kept else []
    again = ranking.again(bought)[:MOST_RANKED]
    wanted = _for_you(seen, bought, usual)[:MOST_RANKED]
    offered = _available(store.on_sale([*wanted, *again]))
    return RecommendationsView(
        personal=seen.are_kept, for_you=_shown(wanted, offered), again=_shown(again, offered)
    )


@router.get("/v1/recommendations/cart")
def recommend_for_cart() -> CartRecommendationsView:
    """Show what goes with what is in the cart, and what could be there instead."""
    lines = cart.find(guests.shopper(router).id).lines
    counts = store.find([line.sku for line in lines])
    together = ranking.together({line.sku: 1.0 for line in lines}, counts)[:MOST_RANKED]
    dearest = max(lines, key=lambda line: line.price_minor).sku if lines else None
    sold = store.on_sale([*([dearest] if dearest else []), *together])
    instead = _upgrades(sold.get(dearest or ""), {line.sku for line in lines})
    return CartRecommendationsView(
        together=_shown(together, _available(sold)),
        instead_of=dearest,
        instead=_shown(instead, _available(store.on_sale(instead))),
    )


@router.get("/v1/recommendations/needs")
def recommend_needs() -> NeedsView:
    """Show what you will need next, and when, by the rhythm in which you have bought it; the most
    urgent first."""
    caller = access.customer(router)
    if not visits.find(caller.id).are_kept:
        return NeedsView(personal=False, needs=[])
    found = needs(purchases.of_customer(caller.id))[:MOST_RANKED]
    offered = _available(store.on_sale([need.sku for need in found]))
    shown = Shown(shell.language(router), os.environ["CURRENCY"], clock.today())
    told = [_need(need, shown.product(offered[need.sku])) for need in found if need.sku in offered]
    return NeedsView(personal=True, needs=told[:MOST_SHOWN])


def _need(need: Need, product: ProductView) -> NeedView:
    weeks = min(max(round(need.every / timedelta(weeks=1)), 1), LONGEST_RHYTHM)
    return NeedView(product=product, due_on=clock.day_of(need.due), every_weeks=weeks)


def _for_you(seen: Visits, bought: Sequence[Purchase], usual: Sequence[str]) -> list[str]:
    if not seen.are_kept:
        return list(usual)
    sources = ranking.interests(seen, bought)
    owned = [purchase.sku for purchase in bought]
    return ranking.for_you(sources, store.find(sources), usual, owned)


def _upgrades(product: Product | None, in_cart: set[str]) -> list[str]:
    if product is None:
        return []
    better = ranking.upgrades(product, store.of_category(product.category))
    return [sku for sku in better if sku not in in_cart][:MOST_RANKED]


def _available(sold: Mapping[str, Product]) -> dict[str, Product]:
    """Those that anybody can buy now."""
    return {sku: product for sku, product in sold.items() if ranking.can_be_offered(product)}


def _shown(skus: Iterable[str], offered: Mapping[str, Product]) -> list[ProductView]:
    shown = Shown(shell.language(router), os.environ["CURRENCY"], clock.today())
    return [shown.product(offered[sku]) for sku in skus if sku in offered][:MOST_SHOWN]
