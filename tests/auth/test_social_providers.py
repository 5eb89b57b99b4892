"""Yandex ID, VK ID and Facebook as they speak: whom each shows, and what of it is believed.

A server on loopback answers at the providers' own addresses, in the formats that they document:
yandex.com/dev/id/doc/en/user-information, id.vk.com (API methods of VK ID, OAuth 2.1),
developers.facebook.com (OIDC code flow with PKCE; Graph API, User).
"""

import base64
import hashlib
import json
import threading
from urllib.parse import parse_qs, urlsplit

import boto3
import flask
import pytest
import urllib3
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server

from auth.social import exchange
from common import clock, pepper

CLIENT = {"client_id": "the-shop", "client_secret": "known to both"}
REDIRECT = "https://shop.example.com/signed-in"
AVATAR = "https://avatars.yandex.net/get-yapic/131652443/islands-200"
PHOTO = "https://sun1.userapi.com/ann.jpg"
DEVICE = "a-device-of-vk"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


class Providers:
    """What each says of Ann; `said` is laid over that, and `token_answer` over the tokens."""

    def __init__(self):
        self.said, self.token_answer, self.asked, self.challenge = {}, {}, [], None

    def tokens(self, form):
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != self.challenge:
            return {"error": "invalid_grant"}, 400
        wanted = CLIENT | {"grant_type": "authorization_code", "code": "a-code"}
        wanted |= {"redirect_uri": REDIRECT}
        assert wanted.items() <= form.items()
        return {"access_token": "a-token", **self.token_answer}, 200


def yandex(app, known):
    @app.post("/oauth.yandex.ru/token")
    def yandex_token():
        answer, status = known.tokens(flask.request.form.to_dict())
        more = {"token_type": "bearer", "expires_in": 31536000, "refresh_token": "1:r"}
        return more | answer, status

    @app.get("/login.yandex.ru/info")
    def yandex_info():
        assert flask.request.args["format"] == "json"
        if flask.request.headers["Authorization"] != "OAuth a-token":
            return "", 401
        return {
            "id": "1000034426",
            "login": "ann",
            "client_id": "the-shop",
            "default_email": "ann@example.com",
            "emails": ["ann@example.com"],
            "first_name": "Ann",
            "last_name": "Kim",
            "display_name": "annie",
            "real_name": "Ann Kim",
            "sex": "female",
            "is_avatar_empty": False,
            "default_avatar_id": "131652443",
            "psuid": "1.AAceCw.tbHgw5DtJ9",
        } | known.said


def vk(app, known):
    @app.post("/id.vk.com/oauth2/auth")
    def vk_token():
        form = flask.request.form.to_dict()
        if form.get("device_id") != DEVICE:  # with status 200, as VK does
            return {"error": "invalid_request", "error_description": "device_id is missing"}
        answer, status = known.tokens(form)
        more = {"refresh_token": "r", "id_token": "of.no.use", "token_type": "Bearer"}
        more |= {"expires_in": 3600, "user_id": 1234567890, "scope": "vkid.personal_info email"}
        return more | {"state": form["state"]} | answer, status

    @app.post("/id.vk.com/oauth2/user_info")
    def vk_info():
        assert "Authorization" not in flask.request.headers
        form = flask.request.form.to_dict()
        if form != {"client_id": "the-shop", "access_token": "a-token"}:
            return {"error": "invalid_token"}
        user = {"user_id": "1234567890", "first_name": "Ann", "last_name": "Kim", "sex": 1}
        user |= {"avatar": PHOTO, "email": "ann@example.com", "verified": True}
        return {"user": user | {"birthday": "01.01.1990"} | known.said}


def facebook(app, known):
    @app.post("/graph.facebook.com/v21.0/oauth/access_token")
    def facebook_token():
        answer, status = known.tokens(flask.request.form.to_dict())
        return {"token_type": "bearer", "expires_in": 5183944} | answer, status

    @app.get("/graph.facebook.com/v21.0/me")
    def facebook_me():
        assert "email" not in flask.request.args["fields"]
        if flask.request.headers["Authorization"] != "Bearer a-token":
            return {"error": {"type": "OAuthException", "code": 190}}, 400
        picture = {"height": 50, "width": 50, "is_silhouette": False, "url": PHOTO}
        me = {"id": "10158", "name": "Ann Kim", "picture": {"data": picture}} | known.said
        return flask.Response(json.dumps(me), content_type="text/javascript; charset=UTF-8")

    @app.get("/www.facebook.com/.well-known/oauth/openid/jwks/")
    def facebook_keys():
        return KeySet([KEY]).as_dict(private=False)


