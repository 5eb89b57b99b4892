"""HTTP routes of calendars: a booking as a file, and all of them behind a secret link."""

import os
from collections.abc import Iterable
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Path

from common import access, clock, ids, table
from common import api as shell
from common.errors import NotFound
from orders.bookings import calendar_file, store
from orders.bookings.booking import Booking
from orders.bookings.feed import links
from orders.bookings.feed import store as feeds
from orders.bookings.view import CalendarLinkView

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

FILE: dict[int, Any] = {200: {"description": "An iCalendar file", "content": {"text/calendar": {}}}}
GONE: dict[int, Any] = {204: {"description": "The link leads nowhere"}}
# How long a calendar still shows what is over.
SHOWN = timedelta(days=90)

Token = Annotated[str, Path(pattern=r"^[0-9a-z-]{1,100}$")]


@router.get("/v1/bookings/<booking_id>/calendar", responses=FILE)
def show_file(booking_id: shell.Id) -> Response[str]:
    """Show one of your bookings as a file for a calendar (RFC 5545)."""
    return _file([store.find(access.customer(router).id, booking_id)])


@router.put("/v1/bookings/calendar-link", responses=shell.shown(CalendarLinkView))
def open_link() -> Response[Any]:
    """Show the secret link that a calendar reads your bookings by; there is one from now on."""
    caller = access.customer(router)

    def opened() -> str:
        link_id = feeds.link(caller.id)
        if link_id is None:
            link_id = ids.new(clock.now())
            feeds.add(caller.id, link_id)
        return link_id

    token = links.seal(caller.id, table.retried(opened))
    return shell.answer(CalendarLinkView(url=f"{os.environ['PUBLIC_URL']}/v1/calendars/{token}"))


@router.delete("/v1/bookings/calendar-link", responses=GONE)
def close_link() -> Response[Any]:
    """Take the link back: it leads nowhere any longer, and the next one is another."""
    feeds.remove(access.customer(router).id)
    return Response(HTTPStatus.NO_CONTENT)


@router.get("/v1/calendars/<calendar_token>", responses=FILE)
def show_feed(calendar_token: Token) -> Response[str]:
    """Show the bookings that a secret link leads to, cancelled ones too, for a calendar."""
    customer_id, link_id = links.unseal(calendar_token)
    if feeds.link(customer_id) != link_id:
        raise NotFound
    since = clock.now() - SHOWN
    return _file(one for one in store.every(customer_id) if one.slot.end > since)


def _file(bookings: Iterable[Booking]) -> Response[str]:
    shop = os.environ["SHOP_NAME"], os.environ["PUBLIC_URL"]
    text = calendar_file.write(bookings, shell.language(router), *shop)
    kept_as = {"Content-Disposition": 'attachment; filename="bookings.ics"'}
    return Response(HTTPStatus.OK, "text/calendar; charset=utf-8", text, headers=dict(kept_as))
