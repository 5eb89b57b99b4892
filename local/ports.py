"""Ports of 127.0.0.1 for a stack's servers, the same from one run to the next where possible."""

import json
import socket
from typing import cast

from local.places import Home

USUAL = {"emulator": 4566, "site": 4567, "openid": 4568}


def choose(home: Home, server: str) -> int:
    """A free port: the last run's, else the usual one, else any; remembered for the next run."""
    known: dict[str, int] = USUAL
    if home.ports.exists():
        known = USUAL | json.loads(home.ports.read_text())
    wanted = known[server]
    port = wanted if is_free(wanted) else any_free()
    home.ports.write_text(json.dumps(known | {server: port}))
    return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # A connection that was just closed does not keep the port from being served again.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def any_free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return cast(int, probe.getsockname()[1])
