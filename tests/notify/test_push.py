"""Pushes: to each device of a customer beside the letter, once, and to nobody else's."""

import json

import pytest
from moto.backends import get_backend
from moto.sns.exceptions import SNSException

from auth import store as accounts
from auth import tokens
from auth.session.session import Device, Session
from cloud import Person
from common import clock, ids
from common.access import Role
from common.events.erasure import CustomerErased
from common.events.notify import MessageSent
from common.language import Language
from notify import correspondence, letter, recipient_store
from notify.message import Channel
from notify.push import store
from scenarios.declared import sample
from shop import Shop
from wiring import ACCOUNT, REGION

SHIPPED, ANSWERED = "orders.order_shipped.v1", "support.ticket_answered.v1"
WARNING, CHEAPER = "auth.unfamiliar_sign_in.v1", "orders.watched_price_dropped.v1"
PLACED = "orders.order_placed.v1"
TOKEN, OTHER = "dQw4w9WgXcQ:APA91bHun4MxP5egoKMwt2", "cXyZ4w9WgXcQ:APA91bTj4MxP5egoKMwt3"
APPLE = "8f3a" * 16
SNS = ("sns.CreatePlatformEndpoint", "sns.SetEndpointAttributes", "sns.Publish")


@pytest.fixture(autouse=True)
def endpoints(cloud):
    """The endpoints of devices as SNS has them."""
    found = get_backend("sns")[ACCOUNT][REGION].platform_endpoints
    found.clear()
    return found


@pytest.fixture
def having(cloud, known):
    """A customer whom pushes reach on a device."""

    def make(token=TOKEN, platform="android", **contact):
        person = known(**contact)
        register(cloud, person, token, platform)
        return person

    return make


def register(cloud, person, token=TOKEN, platform="android"):
    body = {"platform": platform, "token": token}
    answer = cloud.call("PUT", "/v1/me/push-device", body, token=person.token)
    assert answer.status == 200, answer.body
    return answer.body


def devices(cloud, person):
    return cloud.call("GET", "/v1/me/push-devices", token=person.token).body["items"]


def pushes(cloud):
    """What was published to devices: whose token, and what each service was told."""
    return [
        c.arguments for c in cloud.calls if c.name == "sns.Publish" and "TargetArn" in c.arguments
    ]


def told(push, service="GCM"):
    return json.loads(json.loads(push["Message"])[service])


def rows(cloud, prefix, sk=""):
    items = cloud.items("NotifyTable")
    return [r for r in items if r["pk"].startswith(prefix) and r["sk"].startswith(sk)]


def choose(cloud, person, topic, **choice):
    body = {"topics": [{"topic": topic, "email": True, "sms": False} | choice]}
    body["text_version"] = "2026-11"
    assert cloud.call("PUT", "/v1/preferences", body, token=person.token).status == 200


# --- what comes ---


@pytest.mark.feature(70)
@pytest.mark.parametrize(
    ("language", "title", "body"),
    [
        (
            "ru",
            "Заказ 2611-K7M2Q в пути",
            "Скоро будет у вас. За доставкой можно следить в приложении.",
        ),
        ("en", "Order 2611-K7M2Q is on its way", "It will be with you soon. Follow it in the app."),
    ],
)
def test_a_message_comes_to_the_device_beside_its_letter(
    cloud, having, event, language, title, body
):
    person = having(language=language)

    cloud.publish(event(SHIPPED, customer_id=person.id))

    [push] = pushes(cloud)
    [shown] = cloud.call("GET", "/v1/inbox", token=person.token).body["items"]
    assert told(push)["fcmV1Message"]["message"] == {
        "notification": {"title": title, "body": body},
        "data": {"message_id": shown["id"], "letter": SHIPPED},
        "android": {"notification": {"tag": shown["id"]}},
    }
    assert len(cloud.letters) == 1
    assert shown["channel"] == "email"


