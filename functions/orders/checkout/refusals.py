"""Why a checkout may be refused. Pure."""

from collections.abc import Mapping

from common.errors import Refusal
from common.language import Text
from orders.cart.cart import Code


class CartChanged(Refusal):
    """The cart was changed, or bought, while this checkout was on its way."""

    code = "cart_changed"
    title = Text(
        ru="Корзина изменилась во время оформления. Проверьте её и оформите снова.",
        en="The cart changed during checkout. Look at it and check out again.",
    )


class TooManyPoints(Refusal):
    code = "too_many_points"
    title = Text(
        ru="Столько баллов за этот заказ списать нельзя.",
        en="This order cannot be paid with so many points.",
    )


class NotEnoughPoints(Refusal):
    """The customer has fewer points than are to be spent; a guest has none."""

    code = "not_enough_points"
    title = Text(ru="Столько баллов у вас нет.", en="You do not have so many points.")


class LinesRefused(Refusal):
    """Lines that cannot be bought as they are; `lines` says what is wrong with each."""


class Unavailable(LinesRefused):
    code = "unavailable"
    title = Text(ru="Товар больше не продаётся.", en="A product is no longer sold.")


class EarlyAccess(LinesRefused):
    """It is sold to higher tiers first."""

    code = "early_access"
    title = Text(
        ru="Этот товар пока продаётся только покупателям с более высоким уровнем.",
        en="A product is sold to higher tiers only, for now.",
    )


class OutOfStock(LinesRefused):
    code = "out_of_stock"
    title = Text(ru="Товар закончился.", en="A product is out of stock.")


class OnlyNLeft(LinesRefused):
    code = "only_n_left"
    title = Text(ru="Товара осталось меньше, чем нужно.", en="There is less left than you want.")


class PriceChanged(LinesRefused):
    code = "price_changed"
    title = Text(
        ru="Цены изменились. Проверьте новую сумму и оформите заказ снова.",
        en="Prices have changed. Look at the new total and check out again.",
    )


# The worst trouble gives the refusal its name.
REFUSALS: Mapping[Code, type[LinesRefused]] = {
    Code.UNAVAILABLE: Unavailable,
    Code.EARLY_ACCESS: EarlyAccess,
    Code.OUT_OF_STOCK: OutOfStock,
    Code.ONLY_N_LEFT: OnlyNLeft,
    Code.PRICE_CHANGED: PriceChanged,
}
