"""Lines of text into content stream operators (ISO 32000-1, 9.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from unicodedata import bidirectional, normalize

from handouts.layout.bidi import visual_order
from handouts.layout.families import ShippedFace, shipped_face
from handouts.layout.fonts import ASCENT, DESCENT, Run, Segment, Unit
from handouts.layout.lines import line_width, space
from handouts.layout.style import WRITING_LINE, Style
from handouts.layout.text import NO_SPACE, Glyphs, Line, Piece, Rule
from handouts.library.document import Align


def number(value: float) -> bytes:
    """A length for a content stream: to 1/100 point, the shortest spelling."""
    return (b"%.2f" % value).rstrip(b"0").rstrip(b".") if value else b"0"


def baseline(style: Style) -> float:
    """From the top of a line to its baseline, in points: the leading is shared above and below."""
    return (style.leading - (ASCENT + DESCENT) * style.size / 1000) / 2 + ASCENT * style.size / 1000


def paint_lines(
    lines: Sequence[Line], style: Style, x: float, top: float, width: float = 0.0, align: Align = "left"
) -> bytes:
    """Content stream operators for `lines` between x and x + width, the first one's top at `top` (y grows upwards)."""
    painted = [style.colour] if style.colour else []
    for index, line in enumerate(lines):
        spare = width - line_width(line, style) if align != "left" else 0.0
        start = x + (spare if align == "right" else spare / 2)
        painted.append(_paint_line(line, style, start, top - index * style.leading - baseline(style)))
    if style.colour:
        painted.append(b"0 g")
    return b"\n".join(painted)


def _paint_line(line: Line, style: Style, x: float, y: float) -> bytes:
    plain = [word.plain for word in line if word.bold == style.bold and word.plain and word.space != NO_SPACE]
    if len(plain) == len(line) and style.direction == "ltr":
        array = space(style.bold).segments[0].array.join(plain).replace(b"><", b"")
        return b"BT 1 0 0 1 %s %s Tm /%s %s Tf [%s]TJ ET" % (
            number(x), number(y), b"B" if style.bold else b"R", number(style.size), array
        )  # fmt: skip
    pen = _Pen(style, x, y)
    turned, told = style.direction == "rtl", False
    for word in line:
        for piece in word.pieces:
            if piece.level:
                turned = True
            elif isinstance(piece, Glyphs) and piece.run.actual:
                told = True
    if turned:
        _paint_in_both_directions(pen, line, style)
        return pen.finish()
    if told:
        pen.tell(_text_of(line))
    blank = space(style.bold)
    for position, word in enumerate(line):
        if position and word.space != NO_SPACE:
            pen.write(blank)
        for piece in word.pieces:
            if isinstance(piece, Rule):
                pen.rule(piece)
            else:
                pen.write(piece.run)
    return pen.finish()


def _text_of(line: Line) -> str:
    told = ""
    for position, word in enumerate(line):
        told += " " if position and word.space != NO_SPACE else ""
        told += "".join(map(_read, word.pieces))
    return told


def _read(piece: Piece | None) -> str:
    """What a piece, or a space (None), says."""
    return " " if piece is None else piece.text if isinstance(piece, Glyphs) else _BLANK


# -- lines of both directions ----------------------------------------------------------------------
#
# Content is written in reading order, word by word; the glyphs of a word that is read from right to left stand in
# their order on paper. So nearly all programs write them, and readers put what stands on a line in order by its place
# and turn round what is read from right to left: text that they are told (ActualText) no less, so such words are told
# by their glyphs alone. Readers also guess whether the line as a whole is read from the left: PDFium, which Chrome is
# made of, takes it for one from the right unless its stretches from the left are in the majority, or the catalog says
# /Direction/R2L for all lines. It also keeps the words of one text operator together. So:
#
# - in a line from the left, words from the right that follow one another are one operator, in reading order, and where
#   they would get the majority, blank marks from the left stand before them (`ShippedFace.guards`);
# - in a line from the right, which a document with /Direction/R2L holds, each word is an operator of its own.


