"""Dead letters sent again: to the queue whose consumer gave up, or the one a rule missed.

Works on the local stack and, given the name of a stack, on AWS with the caller's credentials.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3

from local import aws, stack, template
from local.console import Trouble, plain, say
from local.template import Template

DEPTH = "ApproximateNumberOfMessages"
GROUP = "MessageGroupId"
# The line of what a rule could not deliver: it had not been told yet where to stand.
UNDELIVERED = "undelivered"
PLAIN_KINDS = ("StringValue", "BinaryValue", "DataType")


@dataclass(frozen=True)
class Deployed:
    """The queues of one stack, by the names template.yaml gives them."""

    sqs: Any
    urls: dict[str, str]

    def depth(self, name: str) -> int:
        found = self.sqs.get_queue_attributes(QueueUrl=self.urls[name], AttributeNames=[DEPTH])
        return int(found["Attributes"][DEPTH])


def targets(source: Template) -> dict[str, str]:
    """Each dead-letter queue and the queue its messages were meant for."""
    given_up = {
        target(policy["deadLetterTargetArn"]): name
        for name, properties in template.resources(source, "AWS::SQS::Queue")
        if (policy := properties.get("RedrivePolicy"))
    }
    undelivered = {
        target(aim["DeadLetterConfig"]["Arn"]): target(aim["Arn"])
        for _, properties in template.resources(source, "AWS::Events::Rule")
        for aim in properties["Targets"]
        if "DeadLetterConfig" in aim
    }
    return given_up | undelivered


def target(arn: dict[str, list[str]]) -> str:
    return arn["Fn::GetAtt"][0]


def deployed(name: str) -> Deployed:
    """The stack *name* on AWS, or the running local one when there is no name."""
    if name:
        return connect(boto3.client("cloudformation"), boto3.client("sqs"), name)
    running = stack.current()
    endpoint = running["endpoint_url"]
    return connect(
        aws.client("cloudformation", endpoint), aws.client("sqs", endpoint), running["stack_name"]
    )


def connect(cloudformation: Any, sqs: Any, name: str) -> Deployed:
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
    found = (resource for page in pages for resource in page["StackResourceSummaries"])
    return Deployed(
        sqs,
        {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for resource in found
            if resource["ResourceType"] == "AWS::SQS::Queue"
        },
    )


def redrive(queues: Deployed, dead: str, meant_for: str) -> int:
    """Send every message that waits in *dead* on; how many they were.

    A message is deleted only once it was sent: cut short, it is there twice, never lost.
    """
    moved = 0
    for message in waiting(queues, dead):
        queues.sqs.send_message(
            QueueUrl=queues.urls[meant_for],
            MessageBody=message["Body"],
            MessageAttributes=attributes(message),
            **in_line(queues.urls[meant_for], message),
        )
        handle = message["ReceiptHandle"]
        queues.sqs.delete_message(QueueUrl=queues.urls[dead], ReceiptHandle=handle)
        moved += 1
    return moved


def waiting(queues: Deployed, dead: str) -> Iterator[dict[str, Any]]:
    """Each message once: what fails again meanwhile waits for the next redrive."""
    left = queues.depth(dead)
    while left > 0:
        answer = queues.sqs.receive_message(
            QueueUrl=queues.urls[dead],
            MaxNumberOfMessages=min(left, 10),
            WaitTimeSeconds=2,
            MessageAttributeNames=["All"],
            AttributeNames=[GROUP],
        )
        messages = answer.get("Messages", [])
        if not messages:
            return
        left -= len(messages)
        yield from messages


def in_line(queue_url: str, message: dict[str, Any]) -> dict[str, str]:
    """What a FIFO queue asks for: the line to stand in, and what tells a message from its twin."""
    if not queue_url.endswith(".fifo"):
        return {}
    group = message.get("Attributes", {}).get(GROUP, UNDELIVERED)
    return {GROUP: group, "MessageDeduplicationId": message["MessageId"]}


def attributes(message: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        name: {kind: value[kind] for kind in PLAIN_KINDS if kind in value}
        for name, value in message.get("MessageAttributes", {}).items()
    }


def chosen(queue: str) -> dict[str, str]:
    known = targets(template.read())
    if not queue:
        return known
    if queue not in known:
        raise Trouble(f"There is no dead-letter queue {queue}; there are {', '.join(known)}.")
    return {queue: known[queue]}


def main() -> None:
    asked = argparse.ArgumentParser(prog="make redrive")
    asked.add_argument("--queue", default="")
    asked.add_argument("--stack", default="")
    wish = asked.parse_args()
    pairs = chosen(wish.queue)
    queues = deployed(wish.stack)
    for dead, meant_for in pairs.items():
        depth = queues.depth(dead)
        moved = redrive(queues, dead, meant_for) if depth else 0
        say(f"{dead:24} {depth:4} waiting, {moved:4} sent again to {meant_for}")


if __name__ == "__main__":
    with plain():
        main()
