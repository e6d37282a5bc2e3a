"""Blocks of a document into atoms: running text, lists, tables, panels and boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handouts.errors import LayoutError
from handouts.layout import style as s
from handouts.layout.atoms import Atom, kept_together, placed, stack
from handouts.layout.pen import number, paint_lines
from handouts.layout.style import Style, Typography
from handouts.layout.svg import LARGEST_FILE, read_svg
from handouts.layout.text import Values, least_width, lines_of, natural_width, words_of
from handouts.library.document import (
    Align,
    Blank,
    Callout,
    Details,
    Heading,
    Inlines,
    Items,
    Paragraph,
    Picture,
    Slot,
    Table,
    Text,
    WriteLines,
)

ITEM_GAP = 3.0
PADDING = 10.0
CAPTION_GAP = 6.0
KEPT_LIST = 90.0
"""A list up to this height, in points, is never broken across pages."""

KEPT_WHOLE = 260.0
"""A table or panel up to this height, in points, is never broken across pages."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What blocks are set with: the width of the column in points, the kinds of text, and what fields print."""

    width: float
    text: Typography
    values: Values

    def narrower(self, by: float) -> Setting:
        """The same, for a column `by` points narrower."""
        return replace(self, width=self.width - by)


def text_lines(content: Inlines, style: Style, setting: Setting, x: float = 0.0, align: Align = "left") -> list[Atom]:
    """One atom a line; the first two and the last two stay together (no widows, no orphans)."""
    lines = lines_of(words_of(content, style, setting.values), style, setting.width)
    atoms = [Atom(style.leading, paint_lines([line], style, x, 0, setting.width, align)) for line in lines]
    last = len(atoms) - 1
    return [replace(atom, keep=index != last and index in {0, last - 1}) for index, atom in enumerate(atoms)]


def whole_text(content: Inlines, style: Style, setting: Setting, x: float = 0.0, align: Align = "left") -> Atom:
    """All lines as one atom."""
    lines = lines_of(words_of(content, style, setting.values), style, setting.width)
    return Atom(style.leading * len(lines), paint_lines(lines, style, x, 0, setting.width, align))


def set_heading(heading: Heading, setting: Setting) -> list[Atom]:
    """A heading stays with what follows it."""
    style = setting.text.heading(heading.level)
    atom = whole_text(heading.content, style, setting)
    if heading.level > 1:
        return [replace(atom, keep=True)]
    line = b"%s RG 2 w 0 -2 m %s -2 l S" % (s.INK, number(setting.width))
    return [Atom(atom.height + 6, atom.paint + b"\n" + placed(line, 0, -atom.height), keep=True)]


def set_paragraph(paragraph: Paragraph, setting: Setting) -> list[Atom]:
    """Running text, broken across pages where it must be."""
    return text_lines(paragraph.content, setting.text.body, setting)


def set_items(items: Items, setting: Setting) -> list[Atom]:
    """A list. Items to tick or initial are never broken; no page holds its first or its last item alone.

    A short list stays on one page.
    """
    atoms: list[Atom] = []
    for index, item in enumerate(items.items):
        match items.marker:
            case "bullet" | "number":
                lines = _bulleted(item, f"{index + 1}." if items.marker == "number" else "•", setting)
            case "tick":
                lines = [_boxed(item, setting.text.tick, setting.text.tick, 3.0, setting)]
            case "initial":
                lines = [_boxed(item, s.INITIAL_WIDTH, s.INITIAL_HEIGHT, 0.0, setting)]
        gap = ITEM_GAP if items.marker in {"bullet", "number"} else 5.0
        lines[0] = replace(lines[0], gap=gap)
        lines[-1] = replace(lines[-1], keep=lines[-1].keep or in_company(index, len(items.items)))
        atoms.extend(lines)
    return kept_together(atoms) if sum(atom.gap + atom.height for atom in atoms) < KEPT_LIST else atoms


