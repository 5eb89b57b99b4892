"""The roles of the deployed functions, as the emulator's IAM enforces them.

That what they need is allowed, every journey shows; here, that the rest is not.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import pytest
from botocore.exceptions import ClientError

from local import aws, deployment, http, journey, template

TEMPLATE = template.read()
FUNCTIONS = [name for name, _ in template.resources(TEMPLATE, "AWS::Serverless::Function")]
TABLES = [name for name, _ in template.tables(TEMPLATE)]


@pytest.fixture(scope="module")
def physical(running):
    return deployment.find(running["endpoint_url"]).resources


def role_of(running, function):
    configuration = aws.client("lambda", running["endpoint_url"]).get_function_configuration
    return configuration(FunctionName=function)["Role"]


def in_role(running, role):
    """A client of DynamoDB with what the role may do, and no more."""
    sts = aws.client("sts", running["endpoint_url"])
    keys = sts.assume_role(RoleArn=role, RoleSessionName="rights")["Credentials"]
    return boto3.client(
        "dynamodb",
        region_name=aws.REGION,
        endpoint_url=running["endpoint_url"],
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


@contextmanager
def without_its_own_policies(running, role) -> Iterator[None]:
    """The role with only what it shares with other functions; restored afterwards."""
    iam, name = aws.client("iam", running["endpoint_url"]), role.rpartition("/")[2]
    policies = iam.list_role_policies(RoleName=name)["PolicyNames"]
    kept = [iam.get_role_policy(RoleName=name, PolicyName=policy) for policy in policies]
    for policy in kept:
        iam.delete_role_policy(RoleName=name, PolicyName=policy["PolicyName"])
    try:
        yield
    finally:
        for policy in kept:
            document = as_text(policy["PolicyDocument"])
            iam.put_role_policy(
                RoleName=name, PolicyName=policy["PolicyName"], PolicyDocument=document
            )


def as_text(document):
    return document if isinstance(document, str) else json.dumps(document)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_function_may_look_through_a_table_or_drop_it(running, physical, function):
    dynamodb = in_role(running, role_of(running, physical[function]))

    for table in TABLES:
        for forbidden in (dynamodb.scan, dynamodb.delete_table):
            with pytest.raises(ClientError, match="AccessDenied"):
                forbidden(TableName=physical[table])


def test_a_right_taken_away_is_missed_at_once(running, physical):
    agent = journey.Visitor(running, lambda _: None)
    agent.sign_in(running["agent"])
    headers = {"Authorization": f"Bearer {agent.token}"}

    def status():
        return http.send("GET", running["api_url"] + journey.SUMMARY, None, headers).status

    assert status() == 200
    with without_its_own_policies(running, role_of(running, physical["InsightsApi"])):
        assert status() == 500
    assert status() == 200
