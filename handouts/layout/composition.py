"""Measured forms onto pages: static content merged, a hole wherever packets differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from handouts.errors import LayoutError
from handouts.layout.atoms import Area, Atom, placing
from handouts.layout.forms import Measured
from handouts.layout.furniture import Furniture
from handouts.layout.pagination import Placement, paginate
from handouts.layout.skeleton import (
    CodeHole,
    Element,
    Hole,
    IdentifiersHole,
    PacketCodeHole,
    PacketLineHole,
    Page,
    PenField,
    Place,
    Skeleton,
    Static,
    TextHole,
    fonts_in,
)
from handouts.layout.structure import Structure
from handouts.layout.symbols import same_modules
from handouts.layout.tags import ARTIFACT
from handouts.layout.xobject import XObject
from handouts.library.document import Form

_HEADER = b"/Artifact<</Type/Pagination/Subtype/Header/Attached[/Top]>>BDC"
_FOOTER = b"/Artifact<</Type/Pagination/Subtype/Footer/Attached[/Bottom]>>BDC"
_HEADER_END, _FOOTER_END = b"f Q\nEMC", b"f Q EMC"
"""Spelled differently, so that no page names one stream at both places: veraPDF loses its place there."""

MOST_PAGES = 999
"""A page code has three digits for the page."""

_Part = bytes | Static | int
"""Of a page's content; a number stands for that hole."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One form as it stands in a packet. mark: the short hash of the form's version, for the page codes."""

    form: Form
    mark: str
    number: int = 1
    of: int = 1


def compose(
    copies: Sequence[Copy], measured: Sequence[Measured], furniture: Furniture, identifier_lines: int
) -> Skeleton:
    """Paginate every copy and fix everything that its shape decides. Raises LayoutError."""
    laid: list[tuple[int, list[Placement]]] = []
    for index, (copy, form) in enumerate(zip(copies, measured, strict=True)):
        height = furniture.frame_height(copy.form, copy.number, copy.of, identifier_lines)
        laid.extend((index, placements) for placements in paginate(form.atoms, height))
    if len(laid) > MOST_PAGES:
        raise LayoutError(f"a packet of more than {MOST_PAGES} pages", hint="Shorten the templates.")
    composer = _Composer(copies, measured, furniture, identifier_lines, len(laid))
    for index, placements in laid:
        composer.add_page(index, placements)
    return composer.skeleton()


def padding_skeleton(furniture: Furniture, mark: str, pages: int) -> Skeleton:
    """The page that is left blank: header, one line, codes."""
    top, bottom = furniture.code_at("top right"), furniture.code_at("bottom left")
    code: list[_Part] = [Static(same_modules(pages, mark)), 0, 1]
    parts: list[_Part] = [_HEADER, furniture.header, top, *code, b"f Q", furniture.blank_page(), bottom, *code]
    page = Page(_merged([*parts, _FOOTER_END]), 0, ())
    return _skeleton(furniture, [page], [PacketCodeHole(), CodeHole(None, mark)], [], (), (), ())


class _Composer:
    """Adds page after page."""

    def __init__(
        self,
        copies: Sequence[Copy],
        measured: Sequence[Measured],
        furniture: Furniture,
        identifier_lines: int,
        count: int,
    ) -> None:
        self._copies = copies
        self._measured = measured
        self._furniture = furniture
        self._identifier_lines = identifier_lines
        self._count = count
        self._atoms = [
            [(number, at, atom) for number, block in enumerate(form.blocks) for at, atom in enumerate(block.atoms)]
            for form in measured
        ]
        self._pages: list[Page] = []
        self._holes: list[Hole] = [PacketLineHole(), PacketCodeHole()]
        self._fields: list[PenField] = []
        self._structure = Structure()

    def add_page(self, index: int, placements: Sequence[Placement]) -> None:
        furniture, copy, number = self._furniture, self._copies[index], len(self._pages) + 1
        footer, below = furniture.footer(copy.form, copy.number, copy.of, number, self._count)
        code: list[_Part] = [Static(same_modules(self._count, copy.mark)), 1, self._hole(CodeHole(number, copy.mark))]
        self._structure.turn_page()
        contents: list[_Part] = [_HEADER, furniture.header, furniture.code_at("top right"), *code, _HEADER_END]
        contents += self._body(index, placements)
        end, marked = self._structure.end_page()
        contents += [end, _FOOTER, furniture.footer_rule(below, self._identifier_lines)[0], self._identifiers(below)]
        contents += [footer, 0, furniture.code_at("bottom left"), *code, _FOOTER_END]
        self._pages.append(Page(_merged(contents), index, marked))

    def _identifiers(self, below: float) -> int:
        """One hole for all pages whose identifiers stand at the same height."""
        hole = IdentifiersHole(below)
        return self._holes.index(hole) if hole in self._holes else self._hole(hole)

    def _hole(self, hole: Hole) -> int:
        self._holes.append(hole)
        return len(self._holes) - 1

    def _body(self, index: int, placements: Sequence[Placement]) -> list[_Part]:
        atoms, side = self._atoms[index], self._furniture.geometry.side
        body: list[_Part] = []
        varying: list[Place] = []
        for placement in placements:
            block, number, atom = atoms[placement.index]
            y = self._furniture.frame_top - placement.down
            if not placement.repeated:
                self._fields.extend(_field(area, len(self._pages) + 1, side, y) for area in atom.areas)
            shown = atom.header if placement.repeated and atom.header else atom
            marks = self._marks(index, block, shown, y, repeated=placement.repeated)
            if self._measured[index].blocks[block].varies(shown):
                varying.append(Place(index, block, number, y, placement.repeated, marks))
                continue
            if varying:
                body.append(self._hole(TextHole(tuple(varying))))
                varying = []
            for mark, piece in zip(marks, shown.pieces, strict=True):
                if isinstance(piece.paint, bytes) and piece.paint:
                    before, after = placing(side + piece.x, y + piece.y)
                    body.append(mark + before + piece.paint + after)
        if varying:
            body.append(self._hole(TextHole(tuple(varying))))
        return body

    def _marks(self, copy: int, block: int, atom: Atom, y: float, *, repeated: bool) -> tuple[bytes, ...]:
        """What is written before each piece of an atom; a header is read once, where its table begins."""
        side, width = self._furniture.geometry.side, self._furniture.geometry.frame_width
        box = side, y - atom.height, side + width, y
        marks: list[bytes] = []
        for piece in atom.pieces:
            if piece.paint:
                marks.append(self._structure.mark(copy, block, ARTIFACT if repeated else piece.path, box))
            else:
                marks.append(b"")
                if not repeated:
                    self._structure.element(copy, block, piece.path, box)
        return tuple(marks)

    def skeleton(self) -> Skeleton:
        shown = (atom.picture for atoms in self._atoms for _, _, atom in atoms)
        pictures = tuple(dict.fromkeys(picture for picture in shown if picture))
        elements = self._structure.elements()
        firsts = {page.copy: number for number, page in reversed(list(enumerate(self._pages)))}
        titles = tuple((copy.form.title, firsts[number]) for number, copy in enumerate(self._copies))
        return _skeleton(self._furniture, self._pages, self._holes, self._fields, pictures, elements, titles)


def _skeleton(
    furniture: Furniture,
    pages: Sequence[Page],
    holes: Sequence[Hole],
    fields: Sequence[PenField],
    pictures: tuple[XObject, ...],
    elements: tuple[Element, ...],
    titles: tuple[tuple[str, int], ...],
) -> Skeleton:
    static = [part.data for page in pages for part in page.contents if isinstance(part, Static)]
    size, language = (furniture.geometry.width, furniture.geometry.height), furniture.text.body.language
    return Skeleton(
        size, language, tuple(pages), tuple(holes), tuple(fields), fonts_in(static), pictures, elements, titles
    )


def _field(area: Area, page: int, side: float, y: float) -> PenField:
    left, top = side + area.x, y - area.y
    box = (round(left, 2), round(top - area.height, 2), round(left + area.width, 2), round(top, 2))
    return PenField(area.kind, area.name, page, box, area.optional)


def _merged(contents: Sequence[_Part]) -> tuple[Static | int, ...]:
    """Neighbouring bytes as one stream; what is a stream of its own already stays so, for other places to share."""
    merged: list[Static | int] = []
    for together, parts in groupby(contents, lambda part: isinstance(part, bytes)):
        if together:
            merged.append(Static(b"\n".join(part for part in parts if isinstance(part, bytes) and part)))
        else:
            merged += [part for part in parts if not isinstance(part, bytes)]
    return tuple(merged)
