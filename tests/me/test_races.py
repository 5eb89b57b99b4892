"""Requests of one customer at once, in every order of their calls."""

from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

import pytest

from common import clock, ids, timers
from common.access import Act
from common.events.auth import BirthdayReached, ProfileChanged
from common.events.erasure import ExportReady, ExportRequested
from common.events.orders import ErasureAnswered
from common.events.sign_in import SignedIn
from scenarios.declared import sample
from shop import Shop
from sweep import SCHEDULE


class TestTwoChangesOfOneProfile:
    @pytest.fixture
    def race(self, at_once, me, rows_of, queued):
        def check(answers):
            assert [answer.status for answer in answers] == [200, 200]
            [kept] = rows_of("PROFILE")
            assert (kept["name"], kept["birthday"], kept["version"]) == ("Ann", "1990-02-28", 3)
            assert queued(ProfileChanged) == 2

        changes = {"name": "Ann"}, {"birthday": "1990-02-28"}
        return at_once(*[partial(me, "PATCH", change) for change in changes], check=check)

    @pytest.mark.feature(16)
    def test_are_both_kept(self, race):
        race.every()

    def test_lose_a_version_when_it_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")


class TestTwoChangesMeantForOneVersion:
    @pytest.fixture
    def race(self, at_once, me, rows_of):
        def check(answers):
            assert sorted(answer.status for answer in answers) == [200, 412]
            assert rows_of("PROFILE")[0]["version"] == 2

        match = {"if-match": '"1"'}
        tasks = [partial(me, "PATCH", {"name": n}, headers=match) for n in ("Ann", "Bob")]
        return at_once(*tasks, check=check)

    @pytest.mark.feature(16)
    def test_are_one(self, race):
        race.every()

    def test_are_two_when_the_version_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")


class TestABirthdayThatIsMovedWhileItIsReached:
    @pytest.fixture
    def race(self, cloud, at_once, ann, me, rows_of, queued, monkeypatch):
        monkeypatch.setattr(timers, "SHARDS", 1)  # to look into empty ones changes nothing
        me("PATCH", {"birthday": "1990-02-28"})
        due = datetime.fromisoformat(rows_of("PROFILE")[0]["greeting_due"])
        cloud.clock.advance(seconds=(due - clock.now()).total_seconds() - 300)
        shop = Shop(cloud)
        ask = shop.asking(shop.again(ann), "PATCH", "/v1/me", {"birthday": "1990-03-01"})
        cloud.clock.advance(minutes=6)

        def check(answers):
            assert answers[0].status == 200
            assert queued(BirthdayReached) <= 1
            [kept] = rows_of("PROFILE")
            timers = [row for row in cloud.items("AuthTable") if row["pk"].startswith("TIMER#")]
            assert len(timers) == 1
            assert ("greeted_on" in kept) is (queued(BirthdayReached) == 1)
            awaited = datetime.fromisoformat(kept["greeting_due"])
            assert timers[0]["sk"].startswith(f"{awaited:%Y-%m-%dT%H:%M}")

        tick = partial(cloud.invoke, "AuthConsumer", SCHEDULE)
        return at_once(ask, tick, check=check)

    @pytest.mark.case("K4")
    @pytest.mark.feature(88)
    def test_is_awaited_by_one_timer(self, race):
        race.every()

    def test_is_awaited_by_two_when_the_profile_is_looked_at_first(self, race):
        race.catches("CUSTOMER#", "TIMER#")


class TestTwoSignInsAtOnce:
    @pytest.fixture
    def race(self, cloud, at_once, ann, deliver, rows_of):
        now = clock.now()

        def event():
            known = {"occurred_at": now, "customer_id": ann.id, "session_id": ids.new(now)}
            return SignedIn(id=ids.new(now), **known)

        def check(_):
            timers = [row for row in cloud.items("AuthTable") if row["pk"].startswith("TIMER#")]
            assert len(timers) == 1
            assert len(rows_of("SIGN_IN#")) == 2

        tasks = [deliver("AuthMeConsumer", event()) for _ in range(2)]
        return at_once(*tasks, check=check)

    @pytest.mark.feature(90)
    def test_are_both_kept_and_one_timer_looks(self, race):
        race.every()


class TestTwoDeletionsOfOneNote:
    @pytest.fixture
    def race(self, at_once, me, rows_of):
        made = me("POST", {"text": "Milk"}, "/notes").body["id"]
        me("POST", {"text": "Bread"}, "/notes")

        def check(answers):
            assert sorted(answer.status for answer in answers) == [204, 404]
            assert len(rows_of("NOTE#")) == rows_of("NOTEBOOK")[0]["notes"] == 1

        return at_once(*[partial(me, "DELETE", None, f"/notes/{made}")] * 2, check=check)

    @pytest.mark.feature(25)
    def test_are_one(self, race):
        race.every()

    def test_are_two_when_the_note_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")


