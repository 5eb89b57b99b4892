"""What a process of Lambda has to itself, and requests that share one would mix up."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.api_gateway import BaseRouter

from common.consumer import processor
from common.search import snapshots

FUNCTIONS = Path(__file__).resolve().parents[2] / "functions"
APPS = [
    ".".join(path.relative_to(FUNCTIONS).with_suffix("").parts)
    for path in FUNCTIONS.rglob("app.py")
]


@dataclass(frozen=True)
class State:
    """The environment, the request at hand with each API's part of it, the batch at hand, the
    search indexes that are open."""

    environment: dict[str, str]
    request: dict[str, Any]
    contexts: dict[APIGatewayHttpResolver, dict[str, Any]]
    batch: dict[str, Any]
    indexes: dict[str, Any]


def state() -> State:
    """What this process holds now."""
    request = {n: getattr(BaseRouter, n, None) for n in ("current_event", "lambda_context")}
    contexts = {api: dict(api.context) for api in _apis()}
    return State(
        dict(os.environ), request, contexts, _copied(vars(processor)), dict(snapshots.held)
    )


def enter(held: State) -> None:
    """Be the process that holds *held*."""
    os.environ.clear()
    os.environ.update(held.environment)
    for name, value in held.request.items():
        setattr(BaseRouter, name, value)
    for api in _apis():
        api.context.clear()
        api.context.update(held.contexts.get(api, {}))
    vars(processor).clear()
    vars(processor).update(_copied(held.batch))
    snapshots.held.clear()
    snapshots.held.update(held.indexes)


@contextmanager
def kept() -> Iterator[State]:
    """The state of now, which comes back at the end; no two processes share an open index."""
    snapshots.held.clear()
    held = state()
    yield held
    enter(held)


def _copied(attributes: dict[str, Any]) -> dict[str, Any]:
    """Its lists too: the processor empties and fills them in place."""
    return {k: list(v) if isinstance(v, list) else v for k, v in attributes.items()}


def _apis() -> list[APIGatewayHttpResolver]:
    """The API of every capability that this process has imported."""
    modules = [sys.modules.get(name) for name in APPS]
    return [module.api for module in modules if hasattr(module, "api")]
