"""What notify has of a customer, how each is erased or handed over, and the last letter."""

from common import erasure, export, table
from common.erasure import Kind
from common.events.erasure import CustomerErased, ErasureFinished, ExportRequested
from common.events.notify import CustomerErased as Report
from common.events.notify import ExportPartReady
from common.shown import NAMELESS, REPEATS, only, with_id
from notify import sealed_letter, store
from notify.delivery import Way
from notify.push import keeping as pushes
from notify.push import store as devices
from notify.sealed_letter import Opened

MESSAGE = with_id("subject", "text", "topic", "channel", "state", "created_at", "sent_at")
KINDS = (
    Kind(
        "consents",
        "CONSENT#",
        how=erasure.proof_only,
        why="proof_of_consent",
        shown=with_id("topic", "given", "text_version", "at", "source"),
    ),
    Kind("contacts", "CONTACT", shown=only("email", "phone", "language", "time_zone")),
    Kind("devices for pushes", devices.SK, how=pushes.erase, shown=devices.shown),
    Kind("tokens of devices", "DEVICE", partition="TOKEN#", shown=REPEATS),
    Kind("how much was sent", "MARKETING", shown=only("sent")),
    Kind("messages", "MESSAGE#", shown=MESSAGE),
    Kind("preferences", "PREFERENCES", shown=only("topics")),
    export.PROGRESS,
    erasure.ANSWERS,
    Kind(
        "closed addresses",
        "SUPPRESSED",
        partition="ADDRESS#",
        why="proof_of_objection",
        shown=NAMELESS,
    ),
)


def erase(cause: CustomerErased) -> None:
    erasure.erase(cause.customer_id, KINDS)
    erasure.report(Report, cause, KINDS)


def hand_over(cause: ExportRequested) -> None:
    rows = table.query_all(store.of_customer(cause.customer_id))
    export.hand_over(cause, KINDS, rows, ExportPartReady)


def tell(event: ErasureFinished) -> None:
    """Tell whoever was erased, at the address that is sealed: nobody knows it any longer."""

    def ways(opened: Opened) -> list[Way]:
        return [opened.by(event.channel, f"/v1/auth/erasures/{event.erasure_id}")]

    sealed_letter.send(event, event.erasure_id, store.CODES_KEPT, ways)
