"""Photos of what is complained of: uploaded, seen by both sides, and gone with their customer."""

from functools import partial
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from PIL import Image

import objects
import shop as work
from common import table
from common.events.orders import CustomerViewed
from orders.returns.photos import store
from scenarios.fulfilment import a_return
from scenarios.me import picture
from scenarios.returns import a_photo

pytestmark = pytest.mark.feature(43)
GPS = 0x8825


@pytest.fixture(autouse=True)
def buckets():
    objects.bring_back({})
    yield
    objects.bring_back({})


@pytest.fixture
def helper(cloud):
    return work.Shop(cloud)


@pytest.fixture
def complaint(helper):
    """A customer, and a complaint of theirs."""
    return a_return(helper, "defect")


@pytest.fixture
def send(cloud, helper, complaint):
    """Something uploaded for the complaint, and shown with it."""
    person, given = complaint

    def ask(body=None, sku="TEA-1", key=None, who=person, upload_id=None):
        uploaded = upload_id or a_photo(helper, person, given)
        if body is not None:
            objects.bring_back({k: body if uploaded in k[1] else v for k, v in kept().items()})
        helper.keys += 1
        shown = {"upload_id": uploaded, "sku": sku}
        path, key = f"/v1/returns/{given}/photos", key or f"photo-key-{helper.keys}"
        return cloud.call("POST", path, shown, token=who.token, key=key)

    return ask


def kept():
    return objects.stored()


def files(begin):
    return sorted(key for _, key in kept() if key.startswith(begin))


def kind(answer):
    return answer.body.get("type", "").rpartition(":")[2] or answer.status


def drawn(kind_="JPEG", **more):
    made = BytesIO()
    Image.new("RGB", (4000, 1000), "red").save(made, kind_, **more)
    return made.getvalue()


def fetched(link):
    key = urlsplit(link).path[1:]
    [body] = [body for (_, known), body in kept().items() if known == key]
    return Image.open(BytesIO(body))


