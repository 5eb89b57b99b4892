"""What support tells."""

from common import events
from common.events import Erased, Event, ExportPart


class TicketOpened(Event):
    """A customer asked for help."""

    name = "support.ticket_opened.v1"

    customer_id: str
    ticket_id: str
    number: str
    category: str
    order_id: str | None


class TicketAnswered(Event):
    """An agent answered: the customer can read it."""

    name = "support.ticket_answered.v1"

    customer_id: str
    ticket_id: str
    number: str


class TicketResolved(Event):
    """An agent thinks the customer is helped; a reply of the customer reopens the ticket."""

    name = "support.ticket_resolved.v1"

    customer_id: str
    ticket_id: str
    number: str


class TicketReopened(Event):
    """What was resolved is not after all: the ticket waits for an agent again."""

    name = "support.ticket_reopened.v1"

    customer_id: str
    ticket_id: str
    number: str


class CustomerViewed(events.CustomerViewed):
    """A member of staff saw something of a customer's here: once an hour, each thing."""

    name = "support.customer_viewed.v1"


class CustomerErased(Erased):
    """What support had of a customer is erased."""

    name = "support.customer_erased.v1"


class ExportPartReady(ExportPart):
    """What support has of a customer lies ready for their export."""

    name = "support.export_part_ready.v1"
