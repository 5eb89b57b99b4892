"""The deployed stack, on moto, in one process: requests in, events round, letters out."""

import importlib
import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any
from unittest import mock
from urllib.parse import unquote, urlencode, urlsplit
from zoneinfo import ZoneInfo

import botocore.client
import jsonpath_ng.ext
from botocore.signers import RequestSigner, S3PostPresigner
from moto.backends import get_backend
from moto.events.models import EventPattern
from moto.sqs.models import SQSBackend

import fake_aws
import objects
import standing
from common import access, clock, guests, ids, pepper, table
from common.access import Role
from common.events import Event
from common.logs import logger
from common.search import snapshots
from logbook import Logbook
from rights import Roles
from wiring import ACCOUNT, REGION, Function, Wiring

CONTEXT = SimpleNamespace(
    function_name="test",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:eu-central-1:123456789012:function:test",
    aws_request_id="request-1",
    get_remaining_time_in_millis=lambda: 10_000,
)
MOST_ROUNDS = 100
# What everybody's password is: hashing it takes longer than most tests.
PASSWORD = "correct horse battery"
PASSWORD_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$BNiy3I/4npiZVT6usQL"
    "BdQ$8gxwXDiPBmJI0O6u5W0HerdgkbiopgXEAgkRkda9mrY"
)
# The function whose code is running: its role is what its calls of AWS are held against.
_acting: ContextVar[str | None] = ContextVar("acting", default=None)


@dataclass(frozen=True)
class Answer:
    """What a client receives."""

    status: int
    body: Any
    headers: dict[str, str]


@dataclass(frozen=True)
class Person:
    """Somebody with a live session."""

    id: str
    session_id: str
    token: str


@dataclass(frozen=True)
class Letter:
    """A letter as the provider got it."""

    to: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Sms:
    """A text as SNS got it."""

    to: str
    text: str


@dataclass(frozen=True)
class Call:
    """One call of AWS, with its arguments."""

    name: str
    arguments: dict[str, Any]

    @property
    def is_beside(self) -> bool:
        """Reads and counters that are no part of an operation: limits, revocations, the clock."""
        text = json.dumps(self.arguments, default=str)
        return any(mark in text for mark in ('"LIMIT#', '"REVOKED"', '"CLOCK"'))


class Calls(list[Call]):
    """The calls of AWS made meanwhile."""

    @property
    def names(self) -> list[str]:
        return [call.name for call in self]

    @property
    def trips(self) -> list[str]:
        """Round trips to DynamoDB, without limits, revocations and the clock."""
        dynamodb = [call for call in self if call.name.startswith("dynamodb.")]
        return [call.name for call in dynamodb if not call.is_beside]


def _until_noon() -> timedelta:
    now = datetime.now(ZoneInfo("Europe/Moscow"))
    return datetime.combine(now + timedelta(days=1), time(12), now.tzinfo) - now


@dataclass
class Clock:
    """The movable clock of a test; it begins at noon in Moscow, when no letter has to wait."""

    offset: timedelta = field(default_factory=_until_noon)

    def read(self) -> timedelta:
        return self.offset

    def advance(self, **duration: float) -> None:
        self.offset += timedelta(**duration)
        access._revocations.read_at = float("-inf")


