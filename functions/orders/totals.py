"""How sums are shown, of a cart and of an order alike."""

from common import api as shell
from common import pricing


class TotalsView(shell.View):
    """`total_minor` = goods - discount + delivery - points. `free_delivery_left_minor` is what is
    missing to free delivery, 0 once it is free."""

    goods_minor: int
    discount_minor: int
    delivery_minor: int
    points_minor: int
    total_minor: int
    free_delivery_left_minor: int
    currency: str


def view(totals: pricing.Totals, currency: str) -> TotalsView:
    return TotalsView(
        goods_minor=totals.goods_minor,
        discount_minor=totals.discount_minor,
        delivery_minor=totals.delivery_minor,
        points_minor=totals.points_minor,
        total_minor=totals.total_minor,
        free_delivery_left_minor=totals.free_delivery_left_minor,
        currency=currency,
    )
