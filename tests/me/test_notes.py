import pytest

from auth.notes.note import MOST_NOTES
from common import table

pytestmark = pytest.mark.feature(25)
VISA = "4111 1111 1111 1111"


@pytest.fixture
def note(me):
    """A note of Ann's that has been written."""
    return me("POST", {"text": "Milk"}, "/notes").body


def test_a_note_is_kept_as_it_was_written(me):
    made = me("POST", {"text": "  Milk,\nbread "}, "/notes")

    assert (made.status, made.body["text"]) == (201, "Milk,\nbread")
    assert made.body["created_at"] == made.body["updated_at"]
    assert me("GET", path=f"/notes/{made.body['id']}").body == made.body


def test_the_same_call_again_is_the_same_note(me, rows_of):
    first = me("POST", {"text": "Milk"}, "/notes", key="one-key-for-both")
    again = me("POST", {"text": "Milk"}, "/notes", key="one-key-for-both")

    assert (again.status, again.body) == (201, first.body)
    assert again.headers["idempotent-replayed"] == "true"
    assert len(rows_of("NOTE#")) == rows_of("NOTEBOOK")[0]["notes"] == 1


def test_notes_are_listed_newest_first_page_by_page(me):
    written = [me("POST", {"text": f"note {n}"}, "/notes").body["id"] for n in range(5)]

    first = me("GET", path="/notes", query={"limit": "3"}).body
    rest = me("GET", path="/notes", query={"limit": "3", "cursor": first["next_cursor"]}).body

    assert [note["id"] for note in first["items"] + rest["items"]] == written[::-1]
    assert rest["next_cursor"] is None


def test_a_note_is_written_anew_for_the_version_it_is_meant_for(cloud, me, note, problem):
    path = f"/notes/{note['id']}"
    known = me("GET", path=path).headers["etag"]
    cloud.clock.advance(minutes=1)

    changed = me("PATCH", {"text": "Bread"}, path, headers={"if-match": known})
    late = me("PATCH", {"text": "Eggs"}, path, headers={"if-match": known})

    assert (changed.status, changed.body["text"]) == (200, "Bread")
    assert changed.body["updated_at"] > changed.body["created_at"]
    assert problem(late) == (412, "version_conflict")
    assert me("GET", path=path).body == changed.body


def test_the_same_words_again_change_nothing(me, note):
    path = f"/notes/{note['id']}"

    assert me("PATCH", {"text": "Milk"}, path).headers["etag"] == '"1"'


def test_a_deleted_note_is_gone(me, note, problem, rows_of):
    path = f"/notes/{note['id']}"
    assert problem(me("DELETE", path=path, headers={"if-match": '"9"'}))[0] == 412

    assert me("DELETE", path=path).status == 204

    assert problem(me("DELETE", path=path)) == (404, "not_found")
    assert problem(me("GET", path=path)) == (404, "not_found")
    assert (rows_of("NOTE#"), rows_of("NOTEBOOK")[0]["notes"]) == ([], 0)


@pytest.mark.case("C1")
def test_a_card_number_is_never_kept(cloud, me, note):
    made = me("POST", {"text": f"my card {VISA}"}, "/notes").body
    changed = me("PATCH", {"text": f"{VISA} again"}, f"/notes/{note['id']}").body

    assert made["text"] == "my card •••• •••• •••• 1111"
    assert changed["text"] == "•••• •••• •••• 1111 again"
    assert "4111" not in str(cloud.items("AuthTable"))


@pytest.mark.case("V13")
@pytest.mark.parametrize("text", ["", " ", "x" * 4001, "x" * 200_000, "a\x00", "Zo" + "\u0301" * 9])
def test_words_beyond_their_bounds_are_refused(me, note, wrong, text):
    for answer in (
        me("POST", {"text": text}, "/notes"),
        me("PATCH", {"text": text}, f"/notes/{note['id']}"),
    ):
        assert [field for field, _ in wrong(answer)] == ["body.text"]


@pytest.mark.case("V13")
def test_the_notebook_has_an_end(cloud, ann, me, note, problem):
    with cloud.acting("MeApi"):
        full = {"notes": MOST_NOTES - 1}
        table.apply(table.update(f"CUSTOMER#{ann.id}", "NOTEBOOK", assign=full))
    assert me("POST", {"text": "the last"}, "/notes").status == 201

    refused = me("POST", {"text": "one too many"}, "/notes")

    assert problem(refused) == (409, "notebook_full")
    assert refused.body["most_notes"] == MOST_NOTES
    assert me("DELETE", path=f"/notes/{note['id']}").status == 204
    assert me("POST", {"text": "room again"}, "/notes").status == 201


def test_notes_cost_few_round_trips(cloud, me, note):
    trips = {}
    for method, body, path in [
        ("POST", {"text": "x"}, "/notes"),
        ("GET", None, "/notes"),
        ("PATCH", {"text": "y"}, f"/notes/{note['id']}"),
        ("DELETE", None, f"/notes/{note['id']}"),
    ]:
        with cloud.counted() as calls:
            me(method, body, path)
        trips[method] = len(calls.trips)

    assert trips == {"POST": 1, "GET": 1, "PATCH": 2, "DELETE": 2}
