"""Whether a customer's visits are kept follows from the consent that auth tells of."""

from functools import partial

from common import table
from common.events.auth import ConsentChanged
from orders.visits import store

PURPOSE = "personalisation"


def hear(told: ConsentChanged) -> None:
    """Keep visits from now on, or forget them."""
    if told.purpose == PURPOSE:
        table.retried(partial(_hear, told))


def _hear(told: ConsentChanged) -> None:
    before = store.find(told.customer_id)
    after = before.heard(told.given, told.subject_version)
    store.save_heard(told.customer_id, before, after)
