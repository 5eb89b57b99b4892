"""The rows that made no product, as CSV for a spreadsheet. Pure."""

import csv
import io
from collections.abc import Iterable

from common import fields
from common.language import Language
from orders.catalogue.imports.row import Rejected

COLUMNS = ("row", "sku", "field", "code", "reason_ru", "reason_en")
# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def written(rejected: Iterable[Rejected]) -> bytes:
    """In UTF-8, with the mark by which spreadsheets know it."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(_cells(one) for one in rejected)
    return file.getvalue().encode("utf-8-sig")


def _cells(one: Rejected) -> tuple[object, ...]:
    words = (fields.reason(one.fault.code, language) for language in (Language.RU, Language.EN))
    return one.number, _text(one.sku), _text(one.fault.field), one.fault.code, *words


def _text(said: str) -> str:
    return f"'{said}" if said.startswith(FORMULA) else said
