"""What a file is, judged by its first bytes and not by its name."""

from __future__ import annotations

from enum import Enum, auto

from cxr_desktop.language import tr

SNIFF_BYTES = 4096  # enough for the file meta information of a DICOM file, where a DICOMDIR says what it is

# Media Storage SOP Class UID (0002,0002) = Media Storage Directory Storage, padded to even length.
_DICOMDIR_CLASS = b"\x02\0\x02\0UI\x14\x001.2.840.10008.1.3.10"
_VRS = frozenset(
    b"AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT "
    b"UV".split()
)


class Kind(Enum):
    """What a file holds."""

    EMPTY = auto()
    DICOM = auto()
    DICOMDIR = auto()
    JPEG = auto()
    PNG = auto()
    TIFF = auto()
    BMP = auto()
    WEBP = auto()
    ZIP = auto()
    ARCHIVE = auto()
    GIF = auto()
    JPEG2000 = auto()
    HEIF = auto()
    PDF = auto()
    TEXT = auto()
    OTHER = auto()

    @property
    def words(self) -> str:
        """With its article: "a PNG picture"."""
        return _WORDS[self]


_WORDS = {
    Kind.EMPTY: tr("an empty file"),
    Kind.DICOM: tr("a DICOM file"),
    Kind.DICOMDIR: tr("a DICOM directory (DICOMDIR)"),
    Kind.JPEG: tr("a JPEG picture"),
    Kind.PNG: tr("a PNG picture"),
    Kind.TIFF: tr("a TIFF picture"),
    Kind.BMP: tr("a BMP picture"),
    Kind.WEBP: tr("a WebP picture"),
    Kind.ZIP: tr("a ZIP archive"),
    Kind.ARCHIVE: tr("an archive that is not a ZIP"),
    Kind.GIF: tr("a GIF picture"),
    Kind.JPEG2000: tr("a bare JPEG 2000 picture"),
    Kind.HEIF: tr("a HEIC or AVIF picture"),
    Kind.PDF: tr("a PDF document"),
    Kind.TEXT: tr("text"),
    Kind.OTHER: tr("not a kind of file that is known here"),
}


PICTURES = frozenset({Kind.JPEG, Kind.PNG, Kind.TIFF, Kind.BMP, Kind.WEBP})
READABLE = PICTURES | {Kind.DICOM}

_MAGIC: tuple[tuple[int, bytes, Kind], ...] = (
    (0, b"\xff\xd8\xff", Kind.JPEG),
    (0, b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (0, b"II*\0", Kind.TIFF),
    (0, b"MM\0*", Kind.TIFF),
    (0, b"II+\0", Kind.TIFF),  # BigTIFF
    (0, b"MM\0+", Kind.TIFF),
    (8, b"WEBP", Kind.WEBP),
    (0, b"PK\x03\x04", Kind.ZIP),
    (0, b"PK\x05\x06", Kind.ZIP),  # an empty archive
    (0, b"7z\xbc\xaf\x27\x1c", Kind.ARCHIVE),
    (0, b"Rar!\x1a\x07", Kind.ARCHIVE),
    (0, b"\x1f\x8b", Kind.ARCHIVE),
    (0, b"BZh", Kind.ARCHIVE),
    (0, b"\xfd7zXZ\0", Kind.ARCHIVE),
    (257, b"ustar", Kind.ARCHIVE),
    (0, b"GIF8", Kind.GIF),
    (0, b"\0\0\0\x0cjP  \r\n", Kind.JPEG2000),
    (0, b"\xff\x4f\xff\x51", Kind.JPEG2000),
    (4, b"ftyp", Kind.HEIF),
    (0, b"%PDF", Kind.PDF),
)


def sniff(head: bytes) -> Kind:
    """The kind of a file that begins with `head` (its first `SNIFF_BYTES` bytes, or all of a shorter one)."""
    if not head:
        return Kind.EMPTY
    # The preamble of a DICOM file may be another format's header (PS3.10 7.1), so DICM is asked first.
    if head[128:132] == b"DICM":
        return Kind.DICOMDIR if _DICOMDIR_CLASS in _file_meta(head) else Kind.DICOM
    for offset, magic, kind in _MAGIC:
        if head.startswith(magic, offset):
            return kind
    # "BM" is a weak mark; the size of the next header (12 to 124 bytes) confirms it.
    if head.startswith(b"BM") and len(head) > 18 and head[14] in {12, 40, 52, 56, 64, 108, 124}:
        return Kind.BMP
    if _is_bare_dataset(head):
        return Kind.DICOM
    return Kind.TEXT if _is_text(head) else Kind.OTHER


def _file_meta(head: bytes) -> bytes:
    """The file meta information, as long as its group length (0002,0000) says; else all that there is."""
    if head[132:138] != b"\x02\0\0\0UL":
        return head
    return head[132 : 144 + int.from_bytes(head[140:144], "little")]


def _is_bare_dataset(head: bytes) -> bool:
    """Whether a DICOM data set starts here without preamble: group 2 or 8, then a VR or a short length."""
    if len(head) < 12:
        return False
    for order in ("little", "big"):
        group = int.from_bytes(head[0:2], order)
        element = int.from_bytes(head[2:4], order)
        if group not in (0x0002, 0x0008) or element > 0x0100:
            continue
        if head[4:6] in _VRS:
            return True
        length = int.from_bytes(head[4:8], order)
        # Implicit VR: the next tag follows the value and lies in the same group or the one above.
        following = head[8 + length : 10 + length]
        if length <= 1024 and len(following) == 2:
            next_group = int.from_bytes(following, order)
            if group <= next_group <= 0x0010:
                return True
    return False


def _is_text(head: bytes) -> bool:
    """Whether this reads as UTF-8 or UTF-16 text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if any(byte < 9 or 13 < byte < 32 for byte in head[:512]):
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character cut in two by the end of `head` is no damage.
        return error.start >= len(head) - 3
    return True
