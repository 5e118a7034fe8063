"""From stored values to modality values, and the grey transforms that a DICOM file offers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels import apply_color_lut, apply_modality_lut

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.windowing import GreyTransform, LookupTable, Window, WindowFunction
from cxr_desktop.imaging.dicom_frame import DAMAGED
from cxr_desktop.imaging.dicom_values import data_bytes, items, number, numbers, raw_values, text
from cxr_desktop.imaging.grey import luminance, robust_window
from cxr_desktop.language import tr

Grey = NDArray[Any]


def without_unused_bits(stored: Grey, dataset: Dataset) -> Grey:
    """The bits from High Bit down to High Bit − Bits Stored + 1, sign-extended where the values are signed.

    PS3.5 8.1.1: what the other bits hold is undefined; old files have overlays or garbage there.
    """
    bits, signed = int(dataset.BitsStored), bool(dataset.PixelRepresentation)
    width = stored.dtype.itemsize * 8
    if bits >= width:
        return stored
    pattern = stored.view(f"u{stored.dtype.itemsize}")
    # Inside a codestream the sample begins at bit 0, whatever High Bit says (PS3.5 8.2).
    encapsulated = dataset.file_meta.TransferSyntaxUID.is_encapsulated if _has_syntax(dataset) else False
    shift = 0 if encapsulated else int(dataset.HighBit) + 1 - bits
    if signed:
        up = width - bits - shift
        extended: Grey = (pattern << up).view(f"i{stored.dtype.itemsize}") >> (width - bits)
        return extended
    kept: Grey = (pattern >> shift) & pattern.dtype.type((1 << bits) - 1)
    return kept


def _has_syntax(dataset: Dataset) -> bool:
    return bool(text(getattr(dataset, "file_meta", Dataset()), "TransferSyntaxUID"))


def colour_luminance(stored: Grey, photometric: str, dataset: Dataset) -> Grey:
    """(rows, columns) luminance of a colour frame: RGB, YBR or PALETTE COLOR."""
    if stored.ndim == 2 and photometric != "PALETTE COLOR":
        return stored  # the decoder has given the luminance
    if photometric == "PALETTE COLOR":
        try:
            return luminance(apply_color_lut(stored, dataset)[..., :3])
        except (ValueError, AttributeError, KeyError, IndexError, TypeError) as error:
            raise UnreadableImage(
                tr("The film's colour palette is missing or damaged. Send it again.")
            ) from error
    if stored.ndim != 3 or stored.shape[2] != 3:
        raise UnreadableImage(DAMAGED)
    if photometric.startswith("YBR"):
        return np.ascontiguousarray(stored[..., 0])  # Y is the luminance
    return luminance(stored)


def modality_values(stored: Grey, dataset: Dataset) -> Grey:
    """After modality LUT or rescale (PS3.3 C.11.1), in one of a radiograph's dtypes.

    Integers stay integers where rescale is the identity.
    """
    if any(True for _ in items(dataset, "ModalityLUTSequence")):
        try:
            # The first mapped value may be negative though the stored values are unsigned.
            return narrowed(apply_modality_lut(stored.astype(np.int64), dataset))
        except (ValueError, AttributeError, KeyError, IndexError, TypeError, OverflowError) as error:
            raise UnreadableImage(tr("The film's modality LUT is damaged. Send the film again.")) from error
    slope, intercept = number(dataset, "RescaleSlope"), number(dataset, "RescaleIntercept")
    slope = 1.0 if slope is None or slope == 0 else slope  # a slope of 0 would leave no image
    intercept = intercept or 0.0
    if (slope, intercept) == (1.0, 0.0):
        return narrowed(stored)
    with np.errstate(over="ignore"):
        values = stored.astype(np.float32) * np.float32(slope) + np.float32(intercept)
    if not np.isfinite(values).all():
        raise UnreadableImage(tr("The film's rescale slope or intercept is damaged. Send the film again."))
    return values


def narrowed(values: Grey) -> Grey:
    """The same numbers as uint8, uint16, int16, or else float32."""
    if values.dtype in (np.uint8, np.uint16, np.int16, np.float32):
        return values
    if values.dtype.kind in "iu":
        low, high = int(values.min()), int(values.max())
        for dtype in (np.uint16, np.int16):
            if np.iinfo(dtype).min <= low and high <= np.iinfo(dtype).max:
                return values.astype(dtype)
    return values.astype(np.float32)


def low_is_white(photometric: str, dataset: Dataset) -> bool:
    """Whether low values are shown white.

    PS3.3 C.7.6.3.1.2: MONOCHROME1 does so. C.8.11.3.1.2 demands an INVERSE presentation LUT of exactly these
    files, so that both together say it twice and must not cancel out.
    """
    return photometric == "MONOCHROME1" or text(dataset, "PresentationLUTShape").upper() == "INVERSE"


def grey_transforms(
    dataset: Dataset, values: Grey, visible: NDArray[np.bool_] | None
) -> tuple[GreyTransform, ...]:
    """All VOI LUTs and windows of the file, the default first.

    Where a file has both, either may be applied (PS3.3 C.11.2); the LUT is the default here, since a maker
    who stores one has shaped the curve for this very film. A transform that would leave the whole film
    black or white cannot be meant for it and goes to the end. A file without any gets a window over its
    values: all of them where eight bits were stored for display, else the percentiles of `robust_window`.
    """
    offered: list[GreyTransform] = [*_voi_luts(dataset, values), *_windows(dataset)]
    low, high = float(values.min()), float(values.max())
    shows = [each for each in offered if _shows_something(each, low, high)]
    if not shows:
        shows = [_own_window(dataset, values, visible)]
    return (*shows, *(each for each in offered if each not in shows))


def _own_window(dataset: Dataset, values: Grey, visible: NDArray[np.bool_] | None) -> Window:
    if values.dtype == np.uint8 and dataset.BitsStored == 8:
        return Window.spanning(0, 255)
    return robust_window(values, visible)


def _shows_something(transform: GreyTransform, low: float, high: float) -> bool:
    """Whether the least and the greatest value do not come out alike."""
    ends = transform.apply(np.array([low, high], np.float32))
    return bool(ends[0] != ends[1])


def _windows(dataset: Dataset) -> list[Window]:
    centers, widths = numbers(dataset, "WindowCenter"), numbers(dataset, "WindowWidth")
    names = [str(name).strip() for name in raw_values(dataset, "WindowCenterWidthExplanation")]
    function = text(dataset, "VOILUTFunction").upper()
    windows = []
    for index, (center, width) in enumerate(zip(centers, widths, strict=False)):
        if width <= 0:
            continue
        kind = WindowFunction(function) if function in set(WindowFunction) else WindowFunction.LINEAR
        if kind is WindowFunction.LINEAR and width < 1:
            # Not allowed (PS3.3 C.11.2.1.2.1) but written for films rescaled to fractions.
            kind = WindowFunction.LINEAR_EXACT
        windows.append(Window(center, max(width, 1e-6), kind, names[index] if index < len(names) else ""))
    return windows


def _voi_luts(dataset: Dataset, values: Grey) -> list[LookupTable]:
    tables = []
    for item in items(dataset, "VOILUTSequence"):
        descriptor, data = numbers(item, "LUTDescriptor"), _lut_data(item)
        if len(descriptor) != 3 or data.size == 0:
            continue
        entries, first, bits = (int(value) for value in descriptor)
        entries = entries or 65_536  # PS3.3 C.11.2.1.1: 0 stands for 2^16
        if entries == 2 * data.size and bits <= 8:
            data = data.view(np.uint8)  # two entries in each 16-bit word
        if data.size < entries or not 1 <= bits <= 16:
            continue
        data = data[:entries]
        if first > 32_767 and float(values.min()) < 0:
            first -= 65_536  # written as unsigned though the values are signed
        # Some tables run higher than the bits that they state.
        top = (1 << max(bits, int(data.max()).bit_length())) - 1
        levels = (data / np.float32(top)).astype(np.float32)
        tables.append(LookupTable(first, levels, text(item, "LUTExplanation")))
    return tables


def _lut_data(item: Dataset) -> NDArray[np.uint16]:
    """LUT Data, which may be written as words (US) or as bytes (OW)."""
    if packed := data_bytes(item, "LUTData"):
        order = "<u2" if item.original_encoding[1] is not False else ">u2"
        return np.frombuffer(packed[: len(packed) // 2 * 2], order).astype(np.uint16)
    entries = numbers(item, "LUTData")
    if not entries or min(entries) < 0 or max(entries) > 65_535:
        return np.empty(0, np.uint16)
    return np.array(entries, np.uint16)
