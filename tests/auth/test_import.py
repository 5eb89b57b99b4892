"""Customers of another shop: they sign in as they did there, and nobody is made twice."""

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from common.events.auth import ContactChanged, CustomerImported, CustomerRegistered
from local import customers, importing
from local.console import Trouble

EXAMPLES = Path(importing.__file__).parent / "examples" / "customers"
PASSWORD = "correct horse battery"


@dataclass
class Wire:
    """The way to the function; it breaks before or after the calls that it is told to break."""

    cloud: Any
    sent: list[int] = field(default_factory=list)
    before: set[int] = field(default_factory=set)
    after: set[int] = field(default_factory=set)

    def __call__(self, wish):
        number = len(self.sent)
        self.sent.append(len(wish["customers"]))
        if number in self.before:
            raise KeyboardInterrupt
        answer = self.cloud.invoke("AuthAdmin", json.loads(json.dumps(wish)))
        if number in self.after:
            raise KeyboardInterrupt
        return answer


@pytest.fixture
def wire(cloud):
    return Wire(cloud)


@pytest.fixture
def sample(tmp_path):
    def copied(name):
        file = tmp_path / f"{name}.csv"
        file.write_bytes((EXAMPLES / f"{name}.csv").read_bytes())
        return file

    return copied


@pytest.fixture
def many(tmp_path):
    """A file of sixty customers: three batches."""
    file = tmp_path / "many.csv"
    lines = [f"person{n}@example.com,Person {n}" for n in range(60)]
    file.write_text("\n".join(["email,name", *lines]) + "\n")
    return file


def run(file, wire, *, dry_run=False):
    return importing.run(file, wire, dry_run=dry_run)


def remarks(file):
    with importing.report(file).open() as opened:
        return [(int(row["line"]), row["outcome"], row["reason"]) for row in csv.DictReader(opened)]


def accounts(cloud):
    rows = [row for row in cloud.items("AuthTable") if row["sk"] == "ACCOUNT"]
    return {login: row for row in rows for login in row["logins"]}


@pytest.mark.parametrize(
    ("name", "outcomes", "told", "logins"),
    [
        (
            "shopify",
            {"imported": 2, "rejected": 1},
            [(4, "rejected", "no_contact")],
            {"anna.walker@example.com", "petr@example.com", "+79991234567"},
        ),
        (
            "woocommerce",
            {"imported": 1, "rejected": 1},
            [(3, "rejected", "email")],
            {"maria@example.com"},
        ),
        (
            "wordpress",
            {"imported": 3},
            [(4, "imported", "password_not_taken")],
            {"old@example.com", "new@example.com", "+79997654321", "weak@example.com"},
        ),
        ("plain", {"imported": 2}, [], {"plain@example.com", "+79160000001"}),
    ],
)
@pytest.mark.case("N10")
def test_each_shops_file_is_known_by_its_header(cloud, wire, sample, name, outcomes, told, logins):
    file = sample(name)
    assert run(file, wire).outcomes == outcomes
    assert remarks(file) == told
    assert set(accounts(cloud)) == logins


@pytest.mark.case("A11")
@pytest.mark.parametrize(
    ("name", "login"),
    [
        ("wordpress", "old@example.com"),
        ("wordpress", "new@example.com"),
        ("wordpress", "+79997654321"),
        ("plain", "plain@example.com"),
    ],
)
def test_who_was_brought_signs_in_by_the_password_they_had(auth, cloud, wire, sample, name, login):
    run(sample(name), wire)
    assert auth.sign_in(login, "another password").status == 401
    assert auth.sign_in(login, PASSWORD).status == 200
    assert accounts(cloud)[login]["password_hash"].startswith("$argon2id$")


def test_who_has_no_password_signs_in_by_a_code(auth, wire, sample):
    run(sample("plain"), wire)
    challenge = auth.code_asked("+79160000001")
    assert auth.confirm_code(challenge, auth.code(challenge)).status == 200


