"""Telegram's Bot API (https://core.telegram.org/bots/api#sendmessage): one text to one chat."""

import json
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from notify.provider import Unavailable, Unreachable

if TYPE_CHECKING:
    from urllib3 import PoolManager

API = "https://api.telegram.org"
# The chat is gone, or its owner has blocked the bot.
HOPELESS = {HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN}


def send(token: str, chat: str, text: str) -> bool:
    """Hand *text* over. False when Telegram may have it but the answer was lost.

    Raise Unreachable or Unavailable, and then nothing was sent. The token is part of the address,
    so no failure is passed on with its words.
    """
    from urllib3.exceptions import HTTPError, ReadTimeoutError

    body = json.dumps({"chat_id": chat, "text": text}).encode()
    kind = {"Content-Type": "application/json"}
    try:
        answer = _pool().request("POST", f"{API}/bot{token}/sendMessage", body=body, headers=kind)
    except ReadTimeoutError:
        return False
    except HTTPError:
        raise Unavailable from None
    if answer.status in HOPELESS:
        raise Unreachable
    if answer.status != HTTPStatus.OK:
        raise Unavailable
    return True


@cache
def _pool() -> "PoolManager":
    """Kept between calls; asks once, like every port that cannot take a message back."""
    from urllib3 import PoolManager, Timeout

    return PoolManager(timeout=Timeout(connect=1, read=5), retries=False)
