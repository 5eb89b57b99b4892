"""A shop at work, over its API: what its staff and its customers do, one line each."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from unittest import mock

import boto3
from pyotp import TOTP

import feeds
import provider as providers
from authenticator import Authenticator
from cloud import PASSWORD, Answer, Cloud, Person
from common import access, clock, ids, ledger, pepper, table
from common.access import Role
from common.events.auth import ContactChanged
from notify.preferences.preferences import TEXT_VERSION
from orders.delivery import carrier, signature
from orders.watches import consumer as watches
from provider import Provider

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

    def hearing(self, number: str, status: str, id_: str = "tiding-1") -> Callable[[], Answer]:
        """The usual carrier, telling of a parcel; its messages carry no key."""
        moment = clock.now()
        body = json.dumps(
            {"id": id_, "tracking_number": number, "status": status, "at": moment.isoformat()}
            | {"place": "Kazan"}
        )
        with self.cloud.acting("OrdersApi"):
            headers = {signature.HEADER: signature.signed(carrier.key(), body, moment)}
        return lambda: self.cloud.call("POST", "/v1/carriers/post/events", body, headers=headers)

    def point(self, point_id: str = "arbat") -> None:
        """Open a pick-up point."""
        place = {"name": "Arbat", "city": "Moscow", "address": "Arbat, 10", "hours": "10-22"}
        terms = {"price_minor": 9_900, "days_min": 1, "days_max": 2}
        path = f"/v1/staff/pickup-points/{point_id}"
        self.ask(self.staff("manager"), "PUT", path, place | terms)

    # --- customers ---

    def provider(self) -> Provider:
        """The service `home`, by which customers may sign in."""
        known, arn = providers.started(), self.cloud.wiring.physical["SocialSecret"]["Ref"]
        text = json.dumps({"home": known.entry})
        boto3.client("secretsmanager").put_secret_value(SecretId=arn, SecretString=text)
        pepper._kept.clear()
        return known

    def offers(self, *providers: str) -> None:
        """Let the shop be registered with known *providers* too."""
        entry = {"client_id": "a", "client_secret": "b", "redirect_uri": "https://shop.example"}
        arn = self.cloud.wiring.physical["SocialSecret"]["Ref"]
        secrets = boto3.client("secretsmanager")
        known = json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])
        text = json.dumps(known | dict.fromkeys(providers, entry))
        secrets.put_secret_value(SecretId=arn, SecretString=text)
        pepper._kept.clear()

    def shown_by_provider(self, person: Person, address: str) -> None:
        """Let *address* be the picture that a provider had when *person* first signed in by it."""
        with self.cloud.acting("MeApi"):
            kept = {"provider_picture": address}
            table.apply(table.update(f"CUSTOMER#{person.id}", "PROFILE", assign=kept))

    def coming_back(self, subject: str, *, link: bool = False, **claims: Any) -> dict[str, str]:
        """What finishes a flow in which *subject* was shown."""
        provider = self.provider()
        provider.knows(subject, **claims)
        flow = self.ask(None, "POST", "/v1/auth/social/home", {"link": link})
        sent = provider.consent(flow["authorize_url"], subject)
        return {**sent, "flow_secret": flow["flow_secret"]}

    def linking(self, subject: str) -> dict[str, str]:
        """What links *subject* to an account."""
        came = self.coming_back(subject, link=True)
        answer = self.asking(None, "POST", "/v1/auth/social/callback", came)()
        return {"linking_id": answer.body["linking_id"], "flow_secret": came["flow_secret"]}

    def link(self, person: Person, subject: str) -> None:
        self.prove(person, access.Act.FACTORS)
        self.ask(person, "POST", "/v1/auth/identities", self.linking(subject))

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

    def recovering(self, login: str) -> tuple[str, str]:
        """A recovery and the code that the letter brought."""
        asked = self.ask(None, "POST", "/v1/auth/recoveries", {"login": login})["recovery_id"]
        self.cloud.drain()
        return asked, self.code(login)

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

    def authenticator(self, person: Person) -> TOTP:
        """The authenticator of *person*, as a second factor from now on."""
        self.prove(person, access.Act.FACTORS)
        begun = self.ask(person, "POST", "/v1/auth/factors/totp")
        app = TOTP(begun["secret"])
        body = {"code": app.at(clock.now())}
        self.ask(person, "POST", f"/v1/auth/factors/{begun['id']}/confirm", body)
        return app

    def making(self, person: Person, device: Authenticator) -> dict[str, Any]:
        """What adds a passkey that *device* has made for *person*."""
        self.prove(person, access.Act.FACTORS)
        begun = self.ask(person, "POST", "/v1/auth/passkeys/options")
        credential = device.make(begun["public_key"])
        return {"challenge_id": begun["challenge_id"], "credential": credential}

    def passkey(self, person: Person, device: Authenticator | None = None) -> Authenticator:
        """A device with a passkey of *person*'s."""
        holder = device or Authenticator()
        self.ask(person, "POST", "/v1/auth/passkeys", self.making(person, holder))
        return holder

    def showing(self, device: Authenticator, path: str = "sign-in") -> dict[str, Any]:
        """What signs in by the passkey of *device*."""
        begun = self.ask(None, "POST", f"/v1/auth/passkeys/{path}/options")
        credential = device.prove(begun["public_key"])
        return {"challenge_id": begun["challenge_id"], "credential": credential}

    def recovery_codes(self, person: Person) -> list[str]:
        self.prove(person, access.Act.FACTORS)
        codes: list[str] = self.ask(person, "POST", "/v1/auth/factors/recovery-codes")["codes"]
        return codes

    def number(self, person: Person, phone: str = "+79997654321") -> str:
        """A phone of *person*'s whose code was sent, to be a second factor; the enrolment."""
        self.prove(person, access.Act.FACTORS)
        body = {"kind": "sms", "to": phone}
        begun: str = self.ask(person, "POST", "/v1/auth/factors/codes", body)["id"]
        self.cloud.drain()
        return begun

    def second_step(self, login: str, password: str = PASSWORD) -> str:
        """The step of a sign-in whose password was right."""
        body = {"login": login, "password": password}
        answer = self.asking(None, "POST", "/v1/auth/sign-in", body)()
        assert answer.status == 401, answer.body
        return str(answer.body["second_step_id"])

    def sms_code(self, phone: str = "+79997654321") -> str:
        """The code in the newest SMS to *phone*."""
        [text] = [x.text for x in self.cloud.texts if x.to == phone][-1:]
        return str(re.findall(r"\b\d{6}\b", text)[0])

    def come_from_afar(self, person: Person) -> None:
        """Let where *person* is now be a place, and a device, that their account has not seen."""
        from auth import store

        with self.cloud.acting("AuthApi"):
            account = store.account(person.id, Role.CUSTOMER)
            assert account
            store.change_account(account, replace(account, seen=("network:home", "device:phone")))

    def erasure(self, person: Person) -> str:
        """Let *person* ask to be erased; the id of it."""
        self.prove(person, access.Act.ERASURE)
        asked = self.ask(person, "POST", "/v1/me/erasure")
        self.cloud.drain()
        return str(asked["id"])

    def export(self, person: Person) -> str:
        """Let *person* ask for an archive of their data; the id of it, once it is made."""
        self.prove(person, access.Act.EXPORT)
        asked = self.ask(person, "POST", "/v1/me/exports")
        self.cloud.drain()
        return str(asked["id"])

    def export_waiting_for(self, person: Person, *capabilities: str) -> str:
        """An export of *person*'s whose parts all lie there, those of *capabilities* without a
        report; its id."""
        self.prove(person, access.Act.EXPORT)
        asked = str(self.ask(person, "POST", "/v1/me/exports")["id"])
        with self.cloud.holding("AuthExportConsumer") as held:
            self.cloud.drain()
            late = {f"{name}.export_part_ready.v1" for name in capabilities}
            held[:] = [m for m in held if json.loads(m.body)["detail-type"] not in late]
        self.cloud.drain()
        return asked

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

    def order_to_point(self, person: Person, sku: str = "TEA-1") -> str:
        """An order of one piece, to be fetched at a pick-up point."""
        self.point()
        self.fill_cart(person, sku, 1)
        options = self.ask(person, "POST", "/v1/delivery-quotes", {"point_id": "arbat"})["options"]
        to = {"recipient": "Anna Kim", "quote_id": options[0]["quote_id"]}
        placed = self.ask(person, "POST", "/v1/checkout", CHECKOUT | {"delivery": to})
        self.cloud.drain()
        return str(placed["id"])

    def preview(self, person: Person, order: str, reason: str = "changed_mind") -> Any:
        """What the return of one TEA-1 would bring."""
        lines = [{"sku": "TEA-1", "quantity": 1, "reason": reason}]
        return self.ask(person, "POST", "/v1/return-previews", {"order_id": order, "lines": lines})

    def giving_back(
        self, person: Person, order: str, reason: str = "changed_mind", **more: str
    ) -> str:
        """The return of one TEA-1, asked for."""
        body = {"preview_id": self.preview(person, order, reason)["preview_id"], **more}
        asked = self.ask(person, "POST", "/v1/returns", body)
        self.cloud.drain()
        return str(asked["id"])

    def guest_order(self, email: str, sku: str = "TEA-1") -> tuple[Person, str]:
        """A guest, and their order of one line, placed."""
        guest = self.cloud.guest()
        self.fill_cart(guest, sku, 1)
        body = CHECKOUT | {"contact": {"email": email}}
        placed = self.ask(guest, "POST", "/v1/checkout", body)
        self.cloud.drain()
        return guest, str(placed["id"])

    def wish_list(self, person: Person, *skus: str) -> str:
        """A wish list with *skus* in it."""
        made = self.ask(person, "POST", "/v1/wish-lists", {"name": "For the new flat"})["id"]
        for sku in skus:
            self.ask(person, "PUT", f"/v1/wish-lists/{made}/items/{sku}", {})
        return str(made)

    def consent(self, person: Person, *, given: bool = True) -> None:
        """Let the shop look at what *person* views and buys, or not any longer."""
        body = {"given": given, "text_version": 1}
        self.ask(person, "PUT", "/v1/me/consents/personalisation", body)
        self.cloud.drain()

    def offer(self, code: str = "TEA-10", **terms: Any) -> None:
        """A promo code that everybody has heard of: by default a tenth off."""
        path = f"/v1/staff/coupons/{code}"
        self.ask(self.staff("manager"), "PUT", path, {"percent": 10} | terms)
        self.cloud.drain()

    def deliver(self, person: Person, sku: str = "TEA-1") -> str:
        """An order of *sku*, delivered."""
        order = self.order(person, sku, 1)
        self.move(order, "assembling", "shipped", "delivered")
        self.cloud.drain()
        return order

    def gift_card(self, person: Person) -> str:
        """The code of a gift card that *person* bought and nobody has used."""
        self.stock(product("CARD", available=None) | {"kind": "gift_card"})
        topped_up = {"amount_minor": 100_000, "method": "card"}
        self.ask(person, "POST", "/v1/wallet/top-ups", topped_up)
        order = self.order(person, "CARD", 1, payment="balance", delivery=None)
        self.cloud.tick()
        [card] = self.ask(person, "GET", f"/v1/orders/{order}/gift-cards")["items"]
        return str(card["code"])

    def review(self, person: Person, sku: str = "TEA-1") -> str:
        """What *person* says of a product that was delivered; its id."""
        said = {"rating": 5, "text": "Strong and warm", "author": "Anna"}
        return str(self.ask(person, "PUT", f"/v1/reviews/{sku}", said)["id"])

    def publish(self, review_id: str) -> None:
        path = f"/v1/staff/reviews/{review_id}"
        version = self.ask(self.staff("agent"), "GET", path)["version"]
        self.ask(self.staff("agent"), "PUT", f"{path}/decision", {"version": version})

    def address(self, person: Person) -> str:
        return str(self.ask(person, "POST", "/v1/addresses", ADDRESS)["id"])

    def repeating(self, person: Person, *skus: str, **more: Any) -> dict[str, Any]:
        """What asks for one of each of *skus* every four weeks, from a week on."""
        return {
            "items": [{"sku": sku} for sku in skus],
            "every_weeks": 4,
            "next_on": (clock.now() + timedelta(days=7)).date().isoformat(),
            "address_id": self.address(person),
            "payment": "cash_on_delivery",
        } | more

    def repeat(self, person: Person, *skus: str, **more: Any) -> str:
        """A repeat delivery of *skus* to *person*."""
        body = self.repeating(person, *skus or ("TEA-1",), **more)
        return str(self.ask(person, "POST", "/v1/repeat-deliveries", body)["id"])

    def ticket(self, person: Person, **about: str) -> str:
        opened = self.ask(person, "POST", "/v1/tickets", QUESTION | about)
        self.cloud.drain()
        return str(opened["id"])

    def statement(self, person: Person) -> str:
        """Let *person* ask for a statement of yesterday; the id of it."""
        yesterday = (clock.now() - timedelta(days=1)).date().isoformat()
        body = {"first": yesterday, "last": yesterday}
        asked = self.ask(person, "POST", "/v1/documents/statements", body)
        self.cloud.drain()
        return str(asked["id"])

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
    _have_it_again(shop)
    _keep_the_catalogue(shop)
    _change_the_staff(shop)
    _bring_customers(shop)
    shop.guest_order("anna@example.com")
    person, refresh_token = shop.register("anna@example.com")
    _look_after_factors(shop, person)
    shop.ask(person, "POST", "/v1/orders/claims")
    _tell_of_themselves(shop, person)
    _ask_again_for_an_account(shop, "anna@example.com")
    first = shop.order(person)
    shop.move(first, "assembling", "shipped", "delivered")
    shop.cloud.drain()
    _recommend(shop, person)
    _review(shop, person)
    _give_back(shop, person, first)
    shop.move(shop.order_to_point(person), "assembling", "shipped", "ready_for_pickup")
    second = shop.order(person, "TEA-2", 1, points=10)
    shop.ask(person, "POST", f"/v1/orders/{second}/cancel")
    _exchange(shop, person, first)
    _pay(shop, person)
    _give_money(shop, person)
    _use_a_code(shop, person)
    shop.statement(person)
    _get_help(shop, person, first)
    _have_appointments(shop, person)
    _leave_carts(shop, person)
    _change_the_contact(shop, person)
    _link_a_service(shop, person)
    _have_a_passkey(shop, person)
    _change_the_password(shop, person)
    _lose_the_token(shop, refresh_token)
    _come_from_afar(shop, person)
    _recover(shop, "anna@example.com")
    shop.cloud.clock.advance(days=31)
    shop.cloud.tick()
    shop.cloud.clock.advance(hours=12)  # what waits for the morning goes
    shop.cloud.tick()
    _take_all_along(shop)
    _leave_for_good(shop)


