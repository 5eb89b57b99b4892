"""Builds the search index anew, called by IAM only: `make reindex`."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import table
from orders.search import store


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return {"products": table.retried(store.rebuild)}
