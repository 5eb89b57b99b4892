"""`python -m local.cli import products FILE`, with the stack of this run for the shop."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

import feeds
import objects
from cloud import Cloud
from local import manager, products
from local.console import Trouble
from local.http import Answer

EXAMPLES = Path(__file__).parents[2] / "local/examples/products"


@dataclass
class Api:
    """A manager's way to the shop; time passes when they wait."""

    cloud: Cloud
    waits: int = 0
    begun: list = field(default_factory=list)

    def __post_init__(self):
        self.imports = feeds.Imports(self.cloud, self.cloud.staff("manager"))
        self.imports.category()

    def ask(self, verb, path, body=None):
        path = path.removeprefix(feeds.ROUTE)
        answer = self.imports.ask(verb, path, body, language="en")
        assert answer.status < 300, answer.body
        self.begun += [answer.body["id"]] if answer.status == 201 else []
        return answer.body

    def upload(self, form, file):
        assert objects.post(form["url"], form["fields"], file.read_bytes())

    def fetch(self, url):
        return self.imports.stored(f"reports/{self.begun[-1]}.csv")

    def wait(self):
        self.waits += 1
        self.cloud.drain()


@pytest.fixture
def api(cloud):
    return Api(cloud)


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "goods.csv"
    made.write_bytes((EXAMPLES / "table.csv").read_bytes() + b"BAD-1;herbs;x;;1;1;;;\n")
    return made


def skus(cloud):
    return {row["sku"] for row in cloud.items("OrdersTable") if row["pk"].startswith("PRODUCT#")}


def test_a_file_is_brought_and_rejected_rows_are_told_beside_it(cloud, api, file, capsys, tmp_path):
    file.write_text("sku;category;name_ru;price;available\nTEA-1;tea;Чай;10;1\nBAD-1;x;x;1;1\n")

    products.bring(file, "", api, dry_run=False)

    said = capsys.readouterr().out
    assert "] 2/2" in said
    assert "Done: 1 created, 1 rejected." in said
    assert "BAD-1,category,unknown_category" in products.report(file).read_text("utf-8-sig")
    assert skus(cloud) == {"TEA-1"}
    assert {path.name for path in tmp_path.iterdir()} == {"goods.csv", "goods.csv.report.csv"}


def test_a_dry_run_says_what_would_be(cloud, api, file, capsys):
    products.bring(file, "csv", api, dry_run=True)

    assert "Would be: " in capsys.readouterr().out
    assert skus(cloud) == set()


def test_a_run_that_broke_off_is_taken_up_again(cloud, api, file, monkeypatch):
    def breaks():
        raise KeyboardInterrupt

    monkeypatch.setattr(api, "wait", breaks, raising=False)
    with pytest.raises(KeyboardInterrupt):
        products.bring(file, "csv", api, dry_run=True)
    monkeypatch.undo()
    products.bring(file, "csv", api, dry_run=True)

    assert len(api.begun) == 1


def test_a_file_that_cannot_be_read_is_told_in_a_line(api, tmp_path):
    made = tmp_path / "feed.yml"
    made.write_text("<rss/>")
    with pytest.raises(Trouble, match="The file is no YML feed"):
        products.bring(made, "", api, dry_run=False)


def test_a_token_that_ran_out_is_renewed_and_the_call_goes_on_under_its_key(monkeypatch):
    calls = []

    def send(verb, url, body=None, headers=None):
        calls.append((url, headers and headers["Idempotency-Key"]))
        if url.endswith("refresh"):
            assert body == {"refresh_token": "r-1"}
            return Answer("", 200, {"access_token": "new", "refresh_token": "r-2"})
        fresh = headers["Authorization"] == "Bearer new"
        return Answer("", 200 if fresh else 401, {"id": "1"})

    monkeypatch.setattr(manager.http, "send", send)
    mine = manager.Manager("http://shop", {"access_token": "old", "refresh_token": "r-1"})

    assert mine.ask("POST", "/v1/staff/imports", {}) == {"id": "1"}
    (_, first), _, (_, again) = calls
    assert first == again
    assert mine.tokens["refresh_token"] == "r-2"


def test_a_shop_that_does_not_answer_is_told_in_a_line(monkeypatch):
    monkeypatch.setenv(manager.PASSWORD, "secret")
    monkeypatch.setattr("builtins.input", lambda _: "")
    with pytest.raises(Trouble, match="does not answer"):
        manager.signed_in("http://127.0.0.1:1", "manager@example.com")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("table.csv", "csv"),
        ("shopify.csv", "shopify"),
        ("shopify-now.csv", "shopify"),
        ("feed.yml", "yml"),
    ],
)
def test_the_format_is_guessed(name, kind):
    assert products.guessed(EXAMPLES / name) == kind


def test_what_is_nothing_known_has_to_be_said(tmp_path):
    (tmp_path / "goods.xlsx").write_bytes(b"PK")
    with pytest.raises(Trouble, match="--format"):
        products.guessed(tmp_path / "goods.xlsx")
