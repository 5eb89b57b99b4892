"""What a name or a text may hold."""

from typing import Annotated

import pytest
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from common.fields import Day, Line, Prose, Quantity, rule, telling

line, prose, quantity = TypeAdapter(Line), TypeAdapter(Prose), TypeAdapter(Quantity)


@pytest.mark.case("V7")
@pytest.mark.parametrize(
    "text", ["a\x00b", "abc\u202egpj.exe", "a\u200bb", "e" + "\u0301" * 10_000, "a\nb", "\x1b[31m"]
)
def test_a_line_with_hidden_or_stacked_characters_is_refused(text):
    with pytest.raises(ValidationError):
        line.validate_python(text)


@pytest.mark.case("V7")
@pytest.mark.parametrize("text", ["Анна-Мария О’Нил", "José", "山田 太郎", "👨‍👩‍👧", "نور"])
def test_real_names_are_kept_as_they_are(text):
    once = line.validate_python(text)

    assert once == text
    assert line.validate_python(once) == once


@pytest.mark.case("V7")
def test_composed_and_decomposed_letters_are_one():
    assert line.validate_python("José") == line.validate_python("Jose\u0301")


def test_prose_keeps_its_paragraphs():
    assert prose.validate_python("  Hello\n\nthere\t! ") == "Hello\n\nthere\t!"


@pytest.mark.case("V2")
@pytest.mark.parametrize("value", [0, -1, 1.5, 1.0, True, "1", 2**63, None, [1]])
def test_a_quantity_is_a_small_whole_number(value):
    with pytest.raises(ValidationError):
        quantity.validate_python(value)


@pytest.mark.case("V4", "V10")
@pytest.mark.parametrize("value", [None, 0, True, {}, [], ["2026-11-23"], "0", "2026-02-30"])
def test_what_is_no_day_is_refused_whatever_it_is(value):
    with pytest.raises(ValidationError):
        TypeAdapter(Day).validate_python(value)


class Order(BaseModel):
    note: Annotated[Line, Field(max_length=3)] = "hi"
    days: Annotated[list[Day], Field(min_length=1)]


def wrong(**body):
    with pytest.raises(ValidationError) as refused:
        Order.model_validate(body)
    return [(rule(error), error["loc"][0]) for error in telling(refused.value.errors())]


@pytest.mark.case("V3")
def test_what_is_wrong_is_told_once_and_by_its_name():
    assert wrong(days=["2026-02-30"]) == [("no_such_day", "days")]
    assert wrong(days=[]) == [("too_short", "days")]
    assert wrong(note="a longer one", days=["2026-02-01"]) == [("string_too_long", "note")]
