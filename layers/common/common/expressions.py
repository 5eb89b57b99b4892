"""DynamoDB's own notation: items in its JSON, conditions and updates as its expressions.

Every name and value is a placeholder, for any word may be reserved.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from boto3.dynamodb.conditions import ConditionBase, ConditionExpressionBuilder
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

type Item = dict[str, Any]
type Path = str | tuple[str, ...]


class _Integers(TypeDeserializer):
    """Every number in the tables is an integer: money, points, quantities, versions."""

    def _deserialize_n(self, value: str) -> int:
        return int(value)


def dump(item: Item) -> dict[str, Any]:
    """*item* in DynamoDB's JSON."""
    serialize = TypeSerializer().serialize
    return {name: serialize(value) for name, value in item.items()}


def load(item: Mapping[str, Any]) -> Item:
    """An item from DynamoDB's JSON."""
    deserialize = _Integers().deserialize
    return {name: deserialize(value) for name, value in item.items()}


def guard(condition: ConditionBase | None) -> dict[str, Any]:
    """The arguments of a write that holds only under *condition* and else tells what stood."""
    if condition is None:
        return {}
    built = ConditionExpressionBuilder().build_expression(condition)
    guard: dict[str, Any] = {
        "ConditionExpression": built.condition_expression,
        "ExpressionAttributeNames": built.attribute_name_placeholders,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    if built.attribute_value_placeholders:
        guard["ExpressionAttributeValues"] = dump(built.attribute_value_placeholders)
    return guard


def keyed(condition: ConditionBase) -> dict[str, Any]:
    """The arguments of a query whose keys meet *condition*."""
    built = ConditionExpressionBuilder().build_expression(condition, is_key_condition=True)
    return {
        "KeyConditionExpression": built.condition_expression,
        "ExpressionAttributeNames": built.attribute_name_placeholders,
        "ExpressionAttributeValues": dump(built.attribute_value_placeholders),
    }


def change(
    assign: Mapping[Path, Any] | None, add: Mapping[Path, int] | None, remove: Sequence[Path]
) -> dict[str, Any]:
    """The arguments of an update that sets, adds to and removes attributes."""
    names: dict[str, str] = {}
    values: Item = {}
    clauses = [
        _clause("SET", [f"{_alias(p, names)} = {_value(v, values)}" for p, v in _of(assign)]),
        _clause("ADD", [f"{_alias(p, names)} {_value(v, values)}" for p, v in _of(add)]),
        _clause("REMOVE", [_alias(p, names) for p in remove]),
    ]
    return {
        "UpdateExpression": " ".join(filter(None, clauses)),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": dump(values),
    }


def merged(*parts: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of one call, their placeholders together; none may stand empty."""
    whole: dict[str, Any] = {}
    for part in parts:
        for name, value in part.items():
            whole[name] = {**whole.get(name, {}), **value} if isinstance(value, dict) else value
    return {name: value for name, value in whole.items() if value != {}}


def _of(values: Mapping[Path, Any] | None) -> list[tuple[Path, Any]]:
    return list((values or {}).items())


def _clause(verb: str, parts: list[str]) -> str:
    return f"{verb} {', '.join(parts)}" if parts else ""


def _alias(path: Path, names: dict[str, str]) -> str:
    """A placeholder for each step of *path*: any word may be reserved."""
    aliases = []
    for name in (path,) if isinstance(path, str) else path:
        alias = f"#u{len(names)}"
        names[alias] = name
        aliases.append(alias)
    return ".".join(aliases)


def _value(value: Any, values: Item) -> str:
    name = f":u{len(values)}"
    values[name] = value
    return name
