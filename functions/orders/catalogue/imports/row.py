"""A row of a file of products, whatever the file: what is said of one product. Pure."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from common import fields
from common.language import Text

fields.REASONS["foreign_currency"] = Text(
    ru="Цена не в валюте магазина.", en="The price is not in the shop's currency."
)
fields.REASONS["kind_fixed"] = Text(
    ru="Вид товара нельзя изменить: заведите новый артикул.",
    en="The kind of a product cannot change: use a new SKU.",
)
fields.REASONS["malformed_row"] = Text(
    ru="Строку не удалось прочитать.", en="The row could not be read."
)
fields.REASONS["sku_form"] = Text(
    ru="Артикул — от 3 до 40 латинских букв, цифр и дефисов.",
    en="A SKU is 3 to 40 Latin letters, digits and hyphens.",
)
fields.REASONS["unknown_category"] = Text(
    ru="Такого раздела в магазине нет: сначала заведите его.",
    en="The shop has no such category: make it first.",
)
fields.REASONS["unreadable_price"] = Text(
    ru="Цену не удалось прочитать.", en="The price could not be read."
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: in which field, by which rule."""

    field: str
    code: str


class Unacceptable(Exception):
    """The row makes no product."""

    def __init__(self, place: str, code: str) -> None:
        super().__init__(code)
        self.fault = Fault(place, code)


@dataclass(frozen=True, slots=True)
class Row:
    """*body* is what the file tells, in the words of the API; `category` may be a name. Its
    *number* is what whoever looks at the file counts."""

    number: int
    body: dict[str, Any] = field(default_factory=dict)
    currency: str | None = None
    archived: bool = False
    fault: Fault | None = None

    @property
    def sku(self) -> str:
        """What the file calls it, if anything."""
        said = self.body.get("sku")
        return said[:100] if isinstance(said, str) else ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that made no product."""

    number: int
    sku: str
    fault: Fault


def written(row: Row) -> str:
    """*row* as a line of a part."""
    return json.dumps(asdict(row), ensure_ascii=False, separators=(",", ":"))


def parsed(line: str) -> Row:
    known = json.loads(line)
    fault = known.pop("fault")
    return Row(**known, fault=Fault(**fault) if fault else None)
