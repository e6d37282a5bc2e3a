"""A variant compiled once, and every packet of it pressed from that.

Blocks without fields are set once. A block with fields is set for each patient; only the heights of its
atoms decide where everything falls, so packets whose fields are equally tall share one *skeleton*: all
pages with their static content, and holes for what differs.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from handouts.errors import LayoutError
from handouts.layout import blocks, signing
from handouts.layout.atoms import Area, Atom, placed
from handouts.layout.blocks import Setting
from handouts.layout.codes import PageCode, symbol
from handouts.layout.furniture import Furniture
from handouts.layout.pagination import Placement, paginate
from handouts.layout.text import Values, no_values
from handouts.library.document import (
    Block,
    Callout,
    Details,
    Form,
    Heading,
    Items,
    Paragraph,
    Screening,
    Signature,
    Slot,
    Table,
    Text,
    WriteLines,
)
from handouts.library.labels import Labels
from handouts.library.markdown import contents

_FONT = re.compile(rb"/([RB]\d*) [\d.]+ Tf")
_MOST_SKELETONS = 256
_SPACE: dict[type[Block], tuple[float, float]] = {
    Heading: (15.0, 5.0),
    Paragraph: (6.0, 6.0),
    Items: (4.0, 6.0),
    Table: (7.0, 10.0),
    Details: (5.0, 10.0),
    Screening: (3.0, 8.0),
    Callout: (9.0, 10.0),
    WriteLines: (0.0, 8.0),
    Signature: (10.0, 10.0),
}
"""Space before and after each kind of block, in points; between two blocks stands the larger."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One form as it stands in a packet. mark: the short hash of the form's version, for the page codes."""

    form: Form
    mark: str
    number: int = 1
    of: int = 1


@dataclass(frozen=True, slots=True)
class Static:
    """Content that is the same in every packet of a skeleton."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Hole:
    """Content that differs: part number `part` of the packet."""

    part: int


@dataclass(frozen=True, slots=True)
class Signing:
    """Where someone signs: page from 1; box is left, bottom, right, top in points from the page's lower left."""

    role: str
    page: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Page:
    """A page: what it paints in order, and which copy of the packet it belongs to."""

    contents: tuple[Static | Hole, ...]
    copy: int


@dataclass(frozen=True, slots=True)
class _Run:
    """Atoms of blocks with fields that follow one another on a page. places: copy, placement and y of each."""

    places: list[tuple[int, Placement, float]]


