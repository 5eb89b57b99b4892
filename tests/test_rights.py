"""Who may do what: each route of the document, asked by everybody there is.

A new route is here by being in the document; one that names a new thing in its path needs that
thing in `Shop.names`.
"""

import json
import re
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import boto3
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pyotp import TOTP

import appointments
import feeds
import shop as work
import world
from auth import tokens as issued
from auth.contacts import tokens as undos
from authenticator import Authenticator
from common import access, clock, ids, not_me
from common.access import Role
from common.events.auth import ContactChanged, CustomerRegistered
from common.events.orders import CustomerViewed as OrderViewed
from common.events.support import CustomerViewed as TicketViewed
from local import doors, examples, openapi, template
from moment import Moment
from notify.message import Topic
from notify.unsubscribe import tokens
from scenarios.me import an_upload, picture
from scenarios.returns import a_photo

MISSING = "0198face-0000-7000-8000-000000000000"
STAFF = [role.name.lower() for role in Role if role >= Role.AGENT]
REGISTER = "POST /v1/auth/registrations"
SIGN_OUT = "POST /v1/auth/sign-out"
FETCHING = "POST /v1/me/avatar/provider"


@dataclass(frozen=True)
class Route:
    """One operation of the document, and whom it says it lets in."""

    verb: str
    path: str
    operation: dict[str, Any] = field(compare=False)

    def __str__(self):
        return f"{self.verb} {self.path}"

    @property
    def is_open(self):
        return not self.operation["security"]

    @property
    def role(self):
        """The least role that the route asks for."""
        [scheme] = self.operation["security"]
        return (scheme["token"] or [doors.ANYONE])[0]

    @property
    def owned_ids(self):
        """What the path names that is one customer's own: ids are, a SKU is everybody's."""
        named = [p for p in self.operation.get("parameters", []) if p["in"] == "path"]
        return [p["name"] for p in named if re.search(p["schema"].get("pattern", "^$"), MISSING)]

    def admits(self, role):
        if self.role == doors.ANYONE:
            return role != "guest"
        if self.role == "guest":
            return role in SHOPPERS
        if role == "guest" or "customer" in (role, self.role):
            return role == self.role
        return Role[role.upper()] >= Role[self.role.upper()]


ROUTES = [
    Route(verb.upper(), path, operation)
    for path, operations in openapi.document()["paths"].items()
    for verb, operation in operations.items()
]
NAMED = {str(route): route for route in ROUTES}
GUARDED = [route for route in ROUTES if not route.is_open]
SHOPPERS = ("guest", "customer", doors.ANYONE)
OWNED = [route for route in GUARDED if route.role in SHOPPERS and route.owned_ids]


