"""Accounting documents: what each says, how it is numbered and kept, and who sees it."""

import csv
import io
from datetime import UTC, date, datetime
from random import Random
from unittest import mock
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import botocore.client
import pytest
from pypdf import PdfReader

import objects
import shop as work
from common import clock, ids, table
from common.events.auth import ContactChanged
from common.events.orders import CustomerViewed, DocumentIssued, OrderPlaced
from faults import Killed
from orders.documents import pdf, store, words
from orders.documents.document import Content, Document, Kind, Row, Seller
from orders.documents.numbering import Number, Series, following
from orders.order.bill import Method
from orders.wallet import transaction

pytestmark = pytest.mark.feature(36)
SELLER = Seller("ООО «Кабинет»", "7701234567", "125009, Москва, Тверская, 1")
SERIES = Series(SELLER.tax_number, 2026)
FEE = 29_900
TOTAL = 100_000 + FEE


TEA = Row("Чай", 1, 100, 100, 17)


def content(rows=(TEA,), kind=Kind.INVOICE, **more):
    day, about = date(2026, 11, 7), "2611-ABCDEF"
    known = {"customer_id": "c-1", "order_id": "o-1", "currency": "RUB", "tax_percent": 20}
    return Content(kind=kind, seller=SELLER, day=day, about=about, rows=rows, **known | more)


@pytest.fixture
def seen(cloud, shop):
    """What a customer sees of their documents, once all that is on its way has arrived."""

    def look(person, order=None, **query):
        cloud.drain()
        path = f"/v1/orders/{order}/documents" if order else "/v1/documents"
        answer = cloud.call("GET", path, token=shop.token(person), query=query or None)
        assert answer.status == 200, answer.body
        return answer.body["items"]

    return look


@pytest.fixture
def link(cloud, shop):
    def ask(person, document_id, form="pdf"):
        path = f"/v1/documents/{document_id}/link"
        return cloud.call("POST", path, {"format": form}, token=shop.token(person))

    return ask


@pytest.fixture
def read(cloud, link):
    """The file that the link of a document leads to."""

    def fetch(person, shown, form="pdf"):
        answer = link(person, shown["id"], form)
        assert answer.status == 200, answer.body
        place = urlsplit(answer.body["url"])
        bucket = place.hostname.partition(".")[0]
        return objects.stored()[bucket, place.path[1:]]

    return fetch


@pytest.fixture
def text(read):
    """What a document says, with plain spaces."""

    def say(person, shown):
        pages = PdfReader(io.BytesIO(read(person, shown))).pages
        return "\n".join(page.extract_text() for page in pages).replace(words.UNBROKEN, " ")

    return say


def kinds(documents):
    return sorted(one["kind"] for one in documents)


def series(cloud):
    """The ordinals that were given out, and the last that the counter knows."""
    rows = cloud.items("OrdersTable")
    given = sorted(row["ordinal"] for row in rows if row["sk"] == "DOCUMENT")
    return given, [row["last"] for row in rows if row["pk"].startswith("SERIES#")]


def number(cause):
    """The number that *cause* comes to, after as many tries as it takes."""
    while True:
        try:
            return store.numbered(cause, content()).number.ordinal
        except Killed:
            continue


class Rows(dict):
    """A table as small as can be: transactions of puts that want a row absent, or one value."""

    def __init__(self, chance):
        self.chance, self.deaths = chance, 0

    def get(self, pk, sk):
        return dict.get(self, (pk, sk))

    def commit(self, *writes):
        self.die()
        puts = [write["Put"] for write in writes]
        items = [table.load(put["Item"]) for put in puts]
        standing = [dict.get(self, (item["pk"], item["sk"])) for item in items]
        found = {
            n: row
            for n, (row, put) in enumerate(zip(standing, puts, strict=True))
            if not self.admits(row, put)
        }
        if found:
            raise table.ConditionFailed(found)
        self.update({(item["pk"], item["sk"]): item for item in items})
        self.die()

    def admits(self, row, put):
        if "attribute_not_exists" in put["ConditionExpression"]:
            return row is None
        [wanted] = put["ExpressionAttributeValues"].values()
        return row is not None and row["last"] == int(wanted["N"])

    def die(self):
        if self.chance.random() < 0.1:
            self.deaths += 1
            raise Killed


