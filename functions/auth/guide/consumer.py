"""What is open for a customer, as each capability tells, and when their first steps are done.

Steps are done in several places: after each, whoever hears of it looks at all of them as they are
by then, so the last one is seen whatever the order in which they are told.
"""

from contextlib import suppress

from auth.guide import store, success
from auth.guide.standing import Kind, Matter
from common import clock, consumer, table
from common.errors import NotFound
from common.events.auth import ConsentChanged, ContactsProven, ProfileChanged
from common.events.notify import MessageRead, MessageSent
from common.events.orders import OrderCancelled, OrderClaimed, OrderDelivered, OrderPlaced
from common.events.passkeys import PasskeyAdded
from common.events.pickup import OrderUncollected
from common.events.sign_in import FactorAdded
from common.events.support import TicketAnswered, TicketOpened, TicketReopened, TicketResolved

type OrderTold = OrderPlaced | OrderClaimed | OrderDelivered | OrderCancelled | OrderUncollected
type TicketTold = TicketOpened | TicketAnswered | TicketReopened | TicketResolved
type ProofAdded = FactorAdded | PasskeyAdded
type StepDone = OrderTold | ConsentChanged | ContactsProven | ProofAdded | ProfileChanged


def note_order(event: OrderTold) -> None:
    """Count an order while it is under way; a guest has no account that could show it."""
    if event.guest:
        return
    over = isinstance(event, OrderDelivered | OrderCancelled | OrderUncollected)
    is_open = not (event.over if isinstance(event, OrderClaimed) else over)
    store.note(
        event.customer_id, Matter(Kind.ORDERS, event.order_id, event.subject_version, is_open)
    )
    look(event)


def note_ticket(event: TicketTold) -> None:
    """Count a ticket until it is resolved."""
    is_open = not isinstance(event, TicketResolved)
    store.note(
        event.customer_id, Matter(Kind.TICKETS, event.ticket_id, event.subject_version, is_open)
    )


def note_message(event: MessageSent | MessageRead) -> None:
    """Count a message until it is read; one with a code is in nobody's inbox."""
    if event.customer_id is not None:
        version, is_open = (1, True) if isinstance(event, MessageSent) else (2, False)
        store.note(event.customer_id, Matter(Kind.INBOX, event.message_id, version, is_open))


def look(event: StepDone) -> None:
    """Tell the first success if the step makes it."""
    with suppress(NotFound, table.ConditionFailed):
        if told := success.of(store.find(event.customer_id), clock.now()):
            store.succeed(told)


REACTIONS: consumer.Reactions = {
    **dict.fromkeys(
        (OrderPlaced, OrderClaimed, OrderDelivered, OrderCancelled, OrderUncollected), note_order
    ),
    **dict.fromkeys((TicketOpened, TicketAnswered, TicketReopened, TicketResolved), note_ticket),
    **dict.fromkeys((MessageSent, MessageRead), note_message),
    **dict.fromkeys((ConsentChanged, ContactsProven, FactorAdded, PasskeyAdded), look),
}
