"""The shop's secret for keyed hashes: cursors, refresh tokens, limit keys.

Made by the template in Secrets Manager (PEPPER_SECRET holds its ARN). Like every secret it is
read on first use and kept five minutes.
"""

import hashlib
import hmac
import os
import time

from common import aws

KEPT_SECONDS = 300
_kept: dict[str, tuple[float, bytes]] = {}


def mac(purpose: str, *parts: str) -> bytes:
    """HMAC-SHA-256 of *parts*; the *purpose* keeps one use apart from another (RFC 2104)."""
    message = "\x1f".join((purpose, *parts)).encode()
    return hmac.digest(secret(os.environ["PEPPER_SECRET"]), message, hashlib.sha256)


def secret(arn: str) -> bytes:
    """The secret named *arn*, as it was at most five minutes ago."""
    # Powertools' parameters would import all of boto3.
    read_at, value = _kept.get(arn, (float("-inf"), b""))
    if time.monotonic() - read_at > KEPT_SECONDS:
        value = aws.secretsmanager().get_secret_value(SecretId=arn)["SecretString"].encode()
        _kept[arn] = time.monotonic(), value
    return value
