"""What auth's tests speak of: somebody who registers, signs in and refreshes."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from pyotp import TOTP

from auth import consumer, store
from auth.account import Factor, FactorKind
from cloud import Answer
from common import clock, ids, limits, sealing
from common.events.auth import ChallengeBegun, CodeRequested

PASSWORD = "correct horse battery"
EMAIL = "ann@example.com"


@dataclass
class Auth:
    """Calls of auth's routes, and what only the owner of a mailbox would see."""

    cloud: Any
    password: str = PASSWORD
    email: str = EMAIL

    def register(self, email=EMAIL, password=PASSWORD, *, key=None, accept=None, **fields):
        body = {"email": email, "password": password, **fields}
        return self.cloud.call("POST", "/v1/auth/registrations", body, key=key, language=accept)

    def registration(self, email=EMAIL, password=PASSWORD):
        """The id of a registration whose letter has been queued."""
        answer = self.register(email, password)
        assert answer.status == 202, answer.body
        return self.deliver(answer.body["registration_id"])

    def deliver(self, challenge_id):
        """Let the letter of the challenge be chosen and queued."""
        [event] = self.queued(ChallengeBegun, challenge_id)
        with self.cloud.acting("AuthConsumer"):
            consumer.write_letter(event)
        return challenge_id

    def register_phone(self, phone, password=None, *, ip=None):
        body = {"phone": phone} | ({"password": password} if password else {})
        return self.post("/v1/auth/registrations", body, ip=ip)

    def customer_by_phone(self, phone, password=None):
        """The answer that signs in a new customer who has a phone."""
        id_ = self.deliver(self.register_phone(phone, password).body["registration_id"])
        answer = self.confirm(id_, self.code(id_))
        assert answer.status == 201, answer.body
        return answer.body

    def ask_code(self, login, *, ip=None):
        return self.post("/v1/auth/sign-in/codes", {"login": login}, ip=ip)

    def code_asked(self, login, *, ip=None):
        """The challenge of a code to sign in by, whose letter has been chosen."""
        return self.deliver(self.ask_code(login, ip=ip).body["challenge_id"])

    def confirm_code(self, challenge_id, code, *, ip=None, **fields):
        path = f"/v1/auth/sign-in/codes/{challenge_id}/confirm"
        return self.post(path, {"code": code, **fields}, ip=ip)

    def queued(self, kind, registration_id):
        """The events of *kind* about the registration that the outbox holds or the bus got."""
        rows = [row for row in self.cloud.items("AuthTable") if row.get("name") == kind.name]
        waiting = [kind.model_validate_json(row["detail"]) for row in rows]
        found = [*self.cloud.published(kind), *waiting]
        return [event for event in found if event.challenge_id == registration_id]

    def code(self, registration_id):
        """The code in the letter, as notify would unseal it; None where none was sent."""
        for event in reversed(self.queued(CodeRequested, registration_id)):
            with self.cloud.acting("NotifyUrgentConsumer"):
                return json.loads(sealing.unseal(registration_id, event.letter))["code"]
        return None

    def confirm(self, registration_id, code):
        path = f"/v1/auth/registrations/{registration_id}/confirm"
        return self.cloud.call("POST", path, {"code": code})

    def customer(self, email=EMAIL, password=PASSWORD):
        """The answer that signs a new customer in."""
        registration_id = self.registration(email, password)
        answer = self.confirm(registration_id, self.code(registration_id))
        assert answer.status == 201, answer.body
        return answer.body

    def sign_in(self, login=EMAIL, password=PASSWORD, *, ip=None, headers=None, **fields):
        body = {"login": login, "password": password, **fields}
        return self.post("/v1/auth/sign-in", body, ip=ip, headers=headers)

    def second_step(self, login=EMAIL, password=PASSWORD, *, ip=None):
        """The step that awaits a second proof, once the password was right."""
        answer = self.sign_in(login, password, ip=ip)
        assert answer.status == 401, answer.body
        return answer.body["second_step_id"]

    def send_second_code(self, step_id, method, *, ip=None):
        path = f"/v1/auth/sign-in/second-steps/{step_id}/codes"
        return self.post(path, {"method": method}, ip=ip)

    def second_code(self, step_id, method="sms"):
        """The code of the step, sent by *method*."""
        assert self.send_second_code(step_id, method).status == 202
        [*_, event] = self.queued(ChallengeBegun, step_id)
        with self.cloud.acting("AuthConsumer"):
            consumer.write_letter(event)
        return self.code(step_id)

    def confirm_step(self, step_id, *, ip=None, **shown):
        return self.post(f"/v1/auth/sign-in/second-steps/{step_id}/confirm", shown, ip=ip)

    def refresh(self, refresh_token):
        return self.cloud.call("POST", "/v1/auth/refresh", {"refresh_token": refresh_token})

    def sign_out(self, token):
        return self.cloud.call("POST", "/v1/auth/sign-out", token=token)

    def hire(self, email="agent@example.com", role="agent", **fields):
        event = {"action": "create_staff", "email": email, "role": role, **fields}
        return self.cloud.invoke("AuthAdmin", event)

    def spend(self, limit, subject, leave=0):
        """Use up *limit* but for *leave*, as so many calls would."""
        with self.cloud.acting("AuthApi"):
            for _ in range(limit.allowed - leave):
                limits.take(limit, subject)

    def post(self, path, body, *, ip=None, headers=None):
        """A request from the address *ip* of the network."""
        raw = self.cloud.invoke("AuthApi", self.request(path, body, ip=ip, headers=headers))
        named = {name.lower(): value for name, value in raw["headers"].items()}
        return Answer(raw["statusCode"], json.loads(raw["body"]), named)

    def request(self, path, body, *, ip=None, headers=None):
        """What the gateway hands over for a POST."""
        http = {"method": "POST", "path": path, "sourceIp": ip or "203.0.113.7"}
        return {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": "",
            "headers": {"content-type": "application/json", **(headers or {})},
            "requestContext": {"requestId": "request-1", "http": http, "stage": "$default"},
            "body": json.dumps(body),
            "isBase64Encoded": False,
        }


