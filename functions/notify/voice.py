"""Calls out: a voice reads the words to whoever picks up, on a mobile or a landline.

With VOICE_ORIGIN, the number that calls, they go through AWS End User Messaging; without, the
sandbox keeps them.
"""

import os
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from common import aws
from common.language import Language
from notify import store
from notify.message import Channel
from notify.provider import Unavailable, Unreachable
from notify.sms import NUMBER

if TYPE_CHECKING:
    from mypy_boto3_pinpoint_sms_voice_v2.literals import VoiceIdType

VOICES: "dict[Language, VoiceIdType]" = {Language.RU: "TATYANA", Language.EN: "JOANNA"}
# What AWS says of a number that it will never call.
HOPELESS = {"ValidationException", "ConflictException"}


def call(to: str, ssml: str, language: Language, message_id: str) -> bool:
    """Have *ssml* read out. False when the provider took it but the answer was lost.

    Raise Unreachable or Unavailable, and then nobody is called.
    """
    if not NUMBER.fullmatch(to):
        raise Unreachable
    if not os.environ["VOICE_ORIGIN"]:
        store.keep_in_sandbox(Channel.VOICE, to, ssml, message_id)
        return True
    try:
        _ask(to, ssml, language)
    except ReadTimeoutError:
        return False
    except ClientError as refused:
        hopeless = refused.response["Error"]["Code"] in HOPELESS
        raise (Unreachable if hopeless else Unavailable) from refused
    except BotoCoreError as failure:
        raise Unavailable from failure
    return True


def _ask(to: str, ssml: str, language: Language) -> None:
    aws.sms_voice().send_voice_message(
        DestinationPhoneNumber=to,
        OriginationIdentity=os.environ["VOICE_ORIGIN"],
        MessageBody=ssml,
        MessageBodyTextType="SSML",
        VoiceId=VOICES[language],
    )
