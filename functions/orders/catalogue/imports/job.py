"""An import of products: from the form for its file to the last row. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from common.errors import Refusal
from common.language import Text

LARGEST_BYTES = 100 * 1024 * 1024
MOST_ROWS = 200_000
# How many rows one message writes, and how many of them one transaction.
PART_ROWS = 1_000
STEP_ROWS = 25
UPLOAD_VALID = timedelta(hours=1)
KEPT = timedelta(days=30)


class Format(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"
    SHOPIFY = "shopify"
    YML = "yml"


class State(StrEnum):
    AWAITING_FILE = "awaiting_file"
    READING = "reading"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


OVER = {State.DONE, State.FAILED, State.CANCELLED}

FAILURES = {
    "broken_table": Text(ru="Файл — не таблица CSV.", en="The file is no CSV table."),
    "broken_xml": Text(ru="Файл — не XML: он не читается.", en="The file is no XML: it is broken."),
    "no_rows": Text(ru="В файле нет товаров.", en="There are no products in the file."),
    "not_yml": Text(ru="Файл — не YML.", en="The file is no YML feed."),
    "too_many_rows": Text(
        ru="В файле больше 200 000 товаров: разделите его.",
        en="There are more than 200,000 products in the file: split it.",
    ),
    "unknown_columns": Text(
        ru="В первой строке нет нужных столбцов.", en="The first line lacks the columns needed."
    ),
    "unreadable_text": Text(
        ru="Файл не в UTF-8 и не в CP1251.", en="The file is neither in UTF-8 nor in CP1251."
    ),
    "unsafe_xml": Text(
        ru="В файле объявлены сущности XML: уберите их.",
        en="The file declares XML entities: take them out.",
    ),
}


class Unreadable(Exception):
    """The file cannot be read at all; the message is the code that says why, of FAILURES."""


class NothingUploaded(Refusal):
    code = "nothing_uploaded"
    title = Text(ru="Файл ещё не загружен.", en="No file has been uploaded yet.")


@dataclass(frozen=True, slots=True)
class Job:
    """*rows* of *parts* are to be written; all of the parts before *part* are, and so many as *row*
    of that one. *counts* tells what became of them."""

    id: str
    staff_id: str
    format: Format
    dry_run: bool
    begun_at: datetime
    state: State = State.AWAITING_FILE
    version: int = 1
    rows: int = 0
    parts: int = 0
    part: int = 0
    row: int = 0
    counts: Mapping[Outcome, int] = field(default_factory=dict)
    failure: str | None = None

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def is_written(self) -> bool:
        """All rows are; nothing is left but to say so."""
        return self.state is State.WRITING and self.part == self.parts

    def awaits(self, part: int) -> bool:
        """Whether what tells that *part* is next still tells what is to be done."""
        return self.state is State.WRITING and self.part - self.is_written == part

    def started(self) -> "Job":
        """The import of a file that has come; itself where that was known."""
        return self._next(state=State.READING) if self.state is State.AWAITING_FILE else self

    def read(self, parts: int, rows: int) -> "Job":
        return self._next(state=State.WRITING, parts=parts, rows=rows)

    def moved(self, outcomes: Iterable[Outcome], row: int, *, last: bool) -> "Job":
        """One step on, to *row* of the same part, or, after its *last*, to the next part."""
        counts = Counter(self.counts) + Counter(outcomes)
        part, row = (self.part + 1, 0) if last else (self.part, row)
        return self._next(part=part, row=row, counts=counts)

    def done(self) -> "Job":
        return self._next(state=State.DONE)

    def failed(self, why: str) -> "Job":
        return self._next(state=State.FAILED, failure=why)

    def cancelled(self) -> "Job":
        """Nothing more is written; itself where it is over anyhow."""
        return self if self.is_over else self._next(state=State.CANCELLED)

    def _next(self, **changes: object) -> "Job":
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type] # mypy knows no fields behind **
