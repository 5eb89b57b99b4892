"""A customer who has used everything there is: what erasure and export are held against."""

from appointments import have_appointments
from cloud import Person
from scenarios.me import an_upload
from scenarios.returns import show
from shop import CHECKOUT, Shop


def uses_everything(shop: Shop, email: str, name: str, note: str, trouble: str) -> Person:
    """A customer with something of every kind that is kept."""
    person, _ = shop.register(email)
    shop.ask(person, "PATCH", "/v1/me", {"name": name, "birthday": "1992-03-04"})
    shop.ask(person, "PUT", "/v1/me/consents/segments", {"given": True, "text_version": 1})
    shop.ask(person, "POST", "/v1/me/notes", {"text": f"{note} size: 160 × 200"})
    shop.people["customer"] = person
    shop.ask(person, "POST", "/v1/me/avatar", {"upload_id": an_upload(shop)})
    an_upload(shop)
    shop.link(person, name.split()[0].lower())
    shop.passkey(person)
    shop.agree(person)
    shop.address(person)
    order = _pays(shop, person, CHECKOUT["delivery"] | {"recipient": name})
    shop.move(order, "assembling", "shipped")
    shop.hearing("RU1", "in_transit")()
    shop.move(order, "delivered")
    shop.cloud.tick()  # what was held on the card is taken
    given_back = shop.giving_back(person, order, "defect", comment="Too dark for me")
    show(shop, person, given_back)
    shop.ask(person, "POST", f"/v1/returns/{given_back}/withdraw")
    shop.publish(shop.review(person))
    shop.consent(person)
    shop.ask(person, "PUT", "/v1/visits/products/TEA-2")
    shop.ask(person, "PUT", "/v1/visits/searches", {"words": "green mug"})
    ticket = shop.ticket(person, order_id=order, text=trouble)
    shop.ask(
        shop.staff("agent"), "POST", f"/v1/staff/tickets/{ticket}/messages", {"text": "Sorry!"}
    )
    wishes = shop.wish_list(person, "TEA-1")
    shop.ask(person, "PUT", f"/v1/wish-lists/{wishes}/link")
    shop.ask(person, "PUT", "/v1/alerts/price-drop/TEA-2")
    shop.repeat(person, "TEA-2")
    shop.fill_cart(person)
    shop.statement(person)
    have_appointments(shop, person)
    shop.ask(person, "PUT", "/v1/bookings/calendar-link")
    card = f"Happy birthday, {name.split()[1]}"
    pushed = {"platform": "android", "token": f"{name.split()[0]}s4w9WgXcQ:APA91bHun4Mx"}
    shop.ask(person, "PUT", "/v1/me/push-device", pushed)
    shop.ask(person, "PUT", "/v1/cart/gift", {"wrap": False, "card": card})
    shop.cloud.drain()
    return person


def _pays(shop: Shop, person: Person, delivery: dict[str, str]) -> str:
    """An order, paid with a card that is kept; and something is put on the balance."""
    body = {"amount_minor": 10_000, "method": "card", "token": "tok_ok"}
    shop.ask(person, "POST", "/v1/wallet/top-ups", body)
    shop.offer(per_customer=2)
    shop.fill_cart(person)
    shop.ask(person, "PUT", "/v1/cart/coupon", {"code": "TEA-10"})
    order = shop.order(person, payment="card", delivery=delivery)
    paid = {"order_id": order, "token": "tok_ok", "keep_card": True}
    shop.ask(person, "POST", "/v1/payments", paid)
    [card] = shop.ask(person, "GET", "/v1/payment-methods")["items"]
    shop.ask(person, "PUT", f"/v1/payment-methods/{card['id']}/default")
    shop.cloud.drain()
    return order
