"""Blocks of a form whose fields are filled in, as rows that no page break divides.

The sizes are the program's; how they come about is written here a second time, as plainly as possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace

from handouts.layout import blocks as sizes
from handouts.layout import pictures, signing, tables
from handouts.layout import style as s
from handouts.layout.forms import SCANT, SPACE
from handouts.layout.style import Style, Typography
from handouts.layout.text import Values
from handouts.library.document import (
    Align,
    Blank,
    Block,
    Callout,
    Details,
    Form,
    Heading,
    IconArray,
    Inline,
    Inlines,
    Items,
    Paragraph,
    Passage,
    Picture,
    Screening,
    Signature,
    Slot,
    Table,
    Text,
    WriteLines,
)
from handouts.library.labels import Labels
from tests.oracle.measure import Pieces, Word, natural_width, pieces_of, set_lines

TITLE_RULE = 6.0
MARKER_LEFT = 2.0
BOX_GAP, BOX_DROP, BOX_ITEM_GAP = 9.0, 3.0, 5.0
LABEL_GAP, LABEL_RIGHT, MOST_LABEL, DETAIL_PAD = 14.0, 8.0, 0.34, 4.0
LEAST_COLUMN, HAIR = 20.0, 0.01
BAR, CALLOUT_GAP = 4.0, 5.0
ANSWER_GAP = 5.0
STATEMENT_GAP, SIGNATURE_GAP, WRITTEN_GAP, PRINTED_GAP, LINE_GAP, MOST_LINE_LABEL = 3.0, 2.0, 2.0, 5.0, 8.0, 0.5
DATE_GAP = 5 * s.MM


TYPE: ContextVar[Typography] = ContextVar("TYPE", default=s.NORMAL)
"""The kinds of text that the packet being laid out is printed in."""


@dataclass(frozen=True)
class Row:
    """Words that stay together. Lengths in points; x and y of the letters from the row's top left, y downwards."""

    height: float
    words: tuple[Word, ...]
    gap: float = 0.0
    keep: bool = False
    header: Row | None = None


def rows_of(form: Form, values: Values, width: float, labels: Labels) -> list[Row]:
    """A form for one patient, from scratch."""
    rows: list[Row] = []
    for index, block in enumerate(form.blocks):
        if isinstance(block, Table):
            set_rows = _table(block, filled_table(block, values), width)
        else:
            set_rows = list(_rows(filled(block, values), width, labels))
        before = SPACE[type(block)][0]
        after = SPACE[type(form.blocks[index - 1])][1] if index else 0.0
        set_rows[0] = replace(set_rows[0], gap=max(before, after))
        following = form.blocks[index + 1] if index + 1 < len(form.blocks) else None
        first = index > 0 and isinstance(form.blocks[index - 1], Heading)
        scant = first and sum(row.height for row in set_rows) < SCANT * TYPE.get().body.leading
        if _introduces(block, following):
            set_rows = [replace(row, keep=True) for row in set_rows]
        if scant or isinstance(block, Heading):
            set_rows[-1] = replace(set_rows[-1], keep=True)
        rows.extend(set_rows)
    return rows


def _introduces(block: Block, following: Block | None) -> bool:
    """A paragraph that ends in a colon, or stands before something to fill in, stays with what follows."""
    if not isinstance(block, Paragraph) or following is None:
        return False
    to_fill_in = isinstance(following, Screening | Signature | Table | WriteLines | Picture | IconArray)
    to_mark = isinstance(following, Items) and following.marker in ("tick", "initial")
    last = block.content[-1]
    return to_fill_in or to_mark or (isinstance(last, Text) and last.text.rstrip().endswith(":"))


# -- filling in ------------------------------------------------------------------------------------


def filled(block: Block, values: Values) -> Block:
    """`block` with text, or a rule to write on, in place of every field."""

    def fill(content: Inlines) -> Inlines:
        return tuple(_filled(part, values) for part in content)

    def fill_pairs(pairs: Sequence[tuple[Inlines, Inlines]]) -> tuple[tuple[Inlines, Inlines], ...]:
        return tuple((fill(label), fill(value)) for label, value in pairs)

    match block:
        case Heading(level, content):
            return Heading(level, fill(content))
        case Paragraph(content):
            return Paragraph(fill(content))
        case Items(marker, items):
            return Items(marker, tuple(map(fill, items)))
        case Table():
            return filled_table(block, values)
        case Details(entries):
            return Details(fill_pairs(entries))
        case Screening(questions):
            return Screening(tuple(map(fill, questions)))
        case Callout(kind, title, inner):
            blocks = tuple(each for one in inner if isinstance(each := filled(one, values), Paragraph | Items))
            return Callout(kind, fill(title), blocks)
        case Passage(language, inner):
            blocks = tuple(each for one in inner if isinstance(each := filled(one, values), Paragraph | Items))
            return Passage(language, blocks)
        case Signature(role, statements, lines, optional):
            said = tuple(Paragraph(fill(one.content)) for one in statements)
            return Signature(role, said, fill_pairs(lines), optional)
        case WriteLines() | Picture() | IconArray():
            return block


