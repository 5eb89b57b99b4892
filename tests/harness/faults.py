"""A fault at a call of AWS: what the network, AWS and the sandbox can do to a function.

Faults are put in place of moto's own answer, one attempt at a time, so botocore's retries are the
real ones (their waits only counted). botocore's `before-send` is no place for that: every
handler of it runs, so moto would carry out a call that is said to have failed.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn
from unittest import mock
from urllib.parse import parse_qsl

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from botocore.retries.quota import RetryQuota
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse

type Reply = Callable[[str, Any], AWSResponse]


class Killed(BaseException):
    """The sandbox ends at this moment: time is up, or memory."""


def _response(request: Any, status: int, payload: dict[str, Any], kind: str = "") -> AWSResponse:
    headers = {"Content-Type": "application/x-amz-json-1.0", "x-amzn-errortype": kind}
    return AWSResponse(request.url, status, headers, MockRawResponse(json.dumps(payload)))


def _error(request: Any, status: int, code: str) -> AWSResponse:
    if "urlencoded" in str(request.headers.get("Content-Type")):
        return _error_in_xml(request, status, code)
    if ".s3." in request.url:
        text = f"<Error><Code>{code}</Code><Message>injected</Message></Error>"
        return AWSResponse(request.url, status, {}, MockRawResponse(text))
    return _response(request, status, {"__type": f"aws#{code}", "message": "injected"}, code)


def _error_in_xml(request: Any, status: int, code: str) -> AWSResponse:
    """As services say it that speak the query protocol (SNS)."""
    body = f"<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>"
    return AWSResponse(request.url, status, {"Content-Type": "text/xml"}, MockRawResponse(body))


def _service(operation: str) -> str:
    return operation.partition(".")[0]


# The codes by which each service says it: what is not listed says the usual.
TOO_MANY = {
    "dynamodb": "ProvisionedThroughputExceededException",
    "s3": "SlowDown",
    "sesv2": "TooManyRequestsException",
    "sns": "Throttled",
}
BROKEN = {
    "dynamodb": "InternalServerError",
    "eventbridge": "InternalException",
    "events": "InternalException",
    "kms": "KMSInternalException",
    "s3": "InternalError",
    "secrets-manager": "InternalServiceError",
    "sesv2": "InternalServiceErrorException",
    "sns": "InternalError",
}


def _body(request: Any) -> dict[str, Any]:
    text = request.body.decode() if isinstance(request.body, bytes) else request.body
    return json.loads(text) if text.startswith("{") else dict(parse_qsl(text))


def _throttle(operation: str, request: Any) -> AWSResponse:
    return _error(request, 400, TOO_MANY.get(_service(operation), "ThrottlingException"))


def _break(operation: str, request: Any) -> AWSResponse:
    return _error(request, 500, BROKEN.get(_service(operation), "InternalFailure"))


def _deny(operation: str, request: Any) -> AWSResponse:
    return _error(request, 400, "AccessDeniedException")


def _no_connection(operation: str, request: Any) -> NoReturn:
    raise ConnectTimeoutError(endpoint_url=request.url, error="injected")


def _no_answer(operation: str, request: Any) -> NoReturn:
    raise ReadTimeoutError(endpoint_url=request.url, error="injected")


def _kill(operation: str, request: Any) -> NoReturn:
    raise Killed


PARTIAL: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "PutEvents": lambda asked: {
        "FailedEntryCount": len(asked["Entries"]),
        "Entries": [{"ErrorCode": "ThrottlingException", "ErrorMessage": "x"}]
        * len(asked["Entries"]),
    },
    "BatchWriteItem": lambda asked: {"UnprocessedItems": asked["RequestItems"]},
    "BatchGetItem": lambda asked: {"Responses": {}, "UnprocessedKeys": asked["RequestItems"]},
}


def _refuse_inside(operation: str, request: Any) -> AWSResponse:
    return _response(request, 200, PARTIAL[operation.partition(".")[2]](json.loads(request.body)))


@dataclass(frozen=True, slots=True)
class Fault:
    """*done*: the call has its effect; *once*: only the first attempt of the call is hit.

    *passing*: by itself it goes away, so a caller is told to come again.
    """

    name: str
    reply: Reply
    done: bool = False
    once: bool = False
    passing: bool = True

    def applies(self, operation: str) -> bool:
        return self.reply is not _refuse_inside or operation.partition(".")[2] in PARTIAL


FAULTS = (
    Fault("throttled", _throttle),
    Fault("broken", _break),
    Fault("no connection", _no_connection),
    Fault("denied", _deny, passing=False),
    Fault("killed before", _kill),
    Fault("answer lost", _no_answer, done=True),
    Fault("answer lost, sent again", _no_answer, done=True, once=True),
    Fault("killed after", _kill, done=True),
    Fault("throttled once", _throttle, once=True),
    Fault("refused inside a 200", _refuse_inside),
)


@dataclass(slots=True)
class Injector:
    """Counts the calls of AWS while `watching`, and lets *fault* happen at the *k*-th, from 0.

    With a fault and no k, it happens at every one.
    """

    fault: Fault | None = None
    k: int | None = None
    watching: bool = False
    calls: list[str] = field(default_factory=list)
    hit: str | None = None
    slept: float = 0.0
    carried_out: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    _numbers: dict[Any, int] = field(default_factory=dict)
    _attempts: int = 0
    _tokens: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def installed(self) -> Iterator["Injector"]:
        genuine = BotocoreStubber.__call__

        def stand_in(stubber: Any, event_name: str, request: Any, **rest: Any) -> AWSResponse:
            operation = event_name.partition(".")[2]

            def carry_out() -> AWSResponse:
                return self._carried_out(operation, request, lambda: genuine(*args, **rest))

            args = (stubber, event_name, request)
            return self._answer(operation, request, carry_out)

        with (
            mock.patch.object(BotocoreStubber, "__call__", stand_in),
            mock.patch.object(time, "sleep", self._sleep),
            # One client lives through a thousand faults: its budget of retries must not run out.
            mock.patch.object(RetryQuota, "acquire", return_value=True),
        ):
            yield self

    def bodies(self, operation: str) -> list[dict[str, Any]]:
        """What reached AWS by *operation*, whatever the caller learnt of it."""
        return [body for name, body in self.carried_out if name == operation]

    def _sleep(self, seconds: float) -> None:
        self.slept += seconds

    def _answer(
        self, operation: str, request: Any, carry_out: Callable[[], AWSResponse]
    ) -> AWSResponse:
        if not self._is_hit(operation, request):
            return carry_out()
        assert self.fault
        self.hit = operation
        self._attempts += 1
        if self.fault.once and self._attempts > 1:
            return carry_out()
        if self.fault.done and self._attempts == 1:
            carry_out()
        return self.fault.reply(operation, request)

    def _is_hit(self, operation: str, request: Any) -> bool:
        """Attempts of one call share an id, which botocore gives them."""
        call = request.headers["amz-sdk-invocation-id"]
        if call not in self._numbers:
            if not self.watching:
                return False
            self._numbers[call] = len(self.calls)
            self.calls.append(operation)
        return self.fault is not None and self.k in (None, self._numbers[call])

    def _carried_out(
        self, operation: str, request: Any, genuine: Callable[[], AWSResponse]
    ) -> AWSResponse:
        """moto's answer; unlike moto, the same ClientRequestToken writes once."""
        name = operation.partition(".")[2]
        if name not in ("TransactWriteItems", "PutEvents", "SendEmail", "Publish"):
            return genuine()
        body = _body(request)
        token = body.get("ClientRequestToken")
        if token and token in self._tokens:
            same = self._tokens[token] == body
            mismatch = "IdempotentParameterMismatchException"
            return _response(request, 200, {}) if same else _error(request, 400, mismatch)
        answer = genuine()
        if answer.status_code == 200:
            self._tokens |= {token: body} if token else {}
            self.carried_out.append((name, body))
        return answer
