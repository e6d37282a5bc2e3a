"""One packet as a file: the skeleton's bytes, this patient's streams, a cross-reference table."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from handouts.layout.skeleton import Pressed, Skeleton, Static
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
    trailer,
    xref,
)
from handouts.press.resources import font, picture, pictures_of

_MOST_HEADS = 64
PART_LEVEL = 2
"""How hard a patient's streams are deflated: 1 is fastest, 9 smallest."""


@dataclass(frozen=True, slots=True)
class _Head:
    """Everything in a packet's file that its skeleton decides."""

    data: bytes
    entries: bytes
    count: int
    root: int
    info: int


class PacketPress:
    """Writes packets; keeps what packets of one skeleton share."""

    def __init__(self, about: About, logo: XObject | None) -> None:
        self._about = about
        self._logo = logo
        self._heads: OrderedDict[tuple[Skeleton, frozenset[str], Attachment | None], _Head] = OrderedDict()

    def file(self, pressed: Pressed, attachment: Attachment | None = None) -> bytes:
        """The whole PDF file, the attachment's pages last; the same bytes for the same packet."""
        head = self._head(pressed, attachment)
        written = [head.data]
        offset, offsets = len(head.data), []
        for number, part in enumerate(pressed.parts, head.count + 1):
            data = b"%d 0 obj\n%s\nendobj\n" % (number, stream(part, level=PART_LEVEL))
            offsets.append(offset)
            offset += len(data)
            written.append(data)
        identity = hashlib.blake2b(b"".join(written[1:]), digest_size=16).hexdigest().upper().encode()
        count = head.count + len(pressed.parts)
        written.append(trailer(head.entries + xref(offsets), count, head.root, head.info, identity, offset))
        return b"".join(written)

    def _head(self, pressed: Pressed, attachment: Attachment | None) -> _Head:
        key = (pressed.skeleton, pressed.fonts, attachment)
        known = self._heads.get(key)
        if known is None:
            known = self._heads[key] = self._make_head(pressed, attachment)
            if len(self._heads) > _MOST_HEADS:
                self._heads.popitem(last=False)
        self._heads.move_to_end(key)
        return known

    def _make_head(self, pressed: Pressed, attachment: Attachment | None) -> _Head:
        skeleton, objects, written = pressed.skeleton, Objects(len(HEADER)), [HEADER]

        def add(body: bytes, number: int = 0) -> int:
            number, data = objects.write(body, number)
            written.append(data)
            return number

        def add_all(made: tuple[int, bytes]) -> int:
            written.append(made[1])
            return made[0]

        fonts = {name: add_all(font(objects, name)) for name in sorted(pressed.fonts)}
        shown = pictures_of(self._logo, skeleton.pictures)
        pictures = {name: add_all(picture(objects, drawn)) for name, drawn in shown.items()}
        shared = add(resources(fonts, pictures))
        statics: dict[Static, int] = {}
        for page in skeleton.pages:
            for piece in page.contents:
                if isinstance(piece, Static) and piece not in statics:
                    statics[piece] = add(stream(piece.data))
        tree = objects.reserve()
        metadata = add(self._about.metadata())
        root = add(self._about.catalog(tree, metadata))
        info = add(self._about.info())
        attached = attach(objects, attachment, tree, written) if attachment else []
        pages = [objects.reserve() for _ in skeleton.pages]
        parts = range(len(objects.offsets) + 1, len(objects.offsets) + 1 + len(pressed.parts))
        for number, page in zip(pages, skeleton.pages, strict=True):
            add(page_object(tree, shared, skeleton.size, numbers_of(page, statics, parts)), number)
        kids = b" ".join(b"%d 0 R" % number for number in (*pages, *attached))
        add(b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages) + len(attached), kids), tree)
        return _Head(b"".join(written), xref(objects.offsets), len(objects.offsets), root, info)


def attach(objects: Objects, attachment: Attachment, parent: int, written: list[bytes]) -> list[int]:
    """Write an attachment's objects and pages to `written`; the numbers of its pages."""
    first = len(objects.offsets) + 1
    bodies = attachment.bodies(first)
    bodies += [attachment.page(index, parent, first) for index in range(len(attachment.pages))]
    made = [objects.write(body) for body in bodies]
    written.extend(data for _, data in made)
    return [number for number, _ in made[len(attachment.objects) :]]
