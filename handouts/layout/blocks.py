"""Blocks of a document into atoms: running text, lists, tables, panels and boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handouts.errors import LayoutError
from handouts.layout import style as s
from handouts.layout.atoms import Atom, Piece, artifact, kept_together, moved, stack, within
from handouts.layout.pen import number, paint_lines
from handouts.layout.style import Style, Typography
from handouts.layout.tags import (
    PARAGRAPH,
    Path,
    Tag,
    box_to_tick,
    cell,
    heading,
    item,
    label,
    line_to_write,
    listing,
    told,
)
from handouts.layout.text import Values, least_width, lines_of, natural_width, words_of
from handouts.library.document import (
    Align,
    Blank,
    Callout,
    Details,
    Heading,
    Inlines,
    Items,
    Marker,
    Paragraph,
    Slot,
    Table,
    Text,
    WriteLines,
)
from handouts.library.labels import Labels

ITEM_GAP = 3.0
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
    """What blocks are set with: the width of the column in points, the kinds of text, and what fields print.

    level: of the heading above.
    """

    width: float
    text: Typography
    values: Values
    labels: Labels
    level: int = 1

    def narrower(self, by: float) -> Setting:
        """The same, for a column `by` points narrower."""
        return replace(self, width=self.width - by)


def text_lines(
    content: Inlines, style: Style, setting: Setting, path: Path, x: float = 0.0, align: Align = "left"
) -> list[Atom]:
    """One atom a line; the first two and the last two stay together (no widows, no orphans)."""
    lines = lines_of(words_of(content, style, setting.values), style, setting.width)
    side = on_paper(align, style)
    painted = [paint_lines([line], style, 0, 0, setting.width, side) for line in lines]
    atoms = [Atom(style.leading, (Piece(path, paint, setting.width, x),)) for paint in painted]
    last = len(atoms) - 1
    return [replace(atom, keep=index != last and index in {0, last - 1}) for index, atom in enumerate(atoms)]


def whole_text(
    content: Inlines, style: Style, setting: Setting, path: Path, x: float = 0.0, align: Align = "left"
) -> Atom:
    """All lines as one atom."""
    if not content:
        return Atom(style.leading, (Piece(path, b"", setting.width, x),))
    lines = lines_of(words_of(content, style, setting.values), style, setting.width)
    paint = paint_lines(lines, style, 0, 0, setting.width, on_paper(align, style))
    return Atom(style.leading * len(lines), (Piece(path, paint, setting.width, x),))


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
                box_at = _Box(setting.text.tick, setting.text.tick, 3.0, box_to_tick(told(content)))
                lines = [_boxed(index, content, box_at, setting)]
            case "initial":
                box_at = _Box(s.INITIAL_WIDTH, s.INITIAL_HEIGHT, 0.0, line_to_write(setting.labels.initials))
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
    return Atom(tall, (drawn, *moved(text.pieces, 0, -down)))


def box(width: float, height: float) -> bytes:
    """The outline of a box whose lower left corner is the origin."""
    return b"%s 0 0 %s %s re S" % (s.BOX_LINE, number(width), number(height))


def hairline(width: float, y: float) -> Piece:
    """A thin gray line over the whole width."""
    return artifact(b"%s 0 0 m %s 0 l S" % (s.HAIRLINE, number(width)), width, y=y)


# -- tables and panels -----------------------------------------------------------------------------

CELL_X, CELL_Y = 6.0, 5.0
LEAST_COLUMN = 12.0
"""Room for a letter, in points; a column that gets less holds no text."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """How a table's cells stand. to_fill_in: some cells are for the pen, so columns are ruled."""

    aligns: tuple[Align, ...]
    widths: tuple[float, ...]
    to_fill_in: bool


def set_table(table: Table, setting: Setting) -> list[Atom]:
    """Rows that never break, under a header that every page repeats."""
    to_fill_in = any(not content for row in table.rows for content in row)
    columns = _Columns(table.aligns, tuple(_column_widths(table, setting)), to_fill_in)
    head = _row(0, table.header, columns, setting)
    rows = [_row(index, row, columns, setting) for index, row in enumerate(table.rows, 1)]
    atoms = [head, *(replace(row, header=head) for row in rows)]
    return _rows_together(atoms)


def _rows_together(atoms: list[Atom]) -> list[Atom]:
    """Rows on one page if they are few; else no page holds the first or the last alone."""
    if sum(atom.height for atom in atoms) < KEPT_WHOLE:
        return kept_together(atoms)
    return [replace(atom, keep=in_company(index, len(atoms))) for index, atom in enumerate(atoms)]


