"""Contacts: proven before they count, the old ones told, and given back by their link."""

import re
from dataclasses import replace

import pytest

from auth import store as accounts
from auth.account import Factor, FactorKind, Identity, Passkey
from auth.contacts.change import CHANGES
from auth.contacts.contact import UNDOABLE
from cloud import PASSWORD, Person
from common import clock, not_me
from common.access import Act, Role
from common.events.auth import CodeRequested, ContactChanged, ContactClaimed, ContactsProven
from common.events.sign_in import AccountRecovered
from shop import NEW_PASSWORD, Shop, product

OLD, NEW, OTHER = "anna@example.com", "anna@new.example.com", "bob@example.com"
PHONE = "+79991234567"
LINK = re.compile(r"/v1/auth/contact-undos/([a-z0-9-]+)")


def kind(answer):
    body = answer.body or {}
    return answer.status, body.get("type", "").removeprefix("urn:kabinet:problem:")


class Owner(Shop):
    """Anna, and what she does with her contacts."""

    person = None

    def begin(self, person=None, **contact):
        return self.asking(person or self.person, "POST", "/v1/auth/contacts", contact)()

    def begun(self, person=None, **contact):
        """A contact whose code is on its way, asked for by whoever proved to be there."""
        self.prove(person or self.person, Act.CONTACT)
        answer = self.begin(person, **contact)
        assert answer.status == 202, answer.body
        self.cloud.drain()
        return answer.body["contact_id"]

    def confirm(self, id_, code, person=None):
        path = f"/v1/auth/contacts/{id_}/confirm"
        return self.asking(person or self.person, "POST", path, {"code": code})()

    def change(self, person=None, **contact):
        [to] = (typed.replace(" ", "").replace("-", "") for typed in contact.values())
        id_ = self.begun(person, **contact)
        answer = self.confirm(id_, self.code_at(to), person)
        assert answer.status == 200, answer.body
        self.cloud.drain()
        return answer.body

    def code_at(self, to):
        if "@" in to:
            return self.code(to)
        return re.findall(r"\b\d{6}\b", [x.text for x in self.cloud.texts if x.to == to][-1])[0]

    def remove(self, kind_):
        return self.asking(self.person, "DELETE", f"/v1/auth/contacts/{kind_}")()

    def link(self, to):
        """The newest undo link that went to *to*."""
        told = self.cloud.letters if "@" in to else self.cloud.texts
        found = [LINK.search(x.text) for x in told if x.to == to]
        return [f"/v1/auth/contact-undos/{m[1]}" for m in found if m][-1]

    def sign_in(self, login):
        body = {"login": login, "password": PASSWORD}
        return self.asking(None, "POST", "/v1/auth/sign-in", body)()

    def signing_in_by_code(self, login):
        asked = self.ask(None, "POST", "/v1/auth/sign-in/codes", {"login": login})["challenge_id"]
        self.cloud.drain()
        path = f"/v1/auth/sign-in/codes/{asked}/confirm"
        return self.asking(None, "POST", path, {"code": self.code_at(login)})()

    def sign_in_by_code(self, login):
        """Whether a code to *login* signs in."""
        return self.signing_in_by_code(login).status == 200

    def person_by_code(self, login):
        tokens = self.signing_in_by_code(login).body
        session = tokens["refresh_token"].partition(".")[0]
        return Person(tokens["customer_id"], session, tokens["access_token"])

    def account(self, login):
        with self.cloud.acting("AuthApi"):
            return accounts.account_by_login(login)

    def is_one(self, login):
        """Whether *login* is anybody's."""
        return self.account(login) is not None

    def undo(self, path):
        answer = self.cloud.call("POST", path)
        self.cloud.drain()
        return answer


@pytest.fixture
def anna(cloud):
    owner = Owner(cloud)
    owner.person, _ = owner.register(OLD)
    return owner


@pytest.mark.feature(16, 17)
@pytest.mark.case("O4")
def test_a_new_address_counts_once_proven_and_the_old_one_until_then(anna):
    id_ = anna.begun(email=NEW)
    assert (anna.sign_in(OLD).status, anna.sign_in(NEW).status) == (200, 401)

    assert anna.confirm(id_, anna.code(NEW)).body == {"email": NEW, "phone": None}

    assert (anna.sign_in(OLD).status, anna.sign_in(NEW).status) == (401, 200)
    assert anna.ask(anna.person, "GET", "/v1/me")["email"] == NEW


