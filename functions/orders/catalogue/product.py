"""Products. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from common.errors import Refusal
from common.language import Text
from orders.catalogue import prices

# What a piece weighs of which nobody said so, with its box.
USUAL_GRAMS = 500
# From this many pieces down the customer is told that few are left.
LOW_STOCK = 5


class Kind(StrEnum):
    """Goods lie in a warehouse; services and gift cards never run out and are not shipped."""

    GOOD = "good"
    SERVICE = "service"
    GIFT_CARD = "gift_card"


class StockState(StrEnum):
    IN_STOCK = "in_stock"
    LOW = "low"
    OUT_OF_STOCK = "out_of_stock"
    ALWAYS = "always"


class KindFixed(Refusal):
    """A good cannot become a service: its stock and its orders would lose their meaning."""

    code = "kind_fixed"
    title = Text(
        ru="Вид товара нельзя изменить: заведите новый артикул.",
        en="The kind of a product cannot change: use a new SKU.",
    )


@dataclass(frozen=True, slots=True)
class Attribute:
    """What products are told apart by, such as colour; *code* names it in filters."""

    code: str
    name: Text
    value: Text


@dataclass(frozen=True, slots=True)
class Product:
    """*available* is what can be sold now, None for what never runs out.

    Variants of one thing share a *group*. *early_access_tier* is who may buy first. *version*
    counts what staff change, not what is sold; *created_at* is in seconds, 0 where nobody noted it.
    """

    sku: str
    category: str
    kind: Kind
    name: Text
    description: Text
    price_minor: int
    available: int | None
    version: int = 1
    weight_grams: int = USUAL_GRAMS
    group: str | None = None
    attributes: tuple[Attribute, ...] = ()
    pictures: tuple[str, ...] = ()
    early_access_tier: str | None = None
    archived: bool = False
    past_prices: Mapping[date, int] = field(default_factory=dict)
    created_at: int = 0

    @property
    def stock_state(self) -> StockState:
        if self.available is None:
            return StockState.ALWAYS
        if self.available == 0:
            return StockState.OUT_OF_STOCK
        return StockState.LOW if self.available <= LOW_STOCK else StockState.IN_STOCK

    @property
    def can_be_bought(self) -> bool:
        return not self.archived and self.available != 0

    def is_for(self, tiers: Collection[str]) -> bool:
        """Whether a customer who has *tiers* may buy it: others wait until it is for everybody."""
        return self.early_access_tier is None or self.early_access_tier in tiers

    def covers(self, quantity: int) -> bool:
        return self.available is None or self.available >= quantity

    def renewed(self, wanted: "Product", day: date) -> "Product":
        """This product as *wanted*, from *day* on; its stock stays as it is.

        Raise KindFixed when *wanted* is of another kind.
        """
        if wanted.kind is not self.kind:
            raise KindFixed(sku=self.sku)
        same = replace(wanted, available=self.available, version=self.version)
        same = replace(same, past_prices=self.past_prices, created_at=self.created_at)
        return self if same == self else replace(self._priced(same, day), version=self.version + 1)

    def reimported(self, wanted: "Product", day: date) -> "Product":
        """This product as an import wants it, which knows nothing of archives."""
        return self.renewed(replace(wanted, archived=self.archived), day)

    def restocked(self, available: int) -> "Product":
        return replace(self, available=available, version=self.version + 1)

    def _priced(self, wanted: "Product", day: date) -> "Product":
        if wanted.price_minor == self.price_minor:
            return wanted
        return replace(wanted, past_prices=prices.noted(self.past_prices, self.price_minor, day))