class Shop:
    """A shop with one of everything that a path can name, all of it Ann's."""

    def __init__(self, cloud):
        self.cloud = cloud
        self.ann, self.bob = cloud.customer(), cloud.customer()
        self.people = {"customer": self.ann} | {role: cloud.staff(role) for role in STAFF}
        self.people["guest"] = cloud.guest()
        self.own = {}  # what the path of one route names, where it is not what others name so
        self.names = {"sku": "TEA-1", "registration_id": MISSING, "challenge_id": MISSING}
        self.names |= {"category_id": "herbs", "purpose": "segments", "kind": "phone"}
        self.names["alert"] = "price-drop"
        self.bodies = {"POST /v1/cart/merge": {"guest_token": self.people["guest"].token}}
        self.names |= {"recovery_id": MISSING, "second_step_id": MISSING}
        with cloud.acting("AuthApi"):
            self.names["link_token"] = not_me.seal(not_me.Link(self.ann.id, ids.new(clock.now())))
        self.bodies["POST /v1/auth/not-me"] = {"token": self.names["link_token"]}
        self.names["provider_name"] = "home"
        self.names |= {"provider": "sandbox", "carrier": "post"}
        contact = {"contact": {"email": "guest@example.com"}}
        self.guests = {"POST /v1/checkout": contact}
        self._prove(*(p for role, p in self.people.items() if role != "guest"))
        with cloud.acting("NotifyApi"):
            self.names["token"] = tokens.seal(tokens.Link(self.ann.id, Topic.CART))
            self.names["undo_token"] = undos.seal(undos.Link(self.ann.id, MISSING))
        self._learn_address()
        self._fill_cart()
        self.names |= {"point_id": "arbat", "code": "TEA-10"}
        self._done("PUT /v1/staff/coupons/{code}", person=self.people["manager"])
        cloud.drain()
        self._done("PUT /v1/staff/pickup-points/{point_id}", person=self.people["manager"])
        self._done("POST /v1/wallet/top-ups")
        self.names["order_id"] = self._ordered("key-of-the-order", balance_to_spend_minor=5_000)
        self._pay()
        self._buy_a_gift_card()
        self._give_back()
        self._fill_cart()
        self.names["list_id"] = self._done("POST /v1/wish-lists", "key-of-the-list")["id"]
        self._done("PUT /v1/wish-lists/{list_id}/items/{sku}")
        bringing = feeds.Imports(cloud, self.people["manager"])
        self.names["import_id"] = bringing.sent(b"sku,price\nTEA-1,ten\n")
        over = bringing.run(b"sku,price\nTEA-1,ten\n")["id"]
        self.own = {"GET /v1/staff/imports/{import_id}/report": {"import_id": over}}
        shared = self._done("PUT /v1/wish-lists/{list_id}/link")["link"]
        self.names["link"] = shared.rpartition("/")[2]
        self.names["address_id"] = self._done("POST /v1/addresses", "key-of-the-address")["id"]
        self.bodies["POST /v1/repeat-deliveries"] = work.Shop(cloud).repeating(self.ann, "TEA-1")
        due = self.bodies["POST /v1/repeat-deliveries"]["next_on"]
        self.bodies["PUT /v1/repeat-deliveries/{repeat_id}/skip"] = {"on": due}
        self.names["repeat_id"] = self._done("POST /v1/repeat-deliveries", "key-of-the-repeat")[
            "id"
        ]
        self.names["ticket_id"] = self._done("POST /v1/tickets", "key-of-the-ticket")["id"]
        self.names["note_id"] = self._done("POST /v1/me/notes", "key-of-the-note")["id"]
        self.names["device_id"] = self._done("PUT /v1/me/push-device")["id"]
        helper = work.Shop(cloud)
        helper.people["customer"] = self.ann
        self.bodies["POST /v1/me/avatar"] = {"upload_id": an_upload(helper)}
        self._done("POST /v1/me/avatar", "key-of-the-picture")
        self.bodies["POST /v1/me/avatar"] = {"upload_id": an_upload(helper)}
        helper.shown_by_provider(self.ann, world.PICTURE)
        self.names["member_id"] = self.people["agent"].id
        self._review()
        owner = self.people["owner"]
        invited = self._done("POST /v1/staff/invitations", "key-of-the-letter", owner)
        self.names["invitation_id"] = invited["id"]
        cloud.drain()
        self.names["customer_id"] = self.ann.id
        self._book()
        self.names["document_id"] = self._done("GET /v1/documents")["items"][0]["id"]
        self._begin_a_contact()
        self.names["step_up_id"] = self._done("POST /v1/auth/step-ups", "key-of-the-step-up")["id"]
        helper.link(self.ann, "ann")
        self.bodies["POST /v1/auth/identities"] = helper.linking("ann")
        helper.offers("google")
        self._secure()
        self.names["export_id"] = self._done("POST /v1/me/exports")["id"]
        self.names["export_token"] = "no-such-link"
        cloud.drain()
        self._have_passkeys(helper)
        self.names["erasure_id"] = self._done("POST /v1/me/erasure")["id"]
        self.names["session_id"] = self.ann.session_id
        self.names["message_id"] = self._done("GET /v1/inbox")["items"][0]["id"]

    def ask(self, route, token=None, key="key-of-the-test", query=None, **names):
        named = self.names | self.own.get(str(route), {}) | names
        path = re.sub(r"\{(\w+)\}", lambda found: named[found[1]], route.path)
        body = (examples.BODIES | self.bodies).get(str(route))
        if token == self.people["guest"].token:
            body = (body or {}) | self.guests.get(str(route), {}) or None
        outside = world.answering(picture()) if str(route) == FETCHING else nullcontext()
        with outside:
            return self.cloud.call(route.verb, path, body, token=token, key=key, query=query)

    def rows(self):
        """All that is stored, without counters of attempts."""
        tables = self.cloud.wiring.resources("AWS::DynamoDB::Table")
        found = {name: self.cloud.items(name) for name in tables}
        return {
            (name, row["pk"], row["sk"]): row
            for name, rows in found.items()
            for row in rows
            if not row["pk"].startswith("LIMIT#")
        }

    def trail(self):
        """What is kept of the acts of staff, once all events have arrived."""
        self.cloud.drain()
        return [row for row in self.cloud.items("AuthTable") if row["pk"] == "TRAIL"]

    def ended(self, role):
        """Somebody in that role who has signed out."""
        person = self.cloud.customer() if role == "customer" else self.cloud.staff(role)
        assert self.ask(NAMED[SIGN_OUT], person.token).status == 204
        self.cloud.clock.advance(seconds=0)  # every process has heard of it
        return person

    def _prove(self, *people):
        """Let *people* have proven just now, for each act there is, to be there."""
        for person in people:
            for act in access.Act:
                work.Shop(self.cloud).prove(person, act)

    def _secure(self):
        """Ann has a second factor, recovery codes, and another factor under way."""
        shop = work.Shop(self.cloud)
        shop.authenticator(self.ann)
        proof = {"recovery_code": shop.recovery_codes(self.ann)[0]}
        begun = self._done("POST /v1/auth/factors/totp")
        code = {"code": TOTP(begun["secret"]).at(clock.now())}
        self.bodies["POST /v1/auth/step-ups/{step_up_id}/proof"] = proof
        self.bodies["POST /v1/auth/factors/{enrolment_id}/confirm"] = code
        self.names["enrolment_id"] = begun["id"]
        self.names["factor_id"] = self._done("GET /v1/auth/factors")["items"][0]["id"]
        self.cloud.clock.advance(seconds=2)  # so that what Ann proves is newer than her factor
        self._prove(self.ann)

    def _have_passkeys(self, shop):
        """Ann's device has a passkey, and has made and shown what each route asks for."""
        path, device = "/v1/auth/passkeys", shop.passkey(self.ann)
        self.names["passkey_id"] = self._done(f"GET {path}")["items"][0]["id"]
        self.bodies[f"POST {path}"] = shop.making(self.ann, Authenticator())
        name = f"POST {path}/step-ups/{{step_up_id}}"
        asked = self._done(f"{name}/options")["public_key"]
        self.bodies[f"{name}/proof"] = {"credential": device.prove(asked)}

    def _learn_address(self):
        event = ContactChanged(
            id=ids.new(clock.now()),
            occurred_at=clock.now(),
            subject_version=1,
            customer_id=self.ann.id,
            email="ann@example.com",
            language="en",
            time_zone="Europe/Moscow",
        )
        self.cloud.publish(event)

    def _begin_a_contact(self):
        """Ann's new address, whose code is in its letter."""
        name = "POST /v1/auth/contacts"
        self.names["contact_id"] = self._done(name, "key-of-the-contact")["contact_id"]
        self.cloud.drain()
        code = work.Shop(self.cloud).code(examples.BODIES[name]["email"])
        self.bodies[f"{name}/{{contact_id}}/confirm"] = {"code": code}

    def _ordered(self, key, person=None, **fields):
        """The id of an order for what is in the cart."""
        asked = examples.BODIES["POST /v1/checkout"] | fields
        self.bodies["POST /v1/checkout"] = asked
        order_id = self._done("POST /v1/checkout", key, person)["id"]
        del self.bodies["POST /v1/checkout"]
        return order_id

    def _pay(self):
        """A card is kept; Ann has another order to pay, and so has the guest; Bob can be given
        money."""
        event = {"id": ids.new(clock.now()), "occurred_at": clock.now(), "customer_id": self.bob.id}
        self.cloud.publish(CustomerRegistered.model_validate(event))
        self.bodies["POST /v1/wallet/transfers"] = {
            "to_customer_id": self.bob.id,
            "amount_minor": 1,
        }
        for key in ("key-of-the-first-bill", "key-of-the-other-bill"):
            self._fill_cart()
            order = {"order_id": self._ordered(key, payment="card"), "keep_card": True}
            self.bodies["POST /v1/payments"] = order
            if "payment_method_id" not in self.names:
                self._done("POST /v1/payments", key)
                [card] = self._done("GET /v1/payment-methods")["items"]
                self.names["payment_method_id"] = card["id"]
        guests = self._ordered("key-of-the-guest", self.people["guest"], payment="card")
        self.guests["POST /v1/payments"] = {"order_id": guests}

    def _buy_a_gift_card(self):
        """Ann has the code of one that nobody has used."""
        code = work.Shop(self.cloud, people=self.people).gift_card(self.ann)
        self.bodies["POST /v1/wallet/gift-cards"] = {"code": code}

    def _review(self):
        """What Ann was delivered is reviewed, and everybody reads it; what she looks at may be
        remembered."""
        helper = work.Shop(self.cloud, people=self.people)
        helper.consent(self.ann)
        token = {"guest_token": self.people["guest"].token}
        self.bodies["POST /v1/visits/merge"] = token
        helper.deliver(self.ann)
        self.names["review_id"] = self._done("PUT /v1/reviews/{sku}")["id"]
        self._done("PUT /v1/staff/reviews/{review_id}/decision", person=self.people["agent"])
        self.bodies["PUT /v1/staff/reviews/{review_id}/decision"] = {"version": 2, "reason": "rude"}
        self._fill_cart()

    def _book(self):
        """Ann has a booking, and a calendar that shows it."""
        self.names["bookable_id"] = appointments.ID
        self._done("PUT /v1/staff/bookables/{bookable_id}", person=self.people["manager"])
        book = "POST /v1/bookings"
        self.bodies[book] = appointments.wanted(16)
        self.names["booking_id"] = self._done(book, "key-of-the-booking")["id"]
        self.bodies[book] = appointments.wanted(12)
        for path, hour in (("/v1/bookings", 18), ("/v1/staff/bookings", 19)):
            start = {"start": appointments.at(hour)}
            self.bodies[f"POST {path}/{{booking_id}}/move"] = start
        link = self._done("PUT /v1/bookings/calendar-link")["url"]
        self.names["calendar_token"] = link.rpartition("/")[2]

    def _give_back(self):
        """Ann gives back what was delivered; and could give back more of it."""
        self._fill_cart()
        order_id, agent = self._ordered("key-of-the-goods"), self.people["agent"]
        for to in ("assembling", "shipped", "delivered"):
            body = {"to": to} | ({"tracking_number": "RU1"} if to == "shipped" else {})
            path, key = f"/v1/staff/orders/{order_id}/transitions", f"key-of-being-{to}"
            self.cloud.call("POST", path, body, token=agent.token, key=key)
        name = "POST /v1/return-previews"
        self.bodies[name] = examples.BODIES[name] | {"order_id": order_id}
        for key in ("key-of-the-return", "key-of-another-return"):
            self.bodies["POST /v1/returns"] = {"preview_id": self._done(name)["preview_id"]}
            if "return_id" not in self.names:
                self.names["return_id"] = self._done("POST /v1/returns", key)["id"]
                self._show_photos()
        path, body = f"/v1/staff/returns/{self.names['return_id']}", {"decision": "approved"}
        self.cloud.call("POST", f"{path}/decision", body, token=agent.token, key="key-of-yes")

    def _show_photos(self):
        """Ann shows what is wrong; and could show more of it."""
        helper, name = work.Shop(self.cloud), "POST /v1/returns/{return_id}/photos"
        for key in ("key-of-a-photo", "key-of-another-photo"):
            uploaded = a_photo(helper, self.ann, self.names["return_id"])
            self.bodies[name] = {"upload_id": uploaded, "sku": self.names["sku"]}
            if key == "key-of-a-photo":
                self._done(name, key)

    def _fill_cart(self):
        self._done("POST /v1/staff/products/imports", person=self.people["manager"])
        for shopper in (self.ann, self.people["guest"]):
            self._done("PUT /v1/cart/lines/{sku}", person=shopper)

    def _done(self, name, key="key-of-the-shop", person=None):
        answer = self.ask(NAMED[name], (person or self.ann).token, key)
        assert answer.status < 300, answer.body
        return answer.body


