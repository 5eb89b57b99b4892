"""What the sweep does to photos of complaints."""

import objects
from cloud import Person
from scenarios.auth import LIMITS
from scenarios.declared import reads, scenario
from scenarios.fulfilment import a_return
from scenarios.me import LEFT_TO_EXPIRE, picture
from shop import Shop
from sweep import Act


def a_photo(shop: Shop, person: Person, given: str) -> str:
    """A photo that the customer has uploaded for a return; the id of the upload."""
    path = f"/v1/returns/{given}/photos/upload"
    form = shop.ask(person, "POST", path, {"content_type": "image/png"})
    assert objects.post(form["url"], form["fields"], picture())
    return str(form["upload_id"])


def show(shop: Shop, person: Person, given: str) -> None:
    """Let a photo be seen with a return."""
    body = {"upload_id": a_photo(shop, person, given), "sku": "TEA-1"}
    shop.ask(person, "POST", f"/v1/returns/{given}/photos", body)


@scenario("OrdersPhotosApi", "POST /v1/returns/{return_id}/photos/upload", LIMITS)
def asking_for_a_form(shop: Shop) -> Act:
    person, given = a_return(shop, "defect")
    path, body = f"/v1/returns/{given}/photos/upload", {"content_type": "image/png"}
    return shop.asking(person, "POST", path, body)


@scenario("OrdersPhotosApi", "POST /v1/returns/{return_id}/photos", LEFT_TO_EXPIRE)
def showing_a_photo(shop: Shop) -> Act:
    person, given = a_return(shop, "defect")
    body = {"upload_id": a_photo(shop, person, given), "sku": "TEA-1"}
    return shop.asking(person, "POST", f"/v1/returns/{given}/photos", body)


def with_a_photo(shop: Shop) -> str:
    person = shop.people["customer"]
    order = shop.order(person)
    shop.move(order, "assembling", "shipped", "delivered")
    given = shop.giving_back(person, order, "defect")
    show(shop, person, given)
    return f"{given}/photos"


reads("OrdersPhotosApi", "GET /v1/returns/{return_id}/photos", "customer", with_a_photo)
reads("OrdersPhotosApi", "GET /v1/staff/returns/{return_id}/photos", "agent", with_a_photo)
