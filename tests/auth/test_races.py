"""Requests at once, in every order of their calls: what is once, is once."""

import re
from functools import partial

import pytest
from argon2 import PasswordHasher

from auth import rows
from auth.challenge.challenge import MOST_ATTEMPTS
from auth.sign_in.authentication import AT_LOGIN
from cloud import PASSWORD as SHOP_PASSWORD
from common import clock, outbox, table
from common.access import Act
from common.events.auth import ChallengeBegun, CodeRequested, ContactsProven, CustomerRegistered
from common.events.sign_in import RefreshTokenReused
from shop import Shop

KEY = "one-key-for-both"


def told(answer):
    """What an answer says: its status, and the problem if it is one."""
    kind = answer.body.get("type", "").removeprefix("urn:kabinet:problem:")
    return (answer.status, kind) if kind else answer.status


def wrong(code):
    return "000000" if code != "000000" else "000001"


@pytest.fixture
def rows_of(cloud):
    return lambda sk: [row for row in cloud.items("AuthTable") if row["sk"] == sk]


@pytest.fixture
def queued(cloud):
    """How many events of a kind lie in the outbox."""
    return lambda kind: sum(row.get("name") == kind.name for row in cloud.items("AuthTable"))


@pytest.fixture
def asked(auth):
    """A registration's id and its code."""
    id_ = auth.registration()
    return id_, auth.code(id_)


class TestTwoRegistrationsOfOneAddress:
    @pytest.fixture
    def race(self, at_once, auth, rows_of, queued):
        both = [auth.registration() for _ in range(2)]

        def check(answers):
            assert sorted(map(told, answers), key=str) == [(409, "contact_taken"), 201]
            assert len(rows_of("PROFILE")) == len(rows_of("SESSION")) == 1
            assert queued(CustomerRegistered) == 1

        return at_once(*[partial(auth.confirm, id_, auth.code(id_)) for id_ in both], check=check)

    @pytest.mark.case("O12")
    def test_make_one_account(self, race):
        race.every()

    def test_make_two_when_the_claim_is_looked_at_first(self, race):
        race.catches("LOGIN#")


class TestOneCode:
    @pytest.fixture
    def races(self, at_once, auth, asked, rows_of):
        def check(answers):
            assert sorted(map(told, answers), key=str)[-1] == 201
            assert {told(answer) for answer in answers} == {(404, "challenge_over"), 201}
            assert len(rows_of("SESSION")) == 1

        return lambda times: at_once(*[partial(auth.confirm, *asked)] * times, check=check)

    @pytest.mark.case("A13")
    def test_used_twice_at_once_makes_one_account(self, races):
        races(2).every()

    @pytest.mark.case("A13")
    def test_used_three_times_at_once_makes_one_account(self, races):
        races(3).sample(8)

    def test_makes_two_when_it_is_looked_at_first(self, races):
        races(2).catches("CHALLENGE#", "LOGIN#")


class TestGuesses:
    @pytest.fixture
    def races(self, at_once, auth, asked, rows_of):
        guess = partial(auth.confirm, asked[0], wrong(asked[1]))

        def race(before, at_the_end):
            for _ in range(before):
                guess()

            def check(answers):
                refused = [(409, "attempts_used_up")] * (before + at_the_end - MOST_ATTEMPTS)
                heard = [(422, "wrong_code")] * (MOST_ATTEMPTS - before)
                assert sorted(map(told, answers)) == refused + heard
                [row] = rows_of("CHALLENGE")
                assert row["attempts"] == MOST_ATTEMPTS

            return at_once(*[guess] * at_the_end, check=check)

        return race

    @pytest.mark.case("A13", "F4")
    def test_at_once_do_not_both_take_the_last_attempt(self, races):
        races(4, 2).every()

    @pytest.mark.case("F4")
    def test_at_once_are_counted_one_by_one(self, races):
        races(0, 9).sample(4)

    def test_are_six_when_the_count_is_looked_at_first(self, races):
        races(4, 2).catches("CHALLENGE#")


