"""SMS out, through SNS.

`send` asks once, as for letters: a text whose answer did not come in time is taken for sent. SNS
takes a text for a number whose owner wants none, and drops it; so it is asked first, and where it
does not answer the text goes.
"""

import os
import re
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from common import aws
from common.logs import logger
from notify import segments
from notify.provider import OptedOut, Unavailable, Unreachable

if TYPE_CHECKING:
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef

NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164


def send(to: str, text: str) -> bool:
    """Hand *text* over. False when SNS took it but the answer was lost.

    Raise Unreachable for what is no number or takes too many segments, OptedOut, or Unavailable;
    then nothing was sent.
    """
    if not NUMBER.fullmatch(to) or segments.count(text) > segments.MOST:
        raise Unreachable
    if _is_opted_out(to):
        raise OptedOut
    try:
        aws.sns().publish(PhoneNumber=to, Message=text, MessageAttributes=_attributes())
    except ReadTimeoutError:
        return False
    except (ClientError, BotoCoreError) as failure:
        raise Unavailable from failure
    return True


def _is_opted_out(number: str) -> bool:
    try:
        return aws.sns().check_if_phone_number_is_opted_out(phoneNumber=number)["isOptedOut"]
    except (ClientError, BotoCoreError) as failure:
        logger.warning("opt-out unknown", error=type(failure).__name__)
        return False


def _attributes() -> "dict[str, MessageAttributeValueTypeDef]":
    told = {"SMSType": "Transactional", "SenderID": os.environ["SMS_SENDER_ID"]}
    return {
        f"AWS.SNS.SMS.{name}": {"DataType": "String", "StringValue": value}
        for name, value in told.items()
        if value
    }
