"""Codes in few words, for each purpose, in both languages."""

import re
from typing import get_args
from xml.etree import ElementTree

import pytest

from common.events.auth import CodeRequested
from common.language import Language
from notify import code_text, segments
from notify.letter import Shop

PURPOSES = get_args(CodeRequested.model_fields["purpose"].annotation)
SHOP = Shop("Kabinet", "https://account.example.com")
EVERY = [(purpose, language) for purpose in PURPOSES for language in Language]


@pytest.mark.parametrize(("purpose", "language"), EVERY)
def test_a_text_says_its_purpose_in_one_segment(purpose, language):
    text = code_text.sms(purpose, "042137", SHOP, language)

    assert text.startswith("Kabinet: 042137 ")
    assert segments.count(text) == 1


@pytest.mark.parametrize("language", list(Language))
def test_no_two_purposes_are_told_alike(language):
    assert len({code_text.sms(p, "042137", SHOP, language) for p in PURPOSES}) == len(PURPOSES)


def test_the_last_line_lets_a_telephone_fill_the_code_in():
    text = code_text.sms("sign_in", "042137", SHOP, Language.EN)

    assert text.splitlines()[-1] == "@account.example.com #042137"


@pytest.mark.parametrize(
    "url",
    [
        "http://account.example.com",
        "https://account.example.com:8443",
        "https://localhost",
        "https://192.0.2.7",
        "https://[2001:db8::7]",
    ],
)
def test_a_host_that_no_code_can_be_bound_to_is_not_named(url):
    text = code_text.sms("sign_in", "042137", Shop("Kabinet", url), Language.EN)

    assert "@" not in text
    assert "\n" not in text


@pytest.mark.parametrize(("purpose", "language"), EVERY)
def test_a_messenger_brings_the_code_and_a_warning(purpose, language):
    first, second = code_text.messenger(purpose, "042137", SHOP, language).splitlines()

    assert "042137" in first
    assert second


@pytest.mark.feature(72)
@pytest.mark.parametrize("language", list(Language))
def test_a_voice_says_the_digits_slowly_and_twice(language):
    speech = ElementTree.fromstring(code_text.spoken("042137", SHOP, language))  # noqa: S314

    slow = speech.findall("prosody[@rate='slow']")
    assert ["".join(part.itertext()) for part in slow] == ["042137", "042137"]
    assert [len(part.findall("break")) for part in slow] == [5, 5]
    assert re.search(r"Kabinet", speech.text)


@pytest.mark.case("N5")
def test_the_shops_name_is_no_markup_of_a_voice():
    speech = code_text.spoken("042137", Shop('Tea & <break time="9s"/> {code}', SHOP.url), "en")

    assert len(ElementTree.fromstring(speech).findall("break")) == 0  # noqa: S314
