"""The print run: all packets as one document, written as it grows, with fonts and static pages once for all."""

from __future__ import annotations

import hashlib
from array import array
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, Protocol, Self

from handouts.layout.skeleton import Pressed, Skeleton, Static
from handouts.layout.xobject import XObject
from handouts.press.about import About, Parts, profile
from handouts.press.attachment import Attached, Attachment
from handouts.press.numbered import (
    ABOVE,
    NODE,
    Document,
    Numbered,
    numbered,
    numbered_alone,
    object_stream,
    parent_leaf,
    spelled,
)
from handouts.press.objects import HEADER, Objects, array_of, resources, stream
from handouts.press.outline import Bookmark, outline
from handouts.press.packet import PART_LEVEL, structure_root
from handouts.press.resources import font, picture, pictures_of
from handouts.press.rows import STEP, TOGETHER, SideBySide

_MOST_KINDS = 48
"""Skeletons whose objects are remembered as they are spelled."""

_MOST_RECURRING = 1024
"""Streams of packets that are remembered: many hold no more than a clinician, a date or a price, and come again."""

_MOST_PASSED_OVER = 3 * STEP * _MOST_KINDS
"""Numbers between the packets that wait: as many kinds, and of each at most nine packets, in groups of 5, 2 and 2."""

_ROOM = 10_000 + _MOST_PASSED_OVER
"""Objects that are kept for what the document needs at its end."""

_KIDS = 100
"""Kids of a node in the trees of pages and of parents: readers look for one among that many quickly."""


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
        return cls(pressed.skeleton, tuple(map(_body, pressed.parts)), pressed.fonts)


@lru_cache(_MOST_RECURRING)
def _body(part: bytes) -> bytes:
    return stream(part, level=PART_LEVEL)


class _Waiting(NamedTuple):
    """A packet of which only the streams are written; their numbers. place: in the document, from 0."""

    place: int
    streams: tuple[int, ...]


