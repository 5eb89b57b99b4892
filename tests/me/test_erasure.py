"""Erasure, from the wish to the receipt, over all capabilities (CASES R)."""

import json

import boto3
import jwt
import pytest

import books
from auth.erasure import own_store
from cloud import PASSWORD
from common import access, clock, ids, ledger, table
from common.events.auth import ContactChanged, CustomerRegistered
from common.events.erasure import CustomerErased
from common.events.orders import OrderPlaced
from common.events.support import TicketAnswered
from local import restore
from local.restore import Wish
from loyalty import consumer as loyalty
from notify.erasure import consumer as notify
from orders.erasure import consumer as orders
from orders.payments.cards import store as cards
from orders.payments.provider import Card, NoAnswer
from orders.payments.sandbox_store import Sandbox
from scenarios.declared import sample
from scenarios.payments import word
from shop import CHECKOUT, product
from support import consumer as support

pytestmark = pytest.mark.feature(15)
EMAIL = "anna@example.com"
SAID = (
    "anna@example.com",
    "Anna Kim",
    "+79001234567",
    "Arbat",
    "1992-03-04",
    "Linen",
    "Broken cup",
)
SAID += ("Happy birthday, Kim", "203.0.113", "Strong and warm", "green mug")
SAID += ("Too dark for me", "Kazan")
# What expires by itself within a day, what tells of others, and what the payments' provider
# remembers, whom the sandbox plays.
EXPIRING = ("CHALLENGE#", "OUTBOX#", "LIMIT#", "REVOKED", "SANDBOX#")


@pytest.fixture
def wish(shop):
    """Somebody proves who they are, and asks to be erased."""

    def ask(person):
        shop.prove(person, access.Act.ERASURE)
        asked = shop.ask(person, "POST", "/v1/me/erasure")
        shop.cloud.drain()
        return asked

    return ask


@pytest.fixture
def erased(cloud, anna, wish):
    """Anna, erased; the id of it."""
    cloud.starts_cold = True  # so that each function is seen to use all it needs
    asked = wish(anna)["id"]
    pass_days(cloud, 14)
    return asked


def pass_days(cloud, days):
    cloud.clock.advance(days=days, seconds=1)
    cloud.tick()
    cloud.clock.advance(minutes=16)
    cloud.tick()


def rows(cloud):
    tables = cloud.wiring.resources("AWS::DynamoDB::Table")
    now = clock.now().timestamp()
    return [
        (name, row)
        for name in tables
        for row in cloud.items(name)
        if row.get("expires_at", now + 1) > now and not row["pk"].startswith(EXPIRING)
    ]


def receipt(cloud, erasure_id):
    return cloud.call("GET", f"/v1/auth/erasures/{erasure_id}").body


@pytest.mark.case("R1")
def test_nothing_that_the_customer_said_is_left_anywhere(cloud, anna, wish):
    said = json.dumps([row for _, row in rows(cloud)], default=str, ensure_ascii=False)
    assert [word for word in SAID if word not in said] == []

    wish(anna)
    pass_days(cloud, 14)
    cloud.clock.advance(days=1)

    left = [
        (name, row["pk"], row["sk"], word)
        for name, row in rows(cloud)
        for word in SAID
        if word in json.dumps(row, default=str, ensure_ascii=False)
        and name != "InsightsTable"
        and not row["pk"].startswith("STAFF#")
    ]
    assert [found for found in left if not is_of_staff(cloud, found)] == []


def is_of_staff(cloud, found):
    """A session of staff keeps its network."""
    sessions = {row["pk"] for _, row in rows(cloud) if row.get("role") in ("agent", "manager")}
    return found[1] in sessions


