from collections import Counter

import pytest

from local import catalogue
from orders.catalogue.editing.body import MOST_PRODUCTS, ImportBody

PRODUCTS = catalogue.products()


def test_the_demo_shop_is_well_stocked():
    assert len(PRODUCTS) >= 200
    assert len({product["sku"] for product in PRODUCTS}) == len(PRODUCTS)
    assert len({product["category"] for product in PRODUCTS}) == 10
    assert Counter(product["kind"] for product in PRODUCTS)["service"] == 1
    assert catalogue.products() == PRODUCTS


def test_every_category_has_a_name_and_every_variant_says_what_it_is():
    goods = [product for product in PRODUCTS if product["kind"] == "good"]

    assert set(catalogue.categories()) == {product["category"] for product in PRODUCTS}
    assert all(len(product["attributes"]) == 1 for product in goods)
    assert set(Counter(product["group"] for product in goods).values()) == {3}


def test_a_few_goods_are_gone_and_a_few_nearly_so():
    left = Counter(product.get("available") for product in PRODUCTS)

    assert 3 <= left[0] <= 10
    assert 3 <= left[2] <= 10


def test_names_are_in_both_languages():
    assert all(set("абвгдежзиклмнопрстуя") & set(p["name_ru"].lower()) for p in PRODUCTS)
    assert all(product["name_en"].isascii() for product in PRODUCTS)
    assert len({product["name_ru"] for product in PRODUCTS}) == len(PRODUCTS)


@pytest.mark.parametrize("start", range(0, len(PRODUCTS), MOST_PRODUCTS))
def test_the_import_takes_all_of_it(start):
    batch = PRODUCTS[start : start + MOST_PRODUCTS]

    assert len(ImportBody(products=batch).products) == len(batch)