@dataclass(slots=True)
class _Item:
    """A piece, or a space (None), of a line. x: its left edge, in 1/1000 em from the line's."""

    piece: Piece | None
    level: int
    width: int
    x: int = 0


def _items(line: Line, style: Style) -> list[_Item]:
    """A line's items in reading order, each where it stands on paper."""
    items: list[_Item] = []
    for position, word in enumerate(line):
        if position and word.space != NO_SPACE:
            items.append(_Item(None, word.space, space(style.bold).width))
        for piece in word.pieces:
            width = piece.run.width if isinstance(piece, Glyphs) else piece.width
            items.append(_Item(piece, piece.level, width))
    x = 0
    for index in visual_order([item.level for item in items]):
        items[index].x = x
        x += items[index].width
    return items


def _paint_in_both_directions(pen: _Pen, line: Line, style: Style) -> None:
    items = _items(line, style)
    base = int(style.direction == "rtl")
    wanted = 0 if base else _guards_wanted(items)
    for turned, group in groupby(items, lambda item: item.level > base):
        together = list(group)
        if base or not turned:
            _paint_apart(pen, together, style)
        else:
            _paint_together(pen, together, style, wanted)
            wanted = 0


def _paint_apart(pen: _Pen, items: Sequence[_Item], style: Style) -> None:
    """Items in reading order; those from the right each by an operator of its own."""
    told = _told(items)
    if told:
        pen.tell(told)
    for item in items:
        if item.level % 2:
            pen.flush()
        pen.move(item.x)
        _paint_item(pen, item, space(style.bold), told=bool(told))
    if told:
        pen.told()


def _told(items: Sequence[_Item]) -> str:
    """The text of items from the left, where their glyphs do not tell it."""
    pieces = [item.piece for item in items]
    if any(item.level % 2 for item in items) or not any(isinstance(p, Glyphs) and p.run.actual for p in pieces):
        return ""
    return "".join(map(_read, pieces))


def _paint_together(pen: _Pen, items: Sequence[_Item], style: Style, guards: int) -> None:
    """Items among which are some from the right, as one operator where one font has them all."""
    faces = [face for item in items if isinstance(item.piece, Glyphs) and (face := _face(item.piece))]
    blank = space(style.bold)
    pen.flush()
    pen.move(min(item.x for item in items) - (_GUARD_GAP if guards else 0))
    if faces:
        for number in faces[0].guards_for(guards):
            pen.write(Run(0, (Segment(faces[0].resource(number), b"<%04x>" % number),)))
        number = faces[0].space
        adjust = faces[0].advance(number) - blank.width
        blank = Run(blank.width, (Segment(faces[0].resource(number), b"<%04x>%d " % (number, adjust)),))
    for item in items:
        if item.piece is not None or item.level:
            pen.move(item.x)
        _paint_item(pen, item, blank)


_GUARD_GAP = 130
"""How far before the first glyph guards stand, in 1/1000 em: in the space before it, for readers that go by place."""


def _face(piece: Glyphs) -> ShippedFace | None:
    """The right-to-left face that a piece is printed in."""
    for unit in piece.run.units:
        face = shipped_face(unit.segments[0].font)
        if face and face.family.right_to_left:
            return face
    return None


def _paint_item(pen: _Pen, item: _Item, blank: Run, *, told: bool = False) -> None:
    if item.piece is None:
        pen.write(blank)
    elif isinstance(item.piece, Rule):
        pen.rule(item.piece)
    elif item.piece.run.units:
        for unit in item.piece.run.units:
            pen.move(item.x + unit.left)
            pen.write_unit(unit)
    elif item.piece.run.actual and not told:
        pen.tell(item.piece.text)
        pen.write(item.piece.run)
        pen.told()
    else:
        pen.write(item.piece.run)


