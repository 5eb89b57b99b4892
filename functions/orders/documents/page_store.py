"""Pages of a customer's documents, by year and kind: the same to the customer and to staff."""

from dataclasses import dataclass
from datetime import date, datetime

from common import clock, cursors, table
from orders.documents import store
from orders.documents.document import Kind
from orders.documents.statement import FIRST_YEAR, LAST_YEAR, Period
from orders.documents.views import DocumentPage, view

# A page looks at so many documents at most; one with fewer than asked for may go on.
LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose documents are asked for; a year or a kind that is None leaves all."""

    customer_id: str
    year: int | None
    kind: Kind | None

    def admits(self, item: table.Item) -> bool:
        return self.kind in (None, item["kind"])

    def bounds(self) -> tuple[datetime, datetime]:
        first, last = (self.year, self.year) if self.year else (FIRST_YEAR, LAST_YEAR)
        return Period(date(first, 1, 1), date(last, 12, 31)).bounds(clock.shop_zone())


def page(asker_id: str, wanted: Wanted, cursor: str | None, limit: int) -> DocumentPage:
    """The page that *cursor* names, which was made for the same asker and the same wish."""
    listing = f"documents:{wanted}"
    start = cursors.unseal(asker_id, listing, cursor)
    looked = store.newest(wanted.customer_id, *wanted.bounds(), start, LOOKED_AT)
    chosen = cursors.cut(looked, wanted.admits, limit, store.PLACE)
    items = [view(store.parse(item)) for item in chosen.items]
    return DocumentPage(items=items, next_cursor=cursors.seal(asker_id, listing, chosen.last))
