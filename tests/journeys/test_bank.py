"""Money that waits for a bank, on the local stack: a developer has the bank say so."""

import pytest

from local import bank
from local.console import Trouble
from local.journey import DELIVERY, Visitor


@pytest.fixture
def customer(running):
    visitor = Visitor(running, tell=lambda line: None)
    visitor.sign_in(running["customer"])
    return visitor


@pytest.mark.feature(31)
def test_an_order_by_sbp_is_paid_once_the_bank_says_so(running, customer):
    sku = customer.ask("GET", "/v1/products?limit=1")["items"][0]["sku"]
    customer.ask("PUT", f"/v1/cart/lines/{sku}", {"quantity": 1})
    order = customer.post("/v1/checkout", {"delivery": DELIVERY, "payment": "sbp"})["id"]
    asked = customer.post("/v1/payments", {"order_id": order}, 200)
    assert asked["status"] == "pending"

    assert bank.tell(running, asked["qr_payload"], "captured") == f"order.{order}.1"

    assert customer.ask("GET", f"/v1/orders/{order}")["payment_status"] == "captured"


@pytest.mark.parametrize(("payment", "word"), [("", "captured"), ("order.1.1", "captured")])
def test_a_bank_that_is_not_told_of_what_says_nothing(running, payment, word):
    with pytest.raises(Trouble, match="make bank PAYMENT="):
        bank.tell(running, payment, word)
