"""PDF objects as bytes (ISO 32000-1, 7.3 and 7.5): streams, object streams, cross-reference streams."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
WORTH_DEFLATING = 300
"""Bytes; below that, deflating saves next to no room."""

ENTRY = b"/W[1 5 2]"
"""How wide an entry's kind, place and index are in a cross-reference stream, in bytes."""
_WIDTH = 8


def direct(offset: int) -> bytes:
    """The cross-reference entry of an object that begins `offset` bytes into the file."""
    return b"\x01" + offset.to_bytes(5, "big") + b"\0\0"


@dataclass(slots=True)
class Objects:
    """Numbered objects in the order they are written, and where each is found.

    offset: of the next byte in the file. entries: of the cross-reference stream. Numbers start at 1.
    """

    offset: int = 0
    entries: bytearray = field(default_factory=bytearray)

    @property
    def count(self) -> int:
        """How many numbers were given out."""
        return len(self.entries) // _WIDTH

    def reserve(self, count: int = 1) -> int:
        """The first of `count` numbers for objects that are written later."""
        first = self.count + 1
        self.entries += bytes(_WIDTH * count)
        return first

    def write(self, body: bytes, number: int = 0) -> tuple[int, bytes]:
        """The object's number (a new one if none is given) and its bytes."""
        number = number or self.reserve()
        data = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        self.entries[(number - 1) * _WIDTH : number * _WIDTH] = direct(self.offset)
        self.offset += len(data)
        return number, data

    def packed(self, first: int, count: int, held_in: int) -> None:
        """Note that `count` objects from number `first` on stand in the object stream `held_in`, in order."""
        prefix = b"\x02" + held_in.to_bytes(5, "big")
        entries = b"".join(prefix + index.to_bytes(2, "big") for index in range(count))
        self.entries[(first - 1) * _WIDTH : (first - 1 + count) * _WIDTH] = entries


def stream(data: bytes, entries: bytes = b"", level: int = 9, least: int = WORTH_DEFLATING) -> bytes:
    """A stream object's body; deflated, at that level, where it has at least so many bytes."""
    if len(data) >= least:
        data, entries = zlib.compress(data, level), entries + b"/Filter/FlateDecode"
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


def cross_reference(entries: bytes, root: int, info: int, identity: bytes, start: int, level: int = 0) -> bytes:
    """The end of a file: a cross-reference stream, which begins at `start` and is the last object.

    entries: of all objects before it. identity: a digest in hex. level: how hard it is deflated; 0: not at all.
    """
    number = len(entries) // _WIDTH + 1
    data, filtered = b"\0\0\0\0\0\0\xff\xff" + entries + direct(start), b""
    if level:
        data, filtered = zlib.compress(data, level), b"/Filter/FlateDecode"
    named = b"/Type/XRef/Size %d%s/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]" % (
        number + 1, ENTRY, root, info, identity, identity
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


def array(numbers: Sequence[int]) -> bytes:
    """An array of references."""
    return b"[%s]" % b" ".join(b"%d 0 R" % number for number in numbers)
