"""What counts as a picture, and what is left of it."""

from io import BytesIO

import pytest
from PIL import Image

from auth.avatar import picture
from common.pictures import LARGEST_BYTES, NotAPicture, PictureTooLarge

pytestmark = pytest.mark.feature(16)
GPS = 0x8825
RED, BLUE = (200, 20, 20), (20, 20, 200)


def drawn(kind="JPEG", size=(640, 480), mode="RGB", **more):
    made = BytesIO()
    colour = {"RGB": RED, "RGBA": (*RED, 128), "L": 99, "P": 7, "CMYK": (0, 200, 200, 20)}[mode]
    Image.new(mode, size, colour).save(made, kind, **more)
    return made.getvalue()


def opened(body):
    return Image.open(BytesIO(body))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        *[("JPEG", mode) for mode in ("RGB", "L", "CMYK")],
        *[("PNG", mode) for mode in ("RGB", "RGBA", "P")],
        *[("WEBP", mode) for mode in ("RGB", "RGBA")],
    ],
)
@pytest.mark.parametrize("size", [(640, 480), (30, 400), (1, 1)])
def test_a_picture_becomes_two_squares_in_webp(kind, mode, size):
    squares = picture.squares(drawn(kind, size, mode))

    shown = {side: opened(body) for side, body in squares.items()}
    assert {side: (p.format, p.size) for side, p in shown.items()} == {
        side: ("WEBP", (side, side)) for side in (512, 96)
    }


@pytest.mark.case("U6")
def test_where_and_by_whom_it_was_taken_is_stripped():
    exif = Image.Exif()
    exif[0x010F] = "Camera of Anna Kim"
    exif[0x8298] = "Anna Kim"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (55.0, 45.0, 7.0)
    taken = drawn(exif=exif, comment=b"Anna's flat", icc_profile=b"x" * 200)
    assert b"Anna Kim" in taken
    assert opened(taken).getexif().get_ifd(GPS)

    for body in picture.squares(taken).values():
        shown = opened(body)
        assert not shown.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & shown.info.keys()
        assert b"Anna" not in body


def test_it_stands_as_the_camera_was_held():
    half = Image.new("RGB", (400, 400), RED)
    half.paste(BLUE, (0, 0, 400, 200))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    made = BytesIO()
    half.save(made, "JPEG", exif=exif)

    shown = opened(picture.squares(made.getvalue())[96]).convert("RGB")

    assert shown.getpixel((48, 90))[2] > 150 > shown.getpixel((48, 5))[2]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.case("U1")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00",
        SVG,
        b'<?xml version="1.0"?>' + SVG,
        b"<html><script>alert(1)</script></html>",
        b"MZ" + bytes(400),
        b"\x7fELF" + bytes(400),
        b"%PDF-1.7\n",
        b"PK\x03\x04" + bytes(100),
        drawn("GIF", mode="P"),
        drawn("BMP"),
        drawn("TIFF"),
        b"GIF89a/*" + drawn(),
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        drawn()[:300],
        drawn("PNG")[:60],
        drawn("WEBP")[:40],
        b"<!--" + drawn("PNG"),
    ],
    ids=range(18),
)
def test_what_is_no_picture_is_refused_by_what_it_is(body):
    with pytest.raises(NotAPicture):
        picture.squares(body)


@pytest.mark.case("U1")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_else_lies_in_the_file_is_left_behind(kind):
    polyglot = drawn(kind) + b"PK\x03\x04<script>alert(1)</script>" + SVG

    for body in picture.squares(polyglot).values():
        assert b"script" not in body
        assert b"PK\x03\x04" not in body


@pytest.mark.case("U5")
def test_a_flood_of_pixels_is_refused_before_it_is_decoded():
    flood = drawn("PNG", (10_000, 4_001), "L")
    assert len(flood) < 100_000

    with pytest.raises(PictureTooLarge):
        picture.squares(flood)


@pytest.mark.case("U5")
def test_a_header_that_claims_a_flood_is_refused():
    claimed = bytearray(drawn("PNG", (10, 10)))
    claimed[16:24] = (100_000).to_bytes(4) * 2

    with pytest.raises((PictureTooLarge, NotAPicture)):
        picture.squares(bytes(claimed))


@pytest.mark.case("U2")
def test_a_byte_too_many_is_refused():
    with pytest.raises(PictureTooLarge):
        picture.squares(drawn() + bytes(LARGEST_BYTES))
