"""Tables, and panels of labels with their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handouts.errors import LayoutError
from handouts.layout import style as s
from handouts.layout.atoms import Atom, Piece, artifact, kept_together, moved
from handouts.layout.blocks import KEPT_WHOLE, Setting, hairline, in_company, whole_text, write_rule
from handouts.layout.pen import number
from handouts.layout.tags import cell, item, label, line_to_write, listing, told
from handouts.library.document import Align, Details, Inlines, Table

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
    """Every column gets its longest word, or room for the pen; what is left is shared by how much text each still has
    to place.
    """
    least, natural = [], []
    for column in range(len(table.aligns)):
        cells = [
            (table.header[column], setting.text.head_cell),
            *((row[column], setting.text.cell) for row in table.rows),
        ]
        for_the_pen = table.rows and not any(row[column] for row in table.rows)
        room = s.LEAST_BLANK_WIDTH if for_the_pen else 20.0
        few = max(setting.measures.least_width(content, style) for content, style in cells)
        most = max(setting.measures.natural_width(content, style) for content, style in cells)
        least.append(max(few, room) + 2 * CELL_X + 0.01)
        natural.append(max(most, room) + 2 * CELL_X + 0.01)
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
    """Labels at the left, values at the right; a panel that fits on a page stays on one.

    Labels get half of it where there are only lines to write on, else a third.
    """
    labels = [setting.measures.natural_width(label, setting.text.strong) for label, _ in details.entries]
    only_lines = all(setting.measures.missing(value) for _, value in details.entries)
    label_width = min(max(labels) + 14, setting.width * (0.5 if only_lines else 0.34))
    atoms = [_detail(index, entry, label_width, setting) for index, entry in enumerate(details.entries)]
    return _rows_together(atoms)


def _detail(index: int, entry: tuple[Inlines, Inlines], label_width: float, setting: Setting) -> Atom:
    name, value = entry
    within_list = listing("None")
    left = whole_text(name, setting.text.head_cell, replace(setting, width=label_width - 8), label(within_list, index))
    if setting.measures.missing(value):
        height = max(left.height + 8, s.WRITING_HEIGHT)
        path = (*item(within_list, index), line_to_write(told(name)))
        line = write_rule(path, setting.width - label_width, label_width, 3 - height)
        return Atom(height, (*moved(left.pieces, 0, -4), line))
    right = whole_text(value, setting.text.cell, setting.narrower(label_width), item(within_list, index), label_width)
    height = max(left.height, right.height) + 8
    return Atom(height, (*moved((*left.pieces, *right.pieces), 0, -4), hairline(setting.width, -height)))