def served(known):
    app = flask.Flask(__name__)
    app.before_request(lambda: known.asked.append(flask.request.path))
    for provider in (yandex, vk, facebook):
        provider(app, known)
    return app


@pytest.fixture(scope="module")
def _server():
    known = Providers()
    server = make_server("127.0.0.1", 0, served(known), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield known, server.server_port
    server.shutdown()


@pytest.fixture
def known(_server, cloud, monkeypatch):
    """The providers, which the shop is registered with; they are asked at their own addresses."""
    providers, port = _server
    providers.__init__()
    asked = urllib3.PoolManager.request

    def request(self, method, url, *more, **named):
        here = url.replace("https://", f"http://127.0.0.1:{port}/", 1)
        return asked(self, method, here, *more, **named)

    monkeypatch.setattr(urllib3.PoolManager, "request", request)
    entries = {name: CLIENT | {"redirect_uri": REDIRECT} for name in ("yandex", "vk", "facebook")}
    arn = cloud.wiring.physical["SocialSecret"]["Ref"]
    secrets = boto3.client("secretsmanager")
    secrets.put_secret_value(SecretId=arn, SecretString=json.dumps(entries))
    pepper._kept.clear()
    exchange._keys.clear()
    yield providers
    secrets.put_secret_value(SecretId=arn, SecretString="{}")
    pepper._kept.clear()
    exchange._keys.clear()


@pytest.fixture
def sign_in(cloud, known):
    """The problem that a sign-in by a provider ends with, and whom the provider had shown."""

    def signed_in(name, **more):
        flow = cloud.call("POST", f"/v1/auth/social/{name}", {}).body
        asked = {k: v[0] for k, v in parse_qs(urlsplit(flow["authorize_url"]).query).items()}
        assert asked["code_challenge_method"] == "S256"
        known.challenge, known.nonce = asked["code_challenge"], asked["nonce"]
        if callable(known.token_answer):
            known.token_answer = known.token_answer(asked)
        own = {"device_id": DEVICE} if name == "vk" else {}
        body = {"state": asked["state"], "code": "a-code", "flow_secret": flow["flow_secret"]}
        answer = cloud.call("POST", "/v1/auth/social/callback", body | own | more)
        rows = [r for r in cloud.items("AuthTable") if r["pk"] == f"FLOW#{flow['flow_id']}"]
        kind = answer.body.get("type", "").removeprefix("urn:kabinet:problem:")
        return answer, kind, (rows[0].get("person") if rows else None)

    return signed_in


def facebook_token(nonce=None, **claims):
    """The ID token of Facebook for what the shop asked, as it is signed there."""

    def signed(asked):
        now = int(clock.now().timestamp())
        told = {"iss": "https://www.facebook.com", "aud": "the-shop", "sub": "10158"}
        told |= {"iat": now, "exp": now + 3600, "jti": "j", "nonce": nonce or asked["nonce"]}
        told |= {"at_hash": "h", "email": "ann@example.com", "name": "Ann Kim"}
        told |= {"given_name": "Ann", "family_name": "Kim", "picture": PHOTO} | claims
        return {"id_token": jwt.encode({"alg": "RS256", "kid": "one"}, told, KEY)}

    return signed


SHOWN = {
    "yandex": ("1000034426", "Ann Kim", AVATAR),
    "vk": ("1234567890", "Ann Kim", PHOTO),
    "facebook": ("10158", "Ann Kim", PHOTO),
}


@pytest.mark.feature(5, 7)
@pytest.mark.case("O5")
@pytest.mark.parametrize("name", SHOWN)
def test_each_shows_who_it_is_and_no_address_that_it_does_not_call_proven(sign_in, known, name):
    answer, kind, person = sign_in(name)

    assert (answer.status, kind) == (409, "link_proof_needed")
    assert (person["subject"], person["name"], person["picture"]) == SHOWN[name]
    assert "email" not in person


@pytest.mark.feature(5, 7)
def test_facebooks_id_token_shows_the_same_as_what_it_tells(sign_in, known):
    told, signed = sign_in("facebook")[2], None
    known.asked.clear()
    known.token_answer = facebook_token()

    signed = sign_in("facebook")[2]

    assert signed == told
    assert "/graph.facebook.com/v21.0/me" not in known.asked


@pytest.mark.case("O6", "O8")
@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another"},
        {"iss": "https://limited.facebook.com"},
        {"exp": 1},
        {"nonce": "another"},
        {"sub": ""},
    ],
    ids=str,
)
def test_facebooks_id_token_of_another_shop_or_time_shows_nobody(sign_in, known, claims):
    known.token_answer = facebook_token(**claims)

    answer, kind, person = sign_in("facebook")

    assert (answer.status, kind, person) == (422, "provider_refused", None)
    assert "/graph.facebook.com/v21.0/me" not in known.asked


