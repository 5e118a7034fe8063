"""A film's file -> Radiograph: the one door through which every film comes in."""

from __future__ import annotations

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.content import OUT_OF_MEMORY, read_content
from cxr_desktop.imaging.pictures import picture_radiograph
from cxr_desktop.imaging.quiet import ignore_remarks
from cxr_desktop.imaging.sniff import SNIFF_BYTES, Kind, sniff
from cxr_desktop.imaging.tiff import tiff_radiograph
from cxr_desktop.language import tr

_REFUSED = {
    Kind.EMPTY: tr("The file is empty. Copy or export the film again."),
    Kind.DICOMDIR: tr("This is a DICOM directory (DICOMDIR) and no film. Open its folder to read its films."),
    Kind.ZIP: tr("This is a ZIP archive inside the place that was opened. Open the archive itself."),
    Kind.ARCHIVE: tr("This kind of archive is not read here. Unpack it and open the films, or use ZIP."),
}
_READ_HERE = tr("This program reads DICOM, JPEG, PNG, TIFF, BMP and WebP. Export the film as one of these.")


def read_radiograph(source: FilmSource) -> Radiograph:
    """Reads and decodes one film. Several threads may read at once.

    Raises:
        UnreadableImage: whatever is wrong with the file, in words that name the remedy.
    """
    try:
        data = read_content(source)
        radiograph = decode_film(data)
        _refuse_blank(radiograph)
        return radiograph
    except UnreadableImage:
        raise
    except MemoryError as error:
        raise UnreadableImage(OUT_OF_MEMORY) from error
    except Exception as error:
        # The decoders raise types without number for damaged bytes; this is where they end.
        raise UnreadableImage(
            tr("The file is damaged and cannot be decoded. Copy or export it again.")
        ) from error


def decode_film(data: bytes) -> Radiograph:
    """Decodes the bytes of a film's file by what they are, whatever the file is called."""
    ignore_remarks()
    kind = sniff(data[:SNIFF_BYTES])
    match kind:
        case Kind.DICOM:
            from cxr_desktop.imaging.dicom import dicom_radiograph  # noqa: PLC0415 - pydicom, 0.4 s

            return dicom_radiograph(data)
        case Kind.TIFF:
            return tiff_radiograph(data)
        case Kind.JPEG | Kind.PNG | Kind.BMP | Kind.WEBP:
            return picture_radiograph(data, kind)
    refused = tr("The file is {kind}. {read_here}", kind=kind.words, read_here=_READ_HERE)
    raise UnreadableImage(_REFUSED.get(kind, refused))


def _refuse_blank(radiograph: Radiograph) -> None:
    low, high = radiograph.value_range
    if low == high:
        raise UnreadableImage(
            tr(
                "The film is blank: every visible pixel has the same value. Repeat the export or "
                "the exposure."
            )
        )
