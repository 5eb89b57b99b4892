"""Instructions, counted by valgrind: repeatable where seconds drift.

Each number is the difference of processes that differ in nothing but what is measured.
Both the functions and the floor run on botocore as AWS's runtime brings it: from a folder of
its own, compiled; the floor alone reads shortened data.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local import models, template
from local.bench import stub
from local.bench.walk import Step
from local.places import BUILD, ROOT

FOLDER = ROOT / ".local/bench"
RUNTIME, MODELS = FOLDER / "runtime", FOLDER / "models"
CHILD = Path(__file__).with_name("child.py")
LAYER = BUILD / "CommonLayer/python"
BOTOCORE = ("botocore", "boto3", "urllib3", "dateutil", "jmespath", "s3transfer", "six.py")
# The rest of the machine comes first: instructions are the same however long they take.
TOOL = (
    *("nice", "-n", "10", "valgrind"),
    *("--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"),
)
TIMES = 4
LONGEST_SECONDS = 1800
SHORTENED = {"AWS_DATA_PATH": str(MODELS)}


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
    hashing: float = 0
    inits: list[Init] = field(default_factory=list)
    ratios: dict[str, float] = field(default_factory=dict)


# Their index lies in S3, whose answers the stub does not keep: they start, and are not played.
UNPLAYED = ("OrdersDocumentsConsumer", "OrdersSearchApi", "OrdersSearchConsumer")


def is_there() -> bool:
    return shutil.which("valgrind") is not None


def count(steps: list[Step], wiring: Any) -> Counted:
    """One process for each function, two at a time; some minutes."""
    prepare()
    groups: dict[str, list[Step]] = {name: [] for name in wiring.functions if is_api(name)}
    for step in steps:
        if step.function not in UNPLAYED:
            groups.setdefault(step.function, []).append(step)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        nothing, floor = pool.submit(run, {}, "nothing"), pool.submit(run, SHORTENED, "floor")
        one, argon = pool.submit(bare), pool.submit(hashing)
        played = {
            name: pool.submit(play, wiring.functions[name], group) for name, group in groups.items()
        }
    base, counted = nothing.result().init, Counted(bare=one.result(), hashing=argon.result())
    counted.floor = floor.result().init - base
    counted.floor_modules = floor.result().told["modules"]
    for name, future in played.items():
        ran = future.result()
        if is_api(name):
            counted.inits.append(started(name, ran, (ran.init - base) / counted.floor))
        for step, forks in ran.told["steps"].items():
            counted.ratios[step] = ran.once(forks) / counted.bare
    return counted


def is_api(name: str) -> bool:
    return name.endswith("Api")


def started(name: str, ran: "Run", ratio: float) -> Init:
    served = f"{100 * ran.told['compiled'] / ran.told['shipped']:.0f} %"
    return Init(name, ratio, ran.told["modules"], served)


def play(function: Any, steps: list[Step]) -> "Run":
    """The function's start and each of its steps."""
    plan = FOLDER / f"{function.name}.json"
    module = function.handler.rpartition(".")[0]
    told = [
        {"name": step.name, "event": step.event, "at": step.at, "number": number}
        for number, step in enumerate(steps)
    ]
    plan.write_text(json.dumps({"module": module, "steps": told}))
    with stub.serving(steps) as url:
        variables = shipped(function.name) | function.environment | {"AWS_ENDPOINT_URL": url}
        return run(variables, "play", str(plan), str(TIMES))


def shipped(name: str) -> dict[str, str]:
    """Where the code of a function lies: what was built for it, and its layers."""
    declared = template.read()
    own = dict(template.resources(declared, "AWS::Serverless::Function"))[name].get("Layers", [])
    shared = declared["Globals"]["Function"]["Layers"]
    layers = [str(BUILD / layer["Ref"] / "python") for layer in [*own, *shared]]
    places = list(dict.fromkeys([str(BUILD / name), *layers]))
    return {"PYTHONPATH": ":".join([*places, str(RUNTIME)]), "BENCH_SHIPPED": ":".join(places)}


def bare() -> float:
    with stub.serving([]) as url:
        ran = run({"AWS_ENDPOINT_URL": url}, "bare", str(TIMES))
    return ran.once(ran.told["forks"])


def hashing() -> float:
    """A password's hash, apart from the requests that make one."""
    ran = run(shipped("AuthApi"), "hashing", str(TIMES))
    return ran.once(ran.told["forks"])


@dataclass(frozen=True)
class Run:
    """What a process told, and what each of its forks executed up to its end, in instructions."""

    forks: dict[int, int]
    told: dict[str, Any]

    @property
    def init(self) -> int:
        return self.forks[self.told["init"]]

    def once(self, forks: list[int]) -> float:
        """What was repeated, once: without the work of the fork, which the first two show."""
        first, second, last = (self.forks[fork] for fork in forks)
        return ((last - second) - (second - first)) / TIMES


def run(variables: dict[str, str], *arguments: str) -> Run:
    """Count child.py."""
    own = {
        "PATH": os.environ["PATH"],
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": f"{LAYER}:{RUNTIME}",
        "BENCH_SHIPPED": str(LAYER),
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "no_proxy": "127.0.0.1",
    }
    python = [os.path.realpath(sys.executable), "-S", "-s", "-P"]
    done = subprocess.run(
        [*TOOL, *python, str(CHILD), *arguments],
        env=own | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_SECONDS,
    )
    found = re.findall(r"^==(\d+)== I +refs: +([\d,]+)", done.stderr, re.MULTILINE)
    if done.returncode or not found:
        raise RuntimeError(f"{arguments}: {done.stderr[-2000:]}")
    counts = {int(process): int(refs.replace(",", "")) for process, refs in found}
    return Run(counts, json.loads(done.stdout.splitlines()[-1]))


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
    models.write(MODELS, {"dynamodb": models.CALLS["dynamodb"]})
