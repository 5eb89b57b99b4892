"""Bookings as tests make them: a tea ceremony on the Arbat, for two at once, every day."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cloud import Person
from common import clock
from local.examples import bookings
from shop import Shop

MOSCOW = ZoneInfo("Europe/Moscow")
ID = "tea-ceremony"
CEREMONY = bookings.BODIES["PUT /v1/staff/bookables/{bookable_id}"]


def at(hour: int, days: int = 1) -> str:
    """That hour in Moscow, so many days from today on."""
    day = clock.now().astimezone(MOSCOW).date() + timedelta(days=days)
    return datetime.combine(day, time(hour), MOSCOW).isoformat()


def wanted(hour: int = 16, days: int = 1, bookable_id: str = ID, **more: str) -> dict[str, Any]:
    """What books that hour."""
    return {"bookable_id": bookable_id, "start": at(hour, days), **more}


def open_ceremony(shop: Shop, bookable_id: str = ID, **changes: Any) -> None:
    path = f"/v1/staff/bookables/{bookable_id}"
    shop.ask(shop.staff("manager"), "PUT", path, CEREMONY | changes)


def book(shop: Shop, person: Person, hour: int = 16, days: int = 1, **more: str) -> str:
    """A booking of the ceremony; its id."""
    booked = shop.ask(person, "POST", "/v1/bookings", wanted(hour, days, **more))
    return str(booked["id"])


def have_appointments(shop: Shop, person: Person) -> None:
    """One is booked and moved, one cancelled, and one is due in four hours."""
    open_ceremony(shop)
    moved, gone = book(shop, person, 16), book(shop, person, 18)
    shop.ask(person, "POST", f"/v1/bookings/{moved}/move", {"start": at(17)})
    shop.ask(person, "POST", f"/v1/bookings/{gone}/cancel")
    hours = timedelta(hours=4)
    book(shop, person, (clock.now() + hours).astimezone(MOSCOW).hour, 0)
    shop.cloud.drain()
