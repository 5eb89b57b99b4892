import pytest

from notify import markup


@pytest.mark.parametrize(
    ("line", "html", "text"),
    [
        (
            "Hello, **you**!",
            "{% call as_paragraph() %}Hello, <strong>you</strong>!{% endcall %}",
            "Hello, you!",
        ),
        ("= {{ code }}", "{% call as_code() %}{{ code }}{% endcall %}", "    {{ code }}"),
        ("~ By the way", "{% call as_note() %}By the way{% endcall %}", "By the way"),
        (
            "- {{ a }} × 2 :: {{ b | money(c) }}",
            "{% set _right %}{{ b | money(c) }}{% endset %}"
            "{% call as_row(_right) %}{{ a }} × 2{% endcall %}",
            "{{ a }} × 2 — {{ b | money(c) }}",
        ),
        (
            "[See it](/orders/{{ id }})",
            "{% set _url %}{{ shop.url }}/orders/{{ id }}{% endset %}"
            "{% call as_button(_url) %}See it{% endcall %}",
            "See it: {{ shop.url }}/orders/{{ id }}",
        ),
        ("{% if a > b %}", "{% if a > b %}", "{% if a > b %}"),
    ],
)
def test_each_kind_of_line_has_its_form(line, html, text):
    assert markup.html(line) == html
    assert markup.text(line) == text


def test_a_letters_own_words_are_safe_in_html():
    assert "Q&amp;A &lt;b&gt;" in markup.html("Q&A <b>")
    assert markup.text("Q&A <b>") == "Q&A <b>"


def test_a_button_leads_nowhere_but_to_the_shop():
    assert "as_button" not in markup.html("[Click](https://elsewhere.example)")
