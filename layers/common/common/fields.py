"""Types of request fields, and the words that say what is wrong with one."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from common import cards
from common.language import Language, Text

# Marks that change the direction of text or cannot be seen: none belongs in a name or a line
# (Unicode TR 36). Zero-width joiners stay: emoji and several scripts need them.
FORBIDDEN = frozenset("\u061c\u200b\u200e\u200f\u2028\u2029\u2060\ufeff") | frozenset(
    chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
MOST_MARKS_IN_A_ROW = 4
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

REASONS = {
    "missing": Text(ru="Поле обязательно.", en="This field is required."),
    "extra_forbidden": Text(ru="Такого поля нет.", en="There is no such field."),
    "string_too_short": Text(ru="Слишком коротко.", en="Too short."),
    "string_too_long": Text(ru="Слишком длинно.", en="Too long."),
    "string_type": Text(ru="Нужна строка.", en="A text is needed."),
    "int_type": Text(ru="Нужно целое число.", en="A whole number is needed."),
    "int_from_float": Text(ru="Нужно целое число.", en="A whole number is needed."),
    "int_parsing": Text(ru="Нужно целое число.", en="A whole number is needed."),
    "bool_type": Text(ru="Нужно true или false.", en="True or false is needed."),
    "greater_than_equal": Text(ru="Слишком маленькое значение.", en="Too small."),
    "less_than_equal": Text(ru="Слишком большое значение.", en="Too large."),
    "too_short": Text(ru="Слишком короткий список.", en="The list is too short."),
    "too_long": Text(ru="Слишком длинный список.", en="The list is too long."),
    "model_attributes_type": Text(ru="Нужен объект JSON.", en="A JSON object is needed."),
    "no_such_day": Text(ru="Такого дня нет.", en="There is no such day."),
    "named_twice": Text(ru="Указано дважды.", en="Named twice."),
    "no_consent_needed": Text(
        ru="На эту тему согласие не нужно.", en="This topic needs no consent."
    ),
    "unknown_cursor": Text(
        ru="Такой страницы нет. Начните список сначала.",
        en="There is no such page. Start the list anew.",
    ),
    "unreadable_text": Text(
        ru="Есть недопустимые символы.", en="There are characters that are not accepted."
    ),
}
OTHER_REASON = Text(ru="Недопустимое значение.", en="This value is not accepted.")


def explain(error: dict[str, Any], language: Language) -> dict[str, str]:
    """One entry of a problem's `errors`: where, which rule, and words; never the value."""
    place, code = ".".join(str(part) for part in error["loc"]), rule(error)
    return {"field": place, "code": code, "message": reason(code, language)}


def rule(error: dict[str, Any]) -> str:
    """The rule that was broken. pydantic tells by *ctx* alone that what is too long is a text,
    where that was read before it was measured."""
    kind: str = error["type"]
    lists = error.get("ctx", {}).get("field_type", "List") != "Value"
    return kind if lists or kind not in ("too_short", "too_long") else f"string_{kind}"


def telling(errors: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """*errors* without lists that are short because their items are wrong."""
    inside = {error["loc"][:depth] for error in errors for depth in range(len(error["loc"]))}
    return [one for one in errors if one["type"] != "too_short" or one["loc"] not in inside]


def reason(code: str, language: Language) -> str:
    """The words for the rule that a field breaks."""
    return REASONS.get(code, OTHER_REASON)[language]


def _readable(value: str) -> str:
    """*value* in NFC; refused with control, invisible or stacked characters."""
    text = unicodedata.normalize("NFC", value)
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        control = unicodedata.category(character) == "Cc" and character not in "\n\t"
        if control or character in FORBIDDEN or marks > MOST_MARKS_IN_A_ROW:
            raise PydanticCustomError("unreadable_text", "unreadable text")
    return text


def _one_line(value: str) -> str:
    if "\n" in value or "\t" in value:
        raise PydanticCustomError("unreadable_text", "more than one line")
    return value


def _day(value: Any) -> date:
    """pydantic alone would read "0" as a number of seconds."""
    text = value if isinstance(value, str) and ISO_DAY.fullmatch(value) else ""
    try:
        return date.fromisoformat(text)
    except ValueError as malformed:
        raise PydanticCustomError("no_such_day", "not a day as 2026-11-23") from malformed


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_readable),
    AfterValidator(_one_line),
]
Prose = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000),
    AfterValidator(_readable),
]
# What people write of their own: masked where it is parsed, so that nothing behind ever sees a
# whole card number. What the shop says of its goods, and parcels' numbers, are read as they are.
OwnLine = Annotated[Line, AfterValidator(cards.mask)]
OwnProse = Annotated[Prose, AfterValidator(cards.mask)]
# E.164: a plus, the country code and up to fifteen digits in all.
Phone = Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$")]
Quantity = Annotated[int, Field(strict=True, ge=1, le=999)]
Minor = Annotated[int, Field(strict=True, ge=0, le=10**12)]
Points = Annotated[int, Field(strict=True, ge=0, le=10**9)]
Flag = Annotated[bool, Field(strict=True)]
Day = Annotated[date, BeforeValidator(_day)]
