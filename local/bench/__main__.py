"""`make bench`: measure, and write the tables into the README."""

import os

from moto import mock_aws

from local.bench import path, table
from local.console import plain, say

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


def main() -> None:
    from cloud import running

    with mock_aws(), running() as cloud:
        steps = path.walk(cloud)
    say(table.costs(steps, {}))
    table.place(table.README, "bench", f"{table.costs(steps, {})}\n\n{table.over(steps)}")


if __name__ == "__main__":
    os.environ |= FAKE
    with plain():
        main()
