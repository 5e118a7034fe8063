"""The one frame of a DICOM data set, unpacked but not yet interpreted."""

from __future__ import annotations

from typing import NamedTuple

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.pixels import get_decoder
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.imaging.codestream import (
    FrameSize,
    jpeg2000_is_sound,
    jpeg2000_size,
    jpeg_is_complete,
    jpeg_scan_is_sound,
    jpeg_size,
)
from cxr_desktop.imaging.dicom_values import data_bytes, drop_damaged, integer, text
from cxr_desktop.imaging.gdcm_dialect import mended
from cxr_desktop.imaging.jpeg import decode_jpeg
from cxr_desktop.imaging.jpeg_samples import decode_samples
from cxr_desktop.imaging.limits import check_size
from cxr_desktop.language import tr

CUT_OFF = tr("The file ends before its image is complete. Copy or send the film again.")
DAMAGED = tr(
    "The compressed image in this DICOM file is damaged. Send the film again from where it is stored."
)
NO_PIXELS = tr("This DICOM file holds no image. Send the chest X-ray itself (CR, DX).")

_JPEG = frozenset({JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1})
_JPEG_LS = frozenset({JPEGLSLossless, JPEGLSNearLossless})
_JPEG_2000 = frozenset({JPEG2000Lossless, JPEG2000, HTJ2KLossless, HTJ2KLosslessRPCL, HTJ2K})
# Each decoder where it is best; a fixed choice, so that a film looks the same on every machine.
_PLUGIN: dict[str, str] = {
    **dict.fromkeys(_JPEG_LS, "pyjpegls"),
    **dict.fromkeys(_JPEG_2000, "pylibjpeg"),
    RLELossless: "pydicom",
}
_RLE_PADDING = 64  # bytes a segment

_IMAGE_PIXEL = (
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "PlanarConfiguration",
    "NumberOfFrames",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
)


class Frame(NamedTuple):
    """Stored values as they came out of the container.

    Attributes:
        stored: (rows, columns), or (rows, columns, 3) for colour that is not yet luminance, of any integer
            dtype, unused bits not yet removed.
        photometric: of `stored`; a decoder may have turned YBR into RGB.
    """

    stored: NDArray[np.generic]
    photometric: str


def complete_description(dataset: Dataset) -> None:
    """Fills what a sloppy writer left out of the Image Pixel module, and checks the size.

    Raises:
        UnreadableImage: no image, or one too large or too small.
    """
    drop_damaged(dataset, *_IMAGE_PIXEL)
    rows, columns = integer(dataset, "Rows"), integer(dataset, "Columns")
    if rows is None or columns is None or integer(dataset, "BitsAllocated") is None:
        # A radiograph always describes its image; without that, the end of the file is missing.
        is_film = text(dataset, "Modality") in {"CR", "DX", "RG"} or not dataset
        raise UnreadableImage(CUT_OFF if is_film else NO_PIXELS)
    allocated = integer(dataset, "BitsAllocated") or 0
    check_size(rows, columns, allocated * (integer(dataset, "SamplesPerPixel") or 1))
    stored = integer(dataset, "BitsStored")
    dataset.BitsStored = stored if stored is not None and 0 < stored <= allocated else allocated
    high = integer(dataset, "HighBit")
    fits = high is not None and dataset.BitsStored - 1 <= high < allocated
    dataset.HighBit = high if fits else dataset.BitsStored - 1
    if integer(dataset, "SamplesPerPixel") is None:
        dataset.SamplesPerPixel = 1
    if integer(dataset, "PixelRepresentation") not in (0, 1):
        dataset.PixelRepresentation = 0
    if dataset.SamplesPerPixel > 1 and integer(dataset, "PlanarConfiguration") not in (0, 1):
        dataset.PlanarConfiguration = 0
    if not text(dataset, "PhotometricInterpretation"):
        dataset.PhotometricInterpretation = "MONOCHROME2" if dataset.SamplesPerPixel == 1 else "RGB"


def unpack_frame(dataset: Dataset) -> Frame:
    """Unpacks the pixel data of a data set that `complete_description` has seen.

    Raises:
        UnreadableImage: no pixel data, cut off, damaged, or compressed in an unknown way.
    """
    pixel_data = data_bytes(dataset, "PixelData")
    if not pixel_data:
        # A header that describes an image was followed by one when it was written.
        raise UnreadableImage(CUT_OFF)
    syntax = _transfer_syntax(dataset)
    try:
        decoder = get_decoder(syntax)
    except NotImplementedError:
        raise UnreadableImage(
            tr(
                "The image is compressed in a way that cannot be read here ({compression}). Export it "
                "uncompressed or as JPEG Lossless.",
                compression=_name_of(syntax),
            )
        ) from None
    plugin = _PLUGIN.get(syntax, "")
    if syntax.is_encapsulated:
        frame = _only_frame(pixel_data)
        size = _checked(frame, syntax, dataset)
        if size is not None and syntax in _JPEG:
            return _unpack_jpeg(frame, size, dataset)
    elif len(pixel_data) < _expected_length(dataset):
        raise UnreadableImage(CUT_OFF)
    try:
        stored, properties = decoder.as_array(
            dataset, raw=True, index=0, decoding_plugin=plugin, correct_unused_bits=False
        )
    except MemoryError:
        raise
    except Exception as error:  # every plugin raises its own types
        raise UnreadableImage(DAMAGED) from error
    stored = stored.astype(stored.dtype.newbyteorder("="), copy=False)
    return Frame(stored, str(properties["photometric_interpretation"]))


