"""An order's row as the domain's value, and back."""

from dataclasses import asdict
from datetime import date, datetime

from common import pricing
from common.expressions import Item
from common.language import Text
from orders.gift import Gift
from orders.order.bill import Bill, Method, Status
from orders.order.order import Order, State, Step
from orders.order.parcel import Parcel, Tiding
from orders.order.parcel import Status as Whereabouts
from orders.order.parts import Contact, Delivery, Line, Returned, Used


def parse(item: Item) -> Order:
    return Order(
        id=item["id"],
        customer_id=item["customer_id"],
        version=item["version"],
        day=date.fromisoformat(item["day"]),
        lines=tuple(map(_line, item["lines"])),
        totals=pricing.Totals(**item["totals"]),
        currency=item["currency"],
        points=item["points"],
        delivery=Delivery(**item["delivery"]),
        bill=_bill(item["bill"]),
        history=tuple(
            Step(State(step["state"]), datetime.fromisoformat(step["at"]))
            for step in item["history"]
        ),
        parcels=tuple(map(_parcel, item["parcels"])),
        gift=Gift(**item["gift"]) if item["gift"] else None,
        contact=Contact(**item["contact"]) if item["contact"] else None,
        tax_percent=item["tax_percent"],
        delivery_tax_minor=item["delivery_tax_minor"],
        returned=Returned(**item["returned"]),
        replaces=item.get("replaces"),
        coupon=_coupon(item.get("coupon")),
    )


def row(order: Order) -> Item:
    pk, sk = key(order.customer_id, order.id)
    return {
        "pk": pk,
        "sk": sk,
        "v": 1,
        "gsi1pk": queue(order.state, order.day),
        "gsi1sk": order.id,
        "gsi2pk": f"NUMBER#{order.number}",
        "gsi2sk": order.id,
        "version": order.version,
        "state": order.state.value,
        "history": [{"state": s.state.value, "at": s.at.isoformat()} for s in order.history],
        "parcels": [_parcel_item(parcel) for parcel in order.parcels],
        **_bought(order),
    }


def _bought(order: Order) -> Item:
    """What an order is from its first day to its last, and how it is paid."""
    bill = order.bill
    return {
        "id": order.id,
        "customer_id": order.customer_id,
        "day": order.day.isoformat(),
        "lines": [_line_item(line) for line in order.lines],
        "totals": asdict(order.totals),
        "currency": order.currency,
        "points": dict(order.points),
        "delivery": asdict(order.delivery),
        "bill": asdict(order.bill) | {"method": bill.method.value, "status": bill.status.value},
        "gift": asdict(order.gift) if order.gift else None,
        "contact": asdict(order.contact) if order.contact else None,
        "tax_percent": order.tax_percent,
        "delivery_tax_minor": order.delivery_tax_minor,
        "returned": asdict(order.returned),
        "replaces": order.replaces,
        "coupon": asdict(order.coupon) if order.coupon else None,
    }


def _coupon(item: Item | None) -> Used | None:
    return Used(**item | {"discount": pricing.Discount(**item["discount"])}) if item else None


def _bill(item: Item) -> Bill:
    known = {"method": Method(item["method"]), "status": Status(item["status"])}
    return Bill(**item | known)


def _line_item(line: Line) -> Item:
    return {
        "sku": line.sku,
        "name_ru": line.name.ru,
        "name_en": line.name.en,
        "quantity": line.quantity,
        "price_minor": line.price_minor,
        "shipped": line.shipped,
        "paid_minor": line.paid_minor,
        "tax_minor": line.tax_minor,
        "returned": line.returned,
        "returned_minor": line.returned_minor,
        "discount_minor": line.discount_minor,
        "excused": line.excused,
        "money": line.money,
    }


def _line(item: Item) -> Line:
    return Line(
        sku=item["sku"],
        name=Text(item["name_ru"], item["name_en"]),
        quantity=item["quantity"],
        price_minor=item["price_minor"],
        shipped=item["shipped"],
        paid_minor=item["paid_minor"],
        tax_minor=item["tax_minor"],
        returned=item["returned"],
        returned_minor=item["returned_minor"],
        discount_minor=item.get("discount_minor", 0),
        excused=item.get("excused", 0),
        money=item["money"],
    )


def _parcel(item: Item) -> Parcel:
    return Parcel(item["carrier"], item["tracking_number"], tuple(map(_tiding, item["tidings"])))


def _tiding(item: Item) -> Tiding:
    at = datetime.fromisoformat(item["at"])
    return Tiding(item["id"], Whereabouts(item["status"]), at, item["place"])


def _parcel_item(parcel: Parcel) -> Item:
    tidings = [
        asdict(one) | {"status": one.status.value, "at": one.at.isoformat()}
        for one in parcel.tidings
    ]
    return asdict(parcel) | {"tidings": tidings}


def queue(state: State, day: date) -> str:
    return f"ORDERS#{state}#{day.isoformat()}"


def key(customer_id: str, order_id: str) -> tuple[str, str]:
    return f"CUSTOMER#{customer_id}", f"ORDER#{order_id}"