def _take_all_along(shop: Shop) -> None:
    person, _ = shop.register("vera@example.com")
    shop.export(person)


def _recommend(shop: Shop, person: Person) -> None:
    """The customer lets the shop look at what they buy; two others bought one thing more."""
    shop.consent(person)
    shop.ask(person, "PUT", "/v1/visits/products/TEA-2")
    for _ in range(2):
        other = shop.customer()
        shop.fill_cart(other, "TEA-1", 1)
        shop.deliver(other, "TEA-2")


def _review(shop: Shop, person: Person) -> None:
    """One says what the tea is like; it is published, answered and rejected after all."""
    made = shop.review(person)
    shop.publish(made)
    agent, path = shop.staff("agent"), f"/v1/staff/reviews/{made}"
    shop.ask(agent, "PUT", f"{path}/answer", {"text": "Thank you!"})
    version = shop.ask(agent, "GET", path)["version"]
    shop.ask(agent, "PUT", f"{path}/decision", {"version": version, "reason": "off_topic"})
    silent = shop.customer()
    shop.agree(silent, "reviews")
    shop.deliver(silent)


def _give_money(shop: Shop, person: Person) -> None:
    """A gift card, which somebody else puts on their balance."""
    code = shop.gift_card(person)
    shop.ask(shop.customer(), "POST", "/v1/wallet/gift-cards", {"code": code})


