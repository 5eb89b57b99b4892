"""HTTP routes of the history of a customer's money: pages, and a file for a spreadsheet."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import AwareDatetime, Field

from common import access, clock, cursors, guests, table
from common import api as shell
from common.fields import Day
from orders.wallet import transaction_store as store
from orders.wallet.transaction import Kind, Transaction, Wanted

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

# A page looks at so many transactions at most; one with fewer than asked for may go on.
LOOKED_AT = 100
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
MOST_IN_A_FILE = 5_000

From = Annotated[Day | None, Query(alias="from", description="The first day")]
To = Annotated[Day | None, Query(alias="to", description="The last day")]
Sum = Annotated[int | None, Query(ge=0, le=10**12)]
Kinds = Annotated[Kind | None, Query()]


class TransactionView(shell.View):
    """`amount_minor` is below zero where the customer gave; `by` is `balance`, or the way of
    paying."""

    id: str
    kind: Kind
    by: str
    amount_minor: int
    currency: str
    at: AwareDatetime
    order_id: str | None


class TransactionPage(shell.View):
    items: list[TransactionView]
    next_cursor: Annotated[str | None, Field(description="null at the end")]


@router.get("/v1/transactions")
def list_transactions(
    first: From = None,
    last: To = None,
    kind: Kinds = None,
    least_minor: Sum = None,
    most_minor: Sum = None,
    cursor: shell.Cursor = None,
    limit: shell.Limit = shell.PAGE_LIMIT,
) -> TransactionPage:
    """List the customer's transactions, newest first; sums are meant without their sign."""
    caller = access.customer(router)
    wanted = Wanted(kind, least_minor, most_minor)
    listing = f"transactions:{first}:{last}:{wanted}"
    start = cursors.unseal(caller.id, listing, cursor)
    guests.get_live(caller)
    found, end = _page(caller.id, _bounds(first, last), wanted, start, limit)
    sealed = cursors.seal(caller.id, listing, end)
    return TransactionPage(items=[_view(one) for one in found], next_cursor=sealed)


@router.get(
    "/v1/transactions.csv",
    responses={200: {"description": "The file", "content": {"text/csv": {}}}},
)
def export(
    first: From = None,
    last: To = None,
    kind: Kinds = None,
    least_minor: Sum = None,
    most_minor: Sum = None,
) -> Response[Any]:
    """The same as a file, oldest first."""
    caller = access.customer(router)
    wanted = Wanted(kind, least_minor, most_minor)
    guests.get_live(caller)
    every = store.every(caller.id, *_bounds(first, last))
    chosen = [one for one, _ in zip(every, range(MOST_IN_A_FILE), strict=False)]
    headers = {"Content-Disposition": 'attachment; filename="transactions.csv"'}
    return Response(200, "text/csv; charset=utf-8", _written(chosen, wanted), headers=headers)


def _written(found: list[Transaction], wanted: Wanted) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(TransactionView.model_fields)
    for one in filter(wanted.admits, found):
        writer.writerow(_view(one).model_dump(mode="json").values())
    return file.getvalue()


def _page(
    customer_id: str,
    bounds: tuple[datetime, datetime],
    wanted: Wanted,
    start: table.Item | None,
    limit: int,
) -> tuple[list[Transaction], table.Item | None]:
    page = store.newest(customer_id, *bounds, start, LOOKED_AT)
    chosen = cursors.cut(page, lambda item: wanted.admits(store.parse(item)), limit)
    return [store.parse(item) for item in chosen.items], chosen.last


def _bounds(first: Day | None, last: Day | None) -> tuple[datetime, datetime]:
    """The moments between which the days lie, in the shop's zone."""
    zone = clock.shop_zone()
    since = clock.begins(first, zone) if first else FIRST
    after = last or clock.today()
    return since, clock.begins(after + timedelta(days=1), zone)


def _view(one: Transaction) -> TransactionView:
    return TransactionView(
        id=one.id,
        kind=one.kind,
        by=one.by,
        amount_minor=one.amount_minor,
        currency=one.currency,
        at=one.at,
        order_id=one.order_id,
    )
