"""A table in CSV, in whatever letters and with whatever between its cells. Pure."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from orders.catalogue.imports.job import Unreadable

DELIMITERS = ",;\t"
CHUNK = 1 << 20

type Line = Mapping[str, str]


class Sheet:
    """*columns* are their names, in small letters. Unreadable for what is no table, or lacks one
    of those that are *needed*."""

    def __init__(self, file: bytes, *needed: str) -> None:
        spoken = encoding(file)
        text = io.TextIOWrapper(io.BytesIO(file), spoken, newline="")
        self._read = csv.reader(text, delimiter=_delimiter(file, spoken))
        with _told():
            self.columns = [name.strip().lower() for name in next(self._read, [])]
        if not set(needed) <= set(self.columns):
            raise Unreadable("unknown_columns")

    def lines(self) -> Iterator[tuple[int, Line | None]]:
        """Each line with its number, the header being the first: its cells that hold anything, by
        their columns; None where it has more cells than there are columns."""
        with _told():
            for number, cells in enumerate(self._read, start=2):
                if any(cells):
                    yield number, self._named(cells)

    def _named(self, cells: list[str]) -> Line | None:
        if any(cells[len(self.columns) :]):
            return None
        told = ((name, cell.strip()) for name, cell in zip(self.columns, cells, strict=False))
        return {name: cell for name, cell in told if cell}


def encoding(file: bytes) -> str:
    """UTF-8 where *file* is written in it, else CP1251."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(file), CHUNK):
            decoder.decode(file[start : start + CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1251"
    return "utf-8-sig"


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError as foreign:
        raise Unreadable("unreadable_text") from foreign
    except csv.Error as broken:
        raise Unreadable("broken_table") from broken


def _delimiter(file: bytes, spoken: str) -> str:
    first = file[:CHUNK].partition(b"\n")[0].decode(spoken, errors="replace")
    return max(DELIMITERS, key=first.count)
