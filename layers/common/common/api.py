"""The HTTP shell every capability starts from.

What the gateway hands over is checked before any route sees it; what leaves is JSON or a
problem (RFC 9457), never a stack trace.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import BaseRouter
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, ConfigDict

from common import strict_json, table
from common.errors import (
    BodyTooLarge,
    Busy,
    HeadersTooLarge,
    InternalError,
    Invalid,
    MalformedBody,
    MethodNotAllowed,
    NotFound,
    Problem,
    UnsupportedMediaType,
    VersionConflict,
)
from common.fields import explain, telling
from common.language import Language, preferred
from common.logs import fault, logger

LARGEST_BODY_BYTES = 256 * 1024
LARGEST_HEADERS_BYTES = 8 * 1024
JSON_TYPES = {"application/json", "application/json;charset=utf-8"}
PAGE_LIMIT = 20
LARGEST_PAGE = 50

# Answers hold personal data: no cache may keep them (ASVS 14.3.2).
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

# Errors of AWS that pass by themselves, beside all of 5xx: the caller may repeat the call.
PASSING = {
    "InternalServerError",
    "InternalServerErrorException",
    "KMSInternalException",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TransactionInProgressException",
}

UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
Id = Annotated[str, Path(pattern=UUID)]
Cursor = Annotated[str | None, Query(max_length=1024)]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=64, description="The ETag that the change is meant for"),
]
IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", max_length=64, description="The ETag that is known")
]


class Body(BaseModel):
    """A request's body: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class View(BaseModel):
    """What an answer shows: exactly the fields named."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def create() -> APIGatewayHttpResolver:
    """An API that validates against type hints and answers problems."""
    api = APIGatewayHttpResolver(
        enable_validation=True, serializer=_written, json_body_deserializer=strict_json.loads
    )

    @api.exception_handler(Problem)
    def answer_problem(problem: Problem) -> Response[str]:
        return _problem(problem, language(api))

    @api.exception_handler(RequestValidationError)
    def answer_invalid(refused: RequestValidationError) -> Response[str]:
        if any(error["loc"][0] == "response" for error in refused.errors()):
            fault("an answer breaks its own schema", refused)
            return _problem(InternalError(), language(api))
        return _problem(_invalid(api, refused), language(api))

    @api.not_found
    def answer_not_found(_: NotFoundError) -> Response[str]:
        allowed = _methods(api, [*api._static_routes, *api._dynamic_routes])
        return _problem(MethodNotAllowed(allowed) if allowed else NotFound(), language(api))

    return api


def resolve(
    api: APIGatewayHttpResolver, event: dict[str, Any], context: LambdaContext
) -> dict[str, Any]:
    """Answer one request of the gateway (HTTP API, payload version 2)."""
    spoken = preferred(event.get("headers", {}).get("accept-language"))
    request_id = event.get("requestContext", {}).get("requestId", "-")
    table.ride()  # nothing of an earlier request
    try:
        answer = api.resolve(_checked(event), context)
    except Problem as problem:
        answer = _outside(problem, spoken)
    except (ClientError, BotoCoreError) as failure:
        answer = _outside(_translated(failure), spoken)
    except Exception as bug:
        fault("bug", bug, request_id=request_id)
        answer = _outside(InternalError(), spoken)
    table.ride()
    _log(event, answer, request_id)
    answer["headers"] = {**HEADERS, "X-Request-Id": request_id, **answer.get("headers", {})}
    # Not every gateway takes null for the body of a 204 or a 304.
    answer["body"] = answer.get("body") or ""
    return answer


def language(api: BaseRouter) -> Language:
    """The language the caller asked for."""
    return preferred(api.current_event.headers.get("accept-language"))


def answer(
    view: BaseModel, status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> Response[Any]:
    """An answer with a status or headers of its own."""
    return Response(status, "application/json", view.model_dump_json(), headers=dict(headers or {}))


def shown(model: type[BaseModel], status: HTTPStatus = HTTPStatus.OK) -> dict[int, Any]:
    """What a route that builds its answer by `answer` declares for OpenAPI."""
    content = {"application/json": {"model": model}}
    return {int(status): {"description": status.phrase, "content": content}}


def etag(version: int) -> str:
    return f'"{version}"'


def require_match(wanted: str | None, version: int) -> None:
    """VersionConflict when *wanted*, the request's If-Match if any, names another version."""
    if wanted not in (None, "*", etag(version)):
        raise VersionConflict


