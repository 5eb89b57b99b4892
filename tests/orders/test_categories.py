from functools import partial

import pytest

from common.language import Text
from orders.catalogue.categories.category import (
    Category,
    CategoryInUse,
    InItself,
    TooDeep,
    TooManyCategories,
    Tree,
    UnknownParent,
)

EMPTY = Tree(0, {})
NAME = Text("Раздел", "Category")


def category(id_, parent=None, place=0):
    return Category(id_, NAME, parent, place)


def grown(*categories):
    tree = EMPTY
    for one in categories:
        tree = tree.with_(one)
    return tree


def test_siblings_come_by_their_place():
    tree = grown(category("b", place=1), category("a", place=2), category("c", place=1))

    assert [one.id for one in tree.children(None)] == ["b", "c", "a"]


def test_a_category_holds_all_below_it():
    tree = grown(category("a"), category("b", "a"), category("c", "b"), category("d"))

    assert set(tree.within("a")) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (category("x", "nowhere"), UnknownParent),
        (category("a", "a"), InItself),
        (category("a", "c"), InItself),
        (category("d", "c"), TooDeep),
        (category("e", "d"), TooDeep),
    ],
)
def test_a_tree_stays_a_tree_of_three_levels(wrong, problem):
    tree = grown(category("a"), category("b", "a"), category("c", "b"), category("e"))
    tree = tree.with_(category("f", "e")) if wrong.id == "e" else tree
    tree = tree.with_(category("d", "b" if wrong.id == "e" else None))

    with pytest.raises(problem):
        tree.with_(wrong)


def test_a_tree_has_an_end():
    tree = grown(*(category(f"c-{n}") for n in range(500)))

    assert tree.with_(category("c-7", place=9)).version == 501
    with pytest.raises(TooManyCategories):
        tree.with_(category("one-more"))


def test_a_category_goes_once_it_is_empty():
    tree = grown(category("a"), category("b", "a"))

    with pytest.raises(CategoryInUse):
        tree.without("a")
    assert tree.without("b").without("a").categories == {}


# --- over the API ---


@pytest.fixture
def put(cloud, shop):
    def put(id_, name="Чай", token=None, **more):
        body = {"name_ru": name, "name_en": id_.capitalize()} | more
        path = f"/v1/staff/categories/{id_}"
        return cloud.call("PUT", path, body, token=token or shop.manager.token)

    return put


@pytest.fixture
def remove(cloud, shop):
    return lambda id_: cloud.call("DELETE", f"/v1/staff/categories/{id_}", token=shop.manager.token)


@pytest.mark.feature(27)
def test_anybody_sees_the_tree_in_their_language(cloud, put):
    put("drinks", "Напитки")
    put("tea", parent_id="drinks")
    put("toys", "Игрушки", place=1)

    with cloud.counted() as calls:
        answer = cloud.call("GET", "/v1/categories", language="en")

    assert calls.trips == ["dynamodb.Query"]
    tea = {"id": "tea", "name": "Tea", "children": []}
    toys = {"id": "toys", "name": "Toys", "children": []}
    drinks = {"id": "drinks", "name": "Drinks", "children": [tea]}
    assert (answer.body, answer.headers["etag"]) == ({"items": [drinks, toys]}, '"3"')


def test_a_category_put_again_as_it_is_changes_nothing(put):
    assert put("tea").headers["etag"] == put("tea").headers["etag"] == '"1"'


def test_a_category_with_products_stays(put, remove):
    put("tea")

    assert remove("tea").body["type"] == "urn:kabinet:problem:category_in_use"


def test_an_empty_category_goes_and_going_again_is_fine(cloud, put, remove):
    put("herbs")

    assert (remove("herbs").status, remove("herbs").status) == (204, 204)
    assert cloud.call("GET", "/v1/categories").body == {"items": []}


def test_a_change_of_another_tree_is_refused(cloud, shop, put):
    put("herbs")
    put("tea")
    body = {"name_ru": "Травы", "name_en": "Herbs"}

    answer = cloud.call(
        "PUT",
        "/v1/staff/categories/herbs",
        body,
        token=shop.manager.token,
        headers={"if-match": '"1"'},
    )

    assert answer.status == 412


@pytest.mark.case("Z1")
def test_only_a_manager_shapes_the_tree(put, shop, ann):
    assert [put("tea", token=who.token).status for who in (shop.agent, ann)] == [403, 403]


class TestTwoCategoriesMovedIntoEachOther:
    @pytest.fixture
    def race(self, at_once, put):
        put("tea")
        put("toys")

        def check(answers):
            assert sorted(answer.status for answer in answers) == [200, 409]

        moves = partial(put, "tea", parent_id="toys"), partial(put, "toys", parent_id="tea")
        return at_once(*moves, check=check)

    @pytest.mark.case("I11")
    def test_do_not_lose_the_root(self, race):
        race.every()

    def test_do_when_the_tree_is_looked_at_first(self, race):
        race.catches("CATEGORIES", "TREE")
