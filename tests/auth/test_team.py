"""How somebody joins the staff, changes their role and leaves; and the trail of their acts."""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import boto3
import pytest
from pyotp import TOTP

from cloud import Person
from common import clock, ids
from common.events.staff import StaffInvited, StaffJoined, StaffRemoved, StaffRoleChanged

EMAIL = "new@example.com"
PASSWORD = "a long and happy walk"


@dataclass
class Team:
    """What members of staff, and those who were invited, ask for."""

    cloud: Any
    owner: Any

    def invite(self, person=None, *, email=EMAIL, role="agent", key="key-of-the-letter", **fields):
        body = {"email": email, "role": role, **fields}
        token = (person or self.owner).token
        return self.cloud.call("POST", "/v1/staff/invitations", body, token=token, key=key)

    def invited(self, **fields):
        """An invitation's id and the token of its letter."""
        answer = self.invite(**fields)
        assert answer.status == 201, answer.body
        self.cloud.drain()
        texts = " ".join(letter.text for letter in self.cloud.letters)
        return re.findall(rf"invitation=({answer.body['id']})#([\w-]+)", texts)[0]

    def accept(self, id_, token, password=PASSWORD):
        path = f"/v1/auth/invitations/{id_}/accept"
        return self.cloud.call("POST", path, {"token": token, "password": password})

    def confirm(self, id_, token, code):
        path = f"/v1/auth/invitations/{id_}/confirm"
        return self.cloud.call("POST", path, {"token": token, "totp_code": code})

    def accepted(self, **fields):
        """An accepted invitation: its id, its token, and what tells the codes."""
        id_, token = self.invited(**fields)
        answer = self.accept(id_, token)
        assert answer.status == 200, answer.body
        totp = TOTP(answer.body["totp_secret"])
        return id_, token, lambda: totp.at(clock.now())

    def sign_in(self, code, email=EMAIL):
        self.cloud.clock.advance(seconds=60)
        body = {"login": email, "password": PASSWORD, "totp_code": code()}
        return self.cloud.call("POST", "/v1/auth/sign-in", body)

    def remove(self, person, by=None, **headers):
        token = (by or self.owner).token
        path = f"/v1/staff/members/{person.id}"
        return self.cloud.call("DELETE", path, token=token, headers=headers)

    def promote(self, person, role, by=None, **headers):
        path, token = f"/v1/staff/members/{person.id}", (by or self.owner).token
        return self.cloud.call("PATCH", path, {"role": role}, token=token, headers=headers)

    def members(self):
        return self.cloud.call("GET", "/v1/staff/members", token=self.owner.token).body["items"]

    def trail(self, **query):
        answer = self.cloud.call("GET", "/v1/staff/audit", token=self.owner.token, query=query)
        assert answer.status == 200, answer.body
        return answer.body["items"]


@pytest.fixture
def team(cloud, auth):
    return Team(cloud, cloud.staff("owner"))


def owners(cloud):
    rows = cloud.items("AuthTable")
    members = [r for r in rows if r["sk"].startswith("MEMBER#") and "left_at" not in r]
    [count] = [row["owners"] for row in rows if row["sk"] == "OWNERS"]
    assert count == sum(row["role"] == "owner" for row in members)
    return count


