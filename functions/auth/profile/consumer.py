"""What happens on a customer's birthday."""

from collections.abc import Sequence
from datetime import datetime

from auth.profile import store
from auth.profile.facts import birthday_facts
from auth.profile.profile import greeted
from common import table, timers


def greet(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """Tell of the birthday, for its own day however late, and await the next one.

    Nothing for a timer that awaits what is no longer so.
    """
    before = store.peek(timer.subject["customer_id"])
    if before is None or before.greeting_due != timer.due:
        return []
    after, day = greeted(before, timer.due, now)
    return store.greet(before, after, *birthday_facts(before, after, day, now))


DUE: dict[str, timers.Fire] = {store.GREETING: greet}
