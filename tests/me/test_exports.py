"""The export of a customer's data, from the wish to the download (CASES R5)."""

import io
import json
import zipfile
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

import fake_aws
import objects
from auth.erasure import own_store
from auth.erasure.erasure import CAPABILITIES as ERASED
from auth.export.export import CAPABILITIES
from auth.export.file_store import FOLDERS
from common import access, clock, erasure, export, ids, table
from common.events.erasure import CustomerErased, ExportReady, ExportRequested
from common.shown import Withheld
from loyalty import consumer as loyalty
from notify.erasure import consumer as notify
from orders.erasure import consumer as orders
from scenarios.declared import sample
from support import consumer as support
from used import uses_everything

pytestmark = pytest.mark.feature(15)
EMAIL = "anna@example.com"
# So that whatever is in a file comes back the same.
AS_BYTES = "surrogateescape"
KINDS = {
    "account": own_store.KINDS,
    "points": loyalty.KINDS,
    "messages": notify.KINDS,
    "shopping": orders.KINDS,
    "support": support.KINDS,
}
TABLES = {
    "account": ("AuthTable",),
    "points": ("LedgerTable", "LoyaltyTable"),
    "messages": ("NotifyTable",),
    "shopping": ("OrdersTable",),
    "support": ("SupportTable",),
}
# What an archive says of nobody, whatever the row has.
SECRET = ("pk", "sk", "gsi1pk", "password_hash", "sealed", "recovery_codes", "token", "network")
SECRET += ("author_id", "staff_id", "subject_id", "link_hash", "link", "payer_id", "attempt")


def stored(cloud, folder):
    return [row for table in TABLES[folder] for row in cloud.items(table)]


@pytest.fixture
def fetch(cloud, shop):
    """The archive that a new link of an export leads to."""

    def follow(person, export_id):
        led = cloud.call("GET", link(shop, person, export_id))
        assert led.status == 303, led.body
        return opened(cloud, led.headers["location"])

    return follow


def link(shop, person, export_id):
    shop.prove(person, access.Act.EXPORT)
    return urlsplit(shop.ask(person, "POST", f"/v1/me/exports/{export_id}/link")["url"]).path


def opened(cloud, location):
    """The archive behind a presigned URL, whose role must have the right that it signed."""
    where, told = urlsplit(location), parse_qs(urlsplit(location).query)
    assert told["X-Amz-Expires"] == ["60"]
    assert told["response-content-disposition"][0].startswith("attachment; filename=")
    asked = {"Bucket": where.netloc.split(".")[0], "Key": unquote(where.path).lstrip("/")}
    cloud.roles.admit("MeApi", "s3.GetObject", asked)
    body = fake_aws.client("s3").get_object(**asked)["Body"].read()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        return {name: archive.read(name).decode(errors=AS_BYTES) for name in names}


def kept(cloud, bucket, prefix, *, of=""):
    """The objects of *bucket* below *prefix* whose keys hold *of*, by their keys."""
    name = cloud.wiring.physical[bucket]["Ref"]
    found = {key: body for (held, key), body in objects.stored().items() if held == name}
    return {key: body for key, body in found.items() if key.startswith(prefix) and of in key}


def files(cloud):
    """The keys in the bucket of exports."""
    bucket = cloud.wiring.physical["ExportBucket"]["Ref"]
    return sorted(key for held, key in objects.stored() if held == bucket)


def told(kinds):
    return [kind for kind in kinds if not isinstance(kind.shown, Withheld)]


def names_in(value):
    """The names of all fields, however deep."""
    if isinstance(value, dict):
        return set(value).union(*map(names_in, value.values()))
    return set().union(*map(names_in, value)) if isinstance(value, list) else set()


def ask(cloud, person, key="key-of-the-test"):
    return cloud.call("POST", "/v1/me/exports", token=person.token, key=key)


@pytest.fixture
def full(cloud, shop, anna):
    """Anna, once she was reminded of her cart, has a second factor and asked to be erased."""
    shop.authenticator(anna)
    shop.recovery_codes(anna)
    cloud.clock.advance(hours=24)
    cloud.tick()
    again = shop.again(anna)
    shop.erasure(again)
    return again