def filled_table(table: Table, values: Values) -> Table:
    def fill(content: Inlines) -> Inlines:
        return tuple(_filled(part, values) for part in content)

    return Table(table.aligns, tuple(map(fill, table.header)), tuple(tuple(map(fill, row)) for row in table.rows))


def _filled(part: Inline, values: Values) -> Inline:
    if not isinstance(part, Slot):
        return part
    return Text(values(part.field), part.bold) if values(part.field) else Blank()


# -- blocks ----------------------------------------------------------------------------------------


def _rows(block: Block, width: float, labels: Labels) -> Iterator[Row]:
    match block:
        case Heading(level, content):
            row = _whole(content, TYPE.get().heading(level), width)
            yield replace(row, height=row.height + (TITLE_RULE if level == 1 else 0.0))
        case Paragraph(content):
            yield from _running(content, TYPE.get().body, width)
        case Items():
            yield from _items(block, width)
        case Details(entries):
            yield from _details(entries, width)
        case Screening(questions):
            yield from _screening(questions, width, labels)
        case Callout():
            yield from _callout(block, width)
        case Passage(blocks=inner):
            for one in inner:
                first, *rest = _rows(one, width, labels)
                yield from (replace(first, gap=sizes.PASSAGE_GAP), *rest)
        case WriteLines(count):
            yield from (Row(s.WRITING_HEIGHT, (), keep=index < count - 1) for index in range(count))
        case Picture(height=millimetres, caption=caption):
            yield _captioned(millimetres * s.MM, caption, width)
        case IconArray():
            yield _captioned(_array_height(block, width), block.caption, width)
        case Signature():
            yield _signature(block, width, labels)


def _captioned(height: float, caption: Inlines, width: float) -> Row:
    down = height + pictures.CAPTION_GAP
    words = _whole(caption, TYPE.get().body, width)
    return _beside(down + words.height, (words, 0, down))