@pytest.mark.feature(70)
def test_an_iphone_is_told_in_the_words_of_apple(cloud, having, event):
    person = having(APPLE, "ios", language="en")

    cloud.publish(event(SHIPPED, customer_id=person.id))

    [push] = pushes(cloud)
    [shown] = cloud.call("GET", "/v1/inbox", token=person.token).body["items"]
    alert = told(push, "APNS")["aps"]["alert"]
    assert alert["title"] == "Order 2611-K7M2Q is on its way"
    named = {n: value["StringValue"] for n, value in push["MessageAttributes"].items()}
    assert named == {
        "AWS.SNS.MOBILE.APNS.TTL": "86400",
        "AWS.SNS.MOBILE.APNS.PUSH_TYPE": "alert",
        "AWS.SNS.MOBILE.APNS.COLLAPSE_ID": shown["id"],
    }


@pytest.mark.parametrize(
    "name",
    [
        SHIPPED,
        "orders.order_ready_for_pickup.v1",
        "orders.order_delivered.v1",
        "orders.order_cancelled.v1",
        "orders.refund_made.v1",
        ANSWERED,
        WARNING,
    ],
)
def test_what_somebody_waits_for_is_pushed(cloud, having, event, name):
    cloud.publish(event(name, customer_id=having().id))

    [push] = pushes(cloud)
    assert push["MessageAttributes"]["AWS.SNS.MOBILE.GCM.TTL"]["StringValue"] == "86400"


def test_what_can_wait_is_not_pushed(cloud, having, event):
    cloud.publish(event(PLACED, customer_id=having().id))

    assert (len(cloud.letters), pushes(cloud)) == (1, [])


@pytest.mark.parametrize("name", sorted(letter.names()))
def test_a_push_is_written_in_both_languages_or_in_none(name):
    written = [letter.source(name, language).push for language in Language]

    assert len({bool(one) for one in written}) == 1


@pytest.mark.case("N5")
def test_what_somebody_wrote_is_plain_in_a_push(cloud, agreed, event):
    nasty = "{{7*7}} {0.__class__} ${x} <img src=x onerror=alert(1)> \"\n'"
    person = agreed("alerts", language="en")
    register(cloud, person)

    cloud.publish(event(CHEAPER, customer_id=person.id, name_en=nasty))
    cloud.publish(event("orders.order_ready_for_pickup.v1", customer_id=person.id, place=nasty * 9))

    cheaper, ready = (told(p)["fcmV1Message"]["message"]["notification"] for p in pushes(cloud))
    assert cheaper["title"] == f"It costs less now: {nasty.replace(chr(10), ' ')}"
    assert "{{7*7}} {0.__class__} ${x} <img src=x onerror=alert(1)> \" '" in ready["body"]
    assert len(ready["body"]) <= 180


def test_every_device_of_the_customer_is_told(cloud, having, event):
    person = having()
    second = signed_in_again(cloud, person)
    register(cloud, second, APPLE, "ios")

    cloud.publish(event(SHIPPED, customer_id=person.id))

    assert [push["TargetArn"].split("/")[1] for push in pushes(cloud)] == ["GCM", "APNS"]


def signed_in_again(cloud, person):
    """The same customer on another device: their second session."""
    now = clock.now()
    session = Session(
        ids.new(now), person.id, Role.CUSTOMER, now, Device(None, None, "203.0.113.0/24")
    )
    with cloud.acting("AuthApi"):
        account = accounts.account(person.id, Role.CUSTOMER)
        accounts.begin_session(account, account, session)
        token = tokens.access_token(person.id, session.id, Role.CUSTOMER, now)
    return Person(person.id, session.id, token)


# --- before it goes ---


@pytest.mark.feature(79)
def test_a_topic_whose_pushes_are_off_comes_by_letter_only(cloud, having, event):
    person = having()
    choose(cloud, person, "orders", push=False)

    cloud.publish(event(SHIPPED, customer_id=person.id))

    assert (len(cloud.letters), pushes(cloud)) == (1, [])


