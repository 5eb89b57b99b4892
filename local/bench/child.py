"""What runs under valgrind, on the artefact's own path: only shipped code and botocore.

child.py nothing | floor | init MODULE | bare TIMES | play PLAN MEASURED TIMES
"""

import importlib
import json
import os
import runpy
import sys
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


def floor() -> None:
    import gc

    gc.disable()
    runpy.run_path(str(Path(__file__).with_name("floor.py")))
    print(json.dumps({"modules": len(sys.modules)}))


def init(module: str) -> None:
    """A function's INIT and the DynamoDB client that its first request makes."""
    start(module)
    shipped = [name for name in map(source, list(sys.modules.values())) if name]
    compiled = sum(1 for name in shipped if Path(cache_from_source(name)).exists())
    told = {"modules": len(sys.modules), "shipped": len(shipped), "compiled": compiled}
    print(json.dumps(told))


def start(module: str) -> Any:
    loaded = importlib.import_module(module)
    importlib.import_module("common.aws").dynamodb()
    return loaded


def source(module: Any) -> str | None:
    """The file of a module that came with the artefact."""
    place = getattr(module, "__file__", None) or ""
    ours = place.startswith((os.environ["BENCH_TASK"], os.environ["BENCH_LAYER"]))
    return place if ours and place.endswith(".py") else None


def bare(times: str) -> None:
    from botocore.session import get_session

    client: Any = get_session().create_client("dynamodb")
    for _ in range(int(times)):
        client.get_item(TableName="t", Key={"pk": {"S": "a"}, "sk": {"S": "b"}})


def play(plan: str, measured: str, times: str) -> None:
    """Warm every step of one function, then repeat the one *measured*, if any."""
    told = json.loads(Path(plan).read_text())
    handler = start(told["module"]).handler
    clock: Any = importlib.import_module("common.clock")
    clock._offset = lambda: offset(told["at"])
    for step in told["steps"]:
        cue(step)
        for _ in range(WARMING + (int(times) if step["name"] == measured else 0)):
            once(handler, step)


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
    "floor": floor,
    "init": init,
    "bare": bare,
    "play": play,
}

if __name__ == "__main__":
    DOES[sys.argv[1]](*sys.argv[2:])