@pytest.fixture(scope="module")
def made():
    """The shop, and the moment it stood: to make it takes longer than most tests."""
    return []


@pytest.fixture
def shop(cloud, made):
    cloud.starts_cold = True  # so that each function is seen to use all it needs
    if not made:
        made += [Shop(cloud), Moment(cloud)]
    shop, moment = made
    moment.come_back()
    return shop


def every(routes):
    return pytest.mark.parametrize("route", routes, ids=str)


def forged(token):
    """The same claims under the same key's name, signed by somebody else."""
    header = jwt.get_unverified_header(token)
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(claims, ec.generate_private_key(ec.SECP256R1()), "ES256", header)


def is_refused(answer, status):
    assert answer.status == status, answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.body) == {"type", "title", "status"}


@pytest.mark.case("Z1")
@every(GUARDED)
def test_nobody_gets_in_without_a_genuine_token_of_a_live_session(shop, route):
    role = "customer" if route.role in (doors.ANYONE, "guest") else route.role
    live = shop.people[role].token
    ended = shop.ended(role).token
    before = shop.rows()

    is_refused(shop.ask(route), 401)
    is_refused(shop.ask(route, forged(live)), 401)
    is_refused(shop.ask(route, live[:-4]), 401)
    if str(route) == SIGN_OUT:
        assert shop.ask(route, ended).status == 204
    else:
        is_refused(shop.ask(route, ended), 401)
    shop.cloud.clock.advance(minutes=10)
    is_refused(shop.ask(route, live), 401)

    assert shop.rows() == before


