"""Products as the search index knows them. Pure."""

from common.language import Language
from common.search.documents import Document
from orders.catalogue.product import Attribute, Product

PRICE, CREATED = "price", "created"
NUMBERS = (PRICE, CREATED)
CATEGORY, STOCK = "category", "stock"
IN_STOCK, OUT_OF_STOCK = "in", "out"
# Between an attribute's code and its name; no code holds it.
SEPARATOR = "|"


def document(product: Product) -> Document:
    """In both languages at once, for customers write in either."""
    words = [text for a in product.attributes for text in (a.value.ru, a.value.en)]
    return Document(
        id=product.sku,
        title=" ".join([product.name.ru, product.name.en, product.sku, *words]),
        body=f"{product.description.ru} {product.description.en}",
        values=_values(product),
        numbers={PRICE: product.price_minor, CREATED: product.created_at},
    )


def attribute_filter(language: Language, code: str) -> str:
    """The filter by an attribute, whose values are told in *language*."""
    return f"{language}.{code}"


def names_filter(language: Language) -> str:
    """Where the attributes' names are: not to filter by, but to show."""
    return f"names.{language}"


def _values(product: Product) -> dict[str, list[str]]:
    values = {
        CATEGORY: [product.category],
        STOCK: [IN_STOCK if product.available != 0 else OUT_OF_STOCK],
    }
    for language in Language:
        values[names_filter(language)] = [_named(a, language) for a in product.attributes]
        for attribute in product.attributes:
            name = attribute_filter(language, attribute.code)
            values[name] = [attribute.value[language]]
    return values


def _named(attribute: Attribute, language: Language) -> str:
    return f"{attribute.code}{SEPARATOR}{attribute.name[language]}"
