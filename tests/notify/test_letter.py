"""Every letter, in both languages, from the frozen sample of its event."""

import json
import re
from itertools import product
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from jinja2 import UndefinedError

from common.events.auth import CodeRequested
from common.events.known import EVENTS
from common.events.passkeys import PasskeyCopied
from common.events.sign_in import SignInHeld, UnfamiliarSignIn
from common.language import Language
from local import template
from notify import letter
from notify.message import MARKETING, Kind

SAMPLES = Path(__file__).parents[1] / "samples"
SHOP = letter.Shop("Чай & Кофе", "https://account.example.com")
MOSCOW = ZoneInfo("Europe/Moscow")
CODES = sorted(name for name in letter.names() if name.startswith(CodeRequested.name))
OPENED = {"to": "anna@example.com", "code": "042137", "token": "q83vEjRWeJCrze8SNFZ4kKvN7xI0"}
NOT_ME = (SignInHeld, UnfamiliarSignIn, PasskeyCopied)
LINKS = {kind.name: {"not_me": "0198-0198-q7"} for kind in NOT_ME}
EVERY_LETTER = [(name, language) for name in sorted(letter.names()) for language in Language]
CONTACTS = {name for name, kind in EVENTS.items() if kind.contacts}
NASTY = "{{7*7}} {0.__class__} ${x} **b** <img src=x onerror=alert(1)> \"'"
NASTY_IN_HTML = "{{7*7}} {0.__class__} ${x} **b** &lt;img src=x onerror=alert(1)&gt; &#34;&#39;"


def facts(name, **changes):
    about = letter.EVENT.match(name)[0]
    sample = json.loads((SAMPLES / f"{about}.json").read_text(encoding="utf-8"))
    event = EVENTS[about].model_validate(sample | changes)
    return event.model_dump() | (OPENED if event.sealed else {}) | LINKS.get(about, {})


def render(name, language=Language.EN, **changes):
    return letter.render(name, language, facts(name, **changes), SHOP, MOSCOW)


def rule(name):
    rules = dict(template.resources(template.read(), "AWS::Events::Rule"))
    return set(rules[name]["EventPattern"]["detail-type"])


@pytest.mark.parametrize(("name", "language"), EVERY_LETTER)
def test_a_letter_says_its_fact_in_both_forms(name, language):
    written = render(name, language)

    assert written.subject.strip() == written.subject != ""
    assert "\n" not in written.subject
    for form in (written.subject, written.text, written.plain, written.html):
        assert not [mark for mark in ("{{", "{%", "None", "Macro", "**") if mark in form]
    assert written.text in written.plain
    assert "Чай &amp; Кофе" in written.html
    assert f'<html lang="{language}">' in written.html


@pytest.mark.parametrize(("name", "language"), EVERY_LETTER)
def test_html_and_text_say_the_same(name, language):
    written = render(name, language)

    bare = written.html.replace("&#39;", "'").replace("&amp;", "&")
    for line in written.text.splitlines():
        for part in line.strip().replace(": https", " — https").split(" — "):
            assert part in bare


@pytest.mark.parametrize(("name", "language"), EVERY_LETTER)
def test_a_letter_loads_nothing_from_outside_and_leads_to_the_shop_only(name, language):
    html = render(name, language).html

    assert "<img" not in html
    assert "url(" not in html
    assert html.count("http") == html.count(f'href="{SHOP.url}/')


def test_every_letter_is_written_in_both_languages_and_nothing_else_lies_there():
    wanted = {f"{name}.{language}.md" for name, language in EVERY_LETTER}

    assert {path.name for path in letter.FOLDER.iterdir()} == wanted | {"layout.html"}


def test_the_rules_bring_notify_what_it_writes_about_and_nothing_it_does_not():
    others = CONTACTS | {"notify.message_due.v1", "orders.claim_checked.v1"}
    others |= {"auth.customer_erased.v1", "auth.customer_imported.v1", "auth.export_requested.v1"}

    assert letter.events() == (rule("NotifyRule") | rule("NotifyUrgentRule")) - others


def test_there_is_a_letter_for_every_purpose_of_a_code():
    purposes = get_args(CodeRequested.model_fields["purpose"].annotation)

    assert sorted(f"{CodeRequested.name}.{purpose}" for purpose in purposes) == CODES


def test_sealed_letters_come_by_the_urgent_queue():
    sealed = {name for name in letter.events() if EVENTS[name].sealed}

    assert sealed == rule("NotifyUrgentRule") & letter.events()


@pytest.mark.parametrize("name", sorted(letter.names()))
def test_the_class_of_a_letter_is_the_same_in_both_languages(name):
    assert len({letter.source(name, language).kind for language in Language}) == 1


