"""What is known of a customer's picture. Pure."""

from dataclasses import replace

from auth.profile.profile import Profile
from common.errors import Problem
from common.language import Text

# Where links to the picture are.
ROUTE = "/v1/me/avatar"
# Of a side, in pixels.
SIZES = (512, 96)


class PictureUnavailable(Problem):
    """The provider's picture is not to be had, or not where a provider's pictures are."""

    status = 422
    code = "picture_unavailable"
    title = Text(
        ru="Не получилось взять фотографию оттуда. Загрузите её, пожалуйста, сами.",
        en="The picture could not be taken from there. Please upload it yourself.",
    )


def pictured(before: Profile, picture: str | None) -> Profile:
    """The customer with that picture, or with none."""
    return replace(before, picture=picture, version=before.version + 1)
