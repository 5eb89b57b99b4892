"""An import and whoever comes between, in every order of their calls."""

from functools import partial

import pytest

from common.events.catalogue import ProductChanged
from feeds import Imports, advanced, counts, started, table

FUNCTION = "OrdersImportsConsumer"
SKUS = ["OOLONG-1"]


@pytest.fixture
def imports(cloud, shop):
    made = Imports(cloud, shop.manager)
    made.category()
    return made


@pytest.fixture
def read(cloud, imports, deliver):
    """An import that is read, its only part to be written; its id."""

    def read(file):
        import_id = imports.begun(file)
        with cloud.holding(FUNCTION) as held:
            cloud.drain()
            deliver(FUNCTION, started(import_id))()
            cloud.drain()
            held.clear()
        return import_id

    return read


def told(shop, *skus):
    return [(e.sku, e.subject_version) for e in shop.queued(ProductChanged) if e.sku in skus]


class TestOnePartTwiceAtOnce:
    @pytest.fixture
    def race(self, at_once, shop, imports, deliver, read):
        import_id = read(table(*SKUS))
        shop.opening.update(dict.fromkeys(SKUS, 5))
        again = deliver(FUNCTION, advanced(import_id, 0))

        def check(_):
            assert again() == {"batchItemFailures": []}
            shown = imports.show(import_id)
            assert (shown["state"], counts(shown)) == ("done", (1, 0, 0, 0))
            assert sorted(told(shop, *SKUS)) == [(sku, 1) for sku in SKUS]

        return at_once(again, again, check=check)

    @pytest.mark.case("E1", "I2")
    def test_is_written_once(self, race):
        race.sample(8)

    def test_is_told_twice_when_place_and_product_are_looked_at_first(self, race):
        race.catches("IMPORT#", "PRODUCT#")


class TestAProductThatStaffChangeMeanwhile:
    @pytest.fixture
    def race(self, at_once, cloud, shop, imports, deliver, read):
        import_id = read(b"sku,name_en\nTEA-1,Better tea\n")
        path = "/v1/staff/products/TEA-1"
        patch = partial(
            cloud.call, "PATCH", path, {"price_minor": 70_000}, token=shop.manager.token
        )

        def check(answers):
            assert answers[1].status == 200
            shown = cloud.call("GET", path, token=shop.manager.token).body
            kept = {name: shown[name] for name in ("version", "name_en", "price_minor")}
            assert kept == {"version": 3, "name_en": "Better tea", "price_minor": 70_000}
            assert told(shop, "TEA-1") == [("TEA-1", 2), ("TEA-1", 3)]
            assert counts(imports.show(import_id)) == (0, 1, 0, 0)

        return at_once(deliver(FUNCTION, advanced(import_id, 0)), patch, check=check)

    @pytest.mark.case("I1")
    def test_has_both_changes(self, race):
        race.sample(8)

    def test_loses_one_when_the_product_is_looked_at_first(self, race):
        race.catches("PRODUCT#")


class TestAnImportThatIsCancelledMeanwhile:
    @pytest.fixture
    def race(self, at_once, shop, imports, deliver, read):
        import_id = read(table(*SKUS))
        write = deliver(FUNCTION, advanced(import_id, 0))

        def check(answers):
            write()
            shown = imports.show(import_id)
            written = 1 if shown["done"] else 0
            assert len(told(shop, *SKUS)) == written
            assert shown["state"] == answers[1].body["state"]
            assert counts(shown) == (written, 0, 0, 0)
            shop.opening.update(dict.fromkeys(SKUS, 5 if written else 0))

        return at_once(write, partial(imports.ask, "POST", f"/{import_id}/cancel"), check=check)

    def test_is_over_by_one_of_them_and_says_what_was_written(self, race):
        race.sample(8)

    def test_says_something_else_when_its_state_is_looked_at_first(self, race):
        race.catches("IMPORT#")