def test_nobody_is_greeted_and_only_those_who_had_agreed_hear_of_offers(cloud, wire, sample):
    run(sample("plain"), wire)
    cloud.drain()
    assert cloud.letters == []
    assert cloud.published(CustomerRegistered) == []
    assert sorted(e.marketing for e in cloud.published(CustomerImported)) == [False, True]
    assert {e.email for e in cloud.published(ContactChanged)} == {"plain@example.com", None}
    proofs = [row for row in cloud.items("NotifyTable") if row["sk"].startswith("CONSENT#")]
    [agreed] = {row["pk"].removeprefix("CUSTOMER#") for row in proofs}
    assert agreed == accounts(cloud)["plain@example.com"]["subject_id"]
    assert {(row["topic"], row["given"], row["source"]) for row in proofs} == {
        ("news", True, "import"),
        ("promotions", True, "import"),
    }


def test_a_second_run_makes_nobody_anew(cloud, wire, many):
    assert run(many, wire).outcomes == {"imported": 60}
    before = cloud.items("AuthTable")
    assert run(many, wire).outcomes == {"known": 60}
    assert cloud.items("AuthTable") == before


def test_a_customer_who_is_here_already_stays_as_they_are(auth, cloud, wire, many):
    auth.customer("person7@example.com")
    before = accounts(cloud)["person7@example.com"]
    assert run(many, wire).outcomes == {"imported": 59, "known": 1}
    assert accounts(cloud)["person7@example.com"] == before


def test_a_dry_run_writes_nothing_and_tells_the_same(cloud, wire, sample):
    file = sample("shopify")
    dry = run(file, wire, dry_run=True)
    assert cloud.items("AuthTable") == []
    assert dry.outcomes == run(file, wire).outcomes
    assert run(file, wire, dry_run=True).outcomes == {"known": 2, "rejected": 1}


@pytest.mark.parametrize("broken", ["before", "after"])
def test_a_run_that_was_killed_goes_on_from_there(cloud, wire, many, broken):
    setattr(wire, broken, {1})
    with pytest.raises(KeyboardInterrupt):
        run(many, wire)
    assert len(accounts(cloud)) == (25 if broken == "before" else 50)

    again = Wire(cloud)
    outcomes = run(many, again).outcomes
    assert again.sent == [25, 10]  # the first batch is not sent again
    assert sum(outcomes.values()) == 60
    assert outcomes.get("known", 0) == (0 if broken == "before" else 25)
    assert len(accounts(cloud)) == 60
    assert {file.name for file in many.parent.iterdir()} == {"many.csv", "many.csv.report.csv"}


def test_another_file_of_the_same_name_begins_anew(wire, many):
    wire.before = {1}
    with pytest.raises(KeyboardInterrupt):
        run(many, wire)
    many.write_text("email\nsomebody@example.com\n")
    assert run(many, wire).outcomes == {"imported": 1}


def test_a_line_that_cannot_be_sent_holds_up_no_other(wire, tmp_path):
    file = tmp_path / "odd.csv"
    long = "x" * 201
    file.write_text(
        f'email,name\na@example.com,{long}\nb@example.com,"two\nlines"\nc@example.com,C\n'
    )
    assert run(file, wire).outcomes == {"imported": 1, "rejected": 2}
    assert [reason for _, _, reason in remarks(file)] == ["name", "name"]


def test_a_file_that_nobody_knows_is_refused(wire, tmp_path):
    file = tmp_path / "other.csv"
    file.write_text("colour,size\nred,1\n")
    with pytest.raises(Trouble, match="No column"):
        run(file, wire)
    with pytest.raises(Trouble, match="no file"):
        run(tmp_path / "none.csv", wire)


def test_a_fault_of_the_function_is_told_and_the_run_can_go_on(many):
    with pytest.raises(Trouble, match="broke off"):
        importing.run(many, lambda _: {"error": "customers: too long"}, dry_run=False)


@pytest.mark.parametrize("size", [26, 1000])
def test_a_batch_has_25_customers_at_most(cloud, size):
    rows = [{"email": f"p{n}@example.com"} for n in range(size)]
    assert "error" in cloud.invoke("AuthAdmin", {"action": "import_customers", "customers": rows})
    assert cloud.items("AuthTable") == []


def test_a_byte_order_mark_and_accents_are_read(tmp_path):
    file = tmp_path / "bom.csv"
    file.write_text("email,name\nzoe@example.com,Zoë\n", encoding="utf-8-sig")
    assert list(customers.rows(file)) == [{"email": "zoe@example.com", "name": "Zoë"}]
