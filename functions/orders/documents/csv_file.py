"""A document as CSV, for a spreadsheet: one line a row, sums in whole minor units. Pure."""

import csv
import io

from orders.documents.document import Document, Row

COLUMNS = (
    *("number", "kind", "date", "about", "name", "quantity"),
    *("price_minor", "total_minor", "tax_minor", "currency"),
)
# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def written(document: Document) -> bytes:
    """In UTF-8, with the mark by which spreadsheets know it."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(_cells(document, row) for row in document.content.rows)
    return file.getvalue().encode("utf-8-sig")


def _cells(document: Document, row: Row) -> tuple[object, ...]:
    content = document.content
    named = document.number, content.kind, row.day or content.day, content.about
    sums = row.quantity, row.price_minor, row.total_minor, row.tax_minor
    return *named, _text(row.name), *sums, content.currency


def _text(name: str) -> str:
    return f"'{name}" if name.startswith(FORMULA) else name
