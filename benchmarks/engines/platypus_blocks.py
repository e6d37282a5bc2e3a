"""Every kind of block as Platypus's flowables: made ready once, and made anew for each patient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import Color, black
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, KeepTogether, Spacer
from reportlab.platypus import Paragraph as Para
from reportlab.platypus import Table as Grid
from svglib.svglib import svg2rlg

from benchmarks.work import (
    CLOSER,
    GEOMETRY,
    Work,
    column_widths,
    is_to_write,
    key_of,
    label_width,
)
from handouts.layout import style as s
from handouts.layout.forms import SPACE, introduces
from handouts.layout.style import NORMAL, Style
from handouts.library.document import (
    Align,
    Block,
    Break,
    Callout,
    Details,
    Form,
    Heading,
    IconArray,
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

Values = dict[str, str]
"""One patient's values, escaped for Platypus's markup."""

Maker = Callable[[Values], list[Flowable]]
"""Makes a block's flowables for one patient."""

Words = Callable[[Values], str]
"""Markup for one patient."""

INK = Color(0.04, 0.27, 0.42)
TINT = Color(0.925, 0.949, 0.965)
GRAY = Color(0.55, 0.55, 0.55)
HAIR, PEN = (0.6, GRAY), (0.9, black)
WIDTH = GEOMETRY.frame_width

# -- styles ----------------------------------------------------------------------------------------


_SIDES: dict[Align, Literal[0, 1, 2]] = {"left": 0, "center": 1, "right": 2}


def _style(style: Style, align: Align = "left") -> ParagraphStyle:
    return ParagraphStyle(
        "",
        fontName="Noto-Bold" if style.bold else "Noto-Regular",
        fontSize=style.size,
        leading=style.leading,
        textColor=INK if style.colour else black,
        alignment=_SIDES[align],
        allowWidows=0,
        allowOrphans=0,
        splitLongWords=0,
    )


BODY, CELL, HEAD, LABEL = (_style(each) for each in (NORMAL.body, NORMAL.cell, NORMAL.head_cell, NORMAL.label))
STYLES = [_style(NORMAL.heading(level)) for level in (1, 2, 3)]
BOX_TITLE = _style(NORMAL.box_title)
ALIGNED = {
    (align, bold): _style(NORMAL.head_cell if bold else NORMAL.cell, align)
    for align in _SIDES
    for bold in (False, True)
}


# -- flowables that draw ---------------------------------------------------------------------------


class Rule(Flowable):
    """A line at the bottom of some height."""

    def __init__(self, height: float, line: tuple[float, Color], width: float | None = None) -> None:
        super().__init__()
        self.height, self._line, self._wanted = height, line, width

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """As wide as the column, or as wanted."""
        self.width = self._wanted or width
        return self.width, self.height

    def draw(self) -> None:
        """The line."""
        self.canv.setLineWidth(self._line[0])
        self.canv.setStrokeColor(self._line[1])
        self.canv.line(0, 0, self.width, 0)


class Drawn(Flowable):
    """A drawing in the middle of the column."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self._drawing, self.height = drawing, drawing.height

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """As wide as the column."""
        self.width = width
        return width, self.height

    def draw(self) -> None:
        """The drawing."""
        renderPDF.draw(self._drawing, self.canv, (self.width - self._drawing.width) / 2, 0)


class Box(Flowable):
    """A box to tick or initial."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.width, self.height = width, height

    def wrap(self, *_: float) -> tuple[float, float]:
        """Its size."""
        return self.width, self.height

    def draw(self) -> None:
        """The outline."""
        self.canv.setLineWidth(1)
        self.canv.setStrokeColor(black)
        self.canv.rect(0, 0, self.width, self.height)


def drawing(file: Path, height: float) -> Drawing:
    """An SVG file as paths, so many points tall."""
    made: Any = svg2rlg(str(file))
    scale = height / made.height
    made.scale(scale, scale)
    made.width, made.height = made.width * scale, height
    if not isinstance(made, Drawing):
        raise TypeError(f"{file} is no drawing")
    return made


# -- blocks ----------------------------------------------------------------------------------------


def _words(content: Inlines) -> Words:
    """Markup cut at its fields."""
    pieces: list[tuple[str, str]] = []
    for part in content:
        match part:
            case Text(text, bold):
                quoted = escape(text)
                pieces.append((f"<b>{quoted}</b>" if bold else quoted, ""))
            case Slot(field, bold):
                pieces += [("<b>" if bold else "", key_of(field)), ("</b>" if bold else "", "")]
            case Break():
                pieces.append(("<br/>", ""))
            case _:
                blank = "&nbsp;" * round(s.BLANK_WIDTH / (NORMAL.body.size * 0.26))
                pieces.append((f"<u>{blank}</u>", ""))
    if not any(key for _, key in pieces):
        always = "".join(text for text, _ in pieces)
        return lambda values: always
    return lambda values: "".join(text + values[key] if key else text for text, key in pieces)


