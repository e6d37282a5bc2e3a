"""One packet written by fpdf2: page furniture and every kind of block."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from fpdf import FPDF

from benchmarks.work import (
    GEOMETRY,
    LOGO_FILE,
    Patient,
    Work,
    column_widths,
    is_to_write,
    key_of,
    label_width,
)
from handouts.layout import style as s
from handouts.layout.style import NORMAL, SMALL_PRINT, Style
from handouts.layout.symbols import MODULES
from handouts.library.document import (
    Block,
    Break,
    Callout,
    Details,
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

INK, TINT, GRAY = (10, 69, 107), (236, 242, 246), (140, 140, 140)
WIDTH = GEOMETRY.frame_width
ENDLESS = 20000.0
"""A page so long that blocks are measured on it."""


INK, TINT, GRAY = (10, 69, 107), (236, 242, 246), (140, 140, 140)
WIDTH = GEOMETRY.frame_width
ENDLESS = 20000.0
"""A page so long that blocks are measured on it."""

Values = dict[str, str]


class Pen(FPDF):
    """One packet being written."""

    x: float
    y: float
    l_margin: float
    r_margin: float
    page_break_trigger: float

    def __init__(
        self,
        work: Work,
        fonts: dict[str, Path],
        drawings: dict[Path, tuple[float, bytes]],
        patient: Patient,
        feet: Sequence[tuple[str, str]],
        height: float,
    ) -> None:
        super().__init__(unit="pt", format=(GEOMETRY.width, height))
        self._work, self._drawings, self._feet = work, drawings, feet
        self._values, self._codes, self._packet_line = patient.values(), patient.codes(), patient.packet_line
        self.set_title("Patient packet")
        self.set_lang("en")
        self.add_font("Noto", "", fonts["Regular"])
        self.add_font("Noto", "B", fonts["Bold"])
        self.set_margins(GEOMETRY.side, GEOMETRY.top, GEOMETRY.side)
        self.set_auto_page_break(True, GEOMETRY.bottom)
        self.c_margin = 0

    @property
    def at_top(self) -> bool:
        """Whether nothing stands on this page."""
        return bool(self.get_y() <= GEOMETRY.top + 0.1)

    # -- page furniture ----------------------------------------------------------------------------

    def header(self) -> None:
        """Logo, clinic and the two codes."""
        if self.h == ENDLESS:
            return
        g, text = GEOMETRY, NORMAL.furniture
        code, module = self._codes[self.page - 1], g.code / MODULES
        for x, y in ((g.width - g.edge - g.code, g.height - g.edge - g.code), (g.edge, g.edge)):
            self._out(b"q 0 g %.5f 0 0 %.5f %.2f %.2f cm %s Q" % (module, module, x, y, code))
        self._draw(LOGO_FILE, g.side, g.edge, 14 * s.MM)
        x = g.side + 18 * s.MM
        for index, line in enumerate(self._work.header):
            self.set_font("Noto", "" if index else "B", text.size)
            self.text(x, g.edge + 11.5 + index * text.leading, line)

    def footer(self) -> None:
        """Whose packet it is, which form, which page."""
        if self.h == ENDLESS:
            return
        g, text = GEOMETRY, NORMAL.furniture
        left = g.edge + g.code * (1 + 4 / MODULES) + 3 * s.MM
        bottom, right = g.height - g.edge - SMALL_PRINT.leading, g.width - g.edge
        self._line(left, bottom - 2 * text.leading - 8, right, GRAY, 0.6)
        at = left
        for part in self._work.identifiers:
            if not isinstance(part, Text | Slot):
                raise TypeError("identifiers are text and fields only")
            words = part.text if isinstance(part, Text) else self._values[key_of(part.field)]
            self.set_font("Noto", "B" if part.bold else "", text.size)
            self.text(at, bottom - text.leading - 3.5, words)
            at += self.get_string_width(words)
        name, number = self._feet[self.page - 1]
        self.set_font("Noto", "", text.size)
        self.text(left, bottom - 3.5, name)
        self.set_font("Noto", "B", text.size)
        self.text(right - self.get_string_width(number), bottom - 3.5, number)
        self.set_font("Noto", "", SMALL_PRINT.size)
        self.text(left, g.height - g.edge - 2, self._packet_line)

    def _draw(self, file: Path, x: float, y: float, height: float) -> None:
        ratio, paths = self._drawings[file]
        at = x, self.h - y - height
        self._out(b"q %.3f 0 0 %.3f %.3f %.3f cm %s Q" % (height * ratio, height, *at, paths))

    def _line(self, left: float, y: float, right: float, colour: tuple[int, int, int], width: float) -> None:
        self.set_draw_color(*colour)
        self.set_line_width(width)
        self.line(left, y, right, y)

    def _hair(self, y: float) -> None:
        self._line(GEOMETRY.side, y, GEOMETRY.width - GEOMETRY.side, GRAY, 0.6)

    def _box(self, x: float, y: float, width: float, height: float) -> None:
        self.set_draw_color(0)
        self.set_line_width(1)
        self.rect(x, y, width, height)

    # -- text --------------------------------------------------------------------------------------

    @contextmanager
    def _column(self, x: float, width: float) -> Iterator[None]:
        """Text between these, page margins kept."""
        margins = self.l_margin, self.r_margin
        self.l_margin, self.r_margin = x, self.w - x - width
        self.x = x
        yield
        self.l_margin, self.r_margin = margins
        self.x = margins[0]

    def _words(self, content: Inlines, style: Style, align: str = "left") -> None:
        """Inline content in the column that is set, and onto the next line."""
        self.set_text_color(*(INK if style.colour else (0, 0, 0)))
        if not content:
            self.set_xy(self.l_margin, self.y + style.leading)
            return
        if len(content) == 1 and not isinstance(content[0], (Break,)) and hasattr(content[0], "bold"):
            text, bold = self._text(content[0])
            self.set_font("Noto", "B" if bold or style.bold else "", style.size)
            width = self.w - self.l_margin - self.r_margin
            self.multi_cell(width, style.leading, text, align=align[0].upper(), new_x="LMARGIN", new_y="NEXT")
            return
        for part in content:
            if isinstance(part, (Text, Slot)):
                text, bold = self._text(part)
                self.set_font("Noto", "B" if bold or style.bold else "", style.size)
                first = self.get_string_width(text.partition(" ")[0])
                if self.l_margin < self.x and self.x + first > self.w - self.r_margin:
                    self.ln(style.leading)  # fpdf2 would break the word
                self.write(style.leading, text)
            elif isinstance(part, Break):
                self.ln(style.leading)
            else:
                if self.x + s.BLANK_WIDTH > self.w - self.r_margin:
                    self.ln(style.leading)
                self._line(self.x, self.y + style.leading - 2.5, self.x + s.BLANK_WIDTH, (0, 0, 0), 0.9)
                self.x += s.BLANK_WIDTH
        self.ln(style.leading)

    def _text(self, part: object) -> tuple[str, bool]:
        match part:
            case Text(text, bold):
                return text, bold
            case Slot(field, bold):
                return self._values[key_of(field)], bold
        raise TypeError("a rule has no text")

    def _room(self, height: float) -> None:
        """Go on to the next page where this height is not left."""
        if self.y + height > self.page_break_trigger:
            self.add_page()

    def _side_by_side(self, cells: Sequence[tuple[float, float, Callable[[], None]]]) -> float:
        """Cells of a row, each with its left edge and width; the row's lower edge is where the pen is left."""
        top = bottom = self.y
        for x, width, write in cells:
            self.y = top
            with self._column(x, width):
                write()
            bottom = max(bottom, self.y)
        self.y = bottom
        return top

    # -- blocks ------------------------------------------------------------------------------------

    def block(self, block: Block, height: float) -> None:
        """A block, which is as tall as it was when measured."""
        match block:
            case Heading(level, content):
                self._words(content, NORMAL.heading(level))
                if level == 1:
                    self._line(GEOMETRY.side, self.y + 2, GEOMETRY.width - GEOMETRY.side, INK, 2)
                    self.y += 6
            case Paragraph(content):
                self._words(content, NORMAL.body)
            case Items():
                self._items(block, GEOMETRY.side, WIDTH)
            case Callout():
                self._callout(block, height)
            case Table():
                self._table(block)
            case Details(entries):
                self._details(entries)
            case Screening(questions):
                self._screening(questions)
            case WriteLines(count):
                for _ in range(count):
                    self.y += s.WRITING_HEIGHT
                    self._line(GEOMETRY.side, self.y, GEOMETRY.width - GEOMETRY.side, (0, 0, 0), 0.9)
            case Picture(file=file, height=tall, caption=caption):
                points = tall * s.MM
                wide = points * self._drawings[file][0]
                self._draw(file, GEOMETRY.side + (WIDTH - wide) / 2, self.y, points)
                self.y += points + 6
                self._words(caption, NORMAL.body)
            case Signature():
                self._signature(block)
            case Passage() | IconArray():
                raise TypeError(f"the packet that is compared holds no {type(block).__name__}")

    def _items(self, items: Items, x: float, width: float) -> None:
        style = NORMAL.body
        for number, item in enumerate(items.items, 1):
            if number > 1:
                self.y += 3 if items.marker in {"bullet", "number"} else 5
            if items.marker in {"bullet", "number"}:
                indent = NORMAL.bullet if items.marker == "bullet" else NORMAL.number
                self._room(style.leading)
                self.set_font("Noto", "", style.size)
                self.set_text_color(0)
                self.text(x + 2, self.y + 12, "•" if items.marker == "bullet" else f"{number}.")
                with self._column(x + indent, width - indent):
                    self._words(item, style)
                continue
            wide, tall = (NORMAL.tick,) * 2 if items.marker == "tick" else (s.INITIAL_WIDTH, s.INITIAL_HEIGHT)
            self._room(2 * style.leading)
            top = self.y
            self._box(x, top + (3 if items.marker == "tick" else 0), wide, tall)
            with self._column(x + wide + 9, width - wide - 9):
                self._words(item, style)
            self.y = max(self.y, top + tall)

    def _callout(self, callout: Callout, height: float) -> None:
        top, x = self.y, GEOMETRY.side
        emergency = callout.kind == "emergency"
        if height and not emergency:
            self.set_fill_color(*TINT)
            self.rect(x, top, WIDTH, height, style="F")
            self.set_fill_color(*INK)
            self.rect(x, top, 4, height, style="F")
        self.y = top + 10
        with self._column(x + 14, WIDTH - 24):
            if callout.title:
                style = replace(NORMAL.box_title, colour=b"") if emergency else NORMAL.box_title
                self._words(callout.title, style)
            for each in callout.blocks:
                self.x = self.l_margin
                self.y += 5 if isinstance(each, Paragraph) else 3
                if isinstance(each, Paragraph):
                    self._words(each.content, NORMAL.body)
                else:
                    self._items(each, x + 14, WIDTH - 24)
        self.y += 10
        if height and emergency:
            self.set_draw_color(0)
            self.set_line_width(2)
            self.rect(x + 1, top, WIDTH - 2, height)
            self.set_fill_color(0)
            self.rect(x, top, 7, height, style="F")

    def _table(self, table: Table) -> None:
        widths = column_widths(table, WIDTH)
        lefts = [GEOMETRY.side + sum(widths[:index]) for index in range(len(widths))]
        ruled = any(not cell for row in table.rows for cell in row)
        for index, row in enumerate((table.header, *table.rows)):
            style = NORMAL.cell if index else NORMAL.head_cell
            if not index:
                lines = max(self._lines(cell, style, width - 12) for cell, width in zip(row, widths, strict=True))
                self.set_fill_color(*TINT)
                self.rect(GEOMETRY.side, self.y, WIDTH, lines * style.leading + 10, style="F")
            self.y += 5
            cells = [
                (left + 6, width - 12, partial(self._words, cell, style, align))
                for cell, left, width, align in zip(row, lefts, widths, table.aligns, strict=True)
            ]
            top = self._side_by_side(cells) - 5
            self.y = max(self.y + 5, top + (0 if all(row) else s.WRITING_HEIGHT))
            self._hair(self.y)
            for left in lefts[1:] if ruled else ():
                self.line(left, top, left, self.y)

    def _lines(self, cell: Inlines, style: Style, width: float) -> int:
        text, _ = self._text(cell[0])
        self.set_font("Noto", "B" if style.bold else "", style.size)
        lines = self.multi_cell(width, style.leading, text, align="L", dry_run=True, output="LINES")
        return len(lines) if isinstance(lines, list) else 1

    def _details(self, entries: Sequence[tuple[Inlines, Inlines]]) -> None:
        first = label_width((label for label, _ in entries), WIDTH)
        for label, value in entries:
            self._room(2 * NORMAL.cell.leading + 8)
            self.y += 4
            cells = [(GEOMETRY.side, first - 8, lambda label=label: self._words(label, NORMAL.head_cell))]
            if not is_to_write(value):
                x = GEOMETRY.side + first
                cells.append((x, WIDTH - first, lambda value=value: self._words(value, NORMAL.cell)))
            top = self._side_by_side(cells) - 4
            self.y = max(self.y + 4, top + s.WRITING_HEIGHT if is_to_write(value) else 0)
            self._hair(self.y)

    def _screening(self, questions: Sequence[Inlines]) -> None:
        labels, side, left = self._work.labels, NORMAL.tick, GEOMETRY.side + WIDTH - 92
        for question in questions:
            self._room(2 * NORMAL.cell.leading + 8)
            self.y += 4
            top = self.y
            with self._column(GEOMETRY.side, WIDTH - 108):
                self._words(question, NORMAL.cell)
            for x, word in ((left, labels.yes), (left + 54, labels.no)):
                self._box(x, top + 2, side, side)
                self.text(x + side + 5, top + 12, word)
            self.y += 4
            self._hair(self.y)

    def _signature(self, signature: Signature) -> None:
        labels, x = self._work.labels, GEOMETRY.side
        self._words((Text(labels.roles[signature.role]),), NORMAL.subsection)
        for statement in signature.statements:
            self.y += 3
            self._words(statement.content, NORMAL.body)
        self.y += 2 + s.SIGNATURE_HEIGHT
        date = x + s.SIGNATURE_WIDTH + 5 * s.MM
        time = date + s.DATE_WIDTH + 5 * s.MM
        self.set_font("Noto", "", NORMAL.label.size)
        for left, right, word in (
            (x, x + s.SIGNATURE_WIDTH, labels.signature),
            (date, date + s.DATE_WIDTH, labels.date),
            (time, x + WIDTH, labels.time),
        ):
            self._line(left, self.y, right, (0, 0, 0), 0.9)
            self.text(left, self.y + 12, word)
        self.y += NORMAL.label.leading + 1
        for name, value in signature.lines:
            left = label_width([name], 2 * WIDTH) - 4
            if is_to_write(value):
                self.y += 2 + s.WRITING_HEIGHT
                self.y -= NORMAL.label.leading
                with self._column(x, WIDTH):
                    self._words(name, NORMAL.label)
                self._line(x + left, self.y - 3, x + WIDTH, (0, 0, 0), 0.9)
                continue
            self.y += 5
            cells = [
                (x, left - 8, lambda name=name: self._words(name, NORMAL.label)),
                (x + left, WIDTH - left, lambda value=value: self._words(value, NORMAL.label)),
            ]
            self._side_by_side(cells)
