"""The README's tables: written by `make bench`, read back by the test that holds them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from local.bench.budget import BOUNDS
from local.bench.meter import Cost
from local.documents import README

if TYPE_CHECKING:
    from local.bench.instructions import Counted
    from local.bench.packages import Package
    from local.bench.walk import Step

HEAD = "| Request or event | Trips | Write | Index | Read | Bytes | Beside | ÷ GetItem |"
COUNTS = r"^\| (.+?) \| (\d+) \| (\d+) \| (\d+) \| ([\d.]+) \| \d+ \| .*\|$"

type Counts = tuple[int, int, int, float]


def counts(cost: Cost) -> Counts:
    """What must not change unnoticed."""
    return cost.trips, cost.write, cost.index, cost.read


def text(day: str, steps: "list[Step]", counted: "Counted", sizes: "Mapping[str, Package]") -> str:
    """All of it, as measured on *day*."""
    parts = [
        f"Measured on {day}. Trips are calls of DynamoDB; units are DynamoDB's, `Index` those of"
        " its secondary indexes; `Beside` are limits and the list of ended sessions, read at most"
        f" every ten seconds. {_instructions(counted)}",
        costs(steps, counted.ratios),
        over(steps),
        starts(counted),
        package_sizes(sizes),
    ]
    return "\n\n".join(filter(None, parts))


def _instructions(counted: "Counted") -> str:
    if not counted.floor:
        return "valgrind was missing: instructions were not counted."
    return (
        f"`÷ GetItem`: instructions of the warm handler over those of one bare botocore GetItem"
        f" ({counted.bare / 1e6:.1f} million), counted by valgrind; registering and signing in hold"
        f" one Argon2id of {counted.hashing / counted.bare:.2f}. Of the 7.6 million of"
        " `GET /v1/loyalty` its query takes 4.9, the token's signature 1.7, routing and validation"
        " 0.7, the log line 0.3."
    )


def starts(counted: "Counted") -> str:
    if not counted.floor:
        return ""
    head = (
        f"INIT, with the DynamoDB client, over the floor F of {counted.floor / 1e6:,.0f} million"
        f" instructions and {counted.floor_modules} modules (Logger, resolver, 30 routes, 10"
        " models and a client on shortened botocore data, garbage collection off):"
    )
    rows = [
        f"| {init.name} | {init.ratio:.2f} | {init.modules} | {init.compiled} |"
        for init in counted.inits
    ]
    lines = ["| Function | INIT ÷ F | Modules | From bytecode |", "|---|---|---|---|", *rows]
    return head + "\n\n" + "\n".join(lines) + "\n\n" + BEYOND_THE_FLOOR


BEYOND_THE_FLOOR = (
    "Beyond F: validation by type hints, and the function's own routes, models and domain."
    " botocore's data are cut to the calls in use, as in F (0.15 of F less than with the runtime's"
    " own), and garbage is looked for rarely (0.04 less). Most modules are of F itself: Powertools'"
    " resolver brings AppSync's and asyncio, botocore its documentation. Rare libraries (jwt,"
    " cryptography, argon2, jinja2, pyotp, boto3) are loaded where they are used."
)


def package_sizes(sizes: "Mapping[str, Package]") -> str:
    mega = 1024 * 1024
    rows = [
        f"| {name} | {p.zipped / mega:.1f} | {p.unpacked / mega:.1f} | {p.heavy / mega:.1f} |"
        for name, p in sizes.items()
    ]
    head = "| Package, MB | zipped | unpacked | of it cryptography |"
    return "\n".join([head, "|---|---|---|---|", *rows, "", ONE_LIBRARY])


ONE_LIBRARY = (
    "Half of the layer is the one shared object of cryptography, which checks every token; left out"
    " are stubs, C headers, cffi's compiler, Swagger's pages and pydantic's first version."
)


def costs(steps: "Iterable[Step]", ratios: Mapping[str, float]) -> str:
    rows = [_row(step.name, step.cost, ratios.get(step.name)) for step in steps]
    return "\n".join([HEAD, "|---|---|---|---|---|---|---|---|", *rows])


def _row(name: str, cost: Cost, ratio: float | None) -> str:
    beside = f"{cost.beside} trips, {cost.beside_write} write" if cost.beside else ""
    shown = f"{ratio:.2f}" if ratio else ""
    numbers = f"{cost.trips} | {cost.write} | {cost.index} | {cost.read:g} | {cost.bytes}"
    return f"| {name} | {numbers} | {beside} | {shown} |"


def over(steps: "Iterable[Step]") -> str:
    """What is beyond its bound, the rows it writes, and why; what is alike on one line."""
    alike: dict[str, list[str]] = {}
    for step in steps:
        bound = BOUNDS.get(step.name)
        if bound and not bound.holds(step.cost):
            measured = f"{step.cost.trips} / {step.cost.write} / {step.cost.read:g}"
            allowed = f"{bound.trips} / {bound.write} / {bound.read:g}"
            written = _counted(step.cost.rows) or "–"
            line = f"{allowed} | {measured} | {written} | {bound.reason} |"
            alike.setdefault(line, []).append(step.name)
    head = "| Beyond the budget (trips / write / read) | Bound | Measured | Rows written | Why |"
    rows = [f"| {_first(names)} | {line}" for line, names in alike.items()]
    return "\n".join([head, "|---|---|---|---|---|", *rows])


def _counted(rows: list[str]) -> str:
    times = {row.lower(): f" × {n}" if n > 1 else "" for row, n in Counter(rows).items()}
    return ", ".join(f"{row}{n}" for row, n in times.items())


def _first(names: list[str]) -> str:
    return names[0] + (f" and {len(names) - 1} like it" if names[1:] else "")


def read() -> dict[str, Counts]:
    """The counts as the README tells them, by row."""
    found = re.findall(COUNTS, README.read_text(), re.MULTILINE)
    return {row: (int(t), int(w), int(i), float(r)) for row, t, w, i, r in found}