class TestNumbers:
    def test_follow_each_other_within_a_year_and_begin_anew_with_the_next(self):
        assert str(following(SERIES, 0)) == "2026-000001"
        assert str(following(SERIES, 41)) == "2026-000042"
        assert following(Series(SELLER.tax_number, 2027), 0).path == "7701234567/2027/000001"

    def test_of_a_year_belong_to_the_day_of_what_happened(self, cloud, shop, ann, seen):
        new_year = datetime(2027, 1, 1, 0, 0, 30, tzinfo=ZoneInfo("Europe/Moscow"))
        cloud.clock.advance(seconds=(new_year - clock.now()).total_seconds() - 60)
        shop.order(ann)
        cloud.clock.advance(minutes=2)
        shop.order(ann)

        numbers = [one["number"] for one in seen(ann)]
        assert numbers == ["2027-000001", "2026-000001"]
        assert [one["number"] for one in seen(ann, year="2026")] == ["2026-000001"]

    def test_of_a_thousand_have_no_gap_whoever_dies_and_whatever_comes_again(self, monkeypatch):
        """Each try may die before or after its transaction, and causes come again at any time."""
        rows = Rows(Random(36))  # noqa: S311 - repeatable
        monkeypatch.setenv("TABLE_NAME", "orders")
        monkeypatch.setattr(table, "get", rows.get)
        monkeypatch.setattr(table, "commit", rows.commit)
        causes = [ids.new(datetime.now(UTC)) for _ in range(1_000)]
        given = {}
        for n, cause in enumerate(causes):
            given[cause] = number(cause)
            earlier = causes[rows.chance.randint(0, n)]
            assert number(earlier) == given[earlier]

        assert list(given.values()) == list(range(1, 1_001))
        assert rows.deaths > 200

    def test_have_no_gap_in_the_real_table_whoever_dies(self, cloud):
        chance = Random(36)  # noqa: S311 - repeatable
        causes = [ids.new(clock.now()) for _ in range(40)]
        made = botocore.client.BaseClient._make_api_call

        def dying(client, operation, arguments):
            fate = chance.random() if operation == "TransactWriteItems" else 1
            if fate < 0.2:
                raise Killed
            answer = made(client, operation, arguments)
            if fate < 0.4:
                raise Killed
            return answer

        with (
            cloud.acting("OrdersDocumentsConsumer"),
            mock.patch.object(botocore.client.BaseClient, "_make_api_call", dying),
        ):
            given = [number(cause) for cause in causes]
            assert [number(cause) for cause in causes] == given

        assert series(cloud) == (list(range(1, 41)), [40])


class TestADrawing:
    def test_is_the_same_bytes_each_time(self):
        document = Document("d-1", Number(SERIES, 1), content())

        assert pdf.drawn(document) == pdf.drawn(document)

    def test_of_many_rows_goes_on_over_pages_that_are_numbered(self):
        rows = tuple(Row(f"Позиция {n}", 1, 100, 100, 17) for n in range(120))
        document = Document("d-1", Number(SERIES, 1), content(rows))

        pages = PdfReader(io.BytesIO(pdf.drawn(document))).pages
        assert len(pages) > 2
        assert "стр. 2" in pages[1].extract_text()
        assert "Позиция 119" in pages[-1].extract_text()

    def test_says_when_there_is_no_tax(self):
        document = Document("d-1", Number(SERIES, 1), content(tax_percent=0))

        [page] = PdfReader(io.BytesIO(pdf.drawn(document))).pages
        assert "Без НДС" in page.extract_text()

    @pytest.mark.parametrize(
        ("minor", "said"), [(0, "0,00 ₽"), (-123_456_705, "−1 234 567,05 ₽"), (5, "0,05 ₽")]
    )
    def test_shows_sums_as_people_write_them(self, minor, said):
        assert words.money(minor, "RUB").replace(words.UNBROKEN, " ") == said


