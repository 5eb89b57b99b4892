"""Access tokens: only ours, only current, only for what they say (RFC 8725)."""

import base64
import hashlib
import hmac
import json
from itertools import pairwise

import boto3
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from auth import tokens
from common import access, clock
from common.access import Role
from common.errors import Unauthorized
from wiring import Wiring


def encode(part):
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


@pytest.fixture
def acting(cloud):
    with cloud.acting("AuthApi"):
        yield


@pytest.fixture
def good(acting):
    return tokens.access_token("c-1", "s-1", Role.CUSTOMER, clock.now())


@pytest.fixture
def signed(acting):
    """A token of our own key with other contents than ours ever have."""

    def make(header=(), **claims):
        token = tokens.access_token("c-1", "s-1", Role.CUSTOMER, clock.now())
        head, body, _ = token.split(".")
        own_header, own_claims = decode(head) | dict(header), decode(body) | claims
        own_claims = {name: value for name, value in own_claims.items() if value is not None}
        text = f"{encode(own_header)}.{encode(own_claims)}"
        arn = own_arn()
        return f"{text}.{encode(tokens._signature(arn, text.encode()))}"

    return make


def own_arn():
    import os

    return os.environ["SIGNING_KEYS"].split(",")[0]


def refused(token):
    with pytest.raises(Unauthorized):
        access.verify(token)
    return True


def test_a_token_says_who_for_how_long_and_in_which_session(good):
    header, claims = jwt.get_unverified_header(good), access.verify(good)
    assert (header["alg"], header["typ"]) == ("ES256", "at+jwt")
    assert (claims["sub"], claims["sid"], claims["role"]) == ("c-1", "s-1", "customer")
    assert claims["exp"] - claims["iat"] == 600
    assert claims["iss"] == "https://account.example.com"


@pytest.mark.case("S7")
class TestRfc8725:
    def test_unsigned_tokens_are_refused(self, good):
        head, body, _ = good.split(".")
        for algorithm in ("none", "None", "NONE", "nOnE"):
            forged = encode(decode(head) | {"alg": algorithm})
            assert refused(f"{forged}.{body}.")

    def test_the_public_key_is_no_shared_secret(self, good):
        head, body, _ = good.split(".")
        der = boto3.client("kms").get_public_key(KeyId=own_arn())["PublicKey"]
        pem = load_der_public_key(der).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        for secret in (der, pem, pem.strip()):
            text = f"{encode(decode(head) | {'alg': 'HS256'})}.{body}"
            mac = hmac.digest(secret, text.encode(), hashlib.sha256)
            assert refused(f"{text}.{encode(mac)}")

    def test_another_key_does_not_sign_for_ours(self, good):
        head, body, _ = good.split(".")
        other = ec.generate_private_key(ec.SECP256R1())
        forged = jwt.encode(decode(body), other, algorithm="ES256", headers=decode(head))
        assert refused(forged)

    def test_a_foreign_key_id_is_refused_without_asking_anybody(self, cloud, signed):
        for kid in ("other", "", None, 1, "../../x", own_arn(), "x" * 2000):
            with cloud.counted() as calls:
                assert refused(signed({"kid": kid}))
            assert "kms.GetPublicKey" not in calls.names

    def test_a_key_in_the_header_is_not_used(self, good):
        head, body, _ = good.split(".")
        other = ec.generate_private_key(ec.SECP256R1())
        jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(other.public_key()))
        for extra in ({"jwk": jwk}, {"jku": "https://evil.example/keys"}, {"x5u": "https://x"}):
            headers = decode(head) | extra
            assert refused(jwt.encode(decode(body), other, algorithm="ES256", headers=headers))

    @pytest.mark.parametrize(
        "claims",
        [
            {"aud": "another"},
            {"aud": None},
            {"iss": "https://evil.example"},
            {"iss": None},
            {"sub": None},
            {"sid": None},
            {"role": None},
            {"exp": None},
            {"iat": None},
            {"exp": "9999999999"},
            {"exp": 1.5e300},
            {"iat": "now"},
        ],
    )
    def test_every_claim_is_looked_at(self, signed, claims):
        assert refused(signed(**claims))

    @pytest.mark.parametrize("kind", ["JWT", "jwt", "", None, "id+jwt"])
    def test_a_token_of_another_type_is_refused(self, signed, kind):
        assert refused(signed({"typ": kind}))

    def test_a_critical_extension_that_nobody_knows_is_refused(self, signed):
        assert refused(signed({"crit": ["x"], "x": 1}))

    def test_an_expired_token_is_refused(self, cloud, good):
        cloud.clock.advance(minutes=9, seconds=58)
        assert access.verify(good)
        cloud.clock.advance(seconds=3)
        assert refused(good)

    def test_a_token_from_the_future_is_refused(self, signed):
        now = int(clock.now().timestamp())
        assert access.verify(signed(iat=now + 55, exp=now + 600))
        assert refused(signed(iat=now + 120, exp=now + 600))

    def test_a_changed_token_is_refused(self, good):
        head, body, signature = good.split(".")
        assert refused(f"{head}.{encode(decode(body) | {'role': 'owner'})}.{signature}")
        assert refused(f"{head}.{body}.{encode(bytes(64))}")
        assert refused(f"{head}.{body}.{signature[:-8]}")

    @pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "💥", "a" * 4096, "e30.e30.e30"])
    def test_what_is_no_token_is_refused(self, acting, token):
        assert refused(token)


