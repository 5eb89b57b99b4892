"""Where a call comes from: as limits count it, and as a session shows it."""

from ipaddress import ip_network

PLACE_V4, PLACE_V6, CUSTOMER_V6 = 24, 48, 64


def of(source_ip: str) -> str:
    """The caller's network: its address, or for IPv6 the /64 that one customer gets as a whole."""
    return _prefix(source_ip, CUSTOMER_V6) if ":" in source_ip else source_ip


def place(source_ip: str) -> str:
    """The network that stands for a place: coarse, since addresses change from day to day."""
    return _prefix(source_ip, PLACE_V6 if ":" in source_ip else PLACE_V4)


def _prefix(source_ip: str, length: int) -> str:
    return str(ip_network((source_ip, length), strict=False))
