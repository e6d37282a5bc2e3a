"""The objects that a packet adds to a document besides its streams: pages and structure tree.

A document holds the same objects again and again, with other numbers. So they are spelled once for a skeleton, with
room for the numbers, and stand in an object stream of their own (ISO 32000-1, 7.5.7).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handouts.layout.pen import number as points
from handouts.layout.skeleton import Element, Marked, Skeleton, Static
from handouts.layout.tags import text_string
from handouts.press.attachment import Attached, Attachment

_ROOM = b"%-8d"
"""A number that takes eight bytes whatever it is, so that the objects behind it stay where they are."""

NODE, PACKET, PARENTS, FIRST_PAGE = range(4)
"""The first numbers: node of the page tree, the packet's element, node of the parent tree, first page."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A packet's objects. count: how many they are; the numbers of its streams follow theirs.

    template: all objects, with room for numbers; deltas: those numbers, counted from the packet's first.
    """

    template: bytes
    deltas: tuple[int, ...]
    header: int
    count: int
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

    def numbered(self, *, tagged: bool) -> Numbered:
        """All objects."""
        offset, header = 0, []
        for body, deltas in zip(self._bodies, self._deltas, strict=True):
            header.append(b"%s%d" % (_ROOM, offset))
            offset += len(body % tuple(deltas)) + 1
        head, count = b" ".join(header) + b"\n", len(self._bodies)
        deltas_in_all = (*range(count), *(delta for deltas in self._deltas for delta in deltas))
        length = len(head % tuple(range(count)))
        return Numbered(head + b"\n".join(self._bodies), deltas_in_all, length, count, tagged)


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


@dataclass(frozen=True, slots=True)
class _Page:
    """A page's own entries, and which element each piece of its content belongs to, by its MCID."""

    entries: tuple[bytes | int, ...]
    marked: tuple[int, ...]


def numbered(skeleton: Skeleton, document: Document, attached: Attached | None = None) -> Numbered:
    """A packet's objects, and those of pages that follow its own."""
    elements = [*skeleton.elements]
    following: list[_Page] = []
    if attached:
        part = len(elements)
        figures = _figures(attached.attachment, part, len(skeleton.pages))
        numbers = range(part + 1, part + 1 + len(figures))
        elements += [Element("Part", b"", -1, tuple(numbers)), *figures]
        following = [_Page((entries,), (figure,)) for entries, figure in zip(attached.pages, numbers, strict=True)]
    first_page = FIRST_PAGE if elements else PACKET
    first_part = first_page + len(skeleton.pages) + len(following) + len(elements)
    frame = b"/MediaBox[0 0 %g %g]/Resources %d 0 R" % (*skeleton.size, document.resources)
    pages: list[_Page] = []
    for page in skeleton.pages:
        contents: list[bytes | int] = []
        for piece in page.contents:
            if isinstance(piece, Static):
                contents.append(b"%d 0 R " % document.statics[piece])
            else:
                contents += [first_part + piece, b" 0 R "]
        pages.append(_Page((frame, b"/Contents[", *contents, b"]"), page.marked))
    # in a print run, packets of several languages follow one another
    language = b"/Lang" + text_string(skeleton.language) if skeleton.language else b""
    return _numbered([*pages, *following], elements, document, language)


def numbered_alone(attached: Attached, document: Document) -> Numbered:
    """The objects of an attachment's pages."""
    figures = _figures(attached.attachment, -1, 0)
    pages = [_Page((entries,), (number,)) for number, entries in enumerate(attached.pages)]
    return _numbered(pages, figures, document)


def _figures(attachment: Attachment, parent: int, first_page: int) -> list[Element]:
    """An element for each page: nobody can tell how its content is to be read, only what it is."""
    figures = []
    for number, page in enumerate(attachment.pages):
        alt = text_string(f"{attachment.title}, {number + 1}/{len(attachment.pages)}")
        box = b" ".join(map(points, page.box))
        entries = b"/Alt%s/A<</O/Layout/Placement/Block/BBox[%s]>>" % (alt, box)
        figures.append(Element("Figure", entries, parent, (Marked(first_page + number, 0),)))
    return figures


def _numbered(
    pages: Sequence[_Page], elements: Sequence[Element], document: Document, language: bytes = b""
) -> Numbered:
    speller = _Speller()
    tagged = bool(elements)
    first_page = FIRST_PAGE if tagged else PACKET
    first_element = first_page + len(pages)
    numbers = range(first_page, first_element)
    node = b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[" % (document.pages, len(pages))
    speller.add(node, *_references(numbers), b"]>>")
    if tagged:
        tops = [first_element + number for number, each in enumerate(elements) if each.parent < 0]
        opening = b"<</S/%s%s/P %d 0 R/K[" % (document.kind, language, document.element)
        speller.add(opening, *_references(tops), b"]>>")
        speller.add(*_parent_tree(pages, first_element))
    for number, page in zip(numbers, pages, strict=True):
        key: list[bytes | int] = [b"/StructParents ", number] if page.marked else []
        speller.add(b"<</Type/Page/Parent ", NODE, b" 0 R/Tabs/S", *key, *page.entries, b">>")
    for element in elements:
        speller.add(*_element(element, first_page, first_element))
    return speller.numbered(tagged=tagged)


def _references(numbers: Sequence[int]) -> list[bytes | int]:
    return [part for number in numbers for part in (number, b" 0 R ")]


def _parent_tree(pages: Sequence[_Page], first_element: int) -> list[bytes | int]:
    """From each page's key, which is its number, and MCID to the element (14.7.4.4)."""
    last = FIRST_PAGE + len(pages) - 1
    parts: list[bytes | int] = [b"<</Limits[", FIRST_PAGE, b" ", last, b"]/Nums["]
    for number, page in enumerate(pages, FIRST_PAGE):
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
