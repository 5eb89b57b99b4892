"""What the sweep does to notify."""

import json
from unittest import mock

from common import clock, sealing
from common.events.auth import CodeRequested
from scenarios.declared import EMAIL, LETTER, TEXT, by_queue, reads, sample, scenario
from shop import Shop
from sweep import Accepted, Act

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


def a_message(shop: Shop) -> str:
    customer = shop.people["customer"].id
    shop.cloud.publish(sample("auth.customer_registered.v1", customer_id=customer))
    [row] = [r for r in shop.cloud.items("NotifyTable") if r["sk"].startswith("MESSAGE#")]
    return str(row["id"])


reads("NotifyApi", "GET /v1/inbox", "customer")
reads("NotifyApi", "GET /v1/inbox/{message_id}", "customer", a_message)
