"""Every rule that a field can break has words of its own, in both languages."""

import importlib
import re
from pathlib import Path

import pytest

from common import fields
from common.language import Language
from local import openapi

ROOT = Path(__file__).parent.parent
RAISED = re.compile(r'PydanticCustomError\(\s*"(\w+)"|"code": "(\w+)"|_invalid\([^,]+, "(\w+)"\)')


def codes():
    """The codes that the product's own rules give."""
    files = [*ROOT.glob("functions/**/*.py"), *ROOT.glob("layers/common/common/**/*.py")]
    found = (group for file in files for group in RAISED.findall(file.read_text()))
    return sorted({code for group in found for code in group if code})


@pytest.mark.parametrize("code", codes())
def test_a_rule_has_words(code):
    for module in openapi.capabilities():
        importlib.import_module(module)

    for language in Language:
        assert fields.reason(code, language) != fields.OTHER_REASON[language]


def test_a_page_that_does_not_exist_is_told_in_words(cloud):
    answer = cloud.call(
        "GET", "/v1/orders", query={"cursor": "x"}, token=cloud.customer().token, language="ru"
    )

    assert answer.status == 422
    assert answer.body["errors"] == [
        {
            "field": "query.cursor",
            "code": "unknown_cursor",
            "message": "Такой страницы нет. Начните список сначала.",
        }
    ]
