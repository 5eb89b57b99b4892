"""Before a message: suppression, consent, preference; and for marketing night and number."""

import pytest

from common import clock, ids
from common.events.notify import MessageDue, MessageSent, MessageSuppressed
from notify import recipient_store
from notify.message import Channel
from shop import Shop

CART, SHIPPED = "orders.cart_abandoned.v1", "orders.order_shipped.v1"
# A cart must prove that it is open still; this need not.
MISSED = "auth.customer_inactive.v1"
WARNING = "auth.refresh_token_reused.v1"
PHONE = "+79991234567"


def choose(cloud, person, topic, **choice):
    person = Shop(cloud).again(person)
    known = {"topic": topic, "email": True, "sms": False} | choice
    body = {"topics": [known], "text_version": "2026-11"}
    assert cloud.call("PUT", "/v1/preferences", body, token=person.token).status == 200
    cloud.drain()


def inbox(cloud, person, language="en"):
    person = Shop(cloud).again(person)
    items = cloud.call("GET", "/v1/inbox", token=person.token).body["items"]
    paths = [f"/v1/inbox/{item['id']}" for item in items]
    return [cloud.call("GET", p, token=person.token, language=language).body for p in paths]


def close(cloud, channel, address, person=None):
    customer_id = person.id if person else None
    with cloud.acting("NotifyConsumer"):
        recipient_store.suppress(channel, address, "bounced", clock.now(), customer_id)


def the(cloud, person):
    [message] = inbox(cloud, person)
    return message


# --- consent ---


@pytest.mark.feature(77)
def test_marketing_without_a_consent_is_not_sent_and_says_so(cloud, known, event):
    person = known()

    cloud.publish(event(CART, customer_id=person.id))

    message = the(cloud, person)
    assert cloud.letters == []
    assert (message["state"], message["reason"]) == ("suppressed", "no_consent")
    assert message["why"] == "Not sent: you did not agree to messages about this topic."
    [told] = cloud.published(MessageSuppressed)
    assert (told.customer_id, told.reason, told.message_id) == (
        person.id,
        "no_consent",
        message["id"],
    )
    assert cloud.published(MessageSent) == []


@pytest.mark.case("E1")
def test_what_was_stopped_stays_stopped_when_the_event_comes_again(cloud, known, event):
    person = known()
    fact = event(CART, customer_id=person.id)
    cloud.publish(fact)
    choose(cloud, person, "cart", consent=True)

    cloud.publish(fact)

    assert cloud.letters == []
    assert len(cloud.published(MessageSuppressed)) == 1


@pytest.mark.case("N1")
def test_after_a_withdrawal_nothing_more_goes_out(cloud, agreed, event):
    person = agreed("cart")
    cloud.publish(event(CART, customer_id=person.id))
    choose(cloud, person, "cart", consent=False)

    cloud.publish(event(CART, customer_id=person.id))

    assert len(cloud.letters) == 1
    assert [m["reason"] for m in inbox(cloud, person)] == ["no_consent", None]


class TestAWithdrawalWhileALetterIsSent:
    @pytest.fixture
    def race(self, at_once, cloud, deliver, event, agreed):
        """Whoever withdraws before the letter is claimed gets none."""
        person = agreed("cart")
        fact = event(CART, customer_id=person.id)
        path, body = (
            "/v1/preferences",
            {"topics": [{"topic": "cart", "email": True, "sms": False, "consent": False}]},
        )

        def withdraw():
            answer = cloud.call("PUT", path, body, token=person.token)
            return answer.status, len(claimed(cloud))

        def check(answers):
            _, (status, before) = answers
            assert status == 200
            assert len(cloud.letters) <= before
            if not before:
                [row] = [r for r in cloud.items("NotifyTable") if r["sk"].startswith("MESSAGE#")]
                assert row["state"] == "suppressed"

        return at_once(deliver("NotifyConsumer", fact), withdraw, check=check)

    @pytest.mark.case("N1")
    def test_never_comes_after_it(self, race):
        race.every()

    def test_comes_after_it_when_the_consent_is_looked_at_first(self, race):
        race.catches("PREFERENCES")


def claimed(cloud):
    rows = [r for r in cloud.items("NotifyTable") if r["sk"].startswith("MESSAGE#")]
    return [r for r in rows if r["state"] in ("created", "sent")]


# --- preference ---


@pytest.mark.feature(79)
def test_a_topic_that_is_switched_off_stays_in_the_inbox(cloud, known, event):
    person = known()
    choose(cloud, person, "orders", email=False)

    cloud.publish(event(SHIPPED, customer_id=person.id))
    cloud.publish(event("loyalty.points_accrued.v1", customer_id=person.id))

    points, shipped = inbox(cloud, person)
    assert (shipped["state"], shipped["reason"]) == ("suppressed", "switched_off")
    assert (points["state"], len(cloud.letters)) == ("sent", 1)


@pytest.mark.feature(79)
def test_a_topic_may_go_by_sms_instead(cloud, known, event):
    person = known(phone=PHONE)
    choose(cloud, person, "orders", email=False, sms=True)

    cloud.publish(event(SHIPPED, customer_id=person.id))

    assert [text.to for text in cloud.texts] == [PHONE]
    assert cloud.letters == []
    assert the(cloud, person)["channel"] == "sms"


