"""Passkeys: made, shown, and refused, by a device that does as it is told."""

from dataclasses import replace
from functools import partial

import pytest

from auth import store
from auth.passkeys import site
from authenticator import ORIGIN, Authenticator, Passkey, decoded, encoded
from cloud import PASSWORD
from common import access, clock
from common.access import Role
from common.events.passkeys import PasskeyAdded, PasskeyCopied, PasskeyRemoved
from shop import NEW_PASSWORD, Shop

EMAIL = "ann@example.com"
PASSKEYS, SIGN_IN = "/v1/auth/passkeys", "/v1/auth/passkeys/sign-in"

pytestmark = pytest.mark.feature(10)


def problem(answer):
    return answer.status, answer.body.get("type", "").removeprefix("urn:kabinet:problem:")


WRONG = 401, "wrong_passkey"


@pytest.fixture
def shop(cloud):
    return Shop(cloud)


@pytest.fixture
def ann(cloud):
    return cloud.customer()


@pytest.fixture
def bob(cloud):
    return cloud.customer()


@pytest.fixture
def reached(shop):
    """Somebody whom letters reach."""
    return shop.register(EMAIL)[0]


@pytest.fixture
def sign_in(cloud):
    return lambda body, **more: cloud.call("POST", SIGN_IN, body | more)


@pytest.fixture
def add(cloud):
    return lambda person, body: cloud.call("POST", PASSKEYS, body, token=person.token)


def listed(shop, person):
    return shop.ask(person, "GET", PASSKEYS)["items"]


def account_of(cloud, person):
    with cloud.acting("AuthApi"):
        return store.account(person.id, Role.CUSTOMER)


def login_of(cloud, person):
    return account_of(cloud, person).logins[0]


def change(cloud, person, **parts):
    with cloud.acting("AuthApi"):
        account = store.account(person.id, Role.CUSTOMER)
        store.change_account(account, replace(account, **parts))


def session_of(cloud, answer):
    """The session that began with an answer's tokens."""
    session_id = answer.body["refresh_token"].partition(".")[0]
    with cloud.acting("AuthApi"):
        return store.session(session_id)


