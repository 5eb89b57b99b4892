"""Files of products as shops write them, read into rows of one form."""

import json
from pathlib import Path

import pytest

from orders.catalogue.imports import reading
from orders.catalogue.imports.formats import words
from orders.catalogue.imports.job import Format, Unreadable
from orders.catalogue.imports.row import Fault

EXAMPLES = Path(__file__).parents[2] / "local/examples/products"


def example(name):
    return (EXAMPLES / name).read_text(encoding="utf-8")


TABLE, SHOPIFY, NOW = map(example, ("table.csv", "shopify.csv", "shopify-now.csv"))
YML = example("feed.yml")
LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE yml_catalog [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<yml_catalog><shop><offers><offer id="A-1"><name>&b;</name></offer></offers></shop></yml_catalog>
"""
OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE yml_catalog [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<yml_catalog><shop><offers><offer id="A-1"><name>&x;</name></offer></offers></shop></yml_catalog>
"""


def read(kind, file):
    return list(reading.rows(kind, file if isinstance(file, bytes) else file.encode()))


def why(kind, file):
    with pytest.raises(Unreadable) as refused:
        read(kind, file)
    return str(refused.value)


class TestATable:
    @pytest.mark.parametrize("spoken", ["utf-8", "utf-8-sig", "cp1251"])
    def test_is_read_in_the_letters_it_is_written_in(self, spoken):
        first, second = read(Format.CSV, TABLE.encode(spoken))

        assert first.body == {
            "sku": "TEA-1",
            "category": "tea",
            "name_ru": "Чай «Ассам»",
            "name_en": "Assam",
            "price_minor": 199_050,
            "available": 12,
            "pictures": ["a.jpg", "b.jpg"],
            "attributes": [
                {"code": "colour", "name_ru": "Цвет", "name_en": "Colour"}
                | {"value_ru": "чёрный", "value_en": "black"}
            ],
        }
        assert (first.currency, second.currency) == ("RUB", None)
        assert "name_en" not in second.body

    def test_counts_its_rows_as_a_spreadsheet_does(self):
        assert [row.number for row in read(Format.CSV, TABLE)] == [2, 4]

    @pytest.mark.parametrize("between", [",", ";", "\t"])
    def test_is_read_whatever_is_between_its_cells(self, between):
        [row] = read(Format.CSV, f"SKU{between}Price\nA-1{between}10\n")
        assert row.body == {"sku": "A-1", "price_minor": 1_000}

    def test_keeps_breaks_of_lines_within_a_cell(self):
        [row] = read(Format.CSV, 'sku,description_ru\nA-1,"one\ntwo, three"\n')
        assert row.body["description_ru"] == "one\ntwo, three"

    def test_rejects_a_price_and_a_row_of_too_many_cells_and_goes_on(self):
        rows = read(Format.CSV, "sku,price\nA-1,ten\nA-2,1,990\nA-3,10\n")

        assert [row.fault for row in rows] == [
            Fault("price", "unreadable_price"),
            Fault("", "malformed_row"),
            None,
        ]

    @pytest.mark.parametrize(
        ("file", "code"),
        [
            (b"name;price\nTea;10\n", "unknown_columns"),
            (b"", "unknown_columns"),
            (b"sku,price\n", "no_rows"),
            (b'sku,price\nA-1,"' + b"x" * 200_000, "broken_table"),
            (b"sku,price\n\x98\xff,1\n", "unreadable_text"),
        ],
        ids=["other columns", "empty", "no rows", "an endless cell", "no letters"],
    )
    def test_that_nobody_can_read_says_why(self, file, code):
        assert why(Format.CSV, file) == code


class TestJsonLines:
    def test_hold_a_product_each(self):
        lines = [json.dumps({"sku": f"A-{n}", "price_minor": n}) for n in (1, 2)]
        rows = read(Format.JSONL, "\n\n".join(lines))

        assert [(row.number, row.body["price_minor"]) for row in rows] == [(1, 1), (3, 2)]

    @pytest.mark.case("V1")
    @pytest.mark.parametrize("line", ["{", "[1]", '{"price_minor": NaN}', '{"sku":1,"sku":2}', "1"])
    def test_that_are_no_objects_are_rejected_alone(self, line):
        bad, good = read(Format.JSONL, line + '\n{"sku": "A-1"}\n')
        assert (bad.fault, good.fault) == (Fault("", "malformed_row"), None)

    def test_in_other_letters_are_no_json(self):
        assert why(Format.JSONL, '{"sku": "Ж"}'.encode("cp1251")) == "unreadable_text"


class TestShopify:
    def test_lines_of_one_handle_are_variants_of_one_group(self):
        small, large, _ = read(Format.SHOPIFY, SHOPIFY)

        assert [row.number for row in (small, large)] == [2, 3]
        assert small.body == {
            "sku": "GT-100",
            "category": "Tea",
            "name_ru": "Green tea 100 g",
            "name_en": "Green tea 100 g",
            "description_ru": "Fresh & mild.\nSpring",
            "description_en": "Fresh & mild.\nSpring",
            "price_minor": 990,
            "available": 7,
            "weight_grams": 120,
            "group": "GREEN-TEA",
            "attributes": [
                {"code": "weight", "name_ru": "Weight", "name_en": "Weight"}
                | {"value_ru": "100 g", "value_en": "100 g"}
            ],
            "pictures": [f"https://cdn.example.com/{n}.jpg" for n in ("own", 1, 2, 3)],
        }
        assert (large.body["available"], large.body["group"]) == (0, "GREEN-TEA")

    def test_a_gift_card_has_no_stock_and_a_draft_is_archived(self):
        card = read(Format.SHOPIFY, SHOPIFY)[-1]
        assert (card.body["kind"], card.archived) == ("gift_card", True)
        assert not {"available", "group"} & card.body.keys()

    def test_columns_may_have_their_present_names(self):
        [mug] = read(Format.SHOPIFY, NOW)
        told = {name: mug.body[name] for name in ("sku", "price_minor", "available")}
        assert told == {"sku": "MUG-1", "price_minor": 1_200, "available": 4}
        assert not mug.archived

    def test_another_table_is_told_so(self):
        assert why(Format.SHOPIFY, TABLE) == "unknown_columns"


class TestYml:
    @pytest.mark.parametrize("spoken", ["utf-8", "windows-1251"])
    def test_an_offer_is_a_product(self, spoken):
        kettle, _ = read(Format.YML, YML.replace("UTF-8", spoken).encode(spoken))

        assert (kettle.number, kettle.currency) == (1, "RUB")
        assert kettle.body == {
            "sku": "KETTLE-17",
            "category": "Чайники",
            "name_ru": "Чайник со свистком",
            "name_en": "Чайник со свистком",
            "description_ru": "Чайник\nДва литра.",
            "description_en": "Чайник\nДва литра.",
            "price_minor": 249_900,
            "available": 8,
            "weight_grams": 1_250,
            "group": "YML-77",
            "pictures": ["https://pics.example.com/1.jpg", "https://pics.example.com/2.jpg"],
            "attributes": [
                {"code": code, "name_ru": ru, "name_en": en, "value_ru": value, "value_en": value}
                for code, ru, en, value in (
                    ("vendor", "Производитель", "Brand", "Свист"),
                    ("tsvet", "Цвет", "Цвет", "белый"),
                    ("obem", "Объём", "Объём", "2 л"),
                )
            ],
        }

    def test_a_vendor_model_is_named_by_its_parts(self):
        mixer = read(Format.YML, YML)[1]
        assert mixer.body["name_ru"] == "Миксер Braun 3811"
        assert (mixer.body["available"], mixer.currency, mixer.body["category"]) == (0, "USD", "9")

    @pytest.mark.case("V4")
    @pytest.mark.parametrize("file", [LAUGHS, OUTSIDE], ids=["grows", "reaches out"])
    def test_entities_are_refused(self, file):
        assert why(Format.YML, file) == "unsafe_xml"

    @pytest.mark.parametrize(
        ("file", "code"),
        [
            ("<rss/>", "not_yml"),
            (YML[:-40], "broken_xml"),
            (YML.replace("UTF-8", "no-such"), "broken_xml"),
            ("sku,price\nA-1,1\n", "broken_xml"),
            ("<yml_catalog><shop><offers/></shop></yml_catalog>", "no_rows"),
        ],
        ids=["another root", "cut off", "unknown letters", "a table", "no offers"],
    )
    def test_that_nobody_can_read_says_why(self, file, code):
        assert why(Format.YML, file) == code

    def test_what_was_read_is_not_kept(self):
        offers = "".join(f'<offer id="A-{n}"><price>1</price></offer>' for n in range(500))
        feed = f"<yml_catalog><shop><offers>{offers}</offers></shop></yml_catalog>"
        assert len(read(Format.YML, feed)) == 500


def test_a_sku_that_comes_twice_is_rejected_the_second_time():
    rows = read(Format.CSV, "sku,price\nA-1,1\na-1,2\nA-2,3\n")
    assert [row.fault for row in rows] == [None, Fault("sku", "sku_repeated"), None]


def test_a_file_of_too_many_rows_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 2)
    assert why(Format.CSV, "sku\nA-1\nA-2\nA-3\n") == "too_many_rows"


@pytest.mark.parametrize(
    ("amount", "minor"),
    [
        ("10", 1_000),
        ("10.5", 1_050),
        ("1\u00a0990,50", 199_050),
        ("8990.0000", 899_000),
        ("8990.00", 899_000),
        *((bad, None) for bad in ("", "-1", "1,990.50", "1e3", "١٠", "10.555", "ten")),
    ],
)
def test_sums_are_read_as_people_write_them(amount, minor):
    assert words.minor(amount) == minor


def test_groups_of_long_or_odd_names_stay_apart():
    long = "a-very-long-handle-of-a-product-that-has-many-words"
    named = {words.group(name) for name in (long, long + "-2", "чай", "чай-2", "a_b", "a-b", "ab")}
    assert len(named) == 7
    assert all(3 <= len(name) <= 40 for name in named)


def test_what_a_page_says_is_told_without_its_marks():
    page = "<style>p{}</style><p>Tea&nbsp;&mdash; <b>good</b></p><br/><script>x()</script>End"
    assert words.plain(page) == "Tea — good\nEnd"