def makers(form: Form, work: Work) -> list[Maker]:
    """Makers of a form's blocks; the space between two is the larger of theirs, as Platypus takes it."""
    return [
        _spaced(block, form.blocks[index + 1] if index + 1 < len(form.blocks) else None, _maker(block, work))
        for index, block in enumerate(form.blocks)
    ]


def _spaced(block: Block, following: Block | None, maker: Maker) -> Maker:
    before, after = (CLOSER * gap for gap in SPACE[type(block)])
    keep = isinstance(block, Heading) or introduces(block, following)
    breaks = isinstance(block, (Paragraph, Items, Screening))

    def make(values: Values) -> list[Flowable]:
        made = maker(values)
        made[0].spaceBefore, made[-1].spaceAfter = before, after
        if keep:
            for each in made:
                each.keepWithNext = 1
        elif len(made) > 1 and not breaks:
            return [KeepTogether(made)]
        return made

    return make


def _maker(block: Block, work: Work) -> Maker:
    match block:
        case Heading(level, content):
            words, style = _words(content), STYLES[level - 1]
            if level == 1:
                return lambda values: [_grid([[Para(words(values), style)]], [WIDTH], _TITLE)]
            return lambda values: [Para(words(values), style)]
        case Paragraph(content):
            words = _words(content)
            return lambda values: [Para(words(values), BODY)]
        case Items():
            return _items(block)
        case Callout():
            return _callout(block)
        case Table():
            return _table(block)
        case Details(entries):
            return _details(entries)
        case Screening(questions):
            return _screening(questions, work)
        case WriteLines(count):
            return lambda values: [Rule(s.WRITING_HEIGHT, PEN) for _ in range(count)]
        case Picture(file=file, height=height, caption=caption):
            drawn, words = drawing(file, height * s.MM), _words(caption)
            return lambda values: [Drawn(drawn), Spacer(0, 6), Para(words(values), BODY)]
        case Signature():
            return _signature(block, work)
        case Passage() | IconArray():
            raise TypeError(f"the packet that is compared holds no {type(block).__name__}")


_NOTHING = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
            ("VALIGN", (0, 0), (-1, -1), "TOP")]  # fmt: skip
_TITLE = [*_NOTHING, ("BOTTOMPADDING", (0, 0), (-1, -1), 1), ("LINEBELOW", (0, 0), (-1, -1), 2, INK)]


def _grid(
    rows: Sequence[Sequence[object]],
    widths: Sequence[float],
    commands: Sequence[tuple[Any, ...]],
    heights: Sequence[float | None] | None = None,
    repeated: int = 0,
) -> Grid:
    cells = [list(row) for row in rows]
    return Grid(cells, widths, heights, style=commands, hAlign="LEFT", repeatRows=repeated)


def _items(items: Items) -> Maker:
    words = [_words(item) for item in items.items]
    if items.marker in {"bullet", "number"}:
        indent = NORMAL.bullet if items.marker == "bullet" else NORMAL.number
        style = ParagraphStyle("", BODY, leftIndent=indent, bulletIndent=2, bulletFontName="Noto-Regular",
                               bulletFontSize=BODY.fontSize, spaceAfter=3)  # fmt: skip
        marks = ["•" if items.marker == "bullet" else f"{number}." for number in range(1, len(words) + 1)]
        return lambda values: [
            Para(each(values), style, bulletText=mark) for each, mark in zip(words, marks, strict=True)
        ]
    side, high = (NORMAL.tick,) * 2 if items.marker == "tick" else (s.INITIAL_WIDTH, s.INITIAL_HEIGHT)
    commands = [*_NOTHING, ("VALIGN", (0, 0), (-1, -1), "MIDDLE" if items.marker == "initial" else "TOP"),
                ("TOPPADDING", (0, 0), (0, -1), 3 if items.marker == "tick" else 0),
                ("BOTTOMPADDING", (0, 0), (-1, -2), 5)]  # fmt: skip
    widths = [side + 9, WIDTH - side - 9]
    return lambda values: [_grid([[Box(side, high), Para(each(values), BODY)] for each in words], widths, commands)]


def _callout(callout: Callout) -> Maker:
    emergency = callout.kind == "emergency"
    title = _words(callout.title) if callout.title else None
    style = ParagraphStyle("", BOX_TITLE, textColor=black) if emergency else BOX_TITLE
    blocks = [
        (5.0, _paragraph(each)) if isinstance(each, Paragraph) else (3.0, _items(each)) for each in callout.blocks
    ]
    look = (
        [("BOX", (0, 0), (-1, -1), 2, black), ("LINEBEFORE", (0, 0), (0, -1), 7, black)]
        if emergency
        else [("BACKGROUND", (0, 0), (-1, -1), TINT), ("LINEBEFORE", (0, 0), (0, -1), 4, INK)]
    )
    padding = [("LEFTPADDING", (0, 0), (-1, -1), 14), ("RIGHTPADDING", (0, 0), (-1, -1), 10),
               ("TOPPADDING", (0, 0), (-1, 0), 10), ("BOTTOMPADDING", (0, -1), (-1, -1), 10)]  # fmt: skip
    commands = [*_NOTHING, *padding, *look]

    def make(values: Values) -> list[Flowable]:
        inside: list[Flowable] = [Para(title(values), style)] if title else []
        for gap, maker in blocks:
            made = maker(values)
            made[0].spaceBefore = gap
            inside += made
        return [_grid([[inside]], [WIDTH], commands)]

    return make


