"""boto3 clients of the local stack."""

from functools import cache
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

REGION = "eu-central-1"
ROOT_KEY = "test"  # the emulator's own user, who may do everything
PATIENT = Config(retries={"total_max_attempts": 1}, read_timeout=120)


@cache
def session() -> boto3.Session:
    """Blind to the person's own AWS settings: a profile that is set must not matter here."""
    blind = botocore.session.Session(session_vars={"profile": (None, None, None, None)})
    return boto3.Session(ROOT_KEY, ROOT_KEY, region_name=REGION, botocore_session=blind)


def client(name: Any, endpoint: str) -> Any:
    """A client of the service *name* at *endpoint*, whatever AWS profile the person has."""
    return session().client(name, endpoint_url=endpoint, config=PATIENT)
