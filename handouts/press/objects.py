"""PDF objects as bytes (ISO 32000-1, 7.3 and 7.5): streams, and the cross-reference stream that tells their places."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby

from handouts.errors import LayoutError
from handouts.press.predictor import PREDICTOR, UP, rows

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
WORTH_DEFLATING = 300
"""Bytes; below that, deflating saves next to no room."""

MOST_TOGETHER = 65_535
"""Objects in one object stream: a cross-reference stream tells their places in two bytes."""

MOST_OBJECTS = 8_388_607
"""In one document (ISO 32000-1, annex C; ISO 19005-2, 6.1.13)."""

_WIDTH = 8
_FIELDS = b"/W[1 5 2]"
"""How wide an entry's kind, place and index are in a cross-reference stream, in bytes."""

_LEVEL = 6
_NOBODY = b"\0\0\0\0\0\0\xff\xff"
"""The entry of object 0."""


def direct(offset: int) -> bytes:
    """The cross-reference entry of an object that begins `offset` bytes into the file."""
    return b"\x01" + offset.to_bytes(5, "big") + b"\0\0"


@dataclass(frozen=True, slots=True)
class _Run:
    """Entries of objects with numbers that follow one another. held_in: their object stream; 0 for free numbers."""

    first: int
    count: int
    held_in: int

    @property
    def _opening(self) -> bytes:
        return b"\x02" + self.held_in.to_bytes(5, "big") if self.held_in else b""

    def entries(self) -> bytes:
        """As they stand."""
        if not self.held_in:
            return bytes(_WIDTH * self.count)
        opening = self._opening
        return b"".join([opening + index.to_bytes(2, "big") for index in range(self.count)])

    def rows(self, above: bytes) -> tuple[bytes, bytes]:
        """Each told by the one above it, and the last one as it stands."""
        if not self.held_in:
            return rows(bytes(_WIDTH), above) + (UP + bytes(_WIDTH)) * (self.count - 1), bytes(_WIDTH)
        opening = self._opening
        first, last = opening + b"\0\0", opening + (self.count - 1).to_bytes(2, "big")
        return rows(first, above) + _next_indices()[: (self.count - 1) * (_WIDTH + 1)], last


@cache
def _next_indices() -> bytes:
    """How an entry differs from the one before it in the same object stream, for the second and all that follow."""
    entries = b"".join(bytes(6) + index.to_bytes(2, "big") for index in range(1, MOST_TOGETHER))
    return rows(entries, bytes(_WIDTH))


