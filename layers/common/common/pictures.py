"""Pictures that customers send: what counts as one, and what of it is kept. Pure.

Only what was decoded is kept: words in the file about where and by whom the picture was taken, and
whatever else lay in it, are left behind. To decode takes the layer `images`.
"""

import warnings
from enum import StrEnum
from io import BytesIO
from typing import TYPE_CHECKING

from common.errors import Problem
from common.language import Text

if TYPE_CHECKING:
    from PIL import Image

LARGEST_BYTES = 5 * 1024 * 1024
FORMATS = ("JPEG", "PNG", "WEBP")
# What a telephone takes; more would only be there to fill the memory.
MOST_PIXELS = 40_000_000
QUALITY = 85


class ContentType(StrEnum):
    """What a picture may be called; what it is, its bytes say."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"


class PictureTooLarge(Problem):
    status = 422
    code = "picture_too_large"
    title = Text(
        ru="Фотография слишком большая. Выберите файл до 5 МБ и до 40 мегапикселей.",
        en="The picture is too large. Choose a file of up to 5 MB and 40 megapixels.",
    )


class NotAPicture(Problem):
    """The file is none of the pictures that are taken, whatever it is called."""

    status = 422
    code = "not_a_picture"
    title = Text(
        ru="Это не похоже на фотографию. Выберите файл JPEG, PNG или WebP.",
        en="This does not look like a picture. Choose a JPEG, PNG or WebP file.",
    )


def upright(body: bytes, side: int) -> "Image.Image":
    """The picture as it is looked at, not made smaller than *side* pixels. NotAPicture, or
    PictureTooLarge before anything is decoded."""
    from PIL import Image

    if len(body) > LARGEST_BYTES:
        raise PictureTooLarge
    with warnings.catch_warnings(category=Image.DecompressionBombWarning, action="ignore"):
        return _decoded(body, side)


def fitted(body: bytes, side: int) -> bytes:
    """The whole picture as WebP, *side* pixels wide and high at most. NotAPicture,
    PictureTooLarge."""
    from PIL import Image

    whole = upright(body, side)
    whole.thumbnail((side, side), Image.Resampling.LANCZOS)
    return webp(whole)


def webp(picture: "Image.Image") -> bytes:
    """*picture* as a file of its own: the one that was read still knows where it was taken."""
    from PIL import Image

    made = BytesIO()
    anew = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    anew.save(made, "WEBP", quality=QUALITY)
    return made.getvalue()


def _decoded(body: bytes, side: int) -> "Image.Image":
    from PIL import Image, ImageOps

    try:
        opened = Image.open(BytesIO(body), formats=FORMATS)
        if opened.width * opened.height > MOST_PIXELS:
            raise PictureTooLarge
        opened.draft("RGB", (2 * side, 2 * side))  # a JPEG need not be decoded whole
        kept = "RGBA" if opened.has_transparency_data else "RGB"
        return ImageOps.exif_transpose(opened).convert(kept)
    except Image.DecompressionBombError as bomb:
        raise PictureTooLarge from bomb
    except PictureTooLarge:
        raise
    except Exception as broken:  # decoders that are fed nonsense raise whatever they meet
        raise NotAPicture from broken
