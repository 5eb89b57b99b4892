"""Card numbers that people type where words are asked for: kept by nobody."""

import pytest
from pydantic import TypeAdapter

from cloud import PASSWORD
from common.fields import OwnLine, OwnProse
from shop import ADDRESS, CHECKOUT, QUESTION, Shop, product

CARD = "4111 1111 1111 1111"
MASKED = "•••• •••• •••• 1111"
TABLES = ("Auth", "Orders", "Loyalty", "Notify", "Support", "Insights", "Ledger")


@pytest.fixture
def shop(cloud):
    shop = Shop(cloud)
    shop.stock(product("TEA-1"))
    return shop


@pytest.fixture
def anna(shop):
    return shop.register("anna@example.com")[0]


def _tell_of_oneself(shop, anna):
    shop.ask(anna, "PATCH", "/v1/me", {"name": CARD})
    shop.ask(anna, "POST", "/v1/me/notes", {"text": CARD})
    body = {"login": "anna@example.com", "password": PASSWORD, "device_name": CARD}
    shop.ask(None, "POST", "/v1/auth/sign-in", body)
    street = ADDRESS | dict.fromkeys(("recipient", "city", "street", "comment"), CARD)
    digits = CARD.replace(" ", "")
    place = shop.ask(anna, "POST", "/v1/addresses", street | {"house": digits, "apartment": digits})
    assert place["comment"] == place["recipient"] == MASKED
    shop.ask(anna, "PATCH", f"/v1/addresses/{place['id']}", {"comment": f"again {CARD}"})


def _wish(shop, anna):
    made = shop.ask(anna, "POST", "/v1/wish-lists", {"name": CARD})["id"]
    shop.ask(anna, "PATCH", f"/v1/wish-lists/{made}", {"name": f"again {CARD}"})
    shop.ask(anna, "PUT", f"/v1/wish-lists/{made}/items/TEA-1", {"note": CARD})
    shop.consent(anna)
    shop.ask(anna, "PUT", "/v1/visits/searches", {"words": CARD})


def _buy(shop, anna):
    """The id of an order of two pieces, delivered."""
    shop.fill_cart(anna)
    shop.ask(anna, "PUT", "/v1/cart/gift", {"card": CARD})
    to = CHECKOUT["delivery"] | {"recipient": CARD, "address": CARD}
    placed = shop.ask(anna, "POST", "/v1/checkout", CHECKOUT | {"delivery": to})
    assert placed["delivery"]["address"] == placed["gift"]["card"] == MASKED
    shop.move(placed["id"], "assembling", "shipped", "delivered")
    shop.cloud.drain()
    return placed["id"]


def _give_back(shop, anna, order):
    seen = shop.preview(anna, order, "defect")
    body = {"preview_id": seen["preview_id"], "comment": CARD}
    asked = shop.ask(anna, "POST", "/v1/returns", body)
    refusal = {"decision": "rejected", "rejection": "used", "note": CARD}
    path = f"/v1/staff/returns/{asked['id']}/decision"
    refused = shop.ask(shop.staff("agent"), "POST", path, refusal)
    assert asked["comment"] == refused["note"] == MASKED


def _speak_up(shop, anna):
    said = {"rating": 1, "text": CARD, "author": "Anna"}
    made = shop.ask(anna, "PUT", "/v1/reviews/TEA-1", said)["id"]
    shop.publish(made)
    answer = {"text": CARD}
    shop.ask(shop.staff("agent"), "PUT", f"/v1/staff/reviews/{made}/answer", answer)
    asked = shop.ask(anna, "POST", "/v1/tickets", QUESTION | {"subject": CARD, "text": CARD})
    shop.ask(anna, "POST", f"/v1/tickets/{asked['id']}/messages", {"text": CARD})
    path = f"/v1/staff/tickets/{asked['id']}/messages"
    shop.ask(shop.staff("agent"), "POST", path, {"text": CARD})


@pytest.mark.case("C1")
def test_a_card_number_in_any_words_is_in_no_table_event_letter_or_log(shop, anna, capsys):
    _tell_of_oneself(shop, anna)
    _wish(shop, anna)
    _give_back(shop, anna, _buy(shop, anna))
    _speak_up(shop, anna)
    counted = {"places": {"main": 5}, "reason": CARD}
    shop.ask(shop.staff("manager"), "PUT", "/v1/staff/products/TEA-1/stock", counted)
    shop.cloud.drain()

    cloud = shop.cloud
    kept = [row for table in TABLES for row in cloud.items(f"{table}Table")]
    sent = [call.arguments for call in cloud.calls if not call.name.startswith("dynamodb.")]
    seen = f"{kept} {sent} {cloud.letters} {capsys.readouterr()}"
    assert "•••• 1111" in seen
    assert "4111" not in seen


@pytest.mark.case("C1")
@pytest.mark.parametrize("kind", [OwnLine, OwnProse])
def test_a_telephone_in_them_is_no_card(kind):
    for words in ("+7 999 123-45-67", "+79991234567", "8 (999) 123-45-67, +49 1512 3456789"):
        assert TypeAdapter(kind).validate_python(words) == words