def _written(value: Any) -> str:
    """JSON with its letters as they are: half the bytes of Russian, and readable in a terminal."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _checked(event: dict[str, Any]) -> dict[str, Any]:
    """*event* with its body as text, once size, type and encoding are acceptable."""
    headers: dict[str, str] = event.get("headers", {})
    if sum(len(name) + len(value) for name, value in headers.items()) > LARGEST_HEADERS_BYTES:
        raise HeadersTooLarge
    body = event.get("body")
    if not body:
        return event
    raw = _bytes(body, event.get("isBase64Encoded", False))
    if len(raw) > LARGEST_BODY_BYTES:
        raise BodyTooLarge
    kind = headers.get("content-type", "").lower().replace(" ", "").replace('"', "")
    if kind not in JSON_TYPES or headers.get("content-encoding", "identity") != "identity":
        raise UnsupportedMediaType
    try:
        return event | {"body": raw.decode(), "isBase64Encoded": False}
    except UnicodeDecodeError as malformed:
        raise UnsupportedMediaType from malformed


def _bytes(body: str, encoded: bool) -> bytes:
    try:
        return base64.b64decode(body, validate=True) if encoded else body.encode()
    except (binascii.Error, UnicodeEncodeError) as malformed:
        raise MalformedBody from malformed


def _invalid(api: APIGatewayHttpResolver, refused: RequestValidationError) -> Problem:
    """A path that is written out is no id of the route that met it: its method is wrong."""
    own = _methods(api, api._static_routes)
    if own and any(error["loc"][0] == "path" for error in refused.errors()):
        return MethodNotAllowed(own)
    return Invalid(errors=[explain(error, language(api)) for error in telling(refused.errors())])


def _methods(api: APIGatewayHttpResolver, routes: Iterable[Any]) -> list[str]:
    """The methods that the asked path does take, of *routes*."""
    path = api.current_event.path
    return sorted({route.method for route in routes if route.rule.match(path)})


def _problem(problem: Problem, spoken: Language) -> Response[str]:
    body = _written(problem.body(spoken))
    return Response(problem.status, "application/problem+json", body, headers=dict(problem.headers))


def _outside(problem: Problem, spoken: Language) -> dict[str, Any]:
    """A problem met outside the router."""
    return {
        "statusCode": problem.status,
        "headers": {"Content-Type": "application/problem+json", **problem.headers},
        "body": _written(problem.body(spoken)),
        "isBase64Encoded": False,
    }


def _translated(failure: ClientError | BotoCoreError) -> Problem:
    """A dependency that will be back is Busy; anything else is a bug."""
    code = failure.response["Error"]["Code"] if isinstance(failure, ClientError) else ""
    if isinstance(failure, BotoCoreError) or code in PASSING or _is_theirs(failure):
        logger.warning("dependency failed", error=code or type(failure).__name__)
        return Busy()
    fault("dependency refused", failure, code=code)
    return InternalError()


def _is_theirs(failure: ClientError) -> bool:
    """Each service has its own word for "internal error"; the status is the same."""
    answered = failure.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return answered >= HTTPStatus.INTERNAL_SERVER_ERROR


def _log(event: dict[str, Any], answer: dict[str, Any], request_id: str) -> None:
    """One line a request: what was asked by its route's pattern, never by its values."""
    route = event.get("routeKey", "")
    logger.info("request", route=route, status=answer["statusCode"], request_id=request_id)
