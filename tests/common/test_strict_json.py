"""JSON that two parsers might read differently is not read at all."""

import pytest

from common import strict_json
from common.errors import MalformedBody


@pytest.mark.case("V1")
@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "-0"])
def test_numbers_that_are_none_are_refused(number):
    with pytest.raises(MalformedBody):
        strict_json.loads(f'{{"n": {number}}}')


@pytest.mark.case("V3", "V4")
@pytest.mark.parametrize("digits", [41, 5_000])
def test_numbers_too_long_to_mean_anything_are_refused(digits):
    with pytest.raises(MalformedBody):
        strict_json.loads("9" * digits)
    with pytest.raises(MalformedBody):
        strict_json.loads("0." + "9" * digits)


@pytest.mark.case("V6")
@pytest.mark.parametrize("text", ['{"a": 1, "a": 1}', '{"x": {"a": 1, "b": 2, "a": 3}}'])
def test_a_key_may_stand_once(text):
    with pytest.raises(MalformedBody):
        strict_json.loads(text)


@pytest.mark.case("V4")
@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000])
def test_depth_is_no_weapon(text):
    with pytest.raises(MalformedBody):
        strict_json.loads(text)


@pytest.mark.case("V4")
@pytest.mark.parametrize("text", ['"\\ud800"', '{"\\udfff": 1}', "", "{", "\x00", "'a'", "[1,]"])
def test_what_is_no_text_is_refused(text):
    with pytest.raises(MalformedBody):
        strict_json.loads(text)


def test_plain_json_is_read():
    assert strict_json.loads('{"a": [1, 0.5, "é😀", null, true]}') == {
        "a": [1, 0.5, "é😀", None, True]
    }
