"""Changes of one customer's picture at once, in every order of their calls."""

from functools import partial

import pytest

import objects
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
