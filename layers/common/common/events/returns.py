"""What orders tells of returns."""

from common.events import Currency
from common.events.orders import OrderEvent


class ReturnEvent(OrderEvent):
    """What every event of a return carries, beside its order's."""

    return_id: str
    return_number: str


class ReturnRequested(ReturnEvent):
    """A customer wants to give something back, or complains of it; `refund_minor` is promised if
    it is so, and `points` are given back. By an `exchange` something else comes."""

    name = "orders.return_requested.v1"

    complaint: bool
    exchange: bool = False
    refund_minor: int
    points: int
    currency: Currency


class ReturnApproved(ReturnEvent):
    """The shop agrees; where `goods_expected`, the money goes when they have come, or what comes
    by an `exchange`."""

    name = "orders.return_approved.v1"

    goods_expected: bool
    exchange: bool = False


class ReturnRejected(ReturnEvent):
    """The shop refuses a return, for the reason `rejection`."""

    name = "orders.return_rejected.v1"

    rejection: str


class ReturnWithdrawn(ReturnEvent):
    """The customer keeps the goods after all."""

    name = "orders.return_withdrawn.v1"


class ReturnSettled(ReturnEvent):
    """What came back is accepted."""

    amount_minor: int
    balance_minor: int
    currency: Currency
    points_given: int
    points_taken: int


class ReturnRefunded(ReturnSettled):
    """What came back is accepted, and the money on its way. `points_given` are with the customer
    again; `points_taken` had been earned by what came back, and are to be taken off."""

    name = "orders.return_refunded.v1"


class ReturnExchanged(ReturnSettled):
    """What came back is accepted, and the order `replacement_id` brings what comes instead, which
    `carried_minor` pays for; the sums are what is over."""

    name = "orders.return_exchanged.v1"

    carried_minor: int
    replacement_id: str
