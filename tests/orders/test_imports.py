"""Staff import products by the file."""

import json

import pytest

import objects
from common.errors import Busy
from common.events.catalogue import PriceDropped, ProductChanged
from common.events.imports import ImportStarted
from feeds import Imports, advanced, counts, started, table
from orders.catalogue.imports import consumer, store
from orders.catalogue.imports.job import FAILURES

FUNCTION = "OrdersImportsConsumer"


@pytest.fixture
def imports(cloud, shop):
    made = Imports(cloud, shop.manager)
    made.category()
    return made


@pytest.fixture
def small(monkeypatch):
    """Parts of four rows, steps of two: small files make several of both."""
    monkeypatch.setattr(consumer, "PART_ROWS", 4)
    monkeypatch.setattr(consumer, "STEP_ROWS", 2)


@pytest.fixture
def product(cloud, shop):
    def product(sku):
        answer = cloud.call("GET", f"/v1/staff/products/{sku}", token=shop.manager.token)
        return answer.body if answer.status == 200 else None

    return product


@pytest.fixture
def opened(shop):
    """Let the books know what an import put on the shelves."""
    return lambda *skus, pieces=5: shop.opening.update(dict.fromkeys(skus, pieces))


SKUS = [f"OOLONG-{n}" for n in range(10)]


class TestAnImport:
    @pytest.mark.feature(27)
    @pytest.mark.usefixtures("small")
    def test_creates_changes_and_leaves_alone(self, cloud, imports, product, opened):
        first = imports.run(table(*SKUS))
        opened(*SKUS)
        again = imports.run(table(*SKUS[:9], price="10") + b"\nOOLONG-9;tea;New;New;9;77")

        assert (first["state"], counts(first)) == ("done", (10, 0, 0, 0))
        assert (again["state"], counts(again)) == ("done", (0, 1, 9, 0))
        assert (again["rows"], again["done"]) == (10, 10)
        shown = product("OOLONG-9")
        assert (shown["version"], shown["name_en"], shown["price_minor"]) == (2, "New", 900)
        assert shown["stock"]["available"] == 5

    @pytest.mark.usefixtures("small")
    def test_tells_of_each_product_once(self, cloud, imports, opened):
        imports.run(table(*SKUS))
        opened(*SKUS)
        imports.run(table(*SKUS, price="9"))
        imports.run(table(*SKUS, price="9"))

        told = [(e.sku, e.subject_version) for e in cloud.published(ProductChanged)]
        assert sorted(pair for pair in told if pair[0] in SKUS) == sorted(
            (sku, version) for sku in SKUS for version in (1, 2)
        )
        assert {e.sku for e in cloud.published(PriceDropped)} == set(SKUS)

    def test_is_found_by_search(self, cloud, imports, opened):
        imports.run(table(SKUS[0]))
        opened(SKUS[0])
        answer = cloud.call("GET", "/v1/search/products", query={"query": SKUS[0]}, language="en")
        assert [item["sku"] for item in answer.body["items"]] == [SKUS[0]]

    def test_that_is_dry_says_what_would_be_and_writes_no_product(self, cloud, imports, opened):
        imports.run(table(SKUS[0]))
        opened(SKUS[0])
        before = [row for row in cloud.items("OrdersTable") if row["pk"].startswith("PRODUCT#")]

        dry = imports.run(table(*SKUS[:3], "x y", price="8"), dry_run=True)

        assert (dry["state"], dry["dry_run"]) == ("done", True)
        assert counts(dry) == (2, 1, 0, 1)
        rows = [row for row in cloud.items("OrdersTable") if row["pk"].startswith("PRODUCT#")]
        assert rows == before
        assert len(cloud.published(ProductChanged)) == 4  # the shop's three, and the first import's

    def test_changes_only_what_the_file_tells(self, cloud, shop, imports, product, opened):
        attribute = {"code": "leaf", "name_ru": "Лист", "name_en": "Leaf"}
        attribute |= {"value_ru": "целый", "value_en": "whole"}
        shop.stock(shop.product("TEA-7", group="TEA", weight_grams=90, attributes=[attribute]))
        before = product("TEA-7")

        done = imports.run(b"sku,price\nTEA-7,700\n")

        assert counts(done) == (0, 1, 0, 0)
        assert product("TEA-7") == before | {"version": 2, "price_minor": 70_000}

    def test_leaves_what_is_archived_archived(self, cloud, shop, imports, product):
        path, body = "/v1/staff/products/TEA-1", {"archived": True}
        assert cloud.call("PATCH", path, body, token=shop.manager.token).status == 200

        imports.run(b"sku,price\nTEA-1,700\n")

        assert (product("TEA-1")["archived"], product("TEA-1")["price_minor"]) == (True, 70_000)

    def test_of_json_lines_takes_bodies_of_the_api(self, shop, imports, product, opened):
        lines = [shop.product(sku, name_en=f"Line {sku}") for sku in SKUS[:2]]
        lines.append(shop.product("SRV-1", 100, None))
        done = imports.run("\n".join(map(json.dumps, lines)).encode(), "jsonl")
        opened(*SKUS[:2], pieces=10)

        assert counts(done) == (3, 0, 0, 0)
        assert product(SKUS[1])["name_en"] == f"Line {SKUS[1]}"
        assert product("SRV-1")["kind"] == "service"


