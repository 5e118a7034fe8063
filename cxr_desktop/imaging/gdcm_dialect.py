"""12-bit JPEG as GDCM writes it, turned into what the standard asks for.

GDCM codes the 12-bit extended process with its 16-bit library. The stream states a precision of 16, which
ITU-T T.81 B.2.2 does not allow for this process, and its DC coefficients lack the level shift of A.3.1 (the
shift by 32768 vanishes in 16-bit coefficients). Only GDCM reads that back; but GDCM aborts the process on
damaged streams. So the stream is mended here: DC coefficients are coded as differences, hence it is enough
to lower the very first one, and to give its new size a Huffman code where it has none.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

_DQT, _DHT, _SOS = 0xDB, 0xC4, 0xDA
_COUNTS = 16  # a Huffman table begins with the number of codes of each length (B.2.4.2)
_LEVEL = 2048 * 8  # of 12 bits, as a DC coefficient


class _Layout(NamedTuple):
    """Positions in the stream: of the DC Huffman table's counts, and of the first byte of the scan."""

    quantiser: int
    table: int
    table_length: int
    scan: int


def mended(frame: bytes, precision_at: int) -> bytes:
    """The stream with precision 12 and with the level shift.

    Args:
        precision_at: position of the precision in the frame header.

    Raises:
        ValueError: the stream is damaged.
    """
    layout = _layout(frame)
    counts = list(frame[layout.table : layout.table + _COUNTS])
    symbols = list(frame[layout.table + _COUNTS : layout.table + _COUNTS + sum(counts)])
    codes = _codes(counts, symbols)

    end = frame.rindex(b"\xff\xd9")
    coded = frame[layout.scan : end].replace(b"\xff\0", b"\xff")
    bits = np.unpackbits(np.frombuffer(coded, np.uint8))
    used, difference = _first_difference(bits, codes)
    difference -= round(_LEVEL / layout.quantiser)
    size = abs(difference).bit_length()
    if size not in codes.values():
        _append(counts, symbols, size)
        codes = _codes(counts, symbols)
    length, code = next(each for each, symbol in codes.items() if symbol == size)
    # Negative differences are coded as one less, in `size` bits (F.1.2.1).
    tail = (difference if difference >= 0 else difference - 1) & ((1 << size) - 1)
    head = format(code, f"0{length}b") + (format(tail, f"0{size}b") if size else "")
    bits = np.concatenate([np.array([int(bit) for bit in head], np.uint8), bits[used:]])
    bits = np.append(bits, np.ones(-bits.size % 8, np.uint8))  # padded with ones (F.1.2.3)
    recoded = np.packbits(bits).tobytes().replace(b"\xff", b"\xff\0")

    table_end = layout.table + _COUNTS + sum(frame[layout.table : layout.table + _COUNTS])
    added = len(symbols) - (table_end - layout.table - _COUNTS)
    table_length = (layout.table_length + added).to_bytes(2, "big")
    header = bytearray(frame[: layout.table] + bytes(counts + symbols) + frame[table_end : layout.scan])
    header[layout.table - 3 : layout.table - 1] = table_length
    header[precision_at + (added if precision_at > layout.table else 0)] = 12
    return bytes(header) + recoded + b"\xff\xd9"


def _layout(frame: bytes) -> _Layout:
    quantiser, table, table_length, at = 0, 0, 0, 2
    while at + 5 < len(frame):
        marker, length = frame[at + 1], int.from_bytes(frame[at + 2 : at + 4], "big")
        if marker == _SOS:
            if not quantiser or not table:
                break
            return _Layout(quantiser, table, table_length, at + 2 + length)
        if marker == _DQT and frame[at + 4] == 0:
            quantiser = frame[at + 5]
        if marker == _DHT and frame[at + 4] == 0:  # class DC, table 0
            table, table_length = at + 5, length
        at += 2 + length
    raise ValueError("the JPEG stream has no quantisation table, no DC Huffman table or no scan")


def _codes(counts: list[int], symbols: list[int]) -> dict[tuple[int, int], int]:
    """The symbol of each (length, code), in the order of T.81 C.2."""
    if sum(counts) != len(symbols):
        raise ValueError("the Huffman table is cut off")
    codes, code, remaining = {}, 0, iter(symbols)
    for length, count in enumerate(counts, start=1):
        for _ in range(count):
            codes[length, code] = next(remaining)
            code += 1
        code <<= 1
    return codes


def _append(counts: list[int], symbols: list[int], symbol: int) -> None:
    """Gives a symbol the code behind the last one: a bit longer, as no code may be all ones."""
    longest = max(length for length, count in enumerate(counts, start=1) if count)
    if longest == _COUNTS:
        raise ValueError("the Huffman table has no room for another code")
    counts[longest] += 1
    symbols.append(symbol)


def _first_difference(bits: np.ndarray, codes: dict[tuple[int, int], int]) -> tuple[int, int]:
    """How many bits the first DC difference takes, and its value."""
    code = 0
    for length, bit in enumerate(bits[:_COUNTS].tolist(), start=1):
        code = code << 1 | bit
        if (length, code) in codes:
            size = codes[length, code]
            value = int("".join(map(str, bits[length : length + size].tolist())) or "0", 2)
            positive = size == 0 or value >> (size - 1)
            return length + size, value if positive else value - (1 << size) + 1
    raise ValueError("the scan does not begin with a Huffman code")