@pytest.mark.case("S10")
class TestKeyRotation:
    """Deploy the next key, then switch: both are known all the while."""

    @pytest.fixture
    def keys(self, acting, monkeypatch):
        made = boto3.client("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
        old, new = own_arn(), made["KeyMetadata"]["Arn"]

        def use(*arns):
            monkeypatch.setenv("SIGNING_KEYS", ",".join(arns))

        return old, new, use

    def test_a_token_of_the_previous_key_is_good_until_it_expires(self, cloud, good, keys):
        old, new, use = keys
        use(new, old)
        assert access.verify(good)["sub"] == "c-1"
        cloud.clock.advance(minutes=10)
        assert refused(good)

    def test_the_first_key_signs(self, keys):
        old, new, use = keys
        use(new, old)
        token = tokens.access_token("c-1", "s-1", Role.CUSTOMER, clock.now())
        assert jwt.get_unverified_header(token)["kid"] == access.key_id(new)
        assert access.verify(token)["sub"] == "c-1"

    @pytest.fixture
    def deploy(self, cloud, monkeypatch):
        """Give the functions what a deployment with *parameters* would tell them."""

        def told(**parameters):
            wiring = Wiring(cloud.wiring.physical, parameters)
            monkeypatch.setenv(
                "SIGNING_KEYS", wiring.functions["AuthApi"].environment["SIGNING_KEYS"]
            )

        return told

    def test_no_token_is_refused_while_a_deployment_switches_keys(self, keys, deploy):
        """The steps of docs/operations.md; halfway through each, functions of both sides live."""
        old, new, _ = keys
        steps = [
            {},
            {"OtherSigningKey": new},
            {"SigningKeyInUse": new, "OtherSigningKey": old},
            {"SigningKeyInUse": new},
        ]
        signers = []
        for before, after in pairwise(steps):
            for signing, checking in ((before, after), (after, before)):
                deploy(**signing)
                token = tokens.access_token("c-1", "s-1", Role.CUSTOMER, clock.now())
                signers.append(jwt.get_unverified_header(token)["kid"])
                deploy(**checking)
                assert access.verify(token)
        assert [signers[0], signers[-1]] == [access.key_id(old), access.key_id(new)]

    def test_a_key_that_is_gone_is_refused_without_asking_anybody(self, cloud, good, keys):
        _, new, use = keys
        use(new)
        with cloud.counted() as calls:
            assert refused(good)
        assert calls.names == []


@pytest.mark.case("S13")
def test_a_token_in_the_query_is_ignored(auth, cloud):
    token = auth.customer()["access_token"]
    for name in ("access_token", "token", "authorization"):
        answer = cloud.call("GET", "/v1/loyalty", query={name: token})
        assert answer.status == 401
        assert cloud.call("POST", "/v1/auth/sign-out", query={name: token}).status == 401


@pytest.mark.case("S13")
def test_answers_with_tokens_are_kept_by_no_cache(auth):
    registration_id = auth.registration()
    confirmed = auth.confirm(registration_id, auth.code(registration_id))
    answers = [confirmed, auth.sign_in(), auth.refresh(confirmed.body["refresh_token"])]
    answers += [auth.sign_in(password="not the password"), auth.refresh("x")]
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
