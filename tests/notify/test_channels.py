"""Codes and warnings by SMS, call and messenger: each once, whatever happens on the way."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest import mock

import boto3
import pytest
from botocore.stub import Stubber

from common import aws, clock
from common.events.notify import MessageSent
from common.language import Language
from notify import provider as ports
from notify import sms, telegram, voice
from notify.letter import Letter, Shop
from notify.message import Kind

CODE = "735190"
PHONE = "+79991234567"
OPTED_OUT = "+79991234599"  # so for moto
ORIGIN = "arn:aws:sms-voice:eu-central-1:123456789012:phone-number/phone-1"


def messages(cloud):
    return [row for row in cloud.items("NotifyTable") if row["sk"].startswith("MESSAGE#")]


def sandbox(cloud):
    return [row for row in cloud.items("NotifyTable") if row["pk"] == "SANDBOX"]


# --- codes ---


@pytest.mark.feature(70)
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", f"Kabinet: {CODE} — код для входа\n@account.example.com #{CODE}"),
        ("en", f"Kabinet: {CODE} is your code to sign in\n@account.example.com #{CODE}"),
    ],
)
def test_a_code_comes_by_sms(cloud, sealed, language, words):
    cloud.publish(sealed(language, PHONE, "sms", "sign_in"))

    [text] = cloud.texts
    assert (text.to, text.text) == (PHONE, words)
    [told] = cloud.published(MessageSent)
    assert (told.channel, cloud.letters) == ("sms", [])


def test_an_sms_is_transactional_and_under_the_shops_name(cloud, sealed, monkeypatch):
    urgent = cloud.wiring.functions["NotifyUrgentConsumer"]
    monkeypatch.setitem(urgent.environment, "SMS_SENDER_ID", "Kabinet")

    cloud.publish(sealed(email=PHONE, channel="sms"))

    [sent] = [call.arguments for call in cloud.calls if call.name == "sns.Publish"]
    told = {name: value["StringValue"] for name, value in sent["MessageAttributes"].items()}
    assert told == {"AWS.SNS.SMS.SMSType": "Transactional", "AWS.SNS.SMS.SenderID": "Kabinet"}


@pytest.mark.feature(72)
def test_a_code_is_called_out(cloud, sealed):
    cloud.publish(sealed("ru", PHONE, "voice", "step_up"))

    [row] = sandbox(cloud)
    assert (row["channel"], row["to"]) == ("voice", PHONE)
    assert "Ваш код" in row["text"]
    assert row["expires_at"] <= clock.now().timestamp() + 24 * 3600
    [told] = cloud.published(MessageSent)
    assert told.channel == "voice"


@pytest.mark.feature(71)
def test_a_code_comes_by_messenger(cloud, sealed):
    cloud.publish(sealed("en", "4711", "messenger", "factor"))

    [row] = sandbox(cloud)
    assert (row["channel"], row["to"]) == ("messenger", "4711")
    assert row["text"].startswith(f"Kabinet: {CODE} is your code to add a second factor\n")


@pytest.mark.parametrize(
    "purpose", ["registration", "sign_in", "step_up", "recovery", "contact", "factor"]
)
def test_a_code_comes_by_e_mail_with_the_words_of_its_purpose(cloud, sealed, purpose):
    cloud.publish(sealed("en", "new@example.com", "email", purpose))

    [sent] = cloud.letters
    assert CODE in sent.text
    assert messages(cloud)[0]["letter"] == "auth.code_requested.v1"


@pytest.mark.case("A14")
@pytest.mark.parametrize(
    ("version", "reached", "sent"),
    [
        (1, "anna@example.com", 1),
        (2, "anna@example.com", 1),
        (1, "b@example.com", 1),
        (2, "b@example.com", 0),
    ],
    ids=["as told", "told anew", "news on their way", "taken off"],
)
def test_a_code_to_a_login_goes_out_unless_it_was_taken_off_since(
    cloud, sealed, known, version, reached, sent
):
    """The code was asked for at version 1; by the time of sending auth has told of *version*."""
    ann = known(email=reached, version=version)
    event = sealed("en", "anna@example.com", "email", "recovery")

    cloud.publish(event.model_copy(update={"customer_id": ann.id, "subject_version": 1}))

    assert len(cloud.letters) == sent
    assert cloud.messages("NotifyUrgentDeadLetters") == []


@pytest.mark.case("E1")
@pytest.mark.parametrize(("channel", "to"), [("sms", PHONE), ("voice", PHONE), ("messenger", "7")])
def test_a_code_delivered_twice_is_told_once(cloud, sealed, provider, channel, to):
    event = sealed("en", to, channel)

    cloud.publish(event, event)
    cloud.publish(event)

    assert len(provider.texts) + len(sandbox(cloud)) == 1
    assert len(cloud.published(MessageSent)) == 1


@pytest.mark.case("T4")
def test_a_number_that_opted_out_is_marked_and_called_instead(cloud, sealed, provider):
    cloud.publish(sealed("en", OPTED_OUT, "sms"))

    assert provider.texts == {}
    assert [row["channel"] for row in sandbox(cloud)] == ["voice"]
    [marked] = [row for row in cloud.items("NotifyTable") if row["sk"] == "SUPPRESSED"]
    assert (marked["channel"], marked["reason"]) == ("sms", "opted_out")
    assert OPTED_OUT not in repr(marked)
    assert cloud.messages("NotifyUrgentDeadLetters") == []


@pytest.mark.case("N3", "T3")
def test_a_lost_answer_about_an_sms_makes_one_sms(cloud, sealed, provider):
    event = sealed("en", PHONE, "sms")
    with provider.losing_answers():
        cloud.publish(event)
    cloud.publish(event)

    [row] = messages(cloud)
    assert (row["state"], row["confirmed"], row["channel"]) == ("sent", False, "sms")
    assert len(provider.texts) == 1


@pytest.mark.case("T2", "T3")
@pytest.mark.parametrize(("status", "code"), [(429, "Throttled"), (500, "InternalError")])
def test_an_sms_that_was_refused_stays_queued_and_goes_once(cloud, sealed, provider, status, code):
    with provider.answering(status, code, times=2):
        cloud.publish(sealed("en", PHONE, "sms"))

    assert [row["state"] for row in messages(cloud)] == ["sent"]
    assert len(provider.texts) == 1


@pytest.mark.parametrize(
    "to", ["89991234567", "+7", "+0999123456", "", "a@b.ru", "+7999123456789012"]
)
@pytest.mark.parametrize("channel", ["sms", "voice"])
def test_what_is_no_number_is_neither_texted_nor_called(cloud, sealed, provider, to, channel):
    cloud.publish(sealed("en", to, channel))

    assert (provider.texts, sandbox(cloud)) == ({}, [])
    assert [row["state"] for row in messages(cloud)] == ["failed"]


@pytest.mark.case("N11")
def test_a_text_of_four_segments_is_refused(cloud):
    with cloud.acting("NotifyUrgentConsumer"), pytest.raises(ports.Unreachable):
        sms.send(PHONE, "😀" * 102)

    assert cloud.texts == []


@pytest.mark.case("F13")
@pytest.mark.parametrize(
    ("channel", "to"), [("sms", PHONE), ("voice", PHONE), ("messenger", "47110815")]
)
def test_neither_code_nor_number_is_logged(cloud, sealed, logged, channel, to):
    cloud.publish(sealed("en", to, channel))

    assert "message sent" in logged.getvalue()
    assert CODE not in logged.getvalue()
    assert to not in logged.getvalue()


# --- customers with a telephone only ---


def test_a_customer_without_an_address_finds_an_order_in_the_inbox(cloud, known, event):
    person = known(email=None, phone=PHONE, language="en")

    cloud.publish(event("orders.order_shipped.v1", customer_id=person.id))

    [shown] = cloud.call("GET", "/v1/inbox", token=person.token).body["items"]
    assert (shown["state"], shown["channel"]) == ("sent", "inbox")
    assert (cloud.letters, cloud.texts) == ([], [])


@pytest.mark.feature(76)
@pytest.mark.parametrize("name", ["auth.refresh_token_reused.v1", "auth.registration_repeated.v1"])
def test_a_customer_without_an_address_is_warned_by_sms(cloud, known, event, name):
    person = known(email=None, phone=PHONE, language="en")

    cloud.publish(event(name, customer_id=person.id))

    [text] = cloud.texts
    [row] = messages(cloud)
    assert text.text == f"Kabinet: {row['subject']}. https://account.example.com/inbox"
    assert row["channel"] == "sms"


def test_a_warning_goes_by_sms_where_the_address_leads_nowhere(cloud, known, event):
    person = known(email="nobody", phone=PHONE)

    cloud.publish(event("auth.refresh_token_reused.v1", customer_id=person.id))

    assert [text.to for text in cloud.texts] == [PHONE]


# --- the providers that a shop may set up ---


@pytest.fixture
def calling(cloud, monkeypatch):
    """A voice provider that answers as it is told."""
    with cloud.acting("NotifyUrgentConsumer"):
        monkeypatch.setenv("VOICE_ORIGIN", ORIGIN)
        with Stubber(aws.sms_voice()) as stubber:
            yield stubber


def call(language=Language.RU):
    return voice.call(PHONE, "<speak>1</speak>", language, "m-1")


@pytest.mark.feature(72)
@pytest.mark.parametrize(("language", "name"), [("ru", "TATYANA"), ("en", "JOANNA")])
def test_a_call_speaks_the_customers_language(calling, language, name):
    asked = {
        "DestinationPhoneNumber": PHONE,
        "OriginationIdentity": ORIGIN,
        "MessageBody": "<speak>1</speak>",
        "MessageBodyTextType": "SSML",
        "VoiceId": name,
    }
    calling.add_response("send_voice_message", {"MessageId": "1"}, asked)

    assert call(Language(language)) is True
    calling.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ThrottlingException", ports.Unavailable),
        ("AccessDeniedException", ports.Unavailable),
        ("InternalServerException", ports.Unavailable),
        ("ValidationException", ports.Unreachable),
        ("ConflictException", ports.Unreachable),
    ],
)
def test_what_a_voice_provider_refuses_is_told_by_whether_it_may_pass(calling, code, expected):
    calling.add_client_error("send_voice_message", code)

    with pytest.raises(expected):
        call()


class Bot(BaseHTTPRequestHandler):
    """Telegram's side: answers with the next status, keeps what came."""

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        self.server.came.append((self.path, json.loads(self.rfile.read(length))))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_):
        """Not into the tests' output."""


