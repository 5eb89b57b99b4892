"""What a cart holds beside its lines: what is saved for later, and that it is a present."""

import pytest

from orders.cart import cart

PROBLEM = "urn:kabinet:problem:"
GIFT = {"wrap": True, "card": "С любовью, Анна", "hide_prices": True}


@pytest.fixture
def asked(cloud, shop, ann):
    """Ask as ann about her cart."""

    def ask(method, path, body=None, **more):
        return cloud.call(method, f"/v1/cart{path}", body, token=ann.token, **more)

    return ask


def skus(lines):
    return [line["sku"] for line in lines]


@pytest.mark.feature(29)
def test_a_line_saved_for_later_is_neither_counted_nor_bought(shop, ann, asked):
    shop.put(ann, "TEA-1", 2)
    shop.put(ann, "TEA-2")

    assert asked("PUT", "/saved/TEA-1").status == 204

    cart = shop.cart(ann).body
    assert (skus(cart["lines"]), skus(cart["saved"])) == (["TEA-2"], ["TEA-1"])
    assert cart["totals"]["goods_minor"] == 50_000
    assert skus(shop.check_out(ann).body["lines"]) == ["TEA-2"]
    assert skus(shop.cart(ann).body["saved"]) == ["TEA-1"]


@pytest.mark.feature(29)
def test_what_was_saved_comes_back_by_being_put_into_the_cart(shop, ann, asked):
    shop.put(ann, "TEA-1", 2)
    asked("PUT", "/saved/TEA-1")
    [saved] = shop.cart(ann).body["saved"]

    shop.put(ann, "TEA-1", saved["quantity"])

    cart = shop.cart(ann).body
    assert [(x["sku"], x["quantity"]) for x in cart["lines"]] == [("TEA-1", 2)]
    assert cart["saved"] == []


@pytest.mark.feature(28)
def test_what_is_saved_tells_of_new_prices_and_empty_shelves(shop, ann, bob, asked):
    shop.put(ann, "TEA-1")
    asked("PUT", "/saved/TEA-1")
    shop.stock(shop.product("TEA-1", 90_000))
    shop.order(bob, "TEA-1", 10)

    [saved] = shop.cart(ann).body["saved"]

    assert [x["code"] for x in saved["problems"]] == ["out_of_stock", "price_changed"]


def test_saving_again_and_removing_again_change_nothing(shop, ann, asked):
    shop.put(ann, "TEA-1")
    first, again = asked("PUT", "/saved/TEA-1"), asked("PUT", "/saved/TEA-1")
    assert first.headers["etag"] == again.headers["etag"]

    gone, still = asked("DELETE", "/saved/TEA-1"), asked("DELETE", "/saved/TEA-1")
    assert gone.status == still.status == 204
    assert gone.headers["etag"] == still.headers["etag"]
    assert shop.cart(ann).body["saved"] == []


def test_only_what_is_in_the_cart_can_be_saved(ann, shop, asked):
    assert asked("PUT", "/saved/TEA-1").status == 404
    shop.put(ann, "TEA-1")
    assert asked("PUT", "/saved/TEA-2").status == 404
    assert asked("PUT", "/saved/TEA-1", headers={"if-match": '"7"'}).status == 412


@pytest.mark.case("V13")
def test_there_is_an_end_to_what_can_be_saved(shop, ann, asked, monkeypatch):
    monkeypatch.setattr(cart, "MOST_SAVED", 2)
    for sku in ("TEA-1", "TEA-2", "WRAP"):
        shop.put(ann, sku)
    *fine, full = [asked("PUT", f"/saved/{sku}") for sku in ("TEA-1", "TEA-2", "WRAP")]

    assert [answer.status for answer in fine] == [204, 204]
    assert (full.status, full.body["type"]) == (422, PROBLEM + "saved_full")
    assert len(shop.cart(ann).body["saved"]) == 2


@pytest.mark.feature(54)
def test_a_cart_can_be_a_present_and_the_order_is_one_then(shop, ann, asked):
    shop.put(ann, "TEA-1")

    assert asked("PUT", "/gift", GIFT).body == GIFT
    assert shop.cart(ann).body["gift"] == GIFT

    assert shop.check_out(ann).body["gift"] == GIFT
    assert shop.cart(ann).body["gift"] is None


@pytest.mark.feature(54)
def test_staff_see_what_to_wrap_and_what_to_leave_out(cloud, shop, ann, asked):
    shop.put(ann, "TEA-1")
    asked("PUT", "/gift", GIFT)
    order = shop.check_out(ann).body["id"]

    shown = cloud.call("GET", f"/v1/staff/orders/{order}", token=shop.agent.token).body

    assert shown["gift"] == GIFT


def test_a_present_can_be_none_again(shop, ann, asked):
    shop.put(ann, "TEA-1")
    asked("PUT", "/gift", GIFT)
    gone, still = asked("DELETE", "/gift"), asked("DELETE", "/gift")

    assert gone.headers["etag"] == still.headers["etag"]
    assert shop.check_out(ann).body["gift"] is None


def test_nothing_cannot_be_a_present(asked):
    answer = asked("PUT", "/gift", GIFT)

    assert (answer.status, answer.body["type"]) == (409, PROBLEM + "cart_empty")


@pytest.mark.case("V7", "V10", "V13")
@pytest.mark.parametrize(
    "wrong",
    [{"card": "x" * 501}, {"card": "\u202e"}, {"card": ""}, {"wrap": 1}, {"ribbon": "red"}],
    ids=str,
)
def test_a_present_that_cannot_be_is_refused(shop, ann, asked, wrong):
    shop.put(ann, "TEA-1")

    assert asked("PUT", "/gift", GIFT | wrong).status == 422
