"""The shop's secret for keyed hashes: cursors, refresh tokens, limit keys.

Made by the template in Secrets Manager (PEPPER_SECRET holds its ARN), read on first use and
kept five minutes.
"""

import hashlib
import hmac
import os

from aws_lambda_powertools.utilities.parameters import GetParameterError, SecretsProvider

from common import aws

KEPT_SECONDS = 300
_provider: list[SecretsProvider] = []


def mac(purpose: str, *parts: str) -> bytes:
    """HMAC-SHA-256 of *parts*; the *purpose* keeps one use apart from another (RFC 2104)."""
    message = "\x1f".join((purpose, *parts)).encode()
    return hmac.digest(_secret(), message, hashlib.sha256)


def _secret() -> bytes:
    if not _provider:
        _provider.append(SecretsProvider(boto3_client=aws.secretsmanager()))
    try:
        return str(_provider[0].get(os.environ["PEPPER_SECRET"], max_age=KEPT_SECONDS)).encode()
    except GetParameterError as wrapped:
        # What failed tells the shell whether it will pass; Powertools' wrapping hides it.
        raise (wrapped.__context__ or wrapped) from None
