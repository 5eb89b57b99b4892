"""Second factors: how they are added, chosen, removed, and what stands in for them."""

import json
from dataclasses import replace

import pytest
from pyotp import TOTP

from auth import store
from auth.factors import recovery
from common import access, clock, table
from common.access import Act
from common.events.sign_in import FactorAdded, FactorRemoved, RecoveryCodeUsed

PHONE = "+79997654321"


def kind(answer):
    body = answer.body or {}
    return answer.status, body.get("type", "").removeprefix("urn:kabinet:problem:")


class Owner:
    """Somebody signed in, who looks after their second factors."""

    def __init__(self, auth, tokens):
        self.auth, self.cloud = auth, auth.cloud
        self.token = tokens["access_token"]
        self.id = tokens.get("customer_id") or tokens["staff_id"]
        self.session_id = tokens["refresh_token"].partition(".")[0]

    def call(self, method, path, body=None):
        return self.cloud.call(method, f"/v1/auth/factors{path}", body, token=self.token)

    def listed(self):
        return self.call("GET", "").body

    def kinds(self):
        return [item["kind"] for item in self.listed()["items"]]

    def prove(self):
        """Let a fresh proof be on the session."""
        with self.cloud.acting("AuthApi"):
            table.apply(store.proven(self.session_id, Act.FACTORS.value, clock.now()))

    def add_totp(self):
        """An authenticator, added; its secret."""
        begun = self.call("POST", "/totp").body
        code = TOTP(begun["secret"]).at(clock.now())
        assert self.call("POST", f"/{begun['id']}/confirm", {"code": code}).status == 204
        return TOTP(begun["secret"])

    def begin_sent(self, kind="sms", to=PHONE):
        return self.call("POST", "/codes", {"kind": kind, "to": to})

    def add_sent(self, kind="sms", to=PHONE):
        begun = self.begin_sent(kind, to)
        assert begun.status == 202, begun.body
        id_ = self.auth.deliver(begun.body["id"])
        assert self.call("POST", f"/{id_}/confirm", {"code": self.auth.code(id_)}).status == 204
        return id_

    def later(self, seconds=30):
        """Time passes: the authenticator's next code, a proof newer than the factor."""
        self.cloud.clock.advance(seconds=seconds)
        return self


@pytest.fixture
def ann(auth):
    return Owner(auth, auth.customer())


@pytest.mark.feature(11)
class TestRightAfterRegistering:
    def test_a_factor_is_added_without_another_proof(self, auth, ann):
        app = ann.add_totp()
        assert kind(auth.sign_in()) == (401, "second_factor_required")
        ann.later()
        assert auth.sign_in(totp_code=app.at(clock.now())).status == 200

    def test_the_form_tells_of_it(self, cloud):
        form = cloud.call("GET", "/v1/auth/registration-form").body["second_factor"]
        assert form["kinds"] == ["totp", "sms", "voice", "messenger"]
        assert all(form["explained"])

    def test_five_minutes_later_it_takes_one(self, ann):
        ann.later(access.PROOF_LIFETIME_SECONDS)
        for answer in (ann.call("POST", "/totp"), ann.begin_sent()):
            assert kind(answer) == (401, "step_up_required")
            assert answer.body["act"] == "factors"


@pytest.mark.feature(18)
class TestSettings:
    def test_they_are_listed_masked_and_without_secrets(self, ann):
        app = ann.add_totp()
        ann.add_sent()
        shown = ann.listed()
        assert [item["to"] for item in shown["items"]] == [None, "+7***21"]
        assert [item["preferred"] for item in shown["items"]] == [True, False]
        assert app.secret not in json.dumps(shown)

    def test_one_is_preferred(self, auth, ann):
        ann.add_totp()
        sms = ann.add_sent()
        answer = ann.call("PUT", f"/{sms}/preferred")
        assert [item["kind"] for item in answer.body["items"]] == ["sms", "totp"]
        assert auth.sign_in().body["methods"][0] == {"kind": "sms", "to": "+7***21"}

    def test_they_are_nobody_elses(self, auth, ann):
        sms = ann.add_sent()
        bob = Owner(auth, auth.customer("bob@example.com"))
        assert kind(bob.call("PUT", f"/{sms}/preferred")) == (404, "not_found")
        assert kind(bob.call("DELETE", f"/{sms}")) == (404, "not_found")
        assert ann.kinds() == ["sms"]

    def test_a_session_that_ended_changes_nothing(self, auth, ann):
        sms = ann.add_sent()
        auth.sign_out(ann.token)
        assert ann.call("DELETE", f"/{sms}").status == 401
        assert ann.call("POST", "/totp").status == 401


