"""Messages out by messenger: through Telegram where TELEGRAM_SECRET names its token, else kept in
the sandbox.

`to` is the chat in which the customer has spoken to the shop's bot.
"""

import os

from common import pepper
from notify import store, telegram
from notify.message import Channel


def send(to: str, text: str, message_id: str) -> bool:
    """Hand *text* over. False when the messenger took it but the answer was lost.

    Raise Unreachable or Unavailable, and then nothing was sent.
    """
    secret = os.environ["TELEGRAM_SECRET"]
    if not secret:
        store.keep_in_sandbox(Channel.MESSENGER, to, text, message_id)
        return True
    return telegram.send(pepper.secret(secret).decode(), to, text)
