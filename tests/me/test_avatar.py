"""The customer's picture: uploaded, shown, replaced and gone."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from PIL import Image

import objects
from auth.avatar import file_store, store
from common import access, clock, table
from common.events.auth import ProfileChanged
from common.pictures import LARGEST_BYTES

pytestmark = pytest.mark.feature(16)


def drawn(colour="red"):
    made = BytesIO()
    Image.new("RGB", (640, 480), colour).save(made, "PNG")
    return made.getvalue()


@pytest.fixture(autouse=True)
def buckets():
    objects.bring_back({})
    yield
    objects.bring_back({})


@pytest.fixture
def files():
    """The keys in the bucket, by what they begin with."""
    return lambda begin: sorted(key for _, key in objects.stored() if key.startswith(begin))


@pytest.fixture
def begin(me):
    def ask(content_type="image/png"):
        answer = me("POST", {"content_type": content_type}, "/avatar/upload")
        assert answer.status == 201, answer.body
        return answer.body

    return ask


@pytest.fixture
def sent(begin):
    """Something uploaded, by its id."""

    def send(body=None):
        form = begin()
        assert objects.post(form["url"], form["fields"], drawn() if body is None else body)
        return form["upload_id"]

    return send


@pytest.fixture
def confirm(cloud, me):
    def ask(upload_id, **more):
        answer = me("POST", {"upload_id": upload_id}, "/avatar", **more)
        cloud.drain()
        return answer

    return ask


@pytest.fixture
def fetched():
    """What a link leads to."""

    def fetch(link):
        key = urlsplit(link).path[1:]
        [body] = [body for (_, known), body in objects.stored().items() if known == key]
        return Image.open(BytesIO(body))

    return fetch


def test_an_uploaded_picture_is_shown_in_two_sizes(cloud, me, sent, confirm, fetched, files):
    assert me("GET").body["avatar"] is None
    assert me("GET", path="/avatar").status == 404

    answer = confirm(sent())

    assert answer.body == {"avatar": "/v1/me/avatar"}
    assert me("GET").body["avatar"] == "/v1/me/avatar"
    shown = me("GET", path="/avatar").body
    assert fetched(shown["large_url"]).size == (512, 512)
    assert fetched(shown["small_url"]).size == (96, 96)
    assert "X-Amz-Expires=300" in shown["large_url"]
    assert (files("uploads/"), len(files("pictures/"))) == ([], 2)
    assert [event.fields for event in cloud.published(ProfileChanged)] == [("picture",)]


def test_a_profile_with_another_picture_is_another_profile(me, sent, confirm):
    before = me("GET").headers["etag"]
    confirm(sent())

    assert me("GET", headers={"if-none-match": before}).status == 200


def test_another_picture_takes_its_place_and_nothing_is_left(me, sent, confirm, files, rows_of):
    confirm(sent())
    first = files("pictures/")
    confirm(sent(drawn("blue")))

    assert len(files("pictures/")) == 2
    assert not set(first) & set(files("pictures/"))
    assert [row["state"] for row in rows_of("PICTURE#")] == ["shown"]


def test_a_picture_that_is_deleted_is_gone(cloud, me, sent, confirm, files, rows_of):
    confirm(sent())
    for _ in range(2):
        assert me("DELETE", path="/avatar").status == 204
    cloud.drain()

    assert me("GET", path="/avatar").status == 404
    assert me("GET").body["avatar"] is None
    assert (files(""), rows_of("PICTURE#")) == ([], [])


class TestTheForm:
    @pytest.mark.case("U2")
    def test_takes_five_megabytes_and_not_a_byte_more_nor_nothing(self, begin):
        form = begin()
        assert form["max_bytes"] == LARGEST_BYTES

        def takes(size):
            return objects.post(form["url"], form["fields"], bytes(size))

        assert takes(LARGEST_BYTES)
        assert not takes(LARGEST_BYTES + 1)
        assert not takes(0)

    @pytest.mark.case("U4")
    def test_takes_a_file_at_its_own_place_only(self, begin):
        form, other = begin(), begin()
        for changed in (
            {"key": other["fields"]["key"]},
            {"key": "pictures/x/512.webp"},
            {"Content-Type": "image/svg+xml"},
            {"acl": "public-read"},
        ):
            assert not objects.post(form["url"], form["fields"] | changed, drawn())

    @pytest.mark.case("U4")
    def test_is_good_for_five_minutes(self, begin):
        form = begin()
        assert form["expires_in"] == 300

        for passed, taken in ((timedelta(minutes=4), True), (timedelta(minutes=6), False)):
            assert objects.post(form["url"], form["fields"], drawn(), passed) is taken

    @pytest.mark.case("U3")
    def test_names_the_place_by_itself(self, begin, files):
        form = begin()
        objects.post(form["url"], form["fields"] | {"file": "../../x\r\n.con.pdf"}, drawn())
        assert files("") == []

        assert form["fields"]["key"] == f"uploads/{form['upload_id']}"

    @pytest.mark.case("U1")
    @pytest.mark.parametrize("kind", ["image/svg+xml", "text/html", "application/pdf", ""])
    def test_is_for_pictures(self, me, kind):
        assert me("POST", {"content_type": kind}, "/avatar/upload").status == 422

    def test_is_had_twenty_times_an_hour(self, me, begin):
        for _ in range(20):
            begin()

        assert me("POST", {"content_type": "image/png"}, "/avatar/upload").status == 429


class TestAConfirmation:
    @pytest.mark.case("U4")
    def test_uses_the_upload_up_and_a_form_used_again_shows_nothing(
        self, me, begin, confirm, problem, files
    ):
        form = begin()
        objects.post(form["url"], form["fields"], drawn())
        confirm(form["upload_id"])
        shown = files("pictures/")

        objects.post(form["url"], form["fields"], drawn("blue"))

        assert problem(confirm(form["upload_id"])) == (404, "not_found")
        assert files("pictures/") == shown

    @pytest.mark.case("I1")
    def test_repeated_under_its_key_answers_as_before(self, sent, confirm, cloud):
        upload = sent()
        key = "key-of-the-confirmation"
        first, again = (confirm(upload, key=key) for _ in range(2))

        assert (first.status, first.body) == (again.status, again.body) == (200, first.body)
        assert len(cloud.published(ProfileChanged)) == 1

    @pytest.mark.case("I2", "U4")
    @pytest.mark.parametrize(
        ("key", "status"), [("one-key-of-two", 200), ("other-key-of-two", 404)]
    )
    def test_that_read_its_upload_before_another_used_it_shows_nothing_twice(
        self, cloud, sent, confirm, rows_of, key, status
    ):
        upload = sent()
        [awaited], stored = rows_of("UPLOAD"), objects.stored()
        assert confirm(upload, key="one-key-of-two").status == 200
        with cloud.acting("AuthAvatarApi"):
            table.apply(table.put(awaited))
        objects.bring_back(stored | objects.stored())

        assert confirm(upload, key=key).status == status
        assert [row["state"] for row in rows_of("PICTURE#")] == ["shown"]
        assert len(cloud.published(ProfileChanged)) == 1

    def test_before_the_file_is_there_may_be_tried_again(self, begin, confirm, problem):
        form = begin()
        assert problem(confirm(form["upload_id"])) == (409, "nothing_uploaded")

        objects.post(form["url"], form["fields"], drawn())
        assert confirm(form["upload_id"]).status == 200

    @pytest.mark.case("U1")
    def test_of_what_is_no_picture_shows_nothing(self, me, sent, confirm, problem, files):
        page = b"<html><script>alert(1)</script></html>"

        assert problem(confirm(sent(page))) == (422, "not_a_picture")
        assert (me("GET").body["avatar"], files("pictures/")) == (None, [])

    @pytest.mark.case("U4")
    def test_comes_within_twenty_minutes(self, cloud, sent, confirm, ann, problem):
        upload = sent()
        cloud.clock.advance(minutes=21)

        assert problem(confirm(upload)) in ((401, "unauthorized"), (404, "not_found"))

    def test_of_an_upload_that_another_took_the_place_of_finds_nothing(
        self, sent, confirm, problem
    ):
        upload = sent()
        sent()

        assert problem(confirm(upload)) == (404, "not_found")

    @pytest.mark.case("A1", "U4")
    def test_of_anothers_upload_finds_nothing(self, cloud, sent, problem):
        upload, mallory = sent(), cloud.customer()
        body = {"upload_id": upload}

        answer = cloud.call("POST", "/v1/me/avatar", body, token=mallory.token, key="mallorys-key")

        assert problem(answer) == (404, "not_found")


@pytest.mark.case("E8")
def test_what_a_try_that_died_left_goes_with_the_next_change(
    cloud, me, ann, sent, confirm, files, rows_of
):
    with cloud.acting("AuthAvatarApi"):
        store.make(ann.id, "abandoned", clock.now())
        file_store.put("abandoned", {512: b"", 96: b""})
    confirm(sent())
    assert len(rows_of("PICTURE#")) == 2

    cloud.clock.advance(hours=2)
    event = cloud.published(ProfileChanged)[0]
    cloud.publish(event)

    assert [row["state"] for row in rows_of("PICTURE#")] == ["shown"]
    assert len(files("pictures/")) == 2


@pytest.mark.case("R1")
@pytest.mark.feature(15)
def test_erasure_takes_the_files_along(cloud, shop, me, ann, sent, confirm, files):
    confirm(sent())
    confirm(sent(drawn("blue")))
    shop.prove(ann, access.Act.ERASURE)
    me("POST", path="/erasure")
    cloud.drain()
    for passed in ({"days": 14}, {"minutes": 16}):
        cloud.clock.advance(**passed, seconds=1)
        cloud.tick()

    assert files("pictures/") == []


@pytest.mark.case("C1")
def test_the_bucket_is_nobodys_else_and_uploads_go_by_themselves(cloud):
    bucket = cloud.wiring.resources("AWS::S3::Bucket")["PicturesBucket"]

    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    [rule] = bucket["LifecycleConfiguration"]["Rules"]
    assert (rule["Prefix"], rule["ExpirationInDays"]) == ("uploads/", 1)
