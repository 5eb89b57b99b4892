"""Consents to data, and what segments know by them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from auth.consents import consent
from auth.consents.consent import WORDINGS, Purpose, Wording
from auth.profile import segments
from common import clock
from common.events.auth import ConsentChanged, ProfileChanged, SegmentFactsChanged
from common.language import Language, Text

pytestmark = pytest.mark.feature(22)
YES, NO = {"given": True, "text_version": 1}, {"given": False, "text_version": 1}


@pytest.fixture
def decide(me):
    return lambda body, purpose="segments", **more: me("PUT", body, f"/consents/{purpose}", **more)


@pytest.fixture
def told(cloud):
    """What segments were told last, and how often they were told."""

    def last():
        cloud.drain()
        # The bus keeps no order: versions tell which came last.
        events = sorted(cloud.published(SegmentFactsChanged), key=lambda e: e.subject_version)
        facts = {"consented", "age_band", "interests", "needs"}
        return len(events), events[-1].model_dump(include=facts) if events else None

    return last


@pytest.fixture
def newer_text(monkeypatch):
    newer = Wording(Text("Новый", "New"), Text("Новый текст", "A new text"))
    monkeypatch.setitem(WORDINGS, Purpose.SEGMENTS, [*WORDINGS[Purpose.SEGMENTS], newer])


class TestReading:
    @pytest.mark.parametrize("language", Language)
    def test_every_purpose_is_explained_and_nothing_is_given_by_itself(self, me, language):
        items = me("GET", path="/consents", language=language).body["items"]

        assert [item["purpose"] for item in items] == [*Purpose]
        for item in items:
            wording = WORDINGS[Purpose(item["purpose"])][-1]
            assert (item["title"], item["text"]) == (
                wording.title[language],
                wording.text[language],
            )
            assert (item["given"], item["given_version"], item["decided_at"]) == (False, None, None)

    def test_reading_is_one_round_trip(self, cloud, me):
        with cloud.counted() as calls:
            me("GET", path="/consents")

        assert calls.trips == ["dynamodb.GetItem"]


class TestDeciding:
    def test_a_consent_is_kept_with_the_text_that_was_shown(self, cloud, me, ann, decide, rows_of):
        answer = decide(YES)

        assert (answer.status, answer.body["given"], answer.body["given_version"]) == (200, True, 1)
        assert me("GET", path="/consents", language="ru").body["items"][1]["given"]
        [record] = rows_of("CONSENT#")
        assert record["pk"] == f"CUSTOMER#{ann.id}"
        assert (record["given"], record["text_version"], record["source"]) == (True, 1, "account")
        assert len(record["network"]) == 16
        assert "203.0.113.7" not in str(record)
        cloud.drain()
        [event] = cloud.published(ConsentChanged)
        assert (event.customer_id, event.purpose, event.given) == (ann.id, "segments", True)
        assert (event.text_version, event.subject_version) == (1, 2)

    def test_the_same_decision_again_is_no_other(self, cloud, decide, rows_of):
        first = decide(YES).body
        cloud.clock.advance(minutes=1)

        assert decide(YES).body == first
        assert len(rows_of("CONSENT#")) == 1

    def test_every_decision_stays_on_record(self, decide, rows_of):
        for body in (YES, NO, YES):
            assert decide(body).status == 200

        assert [row["given"] for row in sorted(rows_of("CONSENT#"), key=lambda r: r["sk"])] == [
            True,
            False,
            True,
        ]

    def test_one_agrees_to_todays_text_only(self, decide, problem, newer_text):
        refused = decide(YES)

        assert problem(refused) == (409, "consent_text_changed")
        assert refused.body["text_version"] == 2
        assert decide(YES | {"text_version": 2}).body["given_version"] == 2
        assert problem(decide(YES | {"text_version": 3})) == (409, "consent_text_changed")

    def test_one_withdraws_whatever_was_shown(self, decide, newer_text):
        decide(YES | {"text_version": 2})

        assert decide(NO).body["given"] is False

    def test_an_older_consent_to_an_older_text_is_told_apart(self, me, decide, monkeypatch):
        decide(YES)
        newer = Wording(Text("Новый", "New"), Text("Новый текст", "A new text"))
        monkeypatch.setitem(WORDINGS, Purpose.SEGMENTS, [*WORDINGS[Purpose.SEGMENTS], newer])

        shown = me("GET", path="/consents").body["items"][1]

        assert (shown["text_version"], shown["given_version"]) == (2, 1)

    def test_there_are_no_other_purposes(self, decide, problem):
        assert problem(decide(YES, "anything")) == (404, "not_found")

    @pytest.mark.case("V1")
    @pytest.mark.parametrize(
        "body",
        [{"given": 1}, {"given": "true"}, {"text_version": True}, {"text_version": 0}, {"x": 1}],
    )
    def test_a_decision_is_said_plainly(self, decide, wrong, body):
        assert wrong(decide(YES | body))

    def test_a_decision_is_two_round_trips(self, cloud, decide):
        with cloud.counted() as calls:
            decide(YES)

        assert calls.trips == ["dynamodb.GetItem", "dynamodb.TransactWriteItems"]


class TestSegments:
    def test_without_consent_nothing_is_told_and_needs_are_not_kept(self, me, told, problem):
        me("PATCH", {"birthday": "1990-02-28", "interests": ["tea"]})

        refused = me("PATCH", {"needs": ["gifts"]})

        assert problem(refused) == (409, "consent_needed")
        assert refused.body["purpose"] == "segments"
        assert told() == (0, None)

    def test_with_consent_what_is_known_is_told_without_dates(self, cloud, me, decide, told):
        me("PATCH", {"birthday": "1990-02-28", "interests": ["tea"]})

        decide(YES)

        known = {"consented": True, "age_band": "35_44", "interests": ("tea",), "needs": ()}
        assert told() == (1, known)
        assert "1990" not in cloud.published(SegmentFactsChanged)[0].model_dump_json()

    def test_each_change_of_it_is_told(self, me, decide, told):
        decide(YES)
        assert me("PATCH", {"needs": ["pets", "gifts", "pets"]}).body["needs"] == ["pets", "gifts"]
        me("PATCH", {"name": "Ann"})
        me("PATCH", {"birthday": "2009-01-01"})

        known = {"consented": True, "age_band": "under_18", "interests": ()}
        assert told() == (3, known | {"needs": ("pets", "gifts")})

    def test_a_withdrawal_forgets(self, me, decide, told, rows_of):
        decide(YES)
        me("PATCH", {"needs": ["pets"], "interests": ["tea"]})

        decide(NO)

        assert told()[1] == {"consented": False, "age_band": None, "interests": (), "needs": ()}
        assert me("GET").body["needs"] == []
        assert me("GET").body["interests"] == ["tea"]
        [row] = rows_of("PROFILE")
        assert "pets" not in str(row)

    def test_a_withdrawal_of_something_else_forgets_nothing(self, me, decide, told):
        decide(YES)
        me("PATCH", {"needs": ["pets"]})
        decide(YES, "analytics")
        decide(NO, "analytics")

        assert me("GET").body["needs"] == ["pets"]
        assert told()[0] == 2

    @pytest.mark.case("V13")
    @pytest.mark.parametrize("needs", [["guns"], ["pets"] * 7, "pets", [1]])
    def test_needs_are_chosen_from_a_list(self, me, decide, wrong, needs):
        decide(YES)

        assert wrong(me("PATCH", {"needs": needs}))

    @pytest.mark.case("K1")
    def test_the_birthday_that_opens_a_band_is_told(self, cloud, me, shop, ann, decide, told):
        decide(YES)
        turns = (clock.now().astimezone(ZoneInfo("Europe/Moscow")) + timedelta(days=1)).date()
        me("PATCH", {"birthday": date(turns.year - 25, turns.month, turns.day).isoformat()})
        assert told()[1]["age_band"] == "18_24"

        cloud.clock.advance(days=2)
        cloud.tick()

        assert told() == (3, {"consented": True, "age_band": "25_34", "interests": (), "needs": ()})
        versions = [event.subject_version for event in cloud.published(SegmentFactsChanged)]
        assert len(versions) == len(set(versions))
        assert [event.fields for event in cloud.published(ProfileChanged)] == [("birthday",)]

    @pytest.mark.parametrize(
        ("age", "band"),
        [(0, "under_18"), (17, "under_18"), (18, "18_24"), (64, "55_64"), (131, "65_plus")],
    )
    def test_every_age_has_a_band(self, age, band):
        assert segments.band_of(age) == band


def test_every_text_is_there_in_both_languages():
    for purpose in Purpose:
        assert consent.current_version(purpose) >= 1
        for wording in WORDINGS[purpose]:
            for words in (wording.title, wording.text):
                assert words.ru.strip()
                assert words.en.strip()


def test_a_decision_carries_its_moment():
    at = datetime(2026, 11, 23, tzinfo=ZoneInfo("UTC"))

    assert consent.decided(Purpose.ANALYTICS, True, 1, at).at == at
