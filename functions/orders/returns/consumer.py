"""What happens to returns by itself: the shop waits for goods no longer than it keeps others."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from common import table, timers
from orders.returns import store
from orders.returns.reasons import Rejection
from orders.returns.returns import State


def end_exchange(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """What was kept for an exchange can be sold again: the goods never came."""
    one = store.find(timer.subject["customer_id"], timer.subject["return_id"])
    if one is None or one.state is not State.APPROVED:
        return []
    return store.expired(one, one.rejected(Rejection.NEVER_CAME, None, now))


DUE: Mapping[str, timers.Fire] = {store.EXCHANGE_ENDS: end_exchange}
