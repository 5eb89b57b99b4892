"""By what carriers' news find their orders.

pk                          sk          what
PARCEL#<carrier>#<number>   <order id>  that a parcel of the order goes under this number

Two orders may go in one parcel. The rows go when the order is completed, or its customer erased.
"""

from collections.abc import Iterable

from common import table
from orders.order.order import Order
from orders.order.parcel import Parcel

# So many orders go in one parcel at most, as far as its carrier's news go.
MOST_ORDERS = 10


def orders(carrier: str, tracking_number: str) -> list[str]:
    """The ids of the orders that go under this number."""
    found = table.query(_pk(carrier, tracking_number), limit=MOST_ORDERS, newest_first=True)
    return [row["sk"] for row in found.items]


def known(order: Order) -> list[table.Write]:
    """The order is found by each of its parcels from now on."""
    return [table.put({"pk": pk, "sk": order.id}, None) for pk in _places(order.parcels)]


def forgotten(order_id: str, parcels: Iterable[Parcel]) -> list[table.Write]:
    """The order is found by its parcels no longer."""
    return [table.delete(pk, order_id, condition=None) for pk in _places(parcels)]


def _places(parcels: Iterable[Parcel]) -> list[str]:
    return [_pk(parcel.carrier, parcel.tracking_number) for parcel in parcels]


def _pk(carrier: str, tracking_number: str) -> str:
    return f"PARCEL#{carrier}#{tracking_number}"