@pytest.mark.case("R1")
def test_what_is_left_is_what_the_receipt_says(cloud, anna, erased):
    left = {
        (name, row["pk"].partition("#")[0], row["sk"].partition("#")[0])
        for name, row in rows(cloud)
        if anna.id in json.dumps(row, default=str)
        and not row["pk"].startswith(("COUNTS", "SANDBOX#"))
    }

    assert left == {
        ("AuthTable", "CUSTOMER", "CONSENT"),
        ("AuthTable", "CUSTOMER", "ERASED"),
        ("AuthTable", "ERASED", anna.id),
        ("AuthTable", "ERASURE", "ERASURE"),
        ("LedgerTable", "ACCOUNT", "POSTING"),
        ("LedgerTable", "ACCOUNT", "~LOTS"),
        ("LoyaltyTable", "CUSTOMER", "ERASED"),
        ("NotifyTable", "CUSTOMER", "CONSENT"),
        ("NotifyTable", "CUSTOMER", "ERASED"),
        ("OrdersTable", "CUSTOMER", "ERASED"),
        ("OrdersTable", "CUSTOMER", "ORDER"),
        ("OrdersTable", "DOCUMENT", "DOCUMENT"),
        ("OrdersTable", "CUSTOMER", "RETURN"),
        ("SupportTable", "CUSTOMER", "ERASED"),
    }


KINDS = {
    "AuthTable": own_store.KINDS,
    "OrdersTable": orders.KINDS,
    "LedgerTable": loyalty.KINDS,
    "LoyaltyTable": loyalty.KINDS,
    "NotifyTable": notify.KINDS,
    "SupportTable": support.KINDS,
}
# Rows of the machinery: they hold ids alone, and go by themselves.
MACHINERY = ("OUTBOX#", "TIMER#", "LIMIT#", "CHALLENGE#", "REVOKED")


def test_every_row_of_a_customer_is_of_a_kind_that_the_receipt_names(cloud, anna, wish):
    """A new kind of row is a line in the KINDS of its capability."""
    wish(anna)
    unnamed = {
        (name, row["pk"].partition("#")[0], row["sk"].partition("#")[0])
        for name, row in rows(cloud)
        if anna.id in json.dumps(row, default=str) and not row["pk"].startswith(MACHINERY)
        if not any(
            row["pk"].startswith(kind.partition) and row["sk"].startswith(kind.prefix)
            for kind in KINDS.get(name, ())
        )
    }

    assert unnamed == set()


def test_the_receipt_names_every_capability_and_is_signed(cloud, erased):
    shown = receipt(cloud, erased)

    assert shown["state"] == "done"
    named = ["auth", "loyalty", "notify", "orders", "support"]
    assert [part["capability"] for part in shown["parts"]] == named
    kept = {(p["capability"], k["what"], k["why"]) for p in shown["parts"] for k in p["kept"]}
    assert ("orders", "orders", "bookkeeping") in kept
    assert ("orders", "accounting documents", "bookkeeping") in kept
    assert ("notify", "consents", "proof_of_consent") in kept
    signed = shown["receipt"]
    with cloud.acting("AuthApi"):
        key = access.signing_keys()[jwt.get_unverified_header(signed)["kid"]]
    claims = jwt.decode(signed, key, algorithms=["ES256"])
    assert claims["id"] == erased
    assert claims["parts"] == shown["parts"]


def test_letters_tell_of_the_wish_and_of_the_end(cloud, anna, erased):
    asked, ended = [x for x in cloud.letters if "erase" in x.subject]

    assert (asked.to, ended.to) == (EMAIL, EMAIL)
    assert f"/v1/auth/erasures/{erased}" in ended.html


def test_of_an_order_that_goes_nowhere_the_words_go_too(cloud, shop, anna, wish):
    service = product("WRAP", available=None)
    shop.stock(service)
    for line in shop.ask(anna, "GET", "/v1/cart")["lines"]:
        shop.ask(anna, "DELETE", f"/v1/cart/lines/{line['sku']}")
    shop.fill_cart(anna, "WRAP", 1)
    shop.ask(anna, "PUT", "/v1/cart/gift", {"wrap": False, "card": "Happy birthday, Anna!"})
    bought = shop.ask(anna, "POST", "/v1/checkout", CHECKOUT | {"delivery": None})
    shop.move(bought["id"], "delivered")
    cloud.drain()
    wish(anna)
    pass_days(cloud, 14)
    orders = [row for row in cloud.items("OrdersTable") if row["sk"] == f"ORDER#{bought['id']}"]
    assert [row["gift"] for row in orders] == [None]


