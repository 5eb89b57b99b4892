"""What the sweep does to support."""

from scenarios.declared import reads, scenario, with_cart
from shop import QUESTION, Shop
from sweep import Act


@scenario("SupportApi", "POST /v1/tickets")
def opening_a_ticket(shop: Shop) -> Act:
    person = with_cart(shop)
    body = QUESTION | {"order_id": shop.order(person)}
    return shop.asking(person, "POST", "/v1/tickets", body)


@scenario("SupportApi", "POST /v1/tickets/{ticket_id}/messages")
def replying(shop: Shop) -> Act:
    person = shop.customer()
    path = f"/v1/tickets/{shop.ticket(person)}/messages"
    return shop.asking(person, "POST", path, {"text": "Well?"})


@scenario("SupportApi", "POST /v1/tickets/{ticket_id}/messages: one that was resolved")
def replying_after_all(shop: Shop) -> Act:
    person = shop.customer()
    ticket = shop.ticket(person)
    path = f"/v1/staff/tickets/{ticket}/transitions"
    shop.ask(shop.staff("agent"), "POST", path, {"to": "resolved"})
    return shop.asking(person, "POST", f"/v1/tickets/{ticket}/messages", {"text": "Well?"})


@scenario("SupportApi", "POST /v1/staff/tickets/{ticket_id}/messages")
def answering(shop: Shop) -> Act:
    path = f"/v1/staff/tickets/{shop.ticket(shop.customer())}/messages"
    return shop.asking(shop.staff("agent"), "POST", path, {"text": "Sorry!"})


@scenario("SupportApi", "POST /v1/staff/tickets/{ticket_id}/transitions")
def resolving(shop: Shop) -> Act:
    path = f"/v1/staff/tickets/{shop.ticket(shop.customer())}/transitions"
    return shop.asking(shop.staff("agent"), "POST", path, {"to": "resolved"})


@scenario("SupportApi", "PUT /v1/staff/tickets/{ticket_id}/assignee")
def taking_a_ticket(shop: Shop) -> Act:
    agent = shop.staff("agent")
    path = f"/v1/staff/tickets/{shop.ticket(shop.customer())}/assignee"
    return shop.asking(agent, "PUT", path, {"staff_id": agent.id})


def a_ticket(shop: Shop) -> str:
    return shop.ticket(shop.people["customer"])


reads("SupportApi", "GET /v1/tickets", "customer")
reads("SupportApi", "GET /v1/tickets/{ticket_id}", "customer", a_ticket)
reads("SupportApi", "GET /v1/staff/tickets", "agent")
reads("SupportApi", "GET /v1/staff/tickets/{ticket_id}", "agent", a_ticket)
