"""Which language an answer is in."""

import pytest

from common.language import Language, preferred


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, Language.RU),
        ("", Language.RU),
        ("en", Language.EN),
        ("en-GB,en;q=0.9", Language.EN),
        ("de, en;q=0.5", Language.EN),
        ("en;q=0.1, ru;q=0.9", Language.RU),
        ("en, ru", Language.EN),
        ("ru, en", Language.RU),
        ("en;q=0", Language.RU),
        ("en;q=x;;,,", Language.RU),
        ("*", Language.RU),
    ],
)
def test_the_best_known_language_is_chosen(header, language):
    assert preferred(header) is language
