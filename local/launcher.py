"""MiniStack, started for a stack of ours; runs under the emulator's Python.

It stops, keeping its state, when whoever started it is gone: a closed standard input says so.
"""

import hashlib
import io
import os
import signal
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path
from typing import Any

import ministack.core.lambda_runtime as runtime
from ministack import app
from ministack.services import lambda_svc, sns

SETTLE_SECONDS = 0.5

LAYERS = "_LAMBDA_LAYERS_DIRS"

leaving, unpacking = threading.Lock(), threading.Lock()
resolve = lambda_svc._resolve_layer_zip
save = app.save_all
whole = lambda_svc.get_state
undated = sns._sms_log_for
patient = runtime.Worker._drain_stderr_bounded


def drain(worker: Any, *_: float) -> Any:
    """MiniStack waits 50 ms for the log of a handler that writes none; 2 ms are enough."""
    return patient(worker, 0.002, 0.001, 0.05)


def kept() -> dict[str, Any]:
    """Lambda's state without how far it read the streams: the records are not kept either,
    and a function would wait for as many new ones before it reads again."""
    return {**whole(), "dynamodb_stream_positions": {}}


def share_layer(reference: Any) -> None:
    """Unpack a layer once for all workers, not once for each: it is thousands of files.

    MiniStack is told there is nothing to unpack; workers inherit the folder. A function
    therefore sees the layers of the others too, the newest first.
    """
    packed = resolve(reference)
    folder = Path(tempfile.gettempdir()) / hashlib.sha256(packed).hexdigest()
    with unpacking:
        if not folder.exists():
            zipfile.ZipFile(io.BytesIO(packed)).extractall(folder)
        known = [place for place in os.environ.get(LAYERS, "").split(os.pathsep) if place]
        os.environ[LAYERS] = os.pathsep.join(dict.fromkeys([*known, str(folder)]))


def save_and_leave(states: dict[str, Any]) -> None:
    """Keep the state and end at once, workers and all."""
    with leaving:
        save(states)
        os.killpg(0, signal.SIGKILL)


class Dated:
    """The SMS sent to one number; MiniStack keeps them without the time."""

    def __init__(self, records: list[dict[str, Any]]) -> None:
        self.records = records

    def append(self, record: dict[str, Any]) -> None:
        self.records.append(record | {"Timestamp": time.time()})


def dated(number: str) -> Dated:
    return Dated(undated(number))


def follow_parent() -> None:
    """End with the one who started us. MiniStack alone would wait for every call under way."""
    os.read(0, 1)
    os.killpg(0, signal.SIGTERM)  # no function writes any more, and no new call comes in
    time.sleep(SETTLE_SECONDS)
    save_and_leave(app._build_persistence_save_dict())


if __name__ == "__main__":
    runtime.Worker._drain_stderr_bounded = drain
    lambda_svc.get_state = kept
    lambda_svc._resolve_layer_zip = share_layer
    app.save_all = save_and_leave
    sns._sms_log_for = dated
    threading.Thread(target=follow_parent, daemon=True).start()
    sys.exit(app.main())