def _guards_wanted(items: Sequence[_Item]) -> int:
    """How many marks from the left a line needs for the majority."""
    text = "".join(_read(item.piece) for item in items)
    counts = {"L": 0, "R": 0}
    for kind, _ in groupby(text, lambda character: _SIDES.get(bidirectional(character), "")):
        if kind:
            counts[kind] += 1
    return max(counts["R"] - counts["L"] + 1, 0)


_SIDES = {"L": "L", "R": "R", "AL": "R"}


_BLANK = "____"
"""What is read aloud of a rule to write on."""


class _Pen:
    """Writes one line's operators, setting font and rise only where they change."""

    def __init__(self, style: Style, x: float, y: float) -> None:
        self._size = style.size
        self._x, self._y = x, y
        self._font = "B" if style.bold else "R"
        self._rise = 0
        self._used = 0
        self._shift = 0
        self._told = False
        self._array: list[bytes] = []
        self._rules: list[bytes] = []
        self._out = [b"BT 1 0 0 1 %s %s Tm" % (number(x), number(y)), self._select()]

    def _select(self) -> bytes:
        return b"/%s %s Tf" % (self._font.encode(), number(self._size))

    def flush(self) -> None:
        """End the operator that shows text."""
        if self._array:
            self._out.append(b"[%s]TJ" % b"".join(self._array).replace(b"><", b""))
            self._array.clear()

    def tell(self, text: str) -> None:
        """Readers take the text from here on to `told`: a mark off its letter would upset their order."""
        self.flush()
        spelled = normalize("NFC", text).encode("utf-16-be").hex().upper().encode()
        self._out.append(b"/Span<</ActualText<FEFF%s>>>BDC" % spelled)
        self._told = True

    def told(self) -> None:
        """The end of what `tell` told."""
        self.flush()
        self._out.append(b"EMC")
        self._told = False

    def write(self, run: Run) -> None:
        """Show a run from the left."""
        for segment in run.segments:
            if self._shift or segment.font != self._font or segment.rise != self._rise:
                self._set(segment.font, segment.rise)
            self._array.append(segment.array)
        self._used += run.width

    def write_unit(self, unit: Unit) -> None:
        """Show glyphs of a run from the right."""
        if unit.actual:
            self.tell(unit.actual)
        for segment in unit.segments:
            self._set(segment.font, segment.rise)
            self._array.append(segment.array)
        self._used += unit.width
        if unit.actual:
            self.told()

    def move(self, x: int) -> None:
        """Go to a place, in 1/1000 em from the line's left edge."""
        self._shift += self._used - x
        self._used = x

    def _set(self, font: str, rise: int) -> None:
        if font != self._font:
            self.flush()
            self._font = font
            self._out.append(self._select())
        if rise != self._rise:
            self.flush()
            self._rise = rise
            self._out.append(b"%s Ts" % number(rise * self._size / 1000))
        if self._shift:
            self._array.append(b"%d " % self._shift)
            self._shift = 0

    def rule(self, rule: Rule) -> None:
        """Draw a rule to write on; who hears the line is told that something is to be written there."""
        left = self._x + self._used * self._size / 1000
        right = left + rule.width * self._size / 1000
        height = number(self._y - 2)
        self._rules.append(b"%s %s %s m %s %s l S" % (WRITING_LINE, number(left), height, number(right), height))
        self._shift -= rule.width
        self._used += rule.width
        if not self._told:
            self.flush()
            self._out.append(b"/Span<</ActualText(%s)>>BDC [%d]TJ EMC" % (_BLANK.encode(), self._shift))
            self._shift = 0

    def finish(self) -> bytes:
        """All operators of the line."""
        self.flush()
        if self._rise:
            self._out.append(b"0 Ts")
        if self._told:
            self._out.append(b"EMC")
        return b" ".join([*self._out, b"ET", *self._rules])
