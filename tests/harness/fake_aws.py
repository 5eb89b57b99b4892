"""What the template declares, created in moto: tables, keys, the bus, queues and rules."""

import json
from functools import cache
from typing import Any

import boto3

from wiring import ACCOUNT, REGION, Wiring


def create() -> Wiring:
    """Create every resource that code talks to; return the wiring with their names."""
    physical: dict[str, dict[str, str]] = {}
    wiring = Wiring(_Lazy(physical))
    for kind, make in MAKERS.items():
        for name, properties in wiring.resources(kind).items():
            physical[name] = make(name, wiring.resolve(_own(properties)))
    for platform in ("GCM", "APNS"):
        client("sns").create_platform_application(Name="kabinet", Platform=platform, Attributes={})
    client("sesv2").create_email_identity(EmailIdentity=wiring.parameters["SenderAddress"])
    return Wiring(physical)


@cache
def client(service: str) -> Any:
    """Building a client costs more than most calls."""
    return boto3.client(service)


class _Lazy(dict[str, dict[str, str]]):
    """Stands in while functions' variables cannot be resolved yet."""

    def __init__(self, physical: dict[str, dict[str, str]]) -> None:
        super().__init__()
        self.physical = physical

    def __missing__(self, name: str) -> Any:
        return self.physical.get(name) or _Unknown()


class _Unknown(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _own(properties: dict[str, Any]) -> dict[str, Any]:
    """Without policies, which moto does not enforce."""
    return {k: v for k, v in properties.items() if k != "KeyPolicy"}


def _table(name: str, properties: dict[str, Any]) -> dict[str, str]:
    wanted = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
    made = client("dynamodb").create_table(
        TableName=name, **{k: properties[k] for k in wanted if k in properties}
    )["TableDescription"]
    return {"Ref": name, "Arn": made["TableArn"], "StreamArn": f"{made['TableArn']}/stream/1"}


def _key(name: str, properties: dict[str, Any]) -> dict[str, str]:
    wanted = {k: properties[k] for k in ("KeySpec", "KeyUsage") if k in properties}
    made = client("kms").create_key(**wanted)["KeyMetadata"]
    return {"Ref": made["KeyId"], "Arn": made["Arn"]}


def _secret(name: str, properties: dict[str, Any]) -> dict[str, str]:
    text = properties.get("SecretString") or _generated(properties["GenerateSecretString"])
    made = client("secretsmanager").create_secret(Name=name, SecretString=text)
    return {"Ref": made["ARN"]}


def _generated(wanted: dict[str, Any]) -> str:
    text = "p" * wanted["PasswordLength"]
    if "SecretStringTemplate" in wanted:
        known = json.loads(wanted["SecretStringTemplate"])
        text = json.dumps(known | {wanted["GenerateStringKey"]: text})
    return text


def _bucket(name: str, properties: dict[str, Any]) -> dict[str, str]:
    bucket = f"kabinet-{name.lower()}"
    where = {"LocationConstraint": REGION}
    boto3.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
    return {"Ref": bucket, "Arn": f"arn:aws:s3:::{bucket}"}


def _bus(name: str, properties: dict[str, Any]) -> dict[str, str]:
    made = client("events").create_event_bus(Name=properties["Name"])
    return {"Ref": properties["Name"], "Arn": made["EventBusArn"]}


def _queue(name: str, properties: dict[str, Any]) -> dict[str, str]:
    kinds = ("FifoQueue", "ContentBasedDeduplication")
    attributes = {kind: "true" for kind in kinds if properties.get(kind)}
    made = client("sqs").create_queue(QueueName=properties["QueueName"], Attributes=attributes)
    url = made["QueueUrl"]
    return {"Ref": url, "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{properties['QueueName']}"}


def _redrive(queue_url: str, policy: dict[str, Any]) -> None:
    client("sqs").set_queue_attributes(
        QueueUrl=queue_url, Attributes={"RedrivePolicy": json.dumps(policy)}
    )


def _rule(name: str, properties: dict[str, Any]) -> dict[str, str]:
    events, bus = client("events"), properties["EventBusName"]
    pattern = json.dumps(properties["EventPattern"])
    made = events.put_rule(Name=name, EventBusName=bus, EventPattern=pattern)
    known = ("Id", "Arn", "SqsParameters")
    targets = [{k: t[k] for k in known if k in t} for t in properties["Targets"]]
    events.put_targets(Rule=name, EventBusName=bus, Targets=targets)
    return {"Ref": name, "Arn": made["RuleArn"]}


def _function(name: str, properties: dict[str, Any]) -> dict[str, str]:
    return {"Ref": name, "Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"}


def set_redrives(wiring: Wiring) -> None:
    """Dead-letter queues, once every queue exists."""
    for name, properties in wiring.resources("AWS::SQS::Queue").items():
        if "RedrivePolicy" in properties:
            _redrive(wiring.physical[name]["Ref"], wiring.resolve(properties["RedrivePolicy"]))


MAKERS = {
    "AWS::DynamoDB::Table": _table,
    "AWS::KMS::Key": _key,
    "AWS::SecretsManager::Secret": _secret,
    "AWS::Events::EventBus": _bus,
    "AWS::S3::Bucket": _bucket,
    "AWS::SQS::Queue": _queue,
    "AWS::Events::Rule": _rule,
    "AWS::Serverless::Function": _function,
}