@pytest.mark.case("R5")
def test_every_kind_of_row_is_in_it(cloud, shop, full, fetch):
    """A new kind of row is a line in the KINDS of its capability, and says what of it is shown."""
    got = fetch(full, shop.export(full))

    for folder, kinds in KINDS.items():
        rows = stored(cloud, folder)
        for kind in told(kinds):
            assert any(kind.has(row) for row in rows), f"the fixture makes no row of {kind}"
            assert json.loads(got[f"{folder}/{kind.name.replace(' ', '-')}.json"])
    named = {f"{folder}/{k.name.replace(' ', '-')}.json" for folder in KINDS for k in KINDS[folder]}
    listed = {name for name in got if not name.startswith("shopping/documents/")}
    assert listed <= named | {"README.txt", "account/picture.webp"}


@pytest.mark.case("R5")
def test_every_row_with_the_customer_is_told_or_withheld_for_a_reason(cloud, shop, full, fetch):
    got = fetch(full, shop.export(full))

    for folder, kinds in KINDS.items():
        own = [row for row in stored(cloud, folder) if row["pk"] == f"CUSTOMER#{full.id}"]
        assert [row["sk"] for row in own if not any(kind.has(row) for kind in kinds)] == []
        for name in {kind.name for kind in told(kinds) if kind.partition == "CUSTOMER#"}:
            first = [next(kind for kind in kinds if kind.has(row)) for row in own]
            meant = [kind for kind in first if kind.name == name and kind in told(kinds)]
            shown = json.loads(got[f"{folder}/{name.replace(' ', '-')}.json"])
            # Of letters, the one that tells of the archive came after it.
            assert len(meant) - len(shown) in ((1,) if name == "messages" else (0,)), name


@pytest.mark.case("R5")
def test_it_says_all_that_the_customer_said_and_nothing_of_others(cloud, shop, full, fetch):
    shop.people.clear()  # the tokens of yesterday's staff
    bob = uses_everything(shop, "bob@example.com", "Bob Orlov", "Curtain", "Chipped plate")
    staff = {r["staff_id"] for r in cloud.items("AuthTable") if r["sk"].startswith("VIEWED#")}
    assert staff

    got = fetch(full, shop.export(full))

    whole = "\n".join(got.values()).encode(errors=AS_BYTES).decode(errors="replace")
    said = (EMAIL, "Anna Kim", "+79001234567", "Arbat", "1992-03-04", "Linen", "Broken cup")
    assert [word for word in (*said, "Happy birthday, Kim", "Sorry!") if word not in whole] == []
    others = (bob.id, bob.session_id, "bob@example.com", "Orlov", "Curtain", "Chipped", *staff)
    assert [word for word in others if word in whole] == []


@pytest.mark.case("R5")
class TestItsFiles:
    @pytest.fixture
    def documents(self, cloud, anna):
        """The numbers of Anna's documents, newest first, as her account lists them."""
        return documents_of(cloud, anna)

    def test_are_the_picture_and_the_documents_as_they_are_kept(
        self, cloud, shop, anna, fetch, documents
    ):
        got = fetch(anna, shop.export(anna))

        [large] = kept(cloud, "PicturesBucket", "pictures/", of="/512").values()
        assert got["account/picture.webp"].encode(errors=AS_BYTES) == large
        files = kept(cloud, "DocumentsBucket", "documents/")
        assert len(files) == 2 * len(documents) >= 6
        for key, body in files.items():
            assert got[f"shopping/{key}"].encode(errors=AS_BYTES) == body
        assert "shopping/left-out.json" not in got

    def test_are_nobody_elses(self, cloud, shop, anna, fetch):
        shop.people.clear()
        bob = shop.register("bob@example.com")[0]
        shop.fill_cart(bob)
        shop.order(bob)
        cloud.drain()
        theirs = {doc["number"].partition("-")[2] for doc in documents_of(cloud, bob)}
        assert theirs

        got = fetch(anna, shop.export(anna))

        assert not [name for name in got for number in theirs if f"/{number}." in name]

    def test_are_bounded_the_newest_first_and_the_others_are_named(
        self, cloud, shop, anna, fetch, documents, monkeypatch
    ):
        monkeypatch.setattr(export, "MOST_FILES", 2)

        got = fetch(anna, shop.export(anna))

        whole = [name for name in got if name.startswith("shopping/documents/")]
        newest = documents[0]["number"].partition("-")[2]
        assert len(whole) == 2
        assert all(f"/{newest}." in name for name in whole)
        left_out = json.loads(got["shopping/left-out.json"])
        assert len(left_out) == 2 * len(documents) - 2
        assert set(left_out) <= kept(cloud, "DocumentsBucket", "documents/").keys()
        assert "shopping/left-out.json" in got["README.txt"]

    def test_are_bounded_by_what_is_in_them_too(self, shop, anna, fetch, monkeypatch):
        monkeypatch.setattr(export, "MOST_BYTES", 1)

        got = fetch(anna, shop.export(anna))

        assert len([name for name in got if name.startswith("shopping/documents/")]) == 1


