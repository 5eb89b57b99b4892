"""Logs and metrics: decisions and ids, never people.

Nothing here takes an event's or a request's body; fields are named one by one by the caller.
Nor does anything here fail whoever calls it: logging swallows what its stream refuses, and a
metric that cannot be written is logged instead.
"""

import traceback
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger

NAMESPACE = "Kabinet"

logger = Logger(log_uncaught_exceptions=False)


def fault(what: str, failure: BaseException, **fields: Any) -> None:
    """Log a failure nobody expected: its kind and where it arose.

    Not its message, which may quote what a customer wrote (pydantic's and DynamoDB's do).
    """
    logger.error(what, **kind_and_place(failure), **fields)


def kind_and_place(failure: BaseException) -> dict[str, Any]:
    """What a log line may tell of a failure: its class, and the lines it came through."""
    frames = traceback.extract_tb(failure.__traceback__)
    where = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames]
    return {"error": type(failure).__name__, "where": where}


def count(name: str, amount: int = 1, **dimensions: str) -> None:
    """Add *amount* to the metric *name*, in CloudWatch's embedded metric format."""
    try:
        _write(name, amount, dimensions)
    except Exception as failure:
        fault("metric not written", failure, metric=name)


def _write(name: str, amount: int, dimensions: Mapping[str, str]) -> None:
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    with single_metric(
        name=name, unit=MetricUnit.Count, value=amount, namespace=NAMESPACE
    ) as metric:
        for dimension, value in dimensions.items():
            metric.add_dimension(name=dimension, value=value)
