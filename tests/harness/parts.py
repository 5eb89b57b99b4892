"""A pytest plugin: `--part` runs one part of the tests, so that the units answer within a minute.

`units` are what a change breaks first: the domain, the stores and the mechanisms below. `requests`
go through the handlers, and events after them; `beside` looks at the product as a whole, lets a
sample of AWS's calls fail and requests meet; `races` are those meetings alone.
"""

from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
# The role matrix goes with the requests: a right that no request needs is superfluous (tally.py).
MATRIX = TESTS / "test_rights.py"
PARTS = ["units", "requests", "beside", "races"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--part", choices=PARTS, help="run a part of the tests")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = config.getoption("--part")
    if wanted:
        config.hook.pytest_deselected(items=[i for i in items if wanted not in _parts(i)])
        items[:] = [item for item in items if wanted in _parts(item)]


def _parts(item: pytest.Item) -> set[str]:
    fixtures = getattr(item, "fixturenames", ())
    if "at_once" in fixtures:
        return {"beside", "races"}
    if item.path.parent in (TESTS, TESTS / "faults") and item.path != MATRIX:
        return {"beside"}
    is_request = "cloud" in fixtures and item.path.parent != TESTS / "common"
    return {"requests"} if is_request else {"units"}
