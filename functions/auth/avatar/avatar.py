"""What is known of a customer's picture, and of the upload that is awaited. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from auth.profile.profile import Profile
from common.errors import Problem
from common.language import Text

# Where links to the picture are.
ROUTE = "/v1/me/avatar"
UPLOAD_VALID = timedelta(minutes=5)
# Once a form has run out, how long its upload may still be confirmed.
CONFIRM_WITHIN = timedelta(minutes=15)

LARGEST_BYTES = 5 * 1024 * 1024
# Of a side, in pixels.
SIZES = (512, 96)


class ContentType(StrEnum):
    """What a picture may be called; what it is, its bytes say."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"


class NothingUploaded(Problem):
    """The upload is not there: it has to come before it is confirmed."""

    status = 409
    code = "nothing_uploaded"
    title = Text(
        ru="Файл ещё не загружен. Загрузите его и попробуйте снова.",
        en="The file has not been uploaded yet. Upload it and try again.",
    )


class PictureUnavailable(Problem):
    """The provider's picture is not to be had, or not where a provider's pictures are."""

    status = 422
    code = "picture_unavailable"
    title = Text(
        ru="Не получилось взять фотографию оттуда. Загрузите её, пожалуйста, сами.",
        en="The picture could not be taken from there. Please upload it yourself.",
    )


class PictureTooLarge(Problem):
    status = 422
    code = "picture_too_large"
    title = Text(
        ru="Фотография слишком большая. Выберите файл до 5 МБ и до 40 мегапикселей.",
        en="The picture is too large. Choose a file of up to 5 MB and 40 megapixels.",
    )


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload that is awaited, once: another one takes its place."""

    id: str
    content_type: ContentType
    begun_at: datetime

    def may_be_confirmed(self, at: datetime) -> bool:
        return at < self.begun_at + UPLOAD_VALID + CONFIRM_WITHIN


def pictured(before: Profile, picture: str | None) -> Profile:
    """The customer with that picture, or with none."""
    return replace(before, picture=picture, version=before.version + 1)