@pytest.mark.case("Z1")
def test_a_registration_that_is_pending_opens_nothing(shop):
    asked = shop.ask(NAMED[REGISTER]).body["registration_id"]
    shop.cloud.drain()
    [code] = re.findall(r"\b\d{6}\b", shop.cloud.letters[-1].text)
    shown = [asked, code, *map(str, examples.BODIES[REGISTER].values())]

    for route in GUARDED:
        for credential in shown:
            is_refused(shop.ask(route, credential), 401)
    assert shop.ask(NAMED["POST /v1/auth/sign-in"]).status == 401
    refresh = {"refresh_token": f"{asked}.1.{'A' * 43}"}
    assert shop.cloud.call("POST", "/v1/auth/refresh", refresh).status == 401


@pytest.mark.case("Z1")
def test_a_sign_in_without_its_second_factor_opens_nothing(shop):
    hired = work.Shop(shop.cloud).hire("half@example.com")
    known = {name: hired[name] for name in ("login", "password")}
    half = shop.cloud.call("POST", "/v1/auth/sign-in", known)
    assert "access_token" not in half.body
    shown = [value for value in half.body.values() if isinstance(value, str)]
    assert half.body["second_step_id"] in shown

    for route in GUARDED:
        for credential in shown:
            is_refused(shop.ask(route, credential), 401)