@pytest.mark.feature(79)
def test_a_topic_may_come_by_push_alone(cloud, having, event):
    person = having()
    choose(cloud, person, "orders", email=False, push=True)

    cloud.publish(event(SHIPPED, customer_id=person.id))

    [shown] = cloud.call("GET", "/v1/inbox", token=person.token).body["items"]
    assert (shown["state"], shown["channel"]) == ("sent", "inbox")
    assert (cloud.letters, len(pushes(cloud))) == ([], 1)


@pytest.mark.feature(79)
def test_pushes_are_off_where_letters_are_until_somebody_chooses(cloud, having, event):
    person = having()
    choose(cloud, person, "orders", email=False)

    cloud.publish(event(SHIPPED, customer_id=person.id))

    [shown] = cloud.call("GET", "/v1/inbox", token=person.token).body["items"]
    assert (shown["reason"], cloud.letters, pushes(cloud)) == ("switched_off", [], [])


@pytest.mark.feature(76)
def test_a_warning_comes_by_push_and_by_letter_whatever_was_chosen(cloud, having, event):
    """Whoever signed in with a stolen password may have registered a device of their own."""
    person = having()
    choose(cloud, person, "account", email=False, push=False)

    cloud.publish(event(WARNING, customer_id=person.id))

    assert (len(cloud.letters), len(pushes(cloud))) == (1, 1)


@pytest.mark.case("N1")
@pytest.mark.feature(77)
def test_marketing_is_not_pushed_without_a_consent_and_stays_so(cloud, having, event):
    person = having()
    choose(cloud, person, "alerts", consent=False)
    fact = event(CHEAPER, customer_id=person.id)
    cloud.publish(fact)
    choose(cloud, person, "alerts", consent=True)

    cloud.publish(fact)

    assert (cloud.letters, pushes(cloud)) == ([], [])


def test_marketing_at_night_is_pushed_in_the_morning_and_soon_or_never(cloud, agreed, event):
    person = agreed("inactivity", "alerts")
    register(cloud, person)
    cloud.clock.advance(hours=9)
    fact = event(CHEAPER, customer_id=person.id)
    cloud.publish(fact)
    assert pushes(cloud) == []

    cloud.clock.advance(hours=12)
    with cloud.acting("NotifyConsumer"):
        [row] = rows(cloud, f"CUSTOMER#{person.id}", "MESSAGE#")
        correspondence.write_again(person.id, row["id"], clock.now())

    [push] = pushes(cloud)
    assert push["MessageAttributes"]["AWS.SNS.MOBILE.GCM.TTL"]["StringValue"] == "3600"


def test_a_device_is_reached_where_letters_bounce(cloud, having, event):
    person = having(email="gone@example.com")
    with cloud.acting("NotifyConsumer"):
        recipient_store.suppress(
            Channel.EMAIL, "gone@example.com", "bounced", clock.now(), person.id
        )

    cloud.publish(event(SHIPPED, customer_id=person.id))

    assert (cloud.letters, len(pushes(cloud))) == ([], 1)


# --- each once ---


@pytest.mark.case("E1")
def test_an_event_that_comes_again_is_pushed_once(cloud, having, event):
    fact = event(SHIPPED, customer_id=having().id)

    cloud.publish(fact, fact)
    cloud.publish(fact)

    assert len(pushes(cloud)) == 1
    assert sorted(one.channel for one in cloud.published(MessageSent)) == ["email", "push"]


def test_what_is_new_in_the_inbox_counts_a_pushed_message_once(cloud, having, event):
    person = having()

    cloud.publish(event(SHIPPED, customer_id=person.id))

    named = {one.channel: one.customer_id for one in cloud.published(MessageSent)}
    assert named == {"email": person.id, "push": None}


