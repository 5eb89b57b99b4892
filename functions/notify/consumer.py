"""Events notify listens to: contacts to remember, and facts to write letters about.

Every event that has a letter in `letters/` is written about. A message is claimed, sent, and
noted as sent; whatever comes again finds the note and does nothing. A crash after the claim
sends again once the claim has run out: a second letter is better than none.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import consumer, outbox, table, timers
from common.events.auth import CodeRequested, ContactChanged, ContactUndoOffered, CustomerImported
from common.events.erasure import CustomerErased, ErasureFinished, ExportRequested
from common.events.known import EVENTS
from common.events.notify import MessageDue
from common.events.orders import ClaimChecked, DocumentIssued, GuestContactGiven
from common.events.staff import StaffInvited
from notify import (
    correspondence,
    letter,
    one_time_code,
    proof,
    recipient_store,
    staff_letter,
    store,
    undo_link,
)
from notify.erasure import consumer as erasing
from notify.message import Contact
from notify.preferences import imported


def remember(changed: ContactChanged) -> None:
    """Keep where a customer is reached; news that are older than what is known change nothing."""
    contact = Contact(
        changed.customer_id, changed.email, changed.phone, changed.language, changed.time_zone
    )
    recipient_store.save_contact(contact, changed.subject_version)


def remember_guest(given: GuestContactGiven) -> None:
    """Keep where a guest's letters go."""
    contact = Contact(given.customer_id, given.email, given.phone, given.language, given.time_zone)
    recipient_store.save_contact(contact, given.subject_version)


def tell_of_document(issued: DocumentIssued) -> None:
    """Only of one that was asked for: what the others are about has letters of its own."""
    if issued.asked_for:
        correspondence.write(issued)


def look_again(due: MessageDue) -> None:
    """Unless the capability that knows is to say first whether it still is so."""
    if not proof.needs(due.letter):
        correspondence.write_again(due.customer_id, due.message_id, due.occurred_at)


def conclude(checked: ClaimChecked) -> None:
    """What still is so is written; what is not any longer, is not."""
    if checked.holds:
        correspondence.write_again(checked.customer_id, checked.message_id, checked.occurred_at)
    else:
        correspondence.drop(checked.customer_id, checked.message_id)


def tell_due(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """The message has waited: a queue carries it on, so that a failure holds up no other."""
    customer_id = timer.subject["owner"].removeprefix(store.of_customer(""))
    waiting = store.message(customer_id, timer.subject["message_id"])
    if waiting is None:
        return []
    return [outbox.row(proof.asked(waiting, customer_id, proof.morning(timer.due), now))]


REACTIONS: consumer.Reactions = {
    **{EVENTS[name]: correspondence.write for name in letter.events()},
    ContactChanged: remember,
    GuestContactGiven: remember_guest,
    CodeRequested: one_time_code.send,
    DocumentIssued: tell_of_document,
    ContactUndoOffered: undo_link.send,
    StaffInvited: staff_letter.send,
    CustomerImported: imported.agree,
    CustomerErased: erasing.erase,
    ErasureFinished: erasing.tell,
    ExportRequested: erasing.hand_over,
    MessageDue: look_again,
    ClaimChecked: conclude,
}
DUE: Mapping[str, timers.Fire] = {store.DEFERRED: tell_due}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume(event, context, REACTIONS, DUE)