class TestRowsThatAreWrong:
    FILE = (
        "sku;category;name_ru;price;available;currency\n"
        "GOOD-1;tea;Хороший;10;1;RUB\n"
        "GOOD-2;Чай;Раздел по имени;10;1;\n"
        "no sku;tea;Пробел;10;1;\n"
        "BAD-1;herbs;Нет раздела;10;1;\n"
        "BAD-2;tea;Доллары;10;1;USD\n"
        "BAD-3;tea;Без остатка;10;;\n"
        "BAD-4;tea;Дробный остаток;10;1.5;\n"
        "BAD-5;tea;Цена;даром;1;\n"
        "GOOD-1;tea;Ещё раз;10;1;\n"
        "=SUM(A1);tea;Формула;10;1;\n"
        f"BAD-6;tea;{'Ж' * 101};10;1;\n"
        "WRAP;tea;Упаковка;10;1;\n"
    )

    @pytest.fixture
    def done(self, imports, opened):
        made = imports.run(self.FILE.encode("cp1251"))
        opened("GOOD-1", "GOOD-2", pieces=1)
        return made

    def test_are_rejected_and_the_rest_go_on(self, done):
        assert (done["state"], counts(done), done["has_report"]) == ("done", (2, 0, 0, 10), True)

    def test_are_told_in_a_table_with_reasons_in_two_languages(self, imports, done):
        header, *rows = imports.report(done["id"])

        assert header == ["row", "sku", "field", "code", "reason_ru", "reason_en"]
        assert [tuple(row[:4]) for row in rows] == [
            ("4", "NO SKU", "sku", "sku_form"),
            ("5", "BAD-1", "category", "unknown_category"),
            ("6", "BAD-2", "currency", "foreign_currency"),
            ("7", "BAD-3", "", "stock_by_kind"),
            ("8", "BAD-4", "available", "int_type"),
            ("9", "BAD-5", "price", "unreadable_price"),
            ("10", "GOOD-1", "sku", "sku_repeated"),
            ("11", "'=SUM(A1)", "sku", "sku_form"),
            ("12", "BAD-6", "name_ru", "string_too_long"),
            ("13", "WRAP", "", "stock_by_kind"),
        ]
        assert rows[1][4:] == [
            "Такого раздела в магазине нет: сначала заведите его.",
            "The shop has no such category: make it first.",
        ]

    def test_a_good_does_not_become_a_service(self, imports):
        line = {"sku": "TEA-1", "kind": "service", "available": None}
        done = imports.run(json.dumps(line).encode(), "jsonl")
        assert imports.report(done["id"])[1][1:4] == ["TEA-1", "kind", "kind_fixed"]

    def test_pictures_come_from_named_hosts_only(self, imports):
        done = imports.run(b"sku,pictures\nTEA-1,https://evil.example/1.jpg\n")
        assert imports.report(done["id"])[1][2:4] == ["pictures.0", "picture_place"]

    def test_without_any_there_is_no_report(self, imports):
        done = imports.run(b"sku,price\nTEA-1,700\n")
        assert not done["has_report"]
        assert imports.ask("GET", f"/{done['id']}/report").status == 404


class TestAFileThatNobodyCanRead:
    @pytest.mark.parametrize(
        ("file", "kind", "code"),
        [
            (b"a;b\n1;2", "csv", "unknown_columns"),
            (b"<yml_catalog>", "yml", "broken_xml"),
            (b"sku\n", "csv", "no_rows"),
        ],
    )
    def test_fails_the_import_and_says_why(self, cloud, imports, file, kind, code):
        failed = imports.run(file, kind)

        assert (failed["state"], failed["done"]) == ("failed", 0)
        assert failed["failure"] == {"code": code, "message": FAILURES[code].en}
        russian = imports.ask("GET", f"/{failed['id']}", language="ru").body
        assert russian["failure"]["message"] == FAILURES[code].ru

    def test_is_not_started_again(self, cloud, imports):
        failed = imports.run(b"sku\n")
        answer = imports.ask("POST", f"/{failed['id']}/start", language="en")
        assert (answer.status, answer.body) == (200, failed)
        cloud.drain()
        assert len(cloud.published(ImportStarted)) == 1


