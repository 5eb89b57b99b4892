"""QR codes, as SVG that a page shows as it is."""

import io


def svg(text: str) -> str:
    """The QR code of *text*, scaling with the place it is put in."""
    import segno

    written = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        written, kind="svg", xmldecl=False, omitsize=True, svgclass=None, lineclass=None
    )
    return written.getvalue().decode().strip()
