"""A pytest plugin: the run of all requests fails on a right that nothing in them needed."""

from collections.abc import Sequence
from typing import Any

import pytest

import rights
from rights import Right


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--shown") == "requests":
        config.pluginmanager.register(Tally(), "rights-tally")


class Tally:
    """The rights that a run of many processes granted and used."""

    def __init__(self) -> None:
        self.granted: set[Right] = set()
        self.used: set[Right] = set()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        found = getattr(node, "workeroutput", {}).get("rights", ((), ()))
        self._add(*(set(map(tuple, rights)) for rights in found))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        for roles in rights.known:
            self._add(roles.granted(), roles.used)
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["rights"] = (list(self.granted), list(self.used))
        elif unused := sorted(self.granted - self.used):
            self._tell(session, [one for one in unused if (one[0], one[3]) not in rights.UNTESTED])

    def _add(self, granted: set[Right], used: set[Right]) -> None:
        self.granted |= granted
        self.used |= used

    def _tell(self, session: pytest.Session, unused: Sequence[Right]) -> None:
        writer = session.config.get_terminal_writer()
        for function, n, kind, value in unused:
            writer.line(f"\n{function}, statement {n + 1}: nothing needs the {kind} {value}")
        if unused:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