@pytest.mark.feature(10)
class TestAnAuthenticator:
    def test_is_shown_once_as_secret_link_and_picture(self, auth, ann):
        begun = ann.call("POST", "/totp").body
        assert len(begun["secret"]) == 32
        assert f"secret={begun['secret']}" in begun["provisioning_uri"]
        assert begun["qr_svg"].startswith("<svg")
        assert begun["qr_svg"].endswith("</svg>")

    def test_is_sealed_for_its_owner(self, cloud, ann):
        app = ann.add_totp()
        assert app.secret not in str(cloud.items("AuthTable"))

    @pytest.mark.case("F8")
    def test_changes_nothing_until_it_is_confirmed(self, auth, ann):
        ann.call("POST", "/totp")
        assert ann.kinds() == []
        assert auth.sign_in().status == 200

    @pytest.mark.case("F8")
    def test_begun_again_kills_the_first_secret(self, ann):
        first, second = (ann.call("POST", "/totp").body for _ in range(2))
        code = TOTP(first["secret"]).at(clock.now())
        answer = ann.call("POST", f"/{first['id']}/confirm", {"code": code})
        assert kind(answer) == (404, "challenge_over")
        code = TOTP(second["secret"]).at(clock.now())
        assert ann.call("POST", f"/{second['id']}/confirm", {"code": code}).status == 204

    @pytest.mark.case("F2")
    def test_signs_nobody_in_by_the_code_that_confirmed_it(self, auth, ann):
        app = ann.add_totp()
        answer = auth.sign_in(totp_code=app.at(clock.now()))
        assert kind(answer) == (401, "wrong_second_factor")

    @pytest.mark.case("F4")
    def test_takes_five_guesses_at_its_confirmation(self, ann):
        begun = ann.call("POST", "/totp").body
        code = TOTP(begun["secret"]).at(clock.now())
        wrong = "000000" if code != "000000" else "000001"
        for _ in range(5):
            answer = ann.call("POST", f"/{begun['id']}/confirm", {"code": wrong})
            assert kind(answer) == (422, "wrong_code")
        answer = ann.call("POST", f"/{begun['id']}/confirm", {"code": code})
        assert kind(answer) == (409, "attempts_used_up")

    @pytest.mark.case("F6")
    def test_is_not_confirmed_when_its_time_is_over(self, auth, ann):
        begun = ann.call("POST", "/totp").body
        ann.later(601)
        ann.token = auth.sign_in().body["access_token"]
        code = TOTP(begun["secret"]).at(clock.now())
        assert kind(ann.call("POST", f"/{begun['id']}/confirm", {"code": code}))[0] == 404

    def test_confirmed_again_is_fine_and_adds_nothing(self, cloud, ann):
        begun = ann.call("POST", "/totp").body
        body = {"code": TOTP(begun["secret"]).at(clock.now())}
        for _ in range(2):
            assert ann.call("POST", f"/{begun['id']}/confirm", body).status == 204
        assert ann.kinds() == ["totp"]
        cloud.drain()
        assert [event.kind for event in cloud.published(FactorAdded)] == ["totp"]

    def test_another_one_takes_its_place_and_ends_other_sessions(self, auth, ann):
        old = ann.add_totp()
        ann.later()
        other = Owner(auth, auth.sign_in(totp_code=old.at(clock.now())).body)
        new = ann.add_totp()
        assert ann.kinds() == ["totp"]
        assert other.call("GET", "").status == 401
        ann.later()
        assert auth.sign_in(totp_code=old.at(clock.now())).status == 401
        assert auth.sign_in(totp_code=new.at(clock.now())).status == 200


