"""What the sweep does to notify."""

import json
from unittest import mock

from common import clock, sealing
from common.events import Event
from common.events.auth import CodeRequested, ContactUndoOffered
from common.events.staff import StaffInvited
from local.examples.notify import BODIES
from notify.message import Topic
from notify.preferences import store as preferences
from notify.preferences.preferences import Choice
from notify.unsubscribe import tokens
from scenarios.declared import CUSTOMER, EMAIL, LETTER, TEXT, by_queue, reads, sample, scenario
from shop import Shop
from sweep import SCHEDULE, Accepted, Act

OPTED_OUT = "+79991234599"  # moto takes numbers that end so for those of people who opted out
DROPPED = Accepted(
    "where SNS does not say whether a number opted out, the text goes, and SNS drops it",
    calls="sns.CheckIfPhoneNumberIsOptedOut",
    lines=("* NotifyTable *", "+ texts *", "* events *"),
)


def sending_a_code(shop: Shop, channel: str = "email", to: str = EMAIL) -> Act:
    known = sample("auth.code_requested.v1", occurred_at=clock.now(), channel=channel).model_dump()
    with shop.cloud.acting("AuthConsumer"):
        text = json.dumps({"to": to, "code": "735190"})
        sealed = sealing.seal(known["challenge_id"], text)
    return lambda: shop.cloud.publish(CodeRequested(**known | {"letter": sealed}))


scenario("NotifyUrgentConsumer", "auth.code_requested.v1", *LETTER)(sending_a_code)


def offering_an_undo(shop: Shop, channel: str = "email", to: str = EMAIL) -> Act:
    known = sample("auth.contact_undo_offered.v1", channel=channel).model_dump()
    with shop.cloud.acting("AuthConsumer"):
        text = json.dumps({"to": to, "token": "a-token"})
        sealed = sealing.seal(known["challenge_id"], text)
    return lambda: shop.cloud.publish(ContactUndoOffered(**known | {"letter": sealed}))


scenario("NotifyUrgentConsumer", "auth.contact_undo_offered.v1", *LETTER)(offering_an_undo)


@scenario("NotifyUrgentConsumer", "auth.contact_undo_offered.v1: SMS", *TEXT)
def offering_an_undo_by_text(shop: Shop) -> Act:
    return offering_an_undo(shop, "sms", "+79991234567")


@scenario("NotifyUrgentConsumer", "auth.code_requested.v1: SMS", *TEXT)
def sending_a_text(shop: Shop) -> Act:
    return sending_a_code(shop, "sms", "+79991234567")


@scenario("NotifyUrgentConsumer", "auth.code_requested.v1: a number that wants no SMS", DROPPED)
def sending_to_an_opted_out_number(shop: Shop) -> Act:
    return sending_a_code(shop, "sms", OPTED_OUT)


@scenario("NotifyUrgentConsumer", "auth.code_requested.v1: a call")
def calling(shop: Shop) -> Act:
    return sending_a_code(shop, "voice", "+79991234567")


@scenario("NotifyUrgentConsumer", "auth.code_requested.v1: a messenger")
def sending_by_messenger(shop: Shop) -> Act:
    return sending_a_code(shop, "messenger", "4711")


@scenario("NotifyConsumer", "auth.refresh_token_reused.v1: a customer with a telephone only", *TEXT)
def warning_by_text(shop: Shop) -> Act:
    shop.cloud.publish(sample("auth.contact_changed.v1", email=None, phone="+79991234567"))
    return lambda: shop.cloud.publish(sample("auth.refresh_token_reused.v1"))


@scenario("NotifyConsumer", "a letter before its address")
def writing_too_early(shop: Shop) -> Act:
    """The first try fails, and asks the queue to come again soon."""
    cloud, contact = shop.cloud, sample("auth.contact_changed.v1")

    def meet() -> None:
        with mock.patch.object(cloud, "drain"):
            cloud.publish(sample("orders.order_placed.v1"))
        cloud._consume()
        cloud.invoke("NotifyUrgentConsumer", by_queue(contact))
        cloud.drain()

    return meet


