"""A shop at work, over its API: what its staff and its customers do, one line each."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pyotp import TOTP

from cloud import PASSWORD, Answer, Cloud, Person
from common import access, clock, ids, ledger, table
from common.access import Role
from common.events.auth import ContactChanged
from notify.preferences.preferences import TEXT_VERSION

NEW_PASSWORD = "another happy walk"
CHECKOUT = {
    "delivery": {"recipient": "Anna Kim", "phone": "+79001234567", "address": "Arbat, 1"},
    "payment": "cash_on_delivery",
}
ADDRESS = {
    "recipient": "Anna Kim",
    "country": "RU",
    "city": "Moscow",
    "street": "Arbat",
    "house": "1",
}
QUESTION = {"subject": "One came broken", "text": "What now?", "category": "other"}


def product(sku: str, price_minor: int = 100_000, available: int | None = 10) -> dict[str, Any]:
    """A product as the import takes it; without stock it is a service."""
    made = {"sku": sku, "category": "tea", "price_minor": price_minor}
    made |= {f"{part}_{tongue}": sku for part in ("name", "description") for tongue in ("ru", "en")}
    return made | ({"kind": "service"} if available is None else {"available": available})


@dataclass
class Shop:
    """Its calls; every answer but 2xx is an error, except from what `asking` returns."""

    cloud: Cloud
    keys: int = 0
    people: dict[str, Person] = field(default_factory=dict)

    def asking(
        self, who: Person | None, method: str, path: str, body: Any = None
    ) -> Callable[[], Answer]:
        """The same request whenever it is called, under one key."""
        self.keys += 1
        key, token = f"key-of-the-shop-{self.keys}", who.token if who else None
        return lambda: self.cloud.call(method, path, body, token=token, key=key)

    def ask(self, who: Person | None, method: str, path: str, body: Any = None) -> Any:
        answer = self.asking(who, method, path, body)()
        assert 200 <= answer.status < 300, (path, answer.status, answer.body)
        return answer.body

    # --- staff ---

    def staff(self, role: str) -> Person:
        if role not in self.people:
            self.people[role] = self.cloud.staff(role)
        return self.people[role]

    def hire(self, email: str) -> dict[str, Any]:
        """An agent with login, password and the secret of a second factor."""
        wanted = {"action": "create_staff", "email": email, "role": "agent", "password": PASSWORD}
        hired: dict[str, Any] = self.cloud.invoke("AuthAdmin", wanted)
        return hired

    def credentials(self, hired: dict[str, Any]) -> dict[str, str]:
        """What a hired agent signs in with at this moment."""
        code = TOTP(hired["totp_secret"]).at(clock.now())
        return {"login": hired["login"], "password": hired["password"], "totp_code": code}

    def stock(self, *products: dict[str, Any]) -> None:
        body = {"products": list(products)}
        self.ask(self.staff("manager"), "POST", "/v1/staff/products/imports", body)

    def move(self, order_id: str, *states: str) -> None:
        for to in states:
            body = {"to": to} | ({"tracking_number": "RU1"} if to == "shipped" else {})
            path = f"/v1/staff/orders/{order_id}/transitions"
            self.ask(self.staff("agent"), "POST", path, body)

    # --- customers ---

    def customer(self, time_zone: str = "Europe/Moscow") -> Person:
        """Somebody with a session and a contact."""
        person = self.cloud.customer()
        known = {"id": ids.new(clock.now()), "occurred_at": clock.now(), "customer_id": person.id}
        where = {"email": "kim@example.com", "language": "en", "time_zone": time_zone}
        self.cloud.publish(ContactChanged(**known, **where, subject_version=1))
        return person

    def agree(self, person: Person, topic: str = "cart") -> None:
        """Let *person* agree to messages about *topic*."""
        chosen = {"topic": topic, "email": True, "sms": False, "consent": True}
        body = {"topics": [chosen], "text_version": TEXT_VERSION}
        self.ask(person, "PUT", "/v1/preferences", body)
        self.cloud.drain()

    def registering(self, email: str) -> tuple[str, str]:
        """A registration and the code that the letter brought."""
        body = {"email": email, "password": PASSWORD, "language": "en"}
        asked = self.ask(None, "POST", "/v1/auth/registrations", body)["registration_id"]
        self.cloud.drain()
        return asked, self.code(email)

    def code(self, email: str) -> str:
        """The code in the newest letter to *email*."""
        [text] = [x.text for x in self.cloud.letters if x.to == email][-1:]
        return str(re.findall(r"\b\d{6}\b", text)[0])

    def register(self, email: str) -> tuple[Person, str]:
        """A customer with a contact, signed in; and the refresh token."""
        asked, code = self.registering(email)
        made = self.ask(None, "POST", f"/v1/auth/registrations/{asked}/confirm", {"code": code})
        self.cloud.drain()
        session = made["refresh_token"].partition(".")[0]
        return Person(made["customer_id"], session, made["access_token"]), made["refresh_token"]

    def prove(self, person: Person, act: access.Act) -> None:
        """Let *person* have proven for *act* just now to be there, as a step-up does."""
        with self.cloud.acting("AuthApi"):
            pk, sk = f"SESSION#{person.session_id}", "SESSION"
            proofs = (table.get(pk, sk) or {}).get("proofs", {})
            proofs |= {act.value: int(clock.now().timestamp())}
            table.apply(table.update(pk, sk, assign={"proofs": proofs}))

    def again(self, person: Person) -> Person:
        """*person* with a token that is good now, however far the clock was moved."""
        from auth import tokens

        with self.cloud.acting("AuthApi"):
            token = tokens.access_token(person.id, person.session_id, Role.CUSTOMER, clock.now())
        return Person(person.id, person.session_id, token)

    def fill_cart(self, person: Person, sku: str = "TEA-1", quantity: int = 2) -> None:
        self.ask(person, "PUT", f"/v1/cart/lines/{sku}", {"quantity": quantity})

    def order(
        self, person: Person, sku: str = "TEA-1", quantity: int = 2, points: int = 0, **more: Any
    ) -> str:
        """An order of one line, placed."""
        self.fill_cart(person, sku, quantity)
        wanted = CHECKOUT | {"points_to_spend": points} | more
        placed = self.ask(person, "POST", "/v1/checkout", wanted)
        self.cloud.drain()
        return str(placed["id"])

    def guest_order(self, email: str, sku: str = "TEA-1") -> tuple[Person, str]:
        """A guest, and their order of one line, placed."""
        guest = self.cloud.guest()
        self.fill_cart(guest, sku, 1)
        body = CHECKOUT | {"contact": {"email": email}}
        placed = self.ask(guest, "POST", "/v1/checkout", body)
        self.cloud.drain()
        return guest, str(placed["id"])

    def address(self, person: Person) -> str:
        return str(self.ask(person, "POST", "/v1/addresses", ADDRESS)["id"])

    def ticket(self, person: Person, **about: str) -> str:
        opened = self.ask(person, "POST", "/v1/tickets", QUESTION | about)
        self.cloud.drain()
        return str(opened["id"])

    def grant(self, person: Person, points: int) -> None:
        """Give points, as loyalty does."""
        with self.cloud.acting("OrdersApi"):
            now = clock.now()
            lots = {"2030-01-01": points}
            legs = ledger.transfer("shop:points:issued", ledger.points_of(person.id), lots)
            table.commit(*ledger.post(ledger.Posting(ids.new(now), "accrual", now, legs)))


def journey(shop: Shop) -> None:
    """What can happen to a customer, one thing after another: every event there is, published."""
    shop.stock(product("TEA-1"), product("TEA-2", 50_000), product("WRAP", 29_000, None))
    _keep_the_catalogue(shop)
    shop.guest_order("anna@example.com")
    person, refresh_token = shop.register("anna@example.com")
    shop.ask(person, "POST", "/v1/orders/claims")
    _tell_of_themselves(shop, person)
    _ask_again_for_an_account(shop, "anna@example.com")
    first = shop.order(person)
    shop.move(first, "assembling", "shipped", "delivered")
    shop.cloud.drain()
    second = shop.order(person, "TEA-2", 1, points=10)
    shop.ask(person, "POST", f"/v1/orders/{second}/cancel")
    _pay(shop, person)
    _get_help(shop, person, first)
    _leave_carts(shop, person)
    _change_the_password(shop, person)
    _lose_the_token(shop, refresh_token)
    shop.cloud.clock.advance(days=31)
    shop.cloud.tick()


def _pay(shop: Shop, person: Person) -> None:
    """The balance is filled; a card is declined, then pays; the shop fails."""
    body = {"amount_minor": 10_000, "method": "card"}
    shop.ask(person, "POST", "/v1/wallet/top-ups", body)
    order = shop.order(person, "WRAP", 1, payment="card")
    for token in ("tok_declined", "tok_ok"):
        shop.ask(person, "POST", "/v1/payments", {"order_id": order, "token": token})
    path = f"/v1/staff/orders/{order}/refunds"
    shop.ask(shop.staff("manager"), "POST", path, {"reason": "shop_failed"})
    shop.cloud.drain()


def _keep_the_catalogue(shop: Shop) -> None:
    """A price is lowered; what was sold out comes again."""
    shop.stock(product("TEA-3", available=0))
    manager, path = shop.staff("manager"), "/v1/staff/products/TEA-3"
    shop.ask(manager, "PATCH", path, {"price_minor": 90_000})
    shop.ask(manager, "PUT", f"{path}/stock", {"places": {"main": 5}, "reason": "delivery"})
    shop.cloud.drain()


def _ask_again_for_an_account(shop: Shop, email: str) -> None:
    shop.ask(None, "POST", "/v1/auth/registrations", {"email": email, "password": PASSWORD})
    shop.cloud.drain()


def _leave_carts(shop: Shop, person: Person) -> None:
    """One is reminded at once, one in the morning, and one never agreed to that."""
    far_east, reserved = shop.customer("Asia/Vladivostok"), shop.customer()
    for reminded in (person, far_east):
        shop.agree(reminded)
    for left in (person, far_east, reserved):
        shop.fill_cart(left)
    shop.cloud.clock.advance(hours=3)
    shop.cloud.tick()
    shop.cloud.clock.advance(hours=9)
    shop.cloud.tick()


def _tell_of_themselves(shop: Shop, person: Person) -> None:
    """What a customer does on their own page; their birthday is in ten days."""
    birthday = (clock.now() + timedelta(days=10)).date().replace(year=1992)
    body = {"name": "Anna Kim", "birthday": birthday.isoformat()}
    consent = {"given": True, "text_version": 1}
    shop.ask(person, "PUT", "/v1/me/consents/segments", consent)
    shop.ask(person, "PATCH", "/v1/me", body)
    shop.cloud.drain()


def _get_help(shop: Shop, person: Person, order_id: str) -> None:
    ticket, hired = shop.ticket(person, order_id=order_id), shop.hire("agent@example.com")
    shop.ask(None, "POST", "/v1/auth/sign-in", shop.credentials(hired))
    agent, path = shop.staff("agent"), f"/v1/staff/tickets/{ticket}"
    shop.ask(agent, "POST", f"{path}/messages", {"text": "Sorry!"})
    shop.ask(agent, "POST", f"{path}/transitions", {"to": "resolved"})
    shop.cloud.drain()


def _change_the_password(shop: Shop, person: Person) -> None:
    again = shop.again(person)
    shop.prove(again, access.Act.PASSWORD)
    shop.ask(again, "PUT", "/v1/auth/password", {"new_password": NEW_PASSWORD})
    shop.cloud.drain()


def _lose_the_token(shop: Shop, refresh_token: str) -> None:
    """The customer signs in elsewhere; a thief uses the token that was used already."""
    body = {"login": "anna@example.com", "password": NEW_PASSWORD}
    shop.ask(None, "POST", "/v1/auth/sign-in", body)
    shop.ask(None, "POST", "/v1/auth/refresh", {"refresh_token": refresh_token})
    shop.cloud.clock.advance(minutes=1)
    stolen = shop.asking(None, "POST", "/v1/auth/refresh", {"refresh_token": refresh_token})()
    assert stolen.status == 401
    shop.cloud.drain()
