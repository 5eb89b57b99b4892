"""What runs under valgrind, on the artefact's own path: only shipped code and botocore.

child.py nothing | floor | bare TIMES | hashing TIMES | play PLAN TIMES

What is repeated is done in forks, which valgrind counts apart and starts from where they
left: one process is enough for all that a function does.
"""

import gc
import importlib
import json
import os
import runpy
import sys
import traceback
from collections.abc import Callable
from importlib.util import cache_from_source
from pathlib import Path
from types import SimpleNamespace
from typing import Any

CONTEXT = SimpleNamespace(
    function_name="bench",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:eu-central-1:123456789012:function:bench",
    aws_request_id="request-1",
    get_remaining_time_in_millis=lambda: 10_000,
)
WARMING = 2


def nothing() -> None:
    print(json.dumps(loaded() | {"init": aside(lambda: None, 0)}))


def floor() -> None:
    gc.disable()
    runpy.run_path(str(Path(__file__).with_name("floor.py")))
    print(json.dumps(loaded() | {"init": aside(lambda: None, 0)}))


def start(module: str) -> Any:
    loaded = importlib.import_module(module)
    importlib.import_module("common.aws").dynamodb()
    return loaded


def source(module: Any) -> str | None:
    """The file of a module that came with the artefact."""
    place = getattr(module, "__file__", None) or ""
    ours = place.startswith(tuple(os.environ["BENCH_SHIPPED"].split(":")))
    return place if ours and place.endswith(".py") else None


def loaded() -> dict[str, int]:
    """How many modules there are, how many of them the artefact brought, and with bytecode."""
    shipped = [name for name in map(source, list(sys.modules.values())) if name]
    compiled = sum(1 for name in shipped if Path(cache_from_source(name)).exists())
    return {"modules": len(sys.modules), "shipped": len(shipped), "compiled": compiled}


def bare(times: str) -> None:
    from botocore.session import get_session

    client: Any = get_session().create_client("dynamodb")

    def get() -> None:
        client.get_item(TableName="t", Key={"pk": {"S": "a"}, "sk": {"S": "b"}})

    print(json.dumps({"forks": repeated(get, int(times))}))


def hashing(times: str) -> None:
    """A password's hash, as registration makes it."""
    passwords = importlib.import_module("auth.password.passwords")
    password = "correct horse battery"  # noqa: S105 - nobody's
    print(json.dumps({"forks": repeated(lambda: passwords.hashed(password), int(times))}))


def play(plan: str, times: str) -> None:
    """A function's INIT with the client that its first request makes, then each of its steps."""
    told = json.loads(Path(plan).read_text())
    handler = start(told["module"]).handler
    begun = loaded() | {"init": aside(lambda: None, 0)}
    if access := sys.modules.get("common.access"):
        # Which of the repetitions reads the list of ended sessions would hang on the time.
        vars(access)["REVOCATIONS_KEPT_SECONDS"] = float("inf")
    steps = {step["name"]: played(handler, step, int(times)) for step in told["steps"]}
    print(json.dumps(begun | {"steps": steps}))


def played(handler: Any, step: dict[str, Any], times: int) -> list[int]:
    clock: Any = importlib.import_module("common.clock")
    clock._offset = lambda: offset(step["at"])
    cue(step)
    return repeated(lambda: once(handler, step), times)


def repeated(does: Callable[[], None], times: int) -> list[int]:
    """Warm it, then three forks: two show what a fork costs, the third does it so often."""
    for _ in range(WARMING):
        does()
    gc.collect()  # so that none of the forks has to clear away what came before
    return [aside(does, 0), aside(does, 0), aside(does, times)]


def aside(does: Callable[[], None], times: int) -> int:
    """The id of a fork that did it so often."""
    forked = os.fork()
    if forked:
        if os.waitpid(forked, 0)[1]:
            raise SystemExit("a fork failed")
        return forked
    try:
        for _ in range(times):
            does()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def offset(at: str) -> Any:
    from datetime import UTC, datetime

    return datetime.fromisoformat(at) - datetime.now(UTC)


def once(handler: Any, step: dict[str, Any]) -> None:
    answer = handler(step["event"], CONTEXT)
    if answer.get("statusCode", 200) >= 400 or answer.get("batchItemFailures"):
        raise SystemExit(f"{step['name']}: {answer}")


def cue(step: dict[str, Any]) -> None:
    """Tell the stub whose answers come next."""
    import urllib.request

    urllib.request.urlopen(f"{os.environ['AWS_ENDPOINT_URL']}/cue/{step['number']}")  # noqa: S310


DOES: dict[str, Callable[..., None]] = {
    "nothing": nothing,
    "floor": floor,
    "bare": bare,
    "hashing": hashing,
    "play": play,
}

if __name__ == "__main__":
    DOES[sys.argv[1]](*sys.argv[2:])
