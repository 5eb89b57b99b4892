"""The bug that races are about, planted: look first, write later.

A write's condition is looked at by a call of its own, and the write follows without it. Requests
one after another notice nothing.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

ANYWAY = "attribute_exists(pk) OR attribute_not_exists(pk)"
SINGLE = {"PutItem", "UpdateItem", "DeleteItem"}
PLACEHOLDERS = ("ExpressionAttributeNames", "ExpressionAttributeValues")

type Make = Callable[[str, dict[str, Any]], Any]
type Look = Callable[[dict[str, Any]], Any]
type Write = dict[str, Any]


@dataclass(frozen=True)
class Late:
    """Plants the bug in writes whose pk or sk begins with one of *guards*."""

    guards: Sequence[str]

    def call(self, make: Make, look: Look, operation: str, arguments: dict[str, Any]) -> Any:
        """Do by *make* what *operation* asks for; what is guarded after a *look* of its own."""
        if operation == "TransactWriteItems":
            return self._transaction(make, look, arguments)
        if operation in SINGLE and self._is_guarded(arguments):
            return self._single(make, look, operation, arguments)
        return make(operation, arguments)

    def _transaction(self, make: Make, look: Look, arguments: dict[str, Any]) -> Any:
        writes = [next(iter(write.items())) for write in arguments["TransactItems"]]
        if any(self._is_guarded(write) for _, write in writes):
            look({"TransactItems": [{"ConditionCheck": _condition(w)} for _, w in writes]})
        opened = [{kind: self._opened(write)} for kind, write in writes]
        return make("TransactWriteItems", arguments | {"TransactItems": opened})

    def _single(self, make: Make, look: Look, operation: str, arguments: dict[str, Any]) -> Any:
        try:
            look({"TransactItems": [{"ConditionCheck": _condition(arguments)}]})
        except ClientError:
            return make(operation, arguments)  # for the refusal in its own words
        return make(operation, self._opened(arguments))

    def _is_guarded(self, write: Write) -> bool:
        key = write.get("Key") or write["Item"]
        names = (key["pk"]["S"], key["sk"]["S"])
        known = any(name.startswith(tuple(self.guards)) for name in names)
        return known and "ConditionExpression" in write

    def _opened(self, write: Write) -> Write:
        if not self._is_guarded(write):
            return write
        return write | {"ConditionExpression": f"{write['ConditionExpression']} OR {ANYWAY}"}


def _condition(write: Write) -> Write:
    """The condition of *write* alone, with the placeholders that it uses."""
    condition = write.get("ConditionExpression", ANYWAY)
    key = write.get("Key") or {name: write["Item"][name] for name in ("pk", "sk")}
    used = set(re.findall(r"[#:]\w+", condition))
    alone = {"TableName": write["TableName"], "Key": key, "ConditionExpression": condition}
    alone |= {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    for name in PLACEHOLDERS:
        if kept := {p: value for p, value in write.get(name, {}).items() if p in used}:
            alone[name] = kept
    return alone
