"""The first set-up and the menu."""

import re
from dataclasses import replace

import pytest

from auth import store as accounts
from auth.account import Factor, FactorKind
from auth.guide import checklist, menu
from common import clock, table
from common.access import Role
from common.events.auth import FirstSuccess
from common.events.orders import OrderPlaced
from local import openapi
from shop import product


@pytest.fixture
def steps(me):
    """The names of the steps that are done."""
    return lambda: {s["name"] for s in me("GET", path="/checklist").body["steps"] if s["done"]}


@pytest.fixture
def sections(me):
    return lambda: {s["name"]: s["count"] for s in me("GET", path="/menu").body["sections"]}


@pytest.fixture
def protect(cloud, ann):
    """Give Ann a second factor."""

    def add():
        with cloud.acting("AuthApi"):
            before = accounts.account(ann.id, Role.CUSTOMER)
            factor = Factor("f", FactorKind.EMAIL, clock.now(), to="ann@example.com")
            accounts.change_account(before, replace(before, factors=(factor,)))

    return add


@pytest.fixture
def order(shop, ann):
    """Ann places an order."""

    def place():
        shop.stock(product("TEA-1"))
        return shop.order(ann)

    return place


@pytest.fixture
def set_up(me, protect, order):
    """Ann does every step."""

    def do():
        me("PATCH", {"name": "Ann", "birthday": "1990-02-28"})
        me("PUT", {"given": False, "text_version": 1}, "/consents/segments")
        protect()
        order()

    return do


@pytest.fixture
def choose(cloud, me):
    """Ann chooses what to see of the checklist; what is told then has been heard."""

    def ask(**choice):
        answer = me("PATCH", choice, "/checklist")
        cloud.drain()
        assert answer.status == 200, answer.body
        return answer.body

    return ask


@pytest.mark.feature(20)
def test_the_checklist_tells_progress_step_by_step(me, steps, protect, order):
    begun = steps()
    assert begun == {"contact"}

    for change, step in (({"name": "Ann"}, "name"), ({"birthday": "1990-02-28"}, "birthday")):
        me("PATCH", change)
        begun |= {step}
        assert steps() == begun
    protect()

    order()

    assert steps() == begun | {"second_factor", "order"}
    shown = me("GET", path="/checklist").body
    assert (shown["done"], shown["total"], shown["left"]) == (5, len(checklist.STEPS), 1)


@pytest.mark.feature(20)
def test_what_is_taken_back_is_to_be_set_up_again(me, steps):
    me("PATCH", {"name": "Ann"})
    me("PATCH", {"name": None})

    assert "name" not in steps()


@pytest.mark.feature(20, 22)
def test_a_consent_refused_is_decided_too(me, steps):
    me("PUT", {"given": False, "text_version": 1}, "/consents/segments")

    assert "consents" in steps()


@pytest.mark.feature(24)
def test_first_steps_leave_the_menu_once_all_are_done(sections, set_up):
    assert sections()["checklist"] == len(checklist.STEPS) - 1

    set_up()

    assert "checklist" not in sections()


@pytest.mark.feature(20)
def test_a_step_that_is_dismissed_is_left_no_longer_until_it_is_brought_back(choose, steps):
    left = choose(hidden=False)["left"]

    shown = choose(dismiss=["birthday", "name"])
    assert shown["left"] == left - 2
    assert {s["name"] for s in shown["steps"] if s["dismissed"]} == {"birthday", "name"}
    assert "birthday" not in steps()

    assert choose(restore=["birthday"])["left"] == left - 1


@pytest.mark.feature(20)
def test_a_dismissed_step_that_is_done_after_all_is_done(me, choose, steps):
    choose(dismiss=["name"])
    me("PATCH", {"name": "Ann"})

    assert "name" in steps()


@pytest.mark.feature(20, 24)
def test_a_hidden_checklist_leaves_the_menu_and_comes_back(choose, sections):
    choose(hidden=True)
    assert "checklist" not in sections()

    choose(hidden=False)
    assert "checklist" in sections()