def news(name: str, **changes: object) -> Event:
    """The sample *name* as something that has happened just now: what is old is proven first."""
    return sample(name, occurred_at=clock.now(), **changes)


def agreed(shop: Shop, topic: str = "cart") -> None:
    """The customer of the samples has an address, and agreed to *topic*."""
    shop.cloud.publish(sample("auth.contact_changed.v1"))
    with shop.cloud.acting("NotifyApi"):
        before = preferences.find(CUSTOMER)
        after = before.with_({Topic(topic): Choice(consent=True)})
        preferences.save(CUSTOMER, before, after, (), ())


@scenario("NotifyConsumer", "orders.cart_abandoned.v1", *LETTER)
def recalling_a_cart(shop: Shop) -> Act:
    agreed(shop)
    told = news("orders.cart_abandoned.v1")
    return lambda: shop.cloud.publish(told)


@scenario("NotifyConsumer", "orders.cart_abandoned.v1: late")
def recalling_a_cart_late(shop: Shop) -> Act:
    agreed(shop)
    return lambda: shop.cloud.publish(sample("orders.cart_abandoned.v1"))


def alerting(name: str) -> None:
    @scenario("NotifyConsumer", name, *LETTER)
    def telling(shop: Shop) -> Act:
        shop.cloud.publish(sample("auth.contact_changed.v1"))
        told = news(name)
        return lambda: shop.cloud.publish(told)


alerting("orders.watched_price_dropped.v1")
alerting("orders.watched_back_in_stock.v1")


def suggesting(name: str, topic: str) -> None:
    """What needs a consent is sent, where one was given."""

    @scenario("NotifyConsumer", name, *LETTER)
    def telling(shop: Shop) -> Act:
        agreed(shop, topic)
        told = news(name)
        return lambda: shop.cloud.publish(told)


suggesting("orders.review_wanted.v1", "reviews")
suggesting("orders.complement_suggested.v1", "promotions")


@scenario("NotifyConsumer", "auth.birthday_reached.v1", *LETTER)
def greeting(shop: Shop) -> Act:
    agreed(shop, "birthday")
    return lambda: shop.cloud.publish(sample("auth.birthday_reached.v1"))


@scenario("NotifyConsumer", "auth.customer_inactive.v1", *LETTER)
def missing_a_customer(shop: Shop) -> Act:
    agreed(shop, "inactivity")
    return lambda: shop.cloud.publish(sample("auth.customer_inactive.v1"))


@scenario("NotifyConsumer", "orders.cart_abandoned.v1: nobody agreed to it")
def recalling_no_cart(shop: Shop) -> Act:
    shop.cloud.publish(sample("auth.contact_changed.v1"))
    return lambda: shop.cloud.publish(sample("orders.cart_abandoned.v1"))


@scenario("NotifyConsumer", "orders.cart_abandoned.v1: at night")
def recalling_a_cart_in_the_morning(shop: Shop) -> Act:
    agreed(shop)
    shop.cloud.clock.advance(hours=9)
    return lambda: shop.cloud.publish(sample("orders.cart_abandoned.v1"))


def waiting_for_the_morning(shop: Shop) -> str:
    """The id of a message that does."""
    recalling_a_cart_in_the_morning(shop)()
    shop.cloud.clock.advance(hours=12)
    return the_message(shop)


def the_message(shop: Shop) -> str:
    """The id of the one there is."""
    [row] = [r for r in shop.cloud.items("NotifyTable") if r["sk"].startswith("MESSAGE#")]
    return str(row["id"])


@scenario("NotifyConsumer", "timer of a message that waits")
def waking(shop: Shop) -> Act:
    waiting_for_the_morning(shop)

    def minutes() -> None:
        for _ in range(2):
            shop.cloud.invoke("NotifyConsumer", SCHEDULE)
            shop.cloud.clock.advance(minutes=1)

    return minutes


