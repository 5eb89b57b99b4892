"""What notify has of a customer, how each is erased, and the last letter."""

from common import erasure
from common.erasure import Kind
from common.events.erasure import CustomerErased, ErasureFinished
from common.events.notify import CustomerErased as Report
from notify import sealed_letter, store
from notify.delivery import Way
from notify.sealed_letter import Opened

KINDS = (
    Kind("consents", "CONSENT#", how=erasure.proof_only, why="proof_of_consent"),
    Kind("contacts", "CONTACT"),
    Kind("how much was sent", "MARKETING"),
    Kind("messages", "MESSAGE#"),
    Kind("preferences", "PREFERENCES"),
    Kind("answers to repeated calls", "IDEMPOTENCY#"),
    Kind("closed addresses", "SUPPRESSED", partition="ADDRESS#", why="proof_of_objection"),
)


def erase(cause: CustomerErased) -> None:
    erasure.erase(cause.customer_id, KINDS)
    erasure.report(Report, cause, KINDS)


def tell(event: ErasureFinished) -> None:
    """Tell whoever was erased, at the address that is sealed: nobody knows it any longer."""

    def ways(opened: Opened) -> list[Way]:
        return [opened.by(event.channel, f"/v1/auth/erasures/{event.erasure_id}")]

    sealed_letter.send(event, event.erasure_id, store.CODES_KEPT, ways)
