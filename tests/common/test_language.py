"""Which language an answer is in, and how it writes sums."""

import pytest

from common.language import NBSP, Language, money, preferred


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


@pytest.mark.parametrize(
    ("minor", "currency", "russian", "english"),
    [
        (0, "RUB", "0 ₽", "₽0"),
        (5, "RUB", "0,05 ₽", "₽0.05"),
        (100, "EUR", "1 €", "€1"),
        (123450, "RUB", "1 234,50 ₽", "₽1,234.50"),
        (100000000, "KZT", "1 000 000 ₸", "₸1,000,000"),
        (-29900, "USD", "-299 $", "-$299"),
    ],
)
def test_money_is_written_as_each_language_writes_it(minor, currency, russian, english):
    assert money(Language.RU, minor, currency).replace(NBSP, " ") == russian
    assert money(Language.EN, minor, currency) == english
