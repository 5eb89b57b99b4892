"""What the sweep does to notify."""

import json
from unittest import mock

from common import clock, sealing
from common.events.auth import CodeRequested
from scenarios.declared import EMAIL, LETTER, by_queue, reads, sample, scenario
from shop import Shop
from sweep import Act


@scenario("NotifyUrgentConsumer", "auth.code_requested.v1", *LETTER)
def sending_a_code(shop: Shop) -> Act:
    known = sample("auth.code_requested.v1", occurred_at=clock.now()).model_dump()
    with shop.cloud.acting("AuthConsumer"):
        text = json.dumps({"to": EMAIL, "code": "735190"})
        sealed = sealing.seal(known["challenge_id"], text)
    return lambda: shop.cloud.publish(CodeRequested(**known | {"letter": sealed}))


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