def _use_a_code(shop: Shop, person: Person) -> None:
    """What a promo code made cheaper is called off."""
    shop.offer(most_uses=2, per_customer=1)
    shop.fill_cart(person)
    shop.ask(person, "PUT", "/v1/cart/coupon", {"code": "TEA-10"})
    order = shop.ask(person, "POST", "/v1/checkout", CHECKOUT)["id"]
    shop.cloud.drain()
    shop.ask(person, "POST", f"/v1/orders/{order}/cancel")
    shop.cloud.drain()


def _have_appointments(shop: Shop, person: Person) -> None:
    from appointments import have_appointments  # which speaks of this shop

    have_appointments(shop, person)


def _leave_for_good(shop: Shop) -> None:
    """Somebody asks to be erased, stays after all, and asks again."""
    person, _ = shop.register("boris@example.com")
    shop.erasure(person)
    shop.ask(person, "DELETE", "/v1/me/erasure")
    shop.erasure(person)
    for passed in ({"days": 14}, {"minutes": 16}):
        shop.cloud.clock.advance(**passed, seconds=1)
        shop.cloud.tick()


def _give_back(shop: Shop, person: Person, order: str) -> None:
    """One return is accepted, one refused, and one withdrawn."""
    agent = shop.staff("agent")
    accepted = shop.giving_back(person, order)
    path = f"/v1/staff/returns/{accepted}"
    shop.ask(agent, "POST", f"{path}/decision", {"decision": "approved"})
    body = {"lines": [{"sku": "TEA-1", "restocked": 1, "scrapped": 0}]}
    shop.ask(agent, "POST", f"{path}/receipt", body)
    refused = shop.giving_back(person, order)
    body = {"decision": "rejected", "rejection": "used"}
    shop.ask(agent, "POST", f"/v1/staff/returns/{refused}/decision", body)
    shop.ask(person, "POST", f"/v1/returns/{shop.giving_back(person, order)}/withdraw")
    shop.cloud.drain()


