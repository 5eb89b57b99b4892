"""Products as staff write them. Pure."""

from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from common import api as shell
from common.fields import Minor, Prose
from common.language import Text
from orders.catalogue.fields import Category, Code, Name, Sku, Stock
from orders.catalogue.product import Attribute, Kind, Product

MOST_PRODUCTS = 25
MOST_ATTRIBUTES = 20
MOST_PICTURES = 10

Value = Annotated[Name, Field(max_length=60)]
Picture = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Pictures = Annotated[list[Picture], Field(max_length=MOST_PICTURES)]
Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=100)]
Tier = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,20}$")]


class AttributeBody(shell.Body):
    """`code` names it in filters, such as `colour`."""

    code: Code
    name_ru: Value
    name_en: Value
    value_ru: Value
    value_en: Value

    def attribute(self) -> Attribute:
        name = Text(self.name_ru, self.name_en)
        return Attribute(self.code, name, Text(self.value_ru, self.value_en))


def _each_once(attributes: list[AttributeBody]) -> list[AttributeBody]:
    if len({attribute.code for attribute in attributes}) < len(attributes):
        raise PydanticCustomError("attribute_repeated", "an attribute comes twice")
    return attributes


Attributes = Annotated[list[AttributeBody], Field(max_length=MOST_ATTRIBUTES)]


class HostsBody(shell.Body):
    """Names of hosts that serve pictures over https, the shop's own first."""

    hosts: Annotated[list[Host], Field(max_length=10)]


class ProductBody(shell.Body):
    """`available` is the opening stock: given for a good, never for what has no stock. Variants
    of one thing share a `group`."""

    sku: Sku
    category: Category
    kind: Kind = Kind.GOOD
    name_ru: Name
    name_en: Name
    description_ru: Prose
    description_en: Prose
    price_minor: Minor
    available: Stock | None = None
    group: Sku | None = None
    attributes: Attributes = Field(default_factory=list)
    pictures: Pictures = Field(default_factory=list)
    early_access_tier: Tier | None = None

    _attributes_each_once = field_validator("attributes")(_each_once)

    @model_validator(mode="after")
    def _has_stock_when_a_good(self) -> Self:
        if (self.kind is Kind.GOOD) is (self.available is None):
            raise PydanticCustomError("stock_by_kind", "a good has stock, others have none")
        return self

    def product(self, pictures: tuple[str, ...]) -> Product:
        """The product, with the addresses of its *pictures*."""
        return Product(
            sku=self.sku,
            category=self.category,
            kind=self.kind,
            name=Text(self.name_ru, self.name_en),
            description=Text(self.description_ru, self.description_en),
            price_minor=self.price_minor,
            available=self.available,
            group=self.group,
            attributes=tuple(attribute.attribute() for attribute in self.attributes),
            pictures=pictures,
            early_access_tier=self.early_access_tier,
        )


class ImportBody(shell.Body):
    products: Annotated[list[ProductBody], Field(min_length=1, max_length=MOST_PRODUCTS)]

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len({product.sku for product in self.products}) < len(self.products):
            raise PydanticCustomError("sku_repeated", "a SKU comes twice")
        return self


class ChangeBody(shell.Body):
    """What is to change; what is not named stays. `group` and `early_access_tier` go by null."""

    # Defaults are not looked at: what counts is which fields were sent.
    category: Category = Field(default_factory=str)
    name_ru: Name = Field(default_factory=str)
    name_en: Name = Field(default_factory=str)
    description_ru: Prose = Field(default_factory=str)
    description_en: Prose = Field(default_factory=str)
    price_minor: Minor = Field(default_factory=int)
    group: Sku | None = None
    attributes: Attributes = Field(default_factory=list)
    pictures: Pictures = Field(default_factory=list)
    early_access_tier: Tier | None = None
    archived: Annotated[bool, Field(strict=True)] = Field(default_factory=bool)

    _attributes_each_once = field_validator("attributes")(_each_once)

    def changes(self, known: Product, pictures: tuple[str, ...]) -> dict[str, Any]:
        """The fields of *known* that become others."""
        plain = ("category", "price_minor", "group", "early_access_tier", "archived")
        sent = self.model_fields_set
        changed: dict[str, Any] = {name: getattr(self, name) for name in plain if name in sent}
        for name in ("name", "description"):
            changed[name] = self._text(name, getattr(known, name))
        if "attributes" in sent:
            changed["attributes"] = tuple(a.attribute() for a in self.attributes)
        return changed | ({"pictures": pictures} if "pictures" in sent else {})

    def _text(self, name: str, known: Text) -> Text:
        sent = self.model_fields_set
        ru, en = f"{name}_ru", f"{name}_en"
        return Text(
            getattr(self, ru) if ru in sent else known.ru,
            getattr(self, en) if en in sent else known.en,
        )
