"""Where a call comes from: as limits count it, and as a session shows it."""

import os
from ipaddress import ip_network

from aws_lambda_powertools.event_handler.api_gateway import BaseRouter

from common import limits

PLACE_V4, PLACE_V6, CUSTOMER_V6 = 24, 48, 64


def of(api: BaseRouter) -> str:
    """The caller's network: its address, or for IPv6 the /64 that one customer gets as a whole."""
    source_ip = _source_ip(api)
    return _prefix(source_ip, CUSTOMER_V6) if ":" in source_ip else source_ip


def place(api: BaseRouter) -> str:
    """The network that stands for a place: coarse, since addresses change from day to day."""
    source_ip = _source_ip(api)
    return _prefix(source_ip, PLACE_V6 if ":" in source_ip else PLACE_V4)


def take(api: BaseRouter, limit: limits.Limit) -> None:
    """Count a call of the caller's network, where its address can be told from others'."""
    if os.environ["NETWORK_LIMITS"] == "on":
        limits.take(limit, of(api))


def _source_ip(api: BaseRouter) -> str:
    """What the gateway saw, never what a header claims."""
    return str(api.current_event.raw_event["requestContext"]["http"]["sourceIp"])


def _prefix(source_ip: str, length: int) -> str:
    return str(ip_network((source_ip, length), strict=False))
