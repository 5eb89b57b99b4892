"""What the tests of orders speak of: a stocked shop, a customer with points, and the books.

After every test that used the stack, the books must balance: nothing sold twice, nothing lost.
"""

import json
import os
from collections import Counter
from datetime import timedelta

import boto3
import botocore.client
import pytest

import books
from auth import tokens
from common import clock, ids, ledger, pepper, table
from common.access import Role
from common.events.loyalty import StandingChanged
from orders.delivery import signature

DELIVERY = {"recipient": "Анна Ким", "phone": "+79001234567", "address": "Москва, Арбат, 1"}
CHECKOUT = {"delivery": DELIVERY, "payment": "cash_on_delivery"}


def product(sku, price_minor=100_000, available=10, **fields):
    """A product as the import takes it; without stock it is a service."""
    made = {"sku": sku, "category": "tea", "price_minor": price_minor}
    made |= {"name_ru": f"Товар {sku}", "name_en": f"Product {sku}"}
    made |= {"description_ru": "Описание", "description_en": "Description"}
    stock = {"kind": "service"} if available is None else {"available": available}
    return made | stock | fields


class Shop:
    """The shop as its staff and its customers use it."""

    product = staticmethod(product)

    def __init__(self, cloud):
        self.cloud = cloud
        self.manager, self.agent = cloud.staff("manager"), cloud.staff("agent")
        self.opening = Counter()
        self._keys = 0

    def key(self):
        self._keys += 1
        return f"key-of-test-{self._keys}"

    def token(self, person):
        """A token that is good now, however far the clock was moved."""
        if not person.session_id:  # a guest's is good for ninety days
            return person.token
        with self.cloud.acting("AuthApi"):
            session = person.session_id
            return tokens.access_token(person.id, session, Role.CUSTOMER, clock.now())

    def stock(self, *products):
        body = {"products": list(products)}
        answer = self.cloud.call(
            "POST",
            "/v1/staff/products/imports",
            body,
            token=self.manager.token,
            key=self.key(),
        )
        if answer.status == 200:
            opened = {p["sku"]: p.get("available") or 0 for p in products}
            self.opening.update({sku: opened[sku] for sku in answer.body["created"]})
        return answer

    def put(self, person, sku, quantity=1, **more):
        path, body = f"/v1/cart/lines/{sku}", {"quantity": quantity}
        return self.cloud.call("PUT", path, body, token=self.token(person), **more)

    def cart(self, person, **more):
        return self.cloud.call("GET", "/v1/cart", token=self.token(person), **more)

    def check_out(self, person, key=None, language=None, query=None, **fields):
        return self.cloud.call(
            "POST",
            "/v1/checkout",
            CHECKOUT | fields,
            token=self.token(person),
            key=key or self.key(),
            language=language,
            query=query,
        )

    def order(self, person, sku="TEA-1", quantity=1, **fields):
        """An order of one line, placed."""
        assert self.put(person, sku, quantity).status == 200
        answer = self.check_out(person, **fields)
        assert answer.status == 201, answer.body
        return answer.body

    def show(self, person, order_id, **more):
        return self.cloud.call("GET", f"/v1/orders/{order_id}", token=self.token(person), **more)

    def move(self, order_id, to, key=None, **more):
        path = f"/v1/staff/orders/{order_id}/transitions"
        tracking = {"tracking_number": "RR123456785RU"} if to == "shipped" else {}
        body = {"to": to} | tracking | more
        return self.cloud.call("POST", path, body, token=self.agent.token, key=key or self.key())

    def ship(self, order_id):
        """Pack the order and hand it to its carrier; what that starts is over."""
        for to in ("assembling", "shipped"):
            assert self.move(order_id, to).status == 200
        self.minutes()

    def cancel(self, person, order_id, key=None):
        path = f"/v1/orders/{order_id}/cancel"
        return self.cloud.call("POST", path, token=self.token(person), key=key or self.key())

    def on_shelf(self, sku):
        """(available, reserved) of a product."""
        rows = self.cloud.items("OrdersTable")
        [row] = [r for r in rows if (r["pk"], r["sk"]) == (f"PRODUCT#{sku}", "PRODUCT")]
        return row["available"], row["reserved"]

    def queued(self, kind):
        """The events of *kind* on their way to the bus, by the version they tell of."""
        rows = [row for row in self.cloud.items("OrdersTable") if row.get("name") == kind.name]
        events = [kind.model_validate_json(row["detail"]) for row in rows]
        return sorted(events, key=lambda event: event.subject_version)

    def grant(self, person, points, day="2030-01-01"):
        """Give points, as loyalty does."""
        with self.cloud.acting("OrdersApi"):
            now = clock.now()
            account = ledger.points_of(person.id)
            legs = ledger.transfer("shop:points:issued", account, {day: points})
            table.commit(*ledger.post(ledger.Posting(ids.new(now), "accrual", now, legs)))

    def pay(self, person, order_id, token=None, key=None, language=None, **more):
        body = {"order_id": order_id} | ({"token": token} if token else {}) | more
        how = {"token": self.token(person), "key": key or self.key(), "language": language}
        return self.cloud.call("POST", "/v1/payments", body, **how)

    def hear(self, reference, status, late=0, signed_with=None):
        """What the sandbox's bank tells of a payment, *late* seconds old."""
        body = json.dumps({"reference": reference, "status": status})
        with self.cloud.acting("OrdersPaymentsApi"):
            secret = json.loads(pepper.secret(os.environ["PAYMENT_SECRET"]))["key"]
            sent = clock.now() - timedelta(seconds=late)
        header = signature.signed((signed_with or secret).encode(), body, sent)
        path, headers = "/v1/payments/webhooks/sandbox", {signature.HEADER: header}
        return self.cloud.call("POST", path, body, headers=headers)

    def refund(self, order_id, amount=None, reason="goodwill", key=None, **more):
        body = {"reason": reason} | ({"amount_minor": amount} if amount else {}) | more
        path, token = f"/v1/staff/orders/{order_id}/refunds", self.manager.token
        return self.cloud.call("POST", path, body, token=token, key=key or self.key())

    def minutes(self, count=1):
        """Let so many minutes pass, one by one."""
        for _ in range(count):
            self.cloud.invoke("OrdersConsumer", {"source": "aws.events", "detail": {}})
            self.cloud.clock.advance(minutes=1)

    def waiting(self, kind):
        """How many timers of a kind have not fired."""
        return sum(row.get("kind") == kind for row in self.cloud.items("OrdersTable"))

    def order_row(self, order_id):
        [row] = [r for r in self.cloud.items("OrdersTable") if r["sk"] == f"ORDER#{order_id}"]
        return row

    def at_provider(self, order_id, attempt=1):
        """The payment as the sandbox sees it."""
        pk = f"SANDBOX#order.{order_id}.{attempt}"
        return next((r for r in self.cloud.items("OrdersTable") if r["pk"] == pk), None)

    def money(self, name):
        """What an account holds."""
        rows = {row["pk"]: row for row in self.cloud.items("LedgerTable") if row["sk"] == "~LOTS"}
        return rows.get(f"ACCOUNT#{name}", {}).get("lot:never", 0)

    def give_money(self, person, amount):
        """Put money on a balance, as a top-up does."""
        with self.cloud.acting("OrdersApi"):
            now = clock.now()
            legs = ledger.transfer(
                "shop:provider", ledger.money_of(person.id), {ledger.NEVER: amount}
            )
            table.commit(*ledger.post(ledger.Posting(ids.new(now), "top_up", now, legs)))

    def points(self, person):
        """The lots that the customer holds."""
        with self.cloud.acting("OrdersApi"):
            lots = ledger.account(ledger.points_of(person.id)).lots
        return {day: points for day, points in lots.items() if points}


