"""The index itself: what a word finds, and what it counts."""

import pytest

from common.search.documents import Document, Question
from common.search.index import Index


def document(id_, title, body="", price=100, **values):
    of = {name: [value] for name, value in values.items()}
    return Document(id_, title, body, of, {"price": price})


DOCUMENTS = (
    document("mug", "Кружка керамическая белая Ceramic mug, white", "Для чая", 690, room="kitchen"),
    document("teapot", "Заварочный чайник Teapot", "Удобно в руке", 1890, room="kitchen"),
    document("tea", "Чай зелёный сенча Sencha green tea", "Свежий сбор", 310, room="pantry"),
    document("shirt", "Футболка беговая Running shirt", "Для зала", 1690, room="hall"),
    document("soap", "Мыло с лавандой Lavender soap", "Бережный уход", 240, room="bath"),
)


@pytest.fixture
def index(tmp_path):
    made = Index(tmp_path / "index", ("price",))
    made.change(DOCUMENTS)
    return made


def found(index, text, synonyms=None, **more):
    return index.find(Question(text, **more), synonyms).ids


@pytest.mark.feature(27)
@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("кружка", "mug"),
        ("кружки", "mug"),
        ("КРУЖКУ белую", "mug"),
        ("mugs", "mug"),
        ("зеленый чай", "tea"),
        ("зелёного чая", "tea"),
        ("green tea", "tea"),
        ("чай sencha", "tea"),
        ("running shirts", "shirt"),
        ("мылом", "soap"),
        ("мыло с лавандой", "soap"),
    ],
)
def test_words_are_found_in_every_form_and_language(index, text, first):
    assert found(index, text)[0] == first


@pytest.mark.parametrize(
    ("text", "first"), [("кру", "mug"), ("заварочный чай", "teapot"), ("lav", "soap")]
)
def test_the_last_word_may_be_unfinished(index, text, first):
    assert found(index, text)[0] == first


@pytest.mark.parametrize(
    ("text", "first"),
    [("кржка", "mug"), ("керамечиская кружка", None), ("футблка", "shirt"), ("lavendar", "soap")],
)
def test_one_wrong_letter_is_forgiven_and_no_two(index, text, first):
    assert found(index, text)[:1] == ([first] if first else [])


def test_swapped_letters_are_one_mistake(index):
    assert found(index, "крукжа") == ["mug"]


def test_the_word_itself_comes_before_what_is_like_it(index):
    index.change([document("typo", "Крушка"), document("longer", "Кружкодержатель")])

    assert found(index, "кружка")[0] == "mug"


def test_a_title_counts_more_than_a_body(index):
    assert found(index, "чай")[0] == "tea"


def test_every_word_must_be_there(index):
    assert found(index, "зелёная кружка") == []


def test_words_that_mean_the_same_find_each_other(index):
    [stem] = index.stems("чашка")
    synonyms = {stem: index.stems("кружка")}

    assert found(index, "чашку") == []
    assert found(index, "чашку", synonyms) == ["mug"]


def test_nothing_asked_is_everything(index):
    assert len(found(index, "")) == len(DOCUMENTS)


@pytest.mark.case("V4", "V7")
@pytest.mark.parametrize(
    "text", ["*", "title:x AND (", '"', "\\", "-a", "😀", "а" * 1000, "a b " * 500, "[a TO b]", "%"]
)
def test_whatever_is_typed_is_only_words(index, text):
    index.find(Question(text))


def test_filters_narrow_and_bounds_are_kept(index):
    assert set(found(index, "", wanted={"room": ["kitchen", "hall"]})) == {"mug", "teapot", "shirt"}
    assert set(found(index, "", bounds={"price": (310, 700)})) == {"mug", "tea"}
    assert found(index, "", bounds={"price": (None, 240)}) == ["soap"]


def test_a_filter_is_counted_as_if_it_were_not_set(index):
    hits = index.find(Question("", wanted={"room": ["hall"]}, bounds={"price": (None, 1700)}))

    assert (hits.ids, hits.total) == (["shirt"], 1)
    assert hits.counts["room"] == {"kitchen": 1, "pantry": 1, "hall": 1, "bath": 1}


def test_a_number_spans_what_is_found_as_if_it_were_not_bounded(index):
    asked = {"wanted": {"room": ["kitchen", "hall"]}, "bounds": {"price": (None, 700)}}
    hits = index.find(Question("", **asked))

    assert (hits.ids, hits.spans) == (["mug"], {"price": (690, 1890)})
    assert index.find(Question("nothing", bounds={"price": (None, None)})).spans == {}


def test_hits_come_in_the_order_of_a_number_page_by_page(index):
    pages = [found(index, "", order="price", offset=n, limit=2) for n in (0, 2, 4)]

    assert pages == [["soap", "tea"], ["mug", "shirt"], ["teapot"]]
    assert found(index, "", order="-price", limit=1) == ["teapot"]


def test_a_changed_document_takes_the_place_of_the_old_one(index):
    index.change([document("mug", "Плед")], gone=["tea", "never-there"])

    assert (found(index, "кружка"), found(index, "плед"), found(index, "sencha")) == (
        [],
        ["mug"],
        [],
    )
    assert index.documents == len(DOCUMENTS) - 1


def test_an_index_is_opened_again_where_it_lies(index):
    again = Index(index.folder, index.numbers)

    assert again.documents == len(DOCUMENTS)
    assert found(again, "кружка") == ["mug"]
