"""The picture that a provider showed: taken if the customer wants, from the provider only."""

import socket

import pytest
import urllib3

import objects
import world
from auth.avatar import client, places
from common.pictures import LARGEST_BYTES
from scenarios.me import picture

pytestmark = [pytest.mark.feature(7, 16)]


@pytest.fixture
def take(cloud, shop, ann, me):
    """Ann takes the picture at *address*."""
    shop.offers("google", "vk")

    def ask(address=world.PICTURE):
        shop.shown_by_provider(ann, address)
        answer = me("POST", path="/avatar/provider")
        cloud.drain()
        return answer

    yield ask
    objects.bring_back({})


def test_it_is_taken_and_shown(me, take):
    with world.answering(picture()) as asked:
        assert take().body == {"avatar": "/v1/me/avatar"}

    shown = me("GET").body
    assert (shown["avatar"], shown["avatar_offered"]) == ("/v1/me/avatar", True)
    assert me("GET", path="/avatar").status == 200
    [(pool, method, path, how)] = asked
    assert (method, path) == ("GET", "/a/picture=s96-c")
    assert (pool.host, pool.port) == (world.OUTSIDE, 443)
    assert pool.assert_hostname == pool.conn_kw["server_hostname"] == "lh3.googleusercontent.com"
    assert how["headers"] == {"Host": "lh3.googleusercontent.com"}
    assert (how["redirect"], how["retries"]) == (False, False)


def test_where_no_provider_showed_one_there_is_none(me, problem):
    assert me("GET").body["avatar_offered"] is False

    assert problem(me("POST", path="/avatar/provider")) == (404, "not_found")


@pytest.mark.case("V14")
@pytest.mark.parametrize(
    "address",
    [
        "http://lh3.googleusercontent.com/a",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://[::1",
        "https://2130706433/a",
        "https://evil.example/a",
        "https://lh3.googleusercontent.com.evil.example/a",
        "https://evil.example/lh3.googleusercontent.com",
        "https://1.2.3.4.bc.googleusercontent.com/a",
        "https://lh3.googleusercontent.com@evil.example/a",
        "https://user:pass@lh3.googleusercontent.com/a",
        "https://lh3.googleusercontent.com:8443/a",
        "https://evil.example#lh3.googleusercontent.com",
        "https://evil.example\\@lh3.googleusercontent.com/a",
        "https://avatars.yandex.net/a",
        "https:///a",
    ],
)
def test_elsewhere_than_at_a_providers_nothing_is_asked(take, problem, address):
    """Yandex keeps pictures at that host, but the shop is not registered there."""
    with world.answering(picture()) as asked:
        assert problem(take(address)) == (422, "picture_unavailable")

    assert asked == []


@pytest.mark.parametrize(
    ("provider", "host"),
    [
        ("google", "lh3.googleusercontent.com"),
        ("google", "lh6.googleusercontent.com"),
        ("yandex", "avatars.yandex.net"),
        ("vk", "pp.userapi.com"),
        ("vk", "sun9-66.userapi.com"),
        ("vk", "sun9-north.userapi.com"),
        ("vk", "sun2.43222.userapi.com"),
        ("facebook", "platform-lookaside.fbsbx.com"),
    ],
)
def test_a_provider_keeps_pictures_where_it_says(provider, host):
    """And no other provider does there."""
    assert [name for name in places.HOSTS if places.keeps(name, host)] == [provider]


@pytest.mark.case("V14")
@pytest.mark.parametrize(
    "host",
    [
        "googleusercontent.com",
        "lh3-googleusercontent.com",
        "lh3.googleusercontent.com.evil.example",
        "bc.googleusercontent.com",
        "xlh3.googleusercontent.com",
        "avatars.yandex.net.evil.example",
        "avatars.yandex.ru",
        "evil.avatars.yandex.net",
        "userapi.com",
        "sun9-66-userapi.com",
        "sunset.userapi.com",
        "evil.sun9-66.userapi.com",
        "pp.userapi.com.evil.example",
        "psv4.userapi.com",
        "fbsbx.com",
        "lookaside.fbsbx.com",
        "platform-lookaside.fbsbx.com.evil.example",
        "platform-lookaside-fbsbx.com",
    ],
)
def test_what_only_looks_like_it_is_no_providers(host):
    assert [name for name in places.HOSTS if places.keeps(name, host)] == []


@pytest.mark.case("V14")
@pytest.mark.parametrize(
    "addresses",
    [
        ("169.254.169.254",),
        ("127.0.0.1",),
        ("10.0.0.1",),
        ("172.16.0.1",),
        ("192.168.1.1",),
        ("100.64.0.1",),
        ("0.1.2.3",),
        ("224.0.0.1",),
        (world.OUTSIDE, "10.0.0.1"),
    ],
)
def test_a_providers_name_that_leads_inside_is_not_followed(take, problem, addresses):
    with world.answering(picture(), 200, *addresses) as asked:
        assert problem(take()) == (422, "picture_unavailable")

    assert asked == []


@pytest.mark.case("V14")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 204, 404, 500])
def test_a_redirect_and_whatever_else_is_no_picture_is_not_followed(take, problem, status):
    to = {"location": "http://169.254.169.254/latest/meta-data/"}
    with world.answering(picture(), status, **to) as asked:
        assert problem(take()) == (422, "picture_unavailable")

    assert len(asked) == 1


@pytest.mark.case("U2")
def test_no_more_is_read_than_a_picture_may_have(take, problem):
    with world.answering(picture() + bytes(LARGEST_BYTES)):
        assert problem(take()) == (422, "picture_too_large")


@pytest.mark.case("U1")
def test_what_is_there_must_be_a_picture(take, problem):
    with world.answering(b"<svg xmlns='http://www.w3.org/2000/svg'/>"):
        assert problem(take()) == (422, "not_a_picture")


def test_one_that_trickles_is_given_up(take, problem, monkeypatch):
    monkeypatch.setattr(client, "MOST_SECONDS", -1)

    with world.answering(picture()):
        assert problem(take()) == (422, "picture_unavailable")


@pytest.mark.parametrize("failure", [urllib3.exceptions.ReadTimeoutError, OSError])
def test_one_that_does_not_answer_is_given_up(take, problem, monkeypatch, failure):
    def fail(*_, **__):
        raise failure(None, "/", "") if failure is not OSError else OSError

    place = (
        (socket, "getaddrinfo") if failure is OSError else (urllib3.HTTPSConnectionPool, "urlopen")
    )
    with world.answering(picture()):
        monkeypatch.setattr(*place, fail)
        assert problem(take()) == (422, "picture_unavailable")
        monkeypatch.undo()