@pytest.mark.case("R2", "I14")
def test_books_and_totals_stay(cloud, shop, anna, wish):
    def totals():
        found = shop.ask(shop.staff("manager"), "GET", "/v1/staff/insights/summary")["totals"]
        return {name: n for name, n in found.items() if name != "letters"}

    before = totals()
    wish(anna)
    pass_days(cloud, 14)

    books.check_ledger(cloud.items("LedgerTable"))
    [order] = [row for row in cloud.items("OrdersTable") if row["sk"].startswith("ORDER#")]
    assert order["delivery"] | {"recipient": "", "phone": None, "address": ""} == order["delivery"]
    assert order["totals"]["total_minor"] > 0
    shop.people.clear()
    assert totals() == before


@pytest.mark.case("R3")
def test_the_same_address_is_a_fresh_account_afterwards(cloud, shop, anna, erased, problem):
    tried = cloud.call("POST", "/v1/auth/sign-in", {"login": EMAIL, "password": PASSWORD})
    assert tried.status == 401

    again, _ = shop.register(EMAIL)

    assert again.id != anna.id
    assert shop.ask(again, "GET", "/v1/orders")["items"] == []
    assert shop.ask(again, "GET", "/v1/loyalty")["available"] == 0
    assert shop.ask(again, "GET", "/v1/me")["name"] is None


@pytest.mark.case("Z1", "S6")
def test_the_account_is_closed_before_it_is_erased(cloud, shop, anna, wish, problem):
    wish(anna)
    cloud.clock.advance(days=14, seconds=1)
    again = shop.again(anna)

    cloud.tick()

    cloud.clock.advance(seconds=1)
    assert problem(cloud.call("GET", "/v1/me", token=again.token)) == (401, "unauthorized")
    stay = cloud.call("DELETE", "/v1/me/erasure", token=again.token)
    assert problem(stay) == (401, "unauthorized")
    assert cloud.published(CustomerErased) == []


@pytest.mark.case("R4")
def test_who_takes_it_back_stays_with_all_there_is(cloud, shop, anna, wish):
    before = [(name, row) for name, row in rows(cloud) if anna.id in row["pk"]]
    wish(anna)
    cloud.clock.advance(days=13)
    again = shop.again(anna)

    shop.ask(again, "DELETE", "/v1/me/erasure")
    pass_days(cloud, 14)

    assert cloud.published(CustomerErased) == []
    kept = [row for name, row in before if name in ("OrdersTable", "SupportTable")]
    stands = {(row["pk"], row["sk"]) for _, row in rows(cloud)}
    lost = {row["sk"].partition("#")[0] for row in kept if (row["pk"], row["sk"]) not in stands}
    # A cart left alone is reminded of; answers, counts and uploads of a day expire.
    assert lost <= {"CART", "IDEMPOTENCY", "PHOTO", "STATEMENTS"}
    assert cloud.call("GET", "/v1/me/erasure", token=shop.again(anna).token).status == 404
    assert "Your account stays" in [letter.subject for letter in cloud.letters]


@pytest.mark.case("R6")
def test_an_open_order_puts_it_off_with_the_reason(cloud, shop, anna, wish):
    order = shop.order(anna, "TEA-2", 1)
    asked = wish(anna)["id"]

    pass_days(cloud, 14)

    assert receipt(cloud, asked)["obstacles"] == ["open_order"]
    assert receipt(cloud, asked)["state"] == "waiting"
    assert cloud.call("GET", "/v1/me", token=shop.again(anna).token).status == 200
    shop.people.clear()
    shop.move(order, "assembling", "shipped", "delivered")
    pass_days(cloud, 1)
    assert receipt(cloud, asked)["state"] == "done"


