"""The objects that a packet adds to a document besides its streams: pages and structure tree.

They are the same in all packets of a skeleton but for their numbers, so here they refer to one another by local ones.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from handouts.layout.pen import number as points
from handouts.layout.skeleton import Element, Marked, Skeleton, Static
from handouts.layout.tags import text_string
from handouts.press.attachment import Attached, Attachment

Object = tuple[bytes | int, ...]
"""An object's bytes; a number in it is the local number of an object."""

ABOVE = -1
"""The local number of the node that stands above the packet's own in the page tree."""

NODE = 0
"""The local number of the packet's node in the page tree; its pages follow."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a packet's objects refer to: the numbers of the packet's parent element, and of the resources.

    kind: the packet's own element. statics: the numbers of static streams.
    """

    element: int
    resources: int
    kind: bytes
    statics: Mapping[Static, int]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A packet's objects in the order of their local numbers; the numbers of its streams follow theirs.

    pages: how many there are. keys: of the parent tree (14.7.4.4), the local numbers of pages, each with that of an
    array; none where the packet has no structure tree. element: of the packet, where it has one.
    """

    objects: tuple[Object, ...]
    pages: int
    keys: tuple[tuple[int, int], ...]
    element: int

    @property
    def own(self) -> int:
        """How many objects, from the first on, refer to such as other packets number in their own way."""
        return 1 + self.pages


@dataclass(frozen=True, slots=True)
class _Page:
    """A page's own entries, and which element each piece of its content belongs to, by its MCID."""

    entries: Object
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
    marked = sum(bool(page.marked) for page in skeleton.pages) + len(following)
    first_part = 1 + len(skeleton.pages) + len(following) + marked + (1 if elements else 0) + len(elements)
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
    count = len(pages)
    marked = [number for number, page in enumerate(pages, 1) if page.marked]
    keys = tuple((page, 1 + count + place) for place, page in enumerate(marked))
    packet = 1 + count + len(keys)
    first_element = packet + 1
    kids = _references(range(1, 1 + count))
    node: Object = (b"<</Type/Pages/Parent ", ABOVE, b" 0 R/Count %d/Kids[" % count, *kids, b"]>>")
    objects = [node]
    for number, page in enumerate(pages, 1):
        key: Object = (b"/StructParents ", number) if page.marked else ()
        objects.append((b"<</Type/Page/Parent ", NODE, b" 0 R/Tabs/S", *key, *page.entries, b">>"))
    arrays = ([first_element + each for each in page.marked] for page in pages if page.marked)
    objects += [(b"[", *_references(numbers), b"]") for numbers in arrays]
    if not elements:
        return Numbered(tuple(objects), count, (), packet)
    tops = [first_element + number for number, each in enumerate(elements) if each.parent < 0]
    opening = b"<</S/%s%s/P %d 0 R/K[" % (document.kind, language, document.element)
    objects.append((opening, *_references(tops), b"]>>"))
    objects += [_element(element, packet, first_element) for element in elements]
    return Numbered(tuple(objects), count, keys, packet)


def _references(numbers: Iterable[int]) -> list[bytes | int]:
    return [part for number in numbers for part in (number, b" 0 R ")]


def _element(element: Element, packet: int, first_element: int) -> Object:
    parent = packet if element.parent < 0 else first_element + element.parent
    own = next((kid.page for kid in element.kids if isinstance(kid, Marked)), None)
    page: list[bytes | int] = [] if own is None else [b"/Pg ", 1 + own, b" 0 R"]
    kids: list[bytes | int] = []
    for kid in element.kids:
        if isinstance(kid, int):
            kids += [first_element + kid, b" 0 R "]
        elif kid.page == own:
            kids.append(b"%d " % kid.mcid)
        else:
            kids += [b"<</Type/MCR/Pg ", 1 + kid.page, b" 0 R/MCID %d>>" % kid.mcid]
    opening = b"<</S/%s%s/P " % (element.kind.encode(), element.entries)
    return (opening, parent, b" 0 R", *page, b"/K[", *kids, b"]>>")


# -- in a document ---------------------------------------------------------------------------------


def spelled(body: Object, number: Callable[[int], int]) -> bytes:
    """An object's bytes. number: of an object, by its local one."""
    return b"".join([part if isinstance(part, bytes) else b"%d" % number(part) for part in body])


def object_stream(objects: Sequence[tuple[int, bytes]], level: int) -> bytes:
    """The body of an object stream (7.5.7) of objects with their numbers, deflated at that level."""
    offset = 0
    header: list[bytes] = []
    for number, body in objects:
        header.append(b"%d %d" % (number, offset))
        offset += len(body) + 1
    head = b" ".join(header) + b"\n"
    data = zlib.compress(head + b"\n".join(body for _, body in objects), level)
    return b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (
        len(objects), len(head), len(data), data
    )  # fmt: skip


def parent_leaf(keys: Sequence[tuple[int, int]]) -> bytes:
    """A leaf of the parent tree: the numbers of pages, which are their keys, in order, each with that of its array."""
    pairs = b"".join(b"%d %d 0 R " % pair for pair in keys)
    return b"<</Limits[%d %d]/Nums[%s]>>" % (keys[0][0], keys[-1][0], pairs)