class TestAdding:
    def test_is_told_listed_by_name_and_signs_in(self, shop, cloud, reached, sign_in):
        ann = reached
        device = Authenticator(syncs=False, counts=True)
        body = shop.making(ann, device) | {"name": "My laptop"}
        made = shop.ask(ann, "POST", PASSKEYS, body)
        before = listed(shop, ann)
        cloud.clock.advance(minutes=1)
        assert sign_in(shop.showing(device)).status == 200
        cloud.drain()

        assert before == [made]
        assert (made["name"], made["synced"], made["last_used_at"]) == ("My laptop", False, None)
        [now] = listed(shop, ann)
        assert now["last_used_at"] > now["added_at"]
        [told] = cloud.published(PasskeyAdded)
        assert (told.customer_id, told.called) == (ann.id, "My laptop")
        [letter] = [x for x in cloud.letters if "passkey was added" in x.subject]
        assert (letter.to, "My laptop" in letter.text) == (EMAIL, True)

    def test_asks_for_a_passkey_that_is_offered_by_itself_and_is_new(self, shop, ann):
        device = shop.passkey(ann)
        shop.prove(ann, access.Act.FACTORS)
        asked = shop.ask(ann, "POST", f"{PASSKEYS}/options")

        wanted = asked["public_key"]
        assert wanted["rp"] == {"name": "Kabinet", "id": "account.example.com"}
        assert wanted["authenticatorSelection"]["residentKey"] == "required"
        assert wanted["authenticatorSelection"]["userVerification"] == "preferred"
        assert [one["id"] for one in wanted["excludeCredentials"]] == [device.held[0].id]
        assert asked["expires_in"] == 300

    @pytest.mark.case("A16")
    def test_needs_a_fresh_proof(self, shop, cloud, ann):
        cloud.clock.advance(minutes=5)

        answer = cloud.call("POST", f"{PASSKEYS}/options", token=ann.token)

        assert problem(answer) == (401, "step_up_required")

    def test_is_called_as_the_device_or_simply_a_passkey(self, shop, cloud, ann, add):
        answer = add(ann, shop.making(ann, Authenticator()))

        assert answer.body.get("name") == "Ключ доступа", answer.body

    def test_again_answers_the_same(self, shop, cloud, ann, add):
        body = shop.making(ann, Authenticator())

        assert add(ann, body).body == add(ann, body).body
        assert len(listed(shop, ann)) == 1

    @pytest.mark.case("F12")
    @pytest.mark.parametrize("origin", ["https://evil.example", "http://account.example.com", ""])
    def test_is_refused_from_another_page(self, shop, ann, add, origin):
        body = shop.making(ann, Authenticator(origin=origin))

        assert problem(add(ann, body)) == (422, "not_a_passkey")

    @pytest.mark.case("F12")
    def test_is_refused_late_twice_in_another_session_and_for_another_site(
        self, shop, cloud, ann, bob, add
    ):
        def refused(person, body):
            return problem(add(person, body)) == (422, "not_a_passkey")

        late = shop.making(ann, Authenticator())
        cloud.clock.advance(minutes=5)
        assert refused(ann, late)

        shop.passkey(ann, device := Authenticator())
        used = listed(shop, ann)[0]["id"]
        change(cloud, ann, passkeys=())
        again = device.make(
            {"rp": {"id": "account.example.com"}, "user": {"id": ""}} | {"challenge": ""}
        )
        assert refused(ann, {"challenge_id": used, "credential": again})

        assert refused(bob, shop.making(ann, Authenticator()))

        shop.prove(ann, access.Act.FACTORS)
        begun = shop.ask(ann, "POST", f"{PASSKEYS}/options")
        elsewhere = begun["public_key"] | {"rp": {"id": "evil.example", "name": ""}}
        other = {
            "credential": Authenticator().make(elsewhere),
            "challenge_id": begun["challenge_id"],
        }
        assert refused(ann, other)
        assert listed(shop, ann) == []

    @pytest.mark.case("F12")
    def test_is_refused_of_a_credential_that_somebody_has(self, shop, ann, bob, add):
        device = shop.passkey(ann)
        stolen = device.held[0]

        class Copier(Authenticator):
            def make(self, options):
                made = Passkey(options["rp"]["id"], options["user"]["id"], stolen.key, stolen.id)
                return super().make(options, made)

        for person in (ann, bob):
            assert problem(add(person, shop.making(person, Copier()))) == (409, "passkey_taken")
        assert listed(shop, bob) == []

    def test_ends_at_ten(self, shop, cloud, ann):
        device = shop.passkey(ann)
        [one] = account_of(cloud, ann).passkeys
        more = [replace(one, id=str(n), credential_id=f"{n}" * 20) for n in range(9)]
        change(cloud, ann, passkeys=(one, *more))
        shop.prove(ann, access.Act.FACTORS)

        answer = cloud.call("POST", f"{PASSKEYS}/options", token=ann.token)

        assert (problem(answer), len(device.held)) == ((409, "too_many_passkeys"), 1)


class TestRenaming:
    def test_changes_the_name_and_nothing_else(self, shop, ann):
        shop.passkey(ann)
        [before] = listed(shop, ann)

        after = shop.ask(ann, "PATCH", f"{PASSKEYS}/{before['id']}", {"name": "The old phone"})

        assert after == before | {"name": "The old phone"}
        assert listed(shop, ann) == [after]

    @pytest.mark.case("Z2")
    def test_and_removing_of_somebody_elses_is_as_of_none(self, shop, cloud, ann, bob):
        shop.passkey(ann)
        [hers] = listed(shop, ann)
        shop.prove(bob, access.Act.FACTORS)

        for id_ in (hers["id"], "01980000-0000-7000-8000-000000000000"):
            path = f"{PASSKEYS}/{id_}"
            assert cloud.call("PATCH", path, {"name": "x"}, token=bob.token).status == 404
            assert cloud.call("DELETE", path, token=bob.token).status == 404
        assert listed(shop, ann) == [hers]


