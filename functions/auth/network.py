"""Where a call comes from, as limits count it."""

from ipaddress import IPv6Network


def of(source_ip: str) -> str:
    """The caller's network: its address, or for IPv6 the /64 that one customer gets as a whole."""
    if ":" not in source_ip:
        return source_ip
    return str(IPv6Network((source_ip, 64), strict=False))
