"""Customers' tiers in DynamoDB, as loyalty last told.

pk             sk    what
CUSTOMER#<id>  TIER  version, tiers; of the next one code, name_ru, name_en and left_minor; code is
                     None at the highest
"""

from contextlib import suppress

from common import erasure, table
from common.conditions import Attr
from common.events.loyalty import StandingChanged
from common.language import Text
from orders.standing.standing import UNKNOWN, NextTier, Standing


def key(customer_id: str) -> tuple[str, str, str]:
    """Where it lies, for a read together with other items."""
    return table.OWN, f"CUSTOMER#{customer_id}", "TIER"


def parse(item: table.Item | None) -> Standing:
    return Standing(frozenset(item["tiers"]), _upper(item)) if item else UNKNOWN


def _upper(item: table.Item) -> NextTier | None:
    if item["code"] is None:
        return None
    return NextTier(item["code"], Text(item["name_ru"], item["name_en"]), item["left_minor"])


def save(told: StandingChanged) -> None:
    """Keep what was *told*, unless what is known is as new, or the customer erased."""
    _, pk, sk = key(told.customer_id)
    row = {
        "pk": pk,
        "sk": sk,
        "version": told.subject_version,
        "tiers": list(told.tiers),
        "code": told.next_tier,
        "name_ru": told.next_name_ru,
        "name_en": told.next_name_en,
        "left_minor": told.left_minor,
    }
    newer = table.put(row, table.ABSENT | Attr("version").lt(told.subject_version))
    with suppress(table.ConditionFailed):
        table.commit(newer, erasure.alive(told.customer_id))