@pytest.mark.case("N3", "T3")
def test_a_lost_answer_about_a_push_makes_one_push(cloud, having, event, provider, endpoints):
    fact = event(SHIPPED, customer_id=having().id)
    with provider.losing_answers():
        cloud.publish(fact)
    cloud.publish(fact)

    [row] = rows(cloud, "PUSHED#")
    assert (row["state"], row["confirmed"]) == ("sent", False)
    [endpoint] = endpoints.values()
    assert len(endpoint.messages) == 1


@pytest.mark.case("T2", "T3")
@pytest.mark.parametrize(
    ("status", "code"),
    [(429, "Throttled"), (500, "InternalError"), (400, "PlatformApplicationDisabled")],
)
def test_a_push_that_was_refused_stays_queued_and_costs_no_second_letter(
    cloud, having, event, provider, endpoints, status, code
):
    person = having()
    # The letter goes by the same door first.
    with provider.answering(status, code, times=2):
        cloud.publish(event(SHIPPED, customer_id=person.id))

    [endpoint] = endpoints.values()
    assert (len(provider.mails), len(endpoint.messages)) == (1, 1)
    assert len(devices(cloud, person)) == 1


def test_one_device_that_cannot_be_told_now_keeps_no_other_from_it(cloud, having, event, endpoints):
    person = having()
    register(cloud, signed_in_again(cloud, person), APPLE, "ios")
    cloud.publish(event(SHIPPED, customer_id=person.id))
    android, ios = endpoints.values()
    android.publish = refusing("Throttled")

    cloud.publish(event(ANSWERED, customer_id=person.id))

    assert (len(android.messages), len(ios.messages)) == (1, 2)
    assert len(cloud.messages("NotifyDeadLetters")) == 1


def refusing(code, message="refused"):
    """A device whose service refuses every push."""

    def publish(_):
        failure = SNSException(message)
        failure.code = code
        raise failure

    return publish


def test_an_endpoint_is_made_once_and_the_token_is_kept_no_longer(cloud, having, event):
    person = having()
    for _ in range(2):
        cloud.publish(event(SHIPPED, customer_id=person.id))

    asked = [call.name for call in cloud.calls if call.name in SNS and "Phone" not in str(call)]
    assert asked == [*SNS, "sns.Publish"]
    [row] = rows(cloud, "CUSTOMER#", "DEVICES")
    assert "sealed" not in row["devices"][0]


# --- whose it is ---


@pytest.mark.case("N12")
def test_a_token_that_moved_to_another_customer_brings_the_first_no_pushes(
    cloud, having, event, endpoints
):
    anna = having()
    cloud.publish(event(SHIPPED, customer_id=anna.id))
    boris = having(email="boris@example.com")

    cloud.publish(event(SHIPPED, customer_id=anna.id))
    assert len(pushes(cloud)) == 1
    cloud.publish(event(SHIPPED, customer_id=boris.id))

    assert len(pushes(cloud)) == 2
    assert (devices(cloud, anna), len(devices(cloud, boris)), len(endpoints)) == ([], 1, 1)


@pytest.mark.case("N12")
@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("EndpointDisabled", "Endpoint is disabled"),
        ("NotFound", "Endpoint does not exist"),
        ("InvalidParameter", "Invalid parameter: TargetArn Reason: No endpoint found"),
    ],
)
def test_a_device_that_is_gone_is_removed(cloud, having, event, endpoints, code, message):
    person = having()
    cloud.publish(event(SHIPPED, customer_id=person.id))
    [endpoint] = endpoints.values()
    endpoint.publish = refusing(code, message)

    cloud.publish(event(ANSWERED, customer_id=person.id))

    assert (devices(cloud, person), rows(cloud, "TOKEN#"), len(endpoints)) == ([], [], 0)
    assert (len(cloud.letters), cloud.messages("NotifyDeadLetters")) == (2, [])


def test_a_message_that_sns_will_not_take_removes_no_device(cloud, having, event, endpoints):
    person = having()
    cloud.publish(event(SHIPPED, customer_id=person.id))
    [endpoint] = endpoints.values()
    endpoint.publish = refusing("InvalidParameter", "Invalid parameter: Message too long")

    cloud.publish(event(ANSWERED, customer_id=person.id))

    assert len(devices(cloud, person)) == 1
    assert len(cloud.messages("NotifyDeadLetters")) == 1


