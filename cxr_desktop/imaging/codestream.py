"""What a compressed frame says of itself, before a decoder allocates memory for it."""

from __future__ import annotations

import re
from typing import NamedTuple

_SOC_SIZ = b"\xff\x4f\xff\x51"  # JPEG 2000: start of codestream, then image and tile size
_SOF = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF, 0xF7})
_LOSSLESS = frozenset({0xC3, 0xC7, 0xCB, 0xCF, 0xF7})
# Inside a scan, 0xFF is followed by a stuffed zero, a fill byte, a restart, or what may stand between scans.
_NOT_IN_JPEG_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd9\xc4\xda-\xdd\xe0-\xef\xfe]")
# Bit stuffing keeps 0xFF90 and above for markers (ISO 15444-1 B.10.1, C.2.2); packets may have SOP and EPH.
_NOT_IN_PACKETS = re.compile(rb"\xff[\x90\x93-\xff]")
_SOT, _SOD, _EOC = b"\xff\x90", b"\xff\x93", b"\xff\xd9"
_HOLE = bytes(512)  # arithmetic coding leaves no such run: a lost disk sector or network packet does
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})


class FrameSize(NamedTuple):
    """Of one compressed image.

    Attributes:
        precision: bits a sample.
        precision_at: where in the stream that is stated (JPEG only).
        is_lossless: whether the process is a lossless one (JPEG only).
    """

    rows: int
    columns: int
    components: int
    precision: int
    precision_at: int = 0
    is_lossless: bool = False


def jpeg_size(frame: bytes) -> FrameSize | None:
    """The size in the frame header of a JPEG or JPEG-LS stream (ITU-T T.81 B.2.2), or None."""
    if frame[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 4 <= len(frame):
        if frame[at] != 0xFF:
            return None
        marker = frame[at + 1]
        if marker == 0xFF or marker in _STANDALONE:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(frame[at + 2 : at + 4], "big")
        if marker in _SOF and at + 10 <= len(frame):
            return FrameSize(
                rows=int.from_bytes(frame[at + 5 : at + 7], "big"),
                columns=int.from_bytes(frame[at + 7 : at + 9], "big"),
                components=frame[at + 9],
                precision=frame[at + 4],
                precision_at=at + 4,
                is_lossless=marker in _LOSSLESS,
            )
        at += 2 + length
    return None


def jpeg_is_complete(frame: bytes) -> bool:
    """Whether an end-of-image marker stands at the end, but for padding.

    Decoders fill what is missing with grey and do not report it.
    """
    return frame[-64:].rstrip(b"\0\xff \n").endswith(b"\xff\xd9")


def jpeg2000_size(frame: bytes) -> FrameSize | None:
    """The size in the SIZ marker of a JPEG 2000 codestream (ISO 15444-1 A.5.1); None where there is none."""
    at = frame.find(_SOC_SIZ, 0, 4096)  # some writers leave the JP2 boxes around the codestream
    if at < 0 or at + 43 > len(frame):
        return None
    right, bottom, left, top = (
        int.from_bytes(frame[at + start : at + start + 4], "big") for start in (8, 12, 16, 20)
    )
    components = int.from_bytes(frame[at + 40 : at + 42], "big")
    return FrameSize(bottom - top, right - left, components, (frame[at + 42] & 0x7F) + 1)


def jpeg_scan_is_sound(frame: bytes) -> bool:
    """Whether only such markers follow the start of a JPEG stream's first scan as may do so."""
    start = frame.find(b"\xff\xda")
    return start >= 0 and _NOT_IN_JPEG_SCAN.search(frame, start + 2) is None


def jpeg2000_is_sound(frame: bytes) -> bool:
    """Whether the packets of a JPEG 2000 codestream look like packets.

    Decoders turn damaged packets into patches of grey or noise and report nothing.
    """
    at = frame.find(_SOC_SIZ, 0, 4096) + 2
    while at > 1 and (at := _behind_header(frame, at, _SOT)) >= 0:
        length = int.from_bytes(frame[at + 6 : at + 10], "big")  # Psot; 0: up to the end of the codestream
        body = _behind_header(frame, at, _SOD) + 2
        end = at + length if length else frame.rfind(_EOC)
        if body < 2 or not body <= end <= len(frame) or _NOT_IN_PACKETS.search(frame, body, end):
            return False
        hole = frame.find(_HOLE, body, end)
        if hole >= 0 and frame[hole:end].strip(b"\0"):  # zeros at the end of a tile are padding
            return False
        at = end
        if frame[at : at + 2] == _EOC:
            return True
    return False


def _behind_header(frame: bytes, at: int, last: bytes) -> int:
    """The position of a header's last marker, from the position of its first; -1 where it is damaged."""
    while frame[at : at + 2] != last:
        length = int.from_bytes(frame[at + 2 : at + 4], "big")
        if at + 4 > len(frame) or frame[at] != 0xFF or length < 2:
            return -1
        at += 2 + length
    return at