@pytest.mark.feature(16, 17)
def test_a_phone_is_added_and_an_address_removed_but_never_the_last(anna):
    assert anna.change(phone="+7 999 123-45-67") == {"email": OLD, "phone": PHONE}
    anna.prove(anna.person, Act.CONTACT)

    assert anna.sign_in(PHONE).status == 200
    assert anna.remove("email").status == 204
    assert anna.remove("email").status == 204  # again is fine
    assert kind(anna.remove("phone")) == (409, "last_contact")
    assert anna.sign_in(OLD).status == 401


@pytest.mark.case("A16", "S12")
def test_without_a_fresh_proof_for_this_act_nothing_changes(anna):
    assert kind(anna.begin(email=NEW)) == (401, "step_up_required")
    assert kind(anna.remove("email")) == (401, "step_up_required")
    anna.prove(anna.person, Act.PASSWORD)
    assert kind(anna.begin(email=NEW)) == (401, "step_up_required")
    anna.prove(anna.person, Act.CONTACT)
    anna.cloud.clock.advance(minutes=5)
    assert kind(anna.begin(email=NEW)) == (401, "step_up_required")


@pytest.mark.case("A17", "A18")
def test_an_address_in_another_spelling_is_the_same_contact(anna):
    anna.prove(anna.person, Act.CONTACT)
    assert kind(anna.begin(email="ANNA@Example.COM")) == (409, "contact_known")
    anna.register(OTHER)
    anna.begun(email="Bob@EXAMPLE.com")
    assert [x for x in anna.cloud.letters if x.to == OTHER][-1].text.count("BOB") == 0
    assert len(anna.cloud.published(ContactClaimed)) == 1


@pytest.mark.case("A18")
def test_whether_an_address_is_taken_is_not_told_but_its_owner_is(anna):
    bob, _ = anna.register(OTHER)
    anna.prove(anna.person, Act.CONTACT)

    free, taken = anna.begin(email=NEW), anna.begin(email=OTHER)
    anna.cloud.drain()

    assert free.status == taken.status == 202
    assert set(free.body) == set(taken.body)
    assert free.body["expires_in"] == taken.body["expires_in"]
    [told] = anna.cloud.published(ContactClaimed)
    assert told.customer_id == bob.id
    letter = [x for x in anna.cloud.letters if x.to == OTHER][-1]
    assert letter.subject == "Someone tried to use your contact in another account"
    assert not re.search(r"\b\d{6}\b", letter.text)
    assert kind(anna.confirm(taken.body["contact_id"], "000000")) == (422, "wrong_code")


def test_an_address_taken_after_it_was_asked_for_stays_its_owners(anna):
    id_ = anna.begun(email=OTHER)
    code = anna.code(OTHER)
    bob, _ = anna.register(OTHER)

    for _ in ("the call", "once more, for its answer was lost"):
        assert kind(anna.confirm(id_, code)) == (409, "contact_taken")

    anna.cloud.drain()
    assert [told.customer_id for told in anna.cloud.published(ContactClaimed)] == [bob.id]
    assert anna.sign_in(OLD).status == 200


@pytest.mark.case("S12")
def test_a_code_is_its_own_sessions_only_and_works_once(anna):
    id_ = anna.begun(email=NEW)
    bob, _ = anna.register(OTHER)
    code = anna.code(NEW)

    assert kind(anna.confirm(id_, code, bob)) == (404, "challenge_over")
    first, again = anna.confirm(id_, code), anna.confirm(id_, code)
    assert first.body == again.body == {"email": NEW, "phone": None}
    anna.cloud.drain()
    assert len(anna.cloud.published(ContactsProven)) == 1


@pytest.mark.case("A14")
def test_codes_on_their_way_to_the_old_address_die_with_it(anna):
    body = {"login": OLD}
    asked = anna.ask(None, "POST", "/v1/auth/sign-in/codes", body)["challenge_id"]
    step = {"act": "money", "channel": "email"}
    step_up = anna.ask(anna.person, "POST", "/v1/auth/step-ups", step)["id"]
    anna.cloud.drain()
    codes = [c for x in anna.cloud.letters for c in re.findall(r"\b\d{6}\b", x.text)][-2:]

    anna.change(email=NEW)

    for code in codes:
        path = f"/v1/auth/sign-in/codes/{asked}/confirm"
        assert anna.asking(None, "POST", path, {"code": code})().status in {404, 422}
        proof = f"/v1/auth/step-ups/{step_up}/proof"
        assert anna.asking(anna.person, "POST", proof, {"code": code})().status == 422


