"""Imports of products as staff run them: a form, a file, a start."""

import csv
import io
from typing import Any

import objects
from cloud import Answer, Cloud, Person
from common.events.imports import ImportAdvanced, ImportStarted

ROUTE = "/v1/staff/imports"
HEADER = "sku;category;name_ru;name_en;price;available"


def table(*skus: str, price: str = "10", header: str = HEADER) -> bytes:
    """A table of goods of the category tea."""
    lines = [f"{sku};tea;Чай {sku};Tea {sku};{price};5" for sku in skus]
    return "\n".join([header, *lines]).encode()


class Imports:
    """What a manager does with imports."""

    def __init__(self, cloud: Cloud, person: Person) -> None:
        self.cloud, self.person, self.keys = cloud, person, 0

    def ask(self, method: str, path: str = "", body: Any = None, **more: Any) -> Answer:
        self.keys += 1
        usual = {"token": self.person.token, "key": f"key-of-the-import-{self.keys}"}
        return self.cloud.call(method, ROUTE + path, body, **(usual | more))

    def category(self, category_id: str = "tea", ru: str = "Чай", en: str = "Tea") -> None:
        path, body = f"/v1/staff/categories/{category_id}", {"name_ru": ru, "name_en": en}
        assert self.cloud.call("PUT", path, body, token=self.person.token).status == 200

    def sent(self, file: bytes, kind: str = "csv", *, dry_run: bool = False) -> str:
        """An import whose file has come; its id."""
        form = self.ask("POST", body={"format": kind, "dry_run": dry_run})
        assert form.status == 201, form.body
        assert objects.post(form.body["url"], form.body["fields"], file)
        return str(form.body["id"])

    def begun(self, file: bytes, kind: str = "csv", *, dry_run: bool = False) -> str:
        """An import that was started, and whose events are on their way; its id."""
        import_id = self.sent(file, kind, dry_run=dry_run)
        started = self.ask("POST", f"/{import_id}/start")
        assert started.status == 200, started.body
        return import_id

    def run(self, file: bytes, kind: str = "csv", *, dry_run: bool = False) -> dict[str, Any]:
        """What an import came to."""
        import_id = self.begun(file, kind, dry_run=dry_run)
        self.cloud.drain()
        return self.show(import_id)

    def show(self, import_id: str) -> dict[str, Any]:
        answer = self.ask("GET", f"/{import_id}", language="en")
        assert answer.status == 200, answer.body
        shown: dict[str, Any] = answer.body
        return shown

    def report(self, import_id: str) -> list[list[str]]:
        """The table of rejected rows."""
        assert self.ask("GET", f"/{import_id}/report").status == 200
        file = self.stored(f"reports/{import_id}.csv").decode("utf-8-sig")
        return list(csv.reader(io.StringIO(file)))

    def stored(self, key: str) -> bytes:
        [found] = [body for (_, name), body in objects.stored().items() if name == key]
        return found


def counts(shown: dict[str, Any]) -> tuple[int, ...]:
    """Created, changed, unchanged, rejected."""
    return tuple(shown[name] for name in ("created", "changed", "unchanged", "rejected"))


def started(import_id: str) -> ImportStarted:
    return ImportStarted.model_validate(_about(import_id))


def advanced(import_id: str, part: int) -> ImportAdvanced:
    return ImportAdvanced.model_validate(_about(import_id) | {"part": part})


def _about(import_id: str) -> dict[str, Any]:
    return {"id": import_id, "occurred_at": "2026-11-28T12:00:00Z", "import_id": import_id}
