"""Signing in by an account elsewhere: the whole dance, against a real provider."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

import provider as providers
from auth.social import exchange, person
from auth.social.flow import ProviderRefused
from auth.social.provider import Provider
from common import pepper
from common.events.auth import CustomerRegistered
from common.language import Text

ISSUER, TEXT = "https://home.example", Text(ru="Дом", en="Home")
ANN = {"email": "ann@example.com", "email_verified": True, "name": "Ann Kim"}


@pytest.fixture
def provider(cloud):
    """A provider that the shop is registered with."""
    secrets, arn = boto3.client("secretsmanager"), cloud.wiring.physical["SocialSecret"]["Ref"]

    def tell(entries):
        secrets.put_secret_value(SecretId=arn, SecretString=json.dumps(entries))
        pepper._kept.clear()
        exchange._keys.clear()

    known = providers.started()
    tell({"home": known.entry, "other": known.entry | {"issuer": "https://other.example"}})
    yield known
    known.down.clear()
    tell({})


class Dance:
    def __init__(self, cloud, auth, provider):
        self.cloud, self.auth, self.provider = cloud, auth, provider

    def begin(self, name="home", **body):
        answer = self.cloud.call("POST", f"/v1/auth/social/{name}", body)
        assert answer.status == 201, answer.body
        return answer.body

    def come_back(self, subject, **body):
        """What the client sends once *subject* was at the provider."""
        flow = self.begin(**body)
        sent = self.provider.consent(flow["authorize_url"], subject)
        return {**sent, "flow_secret": flow["flow_secret"]}

    def finish(self, body):
        return self.cloud.call("POST", "/v1/auth/social/callback", body)

    def sign_in(self, subject, **body):
        return self.finish(self.come_back(subject, **body))

    def linking(self, subject, **body):
        """What links *subject* to an account, once that is proven."""
        came = self.come_back(subject, **body)
        answer = self.finish(came)
        assert problem(answer) == (409, "link_proof_needed")
        return {"linking_id": answer.body["linking_id"], "flow_secret": came["flow_secret"]}

    def link(self, token, body):
        return self.cloud.call("POST", "/v1/auth/identities", body, token=token)

    def linked(self, token):
        answer = self.cloud.call("GET", "/v1/auth/identities", token=token)
        return [one["provider"] for one in answer.body["items"]]


@pytest.fixture
def dance(cloud, auth, provider):
    return Dance(cloud, auth, provider)


def problem(answer):
    return answer.status, answer.body.get("type", "").removeprefix("urn:kabinet:problem:")


def registered(auth):
    """A customer whose registration is no proof any longer."""
    customer = auth.customer()
    auth.cloud.clock.advance(minutes=5)
    return customer


@pytest.mark.feature(5, 7)
def test_somebody_new_becomes_a_customer_and_is_known_again(dance, cloud, provider):
    provider.knows("ann", **ANN, picture="https://pictures.example/ann.png")

    first = dance.sign_in("ann", return_to="/cart")
    again = dance.sign_in("ann")

    assert (first.status, first.body["return_to"]) == (200, "/cart")
    assert again.body["customer_id"] == first.body["customer_id"]
    [profile] = [row for row in cloud.items("AuthTable") if row["sk"] == "PROFILE"]
    assert (profile["name"], profile["email"]) == ("Ann Kim", "ann@example.com")
    assert profile["provider_picture"] == "https://pictures.example/ann.png"
    queued = [row for row in cloud.items("AuthTable") if row.get("name") == CustomerRegistered.name]
    assert len(queued) == 1
    assert dance.linked(first.body["access_token"]) == ["home"]


@pytest.mark.feature(5)
def test_only_services_that_the_shop_is_registered_with_are_offered(dance, cloud):
    offered = cloud.call("GET", "/v1/auth/providers").body["items"]

    assert [one["name"] for one in offered] == ["home", "other"]
    assert problem(cloud.call("POST", "/v1/auth/social/google", {})) == (404, "not_found")


@pytest.mark.case("O6")
class TestAnAnswerThatIsNotOfThisFlow:
    @pytest.fixture
    def came(self, dance, provider):
        provider.knows("ann", **ANN)
        return dance.come_back("ann")

    def test_is_refused_under_another_state_and_another_clients_secret(self, dance, came):
        other = dance.begin()
        foreign = came | {"state": other["flow_id"]}
        stolen = came | {"flow_secret": other["flow_secret"]}

        assert problem(dance.finish(foreign)) == problem(dance.finish(stolen)) == (404, "flow_over")
        missing = {name: value for name, value in came.items() if name != "state"}
        assert dance.finish(missing).status == 422

    def test_is_refused_when_it_comes_again_or_late(self, dance, cloud, provider, came):
        assert dance.finish(came).status == 200
        assert problem(dance.finish(came)) == (404, "flow_over")

        late = dance.come_back("ann")
        cloud.clock.advance(minutes=10)
        assert problem(dance.finish(late)) == (404, "flow_over")

    def test_is_refused_with_the_code_of_another_flow(self, dance, came):
        """The code's challenge is not met by this flow's verifier."""
        mine = dance.come_back("ann")

        assert problem(dance.finish(mine | {"code": came["code"]})) == (422, "provider_refused")

    def test_is_refused_as_another_providers(self, dance, came, provider):
        flow = dance.begin("other")
        sent = provider.consent(flow["authorize_url"], "ann")
        mixed = {**sent, "flow_secret": flow["flow_secret"]}

        assert problem(dance.finish(came | {"iss": "https://other.example"})) == (
            422,
            "provider_refused",
        )
        assert problem(dance.finish(mixed)) == (422, "provider_refused")  # the token's issuer

    def test_is_refused_with_another_nonce(self, dance, provider):
        flow = dance.begin()
        address = flow["authorize_url"]
        [nonce] = parse_qs(urlsplit(address).query)["nonce"]
        sent = provider.consent(address.replace(nonce, "another"), "ann")

        answer = dance.finish({**sent, "flow_secret": flow["flow_secret"]})

        assert problem(answer) == (422, "provider_refused")


@pytest.mark.case("O5")
@pytest.mark.parametrize("said", [False, None, "true", 1])
def test_an_address_that_is_not_said_to_be_proven_makes_and_links_nothing(dance, provider, said):
    claims = {"email": "carl@example.com"} | ({} if said is None else {"email_verified": said})
    provider.knows("carl", **claims)

    assert problem(dance.sign_in("carl")) == (409, "link_proof_needed")


@pytest.mark.case("O8")
def test_without_keys_it_is_busy_and_with_those_kept_it_signs_in(dance, provider):
    provider.knows("ann", **ANN)
    provider.down.add("/jwks")
    assert dance.sign_in("ann").status == 503

    provider.down.clear()
    assert dance.sign_in("ann").status == 200
    provider.down.add("/jwks")
    assert dance.sign_in("ann").status == 200


@pytest.mark.case("O11")
@pytest.mark.parametrize("page", ["//evil", "https:evil", "/\\evil", "evil", "/a\\b", "/a\tb"])
def test_a_page_elsewhere_becomes_the_first_one(dance, provider, page):
    provider.knows("ann", **ANN)

    assert dance.sign_in("ann", return_to=page).body["return_to"] == "/"


@pytest.mark.feature(14)
class TestAnAddressThatSomebodyHas:
    @pytest.mark.case("O1")
    def test_is_linked_after_that_accounts_own_proof_and_never_before(self, dance, auth, provider):
        customer = registered(auth)
        provider.knows("ann", **ANN)
        linking = dance.linking("ann")
        before = dance.link(customer["access_token"], linking)

        signed_in = auth.sign_in().body
        after = dance.link(signed_in["access_token"], linking)

        assert problem(before) == (401, "step_up_required")
        assert (after.status, after.body["provider"]) == (201, "home")
        assert dance.link(signed_in["access_token"], linking).status == 201  # again is fine
        by_provider = dance.sign_in("ann")
        assert by_provider.body["customer_id"] == customer["customer_id"]

    @pytest.mark.case("O1")
    def test_is_not_opened_by_a_registration_that_was_never_confirmed(self, dance, auth, provider):
        registration_id = auth.registration()
        provider.knows("ann", **ANN)
        assert dance.sign_in("ann").status == 200

        assert problem(auth.sign_in()) == (401, "wrong_credentials")
        confirmed = auth.confirm(registration_id, auth.code(registration_id))
        assert problem(confirmed) == (409, "contact_taken")

    @pytest.mark.case("O9")
    def test_is_linked_only_after_the_second_proof(self, dance, auth, provider, authenticate):
        customer = registered(auth)
        code = authenticate(auth.email)
        provider.knows("ann", **ANN)
        linking = dance.linking("ann")

        assert problem(auth.sign_in()) == (401, "second_factor_required")
        assert problem(dance.link(customer["access_token"], linking)) == (401, "step_up_required")
        signed_in = auth.sign_in(totp_code=code()).body
        assert dance.link(signed_in["access_token"], linking).status == 201

        by_provider = dance.sign_in("ann")
        assert problem(by_provider) == (401, "second_factor_required")

    @pytest.mark.case("O7")
    def test_opens_nothing_to_another_subject_or_issuer(self, dance, auth, provider):
        """The provider's account keeps its owner here, whatever address it has later."""
        provider.knows("ann", **ANN)
        ann = dance.sign_in("ann").body["customer_id"]
        auth.customer("victim@example.com")

        provider.knows("ann", email="victim@example.com", email_verified=True)
        assert dance.sign_in("ann").body["customer_id"] == ann
        provider.knows("thief", email="victim@example.com", email_verified=True)
        assert problem(dance.sign_in("thief")) == (409, "link_proof_needed")