def documents_of(cloud, person):
    return cloud.call("GET", "/v1/documents", token=person.token).body["items"]


@pytest.mark.case("R5")
def test_it_holds_no_secrets_and_no_keys_of_the_machinery(cloud, shop, full, fetch):
    got = fetch(full, shop.export(full))

    fields = names_in([json.loads(text) for name, text in got.items() if name.endswith("json")])
    assert fields.isdisjoint(SECRET)
    whole = "\n".join(got.values())
    assert "argon2" not in whole
    [account] = json.loads(got["account/account.json"])
    assert account["has_password"] is True
    assert [set(factor) for factor in account["factors"]] == [{"kind", "added_at"}]


def test_it_comes_with_a_few_words_in_the_customers_language(cloud, shop, anna, fetch):
    assert fetch(anna, shop.export(anna))["README.txt"].startswith("Your data")

    shop.ask(anna, "PATCH", "/v1/me", {"language": "ru"})
    assert fetch(anna, shop.export(anna))["README.txt"].startswith("Ваши данные")


def test_progress_is_seen_and_a_letter_tells_when_it_is_ready(cloud, shop, ann):
    shop.prove(ann, access.Act.EXPORT)
    asked = ask(cloud, ann)
    assert asked.status == 202
    assert (asked.body["state"], asked.body["parts_done"], asked.body["parts"]) == (
        "gathering",
        0,
        5,
    )

    cloud.drain()

    [shown] = shop.ask(ann, "GET", "/v1/me/exports")["items"]
    assert (shown["id"], shown["state"], shown["parts_done"]) == (asked.body["id"], "ready", 5)
    assert shop.ask(ann, "GET", f"/v1/me/exports/{shown['id']}") == shown
    assert len(cloud.published(ExportReady)) == 1


def test_the_letter_leads_to_the_account_and_holds_no_link_to_the_archive(cloud, shop, anna):
    shop.export(anna)

    [letter] = [x for x in cloud.letters if "archive" in x.subject]
    assert letter.to == EMAIL
    assert "/account/exports" in letter.html
    assert "/v1/exports" not in letter.html


def test_parts_are_gone_once_they_are_packed(cloud, shop, ann):
    made = shop.export(ann)

    assert files(cloud) == [f"archives/{made}.zip"]


def test_one_that_waits_for_a_part_has_no_link(cloud, shop, ann, problem):
    waiting = shop.export_waiting_for(ann, "orders", "support")

    assert shop.ask(ann, "GET", f"/v1/me/exports/{waiting}")["parts_done"] == 3
    answer = cloud.call("POST", f"/v1/me/exports/{waiting}/link", token=ann.token)
    assert problem(answer) == (409, "export_not_ready")


def test_a_customer_with_more_than_an_event_or_a_page_can_hold_gets_it_all(cloud, shop, ann, fetch):
    with cloud.acting("MeApi"):
        for n in range(300):
            row = {"pk": f"CUSTOMER#{ann.id}", "sk": f"NOTE#{ids.new(clock.now())}", "version": 1}
            table.apply(table.put(row | {"text": f"{n:04}" * 1_000}))

    got = fetch(ann, shop.export(ann))

    notes = json.loads(got["account/notes.json"])
    assert {note["text"][:4] for note in notes} == {f"{n:04}" for n in range(300)}