@pytest.mark.case("Z1")
def test_who_is_being_erased_gets_in_nowhere(shop):
    """The account is closed first, and erased when no token of it can be good any longer."""
    person, refresh = work.Shop(shop.cloud).register("gone@example.com")
    work.Shop(shop.cloud).erasure(person)
    shop.cloud.clock.advance(days=14, seconds=1)
    with shop.cloud.acting("AuthApi"):
        token = issued.access_token(person.id, person.session_id, Role.CUSTOMER, clock.now())
    assert shop.ask(NAMED["GET /v1/addresses"], token).status == 200
    shop.cloud.tick()
    shop.cloud.clock.advance(seconds=10)  # as long as anybody takes to hear of it

    for route in GUARDED:
        if str(route) != SIGN_OUT:
            is_refused(shop.ask(route, token), 401)
    renewed = shop.cloud.call("POST", "/v1/auth/refresh", {"refresh_token": refresh})
    assert renewed.status == 401


@pytest.mark.case("Z1")
@every(GUARDED)
def test_a_route_lets_in_the_roles_it_names_and_no_others(shop, route):
    before = shop.rows()
    for role in filter(lambda role: not route.admits(role), shop.people):
        status = 401 if role == "guest" else 403  # who has no account has no session either
        is_refused(shop.ask(route, shop.people[role].token), status)
    assert shop.rows() == before

    # What a path names is Ann's, and no guest's.
    asking = {r: p for r, p in shop.people.items() if r != "guest" or not route.owned_ids}
    admitted = [person.token for role, person in asking.items() if route.admits(role)]
    first, *others = [shop.ask(route, token).status for token in admitted]
    assert first < 300
    # What the first one did may be done already when the next one asks, and what the path names
    # is the first one's.
    refused = {409, 404} if route.owned_ids and route.role == doors.ANYONE else {409}
    assert all(status < 300 or status in refused for status in others), others


