"""DynamoDB's own notation: items in its JSON, conditions and updates as its expressions.

Every name and value is a placeholder, for any word may be reserved.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from common.conditions import Condition, expression

type Item = dict[str, Any]
type Path = str | tuple[str, ...]


def dump(item: Mapping[str, Any]) -> dict[str, Any]:
    """*item* in DynamoDB's JSON: texts, integers, booleans, None, lists and maps."""
    return {name: _dumped(value) for name, value in item.items()}


def load(item: Mapping[str, Any]) -> Item:
    """An item from DynamoDB's JSON; every number in the tables is an integer."""
    return {name: _loaded(value) for name, value in item.items()}


def _dumped(value: Any) -> dict[str, Any]:
    match value:
        case None:
            return {"NULL": True}
        case str():
            return {"S": value}
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(int(value))}
        case list() | tuple():
            return {"L": [_dumped(part) for part in value]}
        case Mapping():
            return {"M": dump(value)}
    raise TypeError(f"{type(value).__name__} is nothing a table holds")


def _loaded(typed: Mapping[str, Any]) -> Any:
    [(kind, value)] = typed.items()
    match kind:
        case "S" | "BOOL":
            return value
        case "N":
            return int(value)
        case "L":
            return [_loaded(part) for part in value]
        case "M":
            return load(value)
        case "NULL":
            return None
    raise TypeError(f"{kind} is nothing a table holds")


def guard(condition: Condition | None) -> dict[str, Any]:
    """The arguments of a write that holds only under *condition* and else tells what stood."""
    if condition is None:
        return {}
    return _spoken("ConditionExpression", condition) | {
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD"
    }


def keyed(condition: Condition) -> dict[str, Any]:
    """The arguments of a query whose keys meet *condition*."""
    return _spoken("KeyConditionExpression", condition)


def _spoken(argument: str, condition: Condition) -> dict[str, Any]:
    names: dict[str, str] = {}
    values: Item = {}
    spoken = {argument: expression(condition, names, values), "ExpressionAttributeNames": names}
    return spoken | ({"ExpressionAttributeValues": dump(values)} if values else {})


def change(
    assign: Mapping[Path, Any] | None,
    keep: Mapping[Path, Any] | None,
    add: Mapping[Path, int] | None,
    remove: Sequence[Path],
) -> dict[str, Any]:
    """The arguments of an update that sets attributes, or sets them unless they are there, adds to
    and removes them."""
    names: dict[str, str] = {}
    values: Item = {}
    clauses = [
        _clause("SET", [*_assigned(assign, names, values), *_kept(keep, names, values)]),
        _clause("ADD", [f"{_alias(p, names)} {_value(v, values)}" for p, v in _of(add)]),
        _clause("REMOVE", [_alias(p, names) for p in remove]),
    ]
    return {
        "UpdateExpression": " ".join(filter(None, clauses)),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": dump(values),
    }


def _assigned(assign: Mapping[Path, Any] | None, names: dict[str, str], values: Item) -> list[str]:
    return [f"{_alias(p, names)} = {_value(v, values)}" for p, v in _of(assign)]


def _kept(keep: Mapping[Path, Any] | None, names: dict[str, str], values: Item) -> list[str]:
    placed = [(_alias(p, names), _value(v, values)) for p, v in _of(keep)]
    return [f"{alias} = if_not_exists({alias}, {value})" for alias, value in placed]


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