def in_company(index: int, count: int) -> bool:
    """Whether a part of `count` belongs on the page of the next: neither the first nor the last stands alone."""
    return index < count - 1 and index in {0, count - 2}


def _bulleted(item: Inlines, marker: str, setting: Setting) -> list[Atom]:
    indent = setting.text.bullet if marker == "•" else setting.text.number
    lines = text_lines(item, setting.text.body, setting.narrower(indent), indent)
    mark = whole_text((Text(marker),), setting.text.body, replace(setting, width=indent), 2.0)
    lines[0] = replace(lines[0], paint=mark.paint + b"\n" + lines[0].paint)
    return lines


def _boxed(item: Inlines, width: float, height: float, drop: float, setting: Setting) -> Atom:
    indent = width + 9
    text = whole_text(item, setting.text.body, setting.narrower(indent), indent)
    tall = max(text.height, height + drop)
    paint = b"%s\n%s" % (
        box(0, -drop - height, width, height),
        placed(text.paint, 0, -(tall - text.height) / 2 if height > setting.text.tick else 0),
    )
    return Atom(tall, paint)


def box(x: float, y: float, width: float, height: float) -> bytes:
    """The outline of a box whose lower left corner is at (x, y)."""
    return b"%s %s %s %s %s re S" % (s.BOX_LINE, number(x), number(y), number(width), number(height))


def hairline(y: float, width: float) -> bytes:
    """A thin gray line over the whole width."""
    return b"%s 0 %s m %s %s l S" % (s.HAIRLINE, number(y), number(width), number(y))


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
    to_fill_in = any(not cell for row in table.rows for cell in row)
    columns = _Columns(table.aligns, tuple(_column_widths(table, setting)), to_fill_in)
    head = _row(table.header, columns, setting.text.head_cell, setting)
    rows = [_row(row, columns, setting.text.cell, setting) for row in table.rows]
    atoms = [head, *(replace(row, header=head) for row in rows)]
    return _rows_together(atoms)


def _rows_together(atoms: list[Atom]) -> list[Atom]:
    """Rows on one page if they are few; else no page holds the first or the last alone."""
    if sum(atom.height for atom in atoms) < KEPT_WHOLE:
        return kept_together(atoms)
    return [replace(atom, keep=in_company(index, len(atoms))) for index, atom in enumerate(atoms)]


def _row(cells: Sequence[Inlines], columns: _Columns, style: Style, setting: Setting) -> Atom:
    set_cells: list[tuple[float, Atom]] = []
    x = 0.0
    for cell, align, width in zip(cells, columns.aligns, columns.widths, strict=True):
        inner = replace(setting, width=width - 2 * CELL_X)
        set_cells.append((x + CELL_X, whole_text(cell, style, inner, 0.0, align)))
        x += width
    height = max(atom.height for _, atom in set_cells) + 2 * CELL_Y
    if not all(cells):
        height = max(height, s.WRITING_HEIGHT)
    painted = [placed(atom.paint, left, -CELL_Y) for left, atom in set_cells]
    if style.bold:
        painted.insert(0, b"q %s 0 %s %s %s re f Q" % (s.TINT, number(-height), number(setting.width), number(height)))
    painted.append(hairline(-height, setting.width))
    if columns.to_fill_in:
        painted += [_column_rule(left - CELL_X, height) for left, _ in set_cells[1:]]
    return Atom(height, b"\n".join(painted))


def _column_rule(x: float, height: float) -> bytes:
    return b"%s %s 0 m %s %s l S" % (s.HAIRLINE, number(x), number(x), number(-height))


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
    atoms = [_detail(label, value, label_width, setting) for label, value in details.entries]
    return _rows_together(atoms)