class TestOneRefreshToken:
    @pytest.fixture
    def races(self, at_once, auth, queued):
        first = auth.customer()["refresh_token"]

        def check(answers):
            assert {answer.status for answer in answers} == {200}
            [child] = {answer.body["refresh_token"] for answer in answers}
            assert auth.refresh(child).status == 200
            assert queued(RefreshTokenReused) == 0

        return lambda times: at_once(*[partial(auth.refresh, first)] * times, check=check)

    @pytest.mark.case("S1")
    def test_used_twice_at_once_gives_one_lineage_and_no_alarm(self, races):
        races(2).every()

    @pytest.mark.case("S1")
    def test_used_three_times_at_once_gives_one_lineage_and_no_alarm(self, races):
        races(3).every()

    def test_rings_the_alarm_when_the_session_is_read_first(self, races, monkeypatch):
        def rotate(session_id, generation, at):
            key = f"SESSION#{session_id}", "SESSION"
            row = table.get(*key)
            if row["generation"] == generation:
                renewed = {"rotated_at": at.isoformat()}
                row = table.apply(table.update(*key, add={"generation": 1}, assign=renewed))
            return rows.session(row)

        monkeypatch.setattr("auth.store.rotate", rotate)
        races(2).catches()


class TestOneKey:
    @pytest.fixture
    def races(self, at_once, auth, queued):
        def check(answers):
            assert {answer.status for answer in answers} == {202}
            assert len({answer.body["registration_id"] for answer in answers}) == 1
            assert queued(ChallengeBegun) == 1

        return lambda times: at_once(*[partial(auth.register, key=KEY)] * times, check=check)

    @pytest.mark.case("I2")
    def test_twice_at_once_is_one_registration(self, races):
        races(2).every()

    @pytest.mark.case("I2")
    def test_three_times_at_once_is_one_registration(self, races):
        races(3).sample(3)

    def test_asks_for_two_letters_when_it_is_looked_at_first(self, races):
        races(2).catches("CHALLENGE#")


class TestOneDeliveryTwice:
    @pytest.fixture
    def race(self, at_once, auth, deliver, queued):
        id_ = auth.register().body["registration_id"]
        [event] = auth.queued(ChallengeBegun, id_)

        def check(answers):
            assert answers == [{"batchItemFailures": []}] * 2
            assert queued(CodeRequested) == 1
            assert auth.confirm(id_, auth.code(id_)).status == 201

        return at_once(*[deliver("AuthConsumer", event)] * 2, check=check)

    @pytest.mark.case("E1")
    def test_is_one_letter_with_the_code_that_counts(self, race):
        race.every()

    def test_is_another_code_when_its_hash_and_the_letter_are_two_writes(self, race, monkeypatch):
        def mark_lettered(lettered, event):
            known = {"letters": 1, "code_hash": lettered.code_hash}
            table.apply(table.update(f"CHALLENGE#{lettered.id}", "CHALLENGE", assign=known))
            table.apply(outbox.row(event))

        monkeypatch.setattr("auth.challenge.store.mark_lettered", mark_lettered)
        race.catches()


class TestASecondFactor:
    @pytest.fixture
    def race(self, at_once, auth, rows_of):
        from pyotp import TOTP

        hired = auth.hire()
        code = TOTP(hired["totp_secret"]).at(clock.now())

        def check(answers):
            assert sorted(map(told, answers), key=str) == [(401, "wrong_second_factor"), 200]
            assert len(rows_of("SESSION")) == 1

        sign_in = partial(auth.sign_in, hired["login"], hired["password"], totp_code=code)
        return at_once(sign_in, sign_in, check=check)

    @pytest.mark.case("F2")
    def test_shown_twice_at_once_works_once(self, race):
        race.sample(6)

    def test_works_twice_when_its_step_is_looked_at_first(self, race):
        race.catches("STAFF#")


@pytest.fixture
def ann(auth):
    return auth.customer()


