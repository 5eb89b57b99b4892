"""Uploads of pictures: a signed form lets one file into the private PICTURES_BUCKET.

uploads/<upload id>   what a customer sent; gone within a day whatever becomes of it
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from botocore.exceptions import ClientError
from pydantic import Field

from common import api as shell
from common import aws, objects
from common.errors import Problem
from common.language import Text
from common.pictures import LARGEST_BYTES, ContentType, PictureTooLarge

VALID = timedelta(minutes=5)
# Once a form has run out, how long its upload may still be confirmed.
CONFIRM_WITHIN = timedelta(minutes=15)


class NothingUploaded(Problem):
    """The upload is not there: it has to come before it is confirmed."""

    status = 409
    code = "nothing_uploaded"
    title = Text(
        ru="Файл ещё не загружен. Загрузите его и попробуйте снова.",
        en="The file has not been uploaded yet. Upload it and try again.",
    )


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload that is awaited, once."""

    id: str
    content_type: ContentType
    begun_at: datetime

    def may_be_confirmed(self, at: datetime) -> bool:
        return at < self.begun_at + VALID + CONFIRM_WITHIN


class UploadRequest(shell.Body):
    content_type: ContentType


class UploadView(shell.View):
    """A form to be posted with `fields` and, last of all, the file as `file`."""

    upload_id: str
    url: str
    fields: dict[str, str]
    expires_in: Annotated[int, Field(description="Seconds in which the form is taken")]
    max_bytes: int


def form(upload: Upload) -> UploadView:
    """What lets a file in at the place of *upload* and no other, of its type, up to LARGEST_BYTES,
    while VALID."""
    kind = upload.content_type.value
    signed = objects.form(_bucket(), _key(upload), VALID, LARGEST_BYTES, kind)
    return UploadView(
        upload_id=upload.id,
        url=signed.url,
        fields=dict(signed.fields),
        expires_in=int(VALID.total_seconds()),
        max_bytes=LARGEST_BYTES,
    )


def sent(upload: Upload) -> bytes:
    """What was sent. NothingUploaded, or PictureTooLarge before it is read."""
    try:
        found = aws.s3().get_object(Bucket=_bucket(), Key=_key(upload))
    except ClientError as failure:
        if objects.is_absent(failure):
            raise NothingUploaded from failure
        raise
    if found["ContentLength"] > LARGEST_BYTES:
        raise PictureTooLarge
    return found["Body"].read(LARGEST_BYTES)


def drop(upload: Upload) -> None:
    """Delete what was sent; again is no harm."""
    aws.s3().delete_object(Bucket=_bucket(), Key=_key(upload))


def _bucket() -> str:
    return os.environ["PICTURES_BUCKET"]


def _key(upload: Upload) -> str:
    return f"uploads/{upload.id}"