@pytest.mark.feature(76)
@pytest.mark.case("N7")
def test_no_preference_and_no_night_stops_a_warning(cloud, known, event):
    person = known()
    for topic in ("account", "orders", "support", "points"):
        choose(cloud, person, topic, email=False)
    cloud.clock.advance(hours=12)

    cloud.publish(event(WARNING, customer_id=person.id))

    assert len(cloud.letters) == 1


# --- suppression ---


@pytest.mark.case("N7")
def test_a_warning_takes_another_channel_where_letters_bounce(cloud, known, event):
    person = known(email="gone@example.com", phone=PHONE)
    close(cloud, Channel.EMAIL, "gone@example.com", person)

    cloud.publish(event(WARNING, customer_id=person.id))

    assert cloud.letters == []
    assert [text.to for text in cloud.texts] == [PHONE]


def test_where_nothing_leads_to_a_customer_that_is_said_before_all_else(cloud, known, event):
    person = known(email="gone@example.com")
    close(cloud, Channel.EMAIL, "gone@example.com", person)

    cloud.publish(event(CART, customer_id=person.id))

    assert the(cloud, person)["reason"] == "unreachable"
    assert cloud.letters == []


def test_an_address_that_bounced_for_somebody_else_is_closed_to_whoever_names_it(
    cloud, known, event
):
    close(cloud, Channel.EMAIL, "gone@example.com")

    cloud.publish(event(SHIPPED, customer_id=known(email="gone@example.com").id))

    assert cloud.letters == []


def test_who_names_another_address_is_reached_again(cloud, known, event):
    person = known(email="gone@example.com")
    close(cloud, Channel.EMAIL, "gone@example.com", person)
    changed = {"email": "new@example.com", "subject_version": 2}
    cloud.publish(event("auth.contact_changed.v1", customer_id=person.id, **changed))

    cloud.publish(event(SHIPPED, customer_id=person.id))

    assert [sent.to for sent in cloud.letters] == ["new@example.com"]


def test_a_letter_about_an_order_costs_three_trips(cloud, known, event):
    fact = event(SHIPPED, customer_id=known().id)

    with cloud.counted() as calls:
        cloud.publish(fact)

    names = ["BatchGetItem", "TransactWriteItems", "TransactWriteItems", "DeleteItem"]
    assert calls.trips[:4] == [f"dynamodb.{name}" for name in names]


def test_a_customer_who_opted_out_of_sms_is_asked_once(cloud, known, event):
    person = known(email=None, phone="+79991234599")

    for _ in range(2):
        cloud.publish(event(WARNING, customer_id=person.id))

    asked = [c for c in cloud.calls if c.name == "sns.CheckIfPhoneNumberIsOptedOut"]
    assert (len(asked), cloud.texts) == (1, [])


def test_a_new_address_is_not_closed_by_what_the_old_one_did(cloud, known, event):
    close(cloud, Channel.EMAIL, "gone@example.com")

    cloud.publish(event(SHIPPED, customer_id=known(email="new@example.com").id))

    assert len(cloud.letters) == 1


# --- how much ---


@pytest.mark.feature(80)
@pytest.mark.case("N2")
def test_of_five_marketing_messages_in_a_week_three_go_out(cloud, agreed, event):
    person = agreed("cart")

    cloud.publish(*[event(CART, customer_id=person.id) for _ in range(5)])

    assert len(cloud.letters) == 3
    reasons = [message["reason"] for message in inbox(cloud, person)]
    assert sorted(map(str, reasons)) == ["None", "None", "None", "too_many", "too_many"]


@pytest.mark.feature(80)
def test_after_a_week_there_is_room_again(cloud, agreed, event):
    person = agreed("cart")
    cloud.publish(*[event(CART, customer_id=person.id) for _ in range(3)])

    cloud.clock.advance(days=7, seconds=1)
    cloud.publish(event(CART, customer_id=person.id))

    assert len(cloud.letters) == 4


def test_what_the_customer_ordered_counts_for_nothing(cloud, agreed, event):
    person = agreed("cart")

    cloud.publish(*[event(SHIPPED, customer_id=person.id) for _ in range(5)])
    cloud.publish(event(CART, customer_id=person.id))

    assert len(cloud.letters) == 6


def test_a_letter_that_was_refused_and_goes_later_counts_once(cloud, agreed, event, provider):
    person = agreed("cart")
    with provider.answering(429, "TooManyRequestsException", times=2):
        cloud.publish(event(CART, customer_id=person.id))

    [row] = [r for r in cloud.items("NotifyTable") if r["sk"] == "MARKETING"]
    assert (len(row["sent"]), len(provider.mails)) == (1, 1)


