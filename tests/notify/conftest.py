"""What notify's tests share: events from the frozen samples, and a mail provider that fails."""

import io
import json
import logging
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from moto.backends import get_backend
from moto.core.botocore_stubber import BotocoreStubber

import faults
from common import clock, ids, sealing
from common.events.known import EVENTS
from common.logs import logger
from notify import letter, proof, recipient_store
from notify.message import MARKETING, Contact
from notify.preferences.preferences import TEXT_VERSION
from wiring import ACCOUNT, REGION

SAMPLES = Path(__file__).parents[1] / "samples"
CODE = "735190"
ALWAYS = 1000


def frozen(name):
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def event():
    """An event like its frozen sample, under an id of its own; of what must be proven when it is
    old, one of this moment."""

    def make(name, **changes):
        fresh = {"id": ids.new(clock.now())}
        if name in letter.names() and proof.needs(name):
            fresh |= {"occurred_at": clock.now()}
        return EVENTS[name].model_validate(frozen(name) | fresh | changes)

    return make


@pytest.fixture
def known(cloud):
    """A customer whose address notify knows."""

    def make(
        email="anna@example.com", language="ru", time_zone="Europe/Moscow", version=1, phone=None
    ):
        person = cloud.customer()
        with cloud.acting("NotifyUrgentConsumer"):
            contact = Contact(person.id, email, phone, language, time_zone)
            recipient_store.save_contact(contact, version)
        return person

    return make


@pytest.fixture
def agreed(known, cloud):
    """A customer who agreed to messages about some topics, at noon of theirs and ours."""

    def make(*topics, **contact):
        person = known(**contact)
        choose(cloud, person, *({"topic": t, "email": True, "sms": False} for t in topics))
        return person

    return make


def choose(cloud, person, *topics, **consent):
    """What *person* wants to hear of; marketing that is not said no to is agreed to."""
    chosen = [{"consent": True} | t if t["topic"] in MARKETING else t for t in topics]
    body = {"topics": [t | consent for t in chosen], "text_version": TEXT_VERSION}
    answer = cloud.call("PUT", "/v1/preferences", body, token=person.token)
    assert answer.status == 200, answer.body
    cloud.drain()


@pytest.fixture
def sealed(cloud, event):
    """The event that carries a sealed code."""

    def make(language="ru", email="new@example.com", channel="email", purpose="registration"):
        with cloud.acting("NotifyUrgentConsumer"):
            registration = ids.new(clock.now())
            letter = sealing.seal(registration, json.dumps({"to": email, "code": CODE}))
        changes = {"challenge_id": registration, "letter": letter, "language": language}
        changes |= {"occurred_at": clock.now(), "channel": channel, "purpose": purpose}
        return event("auth.code_requested.v1", **changes)

    return make


@pytest.fixture
def logged():
    """Everything that is logged meanwhile."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logger.registered_formatter)
    logger.addHandler(handler)
    yield stream
    logger._logger.removeHandler(handler)


class Killed(BaseException):
    """The function dies at this moment."""


class Provider:
    """The providers of letters and SMS, as moto keeps them, with faults at their door."""

    Killed = Killed

    @property
    def mails(self):
        return get_backend("ses")[ACCOUNT][REGION].sent_messages

    @property
    def texts(self):
        return get_backend("sns")[ACCOUNT][REGION].sms_messages

    @contextmanager
    def answering(self, status, code, times=ALWAYS):
        """Refuse letters with an error of the provider's own."""

        def refuse(request, _):
            return faults._error(request, status, code)

        with self._door(refuse, times):
            yield

    @contextmanager
    def out_of_reach(self, times=ALWAYS):
        def fail(request, _):
            raise ConnectTimeoutError(endpoint_url=request.url)

        with self._door(fail, times):
            yield

    @contextmanager
    def losing_answers(self):
        """Take letters, and let nobody know."""

        def lose(request, deliver):
            deliver()
            raise ReadTimeoutError(endpoint_url=request.url)

        with self._door(lose):
            yield

    @contextmanager
    def dying(self):
        """End the function at its call."""

        def die(*_):
            raise Killed

        with self._door(die):
            yield

    @contextmanager
    def _door(self, answer, times=ALWAYS):
        genuine, left = BotocoreStubber.__call__, iter(range(times))

        def stand_in(stubber, event_name, request, **rest):
            def deliver():
                return genuine(stubber, event_name, request, **rest)

            if _is_sending(event_name) and next(left, None) is not None:
                return answer(request, deliver)
            return deliver()

        with mock.patch.object(BotocoreStubber, "__call__", stand_in):
            yield


def _is_sending(event_name):
    return event_name.rpartition(".")[2] in ("SendEmail", "Publish")


@pytest.fixture
def provider(cloud):
    provider = Provider()
    provider.mails.clear()
    provider.texts.clear()
    return provider
