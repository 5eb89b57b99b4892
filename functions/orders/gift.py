"""That an order is a present, as the cart says it and the order keeps it. Pure."""

from dataclasses import dataclass

from common import api as shell


@dataclass(frozen=True, slots=True)
class Gift:
    """Whether to wrap it, what to write on its card, and whether the papers in the parcel keep the
    prices to themselves."""

    wrap: bool
    card: str | None
    hide_prices: bool


class GiftView(shell.View):
    wrap: bool
    card: str | None
    hide_prices: bool


def view(gift: Gift) -> GiftView:
    return GiftView(wrap=gift.wrap, card=gift.card, hide_prices=gift.hide_prices)
