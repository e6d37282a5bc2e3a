"""A variant compiled once, and every packet of it pressed from that."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence

from handouts.layout.atoms import placed
from handouts.layout.codes import PageCode
from handouts.layout.composition import Copy, compose, padding_skeleton
from handouts.layout.forms import Measured, SetForm
from handouts.layout.furniture import Furniture
from handouts.layout.skeleton import (
    CodeHole,
    Hole,
    IdentifiersHole,
    PacketLineHole,
    Pressed,
    Skeleton,
    TextHole,
    fonts_in,
)
from handouts.layout.symbols import symbol
from handouts.layout.text import Line, Values

_MOST_SKELETONS = 256
LONG_NAME_LINES = 6
"""Lines that a name of 200 letters takes in the footer: each block must fit the page that is left by then."""


class PacketLayout:
    """A variant's packet. Raises TemplateError with the place of a block that cannot be set."""

    def __init__(self, copies: Sequence[Copy], furniture: Furniture) -> None:
        self.copies = tuple(copies)
        self._furniture = furniture
        width = furniture.geometry.frame_width
        self._forms = tuple(SetForm(copy.form, width, furniture.text, furniture.labels) for copy in copies)
        for copy, form in zip(self.copies, self._forms, strict=True):
            form.check(furniture.frame_height(copy.form, copy.number, copy.of, LONG_NAME_LINES))
        self._skeletons: OrderedDict[Hashable, Skeleton] = OrderedDict()
        self._padding = padding_skeleton(furniture, self.copies[-1].mark)

    def press(self, values: Values, packet_id: str) -> Pressed:
        """One patient's packet. Raises LayoutError, MissingGlyphError."""
        measured = [form.measure(values) for form in self._forms]
        identifiers = self._furniture.identifiers(values)
        skeleton = self._skeleton(measured, len(identifiers))
        filling = _Filling(self._furniture, packet_id, len(skeleton.pages), measured, identifiers)
        parts = tuple(filling.fill(hole) for hole in skeleton.holes)
        return Pressed(skeleton, parts, skeleton.fonts | fonts_in(parts))

    def padding_page(self, packet_id: str, pages: int) -> Pressed:
        """The page that keeps the next packet off this one's back: one line, and the packet's code."""
        filling = _Filling(self._furniture, packet_id, pages, (), ())
        parts = tuple(filling.fill(hole) for hole in self._padding.holes)
        return Pressed(self._padding, parts, self._padding.fonts)

    def _skeleton(self, measured: Sequence[Measured], identifier_lines: int) -> Skeleton:
        key = (identifier_lines, *(form.shape for form in measured))
        known = self._skeletons.get(key)
        if known is None:
            known = self._skeletons[key] = compose(self.copies, measured, self._furniture, identifier_lines)
            if len(self._skeletons) > _MOST_SKELETONS:
                self._skeletons.popitem(last=False)
        self._skeletons.move_to_end(key)
        return known


class _Filling:
    """What one packet puts into the holes."""

    def __init__(
        self,
        furniture: Furniture,
        packet_id: str,
        pages: int,
        measured: Sequence[Measured],
        identifiers: Sequence[Line],
    ) -> None:
        self._furniture = furniture
        self._packet_id = packet_id
        self._pages = pages
        self._measured = measured
        self._identifiers = identifiers

    def fill(self, hole: Hole) -> bytes:
        match hole:
            case CodeHole(page, mark):
                return symbol(str(PageCode(self._packet_id, page, self._pages, mark)))
            case PacketLineHole():
                return self._furniture.packet_line(self._packet_id)
            case IdentifiersHole(below):
                return self._furniture.paint_identifiers(self._identifiers, below)
            case TextHole(places):
                painted: list[bytes] = []
                side = self._furniture.geometry.side
                for place in places:
                    atom = self._measured[place.copy].atoms[place.index]
                    shown = atom.header if place.repeated and atom.header else atom
                    for before, piece in zip(place.marks, shown.pieces, strict=True):
                        if piece.paint:
                            painted.append(before + placed(piece.paint, side + piece.x, place.y + piece.y))
                return b"\n".join(painted)
