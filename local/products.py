"""`python -m local.cli import products FILE`: a file of products, brought over the shop's API.

The shop does the work, whether anybody watches or not: a run that broke off is taken up again by
the same command, which finds beside the file what it had begun.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, Protocol

from local.console import Trouble, say

ROUTE = "/v1/staff/imports"
FORMATS = ("csv", "jsonl", "shopify", "yml")
SUFFIXES = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".xml": "yml", ".yml": "yml"}
# What a table of Shopify's begins with, and none of ours.
SHOPIFY = {"handle", "url handle"}
OUTCOMES = ("created", "changed", "unchanged", "rejected")
OVER = {"done", "failed", "cancelled"}
BAR = 30


class Api(Protocol):
    """The shop, as a manager speaks to it."""

    def ask(self, verb: str, path: str, body: object = None) -> dict[str, Any]: ...
    def upload(self, form: dict[str, Any], file: Path) -> None: ...
    def fetch(self, url: str) -> bytes: ...
    def wait(self) -> None: ...


def bring(file: Path, kind: str, api: Api, *, dry_run: bool) -> None:
    """The command: bring *file*, and tell what became of it."""
    job = watched(begun(file, kind or guessed(file), api, dry_run=dry_run), api)
    _note(file).unlink(missing_ok=True)
    if job["state"] != "done":
        why = (job["failure"] or {}).get("message", "It was cancelled.")
        raise Trouble(f"\nNothing more is brought. {why}")
    told = ", ".join(f"{job[name]} {name}" for name in OUTCOMES if job[name])
    say(f"\n{'Would be' if dry_run else 'Done'}: {told}.")
    if job["has_report"]:
        link = api.ask("GET", f"{ROUTE}/{job['id']}/report")
        report(file).write_bytes(api.fetch(link["url"]))
        say(f"See {report(file)} for the rows that were rejected.")


def found(file: Path) -> Path:
    """*file*, which is there."""
    if not file.is_file():
        raise Trouble(f"There is no file {file}.")
    return file


def guessed(file: Path) -> str:
    """The format of *file*, by its name and its first line."""
    kind = SUFFIXES.get(file.suffix.lower())
    if kind is None:
        raise Trouble(f"Say what {file} is: --format {'|'.join(FORMATS)}.")
    with file.open("rb") as opened:
        first = opened.readline(10_000).decode(errors="replace").lower()
    columns = {name.strip('"\ufeff \r\n') for name in first.split(",")}
    return "shopify" if kind == "csv" and columns & SHOPIFY else kind


def begun(file: Path, kind: str, api: Api, *, dry_run: bool) -> str:
    """The id of the import of the very same file that an earlier run began, or of a new one."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    wish = {"format": kind, "dry_run": dry_run}
    if _note(file).exists():
        known = json.loads(_note(file).read_text(encoding="utf-8"))
        if known["digest"] == digest and known["wish"] == wish:
            return str(known["id"])
    form = api.ask("POST", ROUTE, wish)
    api.upload(form, file)
    api.ask("POST", f"{ROUTE}/{form['id']}/start")
    note = {"digest": digest, "wish": wish, "id": form["id"]}
    _note(file).write_text(json.dumps(note), encoding="utf-8")
    return str(form["id"])


def watched(import_id: str, api: Api) -> dict[str, Any]:
    """The import once it is over; meanwhile a bar shows how far it got."""
    while (job := api.ask("GET", f"{ROUTE}/{import_id}"))["state"] not in OVER:
        _draw(job["done"], job["rows"])
        api.wait()
    _draw(job["done"], job["rows"])
    return job


def report(file: Path) -> Path:
    """Where the rows are told that were rejected."""
    return file.with_name(f"{file.name}.report.csv")


def _note(file: Path) -> Path:
    return file.with_name(f"{file.name}.progress.json")


def _draw(done: int, of: int) -> None:
    filled = BAR * done // (of or 1)
    print(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {done}/{of or '?'}", end="", flush=True)
