"""How recommendations are shown."""

from datetime import date

from common import api as shell
from orders.catalogue.view import ProductView


class RelatedView(shell.View):
    """What is bought `together` with a product, and what is `similar` to it; best first."""

    together: list[ProductView]
    similar: list[ProductView]


class RecommendationsView(shell.View):
    """`personal` tells whether your purchases, views and searches were looked at: without your
    consent `for_you` is what everybody buys, and there is nothing to buy `again`."""

    personal: bool
    for_you: list[ProductView]
    again: list[ProductView]


class CartRecommendationsView(shell.View):
    """What is bought `together` with what is in the cart, and, a little dearer, `instead` of its
    dearest line."""

    together: list[ProductView]
    instead_of: str | None
    instead: list[ProductView]


class NeedView(shell.View):
    """A product that is bought again and again, and the day on which it will be needed next;
    `every_weeks` is the rhythm in which a repeat delivery could bring it."""

    product: ProductView
    due_on: date
    every_weeks: int


class NeedsView(shell.View):
    """`personal` tells whether your purchases were looked at; without your consent nothing is."""

    personal: bool
    needs: list[NeedView]
