"""What orders tells of its customers' balance, and of what is put on one."""

from common.events import Currency, Event
from common.events.orders import OrderEvent


class WalletToppedUp(Event):
    """Money came to the customer's balance."""

    name = "orders.wallet_topped_up.v1"

    customer_id: str
    amount_minor: int
    currency: Currency


class GiftCardsIssued(OrderEvent):
    """The gift cards that the order bought may be used; who bought them sees their codes."""

    name = "orders.gift_cards_issued.v1"

    count: int
    amount_minor: int
    currency: Currency
