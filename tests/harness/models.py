"""How the stateful models are run: the same every time, and quickly."""

from hypothesis import HealthCheck, Phase, settings

# What ships is held to its model.
QUIET = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=60,
    stateful_step_count=25,
    suppress_health_check=list(HealthCheck),
)
# A planted bug is to be found, not made small.
HUNTING = settings(QUIET, phases=[Phase.generate], report_multiple_bugs=False, max_examples=1000)