def test_everybody_who_keeps_the_contact_hears_of_all_of_them(anna):
    anna.change(phone=PHONE)
    anna.change(email=NEW)

    told = anna.cloud.published(ContactChanged)[-1]
    assert (told.email, told.phone, told.subject_version) == (NEW, PHONE, 3)
    keys = anna.cloud.published(ContactsProven)[-1].contact_keys
    assert len(set(keys)) == 2
    assert not [key for key in keys if NEW in key or PHONE in key]


@pytest.mark.feature(16)
def test_a_guests_order_with_the_new_contact_can_be_claimed(anna):
    anna.stock(product("TEA-1"))
    _, order = anna.guest_order(NEW)
    assert anna.ask(anna.person, "POST", "/v1/orders/claims")["orders"] == []

    anna.change(email=NEW)

    [claimed] = anna.ask(anna.person, "POST", "/v1/orders/claims")["orders"]
    assert claimed["id"] == order


class TestUndo:
    @pytest.fixture
    def attach(self, anna):
        """Attaches an identity, a passkey and a factor to the account, as other routes would."""

        def attached(name):
            at, kinds = clock.now(), {"own": FactorKind.TOTP, "strangers": FactorKind.SMS}
            identity = Identity("https://idp.example", name, "google", at)
            passkey = Passkey(name, f"key-{name}", "a2V5", 0, "Phone", at)
            factor = Factor(name, kinds[name], at, sealed="x", to=PHONE)
            with anna.cloud.acting("AuthApi"):
                found = accounts.account(anna.person.id, Role.CUSTOMER)
                after = replace(
                    found,
                    identities=(*found.identities, identity),
                    passkeys=(*found.passkeys, passkey),
                    factors=(*found.factors, factor),
                    recovery_codes=("hash",),
                )
                accounts.change_account(found, after)

        return attached

    def test_gives_the_old_address_back_and_ends_all_sessions(self, anna):
        anna.change(email=NEW)
        link = anna.link(OLD)

        assert anna.undo(link).status == 200

        assert (anna.sign_in_by_code(OLD), anna.sign_in(NEW).status) == (True, 401)
        asked = anna.asking(anna.person, "GET", "/v1/auth/sessions")()
        assert asked.status == 401
        assert anna.cloud.published(ContactChanged)[-1].email == OLD

    @pytest.mark.case("O3", "O4")
    def test_takes_off_what_was_attached_since_and_leaves_what_was_there(self, anna, attach):
        attach("own")
        anna.cloud.clock.advance(minutes=1)
        anna.change(email=NEW)
        anna.cloud.clock.advance(minutes=1)
        attach("strangers")

        anna.undo(anna.link(OLD))

        found = anna.account(OLD)
        assert [one.subject for one in found.identities] == ["own"]
        assert [one.id for one in found.passkeys] == ["own"]
        assert [one.id for one in found.factors] == ["own"]
        assert (found.recovery_codes, found.sessions, found.seen, found.devices) == ((),) * 4
        with anna.cloud.acting("AuthApi"):
            assert accounts.account_by_identity("https://idp.example", "strangers") is None
            assert accounts.account_by_passkey("key-strangers") is None

    @pytest.mark.case("O2")
    def test_leaves_no_password_for_who_was_inside_knows_it(self, anna):
        anna.change(email=NEW)

        anna.undo(anna.link(OLD))

        assert (anna.sign_in(OLD).status, anna.sign_in_by_code(OLD)) == (401, True)

    def test_asks_first_since_scanners_follow_links_too(self, anna):
        anna.change(email=NEW)

        page = anna.cloud.call("GET", anna.link(OLD), language="ru").body

        assert "Вернуть прежний контакт?" in page
        assert '<form method="post"><button>' in page
        assert anna.sign_in(NEW).status == 200

    def test_again_is_the_same_answer_and_changes_nothing(self, anna):
        anna.change(email=NEW)
        link = anna.link(OLD)
        first = anna.undo(link)
        anna.sign_in(OLD)
        anna.cloud.drain()
        before = anna.cloud.items("AuthTable")

        assert anna.undo(link).body == first.body
        assert anna.cloud.items("AuthTable") == before

    def test_undoes_what_came_later_so_that_a_thief_cannot_undo_the_undoing(self, anna):
        anna.change(email=NEW)
        anna.change(email=OTHER)
        owners, thiefs = anna.link(OLD), anna.link(NEW)

        anna.undo(owners)
        anna.undo(thiefs)

        assert [anna.is_one(login) for login in (OLD, NEW, OTHER)] == [True, False, False]

    def test_comes_to_a_removed_phone_by_sms(self, anna):
        anna.change(phone=PHONE)
        anna.prove(anna.person, Act.CONTACT)
        assert anna.remove("phone").status == 204
        anna.cloud.drain()

        anna.undo(anna.link(PHONE))

        assert anna.sign_in_by_code(PHONE)

    def test_is_over_after_seven_days(self, anna):
        anna.change(email=NEW)
        anna.cloud.clock.advance(seconds=UNDOABLE.total_seconds())

        assert anna.undo(anna.link(OLD)).status == 404
        assert anna.sign_in(NEW).status == 200

    def test_gives_nothing_back_that_somebody_has_meanwhile(self, anna):
        anna.change(email=NEW)
        anna.register(OLD)

        assert kind(anna.undo(anna.link(OLD))) == (409, "contact_taken")

    @pytest.mark.case("A14")
    def test_has_a_token_that_nobody_can_make_and_no_table_holds(self, anna):
        anna.change(email=NEW)
        token = anna.link(OLD).rpartition("/")[2]
        customer, change, mac = token.split("-")
        other = anna.cloud.customer().id.replace("-", "")

        for forged in (f"{other}-{change}-{mac}", f"{customer}-{other}-{mac}", token[:-1]):
            for method in ("GET", "POST"):
                assert anna.cloud.call(method, f"/v1/auth/contact-undos/{forged}").status == 404
        for name in anna.cloud.wiring.resources("AWS::DynamoDB::Table"):
            assert mac not in str(anna.cloud.items(name))


