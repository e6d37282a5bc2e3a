"""Measured forms onto pages: static content merged, a hole wherever packets differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handouts.errors import LayoutError
from handouts.layout.atoms import Area, placed
from handouts.layout.forms import Measured
from handouts.layout.furniture import Furniture
from handouts.layout.pagination import Placement, paginate
from handouts.layout.skeleton import (
    CodeHole,
    Hole,
    IdentifiersHole,
    PacketLineHole,
    Page,
    Place,
    Signing,
    Skeleton,
    Static,
    TextHole,
    fonts_in,
)
from handouts.layout.xobject import XObject
from handouts.library.document import Form

MOST_PAGES = 999
"""A page code has three digits for the page."""


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


def padding_skeleton(furniture: Furniture, mark: str) -> Skeleton:
    """The page that is left blank: header, one line, codes."""
    top, bottom = furniture.code_at("top right"), furniture.code_at("bottom left")
    contents = _merged([furniture.header, top, 0, b"Q", furniture.blank_page(), bottom, 0, b"Q"])
    return _skeleton(furniture, [Page(contents, 0)], [CodeHole(None, mark)], [], ())


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
        self._pages: list[Page] = []
        self._holes: list[Hole] = [PacketLineHole()]
        self._signings: list[Signing] = []

    def add_page(self, index: int, placements: Sequence[Placement]) -> None:
        furniture, copy, number = self._furniture, self._copies[index], len(self._pages) + 1
        footer, below = furniture.footer(copy.form, copy.number, copy.of, number, self._count)
        code = self._hole(CodeHole(number, copy.mark))
        contents: list[bytes | int] = [furniture.header, furniture.code_at("top right"), code, b"Q"]
        contents += self._body(index, placements)
        contents += [furniture.footer_rule(below, self._identifier_lines)[0], self._identifiers(below)]
        contents += [footer, 0, furniture.code_at("bottom left"), code, b"Q"]
        self._pages.append(Page(_merged(contents), index))

    def _identifiers(self, below: float) -> int:
        """One hole for all pages whose identifiers stand at the same height."""
        hole = IdentifiersHole(below)
        return self._holes.index(hole) if hole in self._holes else self._hole(hole)

    def _hole(self, hole: Hole) -> int:
        self._holes.append(hole)
        return len(self._holes) - 1

    def _body(self, index: int, placements: Sequence[Placement]) -> list[bytes | int]:
        form, side = self._measured[index], self._furniture.geometry.side
        body: list[bytes | int] = []
        variable: list[Place] = []
        for placement in placements:
            atom = form.atoms[placement.index]
            y = self._furniture.frame_top - placement.down
            if not placement.repeated:
                self._signings.extend(_signing(area, len(self._pages) + 1, side, y) for area in atom.areas)
            if placement.index in form.variable:
                variable.append(Place(index, placement.index, y, placement.repeated))
                continue
            if variable:
                body.append(self._hole(TextHole(tuple(variable))))
                variable = []
            header = atom.header if placement.repeated else None
            body.append(placed((header or atom).paint, side, y))
        if variable:
            body.append(self._hole(TextHole(tuple(variable))))
        return body

    def skeleton(self) -> Skeleton:
        shown = (atom.picture for form in self._measured for atom in form.atoms)
        pictures = tuple(dict.fromkeys(picture for picture in shown if picture))
        return _skeleton(self._furniture, self._pages, self._holes, self._signings, pictures)


def _skeleton(
    furniture: Furniture,
    pages: Sequence[Page],
    holes: Sequence[Hole],
    signings: Sequence[Signing],
    pictures: tuple[XObject, ...],
) -> Skeleton:
    static = [part.data for page in pages for part in page.contents if isinstance(part, Static)]
    size = furniture.geometry.width, furniture.geometry.height
    return Skeleton(size, tuple(pages), tuple(holes), tuple(signings), fonts_in(static), pictures)


def _signing(area: Area, page: int, side: float, y: float) -> Signing:
    left, top = side + area.x, y - area.y
    box = (round(left, 2), round(top - area.height, 2), round(left + area.width, 2), round(top, 2))
    return Signing(area.role, page, box)


def _merged(contents: Sequence[bytes | int]) -> tuple[Static | int, ...]:
    """Neighbouring static content as one."""
    merged: list[Static | int] = []
    for part in contents:
        last = merged[-1] if merged else 0
        if isinstance(part, int):
            merged.append(part)
        elif isinstance(last, Static):
            merged[-1] = replace(last, data=last.data + b"\n" + part)
        else:
            merged.append(Static(part))
    return tuple(merged)