class TestRemoving:
    @pytest.fixture
    def path(self, shop, ann):
        self.device = shop.passkey(ann)
        return f"{PASSKEYS}/{listed(shop, ann)[0]['id']}"

    @pytest.mark.case("F9")
    def test_takes_a_fresh_proof_is_told_and_ends_other_sessions(
        self, shop, cloud, ann, sign_in, path
    ):
        other = sign_in(shop.showing(self.device)).body["access_token"]
        cloud.clock.advance(minutes=5)
        assert problem(cloud.call("DELETE", path, token=ann.token)) == (401, "step_up_required")
        shop.prove(ann, access.Act.FACTORS)

        assert cloud.call("DELETE", path, token=ann.token).status == 204
        cloud.drain()

        assert cloud.call("GET", "/v1/auth/sessions", token=other).status == 401
        assert cloud.call("GET", "/v1/auth/sessions", token=ann.token).status == 200
        assert len(cloud.published(PasskeyRemoved)) == 1
        assert cloud.call("DELETE", path, token=ann.token).status == 404
        assert problem(sign_in(shop.showing(self.device))) == WRONG

    def test_leaves_the_credential_to_whoever_has_it_next(self, shop, cloud, ann, path):
        cloud.call("DELETE", path, token=ann.token)

        assert [row for row in cloud.items("AuthTable") if row["pk"].startswith("PASSKEY#")] == []

    @pytest.mark.case("O10")
    def test_is_refused_where_it_is_the_last_way_in(self, shop, cloud, ann, path):
        change(cloud, ann, logins=(), password_hash=None)

        assert problem(cloud.call("DELETE", path, token=ann.token)) == (409, "last_way_in")
        assert len(listed(shop, ann)) == 1


