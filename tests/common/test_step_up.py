"""Step-up: some acts ask for a fresh proof, bound to session, act and time (RFC 9470)."""

import pytest

from common import access, clock, table
from common.access import Act, StepUpRequired
from common.errors import Unauthorized
from shop import Shop


@pytest.fixture
def shop(cloud):
    return Shop(cloud)


def asked(shop, person, act):
    """The act, asked for by *person*: an error unless proven."""
    with shop.cloud.acting("AuthApi"):
        session = table.get(f"SESSION#{person.session_id}", "SESSION")
        access.require_proof(session, act, clock.now())


def test_without_a_proof_the_answer_says_what_is_needed(shop):
    with pytest.raises(StepUpRequired) as refused:
        asked(shop, shop.customer(), Act.MONEY)

    assert refused.value.members == {"act": "money", "max_age": 300}
    challenge = refused.value.headers["WWW-Authenticate"]
    assert 'error="insufficient_user_authentication"' in challenge
    assert 'max_age="300"' in challenge


def test_a_fresh_proof_is_enough(shop):
    person = shop.customer()
    shop.prove(person, Act.MONEY)

    asked(shop, person, Act.MONEY)


@pytest.mark.case("S12")
def test_a_proof_is_good_for_its_own_act_only(shop):
    person = shop.customer()
    shop.prove(person, Act.MONEY)

    with pytest.raises(StepUpRequired):
        asked(shop, person, Act.ERASURE)


@pytest.mark.case("S12")
def test_a_proof_is_good_for_its_own_session_only(shop):
    shop.prove(shop.customer(), Act.MONEY)

    with pytest.raises(StepUpRequired):
        asked(shop, shop.customer(), Act.MONEY)


@pytest.mark.case("S12")
@pytest.mark.parametrize(("seconds", "good"), [(298, True), (300, False), (-60, False)])
def test_a_proof_is_good_for_five_minutes_and_never_before_it_was_made(shop, seconds, good):
    person = shop.customer()
    shop.prove(person, Act.MONEY)
    shop.cloud.clock.advance(seconds=seconds)

    if good:
        asked(shop, person, Act.MONEY)
    else:
        with pytest.raises(StepUpRequired):
            asked(shop, person, Act.MONEY)


def test_an_ended_session_proves_nothing(shop):
    with shop.cloud.acting("AuthApi"), pytest.raises(Unauthorized):
        access.require_proof(None, Act.MONEY, clock.now())
