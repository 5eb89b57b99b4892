"""Goods of an order that came to nothing are back in stock, if they were the last ones."""

from collections.abc import Iterator

from common import ids, outbox, table
from common.events.catalogue import BackInStock
from common.events.orders import OrderCancelled
from common.events.pickup import OrderReturned
from orders.catalogue import store as catalogue
from orders.catalogue.product import Product
from orders.order import store as orders
from orders.order.order import Order

type Off = OrderCancelled | OrderReturned


def tell(off: Off) -> None:
    """Tell of goods that could not be bought before the order gave them back. A guest's order may
    have been claimed, and lie elsewhere, since it was told of."""
    order = orders.find(off.customer_id, off.order_id) or orders.find_any(off.order_id)
    news = [outbox.row(_back(off, product)) for product in _freed(order)] if order else []
    if news:
        table.commit(*news)


def _freed(order: Order) -> Iterator[Product]:
    """The goods of which there are no more than the order gave back: what there was before it, or
    came since, was told of."""
    products = catalogue.find_many(line.sku for line in order.goods)
    for line in order.goods:
        product = products.get(line.sku)
        if product and product.available and product.available <= line.quantity:
            yield product


def _back(off: Off, product: Product) -> BackInStock:
    return BackInStock(
        id=ids.derived(off.id, product.sku),
        occurred_at=off.occurred_at,
        subject_version=product.version,
        sku=product.sku,
        name_ru=product.name.ru,
        name_en=product.name.en,
        available=product.available,
    )
