"""What the shop tells of its products. Pure."""

from datetime import datetime

from common import ids
from common.events import Currency, Event
from common.events.catalogue import BackInStock, PriceDropped, ProductChanged
from orders.catalogue.product import Product


def told(
    old: Product | None, new: Product, event_id: str, currency: Currency, at: datetime
) -> list[Event]:
    """The events of a change from *old*, None where the product is new; *event_id* is the first's,
    and those of the others derive from it."""
    facts: list[Event] = [_changed(new, event_id, currency, at)]
    if old and new.price_minor < old.price_minor:
        facts.append(_dropped(old, new, ids.derived(event_id, "price_dropped"), currency, at))
    if old and new.can_be_bought and not old.can_be_bought:
        facts.append(_back(new, ids.derived(event_id, "back_in_stock"), at))
    return facts


def _changed(product: Product, event_id: str, currency: Currency, at: datetime) -> ProductChanged:
    return ProductChanged(
        id=event_id,
        occurred_at=at,
        subject_version=product.version,
        sku=product.sku,
        category=product.category,
        name_ru=product.name.ru,
        name_en=product.name.en,
        price_minor=product.price_minor,
        currency=currency,
        kind=product.kind.value,
        group=product.group,
        in_stock=product.available != 0,
        archived=product.archived,
    )


def _dropped(
    old: Product, new: Product, event_id: str, currency: Currency, at: datetime
) -> PriceDropped:
    return PriceDropped(
        id=event_id,
        occurred_at=at,
        subject_version=new.version,
        sku=new.sku,
        name_ru=new.name.ru,
        name_en=new.name.en,
        old_minor=old.price_minor,
        new_minor=new.price_minor,
        currency=currency,
    )


def _back(product: Product, event_id: str, at: datetime) -> BackInStock:
    return BackInStock(
        id=event_id,
        occurred_at=at,
        subject_version=product.version,
        sku=product.sku,
        name_ru=product.name.ru,
        name_en=product.name.en,
        available=product.available,
    )
