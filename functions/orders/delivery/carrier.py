"""The carrier's quotes, asked over HTTP where the secret CARRIER_SECRET names one.

The secret is JSON: the carrier's base URL, empty for none, and the key that both sides sign with.

    POST <url>/quotes
    Kabinet-Signature: t=…,v1=…                     (see `signature`)
    {"request_id": "…", "to": {"country", "city", "street", "house", "apartment", "postal_code"},
     "weight_grams": 1200, "value_minor": 250000, "currency": "RUB"}

    200, signed the same way
    {"request_id": "…", "quotes": [{"carrier": "Express", "price_minor": 45000,
                                    "days_min": 1, "days_max": 2}]}

Anything else, or nothing within two seconds, is no answer: the shop's own table is asked then.
"""

import json
import os
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from pydantic import Field, ValidationError

from common import ids, pepper
from common.events import Contract
from common.fields import Minor
from common.logs import logger
from orders.addresses.address import Place
from orders.delivery import signature
from orders.delivery.quote import Method, Way

TIMEOUT_SECONDS = 2.0
LARGEST_ANSWER_BYTES = 64 * 1024

Days = Annotated[int, Field(strict=True, ge=0, le=365)]


class Terms(Contract):
    url: str
    key: str


class Quote(Contract):
    carrier: Annotated[str, Field(min_length=1, max_length=40)]
    price_minor: Minor
    days_min: Days
    days_max: Days


class Quotes(Contract):
    request_id: str
    quotes: Annotated[list[Quote], Field(max_length=20)]


def ways(to: Place, grams: int, value_minor: int, at: datetime) -> list[Way] | None:
    """The carrier's ways to *to*; None without a carrier, or without an answer of its own."""
    terms = _terms()
    if not terms.url:
        return None
    request_id = ids.new(at)
    asked = {"request_id": request_id, "to": asdict(to), "weight_grams": grams}
    asked |= {"value_minor": value_minor, "currency": os.environ["CURRENCY"]}
    try:
        answer = Quotes.model_validate_json(_exchanged(terms, asked, at))
    except (OSError, ValueError, ValidationError) as failure:
        logger.warning("carrier did not answer", error=type(failure).__name__)
        return None
    if answer.request_id != request_id:
        logger.warning("carrier answered something else")
        return None
    return [
        Way(Method.COURIER, quote.carrier, quote.price_minor, quote.days_min, quote.days_max)
        for quote in answer.quotes
    ]


def is_asked() -> bool:
    """Whether there is a carrier who says what a place costs."""
    return bool(_terms().url)


def key() -> bytes:
    """What the shop and its carrier sign with."""
    return _terms().key.encode()


def _terms() -> Terms:
    return Terms.model_validate_json(pepper.secret(os.environ["CARRIER_SECRET"]))


def _exchanged(terms: Terms, asked: dict[str, Any], at: datetime) -> str:
    """The carrier's answer to *asked*. OSError or ValueError where it is none, or not signed."""
    import urllib3

    body = json.dumps(asked, ensure_ascii=False)
    headers = {"Content-Type": "application/json"}
    headers |= {signature.HEADER: signature.signed(terms.key.encode(), body, at)}
    http = urllib3.PoolManager(timeout=TIMEOUT_SECONDS, retries=False)
    ask = partial(http.request, "POST", f"{terms.url}/quotes", preload_content=False)
    try:
        answer = ask(body=body.encode(), headers=headers)
        text = answer.read(LARGEST_ANSWER_BYTES).decode()
    except urllib3.exceptions.HTTPError as failure:
        raise OSError("no answer") from failure
    if not signature.is_genuine(terms.key.encode(), text, answer.headers.get(signature.HEADER), at):
        raise ValueError("not signed by the carrier")
    return text
