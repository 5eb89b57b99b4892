"""Each function's role as the template gives it, held against every call the function makes.

moto asks for no rights, and the local stack knows few conditions: here a call that the role does
not allow is refused, as AWS would refuse it, in every test that calls a function.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from botocore.exceptions import ClientError

from wiring import ACCOUNT, REGION, Wiring

type Arguments = Mapping[str, Any]
type Right = tuple[str, int, str, str]

# Rights that no test needs, each with its reason: (function, value): why it is there.
UNTESTED: dict[tuple[str, str], str] = {}
NOTHING = {"Ref": "AWS::NoValue"}


@dataclass(frozen=True)
class Need:
    """One right that a call takes: an action on a resource, and what conditions look at."""

    action: str
    resource: str
    context: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Statement:
    """What one statement of a policy allows."""

    actions: Sequence[str]
    resources: Sequence[str]
    condition: Mapping[str, Mapping[str, Any]]
    all_but: Sequence[str] = ()  # NotResource

    def allows(self, need: Need) -> bool:
        return (
            _like(need.action, self.actions)
            and self._is_meant(need.resource)
            and all(
                OPERATORS[operator](need.context.get(key), _listed(wanted))
                for operator, tests in self.condition.items()
                for key, wanted in tests.items()
            )
        )

    def _is_meant(self, resource: str) -> bool:
        if self.all_but:
            return not _like(resource, self.all_but)
        return _like(resource, self.resources)

    def parts(self) -> Iterator[tuple[str, str]]:
        """Each action, each resource and each value of a condition: what can be superfluous."""
        yield from (("action", action) for action in self.actions)
        yield from (("resource", resource) for resource in self.resources)
        for operator, tests in self.condition.items():
            for key, wanted in tests.items() if operator != "Null" else ():
                yield from ((key, value) for value in _listed(wanted))

    def parts_for(self, need: Need) -> Iterator[tuple[str, str]]:
        """Those of its parts that *need*, which it allows, makes use of."""
        for kind, value in self.parts():
            named = {"action": [need.action], "resource": [need.resource]}
            if any(fnmatchcase(one, value) for one in named.get(kind) or need.context[kind]):
                yield kind, value


known: list["Roles"] = []  # of this process


class Roles:
    """The roles of all functions, and which of their rights were used."""

    def __init__(self, wiring: Wiring) -> None:
        self.statements = {name: list(_statements(wiring, name)) for name in wiring.functions}
        # Names that stay the same from process to process, which those of keys and secrets do not.
        self.logical = {v: f"{n}.{k}" for n, of in wiring.physical.items() for k, v in of.items()}
        self.used: set[Right] = set()
        self.refused: list[str] = []
        known.append(self)

    def admit(self, function: str, call: str, arguments: Arguments) -> None:
        """Refuse what the role of *function* does not allow, as AWS would; note what it uses."""
        for need in needs(call, arguments):
            allowing = [n for n, s in enumerate(self.statements[function]) if s.allows(need)]
            if not allowing:
                self.refused.append(f"{function} may not {need}")
                code = "AccessDeniedException"
                raise ClientError({"Error": {"Code": code, "Message": str(need)}}, call)
            for n in allowing:
                self.used |= self._named(function, n, self.statements[function][n].parts_for(need))

    def check(self) -> None:
        """Forget what was refused; AssertionError if anything was."""
        refused, self.refused = self.refused, []
        assert not refused, refused

    def granted(self) -> set[Right]:
        return {
            right
            for function, statements in self.statements.items()
            for n, statement in enumerate(statements)
            for right in self._named(function, n, statement.parts())
        }

    def _named(self, function: str, n: int, parts: Iterable[tuple[str, str]]) -> set[Right]:
        return {(function, n, kind, self.logical.get(value, value)) for kind, value in parts}


def needs(call: str, arguments: Arguments) -> list[Need]:
    """The rights that a call takes. KeyError for one that nobody has described here."""
    return list(CALLS[call](arguments))


def _statements(wiring: Wiring, function: str) -> Iterator[Statement]:
    properties = wiring.resources("AWS::Serverless::Function")[function]
    for policy in properties.get("Policies", []):
        for statement in _document(wiring, policy)["Statement"]:
            resolved = wiring.resolve(statement)
            assert resolved["Effect"] == "Allow", statement
            named, all_but = (_listed(resolved.get(k, "")) for k in ("Resource", "NotResource"))
            condition = resolved.get("Condition", {})
            yield Statement(_listed(resolved["Action"]), named, condition, all_but)


def _document(wiring: Wiring, policy: dict[str, Any]) -> dict[str, Any]:
    """The document of a policy: written out, named, or there only under a condition."""
    if "Fn::If" in policy:
        condition, then, otherwise = policy["Fn::If"]
        return _document(wiring, then if wiring.holds(condition) else otherwise)
    if policy == NOTHING:
        return {"Statement": []}
    if "Ref" in policy:
        managed = wiring.resources("AWS::IAM::ManagedPolicy")[policy["Ref"]]
        policy = managed["PolicyDocument"]
    return policy


def _listed(value: Any) -> list[Any]:
    """One or many, without what a condition of the template leaves out."""
    return [one for one in (value if isinstance(value, list) else [value]) if one != ""]


def _like(value: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(value, pattern) for pattern in patterns)


OPERATORS: dict[str, Callable[[Sequence[str] | None, Sequence[str]], bool]] = {
    "StringEquals": lambda found, wanted: bool(found) and set(found or ()) <= set(wanted),
    "ForAllValues:StringLike": lambda found, wanted: all(_like(v, wanted) for v in found or ()),
    "Null": lambda found, wanted: [str(found is None).lower()] == [str(w).lower() for w in wanted],
}


# --- what each call takes ---


def _table(action: str, name: str, pks: Sequence[str], index: str | None = None) -> Need:
    arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}" + (f"/index/{index}" if index else "")
    return Need(f"dynamodb:{action}", arn, {"dynamodb:LeadingKeys": pks})


def _one(action: str) -> Callable[[Arguments], Iterator[Need]]:
    def needed(arguments: Arguments) -> Iterator[Need]:
        key = arguments.get("Key") or arguments["Item"]
        yield _table(action, arguments["TableName"], [key["pk"]["S"]])

    return needed


def _query(arguments: Arguments) -> Iterator[Need]:
    [placeholder] = re.findall(r"#\w+ = (:\w+)", arguments["KeyConditionExpression"])[:1]
    pk = arguments["ExpressionAttributeValues"][placeholder]["S"]
    yield _table("Query", arguments["TableName"], [pk], arguments.get("IndexName"))


def _batch_get(arguments: Arguments) -> Iterator[Need]:
    for name, asked in arguments["RequestItems"].items():
        yield _table("BatchGetItem", name, [key["pk"]["S"] for key in asked["Keys"]])


def _transaction(arguments: Arguments) -> Iterator[Need]:
    """A transaction takes the rights of the single writes in it."""
    for write in arguments["TransactItems"]:
        [(kind, part)] = write.items()
        action = "ConditionCheckItem" if kind == "ConditionCheck" else f"{kind}Item"
        yield from _one(action)(part)


def _key(action: str) -> Callable[[Arguments], Iterator[Need]]:
    def needed(arguments: Arguments) -> Iterator[Need]:
        context = arguments.get("EncryptionContext", {}).items()
        named = {f"kms:EncryptionContext:{name}": [value] for name, value in context}
        yield Need(f"kms:{action}", arguments["KeyId"], named)

    return needed


def _secret(arguments: Arguments) -> Iterator[Need]:
    yield Need("secretsmanager:GetSecretValue", arguments["SecretId"])


def _put_events(arguments: Arguments) -> Iterator[Need]:
    for name in {entry["EventBusName"] for entry in arguments["Entries"]}:
        yield Need("events:PutEvents", f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{name}")


def _visibility(arguments: Arguments) -> Iterator[Need]:
    name = arguments["QueueUrl"].rpartition("/")[2]
    yield Need("sqs:ChangeMessageVisibility", f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")


def _object(action: str) -> Callable[[Arguments], Iterator[Need]]:
    def needed(arguments: Arguments) -> Iterator[Need]:
        yield Need(f"s3:{action}", f"arn:aws:s3:::{arguments['Bucket']}/{arguments['Key']}")

    return needed


def _send_email(arguments: Arguments) -> Iterator[Need]:
    sender = arguments["FromEmailAddress"].rpartition("<")[2].rstrip(">")
    identity = f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{sender}"
    yield Need("ses:SendEmail", identity, {"ses:FromAddress": [sender]})


def _publish(arguments: Arguments) -> Iterator[Need]:
    [to] = (arguments[k] for k in ("PhoneNumber", "TopicArn", "TargetArn") if k in arguments)
    yield Need("sns:Publish", to)


def _opted_out(arguments: Arguments) -> Iterator[Need]:
    yield Need("sns:CheckIfPhoneNumberIsOptedOut", arguments["phoneNumber"])


def _call(arguments: Arguments) -> Iterator[Need]:
    yield Need("sms-voice:SendVoiceMessage", arguments["OriginationIdentity"])


def _endpoint_made(arguments: Arguments) -> Iterator[Need]:
    yield Need("sns:CreatePlatformEndpoint", arguments["PlatformApplicationArn"])


def _endpoint(action: str) -> Callable[[Arguments], Iterator[Need]]:
    def needed(arguments: Arguments) -> Iterator[Need]:
        yield Need(f"sns:{action}", arguments["EndpointArn"])

    return needed


CALLS: dict[str, Callable[[Arguments], Iterator[Need]]] = {
    **{f"dynamodb.{one}": _one(one) for one in ("GetItem", "PutItem", "UpdateItem", "DeleteItem")},
    "dynamodb.BatchGetItem": _batch_get,
    "dynamodb.Query": _query,
    "dynamodb.TransactWriteItems": _transaction,
    "events.PutEvents": _put_events,
    **{f"kms.{one}": _key(one) for one in ("Decrypt", "Encrypt", "GetPublicKey", "Sign")},
    "pinpoint-sms-voice-v2.SendVoiceMessage": _call,
    **{f"s3.{one}": _object(one) for one in ("GetObject", "PutObject", "DeleteObject")},
    "secretsmanager.GetSecretValue": _secret,
    "sesv2.SendEmail": _send_email,
    "sns.CheckIfPhoneNumberIsOptedOut": _opted_out,
    "sns.CreatePlatformEndpoint": _endpoint_made,
    **{f"sns.{one}": _endpoint(one) for one in ("DeleteEndpoint", "SetEndpointAttributes")},
    "sns.Publish": _publish,
    "sqs.ChangeMessageVisibility": _visibility,
}
