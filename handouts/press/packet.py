"""One packet as a file: the skeleton's bytes, this patient's streams, a cross-reference stream."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from handouts.layout.skeleton import Pressed, Skeleton, Static
from handouts.layout.xobject import XObject
from handouts.press.about import About, Parts, profile
from handouts.press.attachment import Attached, Attachment
from handouts.press.numbered import ABOVE, NODE, Document, numbered, object_stream, parent_leaf, spelled
from handouts.press.objects import HEADER, Objects, array_of, cross_reference, direct, resources, stream
from handouts.press.outline import Bookmark, outline
from handouts.press.resources import font, picture, pictures_of

_MOST_HEADS = 64
PART_LEVEL = 4
"""How hard a patient's streams are deflated: 1 is fastest, 9 smallest."""

_WORTH_DEFLATING = 1_500
"""Bytes; in a file of a hundred thousand, deflating smaller streams costs more time than writing them does."""


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
        written, entries = [head.data], [head.entries]
        offset = len(head.data)
        for number, part in enumerate(pressed.parts, head.count + 1):
            data = b"%d 0 obj\n%s\nendobj\n" % (number, stream(part, level=PART_LEVEL, least=_WORTH_DEFLATING))
            entries.append(direct(offset))
            offset += len(data)
            written.append(data)
        identity = hashlib.blake2b(b"".join(written[1:]), digest_size=16).hexdigest().upper().encode()
        written.append(cross_reference(b"".join(entries), head.root, head.info, identity, offset))
        return b"".join(written)

    def _head(self, pressed: Pressed, attachment: Attachment | None) -> _Head:
        key = (pressed.skeleton, pressed.fonts, attachment)
        known = self._heads.get(key)
        if known is None:
            known = self._heads[key] = _HeadWriter(self._about, self._logo).head(pressed, attachment)
            if len(self._heads) > _MOST_HEADS:
                self._heads.popitem(last=False)
        self._heads.move_to_end(key)
        return known


class _HeadWriter:
    """Writes one head."""

    def __init__(self, about: About, logo: XObject | None) -> None:
        self._about = about
        self._logo = logo
        self._objects = Objects(len(HEADER))
        self._written = [HEADER]

    def _add(self, body: bytes, number: int = 0) -> int:
        number, data = self._objects.write(body, number)
        self._written.append(data)
        return number

    def _keep(self, made: tuple[int, bytes]) -> int:
        self._written.append(made[1])
        return made[0]

    def head(self, pressed: Pressed, attachment: Attachment | None) -> _Head:
        skeleton, objects, about = pressed.skeleton, self._objects, self._about
        fonts = {name: self._keep(font(objects, name)) for name in sorted(pressed.fonts)}
        shown = pictures_of(self._logo, skeleton.pictures)
        pictures = {name: self._keep(picture(objects, drawn)) for name, drawn in shown.items()}
        shared = self._add(resources(fonts, pictures))
        statics = self._statics(skeleton)
        tree, structure, parents = objects.reserve(), objects.reserve(), objects.reserve()
        metadata = self._add(about.metadata(conforming=not (attachment and attachment.doubt)))
        parts = Parts(tree, metadata, self._add(profile()), structure, objects.count + 1)
        objects.reserve(1 + len(skeleton.titles) + (1 if attachment else 0))
        root, info = self._add(about.catalog(parts)), self._add(about.info())
        attached = self._attached(attachment) if attachment else None
        held_in, leaf = objects.reserve(), objects.reserve()
        made = numbered(skeleton, Document(structure, shared, b"Document", statics), attached)
        first = objects.reserve(len(made.objects))
        objects.packed(first, len(made.objects), held_in)
        bodies = [spelled(body, lambda local: tree if local == ABOVE else first + local) for body in made.objects]
        self._add(object_stream(list(enumerate(bodies, first)), 9), held_in)
        self._add(b"<</Type/Pages/Count %d/Kids%s>>" % (made.pages, array_of([first + NODE])), tree)
        self._add(structure_root(first + made.element, parents, objects.count + 1), structure)
        self._add(b"<</Kids%s>>" % array_of([leaf]), parents)
        self._add(parent_leaf([(first + page, first + marked) for page, marked in made.keys]), leaf)
        leading = [Bookmark(title, first + NODE + 1 + page) for title, page in skeleton.titles]
        if attachment:
            leading.append(Bookmark(attachment.title, first + NODE + 1 + len(skeleton.pages)))
        for number, body in enumerate(outline(leading, parts.outlines), parts.outlines):
            self._add(body, number)
        return _Head(b"".join(self._written), objects.entries(), objects.count, root, info)

    def _attached(self, attachment: Attachment) -> Attached:
        first = self._objects.count + 1
        for body in attachment.bodies(first):
            self._add(body)
        return Attached(attachment, first)

    def _statics(self, skeleton: Skeleton) -> dict[Static, int]:
        statics: dict[Static, int] = {}
        for page in skeleton.pages:
            for piece in page.contents:
                if isinstance(piece, Static) and piece not in statics:
                    statics[piece] = self._add(stream(piece.data))
        return statics


def structure_root(kid: int, parents: int, next_key: int) -> bytes:
    """The structure tree's root. kid: the Document element. next_key: above all keys of the parent tree."""
    return b"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>" % (kid, parents, next_key)
