"""What of a film is hidden, and what is drawn over it: padding, display shutter, overlay planes."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from cxr_desktop.imaging.dicom_values import data_bytes, integer, numbers, raw_values

Grey = NDArray[Any]
Mask = NDArray[np.bool_]

_OVERLAY_GROUPS = range(0x6000, 0x6020, 2)  # PS3.5 7.6: sixteen planes


def visible_mask(stored: Grey, dataset: Dataset) -> Mask | None:
    """(rows, columns), False on pixel padding and outside the display shutter; None where all is visible.

    `stored` holds the values before the modality LUT, which padding is given in. A mask that would hide the
    whole film is damaged and ignored.
    """
    visible: Mask | None = None
    for mask in (_not_padding(stored, dataset), shutter_opening(dataset, stored.shape)):
        if mask is not None and mask.any() and not mask.all():
            visible = mask if visible is None else visible & mask
    return visible if visible is not None and visible.any() else None


def _not_padding(stored: Grey, dataset: Dataset) -> Mask | None:
    """PS3.3 C.7.5.1.1.2: a value, or all values from it to Pixel Padding Range Limit, in either order."""
    value = integer(dataset, "PixelPaddingValue")
    if value is None:
        return None
    limit = integer(dataset, "PixelPaddingRangeLimit")
    low, high = sorted(_in_range(each, dataset) for each in (value, value if limit is None else limit))
    visible: Mask = (stored < low) | (stored > high)
    return visible


def _in_range(value: int, dataset: Dataset) -> int:
    """The padding as the pixels spell it: many writers give it in the other signedness."""
    if dataset.PixelRepresentation == 1 and value > 32_767:
        return value - 65_536
    if dataset.PixelRepresentation == 0 and value < 0:
        return value + 65_536
    return value


def shutter_opening(dataset: Dataset, shape: tuple[int, ...]) -> Mask | None:
    """(rows, columns), True where the display shutter is open (PS3.3 C.7.6.11); None without a shutter.

    Coordinates count from 1 at the upper left pixel. Of several shapes the common part is open.
    """
    shapes = {str(each).strip().upper() for each in raw_values(dataset, "ShutterShape")}
    openings = [
        opening
        for name, find in (
            ("RECTANGULAR", _rectangle),
            ("CIRCULAR", _circle),
            ("POLYGONAL", _polygon),
        )
        if name in shapes and (opening := find(dataset, (shape[0], shape[1]))) is not None
    ]
    return np.logical_and.reduce(openings) if openings else None


def _rectangle(dataset: Dataset, shape: tuple[int, int]) -> Mask | None:
    left, right, upper, lower = (
        integer(dataset, f"Shutter{edge}Edge")
        for edge in ("LeftVertical", "RightVertical", "UpperHorizontal", "LowerHorizontal")
    )
    if left is None or right is None or upper is None or lower is None:
        return None
    opening = np.zeros(shape, np.bool_)
    opening[max(upper - 1, 0) : max(lower, 0), max(left - 1, 0) : max(right, 0)] = True
    return opening


def _circle(dataset: Dataset, shape: tuple[int, int]) -> Mask | None:
    center, radius = numbers(dataset, "CenterOfCircularShutter"), integer(dataset, "RadiusOfCircularShutter")
    if len(center) != 2 or radius is None or radius <= 0:
        return None
    rows, columns = np.ogrid[1 : shape[0] + 1, 1 : shape[1] + 1]
    # The radius counts pixels along a row; with pixels that are not square a circle has fewer or more rows.
    down = (rows - center[0]) * pixel_aspect(dataset)
    opening: Mask = down**2 + (columns - center[1]) ** 2 <= float(radius) ** 2
    return opening


def _polygon(dataset: Dataset, shape: tuple[int, int]) -> Mask | None:
    flat = numbers(dataset, "VerticesOfThePolygonalShutter")
    if len(flat) < 6 or len(flat) % 2 or max(map(abs, flat)) > 1e6:
        return None
    vertices = np.array(flat).reshape(-1, 2)[:, ::-1] - 1  # (row, column) from 1 -> (x, y) from 0
    opening = np.zeros(shape, np.uint8)
    cv2.fillPoly(opening, [np.rint(vertices).astype(np.int32)], 1)
    return opening.astype(np.bool_)


def overlay_mask(stored: Grey, dataset: Dataset) -> Mask | None:
    """(rows, columns), True where an overlay plane draws (PS3.3 C.9.2); None where there is none.

    `stored` holds the values with their unused bits, in which a plane may be hidden.
    """
    pattern = stored.view(f"u{stored.dtype.itemsize}") if stored.ndim == 2 else None
    drawn = np.zeros(stored.shape[:2], np.bool_)
    for group in _OVERLAY_GROUPS:
        if (packed := data_bytes(dataset, (group, 0x3000))) or (group, 0x3000) in dataset:
            _draw(drawn, packed, dataset, group)
        elif pattern is not None:
            bit = integer(dataset, (group, 0x0102)) or 0
            if dataset.BitsStored <= bit < pattern.dtype.itemsize * 8:
                drawn |= ((pattern >> bit) & 1).astype(np.bool_)
    return drawn if drawn.any() else None


def _draw(drawn: Mask, packed: bytes, dataset: Dataset, group: int) -> None:
    """Lays one plane of packed bits over `drawn`, at its Overlay Origin (from 1; it may lie outside)."""
    rows, columns = integer(dataset, (group, 0x0010)), integer(dataset, (group, 0x0011))
    if rows is None or columns is None or not 0 < rows * columns <= 8 * len(packed):
        return
    origin = [int(each) for each in numbers(dataset, (group, 0x0050))]
    top, left = (origin[0] - 1, origin[1] - 1) if len(origin) == 2 else (0, 0)
    data = np.frombuffer(packed, np.uint8)
    if _is_big_endian_words(dataset, group):
        data = data[: data.size // 2 * 2].reshape(-1, 2)[:, ::-1].reshape(-1)
    bits = np.unpackbits(data, count=rows * columns, bitorder="little")  # PS3.5 8.1.2: lowest bit first
    plane = bits.reshape(rows, columns).astype(np.bool_)
    height, width = drawn.shape
    inside = plane[max(-top, 0) : max(height - top, 0), max(-left, 0) : max(width - left, 0)]
    top, left = max(top, 0), max(left, 0)
    drawn[top : top + inside.shape[0], left : left + inside.shape[1]] |= inside


def _is_big_endian_words(dataset: Dataset, group: int) -> bool:
    return dataset.original_encoding[1] is False and dataset[group, 0x3000].VR == "OW"


def pixel_aspect(dataset: Dataset) -> float:
    """A pixel's height over its width, from Pixel Aspect Ratio or else the spacing; 1 if unknown."""
    for keyword in ("PixelAspectRatio", "PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing"):
        pair = numbers(dataset, keyword)
        if len(pair) == 2 and min(pair) > 0:
            aspect = pair[0] / pair[1]
            # Beyond that it is a typing error, and the film would become a stripe.
            return aspect if 0.1 <= aspect <= 10 else 1.0
    return 1.0


def spacing(dataset: Dataset) -> tuple[float, float] | None:
    """(row, column) spacing in millimetres; None where the file has none.

    Pixel Spacing first: where it differs from the detector's own, it has been calibrated to the patient
    (PS3.3 10.7.1.3).
    """
    for keyword in ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing"):
        pair = numbers(dataset, keyword)
        if len(pair) == 2 and min(pair) > 0:
            return pair[0], pair[1]
    return None
