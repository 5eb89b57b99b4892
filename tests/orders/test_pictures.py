import pytest

from orders.catalogue.pictures import address

HOSTS = ("pics.example.com", "cdn.example.com")


@pytest.mark.parametrize(
    ("picture", "found"),
    [
        ("tea/green-1.jpg", "https://pics.example.com/tea/green-1.jpg"),
        ("https://cdn.example.com/a.png?v=1", "https://cdn.example.com/a.png?v=1"),
    ],
)
def test_a_picture_is_a_key_or_an_address_on_a_host_of_the_shop(picture, found):
    assert address(picture, HOSTS) == found


@pytest.mark.case("V14")
@pytest.mark.parametrize(
    "picture",
    [
        *("http://pics.example.com/a.png", "https://evil.example.com/a.png"),
        *("https://169.254.169.254/latest", "https://localhost/a", "https://pics.example.com"),
        *("https://pics.example.com:8080/a.png", "https://x@pics.example.com/a.png"),
        *("https://pics.example.com.evil.example/a", "javascript:alert(1)", "//evil.example/a"),
        *("../a.png", "a//b.png", "/a.png", "a/../b.png", "", "https://pics.example.com/a b.png"),
    ],
)
def test_a_picture_from_elsewhere_is_none(picture):
    assert address(picture, HOSTS) is None


def test_a_shop_without_hosts_shows_no_pictures():
    assert address("tea/green-1.jpg", ()) is None