@pytest.mark.case("R6")
def test_an_open_return_puts_it_off_with_the_reason(cloud, shop, anna, wish):
    [order] = [row["id"] for row in cloud.items("OrdersTable") if row["sk"].startswith("ORDER#")]
    given_back = shop.giving_back(anna, order)
    asked = wish(anna)["id"]

    pass_days(cloud, 14)

    assert receipt(cloud, asked)["obstacles"] == ["open_return"]
    shop.people.clear()
    path, refused = f"/v1/staff/returns/{given_back}/decision", {"decision": "rejected"}
    shop.ask(shop.staff("agent"), "POST", path, refused | {"rejection": "never_came"})
    pass_days(cloud, 1)
    assert receipt(cloud, asked)["state"] == "done"


@pytest.mark.case("R6")
@pytest.mark.feature(34)
def test_money_that_is_owed_puts_it_off_with_the_reason(cloud, anna, wish):
    """The ledger lets no balance below zero: only a correction by hand could."""
    name, pk, sk = ledger.key(ledger.money_of(anna.id))
    with cloud.acting("OrdersApi"):
        lot = {ledger.LOT + ledger.NEVER: -500}
        table.apply(table.put({"pk": pk, "sk": sk} | lot, condition=None, table=name))
    asked = wish(anna)["id"]

    pass_days(cloud, 14)

    shown = receipt(cloud, asked)
    assert (shown["obstacles"], shown["state"]) == (["negative_balance"], "waiting")
    with cloud.acting("OrdersApi"):
        table.apply(table.update(pk, sk, add={ledger.LOT + ledger.NEVER: 500}, table=name))
    pass_days(cloud, 1)
    assert receipt(cloud, asked)["state"] == "done"


@pytest.mark.case("R6")
@pytest.mark.feature(32)
def test_a_top_up_that_may_yet_be_paid_puts_it_off_with_the_reason(cloud, shop, anna, wish):
    asked = wish(anna)["id"]
    cloud.clock.advance(days=13, hours=20)
    body = {"amount_minor": 10_000, "method": "sbp"}
    shop.ask(shop.again(anna), "POST", "/v1/wallet/top-ups", body)
    cloud.clock.advance(hours=4, seconds=1)
    cloud.tick()

    assert receipt(cloud, asked)["obstacles"] == ["pending_top_up"]
    pending = [row for row in cloud.items("OrdersTable") if row["sk"].startswith("TOP-UP#")]
    [ours] = [row["id"] for row in pending if row["status"] == "pending"]
    assert word(shop, f"top-up.{anna.id}.{ours}", "captured")().status == 200
    pass_days(cloud, 1)
    assert receipt(cloud, asked)["state"] == "done"
    paid = [row for row in cloud.items("LedgerTable") if row.get("kind") == "top_up"]
    assert f"top-up.{anna.id}.{ours}" in [row["memo"]["reference"] for row in paid]


@pytest.mark.case("R6")
@pytest.mark.feature(32)
def test_a_top_up_that_is_never_paid_puts_it_off_for_no_longer_than_it_is_waited_for(
    cloud, shop, anna, wish
):
    asked = wish(anna)["id"]
    cloud.clock.advance(days=13, hours=20)
    body = {"amount_minor": 10_000, "method": "sbp"}
    shop.ask(shop.again(anna), "POST", "/v1/wallet/top-ups", body)
    cloud.clock.advance(hours=4, seconds=1)
    cloud.tick()
    assert receipt(cloud, asked)["obstacles"] == ["pending_top_up"]

    pass_days(cloud, 2)

    assert receipt(cloud, asked)["state"] == "done"


