"""The objects that a packet adds to a document besides its streams: pages and structure tree.

A document holds the same objects again and again, with other numbers. So they are spelled once for a skeleton, with
room for the numbers, and stand in an object stream of their own (ISO 32000-1, 7.5.7).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handouts.layout.skeleton import Element, Marked, Skeleton, Static

_ROOM = b"%-8d"
"""A number that takes eight bytes whatever it is, so that the objects behind it stay where they are."""

NODE, PACKET, PARENTS, FIRST_PAGE = range(4)
"""The first numbers: node of the page tree, the packet's element, node of the parent tree, first page."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A packet's objects. count: how many they are. `streams`: how many numbers follow them, for its streams.

    template: all objects, with room for numbers; deltas: those numbers, counted from the packet's first.
    """

    template: bytes
    deltas: tuple[int, ...]
    header: int
    count: int
    streams: int
    tagged: bool

    def object_stream(self, first: int, level: int) -> bytes:
        """The body of the object stream when the packet's objects have numbers from `first` on."""
        data = zlib.compress(self.template % tuple([first + delta for delta in self.deltas]), level)
        return b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (
            self.count, self.header, len(data), data
        )  # fmt: skip


class _Speller:
    """Spells objects with room for numbers."""

    def __init__(self) -> None:
        self._bodies: list[bytes] = []
        self._deltas: list[list[int]] = []

    def add(self, *parts: bytes | int) -> None:
        """An object; a number in it stands for a number counted from the packet's first."""
        self._bodies.append(b"".join(_ROOM if isinstance(part, int) else part.replace(b"%", b"%%") for part in parts))
        self._deltas.append([part for part in parts if isinstance(part, int)])

    def numbered(self, streams: int, *, tagged: bool) -> Numbered:
        """All objects."""
        offset, header = 0, []
        for body, deltas in zip(self._bodies, self._deltas, strict=True):
            header.append(b"%s%d" % (_ROOM, offset))
            offset += len(body % tuple(deltas)) + 1
        head, count = b" ".join(header) + b"\n", len(self._bodies)
        deltas_in_all = (*range(count), *(delta for deltas in self._deltas for delta in deltas))
        length = len(head % tuple(range(count)))
        return Numbered(head + b"\n".join(self._bodies), deltas_in_all, length, count, streams, tagged)


@dataclass(frozen=True, slots=True)
class Document:
    """What a packet's objects refer to: numbers of the page tree, of the packet's parent element, of the resources.

    kind: the packet's own element. statics: the numbers of static streams.
    """

    pages: int
    element: int
    resources: int
    kind: bytes
    statics: Mapping[Static, int]


def numbered(skeleton: Skeleton, document: Document) -> Numbered:
    """A packet's objects."""
    speller = _Speller()
    page_count, element_count = len(skeleton.pages), len(skeleton.elements)
    tagged = bool(skeleton.elements)
    first_element = FIRST_PAGE + page_count if tagged else PACKET + page_count
    first_page = FIRST_PAGE if tagged else PACKET
    first_part = first_element + element_count
    pages = range(first_page, first_page + page_count)
    speller.add(
        b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[" % (document.pages, page_count), *_references(pages), b"]>>"
    )
    if tagged:
        tops = [first_element + number for number, each in enumerate(skeleton.elements) if each.parent < 0]
        opening = b"<</S/%s/P %d 0 R/K[" % (document.kind, document.element)
        speller.add(opening, *_references(tops), b"]>>")
        speller.add(*_parent_tree(skeleton, first_element))
    size = b"/MediaBox[0 0 %g %g]" % skeleton.size
    for number, page in zip(pages, skeleton.pages, strict=True):
        contents: list[bytes | int] = []
        for piece in page.contents:
            if isinstance(piece, Static):
                contents.append(b"%d 0 R " % document.statics[piece])
            else:
                contents += [first_part + piece, b" 0 R "]
        marked: list[bytes | int] = [b"/StructParents ", number] if page.marked else []
        speller.add(b"<</Type/Page/Parent ", NODE, b" 0 R%s/Resources %d 0 R/Tabs/S" % (size, document.resources),
                    *marked, b"/Contents[", *contents, b"]>>")  # fmt: skip
    for element in skeleton.elements:
        speller.add(*_element(element, first_page, first_element))
    return speller.numbered(len(skeleton.holes), tagged=tagged)


def _references(numbers: Sequence[int]) -> list[bytes | int]:
    return [part for number in numbers for part in (number, b" 0 R ")]


def _parent_tree(skeleton: Skeleton, first_element: int) -> list[bytes | int]:
    """From each page's key, which is its number, and MCID to the element (14.7.4.4)."""
    last = FIRST_PAGE + len(skeleton.pages) - 1
    parts: list[bytes | int] = [b"<</Limits[", FIRST_PAGE, b" ", last, b"]/Nums["]
    for number, page in enumerate(skeleton.pages, FIRST_PAGE):
        parts += [number, b"[", *_references([first_element + each for each in page.marked]), b"]"]
    return [*parts, b"]>>"]


def _element(element: Element, first_page: int, first_element: int) -> list[bytes | int]:
    parent = PACKET if element.parent < 0 else first_element + element.parent
    own = next((kid.page for kid in element.kids if isinstance(kid, Marked)), None)
    page: list[bytes | int] = [] if own is None else [b"/Pg ", first_page + own, b" 0 R"]
    kids: list[bytes | int] = []
    for kid in element.kids:
        if isinstance(kid, int):
            kids += [first_element + kid, b" 0 R "]
        elif kid.page == own:
            kids.append(b"%d " % kid.mcid)
        else:
            kids += [b"<</Type/MCR/Pg ", first_page + kid.page, b" 0 R/MCID %d>>" % kid.mcid]
    opening = b"<</S/%s%s/P " % (element.kind.encode(), element.entries)
    return [opening, parent, b" 0 R", *page, b"/K[", *kids, b"]>>"]