class TestSigningIn:
    @pytest.fixture
    def device(self, shop, ann):
        return shop.passkey(ann)

    def test_names_no_login_and_counts_as_both_factors_with_the_user_verified(
        self, shop, cloud, ann, sign_in, device
    ):
        shop.authenticator(ann)
        begun = shop.ask(None, "POST", f"{SIGN_IN}/options")

        answer = sign_in(shop.showing(device), device_name="Phone")

        assert (answer.status, answer.body["customer_id"]) == (200, ann.id)
        session = session_of(cloud, answer)
        assert (session.acr, session.amr) == ("aal2", ("pop", "mfa"))
        assert (
            "allowCredentials" not in begun["public_key"]
            or not begun["public_key"]["allowCredentials"]
        )
        history = shop.ask(ann, "GET", "/v1/auth/sign-ins")["items"]
        assert history[0]["methods"] == ["pop", "mfa"]

    @pytest.mark.case("F10")
    def test_is_one_factor_without_and_the_second_step_follows(
        self, shop, cloud, ann, sign_in, device
    ):
        device.verifies = False
        alone = sign_in(shop.showing(device))
        assert session_of(cloud, alone).acr == "aal1"
        app = shop.authenticator(ann)
        cloud.clock.advance(seconds=30)

        held = sign_in(shop.showing(device))

        assert problem(held) == (401, "second_factor_required")
        assert [m["kind"] for m in held.body["methods"]] == ["totp", "passkey"]
        path = f"/v1/auth/sign-in/second-steps/{held.body['second_step_id']}/confirm"
        code = app.at(clock.now())
        entered = cloud.call("POST", path, {"totp_code": code})
        assert session_of(cloud, entered).amr == ("pop", "otp", "mfa")

    def test_is_held_from_afar_without_the_user_verified_and_not_with(
        self, shop, cloud, ann, sign_in, device
    ):
        shop.come_from_afar(ann)
        assert sign_in(shop.showing(device)).status == 200
        shop.come_from_afar(ann)
        device.verifies = False

        held = sign_in(shop.showing(device))

        assert problem(held) == (401, "second_factor_required")
        assert [m["kind"] for m in held.body["methods"]] == ["passkey", "email"]

    @pytest.mark.case("F12")
    def test_is_refused_from_another_page_or_site_late_and_again(
        self, shop, cloud, sign_in, device
    ):
        def with_origin(origin):
            device.origin = origin
            body = shop.showing(device)
            device.origin = ORIGIN
            return body

        begun = shop.ask(None, "POST", f"{SIGN_IN}/options")
        elsewhere = replace(device.held[0], domain="evil.example")
        site_ = {**begun["public_key"]}
        other_site = {
            "challenge_id": begun["challenge_id"],
            "credential": device.prove(site_, elsewhere),
        }
        late = shop.showing(device)
        cloud.clock.advance(minutes=5)
        used = shop.showing(device)
        assert sign_in(used).status == 200

        for body in (with_origin("https://evil.example"), other_site, late, used):
            assert problem(sign_in(body)) == WRONG

    @pytest.mark.case("F12")
    def test_is_refused_by_a_challenge_of_another_or_none(self, shop, ann, sign_in, device):
        mine, other = shop.showing(device), shop.showing(device)
        making = shop.making(ann, Authenticator())

        for id_ in (other["challenge_id"], making["challenge_id"], making["challenge_id"][::-1]):
            fitting = id_ if id_[8] == "-" else "01980000-0000-7000-8000-000000000000"
            assert problem(sign_in(mine | {"challenge_id": fitting})) == WRONG

    @pytest.mark.case("F12")
    def test_is_refused_by_a_passkey_of_another_account_or_none(
        self, shop, ann, bob, sign_in, device
    ):
        """Bob's device says that it is Ann's, or has a key of its own for her passkey's id."""
        his = shop.passkey(bob)
        his.held[0].handle = device.held[0].handle
        forged = Authenticator(held=[replace(device.held[0], key=Passkey("", "").key)])
        nobodys = Authenticator(held=[Passkey("account.example.com", device.held[0].handle)])
        nameless = Authenticator(held=[replace(device.held[0], handle=None)])

        for other in (his, forged, nobodys, nameless):
            assert problem(sign_in(shop.showing(other))) == WRONG

    @pytest.mark.case("F12")
    def test_is_refused_when_the_count_goes_back_and_the_owner_hears_of_it_once(
        self, shop, cloud, ann, sign_in
    ):
        device = shop.passkey(ann, Authenticator(counts=True, syncs=False))
        device.held[0].count = 7
        assert sign_in(shop.showing(device)).status == 200
        copy = Authenticator(counts=True, held=[replace(device.held[0], count=6)])

        assert problem(sign_in(shop.showing(copy))) == WRONG
        copy.held[0].count = 0
        assert problem(sign_in(shop.showing(copy))) == WRONG
        cloud.drain()

        assert len(cloud.published(PasskeyCopied)) == 1
        refused = shop.ask(ann, "GET", "/v1/auth/sign-ins")["items"]
        assert ("passkey_refused", 2) in [(one["outcome"], one["times"]) for one in refused]

    def test_tells_nobody_of_a_forged_count(self, shop, cloud, ann, sign_in):
        device = shop.passkey(ann, Authenticator(counts=True))
        device.held[0].count = 7
        sign_in(shop.showing(device))
        forged = Authenticator(held=[replace(device.held[0], key=Passkey("", "").key, count=1)])

        assert problem(sign_in(shop.showing(forged))) == WRONG
        cloud.drain()

        assert cloud.published(PasskeyCopied) == []

    @pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
    @pytest.mark.parametrize(
        "cut", [slice(1), slice(1, None), slice(None, -1), slice(None, None, -1)]
    )
    def test_is_refused_of_bytes_that_are_none(self, shop, sign_in, device, part, cut):
        body = shop.showing(device)
        told = body["credential"]["response"]
        told[part] = encoded(decoded(told[part])[cut])

        assert problem(sign_in(body)) == WRONG

    @pytest.mark.parametrize(
        "cut", [slice(1), slice(1, None), slice(None, -1), slice(None, None, -1)]
    )
    def test_nor_is_a_passkey_made_of_them(self, shop, ann, add, cut):
        body = shop.making(ann, Authenticator())
        told = body["credential"]["response"]
        told["attestationObject"] = encoded(decoded(told["attestationObject"])[cut])

        assert problem(add(ann, body)) == (422, "not_a_passkey")


@pytest.mark.case("O3")
def test_a_passkey_left_by_a_stranger_is_gone_after_a_recovery(shop, cloud, reached, sign_in):
    thief = shop.passkey(reached)
    asked, code = shop.recovering(EMAIL)
    body = {"code": code, "new_password": NEW_PASSWORD}
    shop.ask(None, "POST", f"/v1/auth/recoveries/{asked}/confirm", body)

    assert problem(sign_in(shop.showing(thief))) == WRONG
    assert account_of(cloud, reached).passkeys == ()
    assert [row for row in cloud.items("AuthTable") if row["pk"].startswith("PASSKEY#")] == []


