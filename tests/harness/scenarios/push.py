"""What the sweep does to pushes, and to the devices that take them."""

from dataclasses import replace

from cloud import Person
from local.examples.notify import BODIES
from notify.push import store
from scenarios.declared import LOST, TEXT, Accepted, reads, sample, scenario
from shop import Shop
from sweep import Act

PATH = "/v1/me/push-device"
BODY = BODIES[f"PUT {PATH}"]
OTHER = BODY | {"token": f"{BODY['token']}-other"}
ENDPOINT = "arn:aws:sns:eu-central-1:123456789012:endpoint/GCM/kabinet/1"
SHIPPED = "orders.order_shipped.v1"
# As SMS: SNS knows no idempotency for pushes either, and a device shows the second in the place
# of the first.
PUSH = tuple(replace(one, lines=("+ pushes *",)) if one.lines else one for one in TEXT)

AGAIN = Accepted(
    "who got no answer registers once more, which is one more version of the same",
    calls="dynamodb.TransactWriteItems",
    faults=LOST,
    attributes=("version",),
)

GONE = Accepted(
    "who lost the answer finds the device gone",
    calls="dynamodb.TransactWriteItems",
    faults=LOST,
    answers=("*not_found*",),
)


def having_a_device(shop: Shop, body: dict[str, str] = BODY, *, made: bool = False) -> Person:
    """A customer whom nothing else reaches; SNS knows the device if its endpoint was *made*."""
    person = shop.customer()
    shop.cloud.publish(
        sample("auth.contact_changed.v1", customer_id=person.id, email=None, subject_version=9)
    )
    shop.ask(person, "PUT", PATH, body)
    if made:
        with shop.cloud.acting("NotifyApi"):
            known = store.find(person.id)
            store.save(person.id, known, known.ready(known.known[0], ENDPOINT))
    return person


@scenario("NotifyApi", f"PUT {PATH}", AGAIN)
def registering(shop: Shop) -> Act:
    return shop.asking(shop.customer(), "PUT", PATH, BODY)


@scenario("NotifyApi", f"PUT {PATH}: the token was somebody else's, and the session had one", AGAIN)
def registering_anew(shop: Shop) -> Act:
    having_a_device(shop, OTHER)
    return shop.asking(having_a_device(shop, made=True), "PUT", PATH, OTHER)


reads("NotifyApi", f"GET {PATH}s", "customer")


@scenario("NotifyApi", f"DELETE {PATH}s/{{device_id}}", GONE)
def removing(shop: Shop) -> Act:
    person = having_a_device(shop, made=True)
    return shop.asking(person, "DELETE", f"{PATH}s/{person.session_id}")


@scenario("NotifyConsumer", f"{SHIPPED}: a device", *PUSH)
def pushing(shop: Shop) -> Act:
    person = having_a_device(shop)
    return lambda: shop.cloud.publish(sample(SHIPPED, customer_id=person.id))


@scenario("NotifyConsumer", f"{SHIPPED}: a device that nobody is signed in on")
def pushing_to_nobody(shop: Shop) -> Act:
    person = having_a_device(shop, made=True)
    shop.ask(person, "POST", "/v1/auth/sign-out")
    return lambda: shop.cloud.publish(sample(SHIPPED, customer_id=person.id))


@scenario("NotifyConsumer", "auth.customer_erased.v1: somebody with a device")
def erasing(shop: Shop) -> Act:
    person = having_a_device(shop, made=True)
    return lambda: shop.cloud.publish(sample("auth.customer_erased.v1", customer_id=person.id))
