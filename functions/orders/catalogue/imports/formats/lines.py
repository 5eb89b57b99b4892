"""Products as JSON lines: on each the body of a product, as the API takes it. Pure."""

import io
from collections.abc import Iterator

from common import strict_json
from common.errors import MalformedBody
from orders.catalogue.imports.job import Unreadable
from orders.catalogue.imports.row import Fault, Row


def rows(file: bytes) -> Iterator[Row]:
    """Each line of *file*. Unreadable for what is not in UTF-8."""
    text = io.TextIOWrapper(io.BytesIO(file), "utf-8-sig")
    try:
        for number, line in enumerate(text, start=1):
            if line.strip():
                yield _row(number, line)
    except UnicodeDecodeError as foreign:
        raise Unreadable("unreadable_text") from foreign


def _row(number: int, line: str) -> Row:
    try:
        body = strict_json.loads(line)
    except MalformedBody:
        body = None
    if not isinstance(body, dict):
        return Row(number, fault=Fault("", "malformed_row"))
    return Row(number, body)