class TestAnInvoice:
    def test_comes_with_every_order_and_adds_up_to_it(self, shop, ann, seen, text):
        shop.grant(ann, 100)
        order = shop.order(ann, quantity=2, points_to_spend=100)
        [invoice] = seen(ann, order["id"])

        said = text(ann, invoice)
        assert invoice["kind"] == "invoice"
        assert invoice["total_minor"] == order["totals"]["total_minor"] == 200_000 + FEE - 10_000
        assert invoice["tax_minor"] == order["tax"]["total_minor"]
        for part in ("Счёт № ", "Товар TEA-1", "Доставка", "100,00 ₽", "Итого: 2 199,00 ₽"):
            assert part in said
        assert "ООО «Кабинет», ИНН 7701234567, 125009, Москва, Тверская, 1" in said
        assert (
            f"В том числе НДС 20 %: {words.money(invoice['tax_minor'], 'RUB')}".replace(
                words.UNBROKEN, " "
            )
            in said
        )

    def test_names_nobody(self, shop, ann, seen, text):
        order = shop.order(ann)

        said = text(ann, seen(ann, order["id"])[0])
        assert f"физическое лицо, заказ {order['number']}" in said
        assert "Анна" not in said
        assert "Арбат" not in said

    def test_is_issued_once_however_often_the_order_is_told_of(self, cloud, shop, ann, seen):
        order = shop.order(ann)["id"]
        before = seen(ann, order)
        [placed] = cloud.published(OrderPlaced)
        cloud.publish(placed, placed)

        assert seen(ann, order) == before
        assert series(cloud) == ([1], [1])

    def test_is_no_part_of_checkout(self, cloud, shop, ann):
        shop.put(ann, "TEA-1")
        with cloud.counted() as calls:
            shop.check_out(ann)

        assert "DOCUMENT" not in str([call.arguments for call in calls])

    def test_as_a_table_has_a_line_for_each_row(self, shop, ann, seen, read):
        order = shop.order(ann)
        [invoice] = seen(ann, order["id"])

        lines = csv.DictReader(io.StringIO(read(ann, invoice, "csv").decode("utf-8-sig")))
        goods, delivery = lines
        assert (goods["name"], delivery["name"]) == ("Товар TEA-1", "Доставка")
        assert int(goods["total_minor"]) + int(delivery["total_minor"]) == TOTAL
        assert goods["number"] == invoice["number"]


class TestAReceipt:
    def test_comes_when_a_card_has_paid(self, shop, ann, seen, text):
        order = shop.order(ann, payment="card")["id"]
        assert kinds(seen(ann, order)) == ["invoice"]
        shop.pay(ann, order, "tok_ok")

        receipt = seen(ann, order)[-1]
        assert (receipt["kind"], receipt["total_minor"]) == ("receipt", TOTAL)
        assert "Оплачено: карта 1 299,00 ₽" in text(ann, receipt)

    def test_comes_with_the_order_when_the_balance_pays_it(self, shop, ann, seen, text):
        shop.give_money(ann, TOTAL)
        order = shop.order(ann, payment="balance")["id"]

        documents = {one["kind"]: one for one in seen(ann, order)}
        assert set(documents) == {"invoice", "receipt"}
        assert "Оплачено: баланс 1 299,00 ₽" in text(ann, documents["receipt"])

    def test_says_what_each_way_of_paying_paid(self, shop, ann, seen, text):
        shop.give_money(ann, 29_900)
        order = shop.order(ann, payment="card", balance_to_spend_minor=29_900)["id"]
        shop.pay(ann, order, "tok_ok")

        said = text(ann, seen(ann, order)[-1])
        assert "Оплачено: карта 1 000,00 ₽, баланс 299,00 ₽" in said

    def test_comes_with_the_goods_when_they_are_paid_in_cash(self, shop, ann, seen, text):
        order = shop.order(ann)["id"]
        for to in ("assembling", "shipped"):
            shop.move(order, to)
        assert kinds(seen(ann, order)) == ["invoice"]
        shop.move(order, "delivered")

        documents = seen(ann, order)
        assert kinds(documents) == ["invoice", "receipt"]
        assert "наличные при получении 1 299,00 ₽" in text(ann, documents[-1])


class TestARefundReceipt:
    def test_says_what_went_back_and_where_to(self, shop, ann, seen, text):
        order = shop.order(ann, payment="card")["id"]
        shop.pay(ann, order, "tok_ok")
        assert shop.refund(order, 60_000).status == 200

        refund = seen(ann, order)[-1]
        assert (refund["kind"], refund["total_minor"]) == ("refund_receipt", 60_000)
        assert refund["tax_minor"] == 10_000
        assert "Возвращено: карта 600,00 ₽" in text(ann, refund)

    def test_of_all_of_it_gives_back_the_very_tax_that_was_paid(self, shop, ann, seen):
        order = shop.order(ann, payment="card")
        shop.pay(ann, order["id"], "tok_ok")
        shop.cancel(ann, order["id"])

        _, receipt, refund = seen(ann, order["id"])
        assert refund["total_minor"] == receipt["total_minor"]
        assert refund["tax_minor"] == receipt["tax_minor"] == order["tax"]["total_minor"]


