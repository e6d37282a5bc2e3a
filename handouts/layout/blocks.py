"""Blocks of a document into atoms: running text, lists, tables, panels and boxes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handouts.layout import style as s
from handouts.layout.atoms import (
    Area,
    Atom,
    Piece,
    artifact,
    kept_together,
    mirrored,
    moved,
    shifted,
    stack,
    within,
)
from handouts.layout.measures import Measures
from handouts.layout.pen import number
from handouts.layout.style import Style, Typography
from handouts.layout.tags import (
    PARAGRAPH,
    Path,
    Tag,
    box_to_tick,
    foreign,
    heading,
    item,
    label,
    line_to_write,
    listing,
    told,
)
from handouts.library.document import (
    Align,
    Callout,
    Heading,
    Inlines,
    Items,
    Marker,
    Paragraph,
    Passage,
    Text,
    WriteLines,
)
from handouts.library.labels import Labels
from handouts.model import FieldKind

ITEM_GAP = 3.0
PASSAGE_GAP = 6.0
PADDING = 10.0
BAR = 4.0
"""The bar at the side of a callout, in points."""
KEPT_LIST = 90.0
"""A list up to this height, in points, is never broken across pages."""

KEPT_CALLOUT = 400.0
"""A callout up to this height, in points, is one piece: it fits every page."""

KEPT_WHOLE = 260.0
"""A table or panel up to this height, in points, is never broken across pages."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What blocks are set with: the width of the column in points, the kinds of text, and how the texts measure.

    level: of the heading above.
    """

    width: float
    text: Typography
    measures: Measures
    labels: Labels
    level: int = 1

    def narrower(self, by: float) -> Setting:
        """The same, for a column `by` points narrower."""
        return replace(self, width=self.width - by)


def text_lines(
    content: Inlines, style: Style, setting: Setting, path: Path, x: float = 0.0, align: Align = "left"
) -> list[Atom]:
    """One atom a line; the first two and the last two stay together (no widows, no orphans)."""
    text = setting.measures.lines(content, style, setting.width)
    side, last = on_paper(align, style), len(text.lines) - 1
    return [
        Atom(
            style.leading,
            (Piece(path, text.paint(side, index, index + 1), setting.width, x),),
            keep=index != last and index in {0, last - 1},
        )
        for index in range(last + 1)
    ]


def whole_text(
    content: Inlines, style: Style, setting: Setting, path: Path, x: float = 0.0, align: Align = "left"
) -> Atom:
    """All lines as one atom."""
    if not content:
        return Atom(style.leading, (Piece(path, b"", setting.width, x),))
    text = setting.measures.lines(content, style, setting.width)
    return Atom(style.leading * len(text.lines), (Piece(path, text.paint(on_paper(align, style)), setting.width, x),))


def on_paper(align: Align, style: Style) -> Align:
    """The side of the page: `left` and `right` of a template are those of a form that is read from left to right."""
    if style.direction == "ltr" or align == "center":
        return align
    return "right" if align == "left" else "left"


def set_heading(block: Heading, setting: Setting) -> list[Atom]:
    """A heading stays with what follows it."""
    style = setting.text.heading(block.level)
    atom = whole_text(block.content, style, setting, heading(block.level))
    if block.level > 1:
        return [replace(atom, keep=True)]
    line = b"%s RG 2 w 0 -2 m %s -2 l S" % (s.INK, number(setting.width))
    return [Atom(atom.height + 6, (*atom.pieces, artifact(line, setting.width, y=-atom.height)), keep=True)]


def set_paragraph(paragraph: Paragraph, setting: Setting) -> list[Atom]:
    """Running text, broken across pages where it must be."""
    return text_lines(paragraph.content, setting.text.body, setting, PARAGRAPH)


def set_items(items: Items, setting: Setting) -> list[Atom]:
    """A list. Items to tick or initial are never broken; no page holds its first or its last item alone.

    A short list stays on one page.
    """
    atoms: list[Atom] = []
    for index, content in enumerate(items.items):
        match items.marker:
            case "bullet" | "number":
                lines = _bulleted(index, content, items.marker, setting)
            case "tick":
                box_at = _Box("tick", setting.text.tick, setting.text.tick, 3.0, box_to_tick(told(content)))
                lines = [_boxed(index, content, box_at, setting)]
            case "initial":
                to_initial = line_to_write(setting.labels.initials)
                box_at = _Box("initials", s.INITIAL_WIDTH, s.INITIAL_HEIGHT, 0.0, to_initial)
                lines = [_boxed(index, content, box_at, setting)]
        gap = ITEM_GAP if items.marker in {"bullet", "number"} else 5.0
        lines[0] = replace(lines[0], gap=gap)
        lines[-1] = replace(lines[-1], keep=lines[-1].keep or in_company(index, len(items.items)))
        atoms.extend(lines)
    return kept_together(atoms) if sum(atom.gap + atom.height for atom in atoms) < KEPT_LIST else atoms


def in_company(index: int, count: int) -> bool:
    """Whether a part of `count` belongs on the page of the next: neither the first nor the last stands alone."""
    return index < count - 1 and index in {0, count - 2}


def _bulleted(index: int, content: Inlines, kind: Marker, setting: Setting) -> list[Atom]:
    within_list = listing("Decimal" if kind == "number" else "Disc")
    marker = f"{index + 1}." if kind == "number" else "•"
    indent = setting.text.number if kind == "number" else setting.text.bullet
    lines = text_lines(content, setting.text.body, setting.narrower(indent), item(within_list, index), indent)
    at_mark = replace(setting, width=indent)
    mark = whole_text((Text(marker),), setting.text.body, at_mark, label(within_list, index), 2.0)
    lines[0] = replace(lines[0], pieces=(*mark.pieces, *lines[0].pieces))
    return lines


@dataclass(frozen=True, slots=True)
class _Box:
    """A box before an item; its top is `drop` points below the item's. form: what it is to readers."""

    kind: FieldKind
    width: float
    height: float
    drop: float
    form: Tag


