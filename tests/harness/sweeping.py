"""The fault sweep as a part of pytest: `--exhaustive` runs all of it, and tells what it ran."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--exhaustive", action="store_true", help="every fault, not a sample")


@pytest.fixture
def exhaustive(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--exhaustive"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many runs there were, how many ended otherwise, and which took longest."""
    stats = terminalreporter.stats
    reports = [*stats.get("passed", []), *stats.get("failed", [])]
    swept = [found for report in reports for found in _of(report)]
    if swept:
        violations = sum(violated for _, violated, _, _ in swept)
        runs, seconds, name = sum(n for n, _, _, _ in swept), *max(s[2:] for s in swept)
        told = f"{runs} runs, {violations} violations, the slowest {seconds:.2f} s: {name}"
        terminalreporter.write_line(f"fault sweep: {told}")


def _of(report: pytest.TestReport) -> list[tuple[int, int, float, str]]:
    found = [v for k, v in getattr(report, "user_properties", []) if k == "swept"]
    return [tuple(value) for value in found]