@pytest.mark.case("R1")
@pytest.mark.feature(33)
def test_the_payment_provider_forgets_the_cards_too_however_often_it_fails(
    cloud, anna, wish, monkeypatch
):
    forgotten, fails = [], [True, True]

    def forget(self, token):
        if fails:
            fails.pop()
            raise NoAnswer
        forgotten.append(token)

    monkeypatch.setattr(Sandbox, "forget", forget)
    with cloud.acting("OrdersPaymentsApi"):
        for token in ("one", "two"):
            card = Card(f"card-{token}", "Mir", "4242", "2030-12")
            table.apply(cards.keep(anna.id, card, ids.new(clock.now())))
        newest = cards.every(anna.id)[-1]
        cards.choose(anna.id, newest.id)

    asked = wish(anna)["id"]
    pass_days(cloud, 14)
    for _ in range(4):
        cloud.clock.advance(minutes=5)
        cloud.tick()

    assert receipt(cloud, asked)["state"] == "done"
    assert {"card-one", "card-two"} < set(forgotten)
    assert len(forgotten) == len(set(forgotten)) == 3
    left = [row for _, row in rows(cloud) if "card-" in json.dumps(row, default=str)]
    assert left == []


@pytest.mark.case("R6")
def test_an_order_placed_while_the_account_closes_is_delivered_first(cloud, shop, anna, wish):
    asked = wish(anna)["id"]
    cloud.clock.advance(days=14, seconds=1)
    cloud.tick()
    assert receipt(cloud, asked)["state"] == "closed"
    for row in cloud.items("OrdersTable"):
        if row["sk"].startswith("ORDER#"):
            _reopen(cloud, row)

    cloud.clock.advance(minutes=16)
    cloud.tick()

    assert receipt(cloud, asked)["obstacles"] == ["open_order"]
    [order] = [row for row in cloud.items("OrdersTable") if row["sk"].startswith("ORDER#")]
    assert order["delivery"]["recipient"] == "Anna Kim"


def _reopen(cloud, row):
    with cloud.acting("OrdersApi"):
        table.apply(table.put(row | {"history": row["history"][:1]}, condition=None))


@pytest.mark.case("E7")
def test_events_that_come_late_leave_no_row_of_the_erased(cloud, anna, erased):
    known = {"occurred_at": clock.now(), "customer_id": anna.id}
    where = {"email": EMAIL, "language": "en", "time_zone": "Europe/Moscow"}
    before = [row for _, row in rows(cloud) if anna.id in json.dumps(row, default=str)]
    letters = len(cloud.letters)

    cloud.publish(
        ContactChanged(id=ids.new(clock.now()), **known, **where, subject_version=99),
        CustomerRegistered(id=ids.new(clock.now()), **known, contact_keys=("0" * 32,)),
        sample(OrderPlaced.name, customer_id=anna.id, id=ids.new(clock.now())),
        sample(TicketAnswered.name, customer_id=anna.id, id=ids.new(clock.now())),
    )

    after = [row for _, row in rows(cloud) if anna.id in json.dumps(row, default=str)]
    assert [row for row in after if row not in before] == []
    assert len(cloud.letters) == letters


@pytest.mark.case("R7")
def test_of_consents_stays_the_proof_and_it_sends_nothing_to_the_address(cloud, shop, anna, erased):
    proofs = [
        row
        for name in ("AuthTable", "NotifyTable")
        for row in cloud.items(name)
        if row["sk"].startswith("CONSENT#")
    ]
    assert proofs
    assert not any("network" in row for row in proofs)
    [proof] = [row for row in cloud.items("AuthTable") if row["pk"].startswith("ERASURE#")]
    assert proof["contact_keys"]
    assert EMAIL not in json.dumps(proof, default=str)

    again, _ = shop.register(EMAIL)
    shop.fill_cart(again)
    letters = len(cloud.letters)
    cloud.clock.advance(hours=12)
    cloud.tick()
    assert [x for x in cloud.letters[letters:] if x.to == EMAIL] == []