@dataclass(frozen=True, eq=False)
class Skeleton:
    """Everything about packets whose fields are equally tall: pages, signing places, the fonts of static text."""

    geometry: tuple[float, float]
    pages: tuple[Page, ...]
    signings: tuple[Signing, ...]
    fonts: frozenset[str]
    runs: tuple[_Run, ...]
    identifier_heights: tuple[float, ...]
    """Per page: the height of the static lines that the identifiers stand on."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """One packet: its skeleton, what fills the holes, and the fonts that takes."""

    skeleton: Skeleton
    parts: tuple[bytes, ...]
    fonts: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Set:
    """A block of a copy: set already, or still to be set for each patient."""

    block: Block
    gap: float
    keep: bool
    atoms: tuple[Atom, ...] | None


@dataclass(frozen=True, slots=True)
class _Measured:
    """A copy's atoms, each with whether it holds a patient's values, and what decides where they all fall."""

    atoms: list[tuple[Atom, bool]]
    shape: tuple[tuple[tuple[float, tuple[Area, ...]], ...], ...]


class PacketLayout:
    """A variant's packet. Raises LayoutError when a block cannot be set."""

    def __init__(self, copies: Sequence[Copy], furniture: Furniture) -> None:
        self.copies = tuple(copies)
        self._furniture = furniture
        self._labels = furniture.labels
        self._header, self._frame_top = furniture.header()
        self._frame_top = max(self._frame_top + 10, furniture.geometry.top)
        self._sets = tuple(self._compile(copy.form) for copy in self.copies)
        self._skeletons: OrderedDict[tuple[object, ...], Skeleton] = OrderedDict()

    def press(self, values: Values, packet_id: str) -> Pressed:
        """One patient's packet. Raises LayoutError, MissingGlyphError."""
        measured = [self._measure(copy_sets, values) for copy_sets in self._sets]
        identifiers = self._furniture.identifiers(values)
        skeleton = self._skeleton(measured, len(identifiers))
        parts = [*self._codes(skeleton, packet_id), self._furniture.packet_line(packet_id)]
        parts += [self._furniture.paint_identifiers(identifiers, below) for below in skeleton.identifier_heights]
        parts += [_paint(run, measured, self._furniture.geometry.side) for run in skeleton.runs]
        return Pressed(skeleton, tuple(parts), skeleton.fonts | fonts_in(parts))

    def padding_page(self, packet_id: str, pages: int) -> Pressed:
        """The page that keeps the next packet off this one's back: one line, and the packet's code."""
        before, between, after = (Static(data) for data in self._code_frames(self._furniture.blank_page(), b""))
        page = Page((before, Hole(0), between, Hole(0), after), -1)
        geometry = self._furniture.geometry
        skeleton = Skeleton((geometry.width, geometry.height), (page,), (), fonts_in([after.data]), (), ())
        return Pressed(skeleton, (symbol(str(PageCode(packet_id, None, pages, self.copies[-1].mark))),), skeleton.fonts)

    # -- setting -----------------------------------------------------------------------------------

    def _compile(self, form: Form) -> tuple[_Set, ...]:
        sets: list[_Set] = []
        setting = Setting(self._furniture.geometry.frame_width, no_values)
        for index, block in enumerate(form.blocks):
            before = _SPACE[type(block)][0]
            previous = _SPACE[type(form.blocks[index - 1])][1] if index else 0.0
            gap = max(before, previous)
            variable = any(isinstance(part, Slot) for content in contents(block) for part in content)
            keep = _introduces(block, form.blocks[index + 1] if index + 1 < len(form.blocks) else None)
            atoms = None if variable else tuple(_set_block(block, setting, self._labels, gap, keep=keep))
            sets.append(_Set(block, gap, keep, atoms))
        return tuple(sets)

    def _measure(self, sets: Sequence[_Set], values: Values) -> _Measured:
        setting = Setting(self._furniture.geometry.frame_width, values)
        atoms: list[tuple[Atom, bool]] = []
        shape = []
        for each in sets:
            if each.atoms is not None:
                atoms.extend((atom, False) for atom in each.atoms)
            else:
                block = _set_block(each.block, setting, self._labels, each.gap, keep=each.keep)
                atoms.extend((atom, True) for atom in block)
                shape.append(tuple((atom.height, atom.areas) for atom in block))
        return _Measured(atoms, tuple(shape))

    # -- pages -------------------------------------------------------------------------------------

    def _skeleton(self, measured: list[_Measured], identifier_lines: int) -> Skeleton:
        key = (identifier_lines, *(each.shape for each in measured))
        known = self._skeletons.get(key)
        if known is None:
            known = self._skeletons[key] = self._compose([each.atoms for each in measured], identifier_lines)
            if len(self._skeletons) > _MOST_SKELETONS:
                self._skeletons.popitem(last=False)
        else:
            self._skeletons.move_to_end(key)
        return known

    def _compose(self, atoms: list[list[tuple[Atom, bool]]], identifier_lines: int) -> Skeleton:
        geometry = self._furniture.geometry
        laid: list[tuple[int, list[Placement]]] = []
        for index, copy in enumerate(self.copies):
            _, below = self._furniture.footer(copy.form, copy.number, copy.of, 999, 999)
            _, foot = self._furniture.footer_rule(below, identifier_lines)
            height = geometry.height - self._frame_top - max(foot, geometry.bottom)
            pages = paginate([atom for atom, _ in atoms[index]], height)
            laid.extend((index, page) for page in pages)
        if len(laid) > 999:
            raise LayoutError("a packet of more than 999 pages", hint="Shorten the templates.")
        composed = _Composition(len(laid))
        for number, (index, placements) in enumerate(laid):
            self._compose_page(composed, number, index, placements, atoms[index], identifier_lines)
        static = [part.data for page in composed.pages for part in page.contents if isinstance(part, Static)]
        return Skeleton(
            (geometry.width, geometry.height),
            tuple(composed.pages),
            tuple(composed.signings),
            fonts_in(static),
            tuple(composed.runs),
            tuple(composed.identifier_heights),
        )

    def _compose_page(
        self,
        composed: _Composition,
        number: int,
        index: int,
        placements: list[Placement],
        atoms: list[tuple[Atom, bool]],
        identifier_lines: int,
    ) -> None:
        geometry, copy, pages = self._furniture.geometry, self.copies[index], composed.count
        footer, below = self._furniture.footer(copy.form, copy.number, copy.of, number + 1, pages)
        rule, _ = self._furniture.footer_rule(below, identifier_lines)
        body: list[bytes | _Run] = []
        for placement in placements:
            atom, variable = atoms[placement.index]
            y = geometry.height - self._frame_top - placement.down
            if variable:
                last = body[-1] if body else b""
                if isinstance(last, bytes):
                    last = _Run([])
                    body.append(last)
                last.places.append((index, placement, y))
            else:
                header = atom.header if placement.repeated else None
                body.append(placed((header or atom).paint, geometry.side, y))
            if not placement.repeated:
                composed.signings.extend(_signing(area, number + 1, geometry.side, y) for area in atom.areas)
        # part numbers: a code for each page, the packet's line, identifiers for each page, then the runs
        contents: list[bytes | Hole] = [self._header, self._furniture.code_at("top right"), Hole(number), b"Q"]
        for piece in body:
            if isinstance(piece, _Run):
                contents.append(Hole(2 * pages + 1 + len(composed.runs)))
                composed.runs.append(piece)
            else:
                contents.append(piece)
        contents += [rule, Hole(pages + 1 + number), footer, Hole(pages)]
        contents += [self._furniture.code_at("bottom left"), Hole(number), b"Q"]
        composed.pages.append(Page(_merged(contents), index))
        composed.identifier_heights.append(below)

    def _code_frames(self, body: bytes, footer: bytes) -> tuple[bytes, bytes, bytes]:
        top, bottom = (self._furniture.code_at(corner) for corner in ("top right", "bottom left"))
        return self._header + b"\n" + top, b"Q\n" + footer + bottom, b"Q\n" + body

    def _codes(self, skeleton: Skeleton, packet_id: str) -> list[bytes]:
        pages = len(skeleton.pages)
        codes = (PageCode(packet_id, n, pages, self.copies[page.copy].mark) for n, page in enumerate(skeleton.pages, 1))
        return [symbol(str(code)) for code in codes]


