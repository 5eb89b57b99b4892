"""Goods of a made-up shop."""

from typing import Any


def product(number: int) -> dict[str, Any]:
    """A product as the import takes it."""
    names = {"name_ru": f"Чай листовой, {number}", "name_en": f"Loose leaf tea, {number}"}
    said = {"description_ru": "Собран весной." * 5, "description_en": "Picked in spring. " * 5}
    fields = {"sku": f"TEA-{number}", "category": "tea", "price_minor": 100_000, "available": 900}
    return fields | names | said
