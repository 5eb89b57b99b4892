"""The first set-up and the menu."""

import re
from dataclasses import replace

import pytest

from auth import store as accounts
from auth.account import Factor, FactorKind
from auth.guide import checklist, menu
from common import clock, table
from common.access import Role
from local import openapi


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
def set_up(me, protect):
    """Ann does every step."""

    def do():
        me("PATCH", {"name": "Ann", "birthday": "1990-02-28"})
        me("PUT", {"given": False, "text_version": 1}, "/consents/segments")
        protect()

    return do


@pytest.mark.feature(20)
def test_the_checklist_tells_progress_step_by_step(me, steps, protect):
    begun = steps()
    assert begun == {"contact"}

    for change, step in (({"name": "Ann"}, "name"), ({"birthday": "1990-02-28"}, "birthday")):
        me("PATCH", change)
        begun |= {step}
        assert steps() == begun
    protect()

    assert steps() == begun | {"second_factor"}
    shown = me("GET", path="/checklist").body
    assert (shown["done"], shown["total"]) == (4, len(checklist.STEPS))


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
