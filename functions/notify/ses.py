"""Letters out, through SES.

`send` asks once. A letter whose answer did not come in time is taken for sent: SES had it, and
two letters are worse than one unconfirmed. Everything SES refuses is left to the queue, which
tries again and then keeps it for `make redrive`: even MessageRejected, for its usual cause is an
identity not verified yet. Only an address that cannot exist is refused for good.
"""

import os
import re
from email.utils import formataddr
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from common import aws
from notify.letter import CONTROLS, Letter
from notify.provider import Unavailable, Unreachable

if TYPE_CHECKING:
    from mypy_boto3_sesv2.type_defs import MessageTypeDef

# One bare address: nothing that could end it, add another or open a header (RFC 5322 §3.4).
ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f,;:<>()\[\]\\\"@]+@[^\s\x00-\x1f\x7f,;:<>()\[\]\\\"@]+")
CHARSET = "UTF-8"


def send(to: str, letter: Letter, message_id: str) -> bool:
    """Hand *letter* over. False when SES took it but the answer was lost.

    Raise Unreachable or Unavailable, and then nothing was sent.
    """
    if not ADDRESS.fullmatch(to):
        raise Unreachable
    try:
        aws.sesv2().send_email(
            FromEmailAddress=_sender(),
            Destination={"ToAddresses": [to]},
            Content={"Simple": _content(letter)},
            EmailTags=[{"Name": "message_id", "Value": message_id}],
        )
    except ReadTimeoutError:
        return False
    except (ClientError, BotoCoreError) as failure:
        raise Unavailable from failure
    return True


def _content(letter: Letter) -> "MessageTypeDef":
    return {
        "Subject": {"Data": letter.subject, "Charset": CHARSET},
        "Body": {
            "Text": {"Data": letter.plain, "Charset": CHARSET},
            "Html": {"Data": letter.html, "Charset": CHARSET},
        },
    }


def _sender() -> str:
    """The shop's name before its address, quoted or encoded as mail wants it (RFC 2047)."""
    name = CONTROLS.sub(" ", os.environ["SHOP_NAME"])
    return formataddr((name, os.environ["SENDER_ADDRESS"]))