def _exchange(shop: Shop, person: Person, order: str) -> None:
    """A piece that never came comes after all; an order is fetched by nobody."""
    lines = [{"sku": "TEA-1", "quantity": 1, "reason": "shortage", "exchange_for": "TEA-1"}]
    shown = shop.ask(person, "POST", "/v1/return-previews", {"order_id": order, "lines": lines})
    asked = shop.ask(person, "POST", "/v1/returns", {"preview_id": shown["preview_id"]})
    path = f"/v1/staff/returns/{asked['id']}/decision"
    shop.ask(shop.staff("agent"), "POST", path, {"decision": "approved"})
    on_its_way = shop.order_to_point(person)
    shop.move(on_its_way, "assembling", "shipped", "ready_for_pickup", "uncollected", "returned")
    shop.cloud.drain()


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


def _have_it_again(shop: Shop) -> None:
    """Two products are to come every four weeks; by then somebody has bought the last of one."""
    shop.stock(product("TEA-4", available=1))
    shop.repeat(shop.customer(), "TEA-1", "TEA-4")
    shop.order(shop.customer(), "TEA-4", 1)


def _keep_the_catalogue(shop: Shop) -> None:
    """A price is lowered; what was sold out comes again; somebody waited for both."""
    shop.stock(product("TEA-3", available=0))
    for kind in ("price-drop", "price-drop", "back-in-stock"):
        shop.ask(shop.customer(), "PUT", f"/v1/alerts/{kind}/TEA-3")
    shop.cloud.drain()
    manager, path = shop.staff("manager"), "/v1/staff/products/TEA-3"
    shop.ask(manager, "PATCH", path, {"price_minor": 90_000})
    shop.ask(manager, "PUT", f"{path}/stock", {"places": {"main": 5}, "reason": "delivery"})
    feeds.Imports(shop.cloud, manager).begun(b"sku,name_en\nTEA-2,Better tea\n,nothing\n")
    few = {"PAGE": 1, "PAGES_AT_ONCE": 1}  # so that some are left for later
    with mock.patch.multiple(watches, **few):
        shop.cloud.drain()