class TestJoining:
    def test_who_was_invited_signs_in_once_the_second_factor_works(self, cloud, team):
        id_, token, code = team.accepted()
        assert team.sign_in(code).status == 401

        answer = team.confirm(id_, token, code())
        assert (answer.status, answer.body["role"]) == (201, "agent")
        assert team.sign_in(code).body["staff_id"] == id_
        cloud.drain()
        assert [event.staff_id for event in cloud.published(StaffJoined)] == [id_]

    def test_signing_in_asks_for_the_second_factor(self, cloud, team):
        id_, token, code = team.accepted()
        team.confirm(id_, token, code())
        answer = cloud.call("POST", "/v1/auth/sign-in", {"login": EMAIL, "password": PASSWORD})
        assert answer.body["type"].endswith("second_factor_required")

    @pytest.mark.parametrize(("language", "word"), [("ru", "Приглашаем"), ("en", "invited")])
    def test_the_letter_is_in_the_language_asked_for(self, cloud, team, language, word):
        team.invited(language=language)
        assert cloud.letters[-1].to == EMAIL
        assert word in cloud.letters[-1].text

    def test_an_event_that_comes_a_day_late_writes_no_letter(self, cloud, team):
        team.invited()
        [event] = cloud.published(StaffInvited)
        late = {"id": ids.new(clock.now()), "occurred_at": event.occurred_at - timedelta(days=2)}
        cloud.publish(event.model_copy(update=late))
        assert len(cloud.letters) == 1

    def test_neither_tables_nor_events_hold_the_token_or_tell_the_address(self, cloud, team):
        _, token = team.invited()
        assert token not in str(cloud.items("AuthTable")) + str(cloud.items("NotifyTable"))
        [event] = cloud.published(StaffInvited)
        assert token not in event.model_dump_json()
        assert EMAIL not in event.model_dump_json()

    def test_another_token_or_another_invitation_opens_nothing(self, team):
        id_, token = team.invited()
        other, _ = team.invited(email="other@example.com", key="key-of-the-other")
        assert team.accept(id_, token[:-1] + "_").status == 404
        assert team.accept(other, token).status == 404
        assert team.accept(id_, token).status == 200

    def test_it_works_once_and_for_72_hours(self, cloud, team):
        id_, token, code = team.accepted()
        assert team.confirm(id_, token, code()).status == 201
        cloud.clock.advance(seconds=30)
        assert team.confirm(id_, token, code()).status == 404

        id_, token = team.invited(email="late@example.com", key="key-of-the-late")
        cloud.clock.advance(hours=72)
        assert team.accept(id_, token).status == 404

    def test_a_wrong_code_makes_no_account(self, team):
        id_, token, code = team.accepted()
        wrong = "000000" if code() != "000000" else "000001"
        assert team.confirm(id_, token, wrong).status == 401
        assert team.confirm(id_, token, code()).status == 201

    def test_codes_are_not_guessed_for_long(self, team):
        id_, token, code = team.accepted()
        wrong = "000000" if code() != "000000" else "000001"
        assert {team.confirm(id_, token, wrong).status for _ in range(10)} == {401}
        assert team.confirm(id_, token, code()).status == 429

    def test_without_a_password_there_is_nothing_to_confirm(self, team):
        assert team.confirm(*team.invited(), "000000").status == 401

    def test_a_password_made_of_the_address_is_refused(self, team):
        answer = team.accept(*team.invited(email="happywalker@example.com"), "happywalker1")
        assert answer.body["errors"][0]["code"] == "password_guessable"

    def test_an_address_that_is_somebodys_already_joins_nothing(self, auth, team):
        auth.customer(EMAIL)
        id_, token, code = team.accepted()
        assert team.confirm(id_, token, code()).status == 409

    def test_a_withdrawn_invitation_is_over(self, cloud, team):
        id_, token = team.invited()
        path = f"/v1/staff/invitations/{id_}"
        assert cloud.call("DELETE", path, token=team.owner.token).status == 204
        assert team.accept(id_, token).status == 404

    @pytest.mark.parametrize("change", ["left", "demoted"])
    def test_who_may_invite_no_longer_has_left_no_door_open(self, cloud, team, change):
        other = cloud.staff("owner")
        joining = team.accepted(person=other, role="owner")
        if change == "left":
            team.remove(other)
        else:
            team.promote(other, "manager")
        assert team.confirm(*joining[:2], joining[2]()).status == 404

    def test_open_invitations_are_listed(self, cloud, team):
        id_, _ = team.invited()
        show = partial(cloud.call, "GET", "/v1/staff/invitations", token=team.owner.token)
        [shown] = show().body["items"]
        assert (shown["id"], shown["email"], shown["role"]) == (id_, EMAIL, "agent")

    @pytest.mark.case("Z1")
    @pytest.mark.parametrize("role", ["manager", "owner"])
    def test_a_manager_invites_agents_only(self, cloud, team, role):
        manager = cloud.staff("manager")
        assert team.invite(manager, role=role).status == 403
        id_, _ = team.invited(role=role)
        path = f"/v1/staff/invitations/{id_}"
        assert cloud.call("DELETE", path, token=manager.token).status == 403
        assert team.invite(manager, key="key-of-the-agent").status == 201

    def test_the_same_key_writes_one_letter(self, cloud, team):
        assert team.invite().body == team.invite().body
        cloud.drain()
        assert len(cloud.letters) == 1