class _Composition:
    """What grows while pages are composed."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.pages: list[Page] = []
        self.signings: list[Signing] = []
        self.runs: list[_Run] = []
        self.identifier_heights: list[float] = []


def _introduces(block: Block, following: Block | None) -> bool:
    """Whether a paragraph belongs on the page of what follows: it ends in a colon, or says how to fill something in."""
    if not isinstance(block, Paragraph) or following is None:
        return False
    last = block.content[-1]
    fill_in = isinstance(following, Screening | Signature | Table | WriteLines) or (
        isinstance(following, Items) and following.marker in {"tick", "initial"}
    )
    return fill_in or (isinstance(last, Text) and last.text.rstrip().endswith(":"))


def _set_block(block: Block, setting: Setting, labels: Labels, gap: float, *, keep: bool) -> list[Atom]:
    match block:
        case Heading():
            atoms = blocks.set_heading(block, setting)
        case Paragraph():
            atoms = blocks.set_paragraph(block, setting)
        case Items():
            atoms = blocks.set_items(block, setting)
        case Table():
            atoms = blocks.set_table(block, setting)
        case Details():
            atoms = blocks.set_details(block, setting)
        case Callout():
            atoms = blocks.set_callout(block, setting)
        case WriteLines():
            atoms = blocks.set_write_lines(block, setting)
        case Screening():
            atoms = signing.set_screening(block, setting, labels)
        case Signature():
            atoms = signing.set_signature(block, setting, labels)
    atoms[0] = replace(atoms[0], gap=gap)
    atoms[-1] = replace(atoms[-1], keep=keep or atoms[-1].keep)
    return atoms


def _paint(run: _Run, measured: list[_Measured], side: float) -> bytes:
    painted: list[bytes] = []
    for copy, placement, y in run.places:
        atom = measured[copy].atoms[placement.index][0]
        header = atom.header if placement.repeated else None
        painted.append(placed((header or atom).paint, side, y))
    return b"\n".join(painted)


def _signing(area: Area, page: int, side: float, y: float) -> Signing:
    left, top = side + area.x, y - area.y
    corners = (left, top - area.height, left + area.width, top)
    return Signing(area.role, page, tuple(round(corner, 2) for corner in corners))  # type: ignore[arg-type]


def _merged(contents: Sequence[bytes | Hole]) -> tuple[Static | Hole, ...]:
    """Neighbouring static content as one."""
    merged: list[Static | Hole] = []
    held: list[bytes] = []
    for part in [*contents, None]:
        if isinstance(part, bytes):
            held.append(part)
            continue
        if held:
            merged.append(Static(b"\n".join(held)))
            held = []
        if part is not None:
            merged.append(part)
    return tuple(merged)


def fonts_in(painted: Sequence[bytes]) -> frozenset[str]:
    """The font subsets that content streams select."""
    return frozenset(name.decode() for data in painted for name in _FONT.findall(data))
