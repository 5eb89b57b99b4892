"""What the sweep does to the customer's own page."""

from scenarios.declared import reads, scenario
from shop import Shop
from sweep import Act

reads("MeApi", "GET /v1/me", "customer")


@scenario("MeApi", "PATCH /v1/me")
def changing_the_profile(shop: Shop) -> Act:
    body = {"name": "Anna Kim", "birthday": "1990-02-28", "time_zone": "Asia/Omsk"}
    return shop.asking(shop.customer(), "PATCH", "/v1/me", body)
