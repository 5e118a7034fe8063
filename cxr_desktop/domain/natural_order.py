"""Names in the order in which people expect them: "film 2" before "film 10", whatever case and accents."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

# Letters that NFKD leaves whole, and what somebody without them on the keyboard types.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "^": " ", ",": " "}
)


def fold(text: str) -> str:
    """Text for comparing: without case, accents, width variants, commas and carets."""
    folded = text.casefold()
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded)
        bare = "".join(c for c in decomposed if not unicodedata.combining(c))
        # A letter that only the decomposition bared (ſ, K) may itself have a case.
        folded = unicodedata.normalize("NFKD", bare.casefold())
    return folded.translate(_PLAIN_LETTERS)


def natural_key(name: str) -> tuple[Any, ...]:
    """What to sort names by. Names that differ only in case or accents are told apart by their letters."""
    parts = re.split(r"([0-9]+)", fold(name).strip())
    # Odd positions are the numbers. Compared by length first: int() would refuse more than 4,300 figures.
    numbers = [part.lstrip("0") for part in parts[1::2]]
    key = tuple((len(numbers[i // 2]), numbers[i // 2]) if i % 2 else part for i, part in enumerate(parts))
    return key, name