class TestAWithdrawalWhileNeedsAreNamed:
    @pytest.fixture
    def race(self, at_once, me, rows_of):
        me("PUT", {"given": True, "text_version": 1}, "/consents/segments")
        withdraw = partial(me, "PUT", {"given": False, "text_version": 1}, "/consents/segments")

        def check(answers):
            named, withdrawn = (answer.status for answer in answers)
            assert (named in (200, 409), withdrawn) == (True, 200)
            [kept] = rows_of("PROFILE")
            assert "needs" not in kept or kept["needs"] == []
            assert len(rows_of("CONSENT#")) == 2

        return at_once(partial(me, "PATCH", {"needs": ["pets"]}), withdraw, check=check)

    @pytest.mark.feature(22)
    def test_leaves_no_needs(self, race):
        race.every()

    def test_leaves_needs_when_the_profile_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")


class TestAWishThatIsTakenBackWhileItIsDue:
    @pytest.fixture
    def race(self, cloud, at_once, ann, deliver):
        shop = Shop(cloud)
        asked = shop.erasure(ann)
        cloud.clock.advance(days=14, seconds=1)
        cloud.invoke("AuthConsumer", SCHEDULE)
        stay = shop.asking(shop.again(ann), "DELETE", "/v1/me/erasure")
        known = {"occurred_at": clock.now(), "customer_id": ann.id, "erasure_id": asked}
        answer = ErasureAnswered(id=ids.new(clock.now()), **known, round=1, obstacles=())

        def check(answers):
            stayed = answers[0].status == 204
            [account] = [r for r in cloud.items("AuthTable") if r["sk"] == "ACCOUNT"]
            asked = [r for r in cloud.items("AuthTable") if r["pk"].startswith("ERASURE#")]
            assert bool(account["logins"]) is stayed
            assert bool(asked) is not stayed

        return at_once(stay, deliver("AuthErasureConsumer", answer), check=check)

    @pytest.mark.case("R4")
    @pytest.mark.feature(15)
    def test_is_taken_back_or_closes_the_account(self, race):
        race.every()

    def test_does_neither_when_the_wish_is_looked_at_first(self, race):
        race.catches("ERASURE#")


class TestTwoExportsAskedForAtOnce:
    @pytest.fixture
    def race(self, cloud, at_once, ann, rows_of, queued):
        shop = Shop(cloud)
        shop.prove(ann, Act.EXPORT)

        def check(answers):
            assert sorted(answer.status for answer in answers) == [202, 409]
            assert len(rows_of("EXPORT#")) == queued(ExportRequested) == 1

        return at_once(*[shop.asking(ann, "POST", "/v1/me/exports") for _ in range(2)], check=check)

    @pytest.mark.case("R5")
    @pytest.mark.feature(15)
    def test_are_one(self, race):
        race.every()

    def test_are_two_when_the_shelf_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")


class TestALinkThatIsFollowedTwiceAtOnce:
    @pytest.fixture
    def race(self, cloud, at_once, ann):
        shop = Shop(cloud)
        made = shop.export(ann)
        link = shop.ask(ann, "POST", f"/v1/me/exports/{made}/link")["url"]

        def check(answers):
            assert sorted(answer.status for answer in answers) == [303, 404]

        follow = shop.asking(None, "GET", urlsplit(link).path)
        return at_once(*[follow] * 2, check=check)

    @pytest.mark.case("R5")
    @pytest.mark.feature(15)
    def test_leads_there_once(self, race):
        race.every()

    def test_leads_there_twice_when_it_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")


class TestTheLastTwoPartsAtOnce:
    @pytest.fixture
    def race(self, cloud, at_once, ann, deliver, rows_of, queued):
        waiting = Shop(cloud).export_waiting_for(ann, "orders", "support")
        known = {"customer_id": ann.id, "export_id": waiting}

        def check(_):
            [made] = rows_of("EXPORT#")
            assert (made["state"], len(made["parts"])) == ("ready", 5)
            assert queued(ExportReady) == 1

        reports = [
            sample(f"{name}.export_part_ready.v1", **known) for name in ("orders", "support")
        ]
        return at_once(*[deliver("AuthExportConsumer", one) for one in reports], check=check)

    @pytest.mark.case("R5")
    @pytest.mark.feature(15)
    def test_make_one_archive(self, race):
        race.every()

    def test_lose_a_part_when_the_export_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")