@dataclass(slots=True)
class Objects:
    """Numbered objects in the order they are written, and where each is found.

    offset: of the next byte in the file. count: the last number that was given out; they start at 1.
    """

    offset: int = 0
    count: int = 0
    _gaps: list[range] = field(default_factory=list)
    """Lower numbers that were passed over."""
    _written: array[int] = field(default_factory=lambda: array("Q"))
    """Numbers and offsets by turns."""
    _runs: list[_Run] = field(default_factory=list)

    @property
    def left(self) -> int:
        """How many more there can be, wherever they are to follow one another: numbers passed over are not counted."""
        return MOST_OBJECTS - self.count

    def reserve(self, count: int = 1) -> int:
        """The first of `count` numbers for objects that are written later. Raises LayoutError where there are none."""
        if count == 1 and self._gaps:
            gap = self._gaps.pop()
            if len(gap) > 1:
                self._gaps.append(gap[1:])
            return gap[0]
        first = self.count + 1
        self.count += count
        if self.count > MOST_OBJECTS:
            raise LayoutError("a document of more than 8,388,607 objects", hint="Print fewer packets at once.")
        return first

    def reserve_alike(self, count: int, step: int) -> int:
        """The same for numbers with equally many digits, the first of which is a multiple of `step`."""
        first = (self.count // step + 1) * step
        if len(str(first)) < len(str(first + count)):
            first = 10 ** len(str(first))
        if first > self.count + 1:
            self._gaps.append(range(self.count + 1, first))
            self.count = first - 1
        return self.reserve(count)

    def write(self, body: bytes, number: int = 0) -> tuple[int, bytes]:
        """The object's number (a new one if none is given) and its bytes."""
        number = number or self.reserve()
        data = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        self._written.extend((number, self.offset))
        self.offset += len(data)
        return number, data

    def packed(self, first: int, count: int, held_in: int) -> None:
        """Note that `count` objects from number `first` on stand in the object stream `held_in`, in order."""
        self._runs.append(_Run(first, count, held_in))

    def _entries(self) -> Iterator[bytes | _Run]:
        """All entries in the order of their numbers, from number 1 on."""
        offsets = dict(zip(self._written[::2], self._written[1::2], strict=True))
        runs = {run.first: run for run in self._runs}
        following = 1
        for number in sorted([*offsets, *runs]):
            if number > following:
                yield _Run(following, number - following, 0)
            yield direct(offsets[number]) if number in offsets else runs[number]
            following = number + (1 if number in offsets else runs[number].count)
        if following <= self.count:
            yield _Run(following, self.count + 1 - following, 0)

    def entries(self) -> bytes:
        """All entries, from number 1 on."""
        return b"".join([each if isinstance(each, bytes) else each.entries() for each in self._entries()])

    def cross_reference(self, root: int, info: int, identity: bytes) -> bytes:
        """The end of a file of many objects. identity: a digest in hex."""
        deflating = zlib.compressobj(_LEVEL)
        above = _NOBODY
        data = [deflating.compress(rows(above, bytes(_WIDTH)))]
        for _, group in groupby([*self._entries(), direct(self.offset)], lambda each: isinstance(each, bytes)):
            together = list(group)
            if entries := b"".join([each for each in together if isinstance(each, bytes)]):
                data.append(deflating.compress(rows(entries, above)))
                above = entries[-_WIDTH:]
            for run in together:
                if isinstance(run, _Run):
                    told, above = run.rows(above)
                    data.append(deflating.compress(told))
        data.append(deflating.flush())
        filtered = b"/Filter/FlateDecode/DecodeParms<<%s>>" % (PREDICTOR % _WIDTH)
        return _end(self.count + 1, b"".join(data), filtered, root, info, identity, self.offset)


def stream(data: bytes, entries: bytes = b"", level: int = 9, least: int = WORTH_DEFLATING) -> bytes:
    """A stream object's body; deflated, at that level, where it has at least so many bytes."""
    if len(data) >= least:
        data, entries = zlib.compress(data, level), entries + b"/Filter/FlateDecode"
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


def cross_reference(entries: bytes, root: int, info: int, identity: bytes, start: int) -> bytes:
    """The end of a file: a cross-reference stream, which begins at `start` and is the last object.

    entries: of all objects before it. identity: a digest in hex.
    """
    return _end(len(entries) // _WIDTH + 1, _NOBODY + entries + direct(start), b"", root, info, identity, start)


def _end(number: int, data: bytes, filtered: bytes, root: int, info: int, identity: bytes, start: int) -> bytes:
    named = b"/Type/XRef/Size %d%s/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]" % (
        number + 1, _FIELDS, root, info, identity, identity
    )  # fmt: skip
    return b"%d 0 obj\n<<%s%s/Length %d>>stream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        number, named, filtered, len(data), data, start
    )  # fmt: skip


def resources(fonts: dict[str, int], pictures: dict[str, int]) -> bytes:
    """The resources that every page of a document shares: object numbers by resource name."""
    shown = b"/XObject<<%s>>" % _named(pictures) if pictures else b""
    return b"<</Font<<%s>>%s>>" % (_named(fonts), shown)


def _named(numbers: dict[str, int]) -> bytes:
    return b"".join(b"/%s %d 0 R" % (name.encode(), number) for name, number in sorted(numbers.items()))


def array_of(numbers: Iterable[int]) -> bytes:
    """An array of references."""
    return b"[%s]" % b" ".join([b"%d 0 R" % number for number in numbers])