class TestAnAct:
    def test_comes_when_services_were_done_and_lists_only_them(self, shop, ann, seen, text):
        shop.stock(shop.product("CARD", kind="gift_card", available=None))
        shop.put(ann, "CARD")
        shop.put(ann, "TEA-1")
        shop.put(ann, "WRAP")
        order = shop.check_out(ann).body["id"]
        for to in ("assembling", "shipped", "delivered"):
            shop.move(order, to)

        act = next(one for one in seen(ann, order) if one["kind"] == "act")
        said = text(ann, act)
        assert act["total_minor"] == 29_000
        assert "Товар WRAP" in said
        assert "TEA-1" not in said
        assert "CARD" not in said
        assert "Услуги оказаны полностью" in said


def test_every_movement_of_money_has_words():
    assert words.MOVEMENTS.keys() == set(transaction.Kind)
    assert words.METHODS.keys() == {*Method, transaction.BY_GIFT_CARD}


def today_in(cloud):
    with cloud.acting("OrdersDocumentsApi"):
        return clock.today()


def asked(cloud, shop, person, first, last, key=None):
    body = {"first": first.isoformat(), "last": last.isoformat()}
    path, token = "/v1/documents/statements", shop.token(person)
    return cloud.call("POST", path, body, token=token, key=key or shop.key())


class TestAStatement:
    @pytest.fixture
    def day(self, cloud, shop, ann):
        """A day, over by now, on which money went both ways."""
        cloud.call(
            "POST",
            "/v1/wallet/top-ups",
            {"amount_minor": 50_000, "method": "card", "token": "tok_ok"},
            token=ann.token,
            key=shop.key(),
        )
        order = shop.order(ann, payment="card")["id"]
        shop.pay(ann, order, "tok_ok")
        shop.refund(order, 60_000)
        today = today_in(cloud)
        cloud.clock.advance(days=1)
        return today

    def test_lists_the_movements_of_its_days(self, cloud, shop, ann, day, seen, text, read):
        answer = asked(cloud, shop, ann, day, day)
        assert answer.status == 202

        [statement] = seen(ann, kind="statement")
        said = text(ann, statement)
        assert statement["id"] == answer.body["id"]
        assert statement["total_minor"] == 50_000 - TOTAL + 60_000
        for part in ("Пополнение баланса, карта", "Оплата, карта, заказ", "Возврат, карта"):
            assert part in said
        assert f"За период {day:%d.%m.%Y}–{day:%d.%m.%Y}" in said
        assert "Итого: −199,00 ₽" in said
        assert len(read(ann, statement, "csv").decode().splitlines()) == 1 + 3

    def test_is_told_of_by_a_letter_and_the_others_are_not(self, cloud, shop, ann, day):
        known = {"customer_id": ann.id, "email": "ann@example.com", "language": "ru"}
        about = {"id": ids.new(clock.now()), "occurred_at": clock.now(), "subject_version": 1}
        cloud.publish(ContactChanged(**known, **about, time_zone="Europe/Moscow"))
        asked(cloud, shop, ann, day, day)
        cloud.drain()

        assert len(cloud.published(DocumentIssued)) == 4
        told = [letter for letter in cloud.letters if "Выписка" in letter.subject]
        assert [letter.subject for letter in told] == [
            f"Выписка за {day:%d.%m.%Y}–{day:%d.%m.%Y} готова"
        ]
        assert not [letter for letter in cloud.letters if "Счёт" in letter.text]

    def test_is_made_once_for_the_same_key(self, cloud, shop, ann, day, seen):
        first, second = (asked(cloud, shop, ann, day, day, "the-same-key") for _ in range(2))

        assert first.body == second.body
        assert len(seen(ann, kind="statement")) == 1

    def test_is_of_days_that_are_over(self, cloud, shop, ann):
        answer = asked(cloud, shop, ann, today_in(cloud), today_in(cloud))

        assert answer.status == 422
        assert answer.body["errors"][0]["code"] == "day_not_over"

    @pytest.mark.parametrize(
        ("first", "last"),
        [
            (date(2026, 3, 2), date(2026, 3, 1)),
            (date(2025, 1, 1), date(2026, 1, 2)),
            (date(2019, 12, 31), date(2020, 1, 1)),
            (date(1, 1, 1), date(1, 1, 2)),
            (date(9999, 12, 30), date(9999, 12, 31)),
        ],
    )
    def test_is_of_a_year_at_most(self, cloud, shop, ann, first, last):
        assert asked(cloud, shop, ann, first, last).status == 422

    def test_can_be_asked_for_ten_times_a_day(self, cloud, shop, ann, day):
        answers = [asked(cloud, shop, ann, day, day).status for _ in range(11)]

        assert answers == [202] * 10 + [429]
        cloud.clock.advance(days=1)
        assert asked(cloud, shop, ann, day, day).status == 202

    def test_of_too_many_movements_is_refused(self, cloud, shop, ann, day, monkeypatch):
        monkeypatch.setattr("orders.documents.statements.app.MOST_MOVEMENTS", 2)

        assert asked(cloud, shop, ann, day, day).status == 409