class TestProving:
    @pytest.fixture
    def device(self, shop, ann):
        return shop.passkey(ann)

    @pytest.fixture
    def step_up(self, shop, ann):
        def begin(act="money"):
            return shop.ask(ann, "POST", "/v1/auth/step-ups", {"act": act})

        return begin

    def shown(self, cloud, device, path, person=None):
        token = person.token if person else None
        options = cloud.call("POST", f"{path}/options", token=token)
        assert options.status == 201, options.body
        assert options.body["public_key"]["userVerification"] == "required"
        return {"credential": device.prove(options.body["public_key"])}

    @pytest.mark.case("A16")
    def test_a_step_up_is_offered_it_and_proven_by_it(self, shop, cloud, ann, device, step_up):
        begun = step_up()
        path = f"{PASSKEYS}/step-ups/{begun['id']}"
        assert "passkey" in [offer["kind"] for offer in begun["offers"]]

        proof = self.shown(cloud, device, path, ann)
        assert [
            cloud.call("POST", f"{path}/proof", proof, token=ann.token).status for _ in "12"
        ] == [
            204,
            204,
        ]

        session = next(
            row for row in cloud.items("AuthTable") if row["pk"] == f"SESSION#{ann.session_id}"
        )
        assert "money" in session["proofs"]
        assert listed(shop, ann)[0]["last_used_at"]

    @pytest.mark.case("F12")
    def test_it_takes_the_user_verified_its_own_challenge_and_its_own_account(
        self, shop, cloud, ann, bob, device, step_up
    ):
        first, second = (f"{PASSKEYS}/step-ups/{step_up()['id']}" for _ in range(2))
        his = shop.passkey(bob)
        foreign = shop.showing(his)
        absent = Authenticator(verifies=False, held=device.held)
        proofs = (
            self.shown(cloud, absent, first, ann),
            self.shown(cloud, device, second, ann),
            {"credential": foreign["credential"]},
            {"credential": shop.showing(device)["credential"]},
        )

        refused = [cloud.call("POST", f"{first}/proof", p, token=ann.token) for p in proofs]

        assert [problem(answer) for answer in refused] == [(422, "wrong_proof")] * 4
        theirs = cloud.call("POST", f"{first}/options", token=bob.token)
        assert problem(theirs) == (404, "challenge_over")

    def test_without_a_passkey_none_is_offered(self, shop, cloud, bob):
        begun = shop.ask(bob, "POST", "/v1/auth/step-ups", {"act": "money"})["id"]

        answer = cloud.call("POST", f"{PASSKEYS}/step-ups/{begun}/options", token=bob.token)

        assert problem(answer) == (422, "proof_not_offered")

    def test_it_is_the_second_proof_of_a_sign_in_by_password(self, shop, cloud, ann, device):
        shop.authenticator(ann)
        path = f"{PASSKEYS}/second-steps/{shop.second_step(login_of(cloud, ann))}"

        answer = cloud.call("POST", f"{path}/confirm", self.shown(cloud, device, path))

        assert answer.body["customer_id"] == ann.id
        assert session_of(cloud, answer).amr == ("pwd", "pop", "mfa")

    @pytest.mark.case("F10")
    def test_and_of_one_that_is_held_but_not_without_the_user_verified(
        self, shop, cloud, ann, device
    ):
        shop.come_from_afar(ann)
        path = f"{PASSKEYS}/second-steps/{shop.second_step(login_of(cloud, ann))}"
        absent = Authenticator(verifies=False, held=device.held)

        refused = cloud.call("POST", f"{path}/confirm", self.shown(cloud, absent, path))
        answer = cloud.call("POST", f"{path}/confirm", self.shown(cloud, device, path))

        assert problem(refused) == (401, "wrong_second_factor")
        assert answer.status == 200
        assert cloud.call("POST", f"{path}/options").status == 404  # it is over


