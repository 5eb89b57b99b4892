"""What the sweep does to the customer's own page."""

from scenarios.declared import reads, sample, scenario
from shop import Shop
from sweep import SCHEDULE, Act

reads("MeApi", "GET /v1/me", "customer")


@scenario("MeApi", "PATCH /v1/me")
def changing_the_profile(shop: Shop) -> Act:
    body = {"name": "Anna Kim", "birthday": "1990-02-28", "time_zone": "Asia/Omsk"}
    return shop.asking(shop.customer(), "PATCH", "/v1/me", body)


@scenario("MeApi", "PATCH /v1/me: a birthday that was awaited")
def moving_a_birthday(shop: Shop) -> Act:
    person = shop.customer()
    shop.ask(person, "PATCH", "/v1/me", {"birthday": "1990-02-28"})
    return shop.asking(person, "PATCH", "/v1/me", {"birthday": "1990-03-01"})


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


def minutes(shop: Shop) -> Act:
    """Two ticks of the schedule."""

    def tick() -> None:
        for _ in range(2):
            shop.cloud.invoke("AuthConsumer", SCHEDULE)
            shop.cloud.clock.advance(minutes=1)

    return tick