@scenario("NotifyConsumer", "notify.message_due.v1", *LETTER)
def sending_what_waited(shop: Shop) -> Act:
    """What need not be proven."""
    agreed(shop, "inactivity")
    shop.cloud.clock.advance(hours=9)
    shop.cloud.publish(sample("auth.customer_inactive.v1"))
    shop.cloud.clock.advance(hours=12)
    due = sample("notify.message_due.v1", message_id=the_message(shop))
    return lambda: shop.cloud.publish(due)


def concluding(shop: Shop, *, late: bool = False, holds: bool = True) -> Act:
    """Orders says of what waited whether it still is so."""
    waiting = waiting_for_the_morning(shop)
    answer = {"message_id": waiting, "holds": holds} | (
        {} if late else {"occurred_at": clock.now()}
    )
    checked = sample("orders.claim_checked.v1", **answer)
    return lambda: shop.cloud.publish(checked)


@scenario("NotifyConsumer", "orders.claim_checked.v1", *LETTER)
def sending_what_is_proven(shop: Shop) -> Act:
    return concluding(shop)


@scenario("NotifyConsumer", "orders.claim_checked.v1: late")
def asking_for_a_proof_again(shop: Shop) -> Act:
    return concluding(shop, late=True)


@scenario("NotifyConsumer", "orders.claim_checked.v1: not so any longer")
def dropping_what_lapsed(shop: Shop) -> Act:
    return concluding(shop, holds=False)


@scenario("NotifyApi", "PUT /v1/preferences")
def choosing(shop: Shop) -> Act:
    body = BODIES["PUT /v1/preferences"]
    return shop.asking(shop.customer(), "PUT", "/v1/preferences", body)


def a_link(shop: Shop, method: str) -> Act:
    agreed(shop)
    with shop.cloud.acting("NotifyApi"):
        token = tokens.seal(tokens.Link(CUSTOMER, Topic.CART))
    return shop.asking(None, method, f"/v1/unsubscribe/{token}")


@scenario("NotifyApi", "GET /v1/unsubscribe/{token}")
def following_a_link(shop: Shop) -> Act:
    return a_link(shop, "GET")


@scenario("NotifyApi", "POST /v1/unsubscribe/{token}")
def unsubscribing(shop: Shop) -> Act:
    return a_link(shop, "POST")


def a_message(shop: Shop) -> str:
    customer = shop.people["customer"].id
    shop.cloud.publish(sample("auth.customer_registered.v1", customer_id=customer))
    return the_message(shop)


reads("NotifyApi", "GET /v1/inbox", "customer")
reads("NotifyApi", "GET /v1/preferences", "customer")
reads("NotifyApi", "GET /v1/preferences/consents", "customer")
reads("NotifyApi", "GET /v1/inbox/{message_id}", "customer", a_message)


@scenario("NotifyApi", "PUT /v1/inbox/{message_id}/read")
def reading_a_message(shop: Shop) -> Act:
    person = shop.people["customer"] = shop.customer()
    return shop.asking(person, "PUT", f"/v1/inbox/{a_message(shop)}/read")


@scenario("NotifyUrgentConsumer", "auth.staff_invited.v1", *LETTER)
def inviting_staff(shop: Shop) -> Act:
    known = sample("auth.staff_invited.v1", occurred_at=clock.now()).model_dump()
    with shop.cloud.acting("AuthConsumer"):
        text = json.dumps({"to": EMAIL, "token": "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA"})
        sealed = sealing.seal(known["invitation_id"], text)
    return lambda: shop.cloud.publish(StaffInvited(**known | {"letter": sealed}))


@scenario("NotifyConsumer", "auth.customer_imported.v1")
def taking_over_a_consent(shop: Shop) -> Act:
    return lambda: shop.cloud.publish(sample("auth.customer_imported.v1"))