def test_a_passkey_may_stand_in_for_the_password_of_a_registration(shop, cloud, sign_in):
    body = {"email": EMAIL, "passkey": True, "language": "en"}
    asked = shop.ask(None, "POST", "/v1/auth/registrations", body)["registration_id"]
    cloud.drain()
    assert not [row for row in cloud.items("AuthTable") if row["sk"] == "ACCOUNT"]
    path = f"/v1/auth/registrations/{asked}/confirm"
    made = shop.ask(None, "POST", path, {"code": shop.code(EMAIL)})
    device = Authenticator()

    begun = cloud.call("POST", f"{PASSKEYS}/options", token=made["access_token"]).body
    credential = device.make(begun["public_key"])
    added = cloud.call(
        "POST",
        PASSKEYS,
        {"challenge_id": begun["challenge_id"], "credential": credential},
        token=made["access_token"],
    )

    assert added.status == 201
    assert sign_in(shop.showing(device)).body["customer_id"] == made["customer_id"]
    wrong = cloud.call("POST", "/v1/auth/sign-in", {"login": EMAIL, "password": PASSWORD})
    assert problem(wrong) == (401, "wrong_credentials")


def test_a_registration_by_e_mail_needs_one_of_the_two_secrets(cloud):
    for more in ({}, {"passkey": False}):
        answer = cloud.call("POST", "/v1/auth/registrations", {"email": EMAIL} | more)
        assert answer.body["errors"][0]["field"] == "body.password"


def test_passkeys_appear_among_the_settings_and_in_the_menu(shop, ann):
    shop.passkey(ann)

    sections = shop.ask(ann, "GET", "/v1/me/menu")["sections"]
    fields = shop.ask(None, "GET", "/v1/auth/registration-form")["fields"]

    assert shop.ask(ann, "GET", "/v1/auth/factors")["passkeys"] == 1
    [section] = [one for one in sections if one["name"] == "passkeys"]
    assert (section["path"], section["count"]) == (PASSKEYS, 1)
    assert "passkey" in [field["name"] for field in fields]


@pytest.mark.parametrize(
    ("origins", "domain", "pages"),
    [
        ("", "shop.example", ("https://shop.example",)),
        ("https://my.shop", "my.shop", ("https://my.shop",)),
        (
            "http://localhost:3000,http://localhost:5173",
            "localhost",
            ("http://localhost:3000", "http://localhost:5173"),
        ),
    ],
)
def test_the_first_page_names_the_domain(origins, domain, pages):
    found = site.of(origins, "https://shop.example/v2", "Shop")

    assert (found.domain, found.origins) == (domain, pages)


class TestOneAssertionTwiceAtOnce:
    @pytest.fixture
    def races(self, at_once, shop, cloud, ann):
        body = shop.showing(shop.passkey(ann))

        def check(answers):
            assert sorted(map(problem, answers)) == [(200, ""), WRONG]
            sessions = [row for row in cloud.items("AuthTable") if row["sk"] == "SESSION"]
            assert len(sessions) == 2  # that of before, and one of these

        call = partial(cloud.call, "POST", SIGN_IN, body)
        return at_once(call, call, check=check)

    @pytest.mark.case("F12")
    def test_signs_in_once(self, races):
        races.every()

    def test_signs_in_twice_when_challenge_and_account_are_looked_at_first(self, races):
        races.catches("CHALLENGE#", "CUSTOMER#")


class TestOneCredentialAddedToTwoAccountsAtOnce:
    @pytest.fixture
    def races(self, at_once, shop, cloud, ann, bob, add):
        key = Passkey("account.example.com", "")

        class Copier(Authenticator):
            def make(self, options):
                return super().make(options, replace(key, handle=options["user"]["id"]))

        bodies = [(person, shop.making(person, Copier())) for person in (ann, bob)]

        def check(answers):
            assert sorted(map(problem, answers)) == [(201, ""), (409, "passkey_taken")]
            accounts = (account_of(cloud, person) for person in (ann, bob))
            assert sum(len(account.passkeys) for account in accounts) == 1

        return at_once(*[partial(add, *one) for one in bodies], check=check)

    @pytest.mark.case("F12")
    def test_belongs_to_one_of_them(self, races):
        races.every()

    def test_belongs_to_both_when_the_claim_is_looked_at_first(self, races):
        races.catches("PASSKEY#")
