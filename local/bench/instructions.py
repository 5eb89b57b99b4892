"""Instructions, counted by valgrind: repeatable where seconds drift.

Each number is the difference of two processes that differ in nothing but what is measured.
Both the functions and the floor run on botocore as AWS's runtime brings it: from a folder of
its own, compiled; the floor alone reads shortened data.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.bench import stub
from local.bench.path import Step
from local.places import BUILD, ROOT

FOLDER = ROOT / ".local/bench"
RUNTIME, MODELS = FOLDER / "runtime", FOLDER / "models"
CHILD = Path(__file__).with_name("child.py")
LAYER = BUILD / "CommonLayer/python"
BOTOCORE = ("botocore", "boto3", "urllib3", "dateutil", "jmespath", "s3transfer", "six.py")
OPERATIONS = {
    "BatchGetItem", "DeleteItem", "GetItem", "PutItem", "Query", "TransactWriteItems", "UpdateItem",
}  # fmt: skip
TIMES = 4
WORKERS = 4
DYNAMODB = "dynamodb/2012-08-10/service-2.json"


@dataclass
class Init:
    """A function's start: instructions over the floor's, modules, modules from bytecode."""

    name: str
    ratio: float
    modules: int
    compiled: str


@dataclass
class Counted:
    """What valgrind said; empty where it is missing."""

    floor: int = 0
    floor_modules: int = 0
    bare: float = 0
    inits: list[Init] = field(default_factory=list)
    ratios: dict[str, float] = field(default_factory=dict)


def is_there() -> bool:
    return shutil.which("valgrind") is not None


def count(steps: list[Step], wiring: Any) -> Counted:
    prepare()
    with ThreadPoolExecutor(WORKERS) as pool:
        nothing = pool.submit(run, {})
        floored = pool.submit(run, {"AWS_DATA_PATH": str(MODELS)}, "floor")
        inits = {n: pool.submit(run, env(f), "init", module(f)) for n, f in apis(wiring)}
        base, (floor, told) = nothing.result()[0], floored.result()
        counted = Counted(floor - base, told["modules"])
        for name, started in inits.items():
            total, told = started.result()
            served = f"{100 * told['compiled'] / told['shipped']:.0f} %"
            ratio = (total - base) / counted.floor
            counted.inits.append(Init(name, ratio, told["modules"], served))
        counted.bare = bare()
        parts = pool.map(lambda of: warm(of[0], of[1], wiring, counted.bare), grouped(steps))
        for part in parts:
            counted.ratios |= part
    return counted


def apis(wiring: Any) -> list[tuple[str, Any]]:
    return [(n, f) for n, f in wiring.functions.items() if n.endswith("Api")]


def module(function: Any) -> str:
    return str(function.handler.rpartition(".")[0])


def env(function: Any) -> dict[str, str]:
    return dict(function.environment)


def grouped(steps: Iterable[Step]) -> list[tuple[str, list[Step]]]:
    """Each route once, and one event of each consumer: their others do as much."""
    groups: dict[str, dict[str, Step]] = defaultdict(dict)
    for step in steps:
        route = step.name.split(",")[0] if step.function.endswith("Api") else ""
        groups[step.function].setdefault(route, step)
    return [(function, list(routes.values())) for function, routes in groups.items()]


def warm(function: str, steps: list[Step], wiring: Any, one: float) -> dict[str, float]:
    """Each step's instructions, over those of one bare GetItem."""
    declared = wiring.functions[function]
    plan = FOLDER / f"{function}.json"
    told = [{"name": s.name, "event": s.event, "number": n} for n, s in enumerate(steps)]
    plan.write_text(json.dumps({"module": module(declared), "at": steps[0].at, "steps": told}))

    def played(name: str, times: int) -> int:
        with stub.serving(steps) as url:
            variables = env(declared) | {"AWS_ENDPOINT_URL": url}
            return run(variables, "play", str(plan), name, str(times))[0]

    base = played("", 0)
    return {step.name: (played(step.name, TIMES) - base) / TIMES / one for step in steps}


def bare() -> float:
    def asked(times: int) -> int:
        with stub.serving([]) as url:
            return run({"AWS_ENDPOINT_URL": url}, "bare", str(times))[0]

    return (asked(1 + TIMES) - asked(1)) / TIMES


def run(variables: dict[str, str], *arguments: str) -> tuple[int, dict[str, Any]]:
    """The instructions that child.py, or else bare Python, executed, and what it told."""
    task = BUILD / "AuthApi"
    own = {
        "PATH": os.environ["PATH"],
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": f"{task}:{LAYER}:{RUNTIME}",
        "BENCH_TASK": str(task),
        "BENCH_LAYER": str(LAYER),
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "no_proxy": "127.0.0.1",
    }
    tool = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    python = [os.path.realpath(sys.executable), "-S", "-s", "-P"]
    does = [str(CHILD), *arguments] if arguments else ["-c", "pass"]
    done = subprocess.run(
        [*tool, *python, *does],
        env=own | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"I +refs: +([\d,]+)", done.stderr)
    if done.returncode or not found:
        raise RuntimeError(f"{arguments}: {done.stderr[-2000:]}")
    last = (done.stdout.strip().splitlines() or ["{}"])[-1]
    return int(found[1].replace(",", "")), json.loads(last)


def prepare() -> None:
    """botocore as a runtime has it, compiled, and the floor's shortened copy of its data."""
    site = Path(sys.prefix) / f"lib/python3.{sys.version_info.minor}/site-packages"
    shutil.rmtree(FOLDER, ignore_errors=True)
    RUNTIME.mkdir(parents=True)
    for name in BOTOCORE:
        source = site / name
        copy: Any = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, RUNTIME / name)
    ahead = [sys.executable, "-m", "compileall", "-q", "-f", "--invalidation-mode"]
    subprocess.run([*ahead, "unchecked-hash", str(RUNTIME)], check=True)
    shorten(RUNTIME / "botocore/data")


def shorten(data: Path) -> None:
    model = json.loads(gzip.decompress((data / f"{DYNAMODB}.gz").read_bytes()))
    model["operations"] = {k: v for k, v in model["operations"].items() if k in OPERATIONS}
    used = reachable(model)
    model["shapes"] = {name: shape for name, shape in model["shapes"].items() if name in used}
    place = MODELS / DYNAMODB
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps(without_words(model)))
    endpoints = json.loads((data / "endpoints.json").read_text())
    [partition, *_] = endpoints["partitions"]
    partition["services"] = {"dynamodb": partition["services"]["dynamodb"]}
    (MODELS / "endpoints.json").write_text(json.dumps(endpoints | {"partitions": [partition]}))


def reachable(model: dict[str, Any]) -> set[str]:
    """The shapes that the operations left mention, and those that these mention."""
    found: set[str] = set()
    waiting = re.findall(r'"shape": "(\w+)"', json.dumps(model["operations"]))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += re.findall(r'"shape": "(\w+)"', json.dumps(model["shapes"][name]))
    return found


def without_words(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k != "documentation" or isinstance(v, dict)}
        return {k: without_words(v) for k, v in kept.items()}
    return [without_words(part) for part in value] if isinstance(value, list) else value