class TestAsking:
    def test_takes_a_fresh_proof(self, cloud, ann, problem):
        assert problem(ask(cloud, ann)) == (401, "step_up_required")

    def test_again_under_the_same_key_is_the_same_answer(self, cloud, shop, ann):
        shop.prove(ann, access.Act.EXPORT)

        assert ask(cloud, ann).body == ask(cloud, ann).body
        assert len([r for r in cloud.items("AuthTable") if r["sk"].startswith("EXPORT#")]) == 1

    def test_for_a_second_one_waits_until_the_first_is_made(self, cloud, shop, ann, problem):
        shop.prove(ann, access.Act.EXPORT)
        first = ask(cloud, ann, "key-of-the-first").body["id"]

        refused = ask(cloud, ann, "key-of-the-second")
        assert problem(refused) == (409, "export_under_way")
        assert refused.body["export_id"] == first

        cloud.drain()
        assert ask(cloud, ann, "key-of-the-third").status == 202

    def test_works_three_times_a_day(self, cloud, shop, ann, problem):
        for _ in range(3):
            shop.export(ann)
            cloud.clock.advance(minutes=1)
        assert problem(ask(cloud, ann)) == (409, "too_many_exports")

        cloud.clock.advance(hours=23, minutes=58)
        again = shop.again(ann)
        shop.export(again)

    def test_does_not_wait_for_one_that_nobody_could_finish(self, cloud, shop, ann):
        shop.export_waiting_for(ann, "orders")
        cloud.clock.advance(days=1)

        shop.export(shop.again(ann))

    @pytest.mark.case("Z1")
    def test_takes_a_live_session(self, cloud, shop, ann, problem):
        shop.prove(ann, access.Act.EXPORT)
        shop.ask(ann, "POST", "/v1/auth/sign-out")

        assert problem(ask(cloud, ann)) == (401, "unauthorized")


