"""Rows of bytes told by their difference to the row above: the PNG predictor `Up` (ISO 32000-1, 7.4.4.4)."""

from __future__ import annotations

from functools import cache

UP, AS_IT_IS = b"\x02", b"\x00"
"""What stands before a row, and tells how it is told."""

PREDICTOR = b"/Predictor 12/Columns %d"
"""Entries of the parameters for decoding; rows are so many bytes wide."""


def differences(below: bytes, above: bytes) -> bytes:
    """Byte by byte, modulo 256; both are equally long."""
    # all bytes at once: the highest bit of each is kept out of the subtraction, so that none borrows from the next
    high = _highest_bits(len(below))
    one, other = int.from_bytes(below), int.from_bytes(above)
    return (((one | high) - (other & ~high)) ^ ((one ^ ~other) & high)).to_bytes(len(below))


@cache
def _highest_bits(length: int) -> int:
    return int.from_bytes(b"\x80" * length)


def rows(data: bytes, above: bytes) -> bytes:
    """The rows of `data`, each told by the one above it. above: the row before the first, as wide as all."""
    columns = len(above)
    told = differences(data, (above + data)[: len(data)])
    return b"".join([UP + told[at : at + columns] for at in range(0, len(told), columns)])
