"""checkov over the expanded template, held against what is let through and why.

Runs in an environment of its own and asks nobody on the network. A finding that is not explained
below fails, and so does an explanation that nothing needs any more.
"""

import json
import subprocess
import sys
from collections import Counter
from typing import Any

from local.console import Trouble, plain, say
from local.lint import PLACE, expanded
from local.places import ENVIRONMENTS

EXCEPTIONS = {
    "CKV_AWS_18": "only roles of this stack reach the buckets: one holds what the catalogue shows"
    " anyway, the other archives that their owners alone are led to, once each time",
    "CKV_AWS_21": "snapshots of the search index are never changed, each has a name of its own, and"
    " `make reindex` makes them anew; old versions of exports would outlive their erasure",
    "CKV_AWS_27": "queues are encrypted with SQS's own key, which the check does not count;"
    " a key of the shop's would also have to be opened to EventBridge",
    "CKV_AWS_115": "reserved concurrency takes from the account's limit, which is 10 in a new"
    " account; queue mappings have MaximumConcurrency, the API its throttling",
    "CKV_AWS_116": "a function's own dead letters serve asynchronous calls: ours are called by the"
    " API, by queues and streams that keep what failed, and each minute anew",
    "CKV_AWS_117": "no function reaches anything inside a network; a VPC would add a NAT gateway"
    " and keep nothing out",
    "CKV_AWS_119": "tables are encrypted with AWS's key for DynamoDB; a key of the shop's is paid"
    " for by the call, and whoever deletes it deletes every table",
    "CKV_AWS_149": "the pepper is encrypted with AWS's key for Secrets Manager; only named roles"
    " of this account may read it, which a key of the shop's would not narrow",
    "CKV_AWS_158": "logs hold ids and no people, and CloudWatch encrypts them with its own key",
    "CKV_AWS_173": "variables hold names, addresses and settings, no secret",
}


def main() -> None:
    PLACE.parent.mkdir(exist_ok=True)
    PLACE.write_text(json.dumps(expanded(), indent=1))
    report = scanned()
    found = Counter(finding["check_id"] for finding in report["results"]["failed_checks"])
    for finding in report["results"]["failed_checks"]:
        if finding["check_id"] not in EXCEPTIONS:
            print(f"{finding['resource']}: {finding['check_id']} {finding['check_name']}")
    stale = EXCEPTIONS.keys() - found
    for check in sorted(stale):
        print(f"{check} is let through, but nothing needs it any more")
    if stale or found.keys() - EXCEPTIONS.keys():
        sys.exit(1)
    passed = report["summary"]["passed"]
    say(f"scan: {passed} checks passed, {len(EXCEPTIONS)} kinds let through with a reason")


def scanned() -> dict[str, Any]:
    """checkov's report on the expanded template; raises Trouble when there is none."""
    done = subprocess.run(
        [
            *(str(ENVIRONMENTS / "scan/bin/checkov"), "--file", str(PLACE)),
            *("--framework", "cloudformation", "--skip-download"),
            *("--output", "json", "--compact", "--quiet", "--soft-fail"),
        ],
        env={"PATH": "/usr/bin:/bin", "HOME": str(PLACE.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        report: dict[str, Any] = json.loads(done.stdout)
        if report["summary"]["parsing_errors"]:
            raise Trouble("checkov could not read the expanded template")
    except (ValueError, KeyError) as unreadable:
        raise Trouble(f"checkov gave no report: {done.stderr.strip()[-300:]}") from unreadable
    return report


if __name__ == "__main__":
    with plain():
        main()
