"""Places: the country a request comes from, as far as the shop has somebody to ask.

Whoever stands before the API (CloudFront: `CloudFront-Viewer-Country`) tells by a header that
COUNTRY_HEADER names. Without one the country is unknown: a header that clients reach us with
themselves would say whatever they like.
"""

import os
import re

from aws_lambda_powertools.event_handler.api_gateway import BaseRouter

COUNTRY = re.compile(r"[A-Z]{2}")
# What sources write when they do not know (ISO 3166 leaves these to users).
UNKNOWN = {"XX", "ZZ", "T1"}


def country(api: BaseRouter) -> str | None:
    """The country's code (ISO 3166), or None where nobody knows it."""
    header = os.environ["COUNTRY_HEADER"]
    told = (api.current_event.headers.get(header) or "").upper() if header else ""
    return told if COUNTRY.fullmatch(told) and told not in UNKNOWN else None
