"""What others read to check our tokens."""

import jwt
import pytest

from common.access import CHECKED


@pytest.mark.case("S10")
def test_an_access_token_can_be_checked_by_the_published_keys(auth, cloud):
    token = auth.customer()["access_token"]
    answer = cloud.call("GET", "/.well-known/jwks.json")
    keys = jwt.PyJWKSet.from_dict(answer.body)
    kid = jwt.get_unverified_header(token)["kid"]
    claims = jwt.decode(token, keys[kid], ["ES256"], audience="kabinet", options=CHECKED)
    assert claims["iss"] == server(cloud)["issuer"]
    assert answer.headers["cache-control"] == "public, max-age=300"


def server(cloud):
    return cloud.call("GET", "/.well-known/oauth-authorization-server").body


def test_the_issuer_says_where_its_keys_are(cloud):
    body = server(cloud)
    assert body["jwks_uri"] == f"{body['issuer']}/.well-known/jwks.json"


def test_nothing_private_is_published(cloud):
    [key] = cloud.call("GET", "/.well-known/jwks.json").body["keys"]
    assert set(key) == {"kty", "crv", "use", "alg", "kid", "x", "y"}


@pytest.mark.feature(1)
@pytest.mark.feature(2)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_form_says_why_each_field_is_asked_for_and_what_it_gives(cloud, language):
    form = cloud.call("GET", "/v1/auth/registration-form", language=language).body
    assert form["one_of"] == ["email", "phone"]
    assert all(field["required"] or field["reason"] for field in form["fields"])
    assert form["benefits"]
    assert form["data_protection"]
    assert form["password"]["advised"] == 15
    assert any("15" in rule for rule in form["password"]["rules"])