@pytest.mark.feature(20)
@pytest.mark.parametrize(
    "choice", [{}, {"dismiss": ["tea"]}, {"hidden": "perhaps"}, {"dismiss": ["name"] * 7}]
)
def test_what_is_no_choice_is_refused(me, choice):
    assert me("PATCH", choice, "/checklist").status == 422


@pytest.mark.feature(20)
class TestTheFirstSuccess:
    def test_is_told_once_with_a_letter_when_all_is_done(self, cloud, shop):
        person, _ = shop.register("ann@example.com")
        shop.ask(person, "PATCH", "/v1/me", {"name": "Ann", "birthday": "1990-02-28"})
        shop.stock(product("TEA-1"))
        shop.order(person)
        shop.authenticator(person)
        cloud.drain()
        assert cloud.published(FirstSuccess) == []

        consent = {"given": False, "text_version": 1}
        shop.ask(person, "PUT", "/v1/me/consents/segments", consent)
        cloud.drain()

        [told] = cloud.published(FirstSuccess)
        assert told.customer_id == person.id
        assert cloud.letters[-1].subject == "All set: your account is ready"
        shop.ask(person, "PATCH", "/v1/me", {"name": "Anna"})
        shop.order(person)
        assert cloud.published(FirstSuccess) == [told]

    def test_is_made_by_the_order_where_all_else_is_done(self, cloud, set_up):
        set_up()

        assert len(cloud.published(FirstSuccess)) == 1

    def test_is_made_by_dismissing_what_is_left(self, cloud, choose, order):
        order()
        rest = ["name", "birthday", "consents"]
        choose(dismiss=rest)
        assert cloud.published(FirstSuccess) == []

        choose(dismiss=["second_factor"])
        choose(restore=rest)
        choose(dismiss=rest)

        assert len(cloud.published(FirstSuccess)) == 1

    def test_is_none_without_an_order(self, cloud, choose):
        choose(dismiss=[step.name for step in checklist.STEPS])

        assert cloud.published(FirstSuccess) == []

    @pytest.mark.case("E1", "E8")
    def test_is_not_told_again_when_its_causes_come_again(self, cloud, set_up):
        set_up()
        events = cloud.published(OrderPlaced)

        for event in events:
            cloud.publish(event)

        assert len(cloud.published(FirstSuccess)) == 1


@pytest.mark.feature(24, 25)
def test_the_menu_counts_the_notes_there_are(me, sections):
    assert sections()["notes"] == 0
    made = [me("POST", {"text": "Milk"}, "/notes").body["id"] for _ in range(3)]
    me("DELETE", path=f"/notes/{made[0]}")

    assert sections()["notes"] == len(me("GET", path="/notes").body["items"]) == 2


@pytest.mark.feature(20, 24)
def test_the_guide_speaks_the_language_asked_for(me):
    titles = {
        tongue: [
            part["title"]
            for path, parts in (("/menu", "sections"), ("/checklist", "steps"))
            for part in me("GET", path=path, language=tongue).body[parts]
        ]
        for tongue in ("ru", "en")
    }

    assert all(re.search("[а-я]", title) for title in titles["ru"])
    assert all(title.isascii() for title in titles["en"])


@pytest.mark.feature(20, 24)
def test_where_the_guide_leads_there_is_a_route():
    named = {part.path for part in (menu.CHECKLIST, *menu.SECTIONS, *checklist.STEPS)}

    assert all("get" in openapi.document()["paths"][path] for path in named)


@pytest.mark.feature(24)
@pytest.mark.parametrize("path", ["/menu", "/checklist"])
def test_all_of_it_is_one_read(cloud, me, path):
    me("GET", path=path)

    with cloud.counted() as calls:
        me("GET", path=path)

    assert calls.trips == ["dynamodb.BatchGetItem"]


@pytest.mark.case("Z2")
@pytest.mark.parametrize("path", ["/menu", "/checklist"])
def test_of_an_account_that_is_gone_nothing_is_shown(cloud, ann, me, problem, path):
    with cloud.acting("MeApi"):
        table.apply(table.delete(f"CUSTOMER#{ann.id}", "PROFILE"))

    assert problem(me("GET", path=path)) == (404, "not_found")