@pytest.mark.case("Z1", "S13")
@every([route for route in GUARDED if route.role == "guest"])
def test_a_guest_gets_in_by_a_genuine_token_of_the_last_ninety_days(shop, route):
    live = shop.people["guest"].token
    other = f"guest.{shop.ann.id}.{live.rpartition('.')[2]}"
    before = shop.rows()

    for forged_token in (other, live[:-1], live + "A", live.upper(), "guest.", f"{live}."):
        is_refused(shop.ask(route, forged_token), 401)
    shop.cloud.clock.advance(days=90)
    is_refused(shop.ask(route, live), 401)

    assert shop.rows() == before


@pytest.mark.case("Z1")
@every([route for route in ROUTES if route.is_open])
def test_an_open_route_asks_nobody_who_they_are(shop, route):
    asked = [shop.ask(route, token) for token in (None, shop.ann.token, forged(shop.ann.token))]

    assert len({answer.status for answer in asked}) == 1
    assert asked[0].status != 403


@pytest.mark.case("Z1", "Z2", "Z3")
@every(OWNED)
def test_what_is_somebody_elses_is_as_if_it_were_not_there(shop, route):
    before = shop.rows()

    foreign = shop.ask(route, shop.bob.token)
    missing = shop.ask(route, shop.bob.token, **dict.fromkeys(route.owned_ids, MISSING))

    is_refused(foreign, 404)
    assert (foreign.status, foreign.body, foreign.headers) == (
        missing.status,
        missing.body,
        missing.headers,
    )
    assert shop.rows() == before


@pytest.mark.case("Z2", "Z3")
def test_an_order_named_in_a_ticket_must_be_the_customers_own(shop):
    def ask(order_id):
        body = examples.BODIES["POST /v1/tickets"] | {"order_id": order_id}
        return shop.cloud.call("POST", "/v1/tickets", body, token=shop.bob.token, key="a-new-key")

    foreign, missing = ask(shop.names["order_id"]), ask(MISSING)

    assert foreign.status == missing.status >= 400
    assert foreign.body == missing.body


def test_every_body_has_an_example_that_a_client_could_send():
    taken = {str(route) for route in ROUTES if "requestBody" in route.operation}

    assert taken == set(examples.BODIES)


# What Ann told of herself, in the examples of an order and of a ticket.
PRIVATE = [
    examples.BODIES["POST /v1/checkout"]["delivery"]["recipient"],
    examples.BODIES["POST /v1/tickets"]["subject"],
]


def entered(shop):
    """Whose data were seen, by the entries on their way to the customers."""
    rows = shop.cloud.items("OrdersTable") + shop.cloud.items("SupportTable")
    names = {OrderViewed.name, TicketViewed.name}
    return {json.loads(row["detail"])["customer_id"] for row in rows if row.get("name") in names}


@pytest.mark.case("Z8")
@every([route for route in GUARDED if route.role in STAFF])
def test_staff_see_nothing_of_a_customers_without_an_entry(shop, route):
    answer = shop.ask(route, shop.people["owner"].token)

    assert not (shows_ann(shop, answer) and shop.ann.id not in entered(shop))


@pytest.mark.case("Z8")
def test_a_view_without_an_entry_is_noticed(shop, monkeypatch):
    monkeypatch.setattr("common.audit.enter", lambda *_: None)

    shown = [shop.ask(r, shop.people["owner"].token) for r in GUARDED if r.role in STAFF]

    assert [answer for answer in shown if shows_ann(shop, answer)]
    assert shop.ann.id not in entered(shop)


