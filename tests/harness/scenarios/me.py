"""What the sweep does to the customer's own page."""

import json
from io import BytesIO
from unittest import mock
from urllib.parse import urlsplit

from PIL import Image

import objects
import world
from auth.guide import checklist
from cloud import Person
from common import access, sealing
from scenarios.auth import LIMITS
from scenarios.declared import EMAIL, LETTER, LOST, reads, sample, scenario
from shop import Shop, product
from sweep import SCHEDULE, Accepted, Act

reads("MeApi", "GET /v1/me", "customer")


GONE = Accepted(
    "a note that was deleted is not there when the call comes again: its answer was lost",
    calls="dynamodb.TransactWriteItems",
    faults=LOST,
    answers=("*not_found*",),
)


def a_note(shop: Shop) -> str:
    """The id of a note of the customer's."""
    body = {"text": "Linen size: 160 × 200"}
    return str(shop.ask(shop.people["customer"], "POST", "/v1/me/notes", body)["id"])


reads("MeApi", "GET /v1/me/checklist", "customer")
reads("MeApi", "GET /v1/me/consents", "customer")
reads("MeApi", "GET /v1/me/menu", "customer")
reads("MeApi", "GET /v1/me/notes", "customer")
reads("MeApi", "GET /v1/me/notes/{note_id}", "customer", a_note)


def consenting(shop: Shop, given: bool) -> Act:
    body = {"given": given, "text_version": 1}
    return shop.asking(shop.people["customer"], "PUT", "/v1/me/consents/segments", body)


@scenario("MeApi", "PUT /v1/me/consents/{purpose}")
def giving_consent(shop: Shop) -> Act:
    shop.people["customer"] = shop.customer()
    return consenting(shop, given=True)


@scenario("MeApi", "PUT /v1/me/consents/{purpose}: withdrawn")
def withdrawing_consent(shop: Shop) -> Act:
    giving_consent(shop)()
    shop.ask(shop.people["customer"], "PATCH", "/v1/me", {"needs": ["gifts"]})
    return consenting(shop, given=False)


@scenario("MeApi", "POST /v1/me/notes")
def writing_a_note(shop: Shop) -> Act:
    return shop.asking(shop.customer(), "POST", "/v1/me/notes", {"text": "Milk"})


def of_a_note(shop: Shop, method: str, body: object = None) -> Act:
    shop.people["customer"] = shop.customer()
    path = f"/v1/me/notes/{a_note(shop)}"
    return shop.asking(shop.people["customer"], method, path, body)


@scenario("MeApi", "PATCH /v1/me/notes/{note_id}")
def changing_a_note(shop: Shop) -> Act:
    return of_a_note(shop, "PATCH", {"text": "Milk"})


@scenario("MeApi", "DELETE /v1/me/notes/{note_id}", GONE)
def deleting_a_note(shop: Shop) -> Act:
    return of_a_note(shop, "DELETE")


@scenario("MeApi", "PATCH /v1/me")
def changing_the_profile(shop: Shop) -> Act:
    body = {"name": "Anna Kim", "birthday": "1990-02-28", "time_zone": "Asia/Omsk"}
    return shop.asking(shop.customer(), "PATCH", "/v1/me", body)


@scenario("MeApi", "PATCH /v1/me: a birthday that was awaited")
def moving_a_birthday(shop: Shop) -> Act:
    person = shop.customer()
    shop.ask(person, "PATCH", "/v1/me", {"birthday": "1990-02-28"})
    return shop.asking(person, "PATCH", "/v1/me", {"birthday": "1990-03-01"})


reads("MeApi", "GET /v1/me/access-log", "customer")


@scenario("AuthMeConsumer", "orders.customer_viewed.v1")
def entering_a_view(shop: Shop) -> Act:
    event = sample("orders.customer_viewed.v1", customer_id=shop.customer().id)
    return lambda: shop.cloud.publish(event)


@scenario("AuthMeConsumer", "support.customer_viewed.v1")
def entering_a_view_of_a_ticket(shop: Shop) -> Act:
    event = sample("support.customer_viewed.v1", customer_id=shop.customer().id)
    return lambda: shop.cloud.publish(event)


