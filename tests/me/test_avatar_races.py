"""Changes of one customer's picture at once, in every order of their calls."""

from functools import partial

import pytest

import objects
from common.events.auth import ProfileChanged
from scenarios.me import an_upload
from shop import Shop


@pytest.fixture(autouse=True)
def buckets():
    yield
    objects.bring_back({})


@pytest.fixture
def upload(cloud, ann):
    shop = Shop(cloud)
    shop.people["customer"] = ann
    return partial(an_upload, shop)


class TestAPictureDeletedWhileAnotherIsChosen:
    @pytest.fixture
    def race(self, cloud, ann, me, at_once, upload, rows_of):
        me("POST", {"upload_id": upload()}, "/avatar")
        body = {"upload_id": upload()}

        def check(answers):
            assert [answer.status for answer in answers] == [200, 204]
            [kept] = rows_of("PROFILE")
            shown = [row["sk"] for row in rows_of("PICTURE#") if row["state"] == "shown"]
            assert shown == [f"PICTURE#{kept[name]}" for name in ("picture",) if name in kept]

        tasks = [partial(me, "POST", body, "/avatar"), partial(me, "DELETE", path="/avatar")]
        return at_once(*tasks, check=check)

    @pytest.mark.feature(16)
    def test_leaves_the_new_one_or_none(self, race):
        race.every()

    def test_leaves_a_wrong_one_when_the_profile_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")


class TestAnUploadConfirmedTwice:
    @pytest.fixture
    def confirming(self, me, upload):
        """What confirms one upload, under a key of its own or under *key*."""
        body = {"upload_id": upload()}
        return lambda **key: partial(me, "POST", body, "/avatar", **key)

    @pytest.fixture
    def race(self, at_once, confirming, rows_of, queued):
        def check(answers):
            assert sorted(answer.status for answer in answers) == [200, 404]
            assert is_shown_once(rows_of, queued)

        return at_once(confirming(), confirming(), check=check)

    @pytest.fixture
    def repeated(self, at_once, confirming, rows_of, queued):
        def check(answers):
            assert [answer.status for answer in answers] == [200, 200]
            assert is_shown_once(rows_of, queued)

        return at_once(*[confirming(key="key-of-the-upload")] * 2, check=check)

    @pytest.mark.case("U4")
    @pytest.mark.feature(16)
    def test_at_once_is_shown_once(self, race):
        race.sample(8)

    @pytest.mark.feature(16)
    def test_by_a_call_that_is_repeated_is_answered_alike(self, repeated):
        repeated.sample(8)

    def test_at_once_is_shown_twice_when_the_upload_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")


def is_shown_once(rows_of, queued):
    """Whether there is one picture with its files, which the profile shows, told of once."""
    [kept], [made] = rows_of("PROFILE"), rows_of("PICTURE#")
    files = {key.split("/")[1] for _, key in objects.stored() if key.startswith("pictures/")}
    shown = made["state"], made["sk"], files
    expected = "shown", f"PICTURE#{kept['picture']}", {kept["picture"]}
    return shown == expected and queued(ProfileChanged) == 1 and not rows_of("UPLOAD")
