"""Where pictures may come from: only from hosts that the shop named. Pure."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*([./][A-Za-z0-9_-]+)*")
URL = re.compile(r"https://[a-z0-9.-]+/[!-~]*")


def address(picture: str, hosts: Sequence[str]) -> str | None:
    """The address of *picture*, a URL or a key on the first of *hosts*; None where it is neither
    on one of them."""
    if hosts and KEY.fullmatch(picture):
        return f"https://{hosts[0]}/{picture}"
    is_ours = URL.fullmatch(picture) and urlsplit(picture).netloc in hosts
    return picture if is_ours else None
