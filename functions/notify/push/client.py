"""SNS mobile push: an endpoint for each token, and notes to it.

To make an endpoint and to delete it may be asked again; to publish is asked once, as for letters.
"""

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from common import aws
from notify.provider import Gone, Unavailable
from notify.push import note as notes
from notify.push.device import Platform
from notify.push.note import Note

if TYPE_CHECKING:
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef

APPLICATIONS = {Platform.ANDROID: "PUSH_ANDROID", Platform.IOS: "PUSH_IOS"}
# The application was removed from the device, or its token is none or no longer one.
HOPELESS = {"EndpointDisabled", "NotFound"}
MISNAMED = re.compile(r"Invalid parameter: (Token|TargetArn|EndpointArn)\b")
# How SNS names the endpoint that has the token already, under other attributes.
STANDING = re.compile(r"Endpoint (arn:\S+) already exists")


def application(platform: Platform) -> str:
    """The ARN of SNS's platform application; empty where none is set up."""
    return os.environ[APPLICATIONS[platform]]


def endpoint(application: str, token: str) -> str:
    """The endpoint of *token*, which takes pushes now. Raise Gone or Unavailable."""
    sns = aws.sns_endpoints()
    try:
        arn = _made(application, token)
        good = {"Enabled": "true", "Token": token}
        sns.set_endpoint_attributes(EndpointArn=arn, Attributes=good)
    except (ClientError, BotoCoreError) as failure:
        raise _meaning(failure) from failure
    return arn


def publish(endpoint: str, note: Note) -> bool:
    """Hand *note* over. False when SNS took it but the answer was lost.

    Raise Gone or Unavailable, and then nothing was sent.
    """
    service = notes.service(endpoint)
    try:
        aws.sns().publish(
            TargetArn=endpoint,
            MessageStructure="json",
            Message=notes.payload(note, service),
            MessageAttributes=_attributes(notes.attributes(note, service)),
        )
    except ReadTimeoutError:
        return False
    except (ClientError, BotoCoreError) as failure:
        raise _meaning(failure) from failure
    return True


def forget(endpoint: str) -> None:
    """Let SNS forget the token behind *endpoint*; again is no harm. Raise Unavailable."""
    for is_last in (False, True):  # botocore takes SNS's Throttled for nothing that passes
        try:
            aws.sns_endpoints().delete_endpoint(EndpointArn=endpoint)
        except (ClientError, BotoCoreError) as failure:
            if is_last:
                raise Unavailable from failure
        else:
            return


def _made(application: str, token: str) -> str:
    try:
        answer = aws.sns_endpoints().create_platform_endpoint(
            PlatformApplicationArn=application, Token=token
        )
    except ClientError as refused:
        if standing := STANDING.search(_words(refused)):
            return standing[1]
        raise
    return answer["EndpointArn"]


def _meaning(failure: ClientError | BotoCoreError) -> Exception:
    if not isinstance(failure, ClientError):
        return Unavailable()
    hopeless = failure.response["Error"]["Code"] in HOPELESS or MISNAMED.search(_words(failure))
    return Gone() if hopeless else Unavailable()


def _words(refused: ClientError) -> str:
    return refused.response["Error"].get("Message", "")


def _attributes(told: Mapping[str, str]) -> "dict[str, MessageAttributeValueTypeDef]":
    return {
        f"AWS.SNS.MOBILE.{name}": {"DataType": "String", "StringValue": value}
        for name, value in told.items()
    }
