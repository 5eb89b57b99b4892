"""The address book."""

from functools import partial

import pytest

ADDRESS = {
    "recipient": "Анна Ким",
    "phone": "+79001234567",
    "country": "RU",
    "city": "Москва",
    "street": "Арбат",
    "house": "1",
    "apartment": "5",
    "postal_code": "119002",
    "comment": "Домофон не работает",
}


@pytest.fixture
def book(cloud, ann):
    """Ask for ann's address book."""
    keys = iter(range(1000))

    def ask(method, path="", body=None, who=ann, **more):
        key = more.pop("key", f"key-of-book-{next(keys)}")
        return cloud.call(method, f"/v1/addresses{path}", body, token=who.token, key=key, **more)

    return ask


def add(book, **changes):
    answer = book("POST", body=ADDRESS | changes)
    assert answer.status == 201, answer.body
    return answer.body


@pytest.mark.feature(34)
def test_an_address_is_kept_with_who_receives_there(cloud, book):
    made = add(book)
    with cloud.counted() as calls:
        shown = book("GET", f"/{made['id']}")

    assert shown.body == {"id": made["id"], "default": False, **ADDRESS}
    assert len(calls.trips) == 1
    assert book("GET").body == {"items": [shown.body]}


@pytest.mark.feature(34)
def test_one_address_is_the_default(book):
    first, second, third = add(book, default=True), add(book), add(book, default=True)

    def defaults():
        return [x["id"] for x in book("GET").body["items"] if x["default"]]

    assert defaults() == [third["id"]]
    assert book("PATCH", f"/{second['id']}", {"default": True}).body["default"] is True
    assert defaults() == [second["id"]]
    assert book("DELETE", f"/{second['id']}").status == 204
    assert defaults() == []
    assert [x["id"] for x in book("GET").body["items"]] == [first["id"], third["id"]]


def test_what_is_not_named_stays_as_it_is(book):
    made = add(book, default=True)

    changed = book("PATCH", f"/{made['id']}", {"house": "2", "apartment": None, "phone": None})

    assert changed.body == made | {"house": "2", "apartment": None, "phone": None}
    assert book("GET", f"/{made['id']}").body == changed.body


def test_a_change_meant_for_another_version_is_refused(book):
    made = add(book)
    old = book("GET", f"/{made['id']}").headers["etag"]
    new = book("PATCH", f"/{made['id']}", {"house": "2"}, headers={"if-match": old})

    assert new.status == 200
    assert book("PATCH", f"/{made['id']}", {"house": "3"}, headers={"if-match": old}).status == 412
    assert book("GET", f"/{made['id']}").headers["etag"] == new.headers["etag"]


def test_an_address_that_is_gone_is_gone(book):
    made = add(book)
    assert book("DELETE", f"/{made['id']}").status == 204

    for verb, body in (("GET", None), ("PATCH", {"house": "2"}), ("DELETE", None)):
        assert book(verb, f"/{made['id']}", body).status == 404


@pytest.mark.case("I4")
def test_the_same_call_again_adds_nothing(book):
    first = book("POST", body=ADDRESS, key="the-first-key")
    again = book("POST", body=ADDRESS, key="the-first-key")

    assert (again.status, again.body) == (201, first.body)
    assert len(book("GET").body["items"]) == 1


@pytest.mark.case("Z2")
def test_nobody_sees_or_changes_the_addresses_of_another(book, bob):
    made = add(book)

    assert book("GET", who=bob).body == {"items": []}
    for verb, body in (("GET", None), ("PATCH", {"house": "2"}), ("DELETE", None)):
        assert book(verb, f"/{made['id']}", body, who=bob).status == 404
    assert book("GET", f"/{made['id']}").body == made


@pytest.mark.case("V13")
def test_a_book_holds_twenty_addresses(book):
    entries = [add(book) for _ in range(20)]

    refused = book("POST", body=ADDRESS)

    assert (refused.status, refused.body["most_addresses"]) == (409, 20)
    book("DELETE", f"/{entries[0]['id']}")
    assert book("POST", body=ADDRESS).status == 201


class TestTheLastPlaceInTheBook:
    @pytest.fixture
    def race(self, at_once, book):
        for _ in range(19):
            add(book)

        def check(answers):
            assert sorted(answer.status for answer in answers) == [201, 409]
            assert len(book("GET").body["items"]) == 20

        keys = "the-first-key", "the-second-key"
        tasks = [partial(book, "POST", body=ADDRESS, key=key) for key in keys]
        return at_once(*tasks, check=check)

    @pytest.mark.case("V13")
    def test_is_taken_once(self, race):
        race.every()

    def test_is_taken_twice_when_the_book_is_looked_at_first(self, race):
        race.catches("ADDRESS-BOOK")


@pytest.mark.case("V2", "V4", "V7", "V10", "N10")
@pytest.mark.parametrize(
    "wrong",
    [
        {"country": "ru"},
        {"country": "RUS"},
        {"city": ""},
        {"city": "x" * 101},
        {"house": "1\n2"},
        {"house": None},
        {"street": "\u202eтабрА"},
        {"postal_code": "-1"},
        {"postal_code": "119 002 119 002"},
        {"phone": "8 (900) 123-45-67"},
        {"phone": "+7900123456٧"},
        {"phone": "+88"},
        {"default": 1},
        {"customer_id": "x"},
    ],
    ids=str,
)
def test_an_address_that_cannot_be_is_refused(book, wrong):
    made = add(book)

    assert book("POST", body=ADDRESS | wrong).status == 422
    assert book("PATCH", f"/{made['id']}", wrong).status == 422
    assert book("GET").body["items"] == [made]
