"""The site of `make run`, as a person with a browser finds it."""

import json
import os
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest

import browser
from local import aws, clock, journey

ADDRESS = "anna.walker@example.com"
PNG = b"\x89PNG"
LARGEST_PICTURE = 300_000


@pytest.fixture(scope="session")
def shopper(running):
    """Somebody who registered, ordered, got the parcel, agreed to reminders, and left a cart behind
    at an hour after which it is still day."""
    wait = journey.until_awake(clock.shop_time(running)) - journey.ABANDONED_AFTER
    if wait:
        clock.advance(running, wait)
    shopper, agent = journey.Visitor(running, print), journey.Visitor(running, print)
    agent.sign_in(running["agent"])
    journey.register(shopper, ADDRESS)
    journey.fill_cart(shopper)
    journey.deliver(agent, journey.place_order(shopper))
    arrived(shopper, "is delivered")
    shopper.ask("PUT", "/v1/preferences", journey.REMINDERS)
    sku = journey.catalogue(shopper)[1]["sku"]
    shopper.ask("PUT", f"/v1/cart/lines/{sku}", {"quantity": 1})
    return shopper


def arrived(shopper, words):
    """Wait for a letter whose subject holds *words*, and return it."""

    def found():
        return [m for m in journey.mailed(shopper, ADDRESS) if words in m.subject]

    journey.until(f"the letter that {words}", found)
    return found()[0]


@pytest.fixture(scope="session")
def chromium():
    if not browser.found():
        pytest.skip("there is no Chromium here: apt-get install chromium")
    with browser.running() as pipe:
        yield pipe


@pytest.fixture
def tab(chromium):
    opened = browser.Tab(chromium, 1180, 740)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """Where pictures go: thrown away unless `make screenshots` asks for them."""
    wanted = os.environ.get("SCREENSHOTS")
    return Path(wanted).resolve() if wanted else tmp_path_factory.mktemp("pictures")


def take(tab, path):
    tab.picture(path)
    assert path.read_bytes().startswith(PNG)
    assert path.stat().st_size < LARGEST_PICTURE


