"""Objects in private buckets: by a link whoever has it fetches one, by a form lets one in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from botocore.exceptions import ClientError

from common import aws

# Without the right to list a bucket, S3 denies what is not there.
ABSENT = {"NoSuchKey", "AccessDenied"}


@dataclass(frozen=True, slots=True)
class Form:
    """Where to post a file, with which fields ahead of it."""

    url: str
    fields: Mapping[str, str]


def link(bucket: str, key: str, lives: timedelta, name: str | None = None) -> str:
    """Where the object can be fetched while the link *lives*; as a file of that *name*, if one is
    said."""
    saved = {"ResponseContentDisposition": f'attachment; filename="{name}"'} if name else {}
    return aws.s3_links().generate_presigned_url(
        "get_object",
        Params={"Bucket": bucket, "Key": key, **saved},
        ExpiresIn=int(lives.total_seconds()),
    )


def form(
    bucket: str, key: str, lives: timedelta, most_bytes: int, content_type: str | None = None
) -> Form:
    """What lets a file in at *key* and no other place while the form *lives*: of that type, if one
    is said, not empty, and of *most_bytes* at most."""
    named = {"Content-Type": content_type} if content_type else {}
    signed = aws.s3_links().generate_presigned_post(
        bucket,
        key,
        Fields=dict(named),
        Conditions=[*([named] if named else []), ["content-length-range", 1, most_bytes]],
        ExpiresIn=int(lives.total_seconds()),
    )
    return Form(signed["url"], signed["fields"])


def is_absent(failure: ClientError) -> bool:
    """Whether what was asked for is not there."""
    return failure.response["Error"]["Code"] in ABSENT
