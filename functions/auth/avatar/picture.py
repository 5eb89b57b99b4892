"""Pictures: what counts as one, and how it is made anew. Pure.

Only what was decoded is kept: words in the file about where and by whom the picture was taken, and
whatever else lay in it, are left behind.
"""

import warnings
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from auth.avatar.avatar import LARGEST_BYTES, SIZES, PictureTooLarge
from common.errors import Problem
from common.language import Text

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP")
# What a telephone takes; more would only be there to fill the memory.
MOST_PIXELS = 40_000_000
QUALITY = 85


class NotAPicture(Problem):
    """The file is none of the pictures that are taken, whatever it is called."""

    status = 422
    code = "not_a_picture"
    title = Text(
        ru="Это не похоже на фотографию. Выберите файл JPEG, PNG или WebP.",
        en="This does not look like a picture. Choose a JPEG, PNG or WebP file.",
    )


def squares(body: bytes) -> Mapping[int, bytes]:
    """The middle of the picture as WebP, by the length of a side in pixels. NotAPicture, or
    PictureTooLarge before anything is decoded."""
    from PIL import Image

    if len(body) > LARGEST_BYTES:
        raise PictureTooLarge
    with warnings.catch_warnings(category=Image.DecompressionBombWarning, action="ignore"):
        upright = _upright(body)
    return {side: _webp(upright, side) for side in SIZES}


def _upright(body: bytes) -> "Image.Image":
    from PIL import Image, ImageOps

    try:
        opened = Image.open(BytesIO(body), formats=FORMATS)
        if opened.width * opened.height > MOST_PIXELS:
            raise PictureTooLarge
        opened.draft("RGB", (2 * max(SIZES), 2 * max(SIZES)))  # a JPEG need not be decoded whole
        kept = "RGBA" if opened.has_transparency_data else "RGB"
        return ImageOps.exif_transpose(opened).convert(kept)
    except Image.DecompressionBombError as bomb:
        raise PictureTooLarge from bomb
    except PictureTooLarge:
        raise
    except Exception as broken:  # decoders that are fed nonsense raise whatever they meet
        raise NotAPicture from broken


def _webp(upright: "Image.Image", side: int) -> bytes:
    from PIL import Image, ImageOps

    square = ImageOps.fit(upright, (side, side), Image.Resampling.LANCZOS)
    made = BytesIO()
    # A picture of its own: the one that was read still knows where it was taken.
    Image.frombytes(square.mode, square.size, square.tobytes()).save(made, "WEBP", quality=QUALITY)
    return made.getvalue()
