"""PDF objects as bytes (ISO 32000-1, 7.3 and 7.5): streams, object streams, cross-reference streams."""

from __future__ import annotations

import array as arrays
import zlib
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_WORTH_DEFLATING = 600
"""Bytes; below that, deflating costs more time than it saves room."""

ENTRY = b"/W[1 5 2]"
"""How wide an entry's kind, place and index are in a cross-reference stream, in bytes."""
_WIDTH = 8
_FREE = b"\0\0\0\0\0\0\xff\xff"
"""The entry of object 0, which is none."""


def direct(offset: int) -> bytes:
    """The cross-reference entry of an object that begins `offset` bytes into the file."""
    return b"\x01" + offset.to_bytes(5, "big") + b"\0\0"


@dataclass(frozen=True, slots=True)
class _Run:
    """Objects that stand in one object stream, in order. index: how many objects elsewhere come before the first."""

    first: int
    count: int
    held_in: int
    index: int

    @property
    def entries(self) -> bytes:
        prefix = b"\x02" + self.held_in.to_bytes(5, "big")
        return b"".join([prefix + index.to_bytes(2, "big") for index in range(self.count)])


class Objects:
    """Numbered objects in the order they are written, and where each is found.

    offset: of the next byte in the file. Numbers start at 1. Objects in object streams take no memory each: a print
    run has millions of them.
    """

    def __init__(self, offset: int = 0) -> None:
        self.offset = offset
        self._offsets = arrays.array("Q")  # of objects that stand by themselves
        self._runs: list[_Run] = []  # all others
        self._packed = 0

    @property
    def count(self) -> int:
        """How many numbers were given out."""
        return len(self._offsets) + self._packed

    def reserve(self, count: int = 1) -> int:
        """The first of `count` numbers for objects that are written later."""
        first = self.count + 1
        self._offsets.frombytes(bytes(_WIDTH * count))
        return first

    def write(self, body: bytes, number: int = 0) -> tuple[int, bytes]:
        """The object's number (a new one if none is given) and its bytes."""
        number = number or self.reserve()
        data = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        at = bisect(self._runs, number, key=_first)
        before = self._runs[at - 1] if at else _Run(1, 0, 0, 0)
        self._offsets[before.index + number - before.first - before.count] = self.offset
        self.offset += len(data)
        return number, data

    def packed(self, first: int, count: int, held_in: int) -> None:
        """Note that the `count` objects that were reserved last stand in the object stream `held_in`, in order."""
        if first + count - 1 != self.count:
            raise ValueError("only what was reserved last can be packed")
        del self._offsets[len(self._offsets) - count :]
        self._runs.append(_Run(first, count, held_in, len(self._offsets)))
        self._packed += count

    @property
    def entries(self) -> bytes:
        """The entries of the cross-reference stream."""
        return b"".join(self.entries_in_pieces())

    def entries_in_pieces(self) -> Iterator[bytes]:
        """The entries of the cross-reference stream, some at a time."""
        done = 0
        for run in self._runs:
            yield b"".join(map(direct, self._offsets[done : run.index]))
            yield run.entries
            done = run.index
        yield b"".join(map(direct, self._offsets[done:]))


def _first(run: _Run) -> int:
    return run.first


def stream(data: bytes, entries: bytes = b"", level: int = 9) -> bytes:
    """A stream object's body; deflated when that is worth it."""
    if len(data) >= _WORTH_DEFLATING:
        data, entries = zlib.compress(data, level), entries + b"/Filter/FlateDecode"
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


def cross_reference(entries: bytes, root: int, info: int, identity: bytes, start: int) -> bytes:
    """The end of a file: a cross-reference stream, which begins at `start` and is the last object.

    entries: of all objects before it. identity: a digest in hex.
    """
    data = _FREE + entries + direct(start)
    return _cross_reference(data, b"", len(entries) // _WIDTH + 1, (root, info), identity, start)


def deflated_cross_reference(objects: Objects, root: int, info: int, identity: bytes, level: int) -> bytes:
    """The same for so many objects that their entries are never in memory all at once. level: of deflation."""
    deflating = zlib.compressobj(level)
    pieces = chain([_FREE], objects.entries_in_pieces(), [direct(objects.offset)])
    data = b"".join([*map(deflating.compress, pieces), deflating.flush()])
    return _cross_reference(data, b"/Filter/FlateDecode", objects.count + 1, (root, info), identity, objects.offset)


def _cross_reference(
    data: bytes, filtered: bytes, number: int, named: tuple[int, int], identity: bytes, start: int
) -> bytes:
    entries = b"/Type/XRef/Size %d%s/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]" % (
        number + 1, ENTRY, *named, identity, identity
    )  # fmt: skip
    return b"%d 0 obj\n<<%s%s/Length %d>>stream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        number, entries, filtered, len(data), data, start
    )  # fmt: skip


def resources(fonts: dict[str, int], pictures: dict[str, int]) -> bytes:
    """The resources that every page of a document shares: object numbers by resource name."""
    shown = b"/XObject<<%s>>" % _named(pictures) if pictures else b""
    return b"<</Font<<%s>>%s>>" % (_named(fonts), shown)


def _named(numbers: dict[str, int]) -> bytes:
    return b"".join(b"/%s %d 0 R" % (name.encode(), number) for name, number in sorted(numbers.items()))


def array(numbers: Sequence[int]) -> bytes:
    """An array of references."""
    return b"[%s]" % b" ".join(b"%d 0 R" % number for number in numbers)
