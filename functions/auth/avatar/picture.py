"""The squares that a customer's picture is shown in. Pure."""

from collections.abc import Mapping

from auth.avatar.avatar import SIZES
from common import pictures


def squares(body: bytes) -> Mapping[int, bytes]:
    """The middle of the picture as WebP, by the length of a side in pixels. NotAPicture, or
    PictureTooLarge before anything is decoded."""
    from PIL import Image, ImageOps

    upright = pictures.upright(body, max(SIZES))
    by = Image.Resampling.LANCZOS
    return {side: pictures.webp(ImageOps.fit(upright, (side, side), by)) for side in SIZES}
