"""`make bench`: measure, and write the tables into the README."""

import os

FAKE = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
    "POWERTOOLS_SERVICE_NAME": "kabinet",
    "POWERTOOLS_TRACE_DISABLED": "true",
    "POWERTOOLS_METRICS_NAMESPACE": "Kabinet",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
}
os.environ |= FAKE

from contextlib import redirect_stdout  # noqa: E402
from datetime import UTC, datetime  # noqa: E402
from io import StringIO  # noqa: E402

from moto import mock_aws  # noqa: E402

from local import artefacts, costs, documents  # noqa: E402
from local.bench import instructions, large, packages, path, table  # noqa: E402
from local.bench.instructions import Counted  # noqa: E402
from local.console import plain, say  # noqa: E402


def main() -> None:
    from cloud import running

    say("walking the path, then what is large (some minutes)")
    # What the functions print are metrics.
    with mock_aws(), running() as cloud, redirect_stdout(StringIO()):
        steps, wiring = path.walk(cloud), cloud.wiring
        told, found = large.measure(cloud)
    say("counted units; building, then counting instructions (some minutes)")
    if not artefacts.is_current():
        artefacts.build()
    if not instructions.is_there():
        say("valgrind is missing: instructions are not counted")
    counted = instructions.count(steps, wiring) if instructions.is_there() else Counted()
    sizes = {name: packages.measure(name) for name in ("AuthApi", "CommonLayer")}
    day = datetime.now(UTC).date().isoformat()
    documents.place(documents.README, "bench", table.text(day, steps, counted, sizes))
    documents.place(documents.README, "large", large.text(day, told, found))
    costs.main()


if __name__ == "__main__":
    with plain():
        main()