@pytest.fixture
def shop(cloud):
    """A shop with goods of 1,000 and 500 roubles and a service of 290."""
    shop = Shop(cloud)
    goods = product("TEA-1"), product("TEA-2", 50_000), product("WRAP", 29_000, None)
    assert shop.stock(*goods).status == 200
    return shop


@pytest.fixture
def ann(cloud):
    return cloud.customer()


@pytest.fixture
def bob(cloud):
    return cloud.customer()


@pytest.fixture
def between(monkeypatch):
    """Let something happen right after the next call of DynamoDB's *operation*."""

    def arrange(operation, happening):
        made, waiting = botocore.client.BaseClient._make_api_call, [happening]

        def call(client, name, arguments):
            answer = made(client, name, arguments)
            if name == operation and waiting:
                waiting.pop()()
            return answer

        monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", call)

    return arrange


@pytest.fixture(autouse=True)
def _books(request):
    names = request.fixturenames
    cloud = request.getfixturevalue("cloud") if "cloud" in names else None
    opening = request.getfixturevalue("shop").opening if "shop" in names else {}
    yield
    if cloud:
        books.check_stock(cloud.items("OrdersTable"), opening)
        books.check_ledger(cloud.items("LedgerTable"))


@pytest.fixture
def pays_through(cloud, monkeypatch):
    """Let the shop be paid through a provider that it knows by *secret*."""
    secrets = boto3.client("secretsmanager")
    arn = cloud.wiring.physical["PaymentSecret"]["Ref"]
    before = secrets.get_secret_value(SecretId=arn)["SecretString"]

    def known_by(secret):
        secrets.put_secret_value(SecretId=arn, SecretString=secret)
        pepper._kept.clear()

    def choose(provider, **secret):
        for name in ("OrdersPaymentsApi", "OrdersConsumer", "OrdersReconciliation"):
            environment = cloud.wiring.functions[name].environment
            monkeypatch.setitem(environment, "PAYMENT_PROVIDER", provider)
        known_by(json.dumps(secret))

    yield choose
    known_by(before)


@pytest.fixture
def stand(cloud, ann):
    """Loyalty tells which tiers a customer has, and that so much is missing to silver; or to
    nothing."""

    def tell(left, version=1, tiers=("basic",), who=ann):
        now, upper = clock.now(), left is not None
        told = StandingChanged(
            id=ids.new(now),
            occurred_at=now,
            subject_version=version,
            customer_id=who.id,
            spent_minor=0,
            tiers=tiers,
            next_tier="silver" if upper else None,
            next_name_ru="Серебряный" if upper else None,
            next_name_en="Silver" if upper else None,
            left_minor=left,
        )
        cloud.publish(told)

    return tell
