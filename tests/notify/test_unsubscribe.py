"""One click ends letters of a topic, and only a click does."""

import re

import pytest

from notify.message import Topic
from notify.unsubscribe import tokens

CART = "orders.cart_abandoned.v1"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def link(cloud, agreed, event):
    """The link of a letter that a customer got, and the customer."""
    person = agreed("cart", "news", language="en")
    cloud.publish(event(CART, customer_id=person.id))
    [told] = re.findall(r"https://\S+/unsubscribe/\S+", cloud.letters[-1].text)
    return person, told.removeprefix("https://account.example.com")


def click(cloud, path, body="List-Unsubscribe=One-Click"):
    return cloud.request("POST", path, body, FORM, {})


def agreed_to(cloud, person, topic="cart"):
    found = cloud.call("GET", "/v1/preferences", token=person.token).body["topics"]
    return next(one["consent"] for one in found if one["topic"] == topic)


@pytest.mark.case("N6")
def test_marketing_carries_both_headers_and_a_link_to_see(cloud, link):
    _, path = link

    [sent] = [call.arguments for call in cloud.calls if call.name == "sesv2.SendEmail"]
    headers = {h["Name"]: h["Value"] for h in sent["Content"]["Simple"]["Headers"]}
    assert headers == {
        "List-Unsubscribe": f"<https://account.example.com{path}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert f'href="https://account.example.com{path}"' in cloud.letters[-1].html


def test_a_process_that_just_started_can_make_the_link(cloud, agreed, event):
    person = agreed("cart", "news", language="en")
    cloud.starts_cold = True

    cloud.publish(event(CART, customer_id=person.id))

    assert "/unsubscribe/" in cloud.letters[-1].text


@pytest.mark.case("N6")
def test_a_letter_about_an_order_has_neither(cloud, known, event):
    cloud.publish(event("orders.order_shipped.v1", customer_id=known().id))

    [sent] = [call.arguments for call in cloud.calls if call.name == "sesv2.SendEmail"]
    assert "Headers" not in sent["Content"]["Simple"]
    assert "unsubscribe" not in cloud.letters[-1].html


@pytest.mark.case("N6")
def test_one_click_unsubscribes_without_cookie_or_token_and_again_is_the_same(cloud, link):
    person, path = link

    answers = [click(cloud, path) for _ in range(2)]

    assert [answer.status for answer in answers] == [200, 200]
    assert answers[0].body == answers[1].body
    assert answers[0].headers["content-type"].startswith("text/html")
    assert "form-action 'self'" in answers[0].headers["content-security-policy"]
    assert agreed_to(cloud, person) is False
    assert agreed_to(cloud, person, "news") is True
    sources = cloud.call("GET", "/v1/preferences/consents", token=person.token).body["items"]
    assert [s["source"] for s in sources].count("unsubscribe_link") == 1


@pytest.mark.case("N6")
@pytest.mark.parametrize("body", [None, "", "anything", "x" * 300_000])
def test_what_a_client_posts_with_the_click_does_not_matter(cloud, link, body):
    person, path = link

    assert click(cloud, path, body).status == 200
    assert agreed_to(cloud, person) is False


@pytest.mark.case("N6")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_scanner_that_follows_the_link_ends_nothing(cloud, link, method):
    person, path = link

    answer = cloud.call(method, path)

    assert answer.status == (200 if method == "GET" else 405)
    assert agreed_to(cloud, person) is True


@pytest.mark.case("N6")
def test_the_page_asks_and_its_button_is_the_click(cloud, link):
    _, path = link

    page = cloud.call("GET", path, language="ru").body

    assert "Отписаться от писем?" in page
    assert '<form method="post">' in page
    assert 'name="List-Unsubscribe" value="One-Click"' in page


@pytest.mark.case("N6")
def test_a_forged_link_leads_nowhere(cloud, link):
    person, path = link
    token = path.rpartition("/")[2]
    customer, topic, mac = token.split("-")
    other = cloud.customer().id.replace("-", "")
    forged = [
        f"{customer}-news-{mac}",
        f"{other}-{topic}-{mac}",
        f"{customer}-{topic}-{'a' * 26}",
        f"{customer}-orders-{mac}",
        token[:-1],
        "x",
    ]

    for name in forged:
        for ask in (click, lambda cloud, path: cloud.call("GET", path)):
            assert ask(cloud, f"/v1/unsubscribe/{name}").status == 404
    assert agreed_to(cloud, person) is True


def test_a_link_names_its_customer_and_topic_and_back(cloud):
    with cloud.acting("NotifyApi"):
        link = tokens.Link(cloud.customer().id, Topic.NEWS)
        assert tokens.unseal(tokens.seal(link)) == link


def test_after_the_click_no_letter_of_the_topic_comes(cloud, link, event):
    person, path = link
    click(cloud, path)

    cloud.publish(event(CART, customer_id=person.id))

    assert len(cloud.letters) == 1
