"""What the buckets of the fake AWS hold, to be brought back, and forms posted to them."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from moto.backends import get_backend

from wiring import ACCOUNT

type Objects = dict[tuple[str, str], bytes]


def stored() -> Objects:
    buckets = get_backend("s3")[ACCOUNT]["aws"].buckets
    return {
        (bucket.name, key): item.value
        for bucket in buckets.values()
        for key, item in bucket.keys.items()
    }


def bring_back(objects: Objects) -> None:
    """Let the buckets hold *objects* and nothing else."""
    backend = get_backend("s3")[ACCOUNT]["aws"]
    for bucket in backend.buckets.values():
        bucket.keys.clear()
    for (bucket, key), value in objects.items():
        backend.put_object(bucket, key, value)


def post(url: str, fields: Mapping[str, str], body: bytes, passed: timedelta = timedelta()) -> bool:
    """Whether S3 takes *body* by a signed form once that much time has passed; then it is there.

    moto looks at no policy: this holds the fields and the size against each of its conditions.
    """
    policy = json.loads(base64.b64decode(fields["policy"]))
    sent = {name.lower(): value for name, value in fields.items()}
    sent |= {"bucket": str(urlsplit(url).hostname).split(".")[0]}
    ends = datetime.fromisoformat(policy["expiration"])
    met = [_meets(condition, sent, len(body)) for condition in policy["conditions"]]
    if datetime.now(UTC) + passed >= ends or not all(met) or not _all_named(policy, sent):
        return False
    get_backend("s3")[ACCOUNT]["aws"].put_object(sent["bucket"], sent["key"], body)
    return True


def _meets(condition: Any, sent: Mapping[str, str], size: int) -> bool:
    if isinstance(condition, dict):
        [(name, value)] = condition.items()
        return sent.get(name.lower()) == value
    kind, low, high = condition
    assert kind == "content-length-range", condition
    return bool(low <= size <= high)


def _all_named(policy: Any, sent: Mapping[str, str]) -> bool:
    """A field that no condition names is refused too."""
    named = {name.lower() for c in policy["conditions"] if isinstance(c, dict) for name in c}
    return sent.keys() - named <= {"policy", "x-amz-signature"}
