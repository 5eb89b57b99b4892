import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import cards

pytestmark = pytest.mark.case("C1")

VISA = "4111111111111111"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (VISA, "••••••••••••1111"),
        ("4111 1111 1111 1111", "•••• •••• •••• 1111"),
        ("4111-1111-1111-1111", "••••-••••-••••-1111"),
        ("4111 - 1111\n1111\u00a01111", "•••• - ••••\n••••\u00a01111"),
        ("Amex 3782 822463 10005!", "Amex •••• •••••• •0005!"),
        ("my card:4111111111111111.", "my card:••••••••••••1111."),
        ("4222222222222", "•••••••••2222"),
        ("6304000000000000000", "•••••••••••••••0000"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "• • • • • • • • • • • • 1 1 1 1"),
        ("４１１１１１１１１１１１１１１１", "••••••••••••１１１１"),
    ],
)
def test_a_card_number_keeps_its_last_four_digits(text, masked):
    assert cards.mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4111111111111112",
        "424242424242",
        "80084000000012",
        "+7 999 123-45-67",
        "4111111111111111" * 2,
        "4111, 1111, 1111, 1111",
        "2026-03-01 12:00:00",
    ],
)
def test_other_numbers_stay_readable(text):
    assert cards.mask(text) == text


def test_two_cards_side_by_side_are_both_masked():
    masked = cards.mask("4111 1111 1111 1111 5555 5555 5555 4444")

    assert masked.startswith("•••• •••• •••• ")
    assert masked.endswith(" •••• •••• •••• 4444")


def test_a_card_beside_a_telephone_and_a_code_is_masked():
    masked = cards.mask("8 999 123-45-67 4111 1111 1111 1111 123")

    assert masked.endswith(" •••• •••• •••• 1111 123")


@given(st.text(max_size=60), st.integers(0, 10**14 - 1), st.text("абв .,\n", max_size=20))
def test_every_card_number_in_any_text_is_masked(before, body, after):
    digits = f"4{body:014}"
    card = next(digits + check for check in "0123456789" if cards._is_luhn(digits + check))

    text = f"{before} no {card} ok {after}"
    masked = cards.mask(text)
    assert card not in masked
    assert len(masked) == len(text)
    assert cards.mask(masked) == masked