def _change_the_staff(shop: Shop) -> None:
    """Somebody is invited, joins, becomes a manager and leaves."""
    owner, wanted = shop.staff("owner"), {"email": "new@example.com", "role": "agent"}
    made = shop.ask(owner, "POST", "/v1/staff/invitations", wanted)["id"]
    shop.cloud.drain()
    [token] = re.findall(rf"invitation={made}#([\w-]+)", shop.cloud.letters[-1].text)
    path, member = f"/v1/auth/invitations/{made}", f"/v1/staff/members/{made}"
    body = {"token": token, "password": NEW_PASSWORD}
    secret = shop.ask(None, "POST", f"{path}/accept", body)["totp_secret"]
    code = {"token": token, "totp_code": TOTP(secret).at(clock.now())}
    shop.ask(None, "POST", f"{path}/confirm", code)
    shop.ask(owner, "PATCH", member, {"role": "manager"})
    shop.ask(owner, "DELETE", member)
    shop.cloud.drain()


def _bring_customers(shop: Shop) -> None:
    """Two customers of another shop, one of whom had agreed to hear of offers."""
    rows = [{"email": "old@example.com", "marketing": True}, {"phone": "+79160000001"}]
    shop.cloud.invoke("AuthAdmin", {"action": "import_customers", "customers": rows})
    shop.cloud.drain()


