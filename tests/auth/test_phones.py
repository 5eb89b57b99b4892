"""Phone numbers: one form for each, and only those that codes may be sent to."""

import pytest

from auth import logins, phones

COUNTRIES = ("RU", "KZ", "US")


@pytest.mark.case("N10")
@pytest.mark.parametrize(
    "typed",
    ["8 (999) 123-45-67", "+7 999 1234567", "+79991234567", " 8\u00a0999 123–45–67 ", "9991234567"],
)
def test_one_number_is_one_number_however_it_is_typed(typed):
    assert phones.canonical(typed, COUNTRIES) == "+79991234567"


@pytest.mark.case("N10")
@pytest.mark.parametrize(
    "typed",
    [
        "",
        "8 (999) 123-45-67 ext. 5",
        "8 (999) 123-45-67 доб. 5",
        "+79991234567;ext=5",
        "٨٩٩٩١٢٣٤٥٦٧",
        "+٧٩٩٩١٢٣٤٥٦٧",
        "８９９９１２３４５６７",
        "+88 999 1234567",
        "12345",
        "+7999123456",
        "+799912345678",
        "8-999-FLOWERS",
        "++79991234567",
        "+7999\n1234567",
    ],
)
def test_what_is_no_number_is_none(typed):
    assert phones.canonical(typed, COUNTRIES) is None


@pytest.mark.case("F11")
@pytest.mark.parametrize(
    ("number", "served"),
    [
        ("+79991234567", True),
        ("+77011234567", True),
        ("+12015550123", True),
        ("+19002345678", False),  # premium
        ("+78001234567", False),  # toll-free
        ("+74951234567", False),  # a land line
        ("+491711234567", False),  # not a country of the shop's
    ],
)
def test_codes_go_to_mobile_numbers_of_served_countries_only(number, served):
    assert phones.is_served(number, COUNTRIES) is served


def test_a_login_is_an_address_or_a_number():
    assert logins.canonical("Ann@Example.com", COUNTRIES) == "ann@example.com"
    assert logins.canonical("8 999 123 45 67", COUNTRIES) == "+79991234567"
    assert logins.canonical("nobody", COUNTRIES) is None
