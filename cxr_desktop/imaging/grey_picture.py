"""A film, or a part of it, as a small grey picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.radiograph import Radiograph


def grey_picture(radiograph: Radiograph, longer_side: int, box: Box | None = None) -> NDArray[np.uint8]:
    """The film as it is shown by default, its aspect kept.

    The values are averaged down first and windowed then: on a film of ten megapixels that is a hundred
    times less work, and at this size the difference cannot be seen.

    Args:
        longer_side: of the picture, in pixels.
        box: the part to show, of whole pixels; None: the whole film.

    Returns:
        (height, width) uint8; 0 is black.
    """
    box = box or Box.whole(radiograph.shape)
    part = np.s_[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]
    values, visible = radiograph.values[part], radiograph.visible
    height, width = values.shape
    scale = longer_side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    if visible is not None:
        seen = np.ascontiguousarray(visible[part]).view(np.uint8)
        visible = cv2.resize(seen, size, interpolation=cv2.INTER_NEAREST).astype(np.bool_)
    small = Radiograph(
        cv2.resize(values, size, interpolation=way),
        radiograph.transforms[:1],
        low_is_white=radiograph.low_is_white,
        visible=visible,
    )
    return np.rint(small.pixels * 255).astype(np.uint8)
