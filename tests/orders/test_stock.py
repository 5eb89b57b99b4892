"""Stock counted and moved by staff, beside sales."""

from functools import partial

import pytest

from common.events.catalogue import BackInStock, ProductChanged
from orders.catalogue.stock.stock import (
    FewerThanReserved,
    Move,
    MoveKind,
    Stock,
    TooFew,
    TooManyPlaces,
)


def counted(**places):
    return Move(MoveKind.COUNTED, places, "count", "staff")


def moved(place, change):
    return Move(MoveKind.MOVED, {place: change}, "why", "staff")


HELD = Stock({"main": 7, "shop": 3}, available=8, reserved=2)


def test_what_is_counted_holds_what_is_reserved():
    assert HELD.after(counted(main=4, attic=1)) == Stock({"main": 4, "attic": 1}, 3, 2)
    with pytest.raises(FewerThanReserved):
        HELD.after(counted(main=1))


def test_a_move_changes_its_place_and_the_sum():
    assert HELD.after(moved("shop", 5)) == Stock({"main": 7, "shop": 8}, 13, 2)
    assert HELD.after(moved("attic", 1)).places == {"main": 7, "shop": 3, "attic": 1}


@pytest.mark.parametrize(("place", "change"), [("shop", -4), ("attic", -1), ("main", -9)])
def test_nobody_takes_what_is_not_there(place, change):
    with pytest.raises(TooFew):
        HELD.after(moved(place, change))


def test_a_good_lies_in_fifty_places_at_most():
    full = Stock({f"p-{n}": 1 for n in range(50)}, 50, 0)

    assert full.after(moved("p-1", 1)).available == 51
    with pytest.raises(TooManyPlaces):
        full.after(moved("one-more", 1))


# --- over the API ---


@pytest.fixture
def count(cloud, shop):
    def count(places, sku="TEA-1", **more):
        path, body = f"/v1/staff/products/{sku}/stock", {"places": places, "reason": "count"}
        answer = cloud.call("PUT", path, body, token=shop.manager.token, **more)
        if answer.status == 200 and sku in shop.opening:
            shop.opening[sku] = answer.body["available"] + answer.body["reserved"]
        return answer

    return count


@pytest.fixture
def move(cloud, shop):
    def move(change, sku="TEA-1", key=None, place="main"):
        path = f"/v1/staff/products/{sku}/stock/moves"
        body = {"place": place, "change": change, "reason": "a delivery"}
        key = key or shop.key()
        answer = cloud.call("POST", path, body, token=shop.manager.token, key=key)
        if answer.status == 200 and sku in shop.opening:
            shop.opening[sku] = sum(shop.on_shelf(sku))
        return answer

    return move


def test_a_count_says_what_can_be_sold(shop, ann, count):
    shop.order(ann, quantity=3)

    answer = count({"main": 9, "shop": 4})

    places = [{"place": "main", "pieces": 9}, {"place": "shop", "pieces": 4}]
    assert answer.body == {"sku": "TEA-1", "available": 10, "reserved": 3, "places": places}
    assert (shop.on_shelf("TEA-1"), answer.headers["etag"]) == ((10, 3), '"2"')


def test_a_count_that_finds_what_is_known_writes_nothing(cloud, shop, count):
    count({"main": 12})
    with cloud.counted() as calls:
        count({"main": 12})

    assert calls.trips == ["dynamodb.GetItem"]


def test_a_count_below_what_is_ordered_is_refused(shop, ann, count):
    shop.order(ann, quantity=3)

    answer = count({"main": 2})

    assert answer.body["type"] == "urn:kabinet:problem:fewer_than_reserved"
    assert answer.body["reserved"] == 3


@pytest.mark.case("I5")
def test_a_move_repeated_with_its_key_moves_once(shop, move):
    answers = [move(5, key="the-same-key") for _ in range(2)]

    assert answers[0].body == answers[1].body
    assert shop.on_shelf("TEA-1") == (15, 0)