def _row(index: int, cells: Sequence[Inlines], columns: _Columns, setting: Setting) -> Atom:
    head = index == 0
    style = setting.text.head_cell if head else setting.text.cell
    set_cells: list[tuple[float, Atom]] = []
    x = 0.0
    for column, (content, align, width) in enumerate(zip(cells, columns.aligns, columns.widths, strict=True)):
        inner = replace(setting, width=width - 2 * CELL_X)
        set_cells.append((x, whole_text(content, style, inner, cell(index, column, head=head), 0.0, align)))
        x += width
    height = max(atom.height for _, atom in set_cells) + 2 * CELL_Y
    if not all(cells):
        height = max(height, s.WRITING_HEIGHT)
    rules: list[Piece] = []
    if head:
        tint = b"q %s 0 0 %s %s re f Q" % (s.TINT, number(setting.width), number(height))
        rules.append(artifact(tint, setting.width, y=-height))
    rules.append(hairline(setting.width, -height))
    if columns.to_fill_in:
        rule = b"%s 0 0 m 0 %s l S" % (s.HAIRLINE, number(-height))
        rules += [artifact(rule, 0, left) for left, _ in set_cells[1:]]
    pieces = [piece for left, atom in set_cells for piece in moved(atom.pieces, left + CELL_X, -CELL_Y)]
    return Atom(height, (*rules, *pieces))


def _column_widths(table: Table, setting: Setting) -> list[float]:
    """Every column gets its longest word; what is left is shared by how much text each still has to place."""
    least, natural = [], []
    for column in range(len(table.aligns)):
        cells = [
            (table.header[column], setting.text.head_cell),
            *((row[column], setting.text.cell) for row in table.rows),
        ]
        set_cells = [(words_of(content, style, setting.values), style) for content, style in cells]
        words = [least_width(word, style) for words, style in set_cells for word in words]
        least.append(max([*words, 20.0]) + 2 * CELL_X + 0.01)
        natural.append(max(natural_width(words, style) for words, style in set_cells) + 2 * CELL_X + 0.01)
    return share(setting.width, least, natural)


def share(width: float, least: Sequence[float], natural: Sequence[float]) -> list[float]:
    """`width` among columns: all get their natural width if that fits, else their least and a part of the rest.

    Where not even the least fits, the widest give way. Raises LayoutError for more columns than letters fit in.
    """
    if sum(natural) <= width:
        spare = width - sum(natural)
        return [each + spare * each / sum(natural) for each in natural]
    if sum(least) >= width:
        return _fair(width, least)
    wanted = [most - few for few, most in zip(least, natural, strict=True)]
    spare = width - sum(least)
    return [few + spare * want / sum(wanted) for few, want in zip(least, wanted, strict=True)]


def _fair(width: float, least: Sequence[float]) -> list[float]:
    """Columns that ask for less than an equal part get what they ask for; the others share what is left."""
    given = [0.0] * len(least)
    for done, column in enumerate(sorted(range(len(least)), key=lambda column: least[column])):
        given[column] = min(least[column], (width - sum(given)) / (len(least) - done))
    if min(given) < 2 * CELL_X + LEAST_COLUMN:
        raise LayoutError("a table has more columns than fit", hint="Split it, or turn it round.")
    return given


def set_details(details: Details, setting: Setting) -> list[Atom]:
    """Labels at the left, values at the right; a panel that fits on a page stays on one."""
    labels = [
        natural_width(words_of(label, setting.text.strong, setting.values), setting.text.strong)
        for label, _ in details.entries
    ]
    label_width = min(max(labels) + 14, setting.width * 0.34)
    atoms = [_detail(index, entry, label_width, setting) for index, entry in enumerate(details.entries)]
    return _rows_together(atoms)


def _detail(index: int, entry: tuple[Inlines, Inlines], label_width: float, setting: Setting) -> Atom:
    name, value = entry
    within_list = listing("None")
    left = whole_text(name, setting.text.head_cell, replace(setting, width=label_width - 8), label(within_list, index))
    if to_write(value, setting):
        height = max(left.height + 8, s.WRITING_HEIGHT)
        path = (*item(within_list, index), line_to_write(told(name)))
        line = write_rule(path, setting.width - label_width, label_width, 3 - height)
        return Atom(height, (*moved(left.pieces, 0, -4), line))
    right = whole_text(value, setting.text.cell, setting.narrower(label_width), item(within_list, index), label_width)
    height = max(left.height, right.height) + 8
    return Atom(height, (*moved((*left.pieces, *right.pieces), 0, -4), hairline(setting.width, -height)))


def write_rule(path: Path, width: float, x: float, y: float) -> Piece:
    """A line to write on."""
    return Piece(path, b"%s 0 0 m %s 0 l S" % (s.WRITING_LINE, number(width)), width, x, y)


def to_write(value: Inlines, setting: Setting) -> bool:
    """Whether the value is nothing but a blank, or a field that is missing for this patient."""
    return all(isinstance(part, Blank) or (isinstance(part, Slot) and not setting.values(part.field)) for part in value)


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
        return [Atom(height, (*_back(callout.kind, setting.width, height), *stacked.pieces))]
    last = len(atoms) - 1
    parts: list[Atom] = []
    for index, atom in enumerate(atoms):
        above = atom.gap if index else PADDING
        height = above + atom.height + (PADDING if index == last else 0.0)
        back = _back(callout.kind, setting.width, height, first=index == 0, last=index == last)
        parts.append(Atom(height, (*back, *moved(atom.pieces, PADDING + BAR, -above))))
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


def set_write_lines(lines: WriteLines, setting: Setting) -> list[Atom]:
    """Empty lines to write on, all on one page."""
    to_fill = (line_to_write(setting.labels.write_here),)
    rule = write_rule(to_fill, setting.width, 0, -s.WRITING_HEIGHT)
    return kept_together([Atom(s.WRITING_HEIGHT, (rule,))] * lines.count)
