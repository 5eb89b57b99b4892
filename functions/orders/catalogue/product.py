"""Products. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum

from common.errors import Refusal
from common.language import Text

# What a piece weighs of which nobody said so, with its box.
USUAL_GRAMS = 500
# From this many pieces down the customer is told that few are left.
LOW_STOCK = 5


class Kind(StrEnum):
    GOOD = "good"
    SERVICE = "service"


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
class Product:
    """*available* is what can be sold now, None for a service, which never runs out.

    *version* counts changes of words and price, not of stock.
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

    @property
    def stock_state(self) -> StockState:
        if self.available is None:
            return StockState.ALWAYS
        if self.available == 0:
            return StockState.OUT_OF_STOCK
        return StockState.LOW if self.available <= LOW_STOCK else StockState.IN_STOCK

    def covers(self, quantity: int) -> bool:
        return self.available is None or self.available >= quantity

    def renewed(self, wanted: "Product") -> "Product":
        """This product with the words and the price of *wanted*; its stock stays as it is.

        Raise KindFixed when *wanted* is of another kind.
        """
        if wanted.kind is not self.kind:
            raise KindFixed(sku=self.sku)
        same = replace(wanted, available=self.available, version=self.version)
        return self if same == self else replace(same, version=self.version + 1)
