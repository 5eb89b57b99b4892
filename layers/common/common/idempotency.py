"""`Idempotency-Key`: the same call again is the same answer again, and no second effect.

The record is written in the transaction of the effect, so neither exists without the other.
Business refusals are remembered too; validation failures and 5xx are not. The scope of a key is
its owner and its route; a key lives 24 hours, and expiry is checked where it is read.

pk                sk                                what
<owner>           IDEMPOTENCY#<route>#<hash of key>  body hash, status, snapshot of the answer
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header
from pydantic import BaseModel

from common import clock, table
from common.conditions import Attr
from common.errors import KeyReused, Refusal
from common.language import Language

KEPT = timedelta(hours=24)

# The header's one form, for routes that require it and for those that only accept it.
key_header = partial(
    Header,
    alias="Idempotency-Key",
    min_length=8,
    max_length=128,
    pattern=r"^[\x21-\x7e]+$",
)
Key = Annotated[
    str,
    key_header(description="Any unique text, best a UUID: the same key repeats the same answer."),
]

# Of calls whose effect's id follows from the key: without one, each call is another effect.
OptionalKey = Annotated[
    str | None,
    key_header(description="Any unique text: the same key repeats the same answer."),
]


class Repeated(Exception):
    """The call was carried out before; *record* holds its answer."""

    def __init__(self, record: table.Item) -> None:
        super().__init__()
        self.record = record


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call under a key: whose, which route, with what body."""

    owner: str
    route: str
    key: str
    body_hash: str

    def record(self, status: int, body: str, kind: str = "application/json") -> table.Write:
        """The write that remembers the answer; refused while an earlier one stands."""
        now = int(clock.now().timestamp())
        item = {
            "pk": self.owner,
            "sk": self._sk(),
            "body_hash": self.body_hash,
            "status": status,
            "body": body,
            "content_type": kind,
            "expires_at": now + int(KEPT.total_seconds()),
        }
        return table.put(item, Attr("pk").not_exists() | Attr("expires_at").lte(now))

    def find(self) -> table.Item | None:
        """The record of an earlier call under this key, if it still counts."""
        item = table.get(self.owner, self._sk())
        live = item and item["expires_at"] > clock.now().timestamp()
        return item if live else None

    def require_new(self) -> None:
        """Raise Repeated where an earlier call under this key still counts."""
        if earlier := self.find():
            raise Repeated(earlier)

    def _sk(self) -> str:
        digest = hashlib.sha256(self.key.encode()).hexdigest()[:32]
        return f"IDEMPOTENCY#{self.route}#{digest}"


def attempt(owner: str, route: str, key: str, request: BaseModel) -> Attempt:
    body_hash = hashlib.sha256(request.model_dump_json().encode()).hexdigest()
    return Attempt(owner, route, key, body_hash)


def commit(call: Attempt, status: HTTPStatus, view: BaseModel, *writes: table.Write) -> None:
    """Commit *writes* together with the record of their answer.

    Raise Repeated when the key was used before; ConditionFailed counts from the first of
    *writes*.
    """
    try:
        table.commit(call.record(status, view.model_dump_json()), *writes)
    except table.ConditionFailed as refused:
        if earlier := refused.found.get(0):
            raise Repeated(earlier) from refused
        raise table.ConditionFailed({n - 1: old for n, old in refused.found.items()}) from refused


def once(
    call: Attempt,
    language: Language,
    effect: Callable[[], tuple[HTTPStatus, BaseModel]],
    *beside: table.Write,
) -> Response[Any]:
    """Answer with *effect*, or with what it answered before under the same key.

    KeyReused when the key came with another body. A refusal's record is written together with
    *beside*, or alone where that no longer applies.
    """
    try:
        status, view = effect()
    except Repeated as repeated:
        return _replay(call, repeated.record)
    except Refusal as refused:
        return _refuse(call, refused, language, *beside)
    return Response(status, "application/json", view.model_dump_json())


def _refuse(
    call: Attempt, refused: Refusal, language: Language, *beside: table.Write
) -> Response[Any]:
    """Remember a refusal, unless the call was carried out before: then that is the answer."""
    body = json.dumps(refused.body(language), ensure_ascii=False)
    record = call.record(refused.status, body, "application/problem+json")
    try:
        table.commit(record, *beside) if beside else table.apply(record)
    except table.ConditionFailed as met:
        if 0 in met.found:
            return _replay(call, met.found[0] or {})
        return _refuse(call, refused, language)
    return Response(refused.status, "application/problem+json", body)


def _replay(call: Attempt, record: table.Item) -> Response[Any]:
    if record["body_hash"] != call.body_hash:
        raise KeyReused
    return Response(
        record["status"],
        record["content_type"],
        record["body"],
        headers={"Idempotent-Replayed": "true"},
    )
