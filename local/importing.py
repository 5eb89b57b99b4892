"""`python -m local.cli import customers FILE.csv`: another shop's customers, brought over.

In batches, through the function AuthAdmin, on the local stack or on AWS. After each batch a file
beside the CSV notes how far it got, so whoever broke off goes on from there; who has an account
already is left as they are, so the whole may be run again.
"""

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import batched
from pathlib import Path
from typing import Any

from local import calling, customers
from local.console import Trouble, say

FUNCTION = "AuthAdmin"
BATCH = 25
BAR = 30

type Send = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass
class Progress:
    """How far a file got: its digest, the lines done, and what became of them."""

    digest: str
    done: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    remarks: list[tuple[int, str, str]] = field(default_factory=list)

    def note(self, results: list[dict[str, Any]]) -> None:
        counted = Counter(self.outcomes)
        for result in results:
            self.done += 1
            counted[result["outcome"]] += 1
            if result["reason"]:
                self.remarks.append((self.done, result["outcome"], result["reason"]))
        self.outcomes = dict(counted)


def run(file: Path, send: Send, *, dry_run: bool) -> Progress:
    """Bring the customers of *file* by *send*, from where an earlier run broke off."""
    if not file.is_file():
        raise Trouble(f"There is no file {file}.")
    rows, digest = list(customers.rows(file)), hashlib.sha256(file.read_bytes()).hexdigest()
    progress = Progress(digest) if dry_run else _earlier(file, digest)
    for batch in batched(rows[progress.done :], BATCH, strict=False):
        progress.note(_results(list(batch), send, dry_run))
        _draw(progress.done, len(rows))
        if not dry_run:
            _keep(file, progress)
    _report(file, progress)
    _note(file).unlink(missing_ok=True)
    return progress


def bring(file: Path, stack_name: str, *, dry_run: bool) -> None:
    """The command: bring *file*, and tell what became of it."""

    def send(wish: dict[str, Any]) -> dict[str, Any]:
        return calling.call(stack_name, FUNCTION, wish)

    progress = run(file, send, dry_run=dry_run)
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(progress.outcomes.items()))
    say(f"\n{'Would be' if dry_run else 'Done'}: {told or 'nobody'}.")
    if progress.remarks:
        say(f"See {report(file)} for the lines that were not taken as they are.")


def report(file: Path) -> Path:
    """Where the lines are told that were rejected, or taken in part."""
    return file.with_name(f"{file.name}.report.csv")


def _results(batch: list[dict[str, Any]], send: Send, dry_run: bool) -> list[dict[str, Any]]:
    """What became of each row, in order; one that cannot be sent is rejected here."""
    faults = [customers.fault(row) for row in batch]
    sent = [row for row, fault in zip(batch, faults, strict=True) if fault is None]
    results = _answered(sent, send, dry_run)
    return [
        next(results) if fault is None else {"outcome": "rejected", "reason": fault}
        for fault in faults
    ]


def _answered(rows: list[dict[str, Any]], send: Send, dry_run: bool) -> Iterator[dict[str, Any]]:
    answer = send({"action": "import_customers", "customers": rows, "dry_run": dry_run})
    if "error" in answer:
        raise Trouble(f"The import broke off: {answer['error']}. Run it again to go on.")
    return iter(answer["results"])


def _earlier(file: Path, digest: str) -> Progress:
    """Where an earlier run of the very same file broke off, or its beginning."""
    if not _note(file).exists():
        return Progress(digest)
    known = json.loads(_note(file).read_text(encoding="utf-8"))
    return Progress(**known) if known["digest"] == digest else Progress(digest)


def _keep(file: Path, progress: Progress) -> None:
    """Written beside and moved into place: a run that is killed leaves the whole note or none."""
    beside = file.with_name(f"{file.name}.progress.new")
    beside.write_text(json.dumps(asdict(progress)), encoding="utf-8")
    beside.replace(_note(file))


def _note(file: Path) -> Path:
    return file.with_name(f"{file.name}.progress.json")


def _report(file: Path, progress: Progress) -> None:
    """Lines are counted as a table shows them: the header is the first."""
    with report(file).open("w", encoding="utf-8", newline="") as opened:
        table = csv.writer(opened)
        table.writerow(("line", "outcome", "reason"))
        table.writerows((row + 1, outcome, reason) for row, outcome, reason in progress.remarks)


def _draw(done: int, of: int) -> None:
    filled = BAR * done // of
    print(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {done}/{of}", end="", flush=True)