@pytest.mark.feature(14)
class TestLinking:
    @pytest.fixture
    def ann(self, auth):
        return registered(auth)

    @pytest.fixture
    def prove(self, cloud):
        from cloud import Person
        from common.access import Act
        from shop import Shop

        def proven(customer):
            session = customer["refresh_token"].partition(".")[0]
            Shop(cloud).prove(
                Person(customer["customer_id"], session, customer["access_token"]), Act.FACTORS
            )

        return proven

    def test_is_begun_in_a_session_and_needs_a_fresh_proof(self, dance, provider, ann, prove):
        provider.knows("friend", email="new@example.com", email_verified=True)
        linking = dance.linking("friend", link=True)
        token = ann["access_token"]

        assert problem(dance.link(token, linking)) == (401, "step_up_required")
        prove(ann)
        assert dance.link(token, linking).status == 201
        assert dance.sign_in("friend").body["customer_id"] == ann["customer_id"]

    def test_takes_one_account_of_a_service_and_nobody_elses(
        self, dance, auth, provider, ann, prove
    ):
        prove(ann)
        for subject in ("one", "two"):
            provider.knows(subject)
        assert dance.link(ann["access_token"], dance.linking("one", link=True)).status == 201

        second = dance.link(ann["access_token"], dance.linking("two", link=True))
        bob = auth.customer("bob@example.com")
        prove(bob)
        taken = dance.link(bob["access_token"], dance.linking("one", link=True))

        assert problem(second) == (409, "provider_linked")
        assert problem(taken) == (409, "identity_taken")

    def test_takes_the_secret_of_the_flow(self, dance, provider, ann, prove):
        prove(ann)
        linking = dance.linking("one", link=True)

        answer = dance.link(ann["access_token"], linking | {"flow_secret": "A" * 43})

        assert problem(answer) == (404, "flow_over")

    def test_is_undone_after_a_fresh_proof(self, dance, cloud, provider, ann, prove):
        path, token = "/v1/auth/identities/home", ann["access_token"]
        assert problem(cloud.call("DELETE", path, token=token)) == (401, "step_up_required")
        prove(ann)
        provider.knows("one")
        dance.link(token, dance.linking("one", link=True))

        assert cloud.call("DELETE", path, token=token).status == 204
        assert cloud.call("DELETE", path, token=token).status == 404
        assert dance.linked(token) == []
        assert problem(dance.sign_in("one")) == (409, "link_proof_needed")

    @pytest.mark.case("O10")
    def test_is_not_undone_where_it_is_the_last_way_in(self, dance, cloud, provider, ann, prove):
        from dataclasses import replace

        from auth import store
        from common.access import Role

        prove(ann)
        provider.knows("one")
        dance.link(ann["access_token"], dance.linking("one", link=True))
        with cloud.acting("AuthApi"):
            account = store.account(ann["customer_id"], Role.CUSTOMER)
            store.change_account(account, replace(account, logins=(), password_hash=None))

        answer = cloud.call("DELETE", "/v1/auth/identities/home", token=ann["access_token"])

        assert problem(answer) == (409, "last_way_in")
        assert dance.linked(ann["access_token"]) == ["home"]


