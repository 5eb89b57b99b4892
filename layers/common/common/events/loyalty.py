"""What loyalty tells."""

from common.events import Erased, Event, ExportPart


class PointsAccrued(Event):
    """Points were added to the customer's account, to be spent until `expires_on`."""

    name = "loyalty.points_accrued.v1"

    customer_id: str
    order_id: str
    number: str
    points: int
    expires_on: str


class CustomerErased(Erased):
    """What loyalty had of a customer is erased."""

    name = "loyalty.customer_erased.v1"


class ExportPartReady(ExportPart):
    """What loyalty has of a customer lies ready for their export."""

    name = "loyalty.export_part_ready.v1"