def _transfer_syntax(dataset: Dataset) -> UID:
    """From the file meta information, or as the data set turned out to be written."""
    meta = getattr(dataset, "file_meta", None)
    if meta is not None and (given := text(meta, "TransferSyntaxUID")):
        return UID(given)
    implicit, little_endian = dataset.original_encoding
    if implicit:
        return ImplicitVRLittleEndian
    return ExplicitVRLittleEndian if little_endian else ExplicitVRBigEndian


def _name_of(syntax: UID) -> str:
    return syntax.name if syntax.name != str(syntax) else tr("an unknown transfer syntax")


def _expected_length(dataset: Dataset) -> int:
    """Bytes of one uncompressed frame."""
    samples = dataset.Rows * dataset.Columns * dataset.SamplesPerPixel
    if dataset.PhotometricInterpretation == "YBR_FULL_422":
        samples = samples // 3 * 2  # PS3.3 C.7.6.3.1.2: the chrominance of every other column
    return int((samples * dataset.BitsAllocated + 7) // 8)


def _only_frame(pixel_data: bytes) -> bytes:
    """The fragments of the frame, joined."""
    try:
        frame: bytes = next(generate_frames(pixel_data, number_of_frames=1))
    except Exception as error:  # a broken offset table or item tag
        raise UnreadableImage(CUT_OFF) from error
    return frame


def _checked(frame: bytes, syntax: UID, dataset: Dataset) -> FrameSize | None:
    """The size that the frame states, which must be the header's: it decides how much memory is taken."""
    if syntax in _JPEG or syntax in _JPEG_LS:
        size = jpeg_size(frame)
        if size is not None and not jpeg_is_complete(frame):
            raise UnreadableImage(CUT_OFF)
        if syntax in _JPEG and not jpeg_scan_is_sound(frame):
            raise UnreadableImage(DAMAGED)
    elif syntax in _JPEG_2000:
        size = jpeg2000_size(frame)
    else:
        if syntax == RLELossless and not _rle_is_sound(frame, dataset):
            raise UnreadableImage(DAMAGED)
        return None
    stated = (dataset.Rows, dataset.Columns, dataset.SamplesPerPixel)
    if size is None or (size.rows, size.columns, size.components) != stated:
        raise UnreadableImage(DAMAGED)
    if syntax in _JPEG_2000 and not jpeg2000_is_sound(frame):
        raise UnreadableImage(DAMAGED)
    return size


def _rle_is_sound(frame: bytes, dataset: Dataset) -> bool:
    """Whether each segment (PS3.5 G.4: one a byte of a sample) unpacks to a byte a pixel and hardly more.

    Too little is an error for pydicom, too much only a remark: some writers pad, but damage in the middle
    shifts all that follows.
    """
    number, *starts = np.frombuffer(frame[:64].ljust(64, b"\0"), "<u4").tolist()
    ends = [*starts[1:number], len(frame)]
    pixels = dataset.Rows * dataset.Columns
    try:
        for start, end in zip(starts, ends, strict=False):
            # Unpacking more than `out` is an error.
            unpacked = imagecodecs.packbits_decode(frame[start:end], out=pixels + _RLE_PADDING)
            if len(unpacked) < pixels:
                return False
    except (imagecodecs.PackbitsError, ValueError):
        return False
    return True


def _unpack_jpeg(frame: bytes, size: FrameSize, dataset: Dataset) -> Frame:
    """Of the JPEG processes. Colour with 8-bit baseline comes out as its luminance."""
    photometric = str(dataset.PhotometricInterpretation)
    unmarked = b"JFIF" not in frame[:64] and b"Adobe" not in frame[:1024]
    if size.precision == 8 and not size.is_lossless and not (photometric == "RGB" and unmarked):
        # The stream's own marker tells its colours better than the header, which is often left at RGB.
        try:
            return Frame(decode_jpeg(frame), photometric)
        except UnreadableImage as error:
            raise UnreadableImage(DAMAGED) from error
    space = "RGB" if size.components == 3 else "GRAYSCALE"
    try:
        if size.precision == 16 and not size.is_lossless:
            frame = mended(frame, size.precision_at)
        return Frame(decode_samples(frame, space), photometric)
    except ValueError as error:
        raise UnreadableImage(DAMAGED) from error
