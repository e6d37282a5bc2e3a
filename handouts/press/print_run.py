"""The print run: all packets as one document, written as it grows, with fonts and static pages once for all."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from handouts.layout.skeleton import Pressed, Static
from handouts.layout.xobject import XObject
from handouts.press.about import About
from handouts.press.attachment import Attachment
from handouts.press.objects import (
    HEADER,
    Objects,
    numbers_of,
    page_object,
    resources,
    stream,
    text,
    trailer,
    xref,
)
from handouts.press.packet import PART_LEVEL
from handouts.press.resources import font, picture, pictures_of


class Sink(Protocol):
    """Where the document goes, from its first byte to its last."""

    def write(self, data: bytes, /) -> object:
        """Append `data`."""


@dataclass(frozen=True, slots=True)
class _Bookmark:
    title: str
    page: int


class PrintRun:
    """Append packets in order, then `finish`. Of what was written only numbers and static pages stay in memory."""

    def __init__(self, out: Sink, about: About, logo: XObject | None) -> None:
        self._out = out
        self._about = about
        self._logo = logo
        self._objects = Objects()
        self._digest = hashlib.blake2b(digest_size=16)
        self._write(HEADER)
        self._objects.offset = len(HEADER)
        self._shared, self._tree = self._objects.reserve(), self._objects.reserve()
        self._statics: dict[Static, int] = {}
        self._attached: dict[Attachment, int] = {}
        self._fonts: set[str] = set()
        self._pictures: dict[XObject, None] = {}
        self._kids: list[tuple[int, int]] = []
        self._bookmarks: list[_Bookmark] = []
        self.pages = 0
        """How many pages were written so far."""

    def attach(self, attachment: Attachment) -> int:
        """Write the pages of a finished PDF as they are; returns the number of the first, from 1."""
        first = self.pages + 1
        if attachment not in self._attached:
            base = len(self._objects.offsets) + 1
            for body in attachment.bodies(base):
                self._add(body)
            self._attached[attachment] = base
        node = self._objects.reserve()
        base = self._attached[attachment]
        self._add_node(node, [self._add(attachment.page(each, node, base)) for each in range(len(attachment.pages))])
        return first

    def append(self, pressed: Pressed, bookmark: str = "") -> int:
        """Write one packet's pages; returns the number of its first page, from 1. Empty: no bookmark."""
        first = self.pages + 1
        skeleton = pressed.skeleton
        node = self._objects.reserve()
        parts = [self._add(stream(part, level=PART_LEVEL)) for part in pressed.parts]
        numbers: list[int] = []
        for page in skeleton.pages:
            for piece in page.contents:
                if isinstance(piece, Static) and piece not in self._statics:
                    self._statics[piece] = self._add(stream(piece.data))
            contents = numbers_of(page, self._statics, parts)
            numbers.append(self._add(page_object(node, self._shared, skeleton.size, contents)))
        self._add_node(node, numbers)
        self._fonts |= pressed.fonts
        self._pictures.update(dict.fromkeys(skeleton.pictures))
        if bookmark:
            self._bookmarks.append(_Bookmark(bookmark, numbers[0]))
        return first

    def _add_node(self, node: int, numbers: Sequence[int]) -> None:
        """A node of the page tree for pages that belong together."""
        kids = b" ".join(b"%d 0 R" % number for number in numbers)
        self._add(b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%s]>>" % (self._tree, len(numbers), kids), node)
        self._kids.append((node, len(numbers)))
        self.pages += len(numbers)

    def finish(self) -> None:
        """Write what the whole document needs: fonts, pictures, page tree, bookmarks, cross-reference table."""
        fonts = {}
        for name in sorted(self._fonts):
            fonts[name], data = font(self._objects, name)
            self._write(data)
        pictures = {}
        for name, drawn in pictures_of(self._logo, self._pictures).items():
            pictures[name], data = picture(self._objects, drawn)
            self._write(data)
        self._add(resources(fonts, pictures), self._shared)
        kids = b" ".join(b"%d 0 R" % node for node, _ in self._kids)
        self._add(b"<</Type/Pages/Count %d/Kids[%s]>>" % (self.pages, kids), self._tree)
        outlines = self._write_bookmarks()
        metadata = self._add(self._about.metadata())
        extra = b"/PageMode/UseOutlines/Outlines %d 0 R" % outlines if outlines else b""
        root = self._add(self._about.catalog(self._tree, metadata, extra))
        info = self._add(self._about.info())
        identity = self._digest.hexdigest().upper().encode()
        offsets = self._objects.offsets
        self._write(trailer(xref(offsets), len(offsets), root, info, identity, self._objects.offset))

    def _write_bookmarks(self) -> int | None:
        if not self._bookmarks:
            return None
        top = self._objects.reserve()
        numbers = [self._objects.reserve() for _ in self._bookmarks]
        for index, (number, bookmark) in enumerate(zip(numbers, self._bookmarks, strict=True)):
            before = b"/Prev %d 0 R" % numbers[index - 1] if index else b""
            after = b"/Next %d 0 R" % numbers[index + 1] if index + 1 < len(numbers) else b""
            entry = b"<</Title%s/Parent %d 0 R%s%s/Dest[%d 0 R/Fit]>>" % (
                text(bookmark.title),
                top,
                before,
                after,
                bookmark.page,
            )
            self._add(entry, number)
        self._add(
            b"<</Type/Outlines/Count %d/First %d 0 R/Last %d 0 R>>" % (len(numbers), numbers[0], numbers[-1]), top
        )
        return top

    def _add(self, body: bytes, number: int = 0) -> int:
        number, data = self._objects.write(body, number)
        self._write(data)
        return number

    def _write(self, data: bytes) -> None:
        self._digest.update(data)
        self._out.write(data)