def test_a_device_that_was_disabled_takes_pushes_once_it_registers_again(
    cloud, having, event, endpoints
):
    person = having()
    cloud.publish(event(SHIPPED, customer_id=person.id))
    [endpoint] = endpoints.values()
    endpoint.attributes["Enabled"] = False  # SNS refuses to make it again, and names it
    register(cloud, person)

    cloud.publish(event(ANSWERED, customer_id=person.id))

    assert len(endpoint.messages) == 2


@pytest.mark.case("N12")
@pytest.mark.feature(23)
def test_who_signed_out_gets_no_pushes_there(cloud, having, event, endpoints):
    person = having()
    other = signed_in_again(cloud, person)
    register(cloud, other, OTHER)
    cloud.publish(event(SHIPPED, customer_id=person.id))
    assert cloud.call("POST", "/v1/auth/sign-out", token=other.token).status == 204

    cloud.publish(event(ANSWERED, customer_id=person.id))

    assert [len(endpoint.messages) for endpoint in endpoints.values()] == [2]
    assert [one["id"] for one in devices(cloud, person)] == [person.session_id]
    assert len(rows(cloud, "TOKEN#")) == 1


def test_a_session_that_ran_out_gets_no_pushes(cloud, having, event):
    person = having()
    cloud.clock.advance(days=400)

    cloud.publish(event(SHIPPED, customer_id=person.id))

    assert (pushes(cloud), rows(cloud, "TOKEN#")) == ([], [])


# --- where nothing is set up, and what nobody may see ---


def test_where_no_service_is_set_up_the_words_are_kept_for_a_day(cloud, having, event, monkeypatch):
    consumer = cloud.wiring.functions["NotifyConsumer"]
    monkeypatch.setitem(consumer.environment, "PUSH_ANDROID", "")
    person = having(language="en")

    cloud.publish(event(SHIPPED, customer_id=person.id))

    [row] = rows(cloud, "SANDBOX")
    assert (row["channel"], row["to"]) == ("push", f"android …{TOKEN[-4:]}")
    assert row["text"].startswith("Order 2611-K7M2Q is on its way\nIt will be with you soon.")
    assert row["expires_at"] <= clock.now().timestamp() + 24 * 3600
    assert pushes(cloud) == []


@pytest.mark.case("F13")
def test_a_token_is_neither_logged_nor_shown_nor_kept_as_it_is(cloud, having, event, logged):
    person = having()
    shown = devices(cloud, person)

    cloud.publish(event(SHIPPED, customer_id=person.id))

    assert "message sent" in logged.getvalue()
    everything = [logged.getvalue(), repr(shown), repr(cloud.items("NotifyTable"))]
    assert not [text for text in everything if TOKEN in text]


@pytest.mark.feature(15)
def test_an_erased_customer_leaves_no_token_anywhere(cloud, having, event, endpoints):
    person, other = having(), having(OTHER, email="boris@example.com")
    for one in (person, other):
        cloud.publish(event(SHIPPED, customer_id=one.id))

    cloud.publish(CustomerErased(**sample(CustomerErased.name, customer_id=person.id).model_dump()))

    assert [endpoint.token for endpoint in endpoints.values()] == [OTHER]
    assert [row["customer_id"] for row in rows(cloud, "TOKEN#")] == [other.id]
    assert len(devices(cloud, Shop(cloud).again(other))) == 1


@pytest.mark.feature(70)
def test_an_export_tells_of_devices_without_their_tokens(cloud, having):
    person = having()
    [row] = rows(cloud, f"CUSTOMER#{person.id}", "DEVICES")

    [one] = store.shown(row)["devices"]
    assert set(one) == {"id", "platform", "ending", "registered_at"}
