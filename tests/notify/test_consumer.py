"""Events in, letters out: each once, whatever is repeated, reordered or lost on the way."""

import json

import boto3
import pytest

from common import clock, ids
from common.events.auth import ContactChanged
from common.events.notify import MessageSent
from common.language import Language
from notify import letter, store
from notify.message import MARKETING, Kind, Message, State

SEALED = "auth.code_requested.v1"
LAST = "auth.erasure_finished.v1"  # sealed too, and to nobody who is a customer
PLACED = "orders.order_placed.v1"
SHIPPED = "orders.order_shipped.v1"
UNDO = "auth.contact_undo_offered.v1"
TO_STAFF = "auth.staff_invited.v1"
TO_CUSTOMERS = sorted(letter.events() - {SEALED, LAST, UNDO, TO_STAFF})
ORDER_LETTERS = [name for name in TO_CUSTOMERS if name.startswith("orders.order_")]
CODE = "735190"


def messages(cloud):
    return [row for row in cloud.items("NotifyTable") if row["sk"].startswith("MESSAGE#")]


def the_letter(cloud, name):
    """The one letter about the event *name*, and its row; other capabilities may cause more."""
    [row] = [row for row in messages(cloud) if row["letter"] == name]
    [sent] = [sent for sent in cloud.letters if sent.subject == row["subject"]]
    return sent, row


def contacts(cloud):
    return [row for row in cloud.items("NotifyTable") if row["sk"] == "CONTACT"]


def put_on_bus(cloud, *events):
    """Without waiting for what follows."""
    entries = [(event.name, event.model_dump_json()) for event in events]
    for name, detail in entries:
        put_detail(cloud, name, detail)


def put_detail(cloud, name, detail):
    bus = cloud.wiring.physical["Bus"]["Ref"]
    entry = {"EventBusName": bus, "Source": "test", "DetailType": name, "Detail": detail}
    boto3.client("events").put_events(Entries=[entry])


def record(number, body):
    return {
        "messageId": f"m-{number}",
        "receiptHandle": f"r-{number}",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1"},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:queue",
    }


def delivery(event):
    return json.dumps({"detail-type": event.name, "detail": event.model_dump(mode="json")})


# --- each letter, through the bus ---


@pytest.mark.parametrize(
    ("name", "language"), [*((name, "ru") for name in TO_CUSTOMERS), (PLACED, "en")]
)
def test_an_event_becomes_a_letter_in_the_customers_language(cloud, agreed, event, name, language):
    customer = agreed(*MARKETING, email="anna@example.com", language=language)
    fact = event(name, customer_id=customer.id)

    cloud.publish(fact)

    sent, row = the_letter(cloud, name)
    expected = letter.source(name, Language(language)).kind
    assert (sent.to, sent.subject) == ("anna@example.com", row["subject"])
    assert row["text"] in sent.text
    assert f'lang="{language}"' in sent.html
    assert (row["state"], row["kind"], row["confirmed"]) == ("sent", expected, True)
    [told] = [told for told in cloud.published(MessageSent) if told.letter == name]
    assert (told.customer_id, told.message_id) == (customer.id, row["id"])
    assert told.channel == "email"


@pytest.mark.feature(73)
@pytest.mark.parametrize("name", ORDER_LETTERS)
def test_the_customer_is_told_of_each_step_of_an_order(cloud, known, event, name):
    fact = event(name, customer_id=known().id)

    cloud.publish(fact)

    sent, _ = the_letter(cloud, name)
    assert fact.number in sent.subject
    assert f"/orders/{fact.order_id}" in sent.text


@pytest.mark.feature(91)
def test_an_abandoned_cart_is_recalled_line_by_line(cloud, agreed, event):
    customer = agreed("cart", language="en")

    cloud.publish(event("orders.cart_abandoned.v1", customer_id=customer.id))

    [sent] = cloud.letters
    [row] = messages(cloud)
    assert sent.subject == "We have saved your cart"
    assert "Whistling kettle, 2 l × 1 — ₽2,499" in sent.text
    assert "/cart" in sent.text
    assert row["kind"] == "marketing"


def test_points_are_told_with_their_last_day(cloud, known, event):
    cloud.publish(event("loyalty.points_accrued.v1", customer_id=known(language="en").id))

    [sent] = cloud.letters
    assert sent.subject == "+167 points for order 2611-K7M2Q"
    assert "until 7 November 2027" in sent.text


