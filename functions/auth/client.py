"""The client at the other end of a request: its device, its country, whom it may be."""

import os
import re
from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import BaseRouter
from pydantic import Field

from auth import logins, phones
from auth.session.session import Device
from common import fields, networks
from common.errors import Invalid

COUNTRY = re.compile(r"[A-Z]{2}")
# What sources write when they do not know.
NOWHERE = {"XX", "ZZ"}
PLATFORM = re.compile(r'"?([A-Za-z0-9 ._-]{1,32})"?')

DeviceName = Annotated[
    fields.OwnLine,
    Field(max_length=60, description="What the list of sessions shows the device as"),
]

Login = Annotated[str, Field(min_length=1, max_length=254)]


def device(api: BaseRouter, name: str | None) -> Device:
    """The device as it tells of itself (User-Agent Client Hints), and from where: a hint to what is
    unusual, and never a proof."""
    hint = PLATFORM.fullmatch(api.current_event.headers.get("sec-ch-ua-platform") or "")
    return Device(name, hint[1] if hint else None, networks.place(api), country(api))


def country(api: BaseRouter) -> str | None:
    """The country's code (ISO 3166) by whoever stands before the API, named by COUNTRY_HEADER.

    None where nobody does or knows: what clients write themselves would be whatever they like.
    """
    header = os.environ["COUNTRY_HEADER"]
    told = (api.current_event.headers.get(header) or "").upper() if header else ""
    return told if COUNTRY.fullmatch(told) and told not in NOWHERE else None


def countries() -> list[str]:
    """The countries whose numbers are served; a number without a country's code is of the first."""
    return os.environ["SERVED_COUNTRIES"].split(",")


def reached(typed: str) -> str:
    """The login in its one form. Invalid where a code could not reach it."""
    login = logins.canonical(typed, countries())
    if login is None:
        raise Invalid(errors=[{"field": "body.login", "code": "login"}])
    if "@" not in login and not phones.is_served(login, countries()):
        raise Invalid(errors=[{"field": "body.login", "code": "phone_not_served"}])
    return login