def test_asking_takes_a_fresh_proof_and_again_changes_nothing(cloud, shop, anna, wish, problem):
    unproven = cloud.call("POST", "/v1/me/erasure", token=anna.token, key="key-of-anna")
    assert problem(unproven) == (401, "step_up_required")

    first, again = wish(anna), wish(anna)

    assert first == again
    assert cloud.call("GET", "/v1/me/erasure", token=anna.token).body == first


def test_nobody_else_sees_or_takes_it_back(cloud, shop, anna, wish, problem):
    wish(anna)
    other = cloud.customer()

    for verb in ("GET", "DELETE"):
        answer = cloud.call(verb, "/v1/me/erasure", token=other.token)
        assert problem(answer) == (404, "not_found")


def pks_of(cloud, customer_id):
    return [row["pk"] for _, row in rows(cloud) if row.get("subject_id") == customer_id]


class TestARestoredCopy:
    """Of each table, as it was before the customer was erased."""

    @pytest.fixture
    def copies(self, cloud, anna):
        client, made = boto3.client("dynamodb"), []
        for name in (*KINDS, "InsightsTable"):
            live = cloud.wiring.physical[name]["Ref"]
            keys = [("pk", "HASH"), ("sk", "RANGE")]
            client.create_table(
                TableName=f"copy-{name}",
                KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys],
                AttributeDefinitions=[
                    {"AttributeName": key, "AttributeType": "S"} for key, _ in keys
                ],
                BillingMode="PAY_PER_REQUEST",
            )
            for row in client.scan(TableName=live)["Items"]:
                client.put_item(TableName=f"copy-{name}", Item=row)
            made.append((f"copy-{name}", live))
        yield made
        for copy, _ in made:
            client.delete_table(TableName=copy)

    @pytest.mark.case("R1", "R3")
    @pytest.mark.parametrize("overwrite", [False, True])
    def test_leaves_nothing_of_who_was_erased_since(self, cloud, anna, copies, wish, overwrite):
        asked = wish(anna)["id"]
        pass_days(cloud, 14)
        shown, told = receipt(cloud, asked), len(cloud.letters)
        dynamodb, events = boto3.client("dynamodb"), boto3.client("events")
        physical = cloud.wiring.physical

        for copy, live in copies:
            restore.put_back(dynamodb, Wish(copy, live, overwrite=overwrite))
        back = [row["pk"] for _, row in rows(cloud)]
        assert {f"LOGIN#{EMAIL}", f"CUSTOMER#{anna.id}"} <= {*back}
        bus, auth = physical["Bus"]["Ref"], physical["AuthTable"]["Ref"]
        assert restore.erase_again(dynamodb, events, auth, bus) == 1
        cloud.drain()

        left = [
            (name, row["pk"], row["sk"], word)
            for name, row in rows(cloud)
            for word in SAID
            if word in json.dumps(row, default=str, ensure_ascii=False)
            and name != "InsightsTable"
            and not row["pk"].startswith("STAFF#")
        ]
        assert [found for found in left if not is_of_staff(cloud, found)] == []
        assert receipt(cloud, asked)["parts"] == shown["parts"]
        assert len(cloud.letters) == told
        claims = ("LOGIN#", "IDENTITY#", "PASSKEY#")
        assert [pk for pk in pks_of(cloud, anna.id) if pk.startswith(claims)] == []

    @pytest.mark.case("R3")
    def test_takes_no_sign_in_name_from_whoever_has_it_by_now(
        self, cloud, shop, anna, copies, wish
    ):
        wish(anna)
        pass_days(cloud, 14)
        again, _ = shop.register(EMAIL)
        dynamodb, events = boto3.client("dynamodb"), boto3.client("events")
        physical = cloud.wiring.physical

        for copy, live in copies:
            restore.put_back(dynamodb, Wish(copy, live))
        restore.erase_again(dynamodb, events, physical["AuthTable"]["Ref"], physical["Bus"]["Ref"])
        cloud.drain()

        body = {"login": EMAIL, "password": PASSWORD}
        signed_in = cloud.call("POST", "/v1/auth/sign-in", body)
        assert signed_in.body["customer_id"] == again.id
