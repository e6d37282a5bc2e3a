"""Lines of text into content stream operators (ISO 32000-1, 9.4)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from handouts.layout.fonts import ASCENT, DESCENT, Run
from handouts.layout.style import WRITING_LINE, Style
from handouts.layout.text import Glyphs, Line, Rule, line_width, space
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
    pen = _Pen(style, x, y)
    if any(piece.run.actual for word in line for piece in word.pieces if isinstance(piece, Glyphs)):
        pen.tell(" ".join("".join(piece.text for piece in word.pieces if isinstance(piece, Glyphs)) for word in line))
    for position, word in enumerate(line):
        if position:
            pen.write(space(style.bold))
        for piece in word.pieces:
            if isinstance(piece, Rule):
                pen.rule(piece)
            else:
                pen.write(piece.run)
    return pen.finish()


class _Pen:
    """Writes one line's operators, setting font and rise only where they change."""

    def __init__(self, style: Style, x: float, y: float) -> None:
        self._size = style.size
        self._x, self._y = x, y
        self._font = "B" if style.bold else "R"
        self._rise = 0
        self._used = 0
        self._end = b"ET"
        self._array: list[bytes] = []
        self._rules: list[bytes] = []
        self._out = [b"BT 1 0 0 1 %s %s Tm" % (number(x), number(y)), self._select()]

    def _select(self) -> bytes:
        return b"/%s %s Tf" % (self._font.encode(), number(self._size))

    def _flush(self) -> None:
        if self._array:
            self._out.append(b"[%s]TJ" % b"".join(self._array).replace(b"><", b""))
            self._array.clear()

    def tell(self, text: str) -> None:
        """Readers take the line's text from here: a mark that stands off its letter would upset their order."""
        spelled = unicodedata.normalize("NFC", text).encode("utf-16-be").hex().upper().encode()
        self._out.append(b"/Span<</ActualText<FEFF%s>>>BDC" % spelled)
        self._end = b"EMC ET"

    def write(self, run: Run) -> None:
        for segment in run.segments:
            self._set(segment.font, segment.rise)
            self._array.append(segment.array)
        self._used += run.width

    def _set(self, font: str, rise: int) -> None:
        if font != self._font:
            self._flush()
            self._font = font
            self._out.append(self._select())
        if rise != self._rise:
            self._flush()
            self._rise = rise
            self._out.append(b"%s Ts" % number(rise * self._size / 1000))

    def rule(self, rule: Rule) -> None:
        left = self._x + self._used * self._size / 1000
        right = left + rule.width * self._size / 1000
        height = number(self._y - 2)
        self._rules.append(b"%s %s %s m %s %s l S" % (WRITING_LINE, number(left), height, number(right), height))
        self._array.append(b"%d" % -rule.width)
        self._used += rule.width

    def finish(self) -> bytes:
        self._flush()
        if self._rise:
            self._out.append(b"0 Ts")
        return b" ".join([*self._out, self._end, *self._rules])
