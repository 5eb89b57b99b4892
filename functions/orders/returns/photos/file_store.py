"""The files of photos, in the private PICTURES_BUCKET.

complaints/<photo id>.webp   a photo made anew
"""

import os
from datetime import timedelta

from common import aws, objects

LINK_VALID = timedelta(minutes=5)


def put(photo_id: str, body: bytes) -> None:
    """Write the file; again is no harm."""
    key = _key(photo_id)
    aws.s3().put_object(Bucket=_bucket(), Key=key, Body=body, ContentType="image/webp")


def drop(photo_id: str) -> None:
    """Delete the file; again is no harm."""
    aws.s3().delete_object(Bucket=_bucket(), Key=_key(photo_id))


def link(photo_id: str) -> str:
    """Where the photo can be fetched while LINK_VALID, by whoever has the link."""
    return objects.link(_bucket(), _key(photo_id), LINK_VALID)


def _bucket() -> str:
    return os.environ["PICTURES_BUCKET"]


def _key(photo_id: str) -> str:
    return f"complaints/{photo_id}.webp"
