"""A document: who issues it, what it says, and its number. Pure.

It names no customer: an order's number is enough for the books, and a document outlives the
customer's account.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from common import ids
from orders.documents.numbering import Number, Series


class Kind(StrEnum):
    """INVOICE asks for money, RECEIPT says that it came, REFUND_RECEIPT that it went back, ACT
    that services were done; STATEMENT lists the movements of a customer's money."""

    INVOICE = "invoice"
    RECEIPT = "receipt"
    REFUND_RECEIPT = "refund_receipt"
    ACT = "act"
    STATEMENT = "statement"


class Format(StrEnum):
    PDF = "pdf"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Seller:
    """The legal entity that issues."""

    name: str
    tax_number: str
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line: *total_minor* is what it comes to after any discount, *tax_minor* the tax in
    that. A statement's have the *day*."""

    name: str
    quantity: int
    price_minor: int
    total_minor: int
    tax_minor: int
    day: date | None = None

    @property
    def discount_minor(self) -> int:
        return self.quantity * self.price_minor - self.total_minor


@dataclass(frozen=True, slots=True)
class Content:
    """What a document says. It is *about* an order, by its number, or about the days of a
    statement; *remarks* stand below the sums."""

    kind: Kind
    seller: Seller
    day: date
    customer_id: str
    order_id: str | None
    about: str
    currency: str
    tax_percent: int
    rows: tuple[Row, ...]
    remarks: tuple[str, ...] = ()

    @property
    def series(self) -> Series:
        return Series(self.seller.tax_number, self.day.year)

    @property
    def total_minor(self) -> int:
        return sum(row.total_minor for row in self.rows)

    @property
    def tax_minor(self) -> int:
        return sum(row.tax_minor for row in self.rows)


@dataclass(frozen=True, slots=True)
class Document:
    """A document with its number, which it keeps; *filed* once its files are there."""

    id: str
    number: Number
    content: Content
    filed: bool = False

    def key(self, form: Format) -> str:
        """Where its file lies: the number says it, so that the same file is written anew."""
        return f"documents/{self.number.path}.{form}"

    def file_name(self, form: Format) -> str:
        """What the file is called at the customer's."""
        return f"{self.content.kind}-{self.number}.{form}"


def identify(cause_id: str, kind: Kind, at: datetime) -> str:
    """The id of the document of that *kind* that is issued for what happened *at* that moment: one
    cause makes one, and documents sort by their days."""
    return ids.at(at, cause_id, kind)