def _look_after_factors(shop: Shop, person: Person) -> None:
    """The customer adds an authenticator, loses it, and signs in by a recovery code."""
    shop.authenticator(person)
    [factor] = shop.ask(person, "GET", "/v1/auth/factors")["items"]
    code = shop.recovery_codes(person)[0]
    path = f"/v1/auth/sign-in/second-steps/{shop.second_step('anna@example.com')}/confirm"
    shop.ask(None, "POST", path, {"recovery_code": code})
    shop.cloud.clock.advance(seconds=2)
    shop.prove(person, access.Act.FACTORS)
    shop.ask(person, "DELETE", f"/v1/auth/factors/{factor['id']}")
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
    shop.ask(person, "POST", f"/v1/tickets/{ticket}/messages", {"text": "And the saucer?"})
    [newest, *_] = shop.ask(person, "GET", "/v1/inbox")["items"]
    shop.ask(person, "PUT", f"/v1/inbox/{newest['id']}/read")
    shop.cloud.drain()


def _change_the_contact(shop: Shop, person: Person) -> None:
    """A phone is added; an address that somebody has is asked for in vain."""
    again = shop.again(person)
    shop.prove(again, access.Act.CONTACT)
    shop.register("mila@example.com")
    shop.ask(again, "POST", "/v1/auth/contacts", {"email": "mila@example.com"})
    path, body = "/v1/auth/contacts", {"phone": "+79991234567"}
    asked = shop.ask(again, "POST", path, body)["contact_id"]
    shop.cloud.drain()
    [code] = re.findall(r"\b\d{6}\b", shop.cloud.texts[-1].text)[:1]
    shop.ask(again, "POST", f"{path}/{asked}/confirm", {"code": code})
    shop.cloud.drain()


def _link_a_service(shop: Shop, person: Person) -> None:
    again = shop.again(person)
    shop.link(again, "anna")
    shop.ask(again, "DELETE", "/v1/auth/identities/home")
    shop.cloud.drain()


def _have_a_passkey(shop: Shop, person: Person) -> None:
    """A passkey is added, used, copied and removed."""
    again = shop.again(person)
    device = shop.passkey(again, Authenticator(counts=True, syncs=False))
    for count in (5, 2):
        device.held[0].count = count
        shop.asking(None, "POST", "/v1/auth/passkeys/sign-in", shop.showing(device))()
    [passkey] = shop.ask(again, "GET", "/v1/auth/passkeys")["items"]
    shop.cloud.drain()  # the last of the first steps was the passkey
    shop.ask(again, "DELETE", f"/v1/auth/passkeys/{passkey['id']}")
    shop.cloud.drain()


def _change_the_password(shop: Shop, person: Person) -> None:
    again = shop.again(person)
    shop.prove(again, access.Act.PASSWORD)
    shop.ask(again, "PUT", "/v1/auth/password", {"new_password": NEW_PASSWORD})
    shop.cloud.drain()


def _come_from_afar(shop: Shop, person: Person) -> None:
    shop.come_from_afar(person)
    body = {"login": "anna@example.com", "password": NEW_PASSWORD}
    assert shop.asking(None, "POST", "/v1/auth/sign-in", body)().status == 401
    shop.cloud.drain()


def _recover(shop: Shop, email: str) -> None:
    asked, code = shop.recovering(email)
    body = {"code": code, "new_password": PASSWORD}
    shop.ask(None, "POST", f"/v1/auth/recoveries/{asked}/confirm", body)
    shop.cloud.drain()


def _lose_the_token(shop: Shop, refresh_token: str) -> None:
    """The customer signs in elsewhere; a thief uses the token that was used already."""
    body = {"login": "anna@example.com", "password": NEW_PASSWORD, "device_name": "A tablet"}
    shop.ask(None, "POST", "/v1/auth/sign-in", body)
    shop.ask(None, "POST", "/v1/auth/refresh", {"refresh_token": refresh_token})
    shop.cloud.clock.advance(minutes=1)
    stolen = shop.asking(None, "POST", "/v1/auth/refresh", {"refresh_token": refresh_token})()
    assert stolen.status == 401
    shop.cloud.drain()
