"""The print run: all packets as one document, written as it grows, with fonts and static pages once for all."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from handouts.layout.skeleton import Pressed, Skeleton, Static
from handouts.layout.xobject import XObject
from handouts.press.about import About, Parts, profile
from handouts.press.attachment import Attached, Attachment
from handouts.press.numbered import FIRST_PAGE, NODE, PACKET, PARENTS, Document, Numbered, numbered, numbered_alone
from handouts.press.objects import HEADER, Objects, array, deflated_cross_reference, resources, stream
from handouts.press.outline import Bookmark, outline
from handouts.press.packet import PART_LEVEL, structure_root
from handouts.press.resources import font, picture, pictures_of

_MOST_SPELLED = 64
_MOST_OBJECTS = 8_000_000
"""Where nothing more is appended; the rest is room for one packet, its notice, and a bookmark for every packet."""


class Sink(Protocol):
    """Where the document goes, from its first byte to its last."""

    def write(self, data: bytes, /) -> object:
        """Append `data`."""


@dataclass(frozen=True, slots=True)
class Pages:
    """A packet as a print run takes it in. bodies: its own streams, deflated."""

    skeleton: Skeleton
    bodies: tuple[bytes, ...]
    fonts: frozenset[str]

    @classmethod
    def of(cls, pressed: Pressed) -> Self:
        """What can be done for a packet without knowing what stands before it."""
        return cls(pressed.skeleton, tuple(stream(part, level=PART_LEVEL) for part in pressed.parts), pressed.fonts)


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
        self._structure, self._element = self._objects.reserve(), self._objects.reserve()
        self._statics: dict[Static, int] = {}
        self._spelled: dict[Skeleton, Numbered] = {}
        self._attached: dict[Attachment, Numbered] = {}
        self._fonts: set[str] = set()
        self._pictures: dict[XObject, None] = {}
        self._nodes: list[int] = []
        self._elements: list[int] = []
        self._parents: list[int] = []
        self._bookmarks: list[Bookmark] = []
        self.pages = 0
        """How many pages were written so far."""

    @property
    def is_full(self) -> bool:
        """Whether no further packet should be appended: PDF/A-2 allows 8,388,607 objects (ISO 19005-2, 6.1.13)."""
        return self._objects.count > _MOST_OBJECTS

    def attach(self, attachment: Attachment) -> int:
        """Write the pages of a finished PDF as they are; returns the number of the first, from 1."""
        first_page = self.pages + 1
        if attachment not in self._attached:
            first = self._objects.count + 1
            for body in attachment.bodies(first):
                self._add(body)
            document = Document(self._tree, self._element, self._shared, b"Part", {})
            self._attached[attachment] = numbered_alone(Attached(attachment, first), document)
        self._add_pages(self._attached[attachment], len(attachment.pages))
        return first_page

    def append(self, packet: Pages, bookmark: str = "") -> int:
        """Write one packet's pages; returns the number of its first page, from 1. Empty: no bookmark."""
        first_page = self.pages + 1
        skeleton = packet.skeleton
        spelled = self._spell(skeleton)
        first = self._add_pages(spelled, len(skeleton.pages), packet.bodies)
        self._fonts |= packet.fonts
        self._pictures.update(dict.fromkeys(skeleton.pictures))
        if bookmark:
            self._bookmarks.append(Bookmark(bookmark, first + FIRST_PAGE))
        return first_page

    def _add_pages(self, spelled: Numbered, count: int, bodies: Sequence[bytes] = ()) -> int:
        """Write pages and what fills their holes; the number of their first object."""
        held_in = self._objects.reserve()
        first = self._objects.reserve(spelled.count)
        self._objects.packed(first, spelled.count, held_in)
        for body in bodies:
            self._add(body)
        self._add(spelled.object_stream(first, PART_LEVEL), held_in)
        self._nodes.append(first + NODE)
        self.pages += count
        if spelled.tagged:
            self._elements.append(first + PACKET)
            self._parents.append(first + PARENTS)
        return first

    def _spell(self, skeleton: Skeleton) -> Numbered:
        """The skeleton's objects, after the static streams that they name."""
        known = self._spelled.get(skeleton)
        if known is None:
            for page in skeleton.pages:
                for piece in page.contents:
                    if isinstance(piece, Static) and piece not in self._statics:
                        self._statics[piece] = self._add(stream(piece.data))
            if len(self._spelled) >= _MOST_SPELLED:
                self._spelled.pop(next(iter(self._spelled)))
            document = Document(self._tree, self._element, self._shared, b"Part", self._statics)
            known = self._spelled[skeleton] = numbered(skeleton, document)
        return known

    def finish(self) -> None:
        """Write what the whole document needs: fonts, pictures, trees, bookmarks, cross-reference stream."""
        fonts = {}
        for name in sorted(self._fonts):
            fonts[name], data = font(self._objects, name)
            self._write(data)
        pictures = {}
        for name, drawn in pictures_of(self._logo, self._pictures).items():
            pictures[name], data = picture(self._objects, drawn)
            self._write(data)
        self._add(resources(fonts, pictures), self._shared)
        self._add(b"<</Type/Pages/Count %d/Kids%s>>" % (self.pages, array(self._nodes)), self._tree)
        self._add(b"<</S/Document/P %d 0 R/K%s>>" % (self._structure, array(self._elements)), self._element)
        parents = self._add(b"<</Kids%s>>" % array(self._parents))
        self._add(structure_root(self._element, parents, self._objects.count + 1), self._structure)
        conforming = not any(attachment.doubt for attachment in self._attached)
        metadata, icc = self._add(self._about.metadata(conforming=conforming)), self._add(profile())
        parts = Parts(self._tree, metadata, icc, self._structure, self._objects.count + 1)
        first = self._objects.reserve(len(self._bookmarks) + 1)
        for number, body in enumerate(outline(self._bookmarks, first), first):
            self._add(body, number)
        root = self._add(self._about.catalog(parts))
        info = self._add(self._about.info())
        identity = self._digest.hexdigest().upper().encode()
        self._write(deflated_cross_reference(self._objects, root, info, identity, PART_LEVEL))

    def _add(self, body: bytes, number: int = 0) -> int:
        number, data = self._objects.write(body, number)
        self._write(data)
        return number

    def _write(self, data: bytes) -> None:
        self._digest.update(data)
        self._out.write(data)