def fetch(url, data=None, **headers):
    """Status, headers and text of an answer, whatever the status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data, named)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read().decode()


def test_the_first_page_says_who_to_sign_in_as(running):
    _, _, text = fetch(running["site_url"])

    for role in ("customer", "agent", "manager"):
        assert running[role]["login"] in text
        assert running[role]["password"] in text
    assert running["api_url"] in text


@pytest.mark.parametrize(
    ("query", "headers"), [("?format=json", {}), ("", {"Accept": "application/json"})]
)
def test_the_outbox_answers_json_to_programs(running, query, headers):
    _, answer, text = fetch(running["outbox_url"] + query, **headers)

    assert answer["Content-Type"] == "application/json"
    addresses = {message["to"] for message in json.loads(text)["messages"]}
    assert running["customer"]["login"] in addresses


def test_a_letter_on_its_own_runs_nothing_and_loads_nothing(running):
    _, _, text = fetch(running["outbox_url"], Accept="application/json")
    letter = next(m for m in json.loads(text)["messages"] if m["html"])

    _, headers, page = fetch(f"{running['outbox_url']}/{letter['id']}/letter")

    assert page == letter["html"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy


@pytest.mark.parametrize(
    "path", ["nowhere", "outbox/nothing", "outbox/nothing/letter", "../run.py"]
)
def test_what_is_not_there_is_said(running, path):
    status, _, text = fetch(running["site_url"] + path)

    assert status == 404
    assert "Nothing to see" in text


@pytest.mark.parametrize("origin", [{}, {"Origin": "http://evil.example"}, {"Origin": "null"}])
def test_no_other_site_moves_the_clock(running, origin):
    before = clock.read(running)

    status, _, _ = fetch(f"{running['site_url']}clock", b"by=30d", **origin)

    assert status == 403
    assert clock.read(running) == before


def test_a_strangers_name_for_this_machine_reads_nothing(running):
    status, _, text = fetch(running["outbox_url"], Host="evil.example:4567")

    assert status == 403
    assert running["customer"]["login"] not in text


@pytest.mark.parametrize("wish", [b"by=1000w", b"by=", b"", b"by=" + b"9" * 2000])
def test_the_clock_takes_only_its_buttons(running, wish):
    origin = running["site_url"].rstrip("/")
    before = clock.read(running)

    status, _, _ = fetch(f"{origin}/clock", wish, Origin=origin)

    assert status == 400
    assert clock.read(running) == before


def test_the_clock_goes_back_to_the_machines_time(running):
    origin = running["site_url"].rstrip("/")
    before = clock.read(running)
    clock.write(running, timedelta(hours=1))
    try:
        status, _, page = fetch(f"{origin}/clock", b"by=reset", Origin=origin)
        assert clock.read(running) == timedelta()
    finally:
        clock.write(running, before)

    assert status == 200  # the page one is sent on to
    assert "Back to the machine&#39;s time" in page


def test_a_person_reads_a_letter_beside_the_list(running, shopper, tab):
    letter = arrived(shopper, "is delivered")

    tab.open(f"{running['outbox_url']}/{letter.id}")

    assert tab.tell("document.querySelector('h1').innerText") == letter.subject
    assert letter.subject in tab.tell("document.querySelector('#list').innerText")
    assert tab.tell("getComputedStyle(document.querySelector('main')).display") == "block"


def test_on_a_telephone_the_list_leads_to_the_letter(running, shopper, tab):
    tab.resize(390, 740)
    tab.open(running["outbox_url"])
    assert tab.tell("document.querySelector('main').offsetHeight") == 0
    assert tab.tell("document.documentElement.scrollWidth") <= 390

    tab.click("#list a")
    tab.wait("document.querySelector('main').offsetHeight > 0")

    assert tab.tell("document.querySelector('#list').offsetHeight") == 0
    assert tab.tell("document.documentElement.scrollWidth") <= 390


def test_a_letter_fits_a_telephone(running, shopper, tab, pictures):
    letter = arrived(shopper, "is placed")
    tab.resize(390, 560)

    tab.open(f"{running['outbox_url']}/{letter.id}/letter")

    assert letter.subject in tab.text()
    assert tab.tell("document.documentElement.scrollWidth") <= 390
    take(tab, pictures / "letter.png")


def test_a_click_moves_the_clock_and_what_falls_due_arrives(running, shopper, tab, pictures):
    before = clock.read(running)
    tab.open(running["outbox_url"])

    tab.click("button[value='2h']")
    tab.wait("document.querySelector('#fired summary')?.innerText.includes('+2 h')")
    assert clock.read(running) == before + timedelta(hours=2)
    assert "OrdersConsumer" in tab.tell("document.querySelector('#fired ul').textContent")

    # The page looks again by itself.
    tab.wait("document.querySelector('#list').innerText.includes('saved your cart')")
    tab.open(f"{running['outbox_url']}/{arrived(shopper, 'saved your cart').id}")
    take(tab, pictures / "outbox.png")


def test_the_docs_list_every_route(running, tab, pictures):
    _, _, text = fetch(f"{running['site_url']}docs/openapi.json")
    paths = json.loads(text)["paths"]
    routes = sum(len(operations) for operations in paths.values())

    tab.open(f"{running['site_url']}docs")
    tab.wait(f"document.querySelectorAll('.opblock').length === {routes}")

    shown = tab.text().replace("\u200b", "")
    assert [path for path in paths if path not in shown] == []
    take(tab, pictures / "docs.png")


@pytest.mark.parametrize(
    ("route", "status", "answer"),
    [
        ("loyalty-show_loyalty_v1_loyalty_get", "200", "available"),
        ("support-open_ticket_v1_tickets_post", "201", "number"),
    ],
)
def test_a_route_is_tried_from_the_docs(running, tab, route, status, answer):
    tab.open(f"{running['site_url']}docs")
    tab.wait(f"document.querySelector('#operations-{route}')")
    tab.click("#people button[value='customer']")
    tab.wait("document.querySelector('#who').innerText.includes('is signed in')")

    tab.click(f"#operations-{route} .opblock-summary-control")
    tab.wait("document.querySelector('.opblock .execute')")
    tab.press(".opblock .execute", "document.querySelector('.live-responses-table')")

    said = tab.tell("document.querySelector('.live-responses-table').innerText")
    assert status in said
    assert f'"{answer}"' in said


def test_what_was_sent_is_shown_as_text(running):
    text = "Code <script>alert(1)</script> & <img src=x>"
    sns = aws.client("sns", running["endpoint_url"])
    id = sns.publish(PhoneNumber="+79991234567", Message=text)["MessageId"]

    _, headers, page = fetch(f"{running['outbox_url']}/{id}")

    assert "<script>alert" not in page
    assert "Code &lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;img src=x&gt;" in page
    assert "default-src 'none'" in headers["Content-Security-Policy"]
