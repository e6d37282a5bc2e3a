"""A variant compiled once, and every packet of it pressed from that."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from handouts.layout.atoms import placing
from handouts.layout.composition import Copy, compose, padding_skeleton
from handouts.layout.forms import Measured, SetForm
from handouts.layout.furniture import Furniture
from handouts.layout.measures import Written
from handouts.layout.skeleton import (
    CodeHole,
    IdentifiersHole,
    PacketCodeHole,
    PacketLineHole,
    Pressed,
    Skeleton,
    TextHole,
    fonts_in,
)
from handouts.layout.symbols import PacketCode
from handouts.layout.text import Values

_MOST_SKELETONS = 256
LONG_NAME_LINES = 6
"""Lines that a name of 200 letters takes in the footer: each block must fit the page that is left by then."""

_Made = TypeVar("_Made")
_Chunk = bytes | tuple[int, int, Written]
"""Of what fills a hole: what is the same for all packets so set, or lines of a block's texts: copy, block, which."""


@dataclass(frozen=True, slots=True)
class _Program:
    """A skeleton, and what its text holes are filled with when all blocks are set in one way."""

    skeleton: Skeleton
    texts: tuple[tuple[_Chunk, ...], ...]


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
        self._programs: OrderedDict[Hashable, _Program] = OrderedDict()

    def press(self, values: Values, packet_id: str) -> Pressed:
        """One patient's packet. Raises LayoutError, MissingGlyphError."""
        measured = [form.measure(values) for form in self._forms]
        identifiers = self._furniture.identifiers(values)
        program = self._program(measured, len(identifiers))
        skeleton, texts = program.skeleton, iter(program.texts)
        code = PacketCode.of(packet_id)
        parts: list[bytes] = []
        written: list[bytes] = []
        for hole in skeleton.holes:
            match hole:
                case CodeHole(page, mark):
                    parts.append(code.page_modules(page, len(skeleton.pages), mark))
                    continue
                case PacketCodeHole():
                    parts.append(code.modules)
                    continue
                case PacketLineHole():
                    part = self._furniture.packet_line(packet_id)
                case IdentifiersHole(below):
                    part = self._furniture.paint_identifiers(identifiers, below)
                case TextHole():  # pragma: no branch  the last kind there is
                    part = _filled(next(texts), measured)
            parts.append(part)
            written.append(part)
        return Pressed(skeleton, tuple(parts), skeleton.fonts | fonts_in(written))

    def padding_page(self, packet_id: str, pages: int) -> Pressed:
        """The page that keeps the next packet off this one's back: one line, and the packet's code."""
        mark = self.copies[-1].mark
        skeleton = _kept(self._skeletons, pages, partial(padding_skeleton, self._furniture, mark, pages))
        code = PacketCode.of(packet_id)
        return Pressed(skeleton, (code.modules, code.page_modules(None, pages, mark)), skeleton.fonts)

    def _program(self, measured: Sequence[Measured], identifier_lines: int) -> _Program:
        """Found by the blocks themselves, which stand for how they are set; made by what decides where they fall."""
        key = (identifier_lines, *(block for form in measured for block in form.varying))
        return _kept(self._programs, key, partial(self._programmed, measured, identifier_lines))

    def _programmed(self, measured: Sequence[Measured], identifier_lines: int) -> _Program:
        key = (identifier_lines, *(block.shape for form in measured for block in form.varying))
        skeleton = _kept(
            self._skeletons, key, partial(compose, self.copies, measured, self._furniture, identifier_lines)
        )
        texts = (hole for hole in skeleton.holes if isinstance(hole, TextHole))
        side = self._furniture.geometry.side
        return _Program(skeleton, tuple(tuple(_chunks(hole, measured, side)) for hole in texts))


def _kept(known: OrderedDict[Hashable, _Made], key: Hashable, make: Callable[[], _Made]) -> _Made:
    """What is known under a key, made where it is not; what was not asked for longest is forgotten."""
    if key not in known:
        known[key] = make()
        if len(known) > _MOST_SKELETONS:
            known.popitem(last=False)
    known.move_to_end(key)
    return known[key]


def _chunks(hole: TextHole, measured: Sequence[Measured], side: float) -> Iterator[_Chunk]:
    """What fills a hole; bytes that follow one another are one."""
    held = b""
    for place in hole.places:
        atom = measured[place.copy].blocks[place.block].atoms[place.number]
        shown = atom.header if place.repeated and atom.header else atom
        for mark, piece in zip(place.marks, shown.pieces, strict=True):
            before, after = placing(side + piece.x, place.y + piece.y)
            if isinstance(piece.paint, Written):
                yield held + mark + before
                yield place.copy, place.block, piece.paint
                held = after
            elif piece.paint:
                held += mark + before + piece.paint + after
    yield held


def _filled(chunks: Sequence[_Chunk], measured: Sequence[Measured]) -> bytes:
    return b"".join(
        [chunk if isinstance(chunk, bytes) else chunk[2].paint(measured[chunk[0]].texts[chunk[1]]) for chunk in chunks]
    )