def _array_height(array: IconArray, width: float) -> float:
    """Marks are 10 wide, with 5 between tens both ways; the array is as wide as 32 letters are tall, or the column."""
    columns, rows = {100: (20, 5), 1000: (50, 20)}[array.of]
    tall = {"people": 12.5, "times": 10.0}[array.icon]
    across, down = columns * 10 + (columns // 10 - 1) * 5, rows * tall + max(rows // 10 - 1, 0) * 5
    return min(width, 32 * TYPE.get().body.size) * down / across


def _whole(content: Inlines, style: Style, width: float, x: float = 0.0, align: Align = "left") -> Row:
    lines = set_lines(content, style, width, align, x)
    words = [_moved(word, 0, index * style.leading) for index, line in enumerate(lines) for word in line]
    return Row(style.leading * len(lines), tuple(words))


def _running(content: Inlines, style: Style, width: float, x: float = 0.0) -> list[Row]:
    """A line a row; neither the first nor the last line stands alone on a page."""
    lines = set_lines(content, style, width, "left", x)
    alone = {0, len(lines) - 2} - {len(lines) - 1}
    return [Row(style.leading, tuple(line), keep=index in alone) for index, line in enumerate(lines)]


def _moved(word: Word, x: float, y: float) -> Word:
    return tuple(letter.moved(x, y) for letter in word)


def _beside(height: float, *parts: tuple[Row, float, float]) -> Row:
    """Rows painted into one of `height` points, each moved right and down."""
    return Row(height, tuple(_moved(word, x, y) for row, x, y in parts for word in row.words))


def _items(items: Items, width: float) -> Iterator[Row]:
    each = [list(rows) for rows in _each_item(items, width)]
    if sum(row.gap + row.height for rows in each for row in rows) < sizes.KEPT_LIST:
        *before, last = [row for rows in each for row in rows]
        yield from (replace(row, keep=True) for row in before)
        yield last
        return
    for number, (*before, last) in enumerate(each):
        yield from before
        yield replace(last, keep=last.keep or _with_next(number, len(each)))


def _with_next(number: int, count: int) -> bool:
    """The first of several stays with the second, the last with the one before it."""
    return count > 1 and number in (0, count - 2)


def _each_item(items: Items, width: float) -> Iterator[list[Row]]:
    for number, item in enumerate(items.items, 1):
        match items.marker:
            case "tick":
                yield [replace(_boxed(item, TYPE.get().tick, TYPE.get().tick, BOX_DROP, width), gap=BOX_ITEM_GAP)]
            case "initial":
                yield [replace(_boxed(item, s.INITIAL_WIDTH, s.INITIAL_HEIGHT, 0.0, width), gap=BOX_ITEM_GAP)]
            case "bullet":
                yield _marked("•", item, TYPE.get().bullet, width)
            case "number":
                yield _marked(f"{number}.", item, TYPE.get().number, width)


def _marked(marker: str, item: Inlines, indent: float, width: float) -> list[Row]:
    first, *rest = _running(item, TYPE.get().body, width - indent, indent)
    mark = _whole((Text(marker),), TYPE.get().body, indent, MARKER_LEFT)
    return [replace(first, words=mark.words + first.words, gap=sizes.ITEM_GAP), *rest]


def _boxed(item: Inlines, box_width: float, box_height: float, drop: float, width: float) -> Row:
    indent = box_width + BOX_GAP
    text = _whole(item, TYPE.get().body, width - indent, indent)
    height = max(text.height, box_height + drop)
    return _beside(height, (text, 0, (height - text.height) / 2 if box_height > TYPE.get().tick else 0))


def _kept(rows: list[Row]) -> list[Row]:
    """What is short enough stays on one page; of the rest the first and the last row are never alone."""
    if sum(row.height for row in rows) >= sizes.KEPT_WHOLE:
        return [replace(row, keep=_with_next(number, len(rows))) for number, row in enumerate(rows)]
    return [*(replace(row, keep=True) for row in rows[:-1]), rows[-1]]


def _table(template: Table, table: Table, width: float) -> list[Row]:
    columns = _columns(table, width)
    header = _table_row(template.header, table.header, table.aligns, columns, TYPE.get().head_cell)
    rows = [
        _table_row(empty, row, table.aligns, columns, TYPE.get().cell)
        for empty, row in zip(template.rows, table.rows, strict=True)
    ]
    return _kept([header, *(replace(row, header=header) for row in rows)])


def _table_row(
    template: Sequence[Inlines], cells: Sequence[Inlines], aligns: Sequence[Align], columns: list[float], style: Style
) -> Row:
    parts, x = [], 0.0
    for cell, align, column in zip(cells, aligns, columns, strict=True):
        inner = _whole(cell, style, column - 2 * tables.CELL_X, 0.0, align)
        parts.append((inner, x + tables.CELL_X, tables.CELL_Y))
        x += column
    height = max(row.height for row, _, _ in parts) + 2 * tables.CELL_Y
    empty = any(not cell for cell in template)
    return _beside(max(height, s.WRITING_HEIGHT) if empty else height, *parts)


def _columns(table: Table, width: float) -> list[float]:
    """Every column its longest word; what is left is shared by how much more each could use."""
    least, natural = [], []
    for column in range(len(table.aligns)):
        cells = [(table.header[column], TYPE.get().head_cell), *((row[column], TYPE.get().cell) for row in table.rows)]
        words = [_least(word) for cell, style in cells for line in pieces_of(cell, style) for word in line]
        to_write = bool(table.rows) and all(row[column] == () for row in table.rows)
        few = s.LEAST_BLANK_WIDTH if to_write else LEAST_COLUMN
        least.append(max([few, *words]) + 2 * tables.CELL_X + HAIR)
        natural.append(max([few, *(natural_width(cell, style) for cell, style in cells)]) + 2 * tables.CELL_X + HAIR)
    if sum(natural) <= width:
        return [each * width / sum(natural) for each in natural]
    if sum(least) >= width:
        widest = [0.0] * len(least)  # the narrowest first: each gets what it needs, up to an equal part of what is left
        for rank, column in enumerate(sorted(range(len(least)), key=least.__getitem__)):
            widest[column] = min(least[column], (width - sum(widest)) / (len(least) - rank))
        return widest
    part = (width - sum(least)) / (sum(natural) - sum(least))
    return [few + (most - few) * part for few, most in zip(least, natural, strict=True)]


def _least(word: Pieces) -> float:
    """A word's width, with its rules as short as they get."""
    return sum(min(piece.width, _least_rule(piece.size)) if piece.text is None else piece.width for piece in word)


def _least_rule(size: float) -> float:
    return round(s.LEAST_BLANK_WIDTH / size * 1000) * size / 1000


def _details(entries: Sequence[tuple[Inlines, Inlines]], width: float) -> list[Row]:
    widest = max(natural_width(label, TYPE.get().strong) for label, _ in entries)
    most = MOST_LABEL if any(not _nothing_but_blanks(value) for _, value in entries) else MOST_LINE_LABEL
    left = min(widest + LABEL_GAP, width * most)
    rows = []
    for label, value in entries:
        name = _whole(label, TYPE.get().head_cell, left - LABEL_RIGHT)
        if _nothing_but_blanks(value):
            rows.append(_beside(max(name.height + 2 * DETAIL_PAD, s.WRITING_HEIGHT), (name, 0, DETAIL_PAD)))
            continue
        text = _whole(value, TYPE.get().cell, width - left, left)
        height = max(name.height, text.height) + 2 * DETAIL_PAD
        rows.append(_beside(height, (name, 0, DETAIL_PAD), (text, 0, DETAIL_PAD)))
    return _kept(rows)


def _nothing_but_blanks(value: Inlines) -> bool:
    return all(isinstance(part, Blank) for part in value)


def _callout(callout: Callout, width: float) -> list[Row]:
    inner = width - 2 * sizes.PADDING - BAR
    rows: list[Row] = [_whole(callout.title, TYPE.get().box_title, inner)] if callout.title else []
    for block in callout.blocks:
        first, *rest = (
            _running(block.content, TYPE.get().body, inner) if isinstance(block, Paragraph) else _items(block, inner)
        )
        rows += [replace(first, gap=CALLOUT_GAP if isinstance(block, Paragraph) else sizes.ITEM_GAP), *rest]
    inside = _stacked(rows)
    if inside.height + 2 * sizes.PADDING <= sizes.KEPT_CALLOUT:
        return [_beside(inside.height + 2 * sizes.PADDING, (inside, sizes.PADDING + BAR, sizes.PADDING))]
    parts = []
    for number, row in enumerate(rows):
        above = row.gap if number else sizes.PADDING
        below = sizes.PADDING if number == len(rows) - 1 else 0.0
        part = _beside(above + row.height + below, (row, sizes.PADDING + BAR, above))
        parts.append(replace(part, keep=number < len(rows) - 1))
    return parts


def _stacked(rows: Sequence[Row]) -> Row:
    down, parts = 0.0, []
    for index, row in enumerate(rows):
        down += row.gap if index else 0.0
        parts.append((row, 0.0, down))
        down += row.height
    return _beside(down, *parts)


def _screening(questions: Sequence[Inlines], width: float, labels: Labels) -> Iterator[Row]:
    yes, no = (natural_width((Text(word),), TYPE.get().cell) for word in (labels.yes, labels.no))
    answers = 2 * (TYPE.get().tick + ANSWER_GAP) + yes + signing._GUTTER + no
    first = width - answers + TYPE.get().tick + ANSWER_GAP
    second = first + yes + signing._GUTTER + TYPE.get().tick + ANSWER_GAP
    for number, question in enumerate(questions):
        text = _whole(question, TYPE.get().cell, width - answers - signing._GUTTER)
        ticks = [(_whole((Text(word),), TYPE.get().cell, width), x, signing._PAD) for word, x in
                 ((labels.yes, first), (labels.no, second))]  # fmt: skip
        row = _beside(text.height + 2 * signing._PAD, (text, 0, signing._PAD), *ticks)
        yield replace(row, keep=_with_next(number, len(questions)))


def _signature(signature: Signature, width: float, labels: Labels) -> Row:
    rows = [_whole((Text(labels.roles[signature.role]),), TYPE.get().subsection, width)]
    rows += [replace(_whole(one.content, TYPE.get().body, width), gap=STATEMENT_GAP) for one in signature.statements]
    date = s.SIGNATURE_WIDTH + DATE_GAP
    time = date + s.DATE_WIDTH + DATE_GAP
    below = [
        (_whole((Text(word),), TYPE.get().label, width), x, s.SIGNATURE_HEIGHT + 1)
        for word, x in ((labels.signature, 0.0), (labels.date, date), (labels.time, time))
    ]
    rows.append(replace(_beside(s.SIGNATURE_HEIGHT + TYPE.get().label.leading + 1, *below), gap=SIGNATURE_GAP))
    rows += [_labelled(label, value, width) for label, value in signature.lines]
    return _stacked(rows)


def _labelled(label: Inlines, value: Inlines, width: float) -> Row:
    left = min(natural_width(label, TYPE.get().label) + LINE_GAP + HAIR, width * MOST_LINE_LABEL)
    name = _whole(label, TYPE.get().label, left - LINE_GAP)
    if _nothing_but_blanks(value):
        height = max(s.WRITING_HEIGHT, name.height + 4)
        return replace(_beside(height, (name, 0, height - name.height)), gap=WRITTEN_GAP)
    text = _whole(value, TYPE.get().label, width - left, left)
    return replace(_beside(max(text.height, name.height), (name, 0, 0), (text, 0, 0)), gap=PRINTED_GAP)