class TestTheListOfDocuments:
    def test_goes_page_by_page_newest_first(self, cloud, shop, ann):
        for _ in range(3):
            shop.order(ann)
            cloud.clock.advance(minutes=1)
        cloud.drain()
        found, cursor = [], None
        for _ in range(3):
            query = {"limit": "1"} | ({"cursor": cursor} if cursor else {})
            page = cloud.call("GET", "/v1/documents", token=ann.token, query=query).body
            found += [one["number"] for one in page["items"]]
            cursor = page["next_cursor"]

        assert found == sorted(found, reverse=True)
        assert len(set(found)) == 3

    def test_can_be_of_one_kind(self, shop, ann, seen):
        order = shop.order(ann, payment="card")["id"]
        shop.pay(ann, order, "tok_ok")

        assert kinds(seen(ann)) == ["invoice", "receipt"]
        assert kinds(seen(ann, kind="receipt")) == ["receipt"]
        assert seen(ann, kind="receipt", year="2025") == []

    def test_is_ones_own(self, cloud, shop, ann, bob, seen):
        order = shop.order(ann)["id"]
        assert len(seen(ann)) == 1

        assert seen(bob) == []
        path = f"/v1/orders/{order}/documents"
        assert cloud.call("GET", path, token=bob.token).status == 404


class TestALink:
    def test_is_good_for_five_minutes_and_names_the_file(self, shop, ann, seen, link):
        shop.order(ann)
        [invoice] = seen(ann)

        answer = link(ann, invoice["id"]).body
        place = urlsplit(answer["url"])
        asked = parse_qs(place.query)
        assert asked["X-Amz-Expires"] == ["300"]
        name = f'attachment; filename="invoice-{invoice["number"]}.pdf"'
        assert asked["response-content-disposition"] == [name]
        assert place.hostname.endswith(".s3.eu-central-1.amazonaws.com")
        assert datetime.fromisoformat(answer["expires_at"]) > clock.now()

    def test_to_anothers_document_is_as_to_none(self, shop, ann, bob, seen, link):
        shop.order(ann)
        [invoice] = seen(ann)

        anothers, missing = link(bob, invoice["id"]), link(bob, ids.new(clock.now()))
        assert anothers.status == missing.status == 404
        assert anothers.body == missing.body

    def test_cannot_be_had_before_the_file_is_there(self, cloud, ann, link):
        with cloud.acting("OrdersDocumentsConsumer"):
            document_id = ids.new(clock.now())
            about = {"customer_id": ann.id, "order_id": None}
            store.numbered(document_id, content(kind=Kind.STATEMENT, **about))

        answer = link(ann, document_id)
        assert (answer.status, answer.body["type"]) == (
            409,
            "urn:kabinet:problem:document_not_ready",
        )

    def test_can_be_had_by_a_guest_and_by_whom_the_guest_turned_out_to_be(
        self, cloud, shop, link, seen
    ):
        """The shop's goods are there by its fixture."""
        helper = work.Shop(cloud)
        guest, order = helper.guest_order("anna@example.com")
        [invoice] = seen(guest, order)
        assert link(guest, invoice["id"]).status == 200

        person, _ = helper.register("anna@example.com")
        helper.ask(person, "POST", "/v1/orders/claims")
        cloud.drain()

        assert link(guest, invoice["id"]).status == 404
        assert link(person, invoice["id"]).status == 200
        assert seen(person, order) == seen(person) == [invoice]


