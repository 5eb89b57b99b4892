"""The files of pictures, in a private bucket.

pictures/<picture>/<side>    a picture made anew; nobody can guess the name
"""

import os
from collections.abc import Mapping
from datetime import timedelta

from auth.avatar.avatar import SIZES
from common import aws, objects

LINK_VALID = timedelta(minutes=5)


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


def _made(picture: str, side: int) -> str:
    return f"pictures/{picture}/{side}.webp"