@dataclass(slots=True)
class _Kind:
    """Packets of one skeleton, or the pages of one attachment. last: the place of the last one in the document."""

    made: Numbered
    last: int = 0
    waiting: list[_Waiting] = field(default_factory=list)
    spelled: dict[tuple[int, int], SideBySide] = field(default_factory=dict)

    def side_by_side(self, packets: int, digits: int) -> SideBySide:
        """The objects of so many packets, whose numbers have so many digits."""
        key = packets, digits
        if key not in self.spelled:
            self.spelled[key] = SideBySide(self.made, packets, digits)
        return self.spelled[key]


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
        self._kinds: dict[Hashable, _Kind] = {}
        """By what they are made of: equal skeletons may come from several variants, or workers."""
        self._known: dict[Skeleton, _Kind] = {}
        self._recurring: OrderedDict[bytes, int] = OrderedDict()
        """Numbers of packets' streams."""
        self._attachments: dict[Attachment, None] = {}
        self._fonts: set[str] = set()
        self._pictures: dict[XObject, None] = {}
        # of each packet, or attachment, in the order of the pages: numbers of its node, first page and element
        self._nodes, self._firsts, self._elements = array("L"), array("L"), array("L")
        self._counts = array("L")
        self._uppers: list[int] = []
        """Numbers of the nodes above."""
        self._leaves: list[tuple[int, int, int]] = []
        """Of the parent tree: the first and the last key, and the number."""
        self._bookmarks: list[tuple[str, int]] = []
        self._to_come = 0
        """Objects of packets that wait."""
        self.pages = 0
        """How many pages were written so far."""

    def has_room(self, packet: Pages, attachment: Attachment | None) -> bool:
        """Whether a packet can be appended with what is attached to it: a document has so many objects and no more."""
        pages = len(packet.skeleton.pages) + 2  # and those on the back
        needed = len(packet.skeleton.elements) + len(packet.bodies) + 4 * pages
        if attachment:
            needed += len(attachment.objects) + 4 * len(attachment.pages)
        return needed + self._to_come + len(self._bookmarks) + _ROOM < self._objects.left

    def attach(self, attachment: Attachment) -> int:
        """Write the pages of a finished PDF as they are; returns the number of the first, from 1."""
        if attachment not in self._kinds:
            first = self._objects.count + 1
            for body in attachment.bodies(first):
                self._add(body)
            document = Document(self._element, self._shared, b"Part", {})
            self._remember(attachment, numbered_alone(Attached(attachment, first), document))
            self._attachments[attachment] = None
        return self._take_in(self._kinds[attachment], ())

    def append(self, packet: Pages, bookmark: str = "") -> int:
        """Write one packet's pages; returns the number of its first page, from 1. Empty: no bookmark."""
        skeleton = packet.skeleton
        if skeleton not in self._known:
            self._known[skeleton] = self._kind(skeleton)
        self._fonts |= packet.fonts
        self._pictures.update(dict.fromkeys(skeleton.pictures))
        if bookmark:
            self._bookmarks.append((bookmark, len(self._nodes)))
        return self._take_in(self._known[skeleton], packet.bodies)

    def _kind(self, skeleton: Skeleton) -> _Kind:
        content = skeleton.content
        if content not in self._kinds:
            for page in skeleton.pages:
                for piece in page.contents:
                    if isinstance(piece, Static) and piece not in self._statics:
                        self._statics[piece] = self._add(stream(piece.data))
            document = Document(self._element, self._shared, b"Part", self._statics)
            self._remember(content, numbered(skeleton, document))
        return self._kinds[content]

    def _remember(self, content: Hashable, made: Numbered) -> None:
        if len(self._kinds) >= _MOST_KINDS:
            oldest = min(self._kinds, key=lambda content: self._kinds[content].last)
            self._write_waiting(self._kinds.pop(oldest))
            self._known.clear()
        self._kinds[content] = _Kind(made)

    def _take_in(self, kind: _Kind, bodies: Sequence[bytes]) -> int:
        """Write a packet's streams, and all else of it when enough of its kind wait."""
        place, first_page = len(self._nodes), self.pages + 1
        if place % _KIDS == 0:
            self._uppers.append(self._objects.reserve())
        for numbers in (self._nodes, self._firsts, self._elements):
            numbers.append(0)
        self._counts.append(kind.made.pages)
        self.pages += kind.made.pages
        kind.last = place
        kind.waiting.append(_Waiting(place, tuple(map(self._stream, bodies))))
        self._to_come += len(kind.made.objects)
        if len(kind.waiting) == TOGETHER[0]:
            self._write_waiting(kind)
        return first_page

    def _stream(self, body: bytes) -> int:
        """Write a stream unless it stands there already, for an earlier packet; its number."""
        if body in self._recurring:
            self._recurring.move_to_end(body)
            return self._recurring[body]
        if len(self._recurring) == _MOST_RECURRING:
            self._recurring.popitem(last=False)
        number = self._recurring[body] = self._add(body)
        return number

    def _write_waiting(self, kind: _Kind) -> None:
        for packets in TOGETHER:
            while len(kind.waiting) >= packets:
                self._write_together(kind, kind.waiting[:packets])
                del kind.waiting[:packets]

    def _write_together(self, kind: _Kind, waiting: Sequence[_Waiting]) -> None:
        """The pages and structure of packets of one kind."""
        made, packets = kind.made, len(waiting)
        first = self._objects.reserve_alike(len(made.objects) * packets, STEP)
        self._to_come -= len(made.objects) * packets
        together = kind.side_by_side(packets, len(str(first)))
        own: list[tuple[int, bytes]] = []
        keys: list[tuple[int, int]] = []
        for packet, (place, streams) in enumerate(waiting):
            number = _Numbers(together, first, packet, self._uppers[place // _KIDS], streams, len(made.objects))
            own += [(number(local), spelled(made.objects[local], number)) for local in range(made.own)]
            keys += [(number(page), number(marked)) for page, marked in made.keys]
            self._nodes[place], self._firsts[place] = number(NODE), number(NODE + 1)
            self._elements[place] = number(made.element) if made.keys else 0
        held_in = self._add(object_stream(sorted(own), PART_LEVEL))
        self._objects.packed(first, len(own), held_in)
        at = first + len(own)
        for each in together.streams:
            self._objects.packed(at, each.count, self._add(each.body(first // STEP)))
            at += each.count
        if keys:
            keys.sort()
            self._leaves.append((keys[0][0], keys[-1][0], self._add(parent_leaf(keys))))

    def finish(self) -> None:
        """Write what the whole document needs: fonts, pictures, trees, bookmarks, cross-reference stream."""
        for kind in self._kinds.values():
            self._write_waiting(kind)
        fonts = {}
        for name in sorted(self._fonts):
            fonts[name], data = font(self._objects, name)
            self._write(data)
        pictures = {}
        for name, drawn in pictures_of(self._logo, self._pictures).items():
            pictures[name], data = picture(self._objects, drawn)
            self._write(data)
        self._add(resources(fonts, pictures), self._shared)
        self._finish_pages()
        self._finish_structure()
        conforming = not any(attachment.doubt for attachment in self._attachments)
        metadata, icc = self._add(self._about.metadata(conforming=conforming)), self._add(profile())
        parts = Parts(self._tree, metadata, icc, self._structure, self._objects.count + 1)
        first = self._objects.reserve(len(self._bookmarks) + 1)
        bookmarks = [Bookmark(title, self._firsts[place]) for title, place in self._bookmarks]
        for number, body in enumerate(outline(bookmarks, first), first):
            self._add(body, number)
        root = self._add(self._about.catalog(parts))
        info = self._add(self._about.info())
        self._write(self._objects.cross_reference(root, info, self._digest.hexdigest().upper().encode()))

    def _finish_pages(self) -> None:
        for at, number in enumerate(self._uppers):
            held = slice(at * _KIDS, (at + 1) * _KIDS)
            count, kids = sum(self._counts[held]), array_of(self._nodes[held])
            self._add(b"<</Type/Pages/Parent %d 0 R/Count %d/Kids%s>>" % (self._tree, count, kids), number)
        self._add(b"<</Type/Pages/Count %d/Kids%s>>" % (self.pages, array_of(self._uppers)), self._tree)

    def _finish_structure(self) -> None:
        elements = array_of(element for element in self._elements if element)
        self._add(b"<</S/Document/P %d 0 R/K%s>>" % (self._structure, elements), self._element)
        leaves = sorted(self._leaves)
        nodes = []
        for at in range(0, len(leaves), _KIDS):
            kids = leaves[at : at + _KIDS]
            limits, numbers = (kids[0][0], kids[-1][1]), array_of(number for _, _, number in kids)
            nodes.append(self._add(b"<</Limits[%d %d]/Kids%s>>" % (*limits, numbers)))
        parents = self._add(b"<</Kids%s>>" % array_of(nodes))
        self._add(structure_root(self._element, parents, self._objects.count + 1), self._structure)

    def _add(self, body: bytes, number: int = 0) -> int:
        number, data = self._objects.write(body, number)
        self._write(data)
        return number

    def _write(self, data: bytes) -> None:
        self._digest.update(data)
        self._out.write(data)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Where the objects of one packet are found. above: the node above its own; count: its objects but the streams."""

    together: SideBySide
    first: int
    packet: int
    above: int
    streams: tuple[int, ...]
    count: int

    def __call__(self, local: int) -> int:
        """The number of an object, by its local one."""
        if local == ABOVE:
            return self.above
        if local >= self.count:
            return self.streams[local - self.count]
        return self.first + self.together.number(local, self.packet)
