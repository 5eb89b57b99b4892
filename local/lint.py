"""cfn-lint over the expanded template: it sees what the SAM form hides from it."""

import json
import subprocess
import sys

from local import deployment, template
from local.console import plain
from local.places import ENVIRONMENTS, ROOT

PLACE = ROOT / ".local/expanded.json"
VALUES = {"Architecture": "arm64", "PublicUrl": "https://shop.example", "SenderAddress": "a@b.ru"}
VALUES |= {"LegalName": "Shop", "LegalTaxNumber": "7701234567", "LegalAddress": "Moscow"}


def expanded() -> template.Template:
    """The real template as CloudFormation will see it, with stand-ins for the uploads."""
    source = template.read()
    for kind, key in deployment.CODE.items():
        for name, properties in template.resources(source, kind):
            properties[key] = f"s3://artefacts/{name}.zip"
    source["Globals"]["Function"].pop("CodeUri")
    return deployment.expand(source, VALUES)


def main() -> None:
    PLACE.parent.mkdir(exist_ok=True)
    PLACE.write_text(json.dumps(expanded(), indent=1))
    linter = ENVIRONMENTS / "build/bin/cfn-lint"
    # W2001: SAM writes the values of some parameters into its output and leaves them unused.
    done = subprocess.run([str(linter), "--ignore-checks", "W2001", "--", str(PLACE)], check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    with plain():
        main()
