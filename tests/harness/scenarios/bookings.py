"""What the sweep does to bookings."""

from collections.abc import Callable

from appointments import CEREMONY, ID, at, book, open_ceremony, wanted
from scenarios.declared import ACTED, scenario
from scenarios.orders import VERSION
from shop import Shop, product
from sweep import SCHEDULE, Act

BOOKABLE = f"/v1/staff/bookables/{ID}"
LINK = "/v1/bookings/calendar-link"


def booked(shop: Shop) -> str:
    """Somebody has booked the ceremony of tomorrow; the booking."""
    open_ceremony(shop)
    shop.people["customer"] = shop.customer()
    return book(shop, shop.people["customer"])


@scenario("OrdersBookingsApi", "PUT /v1/staff/bookables/{bookable_id}", ACTED, VERSION)
def opening(shop: Shop) -> Act:
    return shop.asking(shop.staff("manager"), "PUT", BOOKABLE, CEREMONY)


@scenario("OrdersBookingsApi", "POST /v1/bookings")
def booking(shop: Shop) -> Act:
    open_ceremony(shop)
    return shop.asking(shop.customer(), "POST", "/v1/bookings", wanted())


@scenario("OrdersBookingsApi", "POST /v1/bookings: of a service that was bought")
def booking_what_was_bought(shop: Shop) -> Act:
    open_ceremony(shop)
    shop.stock(product("WRAP", 29_000, None))
    person = shop.customer()
    order = shop.order(person, "WRAP", 1)
    return shop.asking(person, "POST", "/v1/bookings", wanted(order_id=order))


def changes(route: str, who: str, hour: int | None = None) -> None:
    @scenario("OrdersBookingsApi", route)
    def asked(shop: Shop) -> Act:
        made = booked(shop)
        person = shop.people["customer"] if who == "customer" else shop.staff(who)
        path = route.removeprefix("POST ").replace("{booking_id}", made)
        return shop.asking(person, "POST", path, {"start": at(hour)} if hour else None)


changes("POST /v1/bookings/{booking_id}/move", "customer", 18)
changes("POST /v1/bookings/{booking_id}/cancel", "customer")
changes("POST /v1/staff/bookings/{booking_id}/move", "agent", 18)
changes("POST /v1/staff/bookings/{booking_id}/cancel", "agent")


def seen(route: str, who: str, named: Callable[[Shop, str], str] = lambda shop, made: made) -> None:
    @scenario("OrdersBookingsApi", route)
    def asked(shop: Shop) -> Act:
        part = named(shop, booked(shop))
        method, _, path = route.partition(" ")
        for name in ("booking_id", "calendar_token"):
            path = path.replace(f"{{{name}}}", part)
        person = shop.people["customer"] if who == "customer" else shop.staff(who)
        return shop.asking(person, method, path.replace("{bookable_id}", ID))


def token(shop: Shop, _: str) -> str:
    url: str = shop.ask(shop.people["customer"], "PUT", LINK)["url"]
    return url.rpartition("/")[2]


seen("GET /v1/bookables", "customer")
seen("GET /v1/bookables/{bookable_id}/slots", "customer")
seen("GET /v1/bookings", "customer")
seen("GET /v1/bookings/{booking_id}", "customer")
seen("GET /v1/bookings/{booking_id}/calendar", "customer")
seen("PUT /v1/bookings/calendar-link", "customer")
seen("DELETE /v1/bookings/calendar-link", "customer", token)
seen("GET /v1/calendars/{calendar_token}", "customer", token)
seen("GET /v1/staff/bookables/{bookable_id}", "agent")


@scenario("OrdersBookingsApi", "GET /v1/staff/bookables/{bookable_id}/bookings")
def day(shop: Shop) -> Act:
    """Two of them: what staff see at once is entered otherwise than one by one."""
    open_ceremony(shop)
    for _ in range(2):
        book(shop, shop.customer(), 20, 0)
    return shop.asking(shop.staff("agent"), "GET", f"{BOOKABLE}/bookings")


@scenario("OrdersConsumer", "timer of a booking")
def reminding(shop: Shop) -> Act:
    open_ceremony(shop)
    book(shop, shop.customer(), 16, 0)
    shop.cloud.clock.advance(hours=2, minutes=1)

    def minutes() -> None:
        for _ in range(2):
            shop.cloud.invoke("OrdersConsumer", SCHEDULE)
            shop.cloud.clock.advance(minutes=1)

    return minutes


@scenario("OrdersApi", "POST /v1/orders/{order_id}/cancel: with a service")
def calling_off(shop: Shop) -> Act:
    return with_service(shop)


@scenario("OrdersConsumer", "orders.order_cancelled.v1: with bookings")
def withdrawing(shop: Shop) -> Act:
    with_service(shop)()
    return shop.cloud.drain


def with_service(shop: Shop) -> Act:
    """A customer calls off an order for which two services are booked."""
    open_ceremony(shop)
    shop.stock(product("WRAP", 29_000, None))
    person = shop.people["customer"] = shop.customer()
    order = shop.order(person, "WRAP", 2)
    for hour in (16, 18):
        book(shop, person, hour, order_id=order)
    return shop.asking(person, "POST", f"/v1/orders/{order}/cancel")
