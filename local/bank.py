"""The sandbox's bank, told by a developer what to say: for SBP and 3-D Secure on this machine."""

import argparse
import json

from local import clock, deployment, http, stack
from local.console import Trouble, plain, say
from local.stack import Stack
from orders.delivery import signature
from orders.payments.provider import REFERENCE

WEBHOOK = "/v1/payments/webhooks/sandbox"
USAGE = "Say of what and what: make bank PAYMENT=<its payment_url or qr_payload> SAYS=captured"
WORDS = "captured", "authorised", "failed", "void"


def tell(running: Stack, payment: str, word: str) -> str:
    """Have the bank say *word* of the payment that a page or a QR code names; its reference."""
    named = REFERENCE.search(payment)
    if named is None or word not in WORDS:
        raise Trouble(f"{USAGE} ({', '.join(WORDS)})")
    told = {"reference": named[0], "status": word}
    sign = signature.signed(key(running), json.dumps(told), clock.shop_time(running))
    headers = {signature.HEADER: sign}
    http.send("POST", running["api_url"] + WEBHOOK, told, headers).expect(200)
    return named[0]


def key(running: Stack) -> bytes:
    return str(deployment.secret(running["endpoint_url"], "PaymentSecret")["key"]).encode()


def main() -> None:
    asked = argparse.ArgumentParser(prog="make bank")
    asked.add_argument("payment")
    asked.add_argument("word")
    wish = asked.parse_args()
    say(f"{tell(stack.current(), wish.payment, wish.word)} is {wish.word}")


if __name__ == "__main__":
    with plain():
        main()