@pytest.mark.case("K7")
def test_an_unknown_time_zone_is_told_by_the_shops_clock_and_logged(cloud, known, event, logged):
    customer = known(language="en", time_zone="Mars/Olympus")

    cloud.publish(event("auth.registration_repeated.v1", customer_id=customer.id))

    [sent] = cloud.letters
    assert "7 November 2026 at 14:05" in sent.text
    assert "unknown time zone" in logged.getvalue()


# --- sealed letters ---


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_sealed_code_reaches_the_address_it_is_sealed_with(cloud, sealed, language):
    cloud.publish(sealed(language, email="new@example.com"))

    [sent] = cloud.letters
    assert sent.to == "new@example.com"
    assert CODE in sent.text
    assert CODE in sent.html
    assert CODE not in sent.subject


@pytest.mark.case("F13")
def test_a_code_is_in_its_letter_and_nowhere_else(cloud, sealed, logged, capfd):
    cloud.publish(sealed(email="new@example.com"))

    assert CODE in cloud.letters[0].text
    tables = [cloud.items(name) for name in cloud.wiring.resources("AWS::DynamoDB::Table")]
    meant = {"sesv2.SendEmail", "kms.Encrypt"}
    others = [call.arguments for call in cloud.calls if call.name not in meant]
    kept = repr((tables, others)) + logged.getvalue() + "".join(capfd.readouterr())
    assert "message sent" in kept
    assert CODE not in kept
    assert "new@example.com" not in repr(tables) + logged.getvalue()


def test_of_a_sealed_letter_only_a_trace_without_words_is_kept(cloud, sealed):
    event = sealed()

    cloud.publish(event)

    [row] = messages(cloud)
    assert row["pk"] == f"CHALLENGE#{event.challenge_id}"
    assert not {"subject", "text", "email"} & set(row)
    assert row["expires_at"] > (clock.now().timestamp() + 14 * 24 * 3600)
    [told] = cloud.published(MessageSent)
    assert told.customer_id is None


def test_a_code_sealed_for_another_registration_is_not_opened(cloud, sealed, provider):
    stolen = sealed().model_copy(update={"challenge_id": ids.new(clock.now())})

    cloud.publish(stolen)

    assert provider.mails == []
    assert len(cloud.messages("NotifyUrgentDeadLetters")) == 1


# --- repetition and order ---


@pytest.mark.case("E1")
@pytest.mark.parametrize("times", [2, 3])
def test_an_event_delivered_more_than_once_makes_one_letter(cloud, known, event, times, provider):
    fact = event(PLACED, customer_id=known().id)

    put_on_bus(cloud, *[fact] * times)
    cloud.drain()
    cloud.publish(fact)

    assert len(provider.mails) == len(messages(cloud)) == 1
    assert len({told.id for told in cloud.published(MessageSent)}) == 1


@pytest.mark.case("E1")
def test_a_sealed_event_delivered_twice_makes_one_letter(cloud, sealed, provider):
    event = sealed()

    cloud.publish(event, event)
    cloud.publish(event)

    assert len(provider.mails) == 1


@pytest.mark.case("E2")
def test_older_news_of_a_contact_change_nothing(cloud, event):
    changes = {"customer_id": ids.new(clock.now()), "time_zone": "Asia/Omsk"}
    newer = event(ContactChanged.name, **changes, email="new@example.com", subject_version=5)
    older = event(ContactChanged.name, **changes, email="old@example.com", subject_version=4)

    cloud.publish(newer)
    cloud.publish(older, newer)

    [row] = contacts(cloud)
    assert (row["email"], row["subject_version"]) == ("new@example.com", 5)
    assert row["time_zone"] == "Asia/Omsk"


def test_newer_news_of_a_contact_replace_what_was_known(cloud, known, event):
    customer = known(email="old@example.com", version=1)
    changed = {"email": "new@example.com", "subject_version": 2}

    cloud.publish(event(ContactChanged.name, customer_id=customer.id, **changed))
    cloud.publish(event(SHIPPED, customer_id=customer.id))

    assert [sent.to for sent in cloud.letters] == ["new@example.com"]


