"""What auth tells of customers who leave for good, or take their data along."""

from typing import Literal

from pydantic import AwareDatetime

from common.events import Event


class ErasureRequested(Event):
    """A customer asked to be erased; until `due_at` they may change their mind."""

    name = "auth.erasure_requested.v1"

    customer_id: str
    erasure_id: str
    due_at: AwareDatetime


class ErasureCancelled(Event):
    """A customer stays: they took the wish to be erased back in time."""

    name = "auth.erasure_cancelled.v1"

    customer_id: str
    erasure_id: str


class ErasureDue(Event):
    """A customer is to be erased: whoever knows what stands against it answers for this `round`."""

    name = "auth.erasure_due.v1"

    customer_id: str
    erasure_id: str
    round: int


class CustomerErased(Event):
    """The account is gone: every capability erases what it has of the customer, and reports."""

    name = "auth.customer_erased.v1"

    customer_id: str
    erasure_id: str


class ErasureFinished(Event):
    """Every capability has reported. `letter` seals {"to"} for the erasure's id: whom to tell is
    known to nobody else by now."""

    name = "auth.erasure_finished.v1"
    sealed = True

    erasure_id: str
    channel: Literal["email", "sms"]
    language: str
    letter: str


class ExportRequested(Event):
    """A customer asked for all that is kept of them: every capability hands its part over."""

    name = "auth.export_requested.v1"

    customer_id: str
    export_id: str


class ExportReady(Event):
    """The archive of a customer's data can be fetched until it `ends_at`."""

    name = "auth.export_ready.v1"

    customer_id: str
    export_id: str
    ends_at: AwareDatetime
