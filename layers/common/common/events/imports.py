"""What orders tells itself of imports of products: each event is the next piece of the work."""

from common.events import Event


class ImportStarted(Event):
    """A file of products has come, and is to be read."""

    name = "orders.import_started.v1"

    import_id: str


class ImportAdvanced(Event):
    """A file of products is read up to here: its part number `part` is next."""

    name = "orders.import_advanced.v1"

    import_id: str
    part: int
