"""Words beneath pictures, for those that are saved: each says itself what it shows."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]

_SIZE = 15
_LINE = 22
_EDGE = 8
_SWATCH = 12
_WORDS: Colour = (230, 230, 230)
_INSTEAD = str.maketrans({"×": "x", "–": "-", "—": "-"})
# Narrower pictures are set on black of this width, or their words would be a column.
_NARROWEST = 512


class Line(NamedTuple):
    """A line of words, behind a little square of the colour that it explains."""

    words: str
    colour: Colour | None = None


def with_words(picture: NDArray[np.uint8], lines: list[Line]) -> NDArray[np.uint8]:
    """A picture with words beneath it; what is too long for a line goes on in the next.

    Args:
        picture: (height, width, 3) uint8 RGB.

    Returns:
        (height and that of the words, width, 3) uint8 RGB; 512 wide at least.
    """
    width = max(picture.shape[1], _NARROWEST)
    parts = [
        (part, line.colour if first else None, _left(line))
        for line in lines
        for first, part in _parts(line.words, width - _EDGE - _left(line))
    ]
    strip = Image.new("RGB", (width, _LINE * len(parts) + 10), "black")
    draw, font = ImageDraw.Draw(strip), ImageFont.load_default(size=_SIZE)
    for row, (part, colour, left) in enumerate(parts):
        top = 5 + row * _LINE
        if colour is not None:
            draw.rectangle((_EDGE, top + 3, _EDGE + _SWATCH, top + 3 + _SWATCH), fill=colour)
        draw.text((left, top), part, font=font, fill=_WORDS)
    beside = ((0, 0), (0, width - picture.shape[1]), (0, 0))
    return np.concatenate([np.pad(picture, beside), np.asarray(strip)])


def drawable(words: str) -> str:
    """Words in the letters of the font that comes with Pillow: no accents, no no-break spaces, no ×."""
    letters = unicodedata.normalize("NFKD", words).translate(_INSTEAD)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def captioned(picture: NDArray[np.uint8], caption: str) -> NDArray[np.uint8]:
    """A picture with a small name beneath it, cut where it is too long.

    Args:
        picture: (height, width, 3) uint8 RGB.
    """
    strip = Image.new("RGB", (picture.shape[1], 16), "black")
    ImageDraw.Draw(strip).text((1, 1), drawable(caption), font=ImageFont.load_default(size=11), fill=_WORDS)
    return np.concatenate([picture, np.asarray(strip)])


def _left(line: Line) -> int:
    return _EDGE if line.colour is None else 2 * _EDGE + _SWATCH


def _parts(words: str, room: int) -> list[tuple[bool, str]]:
    """Words in lines of at most so many pixels, as far as single words allow; whether each is the first."""
    font = ImageFont.load_default(size=_SIZE)
    parts = [""]
    for word in drawable(words).split(" "):
        longer = f"{parts[-1]} {word}" if parts[-1] else word
        if parts[-1] and font.getlength(longer) > room:
            parts.append(word)
        else:
            parts[-1] = longer
    return [(number == 0, part) for number, part in enumerate(parts)]
