"""Promo codes, as the staff keeps them."""

import pytest

from common.events.loyalty import CouponRulesChanged

PATH = "/v1/staff/coupons/TEA-10"
TERMS = {"percent": 10, "from_minor": 150_000, "most_uses": 100, "per_customer": 1}


def problem(answer):
    return answer.status, answer.body["type"].rpartition(":")[2]


@pytest.fixture
def manager(cloud):
    return cloud.staff("manager")


@pytest.fixture
def put(cloud, manager):
    def ask(terms=TERMS, path=PATH, **more):
        return cloud.call("PUT", path, terms, token=manager.token, **more)

    return ask


@pytest.mark.feature(67)
class TestAPromoCode:
    def test_is_made_with_its_terms(self, cloud, put):
        made = put()
        assert (made.status, made.headers["etag"]) == (200, '"1"')
        assert {name: made.body[name] for name in TERMS} == TERMS
        shown = cloud.call("GET", PATH, token=cloud.staff("agent").token)
        assert shown.body == made.body

    def test_is_told_of(self, cloud, put):
        put()
        put({"percent": 20})
        cloud.drain()
        first, second = cloud.published(CouponRulesChanged)
        assert (first.coupon, first.subject_version, first.percent) == ("TEA-10", 1, 10)
        assert (second.subject_version, second.percent, second.most_uses) == (2, 20, None)

    def test_is_good_at_once_and_stays_so_when_it_changes(self, cloud, put):
        first = put().body
        cloud.clock.advance(minutes=5)
        assert put({"percent": 20}).body["starts_at"] == first["starts_at"]

    def test_is_changed_by_who_has_seen_it_only(self, put):
        put()
        assert put(headers={"if-match": '"7"'}).status == 412
        assert put(headers={"if-match": '"1"'}).status == 200

    @pytest.mark.case("I6")
    def test_put_again_as_it_is_stays_so(self, cloud, put):
        first, second = put(), put()
        assert second.body == first.body
        cloud.drain()
        assert len(cloud.published(CouponRulesChanged)) == 1

    def test_is_listed_among_others(self, cloud, put, manager):
        for code in ("ZOO", "ABC"):
            put(path=f"/v1/staff/coupons/{code}")
        query = {"limit": "1"}
        page = cloud.call("GET", "/v1/staff/coupons", token=manager.token, query=query).body
        query |= {"cursor": page["next_cursor"]}
        rest = cloud.call("GET", "/v1/staff/coupons", token=manager.token, query=query).body
        assert [one["code"] for one in page["items"] + rest["items"]] == ["ABC", "ZOO"]

    def test_that_is_not_there_is_not_found(self, cloud, manager):
        assert cloud.call("GET", PATH, token=manager.token).status == 404

    @pytest.mark.parametrize(
        "terms",
        [
            {},
            {"percent": 10, "amount_minor": 100},
            {"percent": 101},
            {"percent": -1},
            {"percent": 0},
            {"percent": 10, "most_uses": 0},
            {"percent": 10, "per_customer": 0},
            {"percent": 10, "starts_at": "2026-12-01T00:00:00Z", "ends_at": "2026-11-01T00:00:00Z"},
            {"percent": 10, "ends_at": "2026-11-01T00:00:00"},
            {"percent": "10"},
        ],
    )
    @pytest.mark.case("V10")
    def test_with_terms_that_make_no_sense_is_refused(self, put, terms):
        assert put(terms).status == 422

    @pytest.mark.parametrize("code", ["ab", "tea-10", "A" * 25, "ЧАЙ-10"])
    def test_is_written_in_capitals(self, put, code):
        assert put(path=f"/v1/staff/coupons/{code}").status in (404, 422)

    def test_is_no_agents_to_make(self, cloud):
        agent = cloud.staff("agent")
        assert cloud.call("PUT", PATH, TERMS, token=agent.token).status == 403