class TestStarting:
    def test_waits_for_the_file(self, imports):
        form = imports.ask("POST", body={"format": "csv"}).body
        answer = imports.ask("POST", f"/{form['id']}/start")
        assert (answer.status, answer.body["type"]) == (409, "urn:kabinet:problem:nothing_uploaded")

    @pytest.mark.case("I2", "E1")
    def test_twice_is_once(self, cloud, imports, opened):
        import_id = imports.begun(table(*SKUS[:2]))
        again = imports.ask("POST", f"/{import_id}/start")
        cloud.drain()
        opened(*SKUS[:2])

        assert (again.status, again.body["state"]) == (200, "reading")
        assert len(cloud.published(ImportStarted)) == 1
        assert counts(imports.show(import_id)) == (2, 0, 0, 0)

    def test_takes_a_file_of_a_hundred_megabytes_and_no_more(self, imports):
        form = imports.ask("POST", body={"format": "csv"}).body
        assert form["max_bytes"] == 100 * 1024 * 1024
        for size in (0, form["max_bytes"] + 1):
            assert not objects.post(form["url"], form["fields"], bytes(size))
        assert form["fields"]["key"] == f"uploads/{form['id']}"

    def test_is_bounded(self, imports):
        answers = [imports.ask("POST", body={"format": "csv"}).status for _ in range(31)]
        assert answers[-2:] == [201, 429]


class TestWatching:
    @pytest.mark.usefixtures("small")
    def test_shows_how_far_it_got(self, cloud, imports, deliver, opened):
        import_id = imports.begun(table(*SKUS))
        with cloud.holding(FUNCTION):
            cloud.drain()
            deliver(FUNCTION, started(import_id))()
            read = imports.show(import_id)
            deliver(FUNCTION, advanced(import_id, 0))()
            half = imports.show(import_id)
        opened(*SKUS)
        cloud.drain()

        assert (read["state"], read["rows"], read["done"]) == ("writing", 10, 0)
        assert (half["state"], half["done"], counts(half)) == ("writing", 4, (4, 0, 0, 0))
        assert imports.show(import_id)["done"] == 10

    def test_costs_nothing_while_nothing_changed(self, cloud, imports, opened):
        import_id = imports.begun(table(SKUS[0]))
        running = imports.ask("GET", f"/{import_id}", language="en")
        known = {"if-none-match": running.headers["etag"]}
        same = imports.ask("GET", f"/{import_id}", language="en", headers=known)
        cloud.drain()
        opened(SKUS[0])
        over = imports.ask("GET", f"/{import_id}", language="en", headers=known)

        assert (running.status, running.headers["retry-after"]) == (200, "2")
        assert (same.status, same.headers["retry-after"]) == (304, "2")
        assert (over.status, over.body["state"]) == (200, "done")
        assert "retry-after" not in over.headers

    def test_is_over_after_a_month(self, cloud, imports):
        import_id = imports.sent(b"sku\n")
        cloud.clock.advance(days=29)
        manager = cloud.staff("manager")
        assert imports.ask("GET", f"/{import_id}", token=manager.token).status == 200
        cloud.clock.advance(days=2)
        manager = cloud.staff("manager")
        assert imports.ask("GET", f"/{import_id}", token=manager.token).status == 404


class TestCancelling:
    @pytest.mark.usefixtures("small")
    def test_stops_before_the_next_step_and_leaves_what_was_written(
        self, cloud, imports, deliver, opened, product
    ):
        import_id = imports.begun(table(*SKUS))
        with cloud.holding(FUNCTION):
            cloud.drain()
            deliver(FUNCTION, started(import_id))()
            deliver(FUNCTION, advanced(import_id, 0))()
            stopped = imports.ask("POST", f"/{import_id}/cancel").body
            again = imports.ask("POST", f"/{import_id}/cancel")
        cloud.drain()
        opened(*SKUS[:4])

        assert (stopped["state"], counts(stopped)) == ("cancelled", (4, 0, 0, 0))
        assert (again.status, imports.show(import_id)) == (200, stopped)
        assert (product(SKUS[3])["version"], product(SKUS[4])) == (1, None)
        assert imports.ask("POST", f"/{import_id}/start").body["state"] == "cancelled"

    def test_what_is_done_is_too_late(self, imports):
        done = imports.run(b"sku,price\nTEA-1,700\n")
        assert imports.ask("POST", f"/{done['id']}/cancel", language="en").body == done


