"""What the sweep does to payments and the customer's money."""

import json
import os

from cloud import Person
from common import access, clock, ids, pepper
from common.events.auth import CustomerRegistered
from orders.delivery import signature
from scenarios.declared import LOST, reads, scenario, with_cart
from scenarios.orders import GONE
from shop import CHECKOUT, Shop
from sweep import SCHEDULE, Accepted, Act


def with_bill(shop: Shop, payment: str = "card"):
    """A customer, and their order that waits to be paid."""
    person = with_cart(shop)
    return person, shop.order(person, payment=payment)


def paid(shop: Shop, token: str = "tok_ok", payment: str = "card"):  # noqa: S107 - a test card
    person, order = with_bill(shop, payment)
    shop.ask(person, "POST", "/v1/payments", {"order_id": order, "token": token})
    return person, order


def hearing(shop: Shop, order: str, status: str) -> Act:
    """The sandbox's bank, telling of an order's payment."""
    return word(shop, f"order.{order}.1", status)


def word(shop: Shop, reference: str, status: str) -> Act:
    """The sandbox's bank, telling of any payment; its messages carry no key."""
    body = json.dumps({"reference": reference, "status": status})
    with shop.cloud.acting("OrdersPaymentsApi"):
        secret = json.loads(pepper.secret(os.environ["PAYMENT_SECRET"]))["key"].encode()
        headers = {signature.HEADER: signature.signed(secret, body, clock.now())}
    path = "/v1/payments/webhooks/sandbox"
    return lambda: shop.cloud.call("POST", path, body, headers=headers)


def minutes(shop: Shop, count: int = 3) -> Act:
    def passing() -> None:
        for _ in range(count):
            shop.cloud.invoke("OrdersConsumer", SCHEDULE)
            shop.cloud.clock.advance(minutes=1)

    return passing


@scenario("OrdersApi", "POST /v1/checkout: to be paid by card and balance")
def checking_out_with_a_balance(shop: Shop) -> Act:
    person = with_cart(shop)
    shop.ask(person, "POST", "/v1/wallet/top-ups", {"amount_minor": 10_000, "method": "card"})
    body = CHECKOUT | {"payment": "card", "balance_to_spend_minor": 10_000}
    return shop.asking(person, "POST", "/v1/checkout", body)


@scenario("OrdersApi", "POST /v1/orders/{order_id}/cancel: a paid one")
def cancelling_what_is_paid(shop: Shop) -> Act:
    person, order = paid(shop)
    return shop.asking(person, "POST", f"/v1/orders/{order}/cancel")


@scenario("OrdersPaymentsApi", "POST /v1/payments")
def paying(shop: Shop) -> Act:
    person, order = with_bill(shop)
    body = {"order_id": order, "token": "tok_ok", "keep_card": True}
    return shop.asking(person, "POST", "/v1/payments", body)


@scenario("OrdersPaymentsApi", "POST /v1/payments/webhooks/{provider}")
def hearing_of_a_payment(shop: Shop) -> Act:
    _, order = paid(shop, payment="sbp")
    return hearing(shop, order, "captured")


LOOKED_AT_TWICE = Accepted(
    "the end of a hold that is heard twice is looked at twice: the second look finds nothing",
    calls="dynamodb.TransactWriteItems",
    faults=LOST,
    lines=('+ *Table {*"kind": "payment.authorisation_ends"*',),
)


@scenario(
    "OrdersPaymentsApi",
    "POST /v1/payments/webhooks/{provider}: of a hold that ended",
    LOOKED_AT_TWICE,
)
def hearing_of_an_end(shop: Shop) -> Act:
    _, order = paid(shop)
    return hearing(shop, order, "void")


@scenario("OrdersConsumer", "timer of a hold that ended")
def ending(shop: Shop) -> Act:
    _, order = paid(shop)
    hearing(shop, order, "void")()
    return minutes(shop)


@scenario("OrdersConsumer", "timer of money that is held no longer")
def missing(shop: Shop) -> Act:
    _, order = paid(shop)
    shop.move(order, "assembling", "shipped")
    hearing(shop, order, "void")()
    return minutes(shop)


@scenario("OrdersPaymentsApi", "POST /v1/wallet/top-ups")
def topping_up(shop: Shop) -> Act:
    body = {"amount_minor": 10_000, "method": "card", "token": "tok_ok"}
    return shop.asking(shop.customer(), "POST", "/v1/wallet/top-ups", body)


