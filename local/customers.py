"""Files of customers as other shops write them: read row by row, whoever wrote them.

Whose file it is shows in its first line: Shopify's export of customers, WooCommerce's report of
customers or its export of users, or a plain table with our own names.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.console import Trouble

PLAIN = ("email", "phone", "name", "password_hash", "language", "marketing")
YES = {"yes", "true", "1", "да", "subscribed"}
LANGUAGES = {"ru", "en"}
# As in functions/auth/admin.py: a longer value is refused there with the whole batch.
LONGEST = {"email": 400, "phone": 400, "name": 200, "password_hash": 1000}

type Line = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A shop's way to write customers: the columns it is known by, and how a line is read."""

    name: str
    marks: frozenset[str]
    read: Callable[[Line], dict[str, Any]]


def rows(file: Path) -> Iterator[dict[str, Any]]:
    """Each line of *file* as the import takes it. Trouble for a file that nobody knows or that is
    no table in UTF-8."""
    try:
        yield from _rows(file)
    except UnicodeDecodeError as foreign:
        raise Trouble(f"{file} is not written in UTF-8: save it as CSV in UTF-8.") from foreign
    except csv.Error as broken:
        raise Trouble(f"{file} is no table: {broken}.") from broken


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        lines = csv.DictReader(opened)
        kind = kind_of(lines.fieldnames or ())
        for line in lines:
            known = {name: value.strip() for name, value in line.items() if name and value}
            yield {name: value for name, value in kind.read(known).items() if value}


def kind_of(header: Any) -> Kind:
    for kind in KINDS:
        if kind.marks <= set(header):
            return kind
    raise Trouble(
        f"No column of the file tells who wrote it. A plain table has: {', '.join(PLAIN)}."
    )


def fault(row: Mapping[str, Any]) -> str | None:
    """Why *row* cannot even be sent: a value that is too long, or of more than one line."""
    for name, most in LONGEST.items():
        value = str(row.get(name, ""))
        if len(value) > most or not value.isprintable():
            return name
    return None


def _shopify(line: Line) -> dict[str, Any]:
    return {
        "email": line.get("Email"),
        "phone": line.get("Phone") or line.get("Default Address Phone"),
        "name": _joined(line, "First Name", "Last Name"),
        "marketing": _is_yes(line, "Accepts Email Marketing", "Accepts Marketing"),
    }


def _woocommerce(line: Line) -> dict[str, Any]:
    return {"email": line.get("Email"), "name": line.get("Name")}


def _wordpress(line: Line) -> dict[str, Any]:
    return {
        "email": line.get("user_email"),
        "phone": line.get("billing_phone"),
        "name": _joined(line, "first_name", "last_name") or line.get("display_name"),
        "password_hash": line.get("user_pass"),
        "language": _language(line.get("locale", "")),
    }


def _plain(line: Line) -> dict[str, Any]:
    told = {name: line.get(name) for name in ("email", "phone", "name", "password_hash")}
    language = _language(line.get("language", ""))
    return {**told, "language": language, "marketing": _is_yes(line, "marketing")}


def _joined(line: Line, *names: str) -> str:
    return " ".join(line[name] for name in names if name in line)


def _is_yes(line: Line, *names: str) -> bool:
    return any(line.get(name, "").lower() in YES for name in names)


def _language(locale: str) -> str | None:
    """`ru` of `ru_RU`; what is not spoken here is left to the shop's own."""
    spoken = locale[:2].lower()
    return spoken if spoken in LANGUAGES else None


KINDS = (
    Kind("Shopify", frozenset({"Email", "First Name", "Last Name"}), _shopify),
    Kind("WordPress", frozenset({"user_email"}), _wordpress),
    Kind("WooCommerce", frozenset({"Email", "Name", "Sign Up"}), _woocommerce),
    Kind("plain", frozenset({"email"}), _plain),
    Kind("plain", frozenset({"phone"}), _plain),
)