def _paragraph(paragraph: Paragraph) -> Maker:
    words = _words(paragraph.content)
    return lambda values: [Para(words(values), BODY)]


def _table(table: Table) -> Maker:
    ruled = any(not cell for row in table.rows for cell in row)
    rows = [[_words(cell) for cell in row] for row in (table.header, *table.rows)]
    styles = [[ALIGNED[align, index == 0] for align in table.aligns] for index in range(len(rows))]
    commands = [*_NOTHING, ("LEFTPADDING", (0, 0), (-1, -1), 6), ("RIGHTPADDING", (0, 0), (-1, -1), 6),
                ("TOPPADDING", (0, 0), (-1, -1), 5), ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
                ("BACKGROUND", (0, 0), (-1, 0), TINT), ("LINEBELOW", (0, 0), (-1, -1), *HAIR)]  # fmt: skip
    commands += [("INNERGRID", (0, 0), (-1, -1), *HAIR)] if ruled else []
    widths = column_widths(table, WIDTH)
    heights = [None if all(row) else s.WRITING_HEIGHT for row in (table.header, *table.rows)]
    return lambda values: [
        _grid(
            [
                [Para(cell(values), style) for cell, style in zip(*pair, strict=True)]
                for pair in zip(rows, styles, strict=True)
            ],
            widths,
            commands,
            heights,
            1,
        )
    ]


def _details(entries: Sequence[tuple[Inlines, Inlines]]) -> Maker:
    first = label_width((label for label, _ in entries), WIDTH)
    rows = [(_words(label), None if is_to_write(value) else _words(value)) for label, value in entries]
    commands = [*_NOTHING, ("TOPPADDING", (0, 0), (-1, -1), 4), ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (0, -1), 8), ("LINEBELOW", (0, 0), (-1, -1), *HAIR)]  # fmt: skip
    tall = Spacer(0, s.WRITING_HEIGHT - 8)
    return lambda values: [
        _grid(
            [[Para(label(values), HEAD), Para(value(values), CELL) if value else tall] for label, value in rows],
            [first, WIDTH - first],
            commands,
        )
    ]


def _screening(questions: Sequence[Inlines], work: Work) -> Maker:
    words = [_words(question) for question in questions]
    commands = [*_NOTHING, ("TOPPADDING", (0, 0), (-1, -1), 4), ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
                ("TOPPADDING", (1, 0), (1, -1), 6), ("TOPPADDING", (3, 0), (3, -1), 6),
                ("LINEBELOW", (0, 0), (-1, -1), *HAIR)]  # fmt: skip
    side = NORMAL.tick
    widths = [WIDTH - 92, side + 5, 37 - side + 5, side + 5, 50 - side - 10]
    yes, no = work.labels.yes, work.labels.no
    return lambda values: [
        _grid(
            [
                [Para(each(values), CELL), Box(side, side), Para(yes, CELL), Box(side, side), Para(no, CELL)]
                for each in words
            ],
            widths,
            commands,
        )
    ]


def _signature(signature: Signature, work: Work) -> Maker:
    labels = work.labels
    statements = [_words(each.content) for each in signature.statements]
    lines = [(_words(name), None if is_to_write(value) else _words(value)) for name, value in signature.lines]
    lefts = [label_width([name], 2 * WIDTH) - 4 for name, _ in signature.lines]
    gap = 5 * s.MM
    widths = [s.SIGNATURE_WIDTH + gap, s.DATE_WIDTH + gap, WIDTH - s.SIGNATURE_WIDTH - s.DATE_WIDTH - 2 * gap]
    rules = [s.SIGNATURE_WIDTH, s.DATE_WIDTH, widths[2]]
    below = labels.signature, labels.date, labels.time
    bottom = [*_NOTHING, ("VALIGN", (0, 0), (-1, -1), "BOTTOM")]
    spaced = ParagraphStyle("", BODY, spaceBefore=3)

    def make(values: Values) -> list[Flowable]:
        made: list[Flowable] = [Para(escape(labels.roles[signature.role]), STYLES[2])]
        made += [Para(each(values), spaced) for each in statements]
        signing: list[list[Flowable]] = [
            [Rule(s.SIGNATURE_HEIGHT, PEN, width) for width in rules],
            [Para(word, LABEL) for word in below],
        ]
        made += [Spacer(0, 2), _grid(signing, widths, _NOTHING)]
        for (name, value), left in zip(lines, lefts, strict=True):
            after = Para(value(values), LABEL) if value else Rule(s.WRITING_HEIGHT - 3, PEN)
            made += [Spacer(0, 3), _grid([[Para(name(values), LABEL), after]], [left, WIDTH - left], bottom)]
        return made

    return make