@pytest.mark.feature(9)
class TestANumber:
    def test_gets_a_code_that_proves_it(self, auth, ann):
        ann.add_sent("sms")
        step = auth.second_step()
        assert auth.confirm_step(step, code=auth.second_code(step, "sms")).status == 200

    @pytest.mark.feature(10)
    @pytest.mark.parametrize(("way", "to"), [("voice", PHONE), ("messenger", "123456789")])
    def test_or_a_chat_gets_it_by_another_channel(self, auth, ann, way, to):
        ann.add_sent(way, to)
        step = auth.second_step()
        assert auth.confirm_step(step, code=auth.second_code(step, way)).status == 200

    @pytest.mark.case("F8")
    def test_changes_nothing_until_its_code_came_back(self, auth, ann):
        id_ = auth.deliver(ann.begin_sent().body["id"])
        assert auth.sign_in().status == 200
        wrong = "000000" if auth.code(id_) != "000000" else "000001"
        assert kind(ann.call("POST", f"/{id_}/confirm", {"code": wrong})) == (422, "wrong_code")
        assert ann.kinds() == []

    @pytest.mark.parametrize(
        ("way", "to", "code"),
        [
            ("sms", "hello", "phone"),
            ("sms", "+78005553535", "phone_not_served"),
            ("voice", "+19005550123", "phone"),
            ("messenger", "@ann", "chat"),
        ],
    )
    def test_that_no_code_may_go_to_is_refused(self, ann, way, to, code):
        answer = ann.begin_sent(way, to)
        assert answer.status == 422
        assert next(e["code"] for e in answer.body["errors"]).startswith(code)

    @pytest.mark.case("F5")
    def test_is_added_by_its_own_code_alone(self, auth, ann, monkeypatch):
        monkeypatch.setattr("secrets.randbelow", lambda _: 7)
        sign_in = auth.code_asked(auth.email)
        answer = ann.call("POST", f"/{sign_in}/confirm", {"code": "000007"})
        assert kind(answer) == (404, "challenge_over")

    def test_is_added_by_the_session_that_began_it(self, auth, ann):
        other = Owner(auth, auth.sign_in().body)
        id_ = auth.deliver(ann.begin_sent().body["id"])
        answer = other.call("POST", f"/{id_}/confirm", {"code": auth.code(id_)})
        assert kind(answer) == (404, "challenge_over")


@pytest.mark.case("F9")
class TestRemoval:
    def test_takes_a_proof_by_a_factor_and_ends_other_sessions(self, auth, cloud, ann):
        app = ann.add_totp()
        [item] = ann.listed()["items"]
        ann.later()
        other = Owner(auth, auth.sign_in(totp_code=app.at(clock.now())).body)
        # What proved the registration proves no removal.
        assert kind(ann.call("DELETE", f"/{item['id']}")) == (401, "step_up_required")
        ann.later()
        body = {"act": "factors"}
        begun = cloud.call(
            "POST", "/v1/auth/step-ups", body, token=ann.token, key="key-00000001"
        ).body
        assert [offer["kind"] for offer in begun["offers"]] == ["totp"]
        path = f"/v1/auth/step-ups/{begun['id']}/proof"
        shown = {"code": app.at(clock.now())}
        assert cloud.call("POST", path, shown, token=ann.token).status == 204
        assert ann.call("DELETE", f"/{item['id']}").status == 204
        assert ann.kinds() == []
        assert other.call("GET", "").status == 401
        assert auth.sign_in().status == 200

    def test_is_told_in_a_letter(self, auth, cloud, ann):
        ann.add_totp()
        cloud.drain()
        [item] = ann.listed()["items"]
        ann.later().prove()
        ann.call("DELETE", f"/{item['id']}")
        cloud.drain()
        assert [event.kind for event in cloud.published(FactorRemoved)] == ["totp"]
        subjects = [letter.subject for letter in cloud.letters]
        assert {"Второй фактор включён", "Второй фактор убран"} <= set(subjects)

    def test_of_the_last_one_takes_the_recovery_codes_with_it(self, ann):
        ann.add_totp()
        ann.call("POST", "/recovery-codes")
        [item] = ann.listed()["items"]
        ann.later().prove()
        ann.call("DELETE", f"/{item['id']}")
        assert ann.listed() == {"items": [], "recovery_codes_left": 0, "passkeys": 0}