class Cloud:
    """One fake AWS; `reset` empties it between tests."""

    def __init__(self, wiring: Wiring) -> None:
        self.wiring = wiring
        self.clock = Clock()
        self.calls = Calls()
        self.logbook = Logbook()
        self.roles = Roles(wiring)
        self.starts_cold = False
        self._relayed: dict[str, frozenset[tuple[str, str]]] = {}

    # --- requests ---

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        key: str | None = None,
        language: str | None = None,
        headers: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
    ) -> Answer:
        """One HTTPS request, as the gateway would hand it to the function behind *path*."""
        sent = {"authorization": f"Bearer {token}" if token else None, "idempotency-key": key}
        sent |= {"accept-language": language}
        sent |= {"content-type": "application/json" if body is not None else None}
        named = {k: v for k, v in sent.items() if v is not None} | (headers or {})
        text = body if isinstance(body, str) else json.dumps(body)
        return self.request(method, path, None if body is None else text, named, query or {})

    def request(
        self,
        method: str,
        path: str,
        body: str | None,
        headers: dict[str, str],
        query: dict[str, str],
    ) -> Answer:
        event = {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": urlencode(query),
            "headers": headers,
            "requestContext": {
                "requestId": "request-1",
                "http": {"method": method, "path": path, "sourceIp": "203.0.113.7"},
                "stage": "$default",
            },
            "isBase64Encoded": False,
        }
        event |= {"body": body} if body is not None else {}
        event |= {"queryStringParameters": query} if query else {}
        raw = self.invoke(self.wiring.route(path).name, event)
        answered = {name.lower(): value for name, value in raw["headers"].items()}
        text = raw.get("body") or ""
        parsed = json.loads(text) if "json" in answered.get("content-type", "") else text
        return Answer(raw["statusCode"], parsed, answered)

    def invoke(self, name: str, event: dict[str, Any]) -> Any:
        """Call the function *name* with *event*, in its own environment and role."""
        module, _, attribute = self.wiring.functions[name].handler.rpartition(".")
        if self.starts_cold:
            _forget()
        with self.acting(name), _in_role(name):
            return getattr(importlib.import_module(module), attribute)(event, CONTEXT)

    @contextmanager
    def acting(self, name: str) -> Iterator[None]:
        """The environment of the function *name*, for calling its code directly."""
        with mock.patch.dict(os.environ, self.wiring.functions[name].environment), _in_role(None):
            yield

    # --- people ---

    def customer(self) -> Person:
        return self._person(Role.CUSTOMER)

    def guest(self) -> Person:
        """Somebody without an account, and so without a session."""
        with self.acting("OrdersApi"):
            guest = ids.new(clock.now())
            return Person(guest, "", guests.token(guest))

    def staff(self, role: str) -> Person:
        return self._person(Role[role.upper()])

    def _person(self, role: Role) -> Person:
        """Somebody with an account, whose password is PASSWORD, and one session."""
        from auth import store, tokens
        from auth.account import Account
        from auth.session.session import Device, Session
        from auth.staff import store as staff
        from auth.staff.member import Member

        now = clock.now()
        subject, device = ids.new(now), Device(None, None, "203.0.113.0/24")
        login = f"person-{subject}@example.com"
        account = Account(subject, role, (login,), password_hash=PASSWORD_HASH)
        session = Session(ids.new(now), subject, role, now, device)
        with self.acting("AuthApi"):
            member = Member(subject, login, role, now)
            store.add_account(account, *(staff.joined(member) if role > Role.CUSTOMER else ()))
            store.begin_session(account, account, session)
            if role is Role.CUSTOMER:
                table.apply(table.put(_profile(subject)))
            token = tokens.access_token(subject, session.id, role, now)
        return Person(subject, session.id, token)

    # --- events ---

    def publish(self, *events: Event) -> None:
        """Put *events* on the bus, as their producers would, and let them arrive."""
        for event in events:
            fake_aws.client("events").put_events(
                Entries=[
                    {
                        "EventBusName": self.wiring.physical["Bus"]["Ref"],
                        "Source": event.name.split(".")[0],
                        "DetailType": event.name,
                        "Detail": event.model_dump_json(),
                    }
                ]
            )
        self.drain()

    def published[E: Event](self, kind: type[E]) -> list[E]:
        """The events of *kind* that reached the bus, oldest first."""
        sent = [c for c in self.calls if c.name == "events.PutEvents"]
        entries = [entry for call in sent for entry in call.arguments["Entries"]]
        return [
            kind.model_validate_json(entry["Detail"])
            for entry in entries
            if entry["DetailType"] == kind.name
        ]

    def drain(self) -> None:
        """Streams to the bus, queues to their consumers, until nothing moves."""
        for _ in range(MOST_ROUNDS):
            if not self._relay() | self._consume():
                return
        raise AssertionError("events keep going round")

    @contextmanager
    def holding(self, name: str) -> Iterator[list[Any]]:
        """Let the consumer *name* wait; what lies in its queue meanwhile."""
        everybody = self._functions

        def others(kind: str) -> list[Function]:
            return [function for function in everybody(kind) if function.name != name]

        queue = f"{name.removesuffix('Consumer')}Queue"
        arn = self.wiring.physical[queue]["Arn"]
        with mock.patch.object(self, "_functions", others):
            yield _queues()[arn.rpartition(":")[2]]._messages

    def tick(self) -> None:
        """What a minute's schedule starts, and what follows from it."""
        for function in self.wiring.functions.values():
            if function.triggers("Schedule"):
                self.invoke(function.name, {"source": "aws.events", "detail": {}})
        self.drain()

    def _relay(self) -> bool:
        moved = [
            self._stream(f, t) for f in self._functions("DynamoDB") for t in f.triggers("DynamoDB")
        ]
        return any(moved)

    def _stream(self, function: Function, trigger: dict[str, Any]) -> bool:
        """Hand the rows inserted since last time, as the mapping's filter lets them through."""
        source = self.wiring.resolve(trigger["Stream"])
        [name] = [n for n, p in self.wiring.physical.items() if p.get("StreamArn") == source]
        pattern = json.loads(trigger["FilterCriteria"]["Filters"][0]["Pattern"])
        records = [r for r in self._inserted(name) if EventPattern(None, pattern).matches_event(r)]
        if records:
            self.invoke(function.name, {"Records": records})
            left = {(r.hash_key.value, r.range_key.value) for r in self._rows(name)}
            self._relayed[name] &= left  # what is gone may be inserted once more
        return bool(records)

    def _inserted(self, name: str) -> list[dict[str, Any]]:
        # Ids tell when each was written; of shards chance chose one.
        stored = {(r.hash_key.value, r.range_key.value): r for r in self._rows(name)}
        seen = self._relayed.get(name, frozenset())
        self._relayed[name] = frozenset(stored)
        new = [row.to_json()["Attributes"] for key, row in stored.items() if key not in seen]
        rows = sorted(new, key=lambda row: row["sk"]["S"])
        return [
            {
                "eventName": "INSERT",
                "eventSource": "aws:dynamodb",
                "dynamodb": {
                    "Keys": {"pk": row["pk"], "sk": row["sk"]},
                    "NewImage": row,
                    "SequenceNumber": str(n),
                },
            }
            for n, row in enumerate(rows)
        ]

    def _consume(self) -> bool:
        moved = [self._polled(f, t) for f in self._functions("SQS") for t in f.triggers("SQS")]
        return any(moved)

    def _polled(self, function: Function, trigger: dict[str, Any]) -> bool:
        """One batch; of a queue that gives out message by message, as many as there are."""
        name = self.wiring.resolve(trigger["Queue"]).rpartition(":")[2]
        batches = len(_queues()[name]._messages) if trigger["BatchSize"] == 1 else 1
        return sum(self._poll(function, trigger) for _ in range(batches)) > 0

    def _poll(self, function: Function, trigger: dict[str, Any]) -> bool:
        """One batch; what fails comes back after those that wait, until the queue gives it up."""
        sqs, arn = fake_aws.client("sqs"), self.wiring.resolve(trigger["Queue"])
        queue = _queues()[arn.rpartition(":")[2]]
        if not queue._messages:
            return False  # without asking: most queues are empty whenever anything moves
        [url] = [p["Ref"] for p in self.wiring.physical.values() if p.get("Arn") == arn]
        messages = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=min(trigger["BatchSize"], 10), AttributeNames=["All"]
        ).get("Messages", [])
        if not messages:
            return False
        answer = self.invoke(function.name, {"Records": [_record(m, arn) for m in messages]})
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        for message in messages:
            handle = {"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]}
            if message["MessageId"] in failed:
                sqs.change_message_visibility(**handle, VisibilityTimeout=0)
                _to_the_back(queue, message["ReceiptHandle"])
            else:
                sqs.delete_message(**handle)
        return True

    def _functions(self, kind: str) -> list[Function]:
        return [f for f in self.wiring.functions.values() if f.triggers(kind)]

    # --- what there is to see ---

    @property
    def letters(self) -> list[Letter]:
        """The letters sent, oldest first."""
        sent = [call.arguments for call in self.calls if call.name == "sesv2.SendEmail"]
        return [_letter(arguments) for arguments in sent]

    @property
    def texts(self) -> list[Sms]:
        """The SMS sent, oldest first."""
        sent = [call.arguments for call in self.calls if call.name == "sns.Publish"]
        texts = [arguments for arguments in sent if "PhoneNumber" in arguments]
        return [Sms(arguments["PhoneNumber"], arguments["Message"]) for arguments in texts]

    def items(self, name: str) -> list[table.Item]:
        """Every row of the table *name*."""
        return [table.load(row.to_json()["Attributes"]) for row in self._stored(name)]

    def messages(self, name: str) -> list[dict[str, Any]]:
        """What lies in the queue *name*; it stays there."""
        found = fake_aws.client("sqs").receive_message(
            QueueUrl=self.wiring.physical[name]["Ref"],
            MaxNumberOfMessages=10,
            VisibilityTimeout=0,
        )
        return [json.loads(message["Body"]) for message in found.get("Messages", [])]

    @contextmanager
    def counted(self) -> Iterator[Calls]:
        """The calls of AWS made inside."""
        start, counted = len(self.calls), Calls()
        yield counted
        counted.extend(self.calls[start:])

    def reset(self) -> None:
        for stored in standing.tables().values():
            stored.items.clear()
        for queue in _queues().values():
            queue._messages.clear()  # PurgeQueue is allowed once a minute only
            queue._pending_messages.clear()
        self.clock.offset = _until_noon()
        access._revocations.read_at = float("-inf")
        self._relayed.clear()
        objects.bring_back({})
        snapshots.held.clear()
        self.calls.clear()
        self.starts_cold = False
        self.logbook.check()
        self.roles.check()

    def _rows(self, name: str) -> list[Any]:
        return standing.rows(standing.tables()[self.wiring.physical[name]["Ref"]])

    def _stored(self, name: str) -> Iterator[Any]:
        """Straight from moto: a scan at each look would be most of a test's time."""
        return standing.tables()[self.wiring.physical[name]["Ref"]].all_items()


def _queues() -> dict[str, Any]:
    return get_backend("sqs")[ACCOUNT][REGION].queues


def _to_the_back(queue: Any, receipt: str) -> None:
    """Let a message that failed wait behind the others, as it does for seconds; first in, first
    out is not so."""
    if not queue.fifo_queue:
        queue._messages.sort(key=lambda message: message.had_receipt_handle(receipt))


@contextmanager
def running() -> Iterator[Cloud]:
    """The stack, created from template.yaml; its clock is the test's."""
    wiring = fake_aws.create()
    fake_aws.set_redrives(wiring)
    cloud = Cloud(wiring)
    cloud.logbook.setFormatter(logger.registered_formatter)
    logging.getLogger(logger.name).addHandler(cloud.logbook)
    made: Callable[..., Any] = botocore.client.BaseClient._make_api_call

    def recorded(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
        call = Call(f"{client.meta.service_model.service_name}.{operation}", arguments)
        if function := _acting.get():
            cloud.roles.admit(function, call.name, arguments)
        answer = made(client, operation, arguments)
        cloud.calls.append(call)
        return answer

    with (
        standing.replaced(),
        # Nothing lies in a queue for days here, and moto counts the whole queue to know.
        mock.patch.object(
            SQSBackend, "is_message_valid_based_on_retention_period", return_value=True
        ),
        mock.patch.object(botocore.client.BaseClient, "_make_api_call", recorded),
        mock.patch.object(RequestSigner, "generate_presigned_url", _admitting(cloud)),
        mock.patch.object(S3PostPresigner, "generate_presigned_post", _admitting_forms(cloud)),
        mock.patch.object(clock, "_offset", cloud.clock.read),
        # moto reads the paths of a rule anew for each event, which took a fifth of a story's time.
        mock.patch.object(jsonpath_ng.ext, "parse", cache(jsonpath_ng.ext.parse)),
    ):
        yield cloud


def _admitting(cloud: Cloud) -> Callable[..., str]:
    """Signing of links: whoever follows one acts in the role of the function that signed it."""
    sign = RequestSigner.generate_presigned_url

    def signed(signer: Any, **asked: Any) -> str:
        place, operation = urlsplit(asked["request_dict"]["url"]), asked["operation_name"]
        named = {"Bucket": str(place.hostname).split(".")[0], "Key": unquote(place.path[1:])}
        if function := _acting.get():
            cloud.roles.admit(function, f"s3.{operation}", named)
        return str(sign(signer, **asked))

    return signed


def _admitting_forms(cloud: Cloud) -> Callable[..., dict[str, Any]]:
    """The same of forms: whoever posts one writes in the role of the function that signed it."""
    sign = S3PostPresigner.generate_presigned_post

    def signed(signer: Any, *, request_dict: dict[str, Any], **more: Any) -> dict[str, Any]:
        bucket = str(urlsplit(request_dict["url"]).hostname).split(".")[0]
        if function := _acting.get():
            named = {"Bucket": bucket, "Key": more["fields"]["key"]}
            cloud.roles.admit(function, "s3.PutObject", named)
        return dict(sign(signer, request_dict=request_dict, **more))

    return signed


@contextmanager
def _in_role(name: str | None) -> Iterator[None]:
    acting = _acting.set(name)
    try:
        yield
    finally:
        _acting.reset(acting)


def _forget() -> None:
    """What a process keeps between calls, a new one has not."""
    access._public_key.cache_clear()
    access._revocations.read_at = float("-inf")
    pepper._kept.clear()
    snapshots.held.clear()


def _profile(customer_id: str) -> table.Item:
    """The row of somebody who has registered and told nothing of themselves."""
    row = {"pk": f"CUSTOMER#{customer_id}", "sk": "PROFILE", "version": 1, "language": "en"}
    row |= {"registered_at": clock.now().isoformat(), "email": "kim@example.com"}
    return row | {"time_zone": "Europe/Moscow"}


def _record(message: dict[str, Any], arn: str) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
    }


def _letter(arguments: dict[str, Any]) -> Letter:
    simple = arguments["Content"]["Simple"]
    body = {part: content["Data"] for part, content in simple["Body"].items()}
    [to] = arguments["Destination"]["ToAddresses"]
    return Letter(to, simple["Subject"]["Data"], body.get("Text", ""), body.get("Html", ""))
