"""How events tell of a cart. Pure."""

from common.events.orders import EventLine
from orders.cart.cart import Line


def told(line: Line) -> EventLine:
    """A line at the price that its customer saw."""
    return EventLine(
        sku=line.sku,
        name_ru=line.name.ru,
        name_en=line.name.en,
        quantity=line.quantity,
        total_minor=line.priced().total_minor,
    )
