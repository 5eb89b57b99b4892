"""What the journeys share: one deployed stack for all of them."""

import pytest

from local import stack


@pytest.fixture(scope="session")
def running():
    """The facts of a stack with the demo shop in it; what a journey did there stays."""
    with stack.running() as running:
        yield running
