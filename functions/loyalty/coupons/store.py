"""Promo codes in DynamoDB.

pk             sk      what        gsi1pk   gsi1sk
COUPON#<code>  COUPON  a coupon    COUPONS  <code>
"""

from dataclasses import asdict
from datetime import datetime

from common import outbox, table, versions
from loyalty.coupons.coupon import Coupon

SK = "COUPON"


def find(code: str) -> Coupon | None:
    item = table.get(_pk(code), SK)
    return parse(item) if item else None


def page(limit: int, start: table.Item | None) -> table.Page:
    """The coupons by their codes."""
    return table.query("COUPONS", index="gsi1", limit=limit, start=start)


def save(coupon: Coupon, at: datetime) -> None:
    """Write the coupon's next version, and tell of it. VersionConflict unless it is the one after
    what stands."""
    versions.save(_row(coupon), coupon.version, outbox.row(coupon.told(at)))


def parse(item: table.Item) -> Coupon:
    known = {name: item[name] for name in Coupon.__slots__}
    ends_at = item["ends_at"] and datetime.fromisoformat(item["ends_at"])
    times = {"starts_at": datetime.fromisoformat(item["starts_at"]), "ends_at": ends_at}
    return Coupon(**known | times)


def _row(coupon: Coupon) -> table.Item:
    ends_at = coupon.ends_at.isoformat() if coupon.ends_at else None
    keys = {"pk": _pk(coupon.code), "sk": SK, "gsi1pk": "COUPONS", "gsi1sk": coupon.code}
    return {**asdict(coupon), "starts_at": coupon.starts_at.isoformat(), "ends_at": ends_at, **keys}


def _pk(code: str) -> str:
    return f"COUPON#{code}"
