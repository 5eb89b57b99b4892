"""Types of request fields that speak of products, and words for what is wrong with one."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field, StringConstraints

from common import fields
from common.fields import Line
from common.language import Text

SKU = r"^[A-Z0-9-]{3,40}$"
CATEGORY = r"^[a-z0-9-]{2,40}$"
CODE = r"^[a-z0-9_]{1,30}$"
# Sixty lines with names of this length in two languages still fit into one event.
LONGEST_NAME = 100

fields.REASONS["stock_by_kind"] = Text(
    ru="У товара указывают остаток, у услуги и подарочной карты — нет.",
    en="A good has stock, a service or a gift card has none.",
)
fields.REASONS["sku_repeated"] = Text(ru="Один артикул указан дважды.", en="One SKU comes twice.")
fields.REASONS["attribute_repeated"] = Text(
    ru="Одно свойство указано дважды.", en="One attribute comes twice."
)
fields.REASONS["attribute_filter"] = Text(
    ru="Свойства указывают так: colour:синий;size:M.", en="Attributes go as colour:blue;size:M."
)
fields.REASONS["picture_place"] = Text(
    ru="Картинки берём только с разрешённых адресов https.",
    en="Pictures are taken from the allowed https addresses only.",
)

Sku = Annotated[str, StringConstraints(pattern=SKU)]
SkuInPath = Annotated[str, Path(pattern=SKU)]
Category = Annotated[str, StringConstraints(pattern=CATEGORY)]
CategoryInPath = Annotated[str, Path(pattern=CATEGORY)]
Name = Annotated[Line, Field(max_length=LONGEST_NAME)]
Code = Annotated[str, StringConstraints(pattern=CODE)]
Grams = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Stock = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
