"""Real films for the tests, made small, and written in every way that a hospital may send them."""

from __future__ import annotations

import copy
import io
import tempfile
from pathlib import Path

import gdcm
import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread, dcmwrite
from pydicom.dataset import Dataset
from pydicom.filewriter import correct_ambiguous_vr
from pydicom.sequence import Sequence
from pydicom.uid import (
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
)

from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.read import decode_film

_GDCM_SYNTAX = {
    JPEGBaseline8Bit: gdcm.TransferSyntax.JPEGBaselineProcess1,
    JPEGExtended12Bit: gdcm.TransferSyntax.JPEGExtendedProcess2_4,
    JPEGLossless: gdcm.TransferSyntax.JPEGLosslessProcess14,
    JPEGLosslessSV1: gdcm.TransferSyntax.JPEGLosslessProcess14_1,
}


def cropped_rg1(pydicom_films: Path, side: int = 128) -> Dataset:
    """A square around the left hilum of the NEMA chest film RG1 (CR, MONOCHROME1, 15 bits)."""
    dataset = dcmread(pydicom_films / "RG1_UNCR.dcm")
    dataset.walk(lambda *_: None)  # converts all values, so that copies do not depend on the file
    del dataset[0xFFFC, 0xFFFC]
    return with_pixels(dataset, dataset.pixel_array[700 : 700 + side, 900 : 900 + side])


def with_pixels(dataset: Dataset, pixels: NDArray[np.generic], **attributes: object) -> Dataset:
    """A copy that shows `pixels`, (rows, columns[, 3]), as little endian; other elements by keyword."""
    changed = copy.deepcopy(dataset)
    changed.Rows, changed.Columns = pixels.shape[:2]
    changed.SamplesPerPixel = 1 if pixels.ndim == 2 else 3
    if pixels.ndim == 3:
        changed.PhotometricInterpretation = "RGB"
        changed.PlanarConfiguration = 0
    if changed.BitsAllocated != pixels.dtype.itemsize * 8:
        changed.BitsAllocated = changed.BitsStored = pixels.dtype.itemsize * 8
        changed.HighBit = changed.BitsStored - 1
    changed.PixelRepresentation = int(pixels.dtype.kind == "i")
    data = pixels.astype(pixels.dtype.newbyteorder("<")).tobytes()
    changed.PixelData = data + b"\0" * (len(data) % 2)
    changed["PixelData"].VR = "OB" if changed.BitsAllocated == 8 else "OW"
    return with_values(changed, **attributes)


def with_values(dataset: Dataset, **attributes: object) -> Dataset:
    """A copy with other values, by keyword; None removes the element."""
    changed = copy.deepcopy(dataset)
    for keyword, value in attributes.items():
        if value is not None:
            setattr(changed, keyword, value)
        elif keyword in changed:
            delattr(changed, keyword)
    return changed


def item(**attributes: object) -> Dataset:
    """An item of a sequence."""
    return with_values(Dataset(), **attributes)


def sequence(*parts: Dataset) -> Sequence:
    return Sequence(parts)


def words(values: list[int]) -> bytes:
    """Lookup table data as little-endian 16-bit words."""
    return np.array(values, "<u2").tobytes()


def file_bytes(dataset: Dataset) -> bytes:
    """The dataset as a file in the transfer syntax that its file meta information names."""
    buffer = io.BytesIO()
    correct_ambiguous_vr(dataset, True).save_as(buffer)
    return buffer.getvalue()


def dataset_of(data: bytes) -> Dataset:
    return dcmread(io.BytesIO(data))


def read(dataset: Dataset) -> Radiograph:
    """The dataset written as a file and read back by the program."""
    return decode_film(file_bytes(dataset))


def stored_pixels(dataset: Dataset) -> NDArray[np.generic]:
    """The pixels of an uncompressed monochrome dataset, by pydicom."""
    pixels: NDArray[np.generic] = dataset.pixel_array
    return pixels


def as_bytes_in(dataset: Dataset, syntax: UID) -> bytes:
    """The film as a file in another transfer syntax."""
    changed = copy.deepcopy(dataset)
    if syntax in _GDCM_SYNTAX:
        return _through_gdcm(changed, syntax)
    if syntax == JPEG2000Lossless or (syntax.is_encapsulated and syntax.name.startswith(("JPEG-LS", "RLE"))):
        changed.compress(syntax)
        return file_bytes(changed)
    changed.file_meta.TransferSyntaxUID = syntax
    if syntax == ExplicitVRBigEndian and changed.BitsAllocated == 16:
        changed.PixelData = np.frombuffer(changed.PixelData, "<u2").astype(">u2").tobytes()
    buffer = io.BytesIO()
    dcmwrite(
        buffer,
        changed,
        implicit_vr=syntax == ImplicitVRLittleEndian,
        little_endian=syntax != ExplicitVRBigEndian,
        force_encoding=True,  # the pixels are swapped above
    )
    return buffer.getvalue()


def _through_gdcm(dataset: Dataset, syntax: UID) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        before, after = str(Path(folder) / "before.dcm"), str(Path(folder) / "after.dcm")
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        dataset.save_as(before)
        reader = gdcm.ImageReader()
        reader.SetFileName(before)
        change = gdcm.ImageChangeTransferSyntax()
        change.SetTransferSyntax(gdcm.TransferSyntax(_GDCM_SYNTAX[syntax]))
        if not reader.Read():
            raise RuntimeError("GDCM cannot read the film that the test made")
        change.SetInput(reader.GetImage())
        if not change.Change():
            raise RuntimeError(f"GDCM cannot write {syntax.name}")
        writer = gdcm.ImageWriter()
        writer.SetFileName(after)
        writer.SetFile(reader.GetFile())
        writer.SetImage(change.GetOutput())
        if not writer.Write():
            raise RuntimeError(f"GDCM cannot write {syntax.name}")
        return Path(after).read_bytes()