class TestLeaving:
    def test_who_is_removed_is_out_at_once_and_the_address_is_free(self, cloud, team):
        agent = cloud.staff("agent")
        assert team.remove(agent).status == 204
        cloud.clock.advance(seconds=0)
        assert cloud.call("GET", "/v1/staff/tickets", token=agent.token).status == 401
        assert not [
            r for r in cloud.items("AuthTable") if r["pk"].startswith(f"LOGIN#person-{agent.id}")
        ]
        [shown] = [member for member in team.members() if member["id"] == agent.id]
        assert shown["left_at"]
        assert team.remove(agent).status == 404
        cloud.drain()
        assert [event.staff_id for event in cloud.published(StaffRemoved)] == [agent.id]

    def test_another_role_ends_the_sessions_of_the_former(self, cloud, team):
        agent = cloud.staff("agent")
        answer = team.promote(agent, "manager")
        assert (answer.status, answer.body["role"]) == (200, "manager")
        cloud.clock.advance(seconds=0)
        assert cloud.call("GET", "/v1/staff/tickets", token=agent.token).status == 401
        cloud.drain()
        assert [event.role for event in cloud.published(StaffRoleChanged)] == ["manager"]

    def test_an_etag_of_before_is_refused(self, cloud, team):
        agent = cloud.staff("agent")
        etag = team.promote(agent, "manager").headers["etag"]
        assert team.promote(agent, "owner", **{"if-match": '"1"'}).status == 412
        assert team.remove(agent, **{"if-match": '"1"'}).status == 412
        assert team.remove(agent, **{"if-match": etag}).status == 204

    def test_the_last_owner_stays(self, cloud, team):
        assert team.remove(team.owner).body["type"].endswith("last_owner")
        assert team.promote(team.owner, "agent").status == 409
        other = cloud.staff("owner")
        assert team.promote(team.owner, "agent").status == 200
        assert owners(cloud) == 1
        assert team.remove(other, by=other).status == 409

    def test_a_customer_is_no_member(self, cloud, team):
        assert team.remove(cloud.customer()).status == 404


class TestAMemberWhoLostPasswordOrFactor:
    @pytest.fixture
    def agent(self, cloud, team):
        """A member who joined by a letter, and is signed in."""
        id_, token, code = team.accepted()
        team.confirm(id_, token, code())
        signed_in = team.sign_in(code).body
        session = signed_in["refresh_token"].partition(".")[0]
        return Person(id_, session, signed_in["access_token"]), code

    @pytest.fixture
    def renew(self, cloud, team):
        def renewed(person, by=None, key="key-of-the-renewal"):
            path = f"/v1/staff/members/{person.id}/renewals"
            token = (by or team.owner).token
            return cloud.call("POST", path, {"language": "en"}, token=token, key=key)

        return renewed

    @pytest.fixture
    def link(self, cloud):
        """The token of the newest letter that lets *person* back in."""

        def newest(person):
            cloud.drain()
            text = [x.text for x in cloud.letters if "set your password" in x.text][-1]
            return re.findall(rf"invitation={person.id}#([\w-]+)", text)[0]

        return newest

    def test_sets_both_anew_by_a_letter_and_is_who_they_were(self, cloud, team, agent, renew, link):
        person, old = agent
        answer = renew(person)
        assert (answer.status, answer.body["renews"]) == (201, True)
        assert answer.body["email"] == EMAIL

        token, other = link(person), "another happy walk"
        secret = team.accept(person.id, token, other).body["totp_secret"]
        new = TOTP(secret).at(clock.now())
        made = team.confirm(person.id, token, new)

        assert (made.status, made.body["id"], made.body["role"]) == (201, person.id, "agent")
        assert team.sign_in(old).status == 401
        cloud.clock.advance(seconds=60)
        body = {"login": EMAIL, "password": other, "totp_code": TOTP(secret).at(clock.now())}
        signed_in = cloud.call("POST", "/v1/auth/sign-in", body)
        assert signed_in.body["staff_id"] == person.id

    def test_is_out_at_once_and_what_they_had_signs_nobody_in(self, cloud, team, agent, renew):
        person, code = agent
        assert renew(person).status == 201
        cloud.clock.advance(seconds=0)
        assert cloud.call("GET", "/v1/staff/tickets", token=person.token).status == 401
        assert team.sign_in(code).body["type"].endswith("wrong_credentials")

    @pytest.mark.case("Z8")
    def test_is_written_down_with_the_owner_who_did_it(self, cloud, team, agent, renew):
        person, _ = agent
        cloud.drain()
        renew(person)
        cloud.drain()
        [act] = team.trail(resource=f"members/{person.id}")
        assert (act["staff_id"], act["path"]) == (
            team.owner.id,
            f"/v1/staff/members/{person.id}/renewals",
        )

    @pytest.mark.case("Z1")
    def test_is_let_in_by_owners_only_and_not_by_themselves(self, cloud, team, agent, renew):
        person, _ = agent
        assert renew(person, by=cloud.staff("manager")).status == 403
        assert renew(team.owner).status == 403
        assert renew(cloud.customer()).status == 404

    def test_gets_one_letter_for_one_key_and_only_the_newest_works(
        self, cloud, team, agent, renew, link
    ):
        person, _ = agent
        first, again = renew(person), renew(person)
        assert first.body == again.body
        assert again.headers["idempotent-replayed"] == "true"
        older = link(person)
        assert len([x for x in cloud.letters if "set your password" in x.text]) == 1
        renew(person, key="key-of-another-one")
        assert team.accept(person.id, older).status == 404
        assert team.accept(person.id, link(person)).status == 200

    def test_who_was_removed_meanwhile_stays_out(self, cloud, team, agent, renew, link):
        person, _ = agent
        renew(person)
        token = link(person)
        secret = team.accept(person.id, token).body["totp_secret"]
        team.remove(person)
        assert team.confirm(person.id, token, TOTP(secret).at(clock.now())).status == 404
        assert team.sign_in(lambda: TOTP(secret).at(clock.now())).status == 401

    def test_has_a_session_that_ran_out_in_nobodys_way(self, cloud, team, agent, renew):
        person, code = agent
        cloud.clock.advance(hours=11)
        team.sign_in(code)
        cloud.clock.advance(hours=1)
        key = {"pk": {"S": f"SESSION#{person.session_id}"}, "sk": {"S": "SESSION"}}
        name = cloud.wiring.physical["AuthTable"]["Ref"]
        boto3.client("dynamodb").delete_item(TableName=name, Key=key)
        team.owner = cloud.staff("owner")
        assert team.promote(person, "manager").status == 200
        assert renew(person).status == 201