@pytest.mark.case("O3", "O4")
class TestARecovery:
    """What was attached after the contact that recovers goes: a stranger may have attached it."""

    @pytest.fixture
    def recover(self, anna):
        def confirmed(login):
            asked = anna.ask(None, "POST", "/v1/auth/recoveries", {"login": login})["recovery_id"]
            anna.cloud.drain()
            body = {"code": anna.code_at(login), "new_password": NEW_PASSWORD}
            anna.ask(None, "POST", f"/v1/auth/recoveries/{asked}/confirm", body)
            anna.cloud.drain()

        return confirmed

    @pytest.fixture
    def opens(self, anna):
        """Whether *login* signs in by the new password."""

        def signs_in(login):
            body = {"login": login, "password": NEW_PASSWORD}
            return anna.asking(None, "POST", "/v1/auth/sign-in", body)().status == 200

        return signs_in

    def test_takes_a_later_phone_off_and_tells_the_owner(self, anna, recover, opens):
        anna.change(phone=PHONE)

        recover(OLD)

        assert (opens(OLD), opens(PHONE)) == (True, False)
        assert anna.cloud.published(AccountRecovered)[-1].taken_off == "phone"
        [letter] = [x for x in anna.cloud.letters if x.subject == "You are back in your account"]
        assert (letter.to, "phone number that was added later" in letter.text) == (OLD, True)
        reached = anna.cloud.published(ContactChanged)[-1]
        assert (reached.email, reached.phone) == (OLD, None)

    def test_leaves_what_was_there_before_to_its_owner(self, anna, recover, opens):
        """Else whoever attached a phone would be rid of the owner's address by it."""
        anna.change(phone=PHONE)

        recover(PHONE)

        assert (opens(OLD), opens(PHONE)) == (True, True)
        assert anna.cloud.published(AccountRecovered)[-1].taken_off is None

    def test_takes_an_address_off_that_took_the_place_of_an_older_one(self, anna, recover, opens):
        anna.change(phone=PHONE)
        anna.change(email=NEW)

        recover(PHONE)

        assert (opens(PHONE), opens(NEW)) == (True, False)
        assert anna.undo(anna.link(OLD)).status == 200  # its owner may have it back
        assert (anna.is_one(OLD), anna.is_one(PHONE)) == (True, True)

    def test_leaves_no_link_that_gives_a_later_contact_back(self, anna, recover, opens):
        anna.change(phone=PHONE)
        anna.prove(anna.person, Act.CONTACT)
        anna.remove("phone")
        anna.cloud.drain()
        strangers = anna.link(PHONE)

        recover(OLD)

        assert anna.undo(strangers).status == 404
        assert (opens(OLD), opens(PHONE)) == (True, False)

    def test_lets_the_owner_add_it_again(self, anna, recover, opens):
        anna.change(phone=PHONE)
        recover(OLD)
        body = {"login": OLD, "password": NEW_PASSWORD}
        tokens = anna.ask(None, "POST", "/v1/auth/sign-in", body)
        session = tokens["refresh_token"].partition(".")[0]
        back = Person(tokens["customer_id"], session, tokens["access_token"])

        assert anna.change(back, phone=PHONE) == {"email": OLD, "phone": PHONE}

        assert opens(PHONE)