@pytest.mark.case("O5")
@pytest.mark.parametrize("said", ["true", 1, None])
def test_facebooks_address_is_not_believed_when_it_is_not_said_to_be_proven(sign_in, known, said):
    known.token_answer = facebook_token(email_verified=said)

    _, kind, person = sign_in("facebook")

    assert kind == "link_proof_needed"
    assert "email" not in person


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("yandex", {"is_avatar_empty": True, "default_avatar_id": "0/0-0"}),
        ("yandex", {"default_avatar_id": None}),
        ("yandex", {"default_avatar_id": "../../evil?x="}),
        ("vk", {"avatar": None}),
        ("vk", {"avatar": "http://sun1.userapi.com/ann.jpg"}),
        ("facebook", {"picture": {"data": {"is_silhouette": True, "url": PHOTO}}}),
        ("facebook", {"picture": None}),
    ],
)
def test_no_picture_is_taken_where_there_is_none(sign_in, known, name, said):
    known.said = said

    _, kind, person = sign_in(name)

    assert kind == "link_proof_needed"
    assert person["subject"] == SHOWN[name][0]
    assert "picture" not in person


@pytest.mark.parametrize(
    ("name", "said", "shown"),
    [
        ("yandex", {"real_name": ""}, None),
        ("yandex", {"real_name": None}, None),
        ("vk", {"last_name": ""}, "Ann"),
        ("vk", {"last_name": None, "first_name": None}, None),
        ("facebook", {"name": "Энн Ким"}, "Энн Ким"),
    ],
)
def test_a_name_is_as_much_of_it_as_they_tell(sign_in, known, name, said, shown):
    known.said = said
    assert sign_in(name)[2].get("name") == shown


@pytest.mark.case("O7")
@pytest.mark.parametrize("number", [1234567890, "1234567890"])
def test_a_number_names_the_same_person_however_it_is_written(sign_in, known, number):
    known.said = {"user_id": number}
    assert sign_in("vk")[2]["subject"] == "1234567890"


@pytest.mark.case("O6")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("yandex", {"id": None}),
        ("vk", {"user_id": None}),
        ("facebook", {"id": ""}),
        ("yandex", {"id": True}),
        ("vk", {"user_id": {"id": "1"}}),
    ],
)
def test_who_is_not_named_is_nobody(sign_in, known, name, said):
    known.said = said
    answer, kind, _ = sign_in(name)
    assert (answer.status, kind) == (422, "provider_refused")


@pytest.mark.case("O6")
@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("token", [None, "", "of another", 5])
def test_without_its_token_nobody_is_shown(sign_in, known, name, token):
    known.token_answer = {"access_token": token}
    answer, kind, _ = sign_in(name)
    assert (answer.status, kind) == (422, "provider_refused")


@pytest.mark.case("O6")
def test_vk_wants_the_device_that_it_named(sign_in, known):
    for device in (None, "another"):
        answer, kind, _ = sign_in("vk", device_id=device)
        assert (answer.status, kind) == (422, "provider_refused")
    assert "/id.vk.com/oauth2/user_info" not in known.asked


@pytest.mark.case("O7")
def test_one_subject_of_two_providers_is_two_people(sign_in, known):
    known.said = {"id": "7", "user_id": "7"}
    people = [sign_in(name)[2] for name in SHOWN]
    assert {person["subject"] for person in people} == {"7"}
    assert len({person["issuer"] for person in people}) == len(SHOWN)