@pytest.fixture
def auth(cloud):
    """Auth at the beginning of a day, when every window of the limits begins too."""
    passed = clock.now().timestamp() % timedelta(days=1).total_seconds()
    cloud.clock.advance(days=1, seconds=1 - passed)
    return Auth(cloud)


@pytest.fixture
def authenticate(cloud):
    """Gives the account of a login an authenticator, and tells its codes."""

    def enrolled(login):
        secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        with cloud.acting("AuthConsumer"):  # which may seal
            account = store.account_by_login(login)
            sealed = sealing.seal(account.id, secret)
            factor = Factor(ids.new(clock.now()), FactorKind.TOTP, clock.now(), sealed=sealed)
            store.change_account(account, replace(account, factors=(factor,)))
        return lambda: TOTP(secret).at(clock.now())

    return enrolled


@pytest.fixture
def reach(cloud):
    """Gives the account of a login second factors whose codes are sent, the preferred first."""

    def enrolled(login, *kinds, to="+79997654321"):
        with cloud.acting("AuthApi"):
            account, now = store.account_by_login(login), clock.now()
            made = tuple(Factor(ids.new(now), FactorKind(kind), now, to=to) for kind in kinds)
            store.change_account(account, replace(account, factors=(*account.factors, *made)))

    return enrolled


@pytest.fixture
def hashes(monkeypatch):
    """Every use of Argon2, in order: "hash" or "verify"."""
    from argon2 import PasswordHasher

    used = []
    for name in ("hash", "verify"):
        monkeypatch.setattr(PasswordHasher, name, _noted(used, name, getattr(PasswordHasher, name)))
    return used


def _noted(used, name, original):
    def call(self, *arguments, **named):
        used.append(name)
        return original(self, *arguments, **named)

    return call