@pytest.fixture
def bot(cloud, monkeypatch):
    """Telegram on loopback, and a shop that is set up for it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bot)
    server.came, server.status = [], 200
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(telegram, "API", f"http://127.0.0.1:{server.server_port}")
    made = boto3.client("secretsmanager").create_secret(Name="telegram", SecretString="12:abc")
    with cloud.acting("NotifyUrgentConsumer"):
        monkeypatch.setenv("TELEGRAM_SECRET", made["ARN"])
        yield server
    boto3.client("secretsmanager").delete_secret(
        SecretId=made["ARN"], ForceDeleteWithoutRecovery=True
    )
    server.shutdown()
    server.server_close()


def write_to(chat):
    from notify import messenger

    return messenger.send(chat, "Hello", "m-1")


@pytest.mark.feature(71)
def test_a_message_goes_through_the_shops_own_bot(cloud, bot):
    with cloud.counted() as calls:
        assert write_to("4711") is True
        assert write_to("4712") is True

    asked = [(path, body["chat_id"], body["text"]) for path, body in bot.came]
    assert asked == [("/bot12:abc/sendMessage", chat, "Hello") for chat in ("4711", "4712")]
    assert calls.names.count("secretsmanager.GetSecretValue") == 1


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (403, ports.Unreachable),
        (400, ports.Unreachable),
        (429, ports.Unavailable),
        (401, ports.Unavailable),
        (502, ports.Unavailable),
    ],
)
def test_what_telegram_refuses_is_told_by_whether_it_may_pass(bot, status, expected):
    bot.status = status

    with pytest.raises(expected) as told:
        write_to("4711")
    assert "12:abc" not in repr(told.value)


def test_telegram_out_of_reach_may_take_the_message_later(bot, monkeypatch):
    monkeypatch.setattr(telegram, "API", "http://127.0.0.1:1")

    with pytest.raises(ports.Unavailable) as told:
        write_to("4711")
    assert told.value.__cause__ is None


def test_an_answer_of_telegram_that_was_lost_is_taken_for_sent(bot):
    from urllib3 import PoolManager
    from urllib3.exceptions import ReadTimeoutError

    lost = ReadTimeoutError(None, "", "lost")
    with mock.patch.object(PoolManager, "request", side_effect=lost):
        assert write_to("4711") is False


def test_a_notice_names_the_shop_the_matter_and_where_all_of_it_is():
    written = Letter(Kind.SECURITY, None, "We ended a sign-in", "", "", "")
    shop = Shop("Kabinet", "https://account.example.com")

    assert written.notice(shop) == (
        "Kabinet: We ended a sign-in. https://account.example.com/inbox"
    )
