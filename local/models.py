"""botocore's data, cut to what the functions ask for: to read all of it was a sixth of a start.

The common layer carries them, and `common.aws` says where. A new client or call of the functions
is a line in CALLS: tests compare them with the clients there are and the calls that are made.
"""

import gzip
import importlib.util
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

CALLS: Mapping[str, Sequence[str]] = {
    "dynamodb": (
        "BatchGetItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "TransactWriteItems",
        "UpdateItem",
    ),
    "events": ("PutEvents",),
    "kms": ("Decrypt", "Encrypt", "GetPublicKey", "Sign"),
    "pinpoint-sms-voice-v2": ("SendVoiceMessage",),
    # By the address of CreateBucket, forms for uploads are signed.
    "s3": ("CreateBucket", "DeleteObject", "GetObject", "PutObject"),
    "secretsmanager": ("GetSecretValue",),
    "sesv2": ("SendEmail",),
    "sns": (
        "CheckIfPhoneNumberIsOptedOut",
        "CreatePlatformEndpoint",
        "DeleteEndpoint",
        "Publish",
        "SetEndpointAttributes",
    ),
    "sqs": ("ChangeMessageVisibility",),
}
MODEL = "service-2.json"
FOLDER = "aws-models"


def write(place: Path, calls: Mapping[str, Sequence[str]] = CALLS) -> None:
    """Write the models of *calls*, and where their services are, below *place*."""
    data, prefixes = source(), set()
    for service, operations in calls.items():
        version = max(path.name for path in (data / service).iterdir())
        whole = json.loads(gzip.decompress((data / service / version / f"{MODEL}.gz").read_bytes()))
        folder = place / service / version
        folder.mkdir(parents=True)
        (folder / MODEL).write_text(json.dumps(cut(whole, operations), separators=(",", ":")))
        prefixes.add(whole["metadata"]["endpointPrefix"])
    known = json.loads((data / "endpoints.json").read_text())
    for partition in known["partitions"]:
        found = partition["services"].items()
        partition["services"] = {name: where for name, where in found if name in prefixes}
    (place / "endpoints.json").write_text(json.dumps(known, separators=(",", ":")))


def source() -> Path:
    """The data of the botocore that is installed here."""
    found = importlib.util.find_spec("botocore")
    if found is None or found.origin is None:
        raise RuntimeError("botocore is missing")
    return Path(found.origin).parent / "data"


def cut(model: dict[str, Any], operations: Sequence[str]) -> dict[str, Any]:
    """The model of a service with *operations* only, and the shapes that these mention."""
    kept = {name: model["operations"][name] for name in operations}
    used = reachable(kept, model["shapes"])
    shapes = {name: shape for name, shape in model["shapes"].items() if name in used}
    whole = dict(without_words(model | {"operations": kept, "shapes": shapes}))
    # S3's client reads the words of these; without them its first call fails.
    told = {"clientContextParams": model.get("clientContextParams", {})}
    return whole | {name: value for name, value in told.items() if value}


def reachable(operations: dict[str, Any], shapes: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    waiting = mentioned(operations)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += mentioned(shapes[name])
    return found


def mentioned(part: dict[str, Any]) -> list[str]:
    return re.findall(r'"shape": "(\w+)"', json.dumps(part))


def without_words(value: Any) -> Any:
    """*value* without documentation; a member of that name stays."""
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k != "documentation" or isinstance(v, dict)}
        return {k: without_words(v) for k, v in kept.items()}
    return [without_words(part) for part in value] if isinstance(value, list) else value
