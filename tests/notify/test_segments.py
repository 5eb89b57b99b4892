"""SMS are paid by the segment."""

import pytest

from notify import segments


@pytest.mark.case("N11")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("я" * 134, 2),
        ("я" * 201, 3),
        ("я" * 202, 4),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("a" * 70 + "😀", 2),
    ],
)
def test_a_text_takes_so_many_segments(text, expected):
    assert segments.count(text) == expected
