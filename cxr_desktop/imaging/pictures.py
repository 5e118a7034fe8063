"""Films that came as pictures: JPEG, PNG, BMP, WebP (TIFF has its own file)."""

from __future__ import annotations

import io
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.radiograph import Radiograph, picture_window
from cxr_desktop.domain.windowing import Window
from cxr_desktop.imaging.grey import luminance, robust_window
from cxr_desktop.imaging.jpeg import CUT_OFF, DAMAGED, decode_jpeg
from cxr_desktop.imaging.limits import check_size
from cxr_desktop.imaging.sniff import Kind
from cxr_desktop.language import tr

Grey = NDArray[Any]
Mask = NDArray[np.bool_]

_ORIENTATION_TAG = 0x0112
_PILLOW_FORMATS = {Kind.JPEG: "JPEG", Kind.PNG: "PNG", Kind.BMP: "BMP", Kind.WEBP: "WEBP"}
_COLOUR_PNG = frozenset({2, 4, 6})  # RGB, grey with alpha, RGBA


def several_pages(count: int) -> str:
    """Why a file of several images is refused."""
    return tr(
        "The file holds {count} images; a film has one. Export the chest X-ray as a file of its own.",
        count=count,
    )


def picture_radiograph(data: bytes, kind: Kind) -> Radiograph:
    """Decodes a JPEG, PNG, BMP or WebP file.

    Values are the file's grey levels (uint8 or uint16), colours turned to luminance, upright as its EXIF
    orientation says; transparent pixels are not `visible`.

    Raises:
        UnreadableImage: the picture is cut off, damaged, animated, too large or too small.
    """
    if kind is Kind.JPEG:
        return as_radiograph(upright(decode_jpeg(data), _jpeg_orientation(data)))
    try:
        with Image.open(io.BytesIO(data), formats=[_PILLOW_FORMATS[kind]]) as picture:
            width, height = picture.size
            check_size(height, width)
            if (count := getattr(picture, "n_frames", 1)) > 1:
                raise UnreadableImage(several_pages(count))
            orientation = picture.getexif().get(_ORIENTATION_TAG, 1)
            picture.load()
            if kind is Kind.PNG and data[24] == 16 and data[25] in _COLOUR_PNG:
                values, visible = _deep_colour_png(data)
            else:
                values, visible = _grey_of(picture)
    except Image.DecompressionBombError:
        raise UnreadableImage(
            tr("The image claims more than 150 million pixels. Export the film again.")
        ) from None
    except UnidentifiedImageError as error:
        raise UnreadableImage(DAMAGED) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError) as error:
        # Pillow's readers raise all of these for damaged files.
        raise UnreadableImage(CUT_OFF if "truncated" in str(error) else DAMAGED) from error
    return as_radiograph(
        upright(values, orientation), None if visible is None else upright(visible, orientation)
    )


def as_radiograph(values: Grey, visible: Mask | None = None, low_is_white: bool = False) -> Radiograph:
    """A picture's values with the window that they are meant to be shown through."""
    return Radiograph(values, (_window_of(values, visible),), low_is_white=low_is_white, visible=visible)


def _window_of(values: Grey, visible: Mask | None) -> Window:
    if values.dtype == np.uint16:
        # Detectors give 10 to 14 bits, and many exports put them unchanged into 16: those would look black.
        greatest = int(values.max())
        for bits in (10, 12, 14):
            if greatest < 1 << bits:
                return Window.spanning(0, (1 << bits) - 1)
    if values.dtype in (np.uint8, np.uint16):
        return picture_window(values)
    if values.dtype == np.float32 and values.min() >= 0 and values.max() <= 1:
        return picture_window(values)
    return robust_window(values, visible)


def _jpeg_orientation(data: bytes) -> int:
    start = data.find(b"Exif\0\0")
    if start < 0:
        return 1
    return exif_orientation(data[start : start + 65_536])


def exif_orientation(block: bytes) -> int:
    """The orientation (1 to 8) in an EXIF block; 1 where it has none or is damaged."""
    exif = Image.Exif()
    try:
        exif.load(block)
        orientation = exif.get(_ORIENTATION_TAG, 1)
    except Exception:  # a film is not refused for its EXIF, however that is damaged
        return 1
    return orientation if isinstance(orientation, int) else 1


def upright(array: NDArray[Any], orientation: object) -> NDArray[Any]:
    """Turned and mirrored as an EXIF orientation (1 to 8) asks; unchanged for any other value."""
    match orientation:
        case 2:
            turned = array[:, ::-1]
        case 3:
            turned = array[::-1, ::-1]
        case 4:
            turned = array[::-1]
        case 5:
            turned = array.T
        case 6:
            turned = np.rot90(array, -1)
        case 7:
            turned = array[::-1, ::-1].T
        case 8:
            turned = np.rot90(array)
        case _:
            turned = array
    return np.ascontiguousarray(turned)


def _grey_of(picture: Image.Image) -> tuple[Grey, Mask | None]:
    """A loaded picture's values (uint8 or uint16) and what of it is not transparent."""
    transparent = "transparency" in picture.info or picture.mode in {"LA", "PA", "RGBA", "La", "RGBa"}
    if picture.mode.startswith("I;16"):
        return np.asarray(picture).astype(np.uint16), None
    if picture.mode == "I":
        values = np.asarray(picture)
        return np.clip(values, 0, 65_535).astype(np.uint16), None
    if transparent:
        colours = np.asarray(picture.convert("RGBA"))
        return luminance(colours[..., :3]), _opaque(colours[..., 3])
    if picture.mode in {"1", "L"}:
        return np.asarray(picture.convert("L")), None
    return luminance(np.asarray(picture.convert("RGB"))), None


def _deep_colour_png(data: bytes) -> tuple[Grey, Mask | None]:
    """16-bit colour, of which Pillow keeps only eight bits. Pillow has found the file complete before."""
    decoded = cv2.imdecode(
        np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION
    )
    if decoded is None:
        raise UnreadableImage(DAMAGED)
    if decoded.ndim == 2:
        return decoded, None
    values = luminance(np.ascontiguousarray(decoded[..., 2::-1]))  # BGR(A) -> RGB
    return values, _opaque(decoded[..., 3]) if decoded.shape[2] == 4 else None


def _opaque(alpha: Grey) -> Mask | None:
    visible: Mask = alpha > 0
    return None if visible.all() else visible