def test_a_move_takes_two_round_trips(cloud, move):
    with cloud.counted() as calls:
        move(5)

    assert calls.trips == ["dynamodb.GetItem", "dynamodb.TransactWriteItems"]


def test_why_stock_changed_can_be_read_again(cloud, shop, count, move):
    count({"main": 7})
    move(-2)

    path = "/v1/staff/products/TEA-1/stock/moves"
    first = cloud.call("GET", path, token=shop.manager.token, query={"limit": "1"}).body
    rest = {"limit": "1", "cursor": first["next_cursor"]}
    second = cloud.call("GET", path, token=shop.manager.token, query=rest).body

    [latest], [earlier] = first["items"], second["items"]
    assert (latest["kind"], latest["places"]) == ("moved", [{"place": "main", "pieces": -2}])
    assert (latest["reason"], latest["staff_id"]) == ("a delivery", shop.manager.id)
    assert (earlier["kind"], earlier["places"]) == ("counted", [{"place": "main", "pieces": 7}])


def test_what_never_runs_out_has_no_stock(count, move):
    answers = count({"main": 1}, "WRAP"), move(1, "WRAP")

    assert {answer.body["type"] for answer in answers} == {"urn:kabinet:problem:no_stock"}
    assert count({"main": 1}, "NO-SUCH").status == 404


@pytest.mark.case("V2", "V12")
@pytest.mark.parametrize("pieces", [-1, 1.5, True, "1", 2**63, None])
def test_pieces_are_whole_and_not_below_none(count, pieces):
    assert count({"main": pieces}).status == 422


def test_what_comes_back_is_told_once(shop, count, move):
    count({"main": 0})
    move(5)
    move(5)
    count({"main": 3})

    [event] = shop.queued(BackInStock)
    assert (event.sku, event.available, event.name_ru) == ("TEA-1", 5, "Товар TEA-1")
    versions = [e.subject_version for e in shop.queued(ProductChanged) if e.sku == "TEA-1"]
    assert versions == [1, 2, 3, 4, 5]


class TestStockMovedWhileItIsSold:
    """The last two are sold while the staff brings or counts others."""

    @pytest.fixture
    def race(self, at_once, shop, ann, count):
        count({"main": 2})
        shop.put(ann, "TEA-1", 2)
        self.shop = shop
        shop.opening.pop("TEA-1")  # as each schedule has it
        return lambda act, check: at_once(
            partial(shop.check_out, ann, "key-of-the-order"), act, check=check
        )

    def held(self, answers, *sums):
        assert [answer.status for answer in answers] == [201, 200]
        assert self.shop.on_shelf("TEA-1") in sums

    @pytest.mark.case("I14", "I11")
    def test_adds_up_and_is_told_when_it_came_back(self, race, move):
        def check(answers):
            self.held(answers, (5, 2))
            moved = answers[1].body["available"]
            assert len(self.shop.queued(BackInStock)) == (moved == 5)

        race(partial(move, 5, key="key-of-the-move"), check).every()

    @pytest.mark.case("I14")
    def test_is_counted_with_what_waits_to_be_packed(self, race, count):
        race(partial(count, {"main": 8}), lambda answers: self.held(answers, (6, 2))).every()

    @pytest.mark.case("I1", "I14")
    def test_and_taken_away_by_staff_goes_to_one_of_them(self, taken):
        taken.every()

    def test_is_gone_twice_when_stock_is_looked_at_first(self, taken):
        taken.catches("PRODUCT#TEA-1")

    @pytest.fixture
    def taken(self, race, move):
        def check(answers):
            statuses = [answer.status for answer in answers]
            assert (statuses, self.shop.on_shelf("TEA-1")) in [
                ([201, 409], (0, 2)),
                ([409, 200], (0, 0)),
            ]

        return race(partial(move, -2, key="key-of-the-move"), check)
