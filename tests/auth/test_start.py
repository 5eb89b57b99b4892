"""What a start of the API costs: what only some routes need is not imported by all."""

import subprocess
import sys

RARE = ("argon2", "cryptography", "jwt", "pyotp")
# Only the layer of passkeys brings it, and botocore imports it where it is.
ELSEWHERE = "OpenSSL"


def test_rare_libraries_are_imported_by_the_routes_that_need_them():
    code = (
        f"import sys; sys.modules[{ELSEWHERE!r}] = None; import auth.app; "
        f"print([name for name in {RARE} if name in sys.modules])"
    )
    path = ":".join(entry for entry in sys.path if entry)
    made = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": path, "POWERTOOLS_SERVICE_NAME": "kabinet"},
    )
    assert made.stdout.strip() == "[]"