class TestALink:
    @pytest.fixture
    def made(self, shop, ann):
        return shop.export(ann)

    @pytest.mark.case("R5")
    def test_works_once(self, cloud, shop, ann, made, problem):
        path = link(shop, ann, made)

        assert cloud.call("GET", path).status == 303
        assert problem(cloud.call("GET", path)) == (404, "link_over")

    @pytest.mark.case("R5")
    def test_works_for_ten_minutes(self, cloud, shop, ann, made, problem):
        path = link(shop, ann, made)
        cloud.clock.advance(minutes=10)

        assert problem(cloud.call("GET", path)) == (404, "link_over")

    def test_works_no_longer_when_a_newer_one_is_made(self, cloud, shop, ann, made, problem):
        older, newer = link(shop, ann, made), link(shop, ann, made)

        assert problem(cloud.call("GET", older)) == (404, "link_over")
        assert cloud.call("GET", newer).status == 303

    def test_is_nothing_that_could_be_guessed_or_found_in_a_row(
        self, cloud, shop, ann, made, problem
    ):
        path = link(shop, ann, made)
        secret = path.rpartition("-")[2]

        assert secret not in json.dumps(cloud.items("AuthTable"), default=str)
        for wrong in ("a" * 26, secret[:-1], secret[:-1] + ("a" if secret[-1] != "a" else "b")):
            forged = f"{path.removesuffix(secret)}{wrong}"
            assert problem(cloud.call("GET", forged)) == (404, "link_over")

    def test_takes_a_fresh_proof(self, cloud, shop, ann, made, problem):
        cloud.clock.advance(minutes=6)

        answer = cloud.call("POST", f"/v1/me/exports/{made}/link", token=ann.token)
        assert problem(answer) == (401, "step_up_required")

    def test_is_over_with_the_archive(self, cloud, shop, ann, made, problem):
        cloud.clock.advance(days=7)
        again = shop.again(ann)
        shop.prove(again, access.Act.EXPORT)

        assert shop.ask(again, "GET", "/v1/me/exports")["items"] == []
        gone = cloud.call("POST", f"/v1/me/exports/{made}/link", token=again.token)
        assert problem(gone) == (404, "not_found")

    @pytest.mark.case("Z2", "R5")
    def test_to_somebody_elses_archive_is_as_if_there_were_none(self, cloud, shop, ann, made):
        bob = cloud.customer()
        shop.prove(bob, access.Act.EXPORT)

        for method, below in (("GET", ""), ("POST", "/link")):
            foreign, missing = (
                cloud.call(method, f"/v1/me/exports/{one}{below}", token=bob.token)
                for one in (made, ids.new(clock.now()))
            )
            assert (foreign.status, foreign.body) == (missing.status, missing.body)
            assert foreign.status == 404

    def test_leads_to_a_file_with_a_harmless_name_for_a_minute(self, cloud, shop, ann, made):
        led = cloud.call("GET", link(shop, ann, made))

        told = parse_qs(urlsplit(led.headers["location"]).query)
        assert told["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
        name = f'attachment; filename="my-data-{clock.now():%Y-%m-%d}.zip"'
        assert told["response-content-disposition"] == [name]
        assert led.headers["cache-control"] == "no-store"
        assert led.headers["referrer-policy"] == "no-referrer"


class TestOnceMore:
    @pytest.mark.case("E1")
    def test_events_change_nothing(self, cloud, shop, anna):
        made = shop.export(anna)
        before = cloud.items("AuthTable"), files(cloud), len(cloud.letters)

        cloud.publish(*cloud.published(ExportRequested), *cloud.published(ExportReady))
        for capability in CAPABILITIES[1:]:
            known = {"customer_id": anna.id, "export_id": made}
            cloud.publish(sample(f"{capability}.export_part_ready.v1", **known))

        assert (cloud.items("AuthTable"), files(cloud), len(cloud.letters)) == before

    def test_a_part_that_comes_after_the_archive_is_dropped(self, cloud, shop, ann):
        made = shop.export(ann)
        _leave(cloud, f"parts/orders/{made}.zip")

        known = {"customer_id": ann.id, "export_id": made}
        cloud.publish(sample("orders.export_part_ready.v1", **known))

        assert files(cloud) == [f"archives/{made}.zip"]


def _leave(cloud, key):
    bucket = cloud.wiring.physical["ExportBucket"]["Ref"]
    fake_aws.client("s3").put_object(Bucket=bucket, Key=key, Body=b"{}")


class TestErasure:
    @pytest.fixture
    def erase(self, cloud):
        def done(person):
            known = {"customer_id": person.id, "erasure_id": ids.new(clock.now())}
            cloud.publish(sample(CustomerErased.name, id=ids.new(clock.now()), **known))

        return done

    @pytest.mark.case("R1", "R5")
    def test_takes_archives_along(self, cloud, shop, anna, erase):
        path = link(shop, anna, shop.export(anna))

        erase(anna)

        assert files(cloud) == []
        assert not [r for r in cloud.items("AuthTable") if r["sk"].startswith("EXPORT")]
        assert cloud.call("GET", path).status == 404

    @pytest.mark.case("R5")
    def test_drops_one_that_is_being_made(self, cloud, shop, anna, erase):
        waiting = shop.export_waiting_for(anna, "orders")
        assert f"parts/orders/{waiting}.zip" in files(cloud)
        letters = len(cloud.letters)

        erase(anna)
        _leave(cloud, f"parts/orders/{waiting}.zip")  # by a consumer that was slow
        known = {"customer_id": anna.id, "export_id": waiting}
        cloud.publish(sample("orders.export_part_ready.v1", **known))

        assert files(cloud) == []
        assert cloud.published(ExportReady) == []
        assert len(cloud.letters) == letters

    @pytest.mark.case("E7")
    def test_lets_nobody_hand_over_anything_later(self, cloud, shop, anna, erase):
        erase(anna)
        before = {folder: stored(cloud, folder) for folder in TABLES}

        known = {"customer_id": anna.id, "export_id": ids.new(clock.now())}
        cloud.publish(sample(ExportRequested.name, **known))

        assert files(cloud) == []
        assert {folder: stored(cloud, folder) for folder in TABLES} == before

    def test_has_dropped_what_was_gathered_while_it_began(self, cloud, shop, ann, monkeypatch):
        put, erasing = export.put, ("AuthErasureConsumer", "OrdersConsumer")

        def slow(*named):
            put(*named)
            for function in erasing if named[1] == "orders" else ():
                with cloud.acting(function):
                    kinds = own_store.KINDS if function.startswith("Auth") else orders.KINDS
                    erasure.erase(ann.id, kinds)

        monkeypatch.setattr(export, "put", slow)
        shop.prove(ann, access.Act.EXPORT)
        ask(cloud, ann)

        cloud.drain()

        assert files(cloud) == []
        assert cloud.published(ExportReady) == []


def test_insights_holds_nothing_of_anybody(cloud, shop, full):
    assert full.id not in json.dumps(cloud.items("InsightsTable"), default=str)


def test_every_capability_that_is_erased_hands_over_its_part():
    assert set(CAPABILITIES) == ERASED == set(FOLDERS)