@pytest.mark.case("E2")
def test_a_letter_that_comes_before_its_address_is_sent_once_the_address_is_there(
    cloud, event, logged
):
    customer_id = ids.new(clock.now())

    put_on_bus(cloud, event("auth.customer_registered.v1", customer_id=customer_id))
    cloud.publish(event(ContactChanged.name, customer_id=customer_id, email="a@example.com"))

    assert "ContactUnknown" in logged.getvalue()
    assert [sent.to for sent in cloud.letters] == ["a@example.com"]
    assert cloud.messages("NotifyDeadLetters") == []


@pytest.mark.case("E3", "E6")
def test_a_poisonous_event_lies_whole_in_the_dead_letters_while_others_go_on(cloud, known, event):
    good = event(SHIPPED, customer_id=known().id)
    poison = {"id": ids.new(clock.now()), "occurred_at": "2026-11-07T11:05:00Z", "order_id": "x"}

    put_detail(cloud, SHIPPED, json.dumps(poison))
    cloud.publish(good)

    [dead] = cloud.messages("NotifyDeadLetters")
    assert dead["detail"] == poison
    assert len(cloud.letters) == 1


@pytest.mark.case("E4")
def test_of_ten_deliveries_the_bad_ones_are_told_and_repeating_them_all_repeats_no_letter(
    cloud, known, event
):
    customer = known()
    bodies = [delivery(event(SHIPPED, customer_id=customer.id)) for _ in range(10)]
    bodies[2] = "no JSON"
    bodies[6] = delivery(event(SHIPPED, customer_id=ids.new(clock.now())))
    batch = {"Records": [record(number, body) for number, body in enumerate(bodies, 1)]}

    answers = [cloud.invoke("NotifyConsumer", batch) for _ in range(2)]

    failed = [{"itemIdentifier": "m-3"}, {"itemIdentifier": "m-7"}]
    assert [answer["batchItemFailures"] for answer in answers] == [failed] * 2
    assert len(cloud.letters) == 8


@pytest.mark.case("E6")
def test_a_field_added_to_an_event_later_stops_no_letter(cloud, known, event):
    grown = event(SHIPPED, customer_id=known().id).model_dump(mode="json") | {"carrier": "x"}

    put_detail(cloud, SHIPPED, json.dumps(grown))
    cloud.drain()

    assert len(cloud.letters) == 1


# --- the provider fails ---


@pytest.mark.case("N3", "T3")
def test_a_lost_answer_of_the_provider_makes_one_letter_noted_as_unconfirmed(
    cloud, known, event, provider
):
    fact = event(SHIPPED, customer_id=known().id)

    with provider.losing_answers():
        cloud.publish(fact)
    cloud.publish(fact)

    [row] = messages(cloud)
    assert (row["state"], row["confirmed"]) == ("sent", False)
    assert len(provider.mails) == len(cloud.published(MessageSent)) == 1


@pytest.mark.case("T2", "T3")
@pytest.mark.parametrize(
    ("status", "code"),
    [
        (429, "TooManyRequestsException"),
        (400, "LimitExceededException"),
        (400, "SendingPausedException"),
        (400, "MessageRejected"),
        (403, "AccessDeniedException"),
        (500, "InternalServiceErrorException"),
    ],
)
def test_a_letter_the_provider_refused_stays_queued_and_is_sent_once(
    cloud, known, event, provider, status, code
):
    fact = event(SHIPPED, customer_id=known().id)
    with provider.answering(status, code, times=2):
        cloud.publish(fact)

    [row] = messages(cloud)
    assert row["state"] == "sent"
    assert len(provider.mails) == 1


@pytest.mark.case("T3")
def test_a_provider_out_of_reach_costs_no_letter(cloud, known, event, provider):
    with provider.out_of_reach(times=1):
        cloud.publish(event(SHIPPED, customer_id=known().id))

    assert len(provider.mails) == 1


def test_what_the_provider_keeps_refusing_waits_in_the_dead_letters(cloud, known, event, provider):
    with provider.answering(429, "TooManyRequestsException"):
        cloud.publish(event(SHIPPED, customer_id=known().id))

    assert len(cloud.messages("NotifyDeadLetters")) == 1
    assert [row["state"] for row in messages(cloud)] == ["created"]
    assert cloud.published(MessageSent) == []


