import json
from zoneinfo import ZoneInfo

import pytest

from common import clock
from common.events.auth import ContactChanged, ProfileChanged
from shop import Shop

pytestmark = pytest.mark.feature(16)
TOLD = {
    "name": "Анна Ким",
    "birthday": "1990-02-28",
    "language": "ru",
    "time_zone": "Asia/Omsk",
    "interests": ["tea", "bath"],
}


class TestReading:
    def test_a_new_customer_sees_what_registration_told(self, me, ann):
        answer = me("GET")

        assert answer.status == 200
        assert answer.headers["etag"] == '"1"'
        assert answer.body.pop("registered_at")
        assert answer.body == {
            "id": ann.id,
            "name": None,
            "birthday": None,
            "language": "en",
            "time_zone": "Europe/Moscow",
            "interests": [],
            "needs": [],
            "email": "kim@example.com",
            "phone": None,
            "avatar": None,
            "avatar_offered": False,
        }

    def test_the_profile_is_one_round_trip(self, cloud, me):
        with cloud.counted() as calls:
            me("GET")

        assert calls.trips == ["dynamodb.GetItem"]

    @pytest.mark.feature(23)
    def test_a_profile_that_is_known_costs_a_mobile_client_no_body(self, me):
        me("PATCH", TOLD)
        known = me("GET")

        again = me("GET", headers={"if-none-match": known.headers["etag"]})

        assert (again.status, again.body, again.headers["etag"]) == (304, "", '"2"')
        assert len(json.dumps(known.body, ensure_ascii=False).encode()) < 500

    def test_a_changed_profile_is_shown_again(self, me):
        known = me("GET").headers["etag"]
        me("PATCH", {"name": "Ann"})

        assert me("GET", headers={"if-none-match": known}).body["name"] == "Ann"

    def test_somebody_whose_account_is_gone_has_no_profile(self, cloud, me, ann, problem):
        rows = [row for row in cloud.items("AuthTable") if row["sk"] == "PROFILE"]
        assert len(rows) == 1
        cloud.reset()

        assert problem(me("GET")) == (404, "not_found")
        assert problem(me("PATCH", {"name": "Ann"})) == (404, "not_found")

    def test_somebody_who_has_registered_has_a_profile(self, cloud):
        ann, _ = Shop(cloud).register("ann@example.com")

        answer = cloud.call("GET", "/v1/me", token=ann.token)

        assert (answer.body["email"], answer.body["phone"]) == ("ann@example.com", None)


class TestChanging:
    def test_what_is_told_is_kept(self, me):
        answer = me("PATCH", TOLD)

        assert answer.status == 200
        assert answer.headers["etag"] == '"2"'
        assert answer.body | TOLD == answer.body
        assert me("GET").body == answer.body

    def test_what_is_not_named_stays_and_null_is_forgotten(self, me):
        me("PATCH", TOLD)

        answer = me("PATCH", {"name": None, "interests": None})

        assert answer.body | TOLD | {"name": None, "interests": []} == answer.body

    def test_without_a_language_or_zone_of_their_own_the_shops_hold(self, me):
        me("PATCH", {"language": "en", "time_zone": "Asia/Omsk"})

        answer = me("PATCH", {"language": None, "time_zone": None})

        assert (answer.body["language"], answer.body["time_zone"]) == ("ru", "Europe/Moscow")

    def test_an_interest_named_twice_counts_once(self, me):
        assert me("PATCH", {"interests": ["tea", "bath", "tea"]}).body["interests"] == [
            "tea",
            "bath",
        ]

    def test_a_change_is_two_round_trips_and_none_where_nothing_is_new(self, cloud, me):
        with cloud.counted() as calls:
            me("PATCH", TOLD)
        assert calls.trips == ["dynamodb.GetItem", "dynamodb.TransactWriteItems"]

        with cloud.counted() as calls:
            assert me("PATCH", TOLD).headers["etag"] == '"2"'
        assert calls.trips == ["dynamodb.GetItem"]

    def test_a_change_meant_for_another_version_is_refused(self, me, problem):
        me("PATCH", {"name": "Ann"}, headers={"if-match": '"1"'})

        refused = me("PATCH", {"name": "Bob"}, headers={"if-match": '"1"'})

        assert problem(refused) == (412, "version_conflict")
        assert me("GET").body["name"] == "Ann"


