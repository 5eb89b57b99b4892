"""AWS clients: made on first use, once a process, never at import (SnapStart would freeze them)."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.session import Session

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_pinpoint_sms_voice_v2 import PinpointSMSVoiceV2Client
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

# Three attempts of at most 3 s with short waits stay inside a function's 10 seconds.
CONFIG = Config(
    connect_timeout=1,
    read_timeout=3,
    retries={"mode": "standard", "total_max_attempts": 3},
    tcp_keepalive=True,
)
# A message whose answer was lost may be on its way: only the queue decides to send it again.
ONCE = CONFIG.merge(Config(read_timeout=5, retries={"mode": "standard", "total_max_attempts": 1}))
# A link names its region's host: the global one sends those who want a young bucket elsewhere,
# where the signature is no longer good.
LINKS = CONFIG.merge(Config(s3={"addressing_style": "virtual"}))


# What the layer brings of botocore's data, cut to the calls that functions make: to read all of it
# was a sixth of a cold start. What is not there, botocore reads from its own.
MODELS = Path(__file__).parents[1] / "aws-models"


@cache
def _session() -> Session:
    session = Session()
    session.set_config_variable("data_path", str(MODELS))
    return session


@cache
def _client(service: str, config: Config = CONFIG) -> Any:
    return _session().create_client(service, config=config)


def dynamodb() -> "DynamoDBClient":
    return _client("dynamodb")  # type: ignore[no-any-return]


def events() -> "EventBridgeClient":
    return _client("events")  # type: ignore[no-any-return]


def kms() -> "KMSClient":
    return _client("kms")  # type: ignore[no-any-return]


def s3() -> "S3Client":
    return _client("s3")  # type: ignore[no-any-return]


def s3_links() -> "S3Client":
    """The client that signs links to objects, and calls nobody."""
    return _client("s3", LINKS)  # type: ignore[no-any-return]


def secretsmanager() -> "SecretsManagerClient":
    return _client("secretsmanager")  # type: ignore[no-any-return]


def sesv2() -> "SESV2Client":
    return _client("sesv2", ONCE)  # type: ignore[no-any-return]


def sns() -> "SNSClient":
    return _client("sns", ONCE)  # type: ignore[no-any-return]


def sns_endpoints() -> "SNSClient":
    """The client for what SNS may be asked again: a device's endpoint, and not a message to it."""
    return _client("sns")  # type: ignore[no-any-return]


def sms_voice() -> "PinpointSMSVoiceV2Client":
    return _client("pinpoint-sms-voice-v2", ONCE)  # type: ignore[no-any-return]


def sqs() -> "SQSClient":
    return _client("sqs")  # type: ignore[no-any-return]