class TestOneArrivalTwiceAtOnce:
    @pytest.fixture
    def races(self, at_once, dance, cloud, provider):
        provider.knows("ann", **ANN)
        both = [dance.come_back("ann") for _ in range(2)]

        def check(answers):
            assert [answer.status for answer in answers] == [200, 200]
            assert len({answer.body["customer_id"] for answer in answers}) == 1
            assert sum(row["sk"] == "PROFILE" for row in cloud.items("AuthTable")) == 1

        return at_once(*[partial(dance.finish, came) for came in both], check=check)

    @pytest.mark.case("O12")
    def test_makes_one_customer(self, races):
        races.every()

    def test_makes_two_when_the_claims_are_looked_at_first(self, races):
        races.catches("IDENTITY#", "LOGIN#")


class TestOnePersonLinkedTwiceAtOnce:
    @pytest.fixture
    def races(self, at_once, dance, auth, cloud, provider):
        provider.knows("one")
        linkings = [dance.linking("one", link=True) for _ in range(2)]
        tokens = [auth.customer(f"{name}@example.com")["access_token"] for name in ("ann", "bob")]

        def check(answers):
            assert sorted(map(problem, answers)) == [(201, ""), (409, "identity_taken")]
            linked = [row for row in cloud.items("AuthTable") if row.get("identities")]
            accounts = {row["subject_id"] for row in linked}
            assert len(accounts) == 1

        both = zip(tokens, linkings, strict=True)
        return at_once(*[partial(dance.link, *one) for one in both], check=check)

    @pytest.mark.case("O12")
    def test_belongs_to_one_account(self, races):
        races.every()

    def test_belongs_to_two_when_the_claim_is_looked_at_first(self, races):
        races.catches("IDENTITY#")