def shows_ann(shop, answer):
    """Whether the answer tells who it is about, or what they told."""
    known = [shop.ann.id, *PRIVATE]
    return any(word in json.dumps(answer.body, ensure_ascii=False) for word in known)


LISTS = [
    route
    for route in ROUTES
    if "cursor" in {parameter["name"] for parameter in route.operation.get("parameters", [])}
]


@pytest.mark.case("Z6")
@every(LISTS)
def test_a_cursor_that_the_shop_did_not_seal_leads_nowhere(shop, route):
    asks_anybody = route.is_open or route.role in ("guest", doors.ANYONE)
    person = shop.ann if asks_anybody else shop.people[route.role]

    asked = [p for p in route.operation["parameters"] if p["in"] == "query" and p.get("required")]
    needed = {p["name"]: "Moscow" for p in asked}
    answer = shop.ask(route, person.token, query={**needed, "cursor": "A" * 64})

    assert answer.status == 422
    assert [error["field"] for error in answer.body["errors"]] == ["query.cursor"]


def consumers():
    for name, function in template.resources(template.read(), "AWS::Serverless::Function"):
        for event in function.get("Events", {}).values():
            if event["Type"] == "SQS":
                yield name, event["Properties"]["Queue"]["Fn::GetAtt"][0]


@pytest.mark.case("E3")
@pytest.mark.parametrize(("consumer", "queue"), list(consumers()))
def test_every_consumer_may_put_off_what_it_cannot_read(cloud, consumer, queue):
    url = cloud.wiring.physical[queue]["Ref"]
    line = {"MessageGroupId": "line"} if url.endswith(".fifo") else {}
    body = '{"detail-type": "unheard-of"}'
    boto3.client("sqs").send_message(QueueUrl=url, MessageBody=body, **line)

    with cloud.counted() as calls:
        cloud.drain()

    put_off = [c for c in calls if c.name == "sqs.ChangeMessageVisibility"]
    assert {c.arguments["VisibilityTimeout"] for c in put_off} > {0}
    assert cloud.messages(queue.removesuffix("Queue") + "DeadLetters")


CHANGES = [
    route
    for route in GUARDED
    if route.path.startswith("/v1/staff/") and route.verb in {"POST", "PUT", "PATCH", "DELETE"}
]


@pytest.mark.case("Z8")
@every(CHANGES)
def test_what_staff_change_leaves_one_trace_however_often_it_is_sent(shop, route):
    person = shop.people[route.role]
    if str(route) == "DELETE /v1/staff/categories/{category_id}":
        shop.ask(NAMED["PUT /v1/staff/categories/{category_id}"], person.token)
    if str(route) == "PUT /v1/staff/tickets/{ticket_id}/assignee":  # the example gives it back
        path = f"/v1/staff/tickets/{shop.names['ticket_id']}/assignee"
        shop.cloud.call("PUT", path, {"staff_id": person.id}, token=person.token)
    if str(route) == "PUT /v1/staff/coupons/{code}":  # the example has its terms already
        path = f"/v1/staff/coupons/{shop.names['code']}"
        shop.cloud.call("PUT", path, {"percent": 20}, token=person.token)
    before = shop.trail()

    assert shop.ask(route, person.token, key="key-of-the-act").status < 300

    [trace] = [row for row in shop.trail() if row not in before]
    assert (trace["staff_id"], trace["role"]) == (person.id, route.role)
    assert (trace["verb"], trace["request_id"]) == (route.verb, "request-1")
    assert trace["path"].startswith(f"/v1/staff/{trace['resource']}")
    known = shop.trail()
    again = shop.ask(route, person.token, key="key-of-the-act")
    assert "idempotent-replayed" not in again.headers or shop.trail() == known


def test_who_only_reads_or_is_refused_leaves_no_trace(shop):
    before, path = shop.trail(), "/v1/staff/picture-hosts"
    shop.cloud.call("GET", path, token=shop.people["manager"].token)
    shop.cloud.call("PUT", path, {"hosts": ["a b"]}, token=shop.people["manager"].token)
    shop.cloud.call("PUT", path, {"hosts": []}, token=shop.people["agent"].token)

    assert shop.trail() == before