class TestWhatIsRefused:
    @pytest.mark.case("Z4")
    @pytest.mark.parametrize(
        "field",
        ["role", "tier", "balance", "email_verified", "user_id", "id", "email", "phone", "version"],
    )
    def test_what_is_not_the_customers_to_say(self, cloud, me, field, wrong):
        before = cloud.items("AuthTable")

        assert wrong(me("PATCH", {"name": "Ann", field: 1})) == [
            (f"body.{field}", "extra_forbidden")
        ]
        assert cloud.items("AuthTable") == before

    @pytest.mark.case("V7")
    @pytest.mark.parametrize(
        "name",
        ["An\x00n", "Ann\u202egnp", "A\u200bnn", "A" + "\u0301" * 10_000, "A\nB", " ", "A" * 101],
        ids=ascii,
    )
    def test_a_name_that_cannot_be_read(self, me, name, wrong):
        assert [field for field, _ in wrong(me("PATCH", {"name": name}))] == ["body.name"]

    @pytest.mark.case("V7")
    @pytest.mark.parametrize("name", ["  Ann ", "Zoe\u0308", "Анна-Мария О’Нил", "李小龍", "👩‍👧"])
    def test_a_name_is_shown_as_it_was_cleaned(self, me, name):
        kept = me("PATCH", {"name": name}).body["name"]

        assert me("PATCH", {"name": kept}).body["name"] == me("GET").body["name"] == kept

    @pytest.mark.case("V13")
    @pytest.mark.parametrize(
        "interests",
        [["x" * 41], ["tea"] * 21, ["Tea!"], ["x" * 200_000], [""]],
        ids=lambda i: i[0][:4],
    )
    def test_interests_beyond_their_bounds(self, me, interests):
        assert me("PATCH", {"interests": interests}).status == 422

    @pytest.mark.case("K1")
    @pytest.mark.parametrize("day", ["9999-12-31", "2023-02-29", "1890-01-01", "0000-00-00", "1"])
    def test_a_day_nobody_was_born_on(self, me, day, wrong):
        assert [field for field, _ in wrong(me("PATCH", {"birthday": day}))] == ["body.birthday"]

    @pytest.mark.case("K1")
    def test_a_day_that_has_begun_only_elsewhere(self, cloud, me, wrong):
        """It is the customer's own clock that says which day it is."""
        ahead = clock.now().astimezone(ZoneInfo("Pacific/Kiritimati"))
        behind = {"time_zone": "Pacific/Pago_Pago", "birthday": ahead.date().isoformat()}

        assert me("PATCH", behind | {"time_zone": "Pacific/Kiritimati"}).status == 200
        assert wrong(me("PATCH", behind)) == [("body.birthday", "birthday_ahead")]

    @pytest.mark.parametrize("zone", ["Mars/Base", "../etc/passwd", "UTC+3:00", ""])
    def test_a_time_zone_nobody_keeps(self, me, zone, wrong):
        assert wrong(me("PATCH", {"time_zone": zone})) == [("body.time_zone", "unknown_time_zone")]

    def test_a_change_of_nothing(self, me, wrong):
        assert wrong(me("PATCH", {})) == [("body", "nothing_to_change")]


class TestWhatIsTold:
    def test_a_new_language_reaches_whoever_writes_to_the_customer(self, cloud, me, ann):
        me("PATCH", {"language": "ru", "time_zone": "Asia/Omsk"})
        cloud.drain()

        [told] = cloud.published(ContactChanged)
        assert (told.customer_id, told.subject_version) == (ann.id, 2)
        assert (told.email, told.language, told.time_zone) == ("kim@example.com", "ru", "Asia/Omsk")
        assert cloud.published(ProfileChanged) == []
        [contact] = [row for row in cloud.items("NotifyTable") if row["sk"] == "CONTACT"]
        assert contact["language"] == "ru"

    def test_of_the_rest_only_the_names_of_fields_are_told(self, cloud, me):
        me("PATCH", {"name": "Анна Ким", "birthday": "1990-02-28"})
        cloud.drain()

        [told] = cloud.published(ProfileChanged)
        assert told.fields == ("birthday", "name")
        assert "Анна" not in told.model_dump_json()
        assert "1990" not in told.model_dump_json()
        assert cloud.published(ContactChanged) == []

    def test_what_was_not_changed_is_not_told(self, cloud, me):
        me("PATCH", {"language": "en"})
        cloud.drain()

        assert cloud.published(ContactChanged) == []
