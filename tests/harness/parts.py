"""A pytest plugin: `--part` runs one part of the tests, so that the units answer within a minute.

`units` are what a change breaks first; `beside` looks at the product as a whole, lets a sample of
AWS's calls fail and requests meet; `races` are those meetings alone.
"""

from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
# The role matrix counts as units: a right that nothing in them needed is superfluous (tally.py).
MATRIX = TESTS / "test_rights.py"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--part", choices=["units", "beside", "races"], help="run a part of the tests")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = config.getoption("--part")
    if wanted:
        config.hook.pytest_deselected(items=[i for i in items if wanted not in _parts(i)])
        items[:] = [item for item in items if wanted in _parts(item)]


def _parts(item: pytest.Item) -> set[str]:
    if "at_once" in getattr(item, "fixturenames", ()):
        return {"beside", "races"}
    is_whole = item.path.parent in (TESTS, TESTS / "faults") and item.path != MATRIX
    return {"beside"} if is_whole else {"units"}
