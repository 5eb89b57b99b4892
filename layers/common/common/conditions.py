"""Conditions on an item, as writes are guarded by and queries choose by.

The notation is boto3's, `Attr("stock").gte(2) & Attr("sold_at").not_exists()`, without the
seventy million instructions that importing boto3 adds to a cold start.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds for an item or not; combined by `&` and `|`.

    *form* takes the *parts* in turn: attributes, other conditions, and values.
    """

    form: str
    parts: tuple[Any, ...]

    def __and__(self, other: "Condition") -> "Condition":
        return Condition("({} AND {})", (self, other))

    def __or__(self, other: "Condition") -> "Condition":
        return Condition("({} OR {})", (self, other))


@dataclass(frozen=True, slots=True)
class Attr:
    """An attribute of the item, at its top."""

    name: str

    def eq(self, value: Any) -> Condition:
        return Condition("{} = {}", (self, value))

    def ne(self, value: Any) -> Condition:
        return Condition("{} <> {}", (self, value))

    def lt(self, value: Any) -> Condition:
        return Condition("{} < {}", (self, value))

    def lte(self, value: Any) -> Condition:
        return Condition("{} <= {}", (self, value))

    def gt(self, value: Any) -> Condition:
        return Condition("{} > {}", (self, value))

    def gte(self, value: Any) -> Condition:
        return Condition("{} >= {}", (self, value))

    def between(self, low: Any, high: Any) -> Condition:
        """From *low* to *high*, both counted."""
        return Condition("{} BETWEEN {} AND {}", (self, low, high))

    def begins_with(self, prefix: str) -> Condition:
        return Condition("begins_with({}, {})", (self, prefix))

    def exists(self) -> Condition:
        return Condition("attribute_exists({})", (self,))

    def not_exists(self) -> Condition:
        return Condition("attribute_not_exists({})", (self,))


def expression(condition: Condition, names: dict[str, str], values: dict[str, Any]) -> str:
    """*condition* in DynamoDB's words; its placeholders enter *names* and *values*."""
    parts = [_placed(part, names, values) for part in condition.parts]
    return condition.form.format(*parts)


def _placed(part: Any, names: dict[str, str], values: dict[str, Any]) -> str:
    match part:
        case Condition():
            return expression(part, names, values)
        case Attr(name):
            names[place := f"#n{len(names)}"] = name
        case _:
            values[place := f":v{len(values)}"] = part
    return place


def as_read(version: int) -> Condition:
    """The item is still of that *version*; 0 is one that was never written."""
    return Attr("version").eq(version) if version else Attr("pk").not_exists()