@pytest.mark.parametrize("name", sorted(letter.names()))
def test_marketing_has_a_topic_that_is_agreed_to_and_nothing_else_has(name):
    for source in (letter.source(name, language) for language in Language):
        assert (source.topic in MARKETING) == (source.kind is Kind.MARKETING)
        assert (source.topic is None) == (source.kind is Kind.SECURITY)


def test_a_letter_that_can_be_left_says_where_in_both_forms():
    link = f"{SHOP.url}/v1/unsubscribe/x"
    told = (facts("orders.cart_abandoned.v1"), SHOP, MOSCOW, link)
    written = letter.render("orders.cart_abandoned.v1", Language.EN, *told)

    assert f'href="{link}"' in written.html
    assert link in written.plain
    assert link not in written.text


@pytest.mark.parametrize("name", CODES)
def test_a_code_is_shown_in_both_forms_but_never_in_the_subject(name):
    written = render(name)

    assert "042137" in written.text
    assert "042137" in written.html
    assert "042137" not in written.subject


def test_an_order_is_told_line_by_line_in_the_customers_language():
    russian = render("orders.order_placed.v1", Language.RU).text.replace("\u00a0", " ")
    english = render("orders.order_placed.v1", Language.EN).text

    assert "Чайник со свистком, 2 л × 1 — 2 499 ₽" in russian
    assert "К оплате с учётом доставки — 3 346 ₽" in russian
    assert "Paid with points — 150 points" in english
    assert "Assam black tea, 100 g × 2 — ₽698" in english


@pytest.mark.parametrize("shipped", [True, False])
def test_an_order_says_what_is_left_to_pay_and_who_pays_it(shipped):
    known = {"total_minor": 60_900, "balance_minor": 60_900, "shipped": shipped}
    paid = render("orders.order_placed.v1", Language.RU, **known).text.replace("\u00a0", " ")
    assert "Оплачено с баланса — 609 ₽" in paid
    assert re.search("К оплате.* — 0 ₽", paid)

    awaited = {"awaiting_payment": True, "charged": True, "shipped": shipped}
    charged = render("orders.order_placed.v1", Language.EN, **awaited).text
    assert "Your card is charged by itself" in charged
    assert "half an hour" not in charged
    assert "from your balance" not in charged


def test_an_order_paid_without_points_does_not_mention_them():
    assert "points" not in render("orders.order_placed.v1", points_spent=0).text


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", ["order_placed", "order_paid", "order_delivered"])
def test_of_what_is_not_shipped_no_letter_says_that_it_is_packed_or_on_its_way(name, language):
    packed = re.compile("pack|on its way|deliver|with you|собира|отправ|достав|у вас|отлож", re.I)
    awaited = [{"awaiting_payment": x} for x in (True, False)] if name == "order_placed" else [{}]
    for more, shipped in product(awaited, (True, False)):
        written = render(f"orders.{name}.v1", language, shipped=shipped, **more)
        said = written.subject + written.text + written.push
        assert bool(packed.search(said)) is shipped, said


@pytest.mark.feature(67, 73)
def test_an_order_shows_what_it_is_cheaper_by():
    discounted = render("orders.order_placed.v1", Language.RU, discount_minor=7_250).text
    assert "Скидка — 72,50 ₽" in discounted.replace("\u00a0", " ")
    assert "Скидка" not in render("orders.order_placed.v1", Language.RU, discount_minor=0).text


def test_the_notice_of_a_second_registration_tells_when_by_the_customers_clock():
    assert "7 November 2026 at 14:05" in render("auth.registration_repeated.v1").text


@pytest.mark.case("N5")
@pytest.mark.parametrize("name", ["orders.order_placed.v1", "orders.cart_abandoned.v1"])
def test_a_products_name_stays_what_it_is(name):
    line = facts(name)["lines"][0] | {"name_en": NASTY}
    written = render(name, lines=[line])

    assert NASTY in written.text
    assert NASTY_IN_HTML in written.html
    assert "<img" not in written.html
    assert "49" not in written.text.replace("499", "")


@pytest.mark.case("N5")
def test_a_tickets_number_stays_what_it_is():
    written = render("support.ticket_answered.v1", number=NASTY)

    assert NASTY in written.subject
    assert NASTY_IN_HTML in written.html


@pytest.mark.case("N4")
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x00", "\u2028", "\x85"])
def test_a_value_brings_no_line_into_a_subject_or_a_text(end):
    written = render("orders.order_shipped.v1", number=f"1{end}Bcc: spy@example.com")

    assert written.subject == "Order 1 Bcc: spy@example.com is on its way"
    assert "\nBcc" not in written.plain


def test_a_field_that_the_event_lacks_is_an_error_and_not_a_blank():
    lacking = facts("orders.order_shipped.v1")
    del lacking["tracking_number"]

    with pytest.raises(UndefinedError, match="tracking_number"):
        letter.render("orders.order_shipped.v1", Language.EN, lacking, SHOP, MOSCOW)
