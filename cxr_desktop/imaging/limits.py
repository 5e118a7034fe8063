"""How large and how small a film may be."""

from __future__ import annotations

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.language import tr

MAX_PIXELS = 150_000_000
MIN_SIDE = 32
MAX_FILE_BYTES = 1_300_000_000  # MAX_PIXELS of 16-bit RGB is 0.9 GB


def check_size(height: int, width: int, bits_a_pixel: int = 8) -> None:
    """Refuses a film by the size that its header states, before anything is decoded.

    Args:
        bits_a_pixel: of all its samples together.

    Raises:
        UnreadableImage: fewer than `MIN_SIDE` rows or columns, more than `MAX_PIXELS` pixels, or more than
            `MAX_FILE_BYTES` once unpacked.
    """
    if height * width > MAX_PIXELS:
        raise UnreadableImage(
            tr(
                "The image claims {width:,} × {height:,} pixels; the limit is {most} "
                "million. No chest film is that large: export the film again at its original size.",
                width=width,
                height=height,
                most=MAX_PIXELS // 10**6,
            )
        )
    if min(height, width) < MIN_SIDE:
        raise UnreadableImage(
            tr(
                "The image has only {width} × {height} pixels; at least {least} × {least} "
                "are needed. Open the original film instead of its thumbnail.",
                width=width,
                height=height,
                least=MIN_SIDE,
            )
        )
    if height * width * bits_a_pixel > 8 * MAX_FILE_BYTES:
        raise UnreadableImage(
            tr(
                "The image claims {bits} bits a pixel, {size:.1f} GB in all; the limit is {most:.1f} GB. "
                "Export the film again in grey, 8 or 16 bit.",
                bits=bits_a_pixel,
                size=height * width * bits_a_pixel / 8e9,
                most=MAX_FILE_BYTES / 1e9,
            )
        )
