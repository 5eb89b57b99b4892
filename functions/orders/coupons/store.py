"""Coupons in DynamoDB, and their uses that are left in the value ledger (see common.ledger).

pk             sk             what
COUPON#<code>  COUPON         a coupon, as loyalty last told
CUSTOMER#<id>  COUPON#<code>  used: how often the customer used it, if that is counted

A coupon whose uses are not counted in all has no row that all of its orders would write.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from common import ids, ledger, pricing, table
from common.access import Caller
from common.conditions import Attr
from common.errors import Refusal
from orders.coupons.coupon import (
    SPENT,
    Coupon,
    CouponUsed,
    CouponUsedUp,
    Held,
    account,
)
from orders.order.order import Order

SK = "COUPON"


def keys(customer_id: str, code: str) -> list[tuple[str, str, str]]:
    """Where what `parse` needs lies, for a read together with other items."""
    own = table.OWN, *_own(customer_id, code)
    return [(table.OWN, _pk(code), SK), own, ledger.key(account(code))]


def find_held(caller: Caller, code: str) -> Held | None:
    """The coupon as the caller finds it, in one round trip."""
    return parse(caller, table.get_many(*keys(caller.id, code)))


def find(code: str) -> tuple[Coupon | None, int]:
    """The coupon, and how many uses of it are left, in one round trip."""
    item, uses = table.get_many((table.OWN, _pk(code), SK), ledger.key(account(code)))
    return _coupon(item) if item else None, _left(uses)


def parse(caller: Caller, found: Sequence[table.Item | None]) -> Held | None:
    """The coupon of the rows at `keys`, as the caller finds it."""
    coupon, own, uses = found
    if coupon is None:
        return None
    own_uses = own["used"] if own else 0
    return Held(_coupon(coupon), own_uses, _left(uses), caller.is_guest)


def save(told: Coupon, known: Coupon | None, *moved: table.Write) -> None:
    """Keep *told* in place of *known*, together with the uses *moved*. ConditionFailed when either
    changed meanwhile."""
    as_known = Attr("version").eq(known.version) if known else table.ABSENT
    table.commit(table.put(_row(told), as_known), *moved)


def spent(order: Order) -> list[table.Write]:
    """The order uses its coupon: the customer's use first, then one of all, where either is
    counted."""
    coupon = order.coupon
    if coupon is None:
        return []
    own = []
    if coupon.per_customer is not None:
        key, fewer = _own(order.customer_id, coupon.code), Attr("used").lt(coupon.per_customer)
        own = [table.update(*key, add={"used": 1}, condition=table.ABSENT | fewer)]
    return [*own, *(_moved(order, account(coupon.code), SPENT) if coupon.limited else [])]


def refusal(order: Order, refused: Collection[int]) -> Refusal | None:
    """Why the coupon was not to be had, by the places that *refused* of the writes of `spent`."""
    if not refused:
        return None
    personal = order.coupon is not None and order.coupon.per_customer is not None
    return CouponUsed() if personal and 0 in refused else CouponUsedUp()


def given_back(order: Order) -> list[table.Write]:
    """An order that came to nothing used no coupon."""
    coupon = order.coupon
    if coupon is None:
        return []
    own = []
    if coupon.per_customer is not None:
        key = _own(order.customer_id, coupon.code)
        own = [table.update(*key, add={"used": -1}, condition=Attr("used").gte(1))]
    return [*own, *(_moved(order, SPENT, account(coupon.code)) if coupon.limited else [])]


def _moved(order: Order, source: str, target: str) -> list[table.Write]:
    legs = ledger.transfer(source, target, {ledger.NEVER: 1})
    kind = "coupon" if target == SPENT else "coupon_back"
    posting_id, memo = ids.derived(order.id, kind), {"order_id": order.id}
    return ledger.post(ledger.Posting(posting_id, kind, order.changed_at, legs, memo))


def _left(uses: table.Item | None) -> int:
    return ledger.parse([uses] if uses else []).lots.get(ledger.NEVER, 0)


def _row(coupon: Coupon) -> table.Item:
    ends_at = coupon.ends_at.isoformat() if coupon.ends_at else None
    times = {"starts_at": coupon.starts_at.isoformat(), "ends_at": ends_at}
    return {"pk": _pk(coupon.code), "sk": SK} | asdict(coupon) | times


def _coupon(item: table.Item) -> Coupon:
    ends_at = item["ends_at"] and datetime.fromisoformat(item["ends_at"])
    known = {name: item[name] for name in Coupon.__slots__}
    times = {"starts_at": datetime.fromisoformat(item["starts_at"]), "ends_at": ends_at}
    return Coupon(**known | times | {"discount": pricing.Discount(**item["discount"])})


def _own(customer_id: str, code: str) -> tuple[str, str]:
    return f"CUSTOMER#{customer_id}", f"COUPON#{code}"


def _pk(code: str) -> str:
    return f"COUPON#{code}"