@pytest.mark.case("A10")
@pytest.mark.usefixtures("ann")
def test_guesses_at_once_are_compared_no_more_than_the_limit_allows(at_once, auth, hashes):
    def check(answers):
        statuses = [answer.status for answer in answers]
        assert statuses.count(401) == hashes.count("verify") == AT_LOGIN.allowed
        assert statuses.count(429) == 20 - AT_LOGIN.allowed
        hashes.clear()

    hashes.clear()
    at_once(*[partial(auth.sign_in, password="wrong")] * 20, check=check).sample(1)


@pytest.mark.usefixtures("ann")
def test_an_older_hash_may_be_renewed_twice_at_once(at_once, auth, cloud, rows_of):
    [claim] = rows_of("LOGIN")
    kept = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(auth.password)
    with cloud.acting("AuthApi"):
        table.apply(table.update(claim["pk"], claim["sk"], assign={"password_hash": kept}))

    def check(answers):
        assert [answer.status for answer in answers] == [200, 200]

    at_once(auth.sign_in, auth.sign_in, check=check).sample(3)


NEW = "anna@new.example.com"


@pytest.fixture
def shop(cloud):
    return Shop(cloud)


@pytest.fixture
def wanting(shop):
    """A customer who asked for a new address: the call that confirms it."""

    def ask(email, new=NEW):
        person, _ = shop.register(email)
        shop.prove(person, Act.CONTACT)
        asked = shop.ask(person, "POST", "/v1/auth/contacts", {"email": new})["contact_id"]
        shop.cloud.drain()
        body = {"code": shop.code(new)}
        return shop.asking(person, "POST", f"/v1/auth/contacts/{asked}/confirm", body)

    return ask


class TestOneNewAddressOfTwoCustomers:
    @pytest.fixture
    def race(self, at_once, wanting, rows_of):
        def check(answers):
            assert sorted(map(told, answers), key=str) == [(409, "contact_taken"), 200]
            claimed = [row for row in rows_of("ACCOUNT") if NEW in row["logins"]]
            assert len(claimed) == 1

        return at_once(wanting("a@example.com"), wanting("b@example.com"), check=check)

    @pytest.mark.case("O4")
    def test_is_one_customers(self, race):
        race.sample(12)

    def test_is_both_when_the_claim_is_looked_at_first(self, race):
        race.catches("LOGIN#")


class TestAChangeOfContactAndASignIn:
    @pytest.fixture
    def race(self, at_once, auth, shop, wanting, rows_of):
        confirm = wanting("a@example.com")

        def check(answers):
            changed, entered = answers
            assert changed.status == 200
            [account] = rows_of("ACCOUNT")
            live = {row["pk"].removeprefix("SESSION#") for row in rows_of("SESSION")}
            assert {begun["id"] for begun in account["sessions"]} == live
            assert account["logins"] == [NEW]
            assert [row["pk"] for row in rows_of("LOGIN")] == [f"LOGIN#{NEW}"]
            assert entered.status in {200, 401, 409}

        sign_in = partial(auth.sign_in, "a@example.com", SHOP_PASSWORD)
        return at_once(confirm, sign_in, check=check)

    @pytest.mark.case("O4")
    def test_leave_one_account_with_one_login(self, race):
        race.sample(12)

    def test_leave_the_old_login_when_the_account_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")


class TestAnUndoTwice:
    @pytest.fixture
    def race(self, at_once, shop, wanting, rows_of, queued):
        wanting("a@example.com")()
        shop.cloud.drain()
        [text] = [x.text for x in shop.cloud.letters if x.to == "a@example.com"][-1:]
        [path] = re.findall(r"/v1/auth/contact-undos/[a-z0-9-]+", text)

        def check(answers):
            assert [answer.status for answer in answers] == [200, 200]
            [account] = rows_of("ACCOUNT")
            assert (account["logins"], account["sessions"]) == (["a@example.com"], [])
            assert queued(ContactsProven) == 1

        return at_once(*[shop.asking(None, "POST", path)] * 2, check=check)

    def test_at_once_is_one_undo(self, race):
        race.sample(12)

    def test_is_two_when_the_account_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")