@pytest.mark.case("A14", "O4")
class TestARecoveryByAContactThatIsTakenOffMeanwhile:
    """Whoever had it then is not to come in, nor to read that they might."""

    @pytest.fixture
    def asked(self, anna):
        """A recovery by the stranger's address, which is the account's now."""
        anna.change(email=NEW)
        return anna.ask(None, "POST", "/v1/auth/recoveries", {"login": NEW})["recovery_id"]

    def recover(self, anna, asked, code):
        body = {"code": code, "new_password": NEW_PASSWORD}
        return anna.asking(None, "POST", f"/v1/auth/recoveries/{asked}/confirm", body)()

    def told(self, anna):
        """The letters with codes that the address got since it was proven by one."""
        return [x for x in anna.cloud.letters if x.to == NEW and re.search(r"\b\d{6}\b", x.text)][
            1:
        ]

    @pytest.mark.parametrize("again", [False, True])
    def test_has_a_code_that_opens_nothing(self, anna, asked, again):
        """Not even where the owner takes the address back in the end."""
        anna.cloud.drain()
        code = anna.code(NEW)
        assert self.told(anna)
        anna.undo(anna.link(OLD))
        if again:
            back = anna.person_by_code(OLD)
            anna.change(back, email=NEW)

        assert kind(self.recover(anna, asked, code)) == (404, "challenge_over")

    def test_is_not_written_of_when_its_letter_is_chosen_later(self, anna, asked):
        link = anna.link(OLD)
        anna.cloud.call("POST", link)  # before anything is delivered
        anna.cloud.drain()

        assert self.told(anna) == []
        assert [e for e in anna.cloud.published(CodeRequested) if e.purpose == "recovery"] == []


@pytest.mark.case("O3", "O4")
def test_who_says_it_was_not_them_is_rid_of_what_was_attached_later(anna):
    anna.change(phone=PHONE)
    with anna.cloud.acting("AuthApi"):
        token = not_me.seal(not_me.Link(anna.person.id, anna.person.session_id))
    assert anna.asking(None, "POST", "/v1/auth/not-me", {"token": token})().status == 202
    anna.cloud.drain()

    asked = anna.ask(None, "POST", "/v1/auth/sign-in/codes", {"login": PHONE})["challenge_id"]
    anna.cloud.drain()
    assert not [x for x in anna.cloud.texts if "вход" in x.text and x.to == PHONE], asked
    assert anna.cloud.published(ContactChanged)[-1].phone is None


@pytest.mark.case("O3", "O4")
class TestDisowningAgainstAChangeOfTheProfile:
    @pytest.fixture
    def race(self, at_once, anna):
        anna.change(phone=PHONE)
        with anna.cloud.acting("AuthApi"):
            token = not_me.seal(not_me.Link(anna.person.id, anna.person.session_id))

        def check(answers):
            disowned, _ = answers
            assert disowned.status in (202, 503)
            with anna.cloud.acting("AuthApi"):
                stays = accounts.account_by_login(PHONE)
            assert (stays is None) is (disowned.status == 202)

        return at_once(
            anna.asking(None, "POST", "/v1/auth/not-me", {"token": token}),
            anna.asking(anna.person, "PATCH", "/v1/me", {"name": "Anna"}),
            check=check,
        )

    def test_is_done_or_answered_busy(self, race):
        race.sample(8)


def test_a_weeks_changes_are_bounded(anna):
    for number in range(CHANGES.allowed):
        anna.prove(anna.person, Act.CONTACT)
        assert anna.begin(email=f"a{number}@example.com").status == 202
    anna.prove(anna.person, Act.CONTACT)
    assert anna.begin(email=NEW).status == 429


def test_a_number_that_no_sms_goes_to_is_refused(anna):
    anna.prove(anna.person, Act.CONTACT)
    answer = anna.begin(phone="+18005551234")
    assert (answer.status, answer.body["errors"][0]["field"]) == (422, "body.phone")


def test_one_numbers_codes_are_counted_whoever_asks(anna):
    """Else many accounts could flood one number, each a little."""
    people = [anna.person, *(anna.register(f"p{n}@example.com")[0] for n in range(4))]
    for person in people:
        anna.begun(person, phone=PHONE)
    assert len([x for x in anna.cloud.texts if x.to == PHONE]) == 3
