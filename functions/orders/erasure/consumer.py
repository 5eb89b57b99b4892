"""What orders has of a customer, how each is erased or handed over, and what stands against it.

pk             sk              what
CUSTOMER#<id>  ERASURE-ANSWER  which asking for obstacles was answered last
"""

from collections.abc import Sequence
from contextlib import suppress

from common import clock, consumer, erasure, export, ids, outbox, table
from common.conditions import Attr
from common.erasure import Kind
from common.events.erasure import CustomerErased, ErasureDue, ExportRequested
from common.events.orders import CustomerErased as Report
from common.events.orders import ErasureAnswered, ExportPartReady
from common.shown import COUNTS, NAMELESS, REPEATS, only, with_id
from orders.bookings import rows as booking_rows
from orders.bookings import store as bookings
from orders.documents import copies
from orders.erasure import told
from orders.order import parcel_store as parcels
from orders.order import rows, store
from orders.payments.cards import store as cards
from orders.returns.photos import file_store as photo_files
from orders.returns.photos import store as photos
from orders.reviews import store as reviews
from orders.wallet import store as wallet

OPEN_ORDER, OPEN_RETURN, NEGATIVE_BALANCE = "open_order", "open_return", "negative_balance"
PENDING_TOP_UP = "pending_top_up"
ANSWER = "ERASURE-ANSWER"


def _pseudonymised(row: table.Item) -> Sequence[table.Write]:
    """Of an order stays what the books need: what was bought when, and for how much."""
    if not (row["delivery"]["recipient"] or row["gift"] or row["contact"]):
        return []
    nobody = {"recipient": "", "phone": None, "address": ""}
    order = row | {"delivery": row["delivery"] | nobody, "gift": None, "contact": None}
    order |= {"parcels": [], "version": row["version"] + 1}
    found_by = parcels.forgotten(row["id"], rows.parse(row).parcels)
    return [table.put(order, Attr("version").eq(row["version"])), *found_by]


def _uncommented(row: table.Item) -> Sequence[table.Write]:
    """Of a return stays what the books need; what was said and shown of it goes."""
    if row["comment"] is None and row["note"] is None and not row.get("photos"):
        return []
    silent = row | {"comment": None, "note": None, "photos": [], "version": row["version"] + 1}
    return [table.put(silent, Attr("version").eq(row["version"]))]


def _with_file(row: table.Item) -> Sequence[table.Write]:
    """A photo's row goes after its file: should that fail, it is found again."""
    photo_files.drop(photos.name(row))
    return erasure.delete(row)


def _with_link(row: table.Item) -> Sequence[table.Write]:
    """A wish list, and where its link leads."""
    list_id = row["sk"].removeprefix("WISH-LIST#")
    link = table.delete(f"SHARED#{list_id}", "SHARED", condition=None)
    return [*erasure.delete(row), link]


def _unwatched(row: table.Item) -> Sequence[table.Write]:
    """A watch, with its twin that the product is found by."""
    twin = f"WATCHED#{row['sku']}", f"{row['kind']}#{row['customer_id']}"
    return [*erasure.delete(row), table.delete(*twin, condition=None)]


def _unsaid(row: table.Item) -> Sequence[table.Write]:
    """A review goes whole, and out of its product's rating: words and stars without anybody
    behind them are nobody's word."""
    return reviews.removed(reviews.parse(row))


def _freed(row: table.Item) -> Sequence[table.Write]:
    """A booking, whose time is free for others."""
    return bookings.removed(booking_rows.booking(row), clock.now())


def _with_provider(row: table.Item) -> Sequence[table.Write]:
    """A card, which the payment provider is told to forget too."""
    return cards.forgetting(cards.parse(row), clock.now())


