"""A stop keeps the data: the next start finds customers, orders and what was on its way."""

import socket
from urllib.parse import urlsplit

from local import demo, http, journey, stack
from local.places import Home


def shop(running, path, token):
    headers = {"Authorization": f"Bearer {token}"}
    return http.send("GET", running["api_url"] + path, None, headers).expect(200)


def code_arrives(running, email):
    """Streams and queues are read again: the code arrives, the account comes to be."""
    return journey.register(journey.Visitor(running, print), email)["customer_id"]


def test_a_second_start_finds_what_the_first_one_left(tmp_path):
    home = Home(tmp_path)
    with stack.running(home) as first:
        token = demo.sign_in(first, first["customer"])
        sku = shop(first, "/v1/products?limit=1", token)["items"][0]["sku"]
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{first['api_url']}/v1/cart/lines/{sku}"
        http.send("PUT", url, {"quantity": 1}, headers).expect(200)
    assert not home.stack.exists()

    with stack.running(home) as second:
        token = demo.sign_in(second, second["customer"])
        cart = shop(second, "/v1/cart", token)

        assert [line["sku"] for line in cart["lines"]] == [sku]
        assert second["api_url"] == first["api_url"]
        assert code_arrives(second, "somebody.else@example.com")

    taken = urlsplit(first["endpoint_url"])
    with socket.create_server((taken.hostname, taken.port)), stack.running(home) as third:
        assert third["api_url"] != first["api_url"]
        assert code_arrives(third, "somebody.elsewhere@example.com")