class TestAnIdToken:
    """What a provider signs, and what somebody else could (OpenID Connect Core §3.1.3.7)."""

    @pytest.fixture
    def at(self):
        return datetime(2026, 11, 7, 12, tzinfo=UTC)

    @pytest.fixture
    def key(self, monkeypatch):
        key = RSAKey.generate_key(2048, {"kid": "one"})
        keys = KeySet([key])
        monkeypatch.setattr(exchange, "_asked", lambda *_: keys.as_dict(private=False))
        exchange._keys.clear()
        yield key
        exchange._keys.clear()

    @pytest.fixture
    def shown(self, key, at):
        """Whom a token shows that says otherwise than a good one."""
        home = Provider("home", TEXT, ISSUER, "", "", "", "https://home.example/keys")
        home = replace(home, client_id="the-shop", client_secret="s" * 32)

        def person_of(signed=key, alg="RS256", without=(), **claims):
            now = int(at.timestamp())
            good = {"iss": ISSUER, "sub": "ann", "aud": "the-shop", "nonce": "n"}
            good |= {"iat": now, "exp": now + 60} | claims
            kept = {name: value for name, value in good.items() if name not in without}
            token = jwt.encode({"alg": alg, "kid": "one"}, kept, signed, [alg])
            return person.shown(home, {"id_token": token}, "n", at)

        return person_of

    def test_shows_whom_it_was_made_for(self, shown):
        assert shown().subject == "ann"
        assert shown(aud=["the-shop"], azp="the-shop").subject == "ann"

    @pytest.mark.case("O8", "O6", "O7")
    @pytest.mark.parametrize(
        "claims",
        [
            {"aud": "another"},
            {"aud": ["another"]},
            {"azp": "another"},
            {"aud": ["the-shop", "another"], "azp": "another"},
            {"iss": "https://other.example"},
            {"nonce": "another"},
            {"exp": 0},
            {"iat": 4_000_000_000, "exp": 4_000_000_060},
            {"sub": ""},
            {"sub": "s" * 256},
            *({"without": (name,)} for name in ("aud", "iss", "nonce", "exp", "iat", "sub")),
        ],
        ids=str,
    )
    def test_is_refused_when_it_says_otherwise(self, shown, claims):
        with pytest.raises(ProviderRefused):
            shown(**claims)

    @pytest.mark.case("O8")
    @pytest.mark.filterwarnings("ignore:JWS algorithm")  # `none`, which the test must write
    def test_is_refused_when_somebody_else_signed_it_or_nobody(self, shown):
        other = RSAKey.generate_key(2048, {"kid": "one"})
        ours = OctKey.import_key("s" * 32)
        for signed, alg in ((other, "RS256"), (ours, "HS256"), (ours, "none")):
            with pytest.raises(ProviderRefused):
                shown(signed, alg)
