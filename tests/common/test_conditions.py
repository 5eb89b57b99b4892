"""Conditions as DynamoDB reads them, and items in its notation."""

from enum import StrEnum

import pytest

from common.conditions import Attr, expression
from common.expressions import dump, load


class State(StrEnum):
    OPEN = "open"


def test_every_name_and_value_is_a_placeholder():
    names, values = {}, {}
    condition = Attr("state").eq("open") & (Attr("end").not_exists() | Attr("end").gt(3))

    said = expression(condition, names, values)

    assert said == "(#n0 = :v0 AND (attribute_not_exists(#n1) OR #n2 > :v1))"
    assert names == {"#n0": "state", "#n1": "end", "#n2": "end"}
    assert values == {":v0": "open", ":v1": 3}


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Attr("a").lt(1), "#n0 < :v0"),
        (Attr("a").lte(1), "#n0 <= :v0"),
        (Attr("a").gte(1), "#n0 >= :v0"),
        (Attr("a").between(1, 2), "#n0 BETWEEN :v0 AND :v1"),
        (Attr("a").begins_with("x"), "begins_with(#n0, :v0)"),
        (Attr("a").exists(), "attribute_exists(#n0)"),
    ],
)
def test_each_comparison_is_said_in_dynamodbs_words(condition, said):
    assert expression(condition, {}, {}) == said


def test_an_item_comes_back_as_it_was():
    item = {"s": "ж", "n": -3, "yes": True, "none": None, "l": [1, {"m": {}}], "e": State.OPEN}

    assert load(dump(item)) == item
    assert dump({"yes": True, "n": 1}) == {"yes": {"BOOL": True}, "n": {"N": "1"}}


@pytest.mark.parametrize("value", [1.5, {1}, b"x"])
def test_what_a_table_does_not_hold_is_refused(value):
    with pytest.raises(TypeError):
        dump({"x": value})


def test_nothing_but_what_tables_hold_is_read():
    with pytest.raises(TypeError):
        load({"x": {"NS": ["1"]}})
