"""How large and how small a film may be."""

from __future__ import annotations

from cxr_desktop.domain.errors import UnreadableImage

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
            f"The image claims {width:,} × {height:,} pixels; the limit is {MAX_PIXELS // 10**6} million. "
            "No chest film is that large: export the film again at its original size."
        )
    if min(height, width) < MIN_SIDE:
        raise UnreadableImage(
            f"The image has only {width} × {height} pixels; at least {MIN_SIDE} × {MIN_SIDE} are needed. "
            "Open the original film instead of its thumbnail."
        )
    if height * width * bits_a_pixel > 8 * MAX_FILE_BYTES:
        raise UnreadableImage(
            f"The image claims {bits_a_pixel} bits a pixel, {height * width * bits_a_pixel / 8e9:.1f} GB in "
            f"all; the limit is {MAX_FILE_BYTES / 1e9:.1f} GB. Export the film again in grey, 8 or 16 bit."
        )
