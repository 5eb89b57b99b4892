"""A file of products, read row by row. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from orders.catalogue.imports.formats import lines, shopify, table, yml
from orders.catalogue.imports.job import MOST_ROWS, Format, Unreadable
from orders.catalogue.imports.row import Fault, Row

READERS: Mapping[Format, Callable[[bytes], Iterator[Row]]] = {
    Format.CSV: table.rows,
    Format.JSONL: lines.rows,
    Format.SHOPIFY: shopify.rows,
    Format.YML: yml.rows,
}


def rows(kind: Format, file: bytes) -> Iterator[Row]:
    """The rows of *file*, each SKU once. Unreadable where it is none of that *kind*, has no rows,
    or more than MOST_ROWS."""
    known, count = set[str](), 0
    for row in READERS[kind](file):
        count += 1
        if count > MOST_ROWS:
            raise Unreadable("too_many_rows")
        sku = row.sku.upper()
        yield replace(row, fault=Fault("sku", "sku_repeated")) if sku in known else row
        known.add(sku or f"row {row.number}")
    if not count:
        raise Unreadable("no_rows")
