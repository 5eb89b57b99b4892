"""Which order a booking may be about, and what the two are to each other then. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from common.errors import NotFound, Refusal
from common.language import Text
from orders.bookings.bookable import Kind
from orders.bookings.booking import Booking
from orders.order.order import AT_REST, OFF, Order, State


class NoSuchService(Refusal):
    """The order that is named is not the caller's, holds no service, or is off or done."""

    code = "no_such_service"
    title = Text(
        ru="В этом заказе нет услуги, на которую можно записаться.",
        en="There is no service to book in this order.",
    )


class ServiceUnpaid(Refusal):
    """The order that is named waits for its payment."""

    code = "service_unpaid"
    title = Text(
        ru="Сначала оплатите заказ: тогда можно будет записаться.",
        en="Please pay for the order first: then you can book.",
    )


class ServicesBooked(Refusal):
    """As many bookings name the order as services were bought in it."""

    code = "services_booked"
    title = Text(
        ru="Все услуги из этого заказа уже записаны на своё время.",
        en="All services of this order are booked already.",
    )


class NothingToPickUp(Refusal):
    """No order is named, or it is not the caller's, goes elsewhere, or is over."""

    code = "nothing_to_pick_up"
    title = Text(
        ru="Назовите ваш заказ, который ждёт вас или скоро приедет в пункт выдачи.",
        en="Name an order of yours that waits at a pick-up point or is on its way there.",
    )


class ServiceTooNear(Refusal):
    """A service of the order is booked, and `changeable_until` was the last moment to cancel it; or
    one that was booked for no order was had since."""

    code = "service_too_near"
    title = Text(
        ru="Отменить услугу из этого заказа уже нельзя: её время пришло или совсем близко. "
        "Напишите нам: поможем.",
        en="It is too late to cancel a service of this order: its time is near, or was. "
        "Write to us and we will help.",
    )


def require(kind: Kind, order_id: str | None, order: Order | None) -> None:
    """A pick-up is of an order, a service of one where it was bought in one, and a meeting may be
    about any; *order* is the caller's of that id. NoSuchService, ServiceUnpaid, NothingToPickUp,
    NotFound."""
    if kind is Kind.PICKUP:
        if order is None or not _is_to_be_fetched(order):
            raise NothingToPickUp
    elif order_id and kind is Kind.SERVICE:
        _require_service(order)
    elif order_id and order is None:
        raise NotFound


def require_unbooked(order: Order, named: Iterable[Booking]) -> None:
    """A service is had once: of the bookings that name the order, no more stand than services were
    bought. ServicesBooked."""
    if sum(one.kind is Kind.SERVICE and one.stands for one in named) >= order.services:
        raise ServicesBooked


def require_cancellable(order: Order, bookings: Iterable[Booking], now: datetime) -> None:
    """Nobody calls off a service that they had, or for which it is too late; *bookings* are all of
    the customer's. ServiceTooNear."""
    for one in bookings:
        if one.kind is Kind.SERVICE and one.stands and _binds(one, order, now):
            until = one.changeable_until.isoformat()
            raise ServiceTooNear(booking_id=one.id, changeable_until=until)


def idle(bookings: Iterable[Booking], now: datetime) -> Iterator[Booking]:
    """Those that are ahead for nothing once their order is off: one may still meet about it."""
    for one in bookings:
        if one.kind is not Kind.MEETING and one.stands and one.slot.start > now:
            yield one


def _binds(booking: Booking, order: Order, now: datetime) -> bool:
    """Whether it is too late for the order. What was booked for none may be what the order paid
    for, booked before it or after: it binds the order once it was had since."""
    if booking.order_id is None:
        return booking.slot.start <= now and booking.slot.end > order.placed_at
    return booking.order_id == order.id and now > booking.changeable_until


def _is_to_be_fetched(order: Order) -> bool:
    return order.delivery.point_id is not None and order.state not in (*AT_REST, *OFF)


def _require_service(order: Order | None) -> None:
    """NoSuchService, ServiceUnpaid."""
    if order is None or not order.services or order.state in _over(order):
        raise NoSuchService
    if order.state is State.AWAITING_PAYMENT:
        raise ServiceUnpaid


def _over(order: Order) -> tuple[State, ...]:
    """The states in which its services are off, or done; goods may come before a service does."""
    return (*OFF, State.RETURNED) if order.goods else AT_REST