KINDS = (
    Kind("saved addresses", "ADDRESS#", shown=told.ADDRESS),
    Kind("saved addresses", "ADDRESS-BOOK", shown=COUNTS),
    Kind("answers about the erasure", ANSWER, shown=COUNTS),
    Kind("loyalty tier", "TIER", shown=only("tiers", "left_minor")),
    Kind("cart", "CART", shown=only("lines", "saved", "gift", "coupon", "updated_at")),
    Kind("purchases", "BOUGHT#", shown=told.purchase),
    Kind("purchases", "DELIVERED#", shown=REPEATS),
    Kind("what the customer looked at", "VISITS", shown=only("views", "searches")),
    Kind("reviews", "REVIEW#", how=_unsaid, shown=told.REVIEW),
    Kind("reviews", "REVIEW", partition="REVIEW#", shown=REPEATS),
    Kind("bookings", "BOOKING#", how=_freed, shown=told.BOOKING),
    Kind("bookings", "BOOKINGS", shown=REPEATS),
    Kind("bookings", "BOOKING", partition="BOOKING#", shown=REPEATS),
    Kind("bookings", "", partition="BOOKED#", shown=REPEATS),
    Kind("link to the calendar", "CALENDAR", shown=COUNTS),
    Kind("keys of proven contacts", "CONTACTS", shown=NAMELESS),
    erasure.ANSWERS,
    erasure.ANSWERS_TO_STAFF,
    Kind("wish lists", "WISH-LIST#", how=_with_link, shown=with_id("name", "wishes", "shared")),
    Kind("wish lists", "WISH-LISTS", shown=COUNTS),
    Kind("watched products", "WATCH#", how=_unwatched, shown=told.WATCH),
    Kind("watched products", "WATCHES", shown=COUNTS),
    Kind("links to wish lists", "SHARED", partition="SHARED#", shown=REPEATS),
    Kind("watched products", "", partition="WATCHED#", shown=REPEATS),
    Kind("repeat deliveries", "REPEAT#", shown=told.REPEAT),
    Kind("repeat deliveries", "REPEATS", shown=COUNTS),
    Kind("saved cards", "CARD#", how=_with_provider, shown=with_id("brand", "last4", "expires")),
    Kind("saved cards", "CARD-DEFAULT", shown=only("card_id")),
    Kind("top-ups", "TOP-UP#", shown=told.TOP_UP),
    Kind("movements of money", "TRANSACTION#", shown=told.TRANSACTION),
    export.PROGRESS,
    erasure.SEEN_BY_STAFF,
    Kind("where parcels belong", "", partition="PARCEL#", shown=REPEATS),
    Kind("uses of promo codes", "COUPON#", shown=told.coupon),
    Kind("orders", "ORDER#", how=_pseudonymised, why="bookkeeping", shown=told.order),
    Kind("returns", "RETURN#", how=_uncommented, why="bookkeeping", shown=told.RETURN),
    Kind("photos of complaints", "PHOTO#", how=_with_file, shown=told.PHOTO),
    Kind("counts of statements", "STATEMENTS#", shown=COUNTS),
    Kind(
        "accounting documents",
        "DOCUMENT",
        partition="DOCUMENT#",
        why="bookkeeping",
        shown=REPEATS,
    ),
    Kind("postings of points", "", partition="ACCOUNT#", why="bookkeeping", shown=REPEATS),
)


def answer(due: ErasureDue) -> None:
    """Say whether the customer has orders, returns or top-ups under way, or owes the shop money."""
    told = ErasureAnswered(
        id=ids.derived(due.id, ErasureAnswered.name),
        occurred_at=clock.now(),
        customer_id=due.customer_id,
        erasure_id=due.erasure_id,
        round=due.round,
        obstacles=_obstacles(due.customer_id),
    )
    # Ids of erasures sort by time: an answer that was given, or is of the past, is given no more.
    asked = f"{due.erasure_id}#{due.round:04}"
    row = {"pk": f"CUSTOMER#{due.customer_id}", "sk": ANSWER, "asked": asked}
    newer = table.put(row, table.ABSENT | Attr("asked").lt(asked))
    with suppress(table.ConditionFailed):
        table.commit(newer, erasure.alive(due.customer_id), outbox.row(told))


def _obstacles(customer_id: str) -> tuple[str, ...]:
    orders = [rows.parse(row) for row in store.every(customer_id)]
    found = {
        OPEN_ORDER: any(order.is_moving for order in orders),
        OPEN_RETURN: any(order.returned.open for order in orders),
        NEGATIVE_BALANCE: wallet.owed(customer_id) > 0,
        PENDING_TOP_UP: wallet.is_awaited(customer_id),
    }
    return tuple(name for name, holds in found.items() if holds)


def erase(cause: CustomerErased) -> None:
    erasure.erase(cause.customer_id, KINDS)
    erasure.report(Report, cause, KINDS)


def hand_over(cause: ExportRequested) -> None:
    rows = table.query_all(f"CUSTOMER#{cause.customer_id}")
    files = copies.files(cause.customer_id)
    export.hand_over(cause, KINDS, rows, ExportPartReady, files)


REACTIONS: consumer.Reactions = {
    ErasureDue: answer,
    CustomerErased: erase,
    ExportRequested: hand_over,
}