@scenario("OrdersPaymentsApi", "POST /v1/wallet/transfers")
def giving_money(shop: Shop) -> Act:
    person, other = shop.customer(), shop.customer()
    event = {"id": ids.new(clock.now()), "occurred_at": clock.now(), "customer_id": other.id}
    shop.cloud.publish(CustomerRegistered.model_validate(event))
    shop.ask(person, "POST", "/v1/wallet/top-ups", {"amount_minor": 10_000, "method": "card"})
    shop.prove(person, access.Act.MONEY)
    body = {"to_customer_id": other.id, "amount_minor": 4_000}
    return shop.asking(person, "POST", "/v1/wallet/transfers", body)


def a_card(shop: Shop) -> tuple[Person, str]:
    person, order = with_bill(shop)
    body = {"order_id": order, "token": "tok_ok", "keep_card": True}
    shop.ask(person, "POST", "/v1/payments", body)
    [card] = shop.ask(person, "GET", "/v1/payment-methods")["items"]
    return person, f"/v1/payment-methods/{card['id']}"


@scenario("OrdersPaymentsApi", "PUT /v1/payment-methods/{payment_method_id}/default")
def choosing_a_card(shop: Shop) -> Act:
    person, path = a_card(shop)
    return shop.asking(person, "PUT", f"{path}/default")


@scenario("OrdersPaymentsApi", "DELETE /v1/payment-methods/{payment_method_id}", GONE)
def forgetting_a_card(shop: Shop) -> Act:
    person, path = a_card(shop)
    return shop.asking(person, "DELETE", path)


@scenario("OrdersApi", "POST /v1/staff/orders/{order_id}/refunds")
def giving_money_back(shop: Shop) -> Act:
    _, order = paid(shop)
    shop.move(order, "assembling", "shipped")
    minutes(shop)()
    body = {"amount_minor": 5_000, "reason": "goodwill"}
    path = f"/v1/staff/orders/{order}/refunds"
    return shop.asking(shop.staff("manager"), "POST", path, body)


@scenario("OrdersConsumer", "timer of a bill nobody pays")
def giving_up(shop: Shop) -> Act:
    with_bill(shop)
    shop.cloud.clock.advance(minutes=31)
    return minutes(shop)


@scenario("OrdersConsumer", "timer of money to be taken")
def taking_money(shop: Shop) -> Act:
    _, order = paid(shop)
    shop.move(order, "assembling", "shipped")
    return minutes(shop)


@scenario("OrdersConsumer", "timer of money to be let go")
def letting_go(shop: Shop) -> Act:
    person, order = paid(shop)
    shop.ask(person, "POST", f"/v1/orders/{order}/cancel")
    return minutes(shop)


@scenario("OrdersConsumer", "timer of money to be given back")
def giving_back(shop: Shop) -> Act:
    person, order = paid(shop, payment="sbp")
    hearing(shop, order, "captured")()
    shop.ask(person, "POST", f"/v1/orders/{order}/cancel")
    return minutes(shop)


@scenario("OrdersConsumer", "timer of a payment that nobody told of")
def asking_after(shop: Shop) -> Act:
    paid(shop, "tok_late")
    shop.cloud.clock.advance(minutes=2)
    return minutes(shop)


@scenario("OrdersConsumer", "timer of a card to be forgotten")
def forgetting_at_the_provider(shop: Shop) -> Act:
    person, path = a_card(shop)
    shop.ask(person, "DELETE", path)
    return minutes(shop)


@scenario("OrdersReconciliation", "the night")
def comparing(shop: Shop) -> Act:
    taking_money(shop)()
    shop.cloud.clock.advance(days=1)
    return lambda: shop.cloud.invoke("OrdersReconciliation", SCHEDULE)


reads("OrdersPaymentsApi", "GET /v1/wallet", "customer")
reads("OrdersPaymentsApi", "GET /v1/transactions", "customer")
reads("OrdersPaymentsApi", "GET /v1/transactions.csv", "customer")
reads("OrdersPaymentsApi", "GET /v1/payment-methods", "customer")
reads("OrdersPaymentsApi", "GET /v1/staff/payments/reconciliation", "manager")