class TestWhoDiesBetweenNumberAndFile:
    @pytest.mark.parametrize("operation", ["PutObject", "TransactWriteItems"])
    def test_leaves_what_the_next_try_finishes(self, cloud, shop, ann, seen, read, operation):
        """Each call of the consumer dies once, after it was carried out."""
        order = shop.order(ann)["id"]
        made, died = botocore.client.BaseClient._make_api_call, []

        def dying(client, name, arguments):
            answer = made(client, name, arguments)
            if name == operation and "DOCUMENT" in str(arguments).upper() and len(died) < 2:
                died.append(name)
                raise RuntimeError("the process died")
            return answer

        with mock.patch.object(botocore.client.BaseClient, "_make_api_call", dying):
            [invoice] = seen(ann, order)

        assert len(died) == 2
        assert invoice["ready"]
        with cloud.acting("OrdersDocumentsConsumer"):
            drawn = pdf.drawn(store.find(invoice["id"]) or pytest.fail("no document"))
        assert read(ann, invoice) == drawn
        assert series(cloud) == ([1], [1])
        assert len(cloud.published(DocumentIssued)) == 1


class TestStaff:
    def test_see_a_customers_documents_and_are_seen(self, cloud, shop, ann, seen):
        shop.order(ann)
        [invoice] = seen(ann)
        path, token = f"/v1/staff/customers/{ann.id}/documents", shop.agent.token

        assert cloud.call("GET", path, token=token).body["items"] == [invoice]
        path = f"/v1/staff/documents/{invoice['id']}/link"
        assert cloud.call("GET", path, token=token, query={"form": "csv"}).status == 200
        cloud.drain()
        looked = {(e.what, e.resource_id) for e in cloud.published(CustomerViewed)}
        assert looked == {("documents", ann.id), ("document", invoice["id"])}

    def test_hear_nothing_of_a_document_that_is_not_there(self, cloud, shop):
        path = f"/v1/staff/documents/{ids.new(clock.now())}/link"

        assert cloud.call("GET", path, token=shop.agent.token).status == 404


class TestTheQueue:
    def test_keeps_the_order_of_each_legal_entity(self, cloud):
        queues = cloud.wiring.resources("AWS::SQS::Queue")
        rule = cloud.wiring.resources("AWS::Events::Rule")["OrdersDocumentsRule"]
        [aim] = rule["Targets"]

        assert aim["SqsParameters"] == {"MessageGroupId": {"Ref": "LegalTaxNumber"}}
        for name in ("OrdersDocumentsQueue", "OrdersDocumentsDeadLetters"):
            assert queues[name]["FifoQueue"]
            assert queues[name]["QueueName"]["Fn::Sub"].endswith(".fifo")
        assert queues["OrdersDocumentsQueue"]["ContentBasedDeduplication"]

    def test_leads_to_a_bucket_that_is_read_for_its_customer_only(self, cloud):
        """To be shown, and to go into what is handed over."""
        bucket = cloud.wiring.resources("AWS::S3::Bucket")["DocumentsBucket"]
        assert all(bucket["PublicAccessBlockConfiguration"].values())
        for name, statements in cloud.roles.statements.items():
            reaching = [s for s in statements for r in s.resources if "documentsbucket" in r]
            actions = {action for s in reaching for action in s.actions}
            assert actions <= {
                "OrdersDocumentsApi": {"s3:GetObject"},
                "OrdersDocumentsConsumer": {"s3:PutObject"},
                "OrdersConsumer": {"s3:GetObject"},
            }.get(name, set())

    def test_gives_up_on_what_cannot_be_issued_and_goes_on(self, cloud, shop, ann, seen):
        lost = OrderPlaced(
            id=ids.new(clock.now()),
            occurred_at=clock.now(),
            customer_id=ann.id,
            order_id=ids.new(clock.now()),
            number="2611-AAAAAA",
            total_minor=1,
            currency="RUB",
            points_spent=0,
            lines=(),
        )
        cloud.publish(lost)
        shop.order(ann)

        assert len(seen(ann)) == 1
        assert len(cloud.messages("OrdersDocumentsDeadLetters")) == 1
        assert series(cloud) == ([1], [1])