@scenario("AuthMeConsumer", "auth.signed_in.v1")
def signing_in(shop: Shop) -> Act:
    event = sample("auth.signed_in.v1", customer_id=shop.customer().id)
    return lambda: shop.cloud.publish(event)


@scenario("AuthMeConsumer", "auth.customer_registered.v1")
def registering(shop: Shop) -> Act:
    person = shop.customer()
    known = {"customer_id": person.id, "session_id": person.session_id}
    event = sample("auth.customer_registered.v1", **known)
    return lambda: shop.cloud.publish(event)


@scenario("AuthConsumer", "timer of a birthday")
def celebrating(shop: Shop) -> Act:
    shop.ask(shop.customer(), "PATCH", "/v1/me", {"birthday": "1990-02-28"})
    shop.cloud.clock.advance(days=366)
    return minutes(shop)


@scenario("AuthConsumer", "timer of an absence")
def staying_away(shop: Shop) -> Act:
    shop.cloud.publish(sample("auth.signed_in.v1", customer_id=shop.customer().id))
    shop.cloud.clock.advance(days=31)
    return minutes(shop)


@scenario("AuthConsumer", "timer of an erasure")
def coming_to_an_end(shop: Shop) -> Act:
    shop.erasure(shop.customer())
    shop.cloud.clock.advance(days=14, seconds=1)
    return minutes(shop)


@scenario("MeApi", "POST /v1/me/erasure")
def asking_to_be_erased(shop: Shop) -> Act:
    person = shop.customer()
    shop.prove(person, access.Act.ERASURE)
    return shop.asking(person, "POST", "/v1/me/erasure")


STAYED = Accepted(
    "who lost the answer finds that there is nothing to take back any longer",
    calls="dynamodb.TransactWriteItems",
    faults=LOST,
    answers=("*not_found*",),
)


@scenario("MeApi", "DELETE /v1/me/erasure", STAYED)
def staying(shop: Shop) -> Act:
    person = shop.customer()
    shop.erasure(person)
    return shop.asking(person, "DELETE", "/v1/me/erasure")


def an_erasure(shop: Shop) -> str:
    return shop.erasure(shop.people["customer"])


@scenario("MeApi", "GET /v1/me/erasure")
def looking_at_an_erasure(shop: Shop) -> Act:
    person = shop.customer()
    shop.erasure(person)
    return shop.asking(person, "GET", "/v1/me/erasure")


reads("AuthApi", "GET /v1/auth/erasures/{erasure_id}", "customer", an_erasure)


def used(shop: Shop) -> Person:
    """Somebody with something of everything, whose erasure is due."""
    shop.stock(product("TEA-1"))
    person, _ = shop.register(EMAIL)
    shop.people["customer"] = person
    shop.ask(person, "POST", "/v1/me/avatar", {"upload_id": an_upload(shop)})
    shop.ask(person, "POST", "/v1/me/notes", {"text": "Milk"})
    shop.ask(person, "PATCH", "/v1/me", {"birthday": "1990-02-28"})
    shop.ask(person, "PUT", "/v1/me/consents/segments", {"given": True, "text_version": 1})
    shop.agree(person)
    shop.move(shop.order(person), "assembling", "shipped", "delivered")
    shop.ticket(person)
    shop.cloud.drain()
    return person


def erasing(function: str) -> None:
    def prepare(shop: Shop) -> Act:
        person = used(shop)
        known = {"customer_id": person.id, "erasure_id": shop.erasure(person)}
        return lambda: shop.cloud.publish(sample("auth.customer_erased.v1", **known))

    scenario(function, "auth.customer_erased.v1")(prepare)


for name in ("AuthErasure", "Loyalty", "Notify", "Orders", "Support"):
    erasing(f"{name}Consumer")


@scenario("MeApi", "POST /v1/me/exports")
def asking_for_an_export(shop: Shop) -> Act:
    person = shop.customer()
    shop.prove(person, access.Act.EXPORT)
    return shop.asking(person, "POST", "/v1/me/exports")


def of_an_export(method: str, path: str, *accepted: Accepted) -> None:
    def prepare(shop: Shop) -> Act:
        person = shop.customer()
        stem, _, below = path.partition("{export_id}")
        made = shop.export(person)
        return shop.asking(person, method, f"{stem}{made}{below}" if "{" in path else path)

    scenario("MeApi", f"{method} {path}", *accepted)(prepare)