class TestTwoOwnersWhoRemoveEachOther:
    @pytest.fixture
    def race(self, at_once, cloud, team):
        other = cloud.staff("owner")

        def check(answers):
            assert sorted(answer.status for answer in answers)[0] == 204
            assert {answer.status for answer in answers} < {204, 401, 403, 404, 503}
            assert owners(cloud) == 1

        both = [partial(team.remove, other), partial(team.remove, team.owner, by=other)]
        return at_once(*both, check=check)

    def test_leave_one(self, race):
        race.sample(12)

    def test_leave_none_when_it_is_looked_at_first(self, race):
        race.catches("TEAM", "STAFF#")


class TestTwoConfirmationsOfOneInvitation:
    @pytest.fixture
    def race(self, at_once, cloud, team):
        id_, token, code = team.accepted(role="owner")

        def check(answers):
            assert sorted(answer.status for answer in answers) == [201, 404]
            assert owners(cloud) == 2

        return at_once(*[partial(team.confirm, id_, token, code())] * 2, check=check)

    def test_make_one_member(self, race):
        race.sample(8)


@pytest.mark.case("Z8")
class TestTheTrail:
    def test_is_told_by_member_by_thing_and_in_whole(self, cloud, team):
        agent = cloud.staff("agent")
        team.invite()
        team.promote(agent, "manager")
        team.promote(agent, "agent")
        cloud.drain()
        assert len(team.trail()) == 3
        assert [act["resource"] for act in team.trail(limit="1")] == [f"members/{agent.id}"]
        assert len(team.trail(resource=f"members/{agent.id}")) == 2
        assert len(team.trail(staff_id=team.owner.id)) == 3
        assert team.trail(staff_id=agent.id) == []
        [first] = team.trail(resource="invitations")
        assert first == {
            "id": first["id"],
            "at": first["at"],
            "staff_id": team.owner.id,
            "role": "owner",
            "verb": "POST",
            "path": "/v1/staff/invitations",
            "resource": "invitations",
            "request_id": "request-1",
        }

    def test_goes_on_by_its_cursor(self, cloud, team):
        for n in range(3):
            team.invite(key=f"key-number-{n}")
        cloud.drain()
        ask = partial(cloud.call, "GET", "/v1/staff/audit", token=team.owner.token)
        first = ask(query={"limit": "2"}).body
        rest = ask(query={"limit": "2", "cursor": first["next_cursor"]}).body
        assert (len(first["items"]), len(rest["items"])) == (2, 1)

    def test_asks_for_one_of_two_filters(self, cloud, team):
        query = {"staff_id": team.owner.id, "resource": "invitations"}
        answer = cloud.call("GET", "/v1/staff/audit", token=team.owner.token, query=query)
        assert answer.body["errors"][0]["code"] == "one_filter"

    def test_ends_after_400_days(self, cloud, team):
        team.invite()
        cloud.drain()
        cloud.clock.advance(days=399)
        team.owner = cloud.staff("owner")
        assert len(team.trail()) == 1
        cloud.clock.advance(days=1)
        team.owner = cloud.staff("owner")
        assert team.trail() == []
