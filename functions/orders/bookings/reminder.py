"""When a booking's customer is reminded. Pure."""

from common.timers import Timer
from orders.bookings.booking import Booking

REMINDING = "booking_due"


def timer(booking: Booking) -> Timer | None:
    """The timer that reminds of the booking as it is; each version has its own."""
    due = booking.reminded_at
    if due is None:
        return None
    subject = {"customer_id": booking.customer_id, "booking_id": booking.id}
    return Timer(REMINDING, f"{booking.id}:{booking.version}", due, subject)