of_an_export("GET", "/v1/me/exports")
of_an_export("GET", "/v1/me/exports/{export_id}")
of_an_export("POST", "/v1/me/exports/{export_id}/link")

FETCHED = Accepted(
    "a link works once: who lost the answer takes another",
    calls="dynamodb.UpdateItem",
    faults=(*LOST, "answer lost, sent again"),
    answers=("*link_over*",),
)


@scenario("MeApi", "GET /v1/exports/{export_token}", FETCHED)
def fetching_an_export(shop: Shop) -> Act:
    person = shop.customer()
    made = shop.export(person)
    link = shop.ask(person, "POST", f"/v1/me/exports/{made}/link")["url"]
    return shop.asking(None, "GET", urlsplit(link).path)


def gathering(function: str) -> None:
    """Each hands over its part; nobody else does."""

    def prepare(shop: Shop) -> Act:
        person = used(shop)
        shop.prove(person, access.Act.EXPORT)
        return shop.asking(person, "POST", "/v1/me/exports")

    scenario(function, "auth.export_requested.v1")(prepare)


for name in ("AuthExport", "Loyalty", "Notify", "Orders", "Support"):
    gathering(f"{name}Consumer")


def packing(capability: str) -> None:
    """The last part that was missing comes."""

    def prepare(shop: Shop) -> Act:
        person = used(shop)
        waiting = shop.export_waiting_for(person, capability)
        known = {"customer_id": person.id, "export_id": waiting}
        event = sample(f"{capability}.export_part_ready.v1", **known)
        return lambda: shop.cloud.publish(event)

    scenario("AuthExportConsumer", f"{capability}.export_part_ready.v1")(prepare)


for name in ("loyalty", "notify", "orders", "support"):
    packing(name)


@scenario("AuthErasureConsumer", "auth.customer_erased.v1: with an export")
def erasing_an_export(shop: Shop) -> Act:
    person = used(shop)
    shop.export(person)
    known = {"customer_id": person.id, "erasure_id": shop.erasure(person)}
    return lambda: shop.cloud.publish(sample("auth.customer_erased.v1", **known))


@scenario("AuthErasureConsumer", "orders.erasure_answered.v1")
def closing(shop: Shop) -> Act:
    person = used(shop)
    asked = shop.erasure(person)
    shop.cloud.clock.advance(days=14, seconds=1)
    shop.cloud.invoke("AuthConsumer", SCHEDULE)
    known = {"customer_id": person.id, "erasure_id": asked, "round": 1, "obstacles": ()}
    return lambda: shop.cloud.publish(sample("orders.erasure_answered.v1", **known))


@scenario("NotifyUrgentConsumer", "auth.erasure_finished.v1", *LETTER)
def the_last_letter(shop: Shop) -> Act:
    event = sample("auth.erasure_finished.v1")
    with shop.cloud.acting("AuthErasureConsumer"):
        letter = sealing.seal(event.erasure_id, json.dumps({"to": EMAIL}))
    return lambda: shop.cloud.publish(event.model_copy(update={"letter": letter}))


def minutes(shop: Shop) -> Act:
    """Two ticks of the schedule."""

    def tick() -> None:
        for _ in range(2):
            shop.cloud.invoke("AuthConsumer", SCHEDULE)
            shop.cloud.clock.advance(minutes=1)

    return tick


def all_but_an_order(shop: Shop) -> str:
    """A customer who has dismissed every step; the id."""
    person = shop.customer()
    names = [step.name for step in checklist.STEPS]
    shop.ask(person, "PATCH", "/v1/me/checklist", {"dismiss": names})
    return person.id


@scenario("MeApi", "PATCH /v1/me/checklist")
def choosing_steps(shop: Shop) -> Act:
    return shop.asking(shop.customer(), "PATCH", "/v1/me/checklist", {"dismiss": ["name"]})


@scenario("MeApi", "PATCH /v1/me/checklist: the first success")
def dismissing_what_is_left(shop: Shop) -> Act:
    person, names = shop.customer(), [step.name for step in checklist.STEPS]
    shop.cloud.publish(sample("orders.order_placed.v1", customer_id=person.id))
    return shop.asking(person, "PATCH", "/v1/me/checklist", {"dismiss": names})