def _detail(label: Inlines, value: Inlines, label_width: float, setting: Setting) -> Atom:
    left = whole_text(label, setting.text.head_cell, replace(setting, width=label_width - 8))
    if to_write(value, setting):
        return Atom(
            max(left.height + 8, s.WRITING_HEIGHT),
            placed(left.paint, 0, -4)
            + b"\n"
            + _write_rule(label_width, setting, max(left.height + 8, s.WRITING_HEIGHT)),
        )
    right = whole_text(value, setting.text.cell, setting.narrower(label_width), label_width)
    height = max(left.height, right.height) + 8
    return Atom(height, b"\n".join([placed(left.paint + b"\n" + right.paint, 0, -4), hairline(-height, setting.width)]))


def _write_rule(left: float, setting: Setting, height: float) -> bytes:
    y = number(3 - height)
    return b"%s %s %s m %s %s l S" % (s.WRITING_LINE, number(left), y, number(setting.width), y)


def to_write(value: Inlines, setting: Setting) -> bool:
    """Whether the value is nothing but a blank, or a field that is missing for this patient."""
    return all(isinstance(part, Blank) or (isinstance(part, Slot) and not setting.values(part.field)) for part in value)


def set_callout(callout: Callout, setting: Setting) -> list[Atom]:
    """A box that is never broken: tinted with a bar at its side, or framed for emergencies."""
    inner = setting.narrower(2 * PADDING + 4)
    atoms: list[Atom] = []
    if callout.title:
        title = setting.text.box_title if callout.kind != "emergency" else replace(setting.text.box_title, colour=b"")
        atoms.append(whole_text(callout.title, title, inner))
    for block in callout.blocks:
        set_block = set_paragraph(block, inner) if isinstance(block, Paragraph) else set_items(block, inner)
        set_block[0] = replace(set_block[0], gap=5.0 if isinstance(block, Paragraph) else ITEM_GAP)
        atoms.extend(set_block)
    paint, height, _ = stack(atoms, PADDING + 4, -PADDING)
    height += 2 * PADDING
    frame = number(-height), number(setting.width), number(height)
    if callout.kind == "emergency":
        back = b"q 0 G 2 w 1 %s %s %s re S 0 g 0 %s 7 %s re f Q" % (
            number(1 - height), number(setting.width - 2), number(height - 2), frame[0], frame[2]
        )  # fmt: skip
    else:
        back = b"q %s 0 %s %s %s re f %s rg 0 %s 4 %s re f Q" % (s.TINT, *frame, s.INK, frame[0], frame[2])
    return [Atom(height, back + b"\n" + paint)]


def set_write_lines(lines: WriteLines, setting: Setting) -> list[Atom]:
    """Empty lines to write on, all on one page."""
    y = number(-s.WRITING_HEIGHT)
    rule = b"%s 0 %s m %s %s l S" % (s.WRITING_LINE, y, number(setting.width), y)
    return kept_together([Atom(s.WRITING_HEIGHT, rule)] * lines.count)


def set_picture(picture: Picture, setting: Setting) -> list[Atom]:
    """A drawing in the middle of the column, and the words below it: never broken."""
    named = f"the picture {picture.name}.svg"
    try:
        if picture.file.stat().st_size > LARGEST_FILE:
            raise LayoutError("is larger than 5 MB", hint="Save it smaller.")
        drawing = read_svg(picture.file.read_bytes())
    except OSError as fault:
        raise LayoutError(f"{named} cannot be read: {fault.strerror}") from None
    except LayoutError as fault:
        raise LayoutError(f"{named} {fault.what}", hint=fault.hint) from None
    high = picture.height * s.MM
    wide = high * drawing.ratio
    if wide > setting.width:
        most = int(setting.width / drawing.ratio / s.MM)
        raise LayoutError(f"{named} is wider than the text", hint=f"It can be {most} mm tall at most.")
    left = number((setting.width - wide) / 2)
    paint = b"q %s 0 0 %s %s %s cm /%s Do Q" % (
        number(wide), number(high), left, number(-high), drawing.name.encode()
    )  # fmt: skip
    caption = whole_text(picture.caption, setting.text.body, setting)
    down = high + CAPTION_GAP
    return [Atom(down + caption.height, paint + b"\n" + placed(caption.paint, 0, -down), picture=drawing)]
