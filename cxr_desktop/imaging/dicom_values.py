"""Single values out of a DICOM data set, whatever state it is in.

pydicom converts a value when it is first asked for, and then raises for a damaged one. A film is not refused
for its header: what cannot be read counts as not given.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence as DicomSequence

_LONGEST = 256  # no header text that is shown is longer (PS3.5 6.2); damaged ones may run to megabytes
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


# A keyword, or group and element where sixteen groups share one keyword (overlays).
Name = str | tuple[int, int]


def raw_value(dataset: Dataset, keyword: Name) -> object:
    """The converted value of an element; None where it is absent, empty or damaged."""
    try:
        value: object = dataset.get(keyword)
        value = value.value if isinstance(value, DataElement) else value
    except Exception:  # the conversion of a damaged element can raise anything
        return None
    return None if value is None or value == "" else value


def raw_values(dataset: Dataset, keyword: Name) -> list[object]:
    """The values of an element with a multiplicity; [] where it is absent, empty or damaged."""
    value = raw_value(dataset, keyword)
    if value is None:
        return []
    return list(value) if isinstance(value, (MultiValue, list, tuple)) else [value]


def clean(value: object) -> str:
    """As one line of text without padding and control characters."""
    try:
        text = str(value)
    except Exception:  # a person name is decoded only here
        return ""
    return _CONTROL.sub(" ", text[:_LONGEST]).strip()


def drop_damaged(dataset: Dataset, *keywords: str) -> None:
    """Removes elements that cannot be converted, before a library that does not expect such asks for them."""
    for keyword in keywords:
        if keyword in dataset and raw_value(dataset, keyword) is None:
            del dataset[keyword]


def text(dataset: Dataset, keyword: Name) -> str:
    """The first value that is not blank, as text; "" where there is none."""
    return next((each for each in map(clean, raw_values(dataset, keyword)) if each), "")


def numbers(dataset: Dataset, keyword: Name) -> list[float]:
    """All values as finite numbers; [] where one of them is none."""
    try:
        found = [float(value) for value in raw_values(dataset, keyword)]  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError, ArithmeticError):
        return []
    return found if all(map(math.isfinite, found)) else []


def number(dataset: Dataset, keyword: Name) -> float | None:
    """The first value as a finite number, or None."""
    found = numbers(dataset, keyword)
    return found[0] if found else None


def integer(dataset: Dataset, keyword: Name) -> int | None:
    """The first value as a whole number, or None."""
    found = number(dataset, keyword)
    return int(found) if found is not None and found == int(found) else None


def items(dataset: Dataset, keyword: Name) -> Iterable[Dataset]:
    """The items of a sequence; none where it is absent or damaged."""
    value = raw_value(dataset, keyword)
    return list(value) if isinstance(value, DicomSequence) else []


def data_bytes(dataset: Dataset, keyword: Name) -> bytes:
    """The value of a binary element; b"" where it is absent or no bytes."""
    value = raw_value(dataset, keyword)
    return bytes(value) if isinstance(value, (bytes, bytearray)) else b""
