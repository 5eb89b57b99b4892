"""The files of pictures, in a private bucket.

uploads/<upload id>          what a customer sent; gone within a day whatever becomes of it
pictures/<picture>/<side>    a picture made anew; nobody can guess the name
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from botocore.exceptions import ClientError

from auth.avatar.avatar import (
    LARGEST_BYTES,
    SIZES,
    UPLOAD_VALID,
    NothingUploaded,
    PictureTooLarge,
    Upload,
)
from common import aws, objects

LINK_VALID = timedelta(minutes=5)
# Without the right to list a bucket, S3 denies what is not there.
ABSENT = {"NoSuchKey", "AccessDenied"}


@dataclass(frozen=True, slots=True)
class Form:
    """Where to post a file, with which fields ahead of it."""

    url: str
    fields: Mapping[str, str]


def form(upload: Upload) -> Form:
    """What lets a file in at the place of *upload* and no other, of its type, up to LARGEST_BYTES,
    while UPLOAD_VALID."""
    named = {"Content-Type": upload.content_type.value}
    signed = aws.s3_links().generate_presigned_post(
        _bucket(),
        _uploaded(upload.id),
        Fields=dict(named),
        Conditions=[named, ["content-length-range", 1, LARGEST_BYTES]],
        ExpiresIn=int(UPLOAD_VALID.total_seconds()),
    )
    return Form(signed["url"], signed["fields"])


def uploaded(upload: Upload) -> bytes:
    """What was sent. NothingUploaded, or PictureTooLarge before it is read."""
    try:
        found = aws.s3().get_object(Bucket=_bucket(), Key=_uploaded(upload.id))
    except ClientError as failure:
        if failure.response["Error"]["Code"] in ABSENT:
            raise NothingUploaded from failure
        raise
    if found["ContentLength"] > LARGEST_BYTES:
        raise PictureTooLarge
    return found["Body"].read(LARGEST_BYTES)


def drop_upload(upload: Upload) -> None:
    aws.s3().delete_object(Bucket=_bucket(), Key=_uploaded(upload.id))


def put(picture: str, squares: Mapping[int, bytes]) -> None:
    """Write the files of *picture*; again is no harm."""
    for side, body in squares.items():
        aws.s3().put_object(
            Bucket=_bucket(), Key=_made(picture, side), Body=body, ContentType="image/webp"
        )


def read(picture: str, side: int) -> bytes:
    """A file of *picture*, while it is shown."""
    found = aws.s3().get_object(Bucket=_bucket(), Key=_made(picture, side))
    body: bytes = found["Body"].read()
    return body


def drop(picture: str) -> None:
    """Delete the files of *picture*; again is no harm."""
    for side in SIZES:
        aws.s3().delete_object(Bucket=_bucket(), Key=_made(picture, side))


def link(picture: str, side: int) -> str:
    """Where the picture can be fetched while LINK_VALID, by whoever has the link."""
    return objects.link(_bucket(), _made(picture, side), LINK_VALID)


def _bucket() -> str:
    return os.environ["PICTURES_BUCKET"]


def _uploaded(upload_id: str) -> str:
    return f"uploads/{upload_id}"


def _made(picture: str, side: int) -> str:
    return f"pictures/{picture}/{side}.webp"
