"""Logs and metrics: decisions and ids, never people.

Nothing here takes an event's or a request's body; fields are named one by one by the caller.
"""

from functools import cache

from aws_lambda_powertools import Logger

logger = Logger(log_uncaught_exceptions=False)


@cache
def _namespace() -> str:
    return "Kabinet"


def count(name: str, amount: int = 1, **dimensions: str) -> None:
    """Add *amount* to the metric *name*, in CloudWatch's embedded metric format."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    with single_metric(
        name=name, unit=MetricUnit.Count, value=amount, namespace=_namespace()
    ) as metric:
        for dimension, value in dimensions.items():
            metric.add_dimension(name=dimension, value=value)
