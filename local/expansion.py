"""SAM to plain CloudFormation, offline: a template as JSON in, the expanded one out.

Runs under the build tools' Python, which is where aws-sam-translator lives.
"""

import json
import sys
from typing import Any

from samtranslator.translator.transform import transform


class NoManagedPolicies:
    """Nobody to ask for managed policies by bare name: the template uses none."""

    def load(self) -> dict[str, str]:
        return {}


def expand(template: dict[str, Any], parameters: dict[str, str]) -> dict[str, Any]:
    expanded: dict[str, Any] = transform(template, parameters, NoManagedPolicies())
    return expanded


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump(expand(asked["template"], asked["parameters"]), sys.stdout)