class TestAPhoto:
    @pytest.mark.case("U6")
    def test_is_seen_whole_without_what_the_file_told(self, helper, complaint, send):
        person, given = complaint
        told = Image.Exif()
        told.get_ifd(GPS)[1] = "N"
        told[0x010F] = "A camera"

        added = send(drawn(exif=told))

        assert (added.status, added.body["sku"]) == (201, "TEA-1")
        [shown] = helper.ask(person, "GET", f"/v1/returns/{given}/photos")["items"]
        assert (shown["id"], shown["sku"]) == (added.body["id"], "TEA-1")
        seen = fetched(shown["url"])
        assert (seen.size, seen.format, dict(seen.getexif())) == ((2048, 512), "WEBP", {})
        assert "X-Amz-Expires=300" in shown["url"]
        assert (files("uploads/"), len(files("complaints/"))) == ([], 1)
        one = helper.ask(person, "GET", f"/v1/returns/{given}")
        assert one["photos"] == [{"id": shown["id"], "sku": "TEA-1"}]

    @pytest.mark.case("Z8")
    def test_is_seen_by_staff_who_decide_and_that_is_entered(self, helper, complaint, send, cloud):
        person, given = complaint
        send()
        agent = helper.staff("agent")
        [shown] = helper.ask(agent, "GET", f"/v1/staff/returns/{given}/photos")["items"]

        assert fetched(shown["url"]).size == (640, 480)
        cloud.drain()
        entered = cloud.published(CustomerViewed)
        [seen] = [one for one in entered if one.what == "return"]
        assert (seen.customer_id, seen.resource_id, seen.staff_id) == (person.id, given, agent.id)

    @pytest.mark.case("U1")
    @pytest.mark.parametrize("body", [b"<svg onload='x'/>", b"MZ\x90", b"<html>", drawn("GIF")])
    def test_of_bad_content_is_refused_and_the_rest_stays(self, helper, complaint, send, body):
        send()
        refused = send(body)

        assert kind(refused) == "not_a_picture"
        one = helper.ask(complaint[0], "GET", f"/v1/returns/{complaint[1]}")
        assert (len(one["photos"]), one["state"]) == (1, "requested")

    def test_that_was_bad_may_be_sent_again_by_the_same_form(self, helper, complaint, send):
        uploaded = a_photo(helper, *complaint)
        assert kind(send(b"nothing", upload_id=uploaded)) == "not_a_picture"
        assert send(picture(), upload_id=uploaded).status == 201

    @pytest.mark.case("U2")
    def test_is_one_of_five_at_most(self, cloud, helper, complaint, send):
        assert [send().status for _ in range(5)] == [201] * 5
        person, given = complaint
        path, body = f"/v1/returns/{given}/photos/upload", {"content_type": "image/png"}
        sixth = cloud.call("POST", path, body, token=person.token)
        assert (kind(sixth), sixth.body["most"]) == ("too_many_photos", 5)

    @pytest.mark.case("U4")
    def test_takes_its_form_once_and_within_its_time(self, cloud, helper, complaint, send):
        uploaded = a_photo(helper, *complaint)
        late = a_photo(helper, *complaint)
        assert send(upload_id=uploaded).status == 201
        assert send(upload_id=uploaded).status == 404
        assert send(upload_id="01900000-0000-7000-8000-00000000000a").status == 404
        cloud.clock.advance(minutes=20)
        person = helper.again(complaint[0])
        assert send(upload_id=late, who=person).status == 404

    def test_waits_for_its_file(self, send, helper, complaint):
        uploaded = a_photo(helper, *complaint)
        objects.bring_back({})
        assert kind(send(upload_id=uploaded)) == "nothing_uploaded"

    @pytest.mark.case("I2", "I5")
    def test_shown_again_under_its_key_is_the_same(self, helper, complaint, send):
        uploaded = a_photo(helper, *complaint)
        first, second = (send(upload_id=uploaded, key="the-same-key") for _ in range(2))
        assert (first.status, first.body) == (second.status, second.body)
        assert second.headers["idempotent-replayed"] == "true"

    def test_goes_with_a_line_that_is_complained_of(self, send):
        refused = send(sku="TEA-2")
        assert (kind(refused), refused.body["sku"]) == ("not_complained_of", "TEA-2")

    def test_is_not_for_a_change_of_mind(self, cloud, helper):
        person, given = a_return(helper)
        path, body = f"/v1/returns/{given}/photos/upload", {"content_type": "image/png"}
        assert kind(cloud.call("POST", path, body, token=person.token)) == "not_complained_of"

    @pytest.mark.case("U4", "I11")
    def test_comes_too_late_for_what_is_decided(self, helper, complaint, send):
        person, given = complaint
        uploaded = a_photo(helper, person, given)
        helper.ask(person, "POST", f"/v1/returns/{given}/withdraw")
        assert kind(send(upload_id=uploaded)) == "return_not_ready"

    @pytest.mark.case("Z2")
    def test_of_somebody_elses_complaint_is_as_of_none(self, cloud, helper, send):
        other = helper.customer()
        assert send(who=other).status == 404


@pytest.mark.case("R1", "R5")
@pytest.mark.feature(15)
def test_photos_are_told_of_and_go_with_their_customer(cloud, helper, complaint, send):
    person, given = complaint
    send()
    a_photo(helper, person, given)
    with cloud.acting("OrdersPhotosApi"):
        [shown, awaited] = table.query_all(f"CUSTOMER#{person.id}", begin(store.PHOTO))
    assert ("expires_at" in shown, "expires_at" in awaited) == (False, True)
    helper.ask(person, "POST", f"/v1/returns/{given}/withdraw")

    cloud.publish(erased(person))

    assert files("complaints/") == []
    with cloud.acting("OrdersPhotosApi"):
        assert list(table.query_all(f"CUSTOMER#{person.id}", begin(store.PHOTO))) == []


def begin(prefix):
    return table.sort_key().begins_with(prefix)


def erased(person):
    from scenarios.declared import sample

    return sample("auth.customer_erased.v1", customer_id=person.id)


class TestAPhotoThatComesAsItIsDecided:
    @pytest.fixture
    def race(self, at_once, cloud, helper, complaint, send):
        person, given = complaint
        uploaded = a_photo(helper, person, given)
        withdraw = helper.asking(person, "POST", f"/v1/returns/{given}/withdraw")

        def check(answers):
            shown, withdrawn = answers
            assert withdrawn.status == 200
            one = helper.ask(person, "GET", f"/v1/returns/{given}")
            assert one["state"] == "withdrawn"
            assert shown.status in (201, 409)
            assert len(one["photos"]) == (shown.status == 201)

        return at_once(partial(send, upload_id=uploaded, key="the-photo"), withdraw, check=check)

    @pytest.mark.case("I11")
    def test_is_shown_or_refused_and_the_decision_stands(self, race):
        race.every()

    def test_undoes_it_when_the_return_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")
