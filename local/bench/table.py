"""The README's tables: written by `make bench`, read back by the test that holds them."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from local.bench.budget import BOUNDS
from local.bench.meter import Cost
from local.bench.path import Step
from local.places import ROOT

README = ROOT / "README.md"
HEAD = "| Request or event | Trips | Write | Index | Read | Bytes | Beside | ÷ GetItem |"
COUNTS = r"^\| (.+?) \| (\d+) \| (\d+) \| (\d+) \| ([\d.]+) \| \d+ \| .*\|$"

type Counts = tuple[int, int, int, float]


def counts(cost: Cost) -> Counts:
    """What must not change unnoticed."""
    return cost.trips, cost.write, cost.index, cost.read


def costs(steps: Iterable[Step], ratios: Mapping[str, float]) -> str:
    rows = [_row(step.name, step.cost, ratios.get(step.name)) for step in steps]
    return "\n".join([HEAD, "|---|---|---|---|---|---|---|---|", *rows])


def _row(name: str, cost: Cost, ratio: float | None) -> str:
    beside = f"{cost.beside} trips, {cost.beside_write} write" if cost.beside else ""
    shown = f"{ratio:.2f}" if ratio else ""
    numbers = f"{cost.trips} | {cost.write} | {cost.index} | {cost.read:g} | {cost.bytes}"
    return f"| {name} | {numbers} | {beside} | {shown} |"


def over(steps: Iterable[Step]) -> str:
    """What is beyond its bound, the rows it writes, and why."""
    rows = [
        "| Beyond the budget | Bound | Measured | Rows written | Why |",
        "|---|---|---|---|---|",
    ]
    for step in steps:
        bound = BOUNDS.get(step.name)
        if bound and not bound.holds(step.cost):
            measured = f"{step.cost.trips} / {step.cost.write} / {step.cost.read:g}"
            allowed = f"{bound.trips} / {bound.write} / {bound.read:g}"
            written = ", ".join(step.cost.rows).lower() or "–"
            rows.append(f"| {step.name} | {allowed} | {measured} | {written} | {bound.reason} |")
    return "\n".join(rows)


def read() -> dict[str, Counts]:
    """The counts as the README tells them, by row."""
    found = re.findall(COUNTS, README.read_text(), re.MULTILINE)
    return {row: (int(t), int(w), int(i), float(r)) for row, t, w, i, r in found}


def place(path: Path, mark: str, text: str) -> None:
    """Put *text* between the marks <!-- mark --> and <!-- /mark --> of *path*."""
    whole = path.read_text()
    start, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    before, rest = whole.split(start, 1)
    _, after = rest.split(end, 1)
    path.write_text(f"{before}{start}\n{text}\n{end}{after}")