def guiding(name: str, *before: str) -> None:
    """Declare that the guide hears of an event which comes after others."""

    def prepare(shop: Shop) -> Act:
        known = {"customer_id": all_but_an_order(shop)}
        for earlier in before:
            shop.cloud.publish(sample(earlier, **known))
        return lambda: shop.cloud.publish(sample(name, **known))

    scenario("AuthMeConsumer", name)(prepare)


guiding("orders.order_placed.v1")
guiding("orders.order_claimed.v1")
guiding("orders.order_delivered.v1", "orders.order_placed.v1")
guiding("orders.order_cancelled.v1", "orders.order_placed.v1")
guiding("support.ticket_opened.v1")
guiding("support.ticket_answered.v1")
guiding("support.ticket_resolved.v1", "support.ticket_opened.v1")
guiding("support.ticket_reopened.v1")
guiding("notify.message_sent.v1")
guiding("notify.message_read.v1", "notify.message_sent.v1")


def succeeding(name: str) -> None:
    """Declare that an event tells of the last step that was left."""

    def prepare(shop: Shop) -> Act:
        person = shop.customer()
        names = [step.name for step in checklist.STEPS if step.name != checklist.Name.NAME]
        shop.ask(person, "PATCH", "/v1/me/checklist", {"dismiss": names})
        shop.cloud.publish(sample("orders.order_placed.v1", customer_id=person.id))
        with mock.patch.object(shop.cloud, "drain"):
            shop.ask(person, "PATCH", "/v1/me", {"name": "Anna"})
        return lambda: shop.cloud.publish(sample(name, customer_id=person.id))

    scenario("AuthMeConsumer", name)(prepare)


for step_done in ("consent_changed", "contacts_proven", "factor_added", "profile_changed"):
    succeeding(f"auth.{step_done}.v1")


def picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (640, 480), "red").save(made, "PNG")
    return made.getvalue()


def an_upload(shop: Shop) -> str:
    """A picture that the customer has uploaded; the id of the upload."""
    person = shop.people["customer"]
    form = shop.ask(person, "POST", "/v1/me/avatar/upload", {"content_type": "image/png"})
    assert objects.post(form["url"], form["fields"], picture())
    return str(form["upload_id"])


def with_avatar(shop: Shop) -> Person:
    person = shop.people["customer"] = shop.customer()
    shop.ask(person, "POST", "/v1/me/avatar", {"upload_id": an_upload(shop)})
    shop.cloud.drain()
    return person


@scenario("AuthAvatarApi", "POST /v1/me/avatar/upload", LIMITS)
def beginning_an_upload(shop: Shop) -> Act:
    body = {"content_type": "image/png"}
    return shop.asking(shop.customer(), "POST", "/v1/me/avatar/upload", body)


@scenario("AuthAvatarApi", "POST /v1/me/avatar")
def confirming_an_upload(shop: Shop) -> Act:
    person = with_avatar(shop)
    return shop.asking(person, "POST", "/v1/me/avatar", {"upload_id": an_upload(shop)})


@scenario("AuthAvatarApi", "POST /v1/me/avatar/provider", LIMITS)
def taking_a_providers_picture(shop: Shop) -> Act:
    person = shop.customer()
    shop.offers("google")
    shop.shown_by_provider(person, world.PICTURE)
    ask = shop.asking(person, "POST", "/v1/me/avatar/provider")

    def take() -> object:
        with world.answering(picture()):
            return ask()

    return take


@scenario("AuthAvatarApi", "GET /v1/me/avatar")
def looking_at_a_picture(shop: Shop) -> Act:
    return shop.asking(with_avatar(shop), "GET", "/v1/me/avatar")


@scenario("AuthAvatarApi", "DELETE /v1/me/avatar")
def removing_a_picture(shop: Shop) -> Act:
    return shop.asking(with_avatar(shop), "DELETE", "/v1/me/avatar")


@scenario("AuthMeConsumer", "auth.profile_changed.v1: another picture")
def tidying_up_after_a_picture(shop: Shop) -> Act:
    person = with_avatar(shop)
    with mock.patch.object(shop.cloud, "drain"):
        shop.ask(person, "DELETE", "/v1/me/avatar")
    event = sample("auth.profile_changed.v1", customer_id=person.id, fields=("picture",))
    return lambda: shop.cloud.publish(event)