class TestWhoeverIsAllowed:
    @pytest.mark.parametrize("role", ["manager", "owner"])
    def test_imports(self, cloud, imports, role):
        token = cloud.staff(role).token
        assert imports.ask("POST", body={"format": "csv"}, token=token).status == 201

    def test_nobody_else_does_or_looks(self, cloud, shop, imports, ann):
        import_id = imports.sent(b"sku\n")
        for token in (shop.agent.token, ann.token):
            assert imports.ask("POST", body={"format": "csv"}, token=token).status == 403
            for verb, path in (("GET", ""), ("GET", "/report"), ("POST", "/start")):
                assert imports.ask(verb, f"/{import_id}{path}", token=token).status == 403

    def test_leaves_a_trace(self, cloud, shop, imports):
        import_id = imports.begun(b"sku,price\nTEA-1,700\n")
        cloud.drain()

        trail = [row for row in cloud.items("AuthTable") if row["pk"] == "TRAIL"]
        acts = [(row["verb"], row["path"]) for row in trail if "/staff/imports" in row["path"]]
        assert sorted(acts) == [
            ("POST", "/v1/staff/imports"),
            ("POST", f"/v1/staff/imports/{import_id}/start"),
        ]
        assert {row["staff_id"] for row in trail} == {shop.manager.id}


class TestTheWork:
    @pytest.mark.usefixtures("small")
    def test_takes_two_calls_a_step_and_four_a_part(self, cloud, imports, deliver, opened):
        """So 100,000 rows, by 25 a step and 1,000 a part, are 102 messages and 8,400 calls."""
        import_id = imports.begun(table(*SKUS))
        with cloud.holding(FUNCTION):
            cloud.drain()
            with cloud.counted() as reading:
                deliver(FUNCTION, started(import_id))()
            with cloud.counted() as writing:
                deliver(FUNCTION, advanced(import_id, 0))()
        opened(*SKUS[:4])

        assert reading.names == [
            "dynamodb.GetItem",
            "s3.GetObject",
            *["s3.PutObject"] * 3,
            "dynamodb.TransactWriteItems",
        ]
        step = ["dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"]
        about = ["dynamodb.GetItem", "s3.GetObject", "dynamodb.GetItem", "dynamodb.Query"]
        assert writing.names == [*about, *step, *step]
        written = [c for c in writing if c.name == "dynamodb.TransactWriteItems"]
        assert [len(c.arguments["TransactItems"]) for c in written] == [5, 6]
        opened(*SKUS[4:])
        cloud.drain()

    @pytest.mark.case("E1", "E8")
    @pytest.mark.usefixtures("small")
    def test_that_comes_again_changes_nothing_twice(self, cloud, imports, deliver, opened):
        import_id = imports.begun(table(*SKUS))
        cloud.drain()
        opened(*SKUS)
        before = cloud.items("OrdersTable")

        for event in (started(import_id), *(advanced(import_id, part) for part in range(3))):
            assert deliver(FUNCTION, event)() == {"batchItemFailures": []}

        assert cloud.items("OrdersTable") == before

    @pytest.mark.case("E2")
    @pytest.mark.usefixtures("small")
    def test_of_a_part_that_is_not_next_is_left_alone(self, cloud, imports, deliver):
        import_id = imports.begun(table(*SKUS))
        with cloud.holding(FUNCTION):
            cloud.drain()
            deliver(FUNCTION, started(import_id))()
            deliver(FUNCTION, advanced(import_id, 2))()
            assert imports.show(import_id)["done"] == 0
            imports.ask("POST", f"/{import_id}/cancel")

    @pytest.mark.usefixtures("small")
    @pytest.mark.parametrize("kills", [1, 2, 3, 4])
    def test_that_is_killed_at_a_step_goes_on_from_there(
        self, cloud, imports, monkeypatch, kills, opened
    ):
        """Whether the step was written or not when the function died."""
        genuine, left = store.step, [kills]

        def step(*arguments):
            left[0] -= 1
            if left[0] == 0:
                raise Busy
            genuine(*arguments)
            if left[0] == -3:
                raise Busy

        monkeypatch.setattr(store, "step", step)
        done = imports.run(table(*SKUS, "x y"))
        opened(*SKUS)

        assert (done["state"], counts(done)) == ("done", (10, 0, 0, 1))
        told = [e.sku for e in cloud.published(ProductChanged) if e.sku in SKUS]
        assert sorted(told) == SKUS
        assert len(imports.report(done["id"])) == 2

    def test_whose_import_is_gone_is_nothing(self, deliver, cloud):
        gone = "0198face-0000-7000-8000-000000000000"
        for event in (started(gone), advanced(gone, 0)):
            assert deliver(FUNCTION, event)() == {"batchItemFailures": []}
