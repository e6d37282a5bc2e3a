"""PDF objects as bytes (ISO 32000-1): streams, text strings, pages, cross-reference tables."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from handouts.layout.skeleton import Page, Static

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_WORTH_DEFLATING = 600
"""Bytes; below that, deflating costs more time than it saves room."""


@dataclass(slots=True)
class Objects:
    """Numbered objects in the order they are written, and where each begins.

    offset: of the next byte in the file. Numbers start at 1.
    """

    offset: int = 0
    offsets: list[int] = field(default_factory=list)

    def reserve(self) -> int:
        """A number for an object that is written later."""
        self.offsets.append(0)
        return len(self.offsets)

    def write(self, body: bytes, number: int = 0) -> tuple[int, bytes]:
        """The object's number (a new one if none is given) and its bytes."""
        number = number or self.reserve()
        data = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        self.offsets[number - 1] = self.offset
        self.offset += len(data)
        return number, data


def stream(data: bytes, entries: bytes = b"", level: int = 9) -> bytes:
    """A stream object's body; deflated when that is worth it."""
    if len(data) >= _WORTH_DEFLATING:
        data, entries = zlib.compress(data, level), entries + b"/Filter/FlateDecode"
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


def text(value: str) -> bytes:
    """A text string, in UTF-16 where ASCII cannot hold it."""
    if value.isascii():
        return b"(%s)" % value.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode()
    return b"<FEFF%s>" % value.encode("utf-16-be").hex().upper().encode()


def xref(offsets: Iterable[int]) -> bytes:
    """Entries of a cross-reference table."""
    return b"".join(b"%010d 00000 n \n" % offset for offset in offsets)


def trailer(entries: bytes, count: int, root: int, info: int, identity: bytes, start: int) -> bytes:
    """The end of a file. entries: the cross-reference table's, which begins at `start`. identity: a digest in hex."""
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (count + 1, entries)
    named = b"/Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]" % (count + 1, root, info, identity, identity)
    return b"%strailer\n<<%s>>\nstartxref\n%d\n%%%%EOF\n" % (table, named, start)


# -- pages -----------------------------------------------------------------------------------------


def resources(fonts: dict[str, int], pictures: dict[str, int]) -> bytes:
    """The resources that every page of a document shares: object numbers by resource name."""
    shown = b"/XObject<<%s>>" % _named(pictures) if pictures else b""
    return b"<</Font<<%s>>%s>>" % (_named(fonts), shown)


def _named(numbers: dict[str, int]) -> bytes:
    return b"".join(b"/%s %d 0 R" % (name.encode(), number) for name, number in sorted(numbers.items()))


def page_object(parent: int, shared: int, geometry: tuple[float, float], contents: Sequence[int]) -> bytes:
    """A page. contents: the numbers of its streams, in the order in which they are read."""
    listed = b" ".join(b"%d 0 R" % number for number in contents)
    return b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %g %g]/Resources %d 0 R/Contents[%s]>>" % (
        parent,
        *geometry,
        shared,
        listed,
    )


def numbers_of(page: Page, statics: dict[Static, int], parts: Sequence[int]) -> list[int]:
    """The object numbers of a page's contents. parts: object number by part number."""
    return [statics[piece] if isinstance(piece, Static) else parts[piece] for piece in page.contents]
