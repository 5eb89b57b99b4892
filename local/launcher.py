"""MiniStack, started for a stack of ours; runs under the emulator's Python.

It stops, keeping its state, when whoever started it is gone: a closed standard input says so.
"""

import os
import signal
import sys
import threading
import time
from typing import Any

import ministack.core.lambda_runtime as runtime
from ministack.app import main
from ministack.services import lambda_svc, sns

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


class Dated:
    """The SMS sent to one number; MiniStack keeps them without the time."""

    def __init__(self, records: list[dict[str, Any]]) -> None:
        self.records = records

    def append(self, record: dict[str, Any]) -> None:
        self.records.append(record | {"Timestamp": time.time()})


def dated(number: str) -> Dated:
    return Dated(undated(number))


def follow_parent() -> None:
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGINT)


if __name__ == "__main__":
    runtime.Worker._drain_stderr_bounded = drain
    lambda_svc.get_state = kept
    sns._sms_log_for = dated
    threading.Thread(target=follow_parent, daemon=True).start()
    sys.exit(main())