@pytest.mark.case("F7")
class TestRecoveryCodes:
    @pytest.fixture
    def codes(self, ann):
        ann.add_totp()
        answer = ann.call("POST", "/recovery-codes")
        assert answer.status == 201
        return answer.body["codes"]

    def test_are_ten_and_each_works_once(self, auth, cloud, ann, codes):
        assert len(set(codes)) == 10
        assert auth.sign_in().body["methods"][-1] == {"kind": "recovery_code", "to": None}
        shown = {"recovery_code": codes[0]}
        assert auth.confirm_step(auth.second_step(), **shown).status == 200
        answer = auth.confirm_step(auth.second_step(), **shown)
        assert kind(answer) == (401, "wrong_second_factor")
        assert auth.confirm_step(auth.second_step(), recovery_code=codes[1]).status == 200
        assert ann.listed()["recovery_codes_left"] == 8
        cloud.drain()
        assert [event.left for event in cloud.published(RecoveryCodeUsed)] == [9, 8]
        assert "Использован код восстановления" in [x.subject for x in cloud.letters]

    def test_are_kept_as_salted_hashes(self, auth, cloud, ann, codes):
        stored = str(cloud.items("AuthTable"))
        assert not any(code in stored or code.replace("-", "") in stored for code in codes)
        with cloud.acting("AuthApi"):
            account = store.account_by_login(auth.email)
            drawn = [bytes(recovery.DRAWN_BYTES - 1) + salt for salt in (b"0", b"1")]
            one, other = (set(recovery.hashed(ann.id, each)) for each in drawn)
        assert len(set(account.recovery_codes)) == len(codes)
        assert not one & other

    def test_made_anew_kill_the_old_ones(self, auth, ann, codes):
        new = ann.call("POST", "/recovery-codes").body["codes"]
        old = auth.confirm_step(auth.second_step(), recovery_code=codes[0])
        assert kind(old) == (401, "wrong_second_factor")
        assert auth.confirm_step(auth.second_step(), recovery_code=new[0]).status == 200

    def test_are_read_as_people_type_them(self, auth, codes):
        typed = codes[0].upper().replace("-", "")
        assert auth.confirm_step(auth.second_step(), recovery_code=typed).status == 200

    def test_of_another_customer_are_worth_nothing(self, auth, cloud, ann, codes):
        auth.customer("bob@example.com")
        with cloud.acting("AuthApi"):
            ann_, bob = (store.account_by_login(x) for x in (auth.email, "bob@example.com"))
            store.change_account(
                bob, replace(bob, factors=ann_.factors, recovery_codes=ann_.recovery_codes)
            )
        step = auth.second_step("bob@example.com")
        assert auth.confirm_step(step, recovery_code=codes[0]).status == 401

    @pytest.mark.case("F13")
    def test_are_told_to_nobody_else(self, auth, cloud, codes, caplog, capsys):
        auth.confirm_step(auth.second_step(), recovery_code=codes[0])
        cloud.drain()
        told = [event.model_dump_json() for event in cloud.published(RecoveryCodeUsed)]
        letters = [letter.text for letter in cloud.letters]
        written = "".join((*told, *letters, caplog.text, *capsys.readouterr()))
        assert told
        assert not any(code in written for code in codes)

    def test_take_a_second_factor(self, ann):
        assert kind(ann.call("POST", "/recovery-codes")) == (409, "no_factor")

    def test_take_a_fresh_proof(self, ann, codes):
        ann.later(access.PROOF_LIFETIME_SECONDS)
        assert kind(ann.call("POST", "/recovery-codes")) == (401, "step_up_required")

    def test_prove_an_act_too_once(self, auth, cloud, ann, codes):
        body, proofs = {"act": "factors"}, []
        for n in range(2):
            key = f"key-0000000{n}"
            begun = cloud.call("POST", "/v1/auth/step-ups", body, token=ann.token, key=key).body
            assert [offer["kind"] for offer in begun["offers"]] == ["totp", "recovery_code"]
            path = f"/v1/auth/step-ups/{begun['id']}/proof"
            shown = {"recovery_code": codes[0]}
            proofs.append(kind(cloud.call("POST", path, shown, token=ann.token)))
        assert proofs == [(204, ""), (422, "wrong_proof")]

    @pytest.mark.parametrize("code", [1234567890, "１２３４５-abcde", "abcde", "abcde abcde"])
    def test_have_their_form(self, auth, codes, code):
        assert auth.confirm_step(auth.second_step(), recovery_code=code).status == 422


class TestStaff:
    @pytest.fixture
    def agent(self, auth):
        hired = auth.hire()
        code = TOTP(hired["totp_secret"]).at(clock.now())
        tokens = auth.sign_in(hired["login"], hired["password"], totp_code=code).body
        return Owner(auth, tokens)

    def test_replace_their_authenticator(self, auth, cloud, agent):
        assert kind(agent.call("POST", "/totp")) == (401, "step_up_required")
        agent.prove()
        agent.add_totp()
        assert agent.kinds() == ["totp"]
        cloud.drain()
        assert cloud.published(FactorAdded) == []

    def test_never_remove_the_last_one(self, agent):
        [item] = agent.listed()["items"]
        agent.later().prove()
        assert kind(agent.call("DELETE", f"/{item['id']}")) == (409, "last_factor")
        assert agent.kinds() == ["totp"]

    def test_have_no_other_kind(self, agent):
        agent.prove()
        assert agent.begin_sent().status == 403
        assert agent.call("POST", "/recovery-codes").status == 403
