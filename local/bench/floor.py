"""The floor F, run by `child.py`: a handler that does nothing, made as cheaply as it can be.

Logger, resolver, thirty routes, ten models and a DynamoDB client, on shortened botocore data.
"""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from botocore.session import get_session
from pydantic import create_model

ROUTES, MODELS = 30, 10

logger = Logger()
api = APIGatewayHttpResolver()
fields: dict[str, Any] = {"a": (str, ...), "b": (int, 0), "c": (list[str], []), "d": (bool, False)}
models = [create_model(f"Model{number}", **fields) for number in range(MODELS)]


def route(item: str) -> dict[str, str]:
    return {"item": item}


for number in range(ROUTES):
    api.get(f"/v1/things{number}/<item>")(route)
client = get_session().create_client("dynamodb")