class TestMarketingAtOnce:
    @pytest.fixture
    def race(self, at_once, cloud, deliver, event, agreed):
        """One more than there is room for."""
        person = agreed("cart")
        for _ in range(2):
            cloud.publish(event(CART, customer_id=person.id))
        facts = [event(CART, customer_id=person.id) for _ in range(2)]

        def check(answers):
            assert [len(answer["batchItemFailures"]) for answer in answers] == [0, 0]
            rows = [r for r in cloud.items("NotifyTable") if r["sk"].startswith("MESSAGE#")]
            assert sorted(row["state"] for row in rows) == ["sent"] * 3 + ["suppressed"]

        return at_once(*(deliver("NotifyConsumer", fact) for fact in facts), check=check)

    @pytest.mark.case("N2")
    def test_is_three_a_week(self, race):
        race.every()

    def test_is_more_when_the_count_is_looked_at_first(self, race):
        race.catches("MARKETING")


# --- quiet hours ---


def row_of(cloud):
    [row] = [r for r in cloud.items("NotifyTable") if r["sk"].startswith("MESSAGE#")]
    return row


@pytest.mark.case("K2")
def test_marketing_at_night_waits_for_the_morning_of_its_reader(cloud, agreed, event):
    person = agreed("inactivity", time_zone="Asia/Vladivostok", language="en")

    cloud.publish(event(MISSED, customer_id=person.id))  # at noon in Moscow: 19:00 there
    cloud.clock.advance(hours=3)
    cloud.publish(event(MISSED, customer_id=person.id))  # 22:00

    night, evening = inbox(cloud, person)
    assert (evening["state"], night["state"]) == ("sent", "deferred")
    assert night["why"] == "It will go later: not at night, and once it is sure to be so still."
    cloud.clock.advance(hours=10, minutes=50)  # 8:50
    cloud.tick()
    assert len(cloud.letters) == 1
    cloud.clock.advance(minutes=11)
    cloud.tick()
    assert len(cloud.letters) == 2
    assert len(cloud.published(MessageDue)) == 1
    assert [m["state"] for m in inbox(cloud, person)] == ["sent", "sent"]


def at_night(cloud, agreed, event):
    person = agreed("inactivity")
    cloud.clock.advance(hours=10)
    fact = event(MISSED, customer_id=person.id)
    cloud.publish(fact)
    assert row_of(cloud)["state"] == "deferred"
    return person, fact


@pytest.mark.case("N1")
def test_who_withdraws_at_night_gets_nothing_in_the_morning(cloud, agreed, event):
    person, _ = at_night(cloud, agreed, event)
    choose(cloud, person, "inactivity", consent=False)

    cloud.clock.advance(hours=12)
    cloud.tick()

    assert cloud.letters == []
    assert row_of(cloud)["reason"] == "no_consent"


@pytest.mark.case("E1")
def test_what_waits_waits_once_however_often_it_comes(cloud, agreed, event):
    _, fact = at_night(cloud, agreed, event)
    before = cloud.items("NotifyTable")

    cloud.publish(fact, fact)
    assert cloud.items("NotifyTable") == before

    cloud.clock.advance(hours=12)
    cloud.tick()
    cloud.publish(fact)
    assert len(cloud.letters) == 1


@pytest.mark.case("K2")
def test_who_moved_west_meanwhile_waits_for_their_own_morning(cloud, agreed, event):
    person, _ = at_night(cloud, agreed, event)
    moved = {"customer_id": person.id, "time_zone": "America/New_York", "subject_version": 2}
    cloud.publish(event("auth.contact_changed.v1", **moved))

    cloud.clock.advance(hours=12)  # 10:00 in Moscow, 2:00 in New York
    cloud.tick()
    assert (row_of(cloud)["state"], cloud.letters) == ("deferred", [])
    cloud.clock.advance(hours=8)
    cloud.tick()
    assert len(cloud.letters) == 1


@pytest.mark.case("T3")
def test_what_the_provider_refuses_in_the_morning_goes_later(cloud, agreed, event, provider):
    at_night(cloud, agreed, event)
    cloud.clock.advance(hours=12)

    with provider.answering(429, "TooManyRequestsException", times=2):
        cloud.tick()

    assert len(provider.mails) == 1


@pytest.mark.case("T3")
def test_what_the_provider_refused_for_long_is_proven_before_it_goes(
    cloud, agreed, event, provider
):
    fact = event(CART, customer_id=agreed("cart").id)
    with provider.answering(429, "TooManyRequestsException"):
        cloud.publish(fact)
    assert (row_of(cloud)["state"], cloud.published(MessageDue)) == ("created", [])

    cloud.clock.advance(minutes=6)
    cloud.publish(fact)

    assert len(cloud.published(MessageDue)) == 1
    assert (row_of(cloud)["reason"], provider.mails) == ("lapsed", [])


def test_a_message_that_is_due_but_unknown_is_nobodys(cloud, event):
    cloud.publish(event("notify.message_due.v1", customer_id=ids.new(clock.now())))

    assert cloud.messages("NotifyDeadLetters") == []


# --- why ---


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("name", [CART, SHIPPED, WARNING])
def test_every_message_says_why_it_came(cloud, agreed, event, name, language):
    person = agreed("cart")
    cloud.publish(event(name, customer_id=person.id))

    [message] = inbox(cloud, person, language)

    assert message["state"] == "sent"
    assert len(message["why"]) > 20
