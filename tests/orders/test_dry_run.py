"""A dry run of checkout, and the sums on an order's lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import pricing

PROBLEM = "urn:kabinet:problem:"


def preview(shop, who, **fields):
    return shop.check_out(who, query={"dry_run": "true"}, **fields)


@pytest.mark.feature(30)
def test_a_dry_run_says_what_would_be_ordered_and_writes_nothing(cloud, shop, ann):
    shop.grant(ann, 500)
    for sku, n in (("TEA-1", 1), ("TEA-2", 3), ("WRAP", 1)):
        shop.put(ann, sku, n)
    before = cloud.items("OrdersTable"), cloud.items("LedgerTable")

    with cloud.counted() as calls:
        dry = preview(shop, ann, points_to_spend=333)

    assert dry.status == 200
    assert calls.trips == ["dynamodb.BatchGetItem", "dynamodb.BatchGetItem"]
    assert (cloud.items("OrdersTable"), cloud.items("LedgerTable")) == before
    order = shop.check_out(ann, points_to_spend=333).body
    assert dry.body == {name: order[name] for name in dry.body}
    assert {"lines", "totals", "tax", "delivery", "gift", "points_spent"} <= set(dry.body)


@pytest.mark.feature(28)
def test_a_dry_run_refuses_what_checkout_would_refuse(shop, ann, bob):
    shop.put(ann, "TEA-1", 3)
    shop.put(ann, "TEA-2", 1)
    shop.stock(shop.product("TEA-2", 60_000))
    shop.order(bob, "TEA-1", 8)

    dry = preview(shop, ann)

    assert (dry.status, dry.body["type"]) == (409, PROBLEM + "only_n_left")
    assert dry.body == shop.check_out(ann).body


@pytest.mark.parametrize("fields", [{}, {"points_to_spend": 10}])
def test_a_dry_run_of_an_empty_cart_is_refused(shop, ann, fields):
    assert preview(shop, ann, **fields).body["type"] == PROBLEM + "cart_empty"


def test_a_dry_run_needs_the_points_that_are_to_be_spent(shop, ann):
    shop.put(ann, "TEA-1")

    assert preview(shop, ann, points_to_spend=10).body["type"] == PROBLEM + "not_enough_points"


@pytest.mark.feature(30)
@pytest.mark.parametrize("fields", [{"payment": "balance"}, {"balance_to_spend_minor": 10_001}])
def test_a_dry_run_needs_the_balance_that_is_to_be_spent(shop, ann, fields):
    shop.give_money(ann, 10_000)
    shop.put(ann, "TEA-1")

    dry = preview(shop, ann, **fields)

    assert (dry.status, dry.body["type"]) == (409, PROBLEM + "insufficient_funds")
    assert dry.body == shop.check_out(ann, **fields).body
    assert preview(shop, ann, balance_to_spend_minor=10_000).status == 200


def test_a_guests_dry_run_needs_the_contact_too(cloud, shop):
    guest = cloud.guest()
    shop.put(guest, "TEA-1")

    assert preview(shop, guest).status == 422
    assert preview(shop, guest, contact={"email": "guest@example.com"}).status == 200


def test_a_dry_run_is_dry_or_not(shop, ann):
    shop.put(ann, "TEA-1")

    assert shop.check_out(ann, query={"dry_run": "maybe"}).status == 422
    assert shop.check_out(ann, query={"dry_run": "false"}).status == 201


@pytest.mark.feature(30)
def test_sums_fall_on_lines_to_the_last_unit(shop, ann):
    shop.grant(ann, 500)
    shop.stock(shop.product("ODD-1", 333, 9), shop.product("ODD-2", 101, 9))
    for sku in ("ODD-1", "TEA-1", "ODD-2"):
        shop.put(ann, sku, 3)

    order = shop.check_out(ann, points_to_spend=101).body

    totals, tax = order["totals"], order["tax"]
    paid = sum(line["paid_minor"] for line in order["lines"])
    assert paid + totals["delivery_minor"] == totals["total_minor"]
    assert tax["total_minor"] == round(totals["total_minor"] * 20 / 120)
    taxes = sum(line["tax_minor"] for line in order["lines"])
    assert taxes + tax["delivery_minor"] == tax["total_minor"]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=60), st.data())
def test_shares_add_up_and_none_exceeds_its_weight(weights, data):
    amount = data.draw(st.integers(0, sum(weights)))

    parts = pricing.shares(amount, weights)

    assert sum(parts) == amount
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))


@pytest.mark.parametrize(
    ("amount", "percent", "tax"),
    [(120, 20, 20), (0, 20, 0), (100, 0, 0), (3, 20, 1), (2, 20, 0), (110, 10, 10)],
)
def test_a_price_contains_its_tax(amount, percent, tax):
    assert pricing.tax_within(amount, percent) == tax