def _boxed(index: int, content: Inlines, at: _Box, setting: Setting) -> Atom:
    indent = at.width + 9
    within_list = listing("None")
    text = whole_text(content, setting.text.body, setting.narrower(indent), item(within_list, index), indent)
    tall = max(text.height, at.height + at.drop)
    drawn = Piece((*label(within_list, index), at.form), box(at.width, at.height), at.width, y=-at.drop - at.height)
    down = (tall - text.height) / 2 if at.height > setting.text.tick else 0
    area = Area(at.kind, "", 0, at.drop, at.width, at.height, optional=at.kind == "tick")
    return Atom(tall, (drawn, *moved(text.pieces, 0, -down)), areas=(area,))


def box(width: float, height: float) -> bytes:
    """The outline of a box whose lower left corner is the origin."""
    return b"%s 0 0 %s %s re S" % (s.BOX_LINE, number(width), number(height))


def hairline(width: float, y: float) -> Piece:
    """A thin gray line over the whole width."""
    return artifact(b"%s 0 0 m %s 0 l S" % (s.HAIRLINE, number(width)), width, y=y)


def write_rule(path: Path, width: float, x: float, y: float) -> Piece:
    """A line to write on."""
    return Piece(path, b"%s 0 0 m %s 0 l S" % (s.WRITING_LINE, number(width)), width, x, y)


def set_callout(callout: Callout, setting: Setting) -> list[Atom]:
    """A box, tinted with a bar at its side, or framed for emergencies; broken only where no page could hold it."""
    inner = setting.narrower(2 * PADDING + BAR)
    division: Path = (Tag("Div"),)
    atoms: list[Atom] = []
    if callout.title:
        title = setting.text.box_title if callout.kind != "emergency" else replace(setting.text.box_title, colour=b"")
        atoms.append(whole_text(callout.title, title, inner, division + heading(setting.level + 1)))
    for index, block in enumerate(callout.blocks):
        set_block = set_paragraph(block, inner) if isinstance(block, Paragraph) else set_items(block, inner)
        set_block[0] = replace(set_block[0], gap=5.0 if isinstance(block, Paragraph) else ITEM_GAP)
        atoms += [replace(atom, pieces=tuple(within(division, index, atom.pieces))) for atom in set_block]
    stacked = stack(atoms, PADDING + BAR, -PADDING)
    height = stacked.height + 2 * PADDING
    if height <= KEPT_CALLOUT:
        return [Atom(height, (*_back(callout.kind, setting.width, height), *stacked.pieces), areas=stacked.areas)]
    last = len(atoms) - 1
    parts: list[Atom] = []
    for index, atom in enumerate(atoms):
        above = atom.gap if index else PADDING
        height = above + atom.height + (PADDING if index == last else 0.0)
        back = _back(callout.kind, setting.width, height, first=index == 0, last=index == last)
        areas = tuple(shifted(atom.areas, PADDING + BAR, above))
        parts.append(Atom(height, (*back, *moved(atom.pieces, PADDING + BAR, -above)), areas=areas))
    return kept_together(parts)


def _back(kind: str, width: float, height: float, *, first: bool = True, last: bool = True) -> tuple[Piece, Piece]:
    """What stands behind a callout, or behind a part of one: a frame or a tint, and the bar at its side."""
    if kind == "emergency":
        right, top = number(width - 1), number(height - 1)
        lines = [b"%s 0 m %s %s l S" % (side, side, number(height)) for side in (b"1", right)]
        lines += [b"0 %s m %s %s l S" % (top, number(width), top)] if first else []
        lines += [b"0 1 m %s 1 l S" % number(width)] if last else []
        frame = b"q 0 G 2 w %s Q" % b" ".join(lines)
        return artifact(frame, width, y=-height), artifact(b"q 0 g 0 0 7 %s re f Q" % number(height), 7, y=-height)
    tint = b"q %s 0 0 %s %s re f Q" % (s.TINT, number(width), number(height))
    bar = b"q %s rg 0 0 %s %s re f Q" % (s.INK, number(BAR), number(height))
    return artifact(tint, width, y=-height), artifact(bar, BAR, y=-height)


def set_passage(passage: Passage, setting: Setting) -> list[Atom]:
    """Text in another language, read its own way."""
    inner = replace(setting, text=setting.text.of(passage.language))
    division: Path = (foreign(passage.language),)
    atoms: list[Atom] = []
    for index, block in enumerate(passage.blocks):
        set_block = set_paragraph(block, inner) if isinstance(block, Paragraph) else set_items(block, inner)
        set_block[0] = replace(set_block[0], gap=PASSAGE_GAP)
        atoms += [replace(atom, pieces=tuple(within(division, index, atom.pieces))) for atom in set_block]
    turned = inner.text.rtl != setting.text.rtl
    return [mirrored(atom, setting.width) for atom in atoms] if turned else atoms


def set_write_lines(lines: WriteLines, setting: Setting) -> list[Atom]:
    """Empty lines to write on, all on one page."""
    to_fill = (line_to_write(setting.labels.write_here),)
    rule = write_rule(to_fill, setting.width, 0, -s.WRITING_HEIGHT)
    return kept_together([Atom(s.WRITING_HEIGHT, (rule,))] * lines.count)
