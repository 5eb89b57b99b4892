"""Fixtures for every capability: one fake AWS a run, empty for each test."""

import os
from collections.abc import Iterator

for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
    os.environ.pop(name, None)
os.environ |= {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
    "POWERTOOLS_SERVICE_NAME": "kabinet",
    "POWERTOOLS_TRACE_DISABLED": "true",
    "POWERTOOLS_METRICS_NAMESPACE": "Kabinet",
}

import pytest
from hypothesis import HealthCheck, settings
from moto import mock_aws

import cloud as stack

# A machine that is busy is no failure.
settings.register_profile(
    "patient", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")

pytest_plugins = ["tally", "shown", "races", "sweeping", "parts"]


@pytest.fixture(scope="session")
def _stack() -> Iterator[stack.Cloud]:
    """Building the stack costs more than a whole test."""
    with mock_aws(), stack.running() as running:
        yield running


@pytest.fixture
def cloud(_stack: stack.Cloud) -> Iterator[stack.Cloud]:
    """The stack, empty."""
    yield _stack
    _stack.reset()
