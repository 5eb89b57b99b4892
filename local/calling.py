"""Functions that answer to IAM only, called by whoever may: on the local stack, or on AWS with the
caller's credentials when a stack is named."""

import json
from typing import Any

import boto3
from botocore.config import Config

from local import deployment, stack
from local.console import Trouble

# As long as a function may run; never twice.
PATIENT = Config(read_timeout=900, retries={"total_max_attempts": 1})


def call(stack_name: str, function: str, wish: dict[str, Any]) -> dict[str, Any]:
    """What *function* answers to *wish*; Trouble when it broke off."""
    return on_aws(stack_name, function, wish) if stack_name else here(function, wish)


def here(function: str, wish: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = deployment.invoke(stack.current()["endpoint_url"], function, wish)
    return made


def on_aws(stack_name: str, function: str, wish: dict[str, Any]) -> dict[str, Any]:
    name = boto3.client("cloudformation").describe_stack_resource(
        StackName=stack_name, LogicalResourceId=function
    )["StackResourceDetail"]["PhysicalResourceId"]
    client = boto3.client("lambda", config=PATIENT)
    answer = client.invoke(FunctionName=name, Payload=json.dumps(wish))
    if "FunctionError" in answer:
        raise Trouble(f"{function} failed: see its log")
    made: dict[str, Any] = json.load(answer["Payload"])
    return made