@pytest.mark.case("N4")
@pytest.mark.parametrize(
    "address", ["a@b.ru,spy@c.ru", "a@b.ru\r\nBcc: spy@c.ru", '"a@b.ru" <spy@c.ru>', "nobody", ""]
)
def test_an_address_that_is_none_fails_for_good_and_nobody_gets_the_letter(
    cloud, known, event, provider, address
):
    cloud.publish(event(SHIPPED, customer_id=known(email=address).id))

    assert provider.mails == []
    assert [row["state"] for row in messages(cloud)] == ["failed"]
    assert cloud.messages("NotifyDeadLetters") == []


def test_a_letter_the_provider_calls_a_bad_request_is_kept_for_a_redrive(
    cloud, known, event, provider
):
    """It may be the sender's address that is wrong: no letter is lost to that."""
    fact = event(SHIPPED, customer_id=known().id)
    with provider.answering(400, "BadRequestException"):
        cloud.publish(fact)
    assert len(cloud.messages("NotifyDeadLetters")) == 1

    cloud.publish(fact)

    assert len(provider.mails) == 1


# --- the function dies, or two are at it ---


@pytest.mark.case("T1")
def test_a_crash_between_claim_and_letter_is_made_good_by_the_next_delivery(
    cloud, known, event, provider
):
    fact = event(SHIPPED, customer_id=known().id)
    batch = {"Records": [record(1, delivery(fact))]}
    with provider.dying(), pytest.raises(provider.Killed):
        cloud.invoke("NotifyConsumer", batch)

    cloud.clock.advance(minutes=1)
    cloud.invoke("NotifyConsumer", batch)

    [row] = messages(cloud)
    assert (row["state"], len(provider.mails)) == ("sent", 1)


def claim_of(customer_id, attempt):
    at = clock.now()
    message = Message(
        id="m-1",
        letter=SHIPPED,
        kind=Kind.TRANSACTIONAL,
        language=Language.EN,
        created_at=at,
        subject="Subject",
        text="Text",
    )
    return store.Claim(store.of_customer(customer_id), "m-1", attempt), message


@pytest.mark.case("E1")
def test_while_one_delivery_sends_its_twin_waits(cloud):
    first, message = claim_of("c-1", "first")
    second, _ = claim_of("c-1", "second")
    with cloud.acting("NotifyConsumer"):
        assert store.take(first, message, clock.now())

        with pytest.raises(store.BeingSent):
            store.take(second, message, clock.now())

        cloud.clock.advance(seconds=16)
        assert store.take(second, message, clock.now())


def test_a_claim_whose_answer_was_lost_is_still_ones_own(cloud):
    claim, message = claim_of("c-1", "first")
    with cloud.acting("NotifyConsumer"):
        assert store.take(claim, message, clock.now())
        assert store.take(claim, message, clock.now())


def test_a_released_claim_is_free_at_once(cloud):
    first, message = claim_of("c-1", "first")
    second, _ = claim_of("c-1", "second")
    with cloud.acting("NotifyConsumer"):
        store.take(first, message, clock.now())
        store.release(first)

        assert store.take(second, message, clock.now())


def test_a_settled_message_stays_as_it_is(cloud):
    claim, message = claim_of("c-1", "first")
    with cloud.acting("NotifyConsumer"):
        store.take(claim, message, clock.now())
        store.mark_failed(claim)
        store.release(claim)

        assert store.take(claim_of("c-1", "second")[0], message, clock.now()) is False
        assert store.message("c-1", "m-1").state is State.FAILED


# --- headers ---


@pytest.mark.case("N4")
@pytest.mark.parametrize("name", ['A, "B" <c@d.ru>', "A\r\nBcc: spy@c.ru", "Чай & Кофе"])
def test_the_shops_name_adds_no_header_and_no_sender(cloud, known, event, monkeypatch, name):
    customer = known()
    function = cloud.wiring.functions["NotifyConsumer"]
    monkeypatch.setitem(function.environment, "SHOP_NAME", name)

    cloud.publish(event(SHIPPED, customer_id=customer.id))

    [sent] = [call.arguments for call in cloud.calls if call.name == "sesv2.SendEmail"]
    sender = sent["FromEmailAddress"]
    assert sender.endswith(f"<{function.environment['SENDER_ADDRESS']}>")
    assert sender.isprintable()
    assert sender.isascii()
    assert set(sent) == {"FromEmailAddress", "Destination", "Content", "EmailTags"}
