"""Text into lines: words are shaped once and cached, lines are broken greedily, nothing is ever clipped."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from handouts.layout.fonts import ASCENT, DESCENT, Run, shape
from handouts.layout.style import BLANK_WIDTH, WRITING_LINE, Style
from handouts.library.document import Align, Blank, Break, Inlines, Slot, Text
from handouts.library.fields import Field

Values = Callable[[Field], str]
"""What a field prints; empty for a value that is missing."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """A stretch of one weight within a word."""

    text: str
    bold: bool
    run: Run


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule to write on, as long as `width` (in 1/1000 em of its style)."""

    width: int


Piece = Glyphs | Rule


@dataclass(frozen=True, slots=True)
class Word:
    """What is never broken at a space. width: in 1/1000 em."""

    pieces: tuple[Piece, ...]
    width: int


Line = tuple[Word, ...]
NEW_LINE = Word((), -1)
"""Stands among words where a line must end."""


def no_values(field: Field) -> str:
    """For blocks that hold no field."""
    raise LookupError(field.path)


def number(value: float) -> bytes:
    """A length for a content stream: to 1/100 point, the shortest spelling."""
    return (b"%.2f" % value).rstrip(b"0").rstrip(b".") if value else b"0"


# -- words -----------------------------------------------------------------------------------------


@lru_cache(maxsize=50_000)
def _glyphs(text: str, bold: bool) -> Glyphs:
    return Glyphs(text, bold, shape(text, bold))


def words_of(content: Inlines, style: Style, values: Values) -> list[Word]:
    """The words of `content`, fields filled in. Raises MissingGlyphError."""
    words: list[Word] = []
    pieces: list[Piece] = []

    def close() -> None:
        if pieces:
            words.append(Word(tuple(pieces), sum(_width(piece) for piece in pieces)))
            pieces.clear()

    for part in content:
        match part:
            case Text(text, bold):
                written = text
            case Slot(field, bold):
                written = values(field)
            case Break():
                close()
                words.append(NEW_LINE)
                continue
        if isinstance(part, Blank) or not written:
            pieces.append(Rule(round(BLANK_WIDTH / style.size * 1000)))
            continue
        first, *rest = written.split(" ")
        if first:
            pieces.append(_glyphs(first, bold or style.bold))
        for word in rest:
            close()
            if word:
                pieces.append(_glyphs(word, bold or style.bold))
    close()
    return words


def _width(piece: Piece) -> int:
    return piece.run.width if isinstance(piece, Glyphs) else piece.width


# -- lines -----------------------------------------------------------------------------------------


def space(bold: bool) -> Run:
    """The space between two words."""
    return _glyphs(" ", bold).run


def lines_of(words: Sequence[Word], style: Style, width: float) -> list[Line]:
    """`words` in lines of at most `width` points; a word longer than a line is broken between letters."""
    limit = width / style.size * 1000
    gap = space(style.bold).width
    lines: list[Line] = []
    line: list[Word] = []
    used = 0.0
    for word in words:
        if word is NEW_LINE:
            lines.append(tuple(line))
            line, used = [], 0.0
            continue
        needed = word.width + (gap if line else 0)
        if used + needed <= limit:
            line.append(word)
            used += needed
            continue
        if line:
            lines.append(tuple(line))
        *full, last = _broken(word, limit) if word.width > limit else [word]
        lines.extend((part,) for part in full)
        line, used = [last], last.width
    if line or not lines:
        lines.append(tuple(line))
    return lines


def _broken(word: Word, limit: float) -> list[Word]:
    """A word in parts that each fit, cut between letters (never between a letter and its accent)."""
    parts: list[Word] = []
    pieces: list[Piece] = []
    used = 0

    def close() -> None:
        parts.append(Word(tuple(pieces), used))
        pieces.clear()

    for piece in word.pieces:
        if isinstance(piece, Rule):
            if pieces and used + piece.width > limit:
                close()
                used = 0
            pieces.append(piece)
            used += piece.width
            continue
        held = ""
        for cluster in clusters(piece.text):
            if (held or pieces) and used + shape(held + cluster, piece.bold).width > limit:
                if held:
                    pieces.append(_glyphs(held, piece.bold))
                    used += shape(held, piece.bold).width
                close()
                held, used = "", 0
            held += cluster
        if held:
            pieces.append(_glyphs(held, piece.bold))
            used += shape(held, piece.bold).width
    close()
    return parts


def clusters(text: str) -> Iterator[str]:
    """Letters with the marks that belong to them."""
    held = ""
    for character in text:
        if held and not unicodedata.combining(character):
            yield held
            held = ""
        held += character
    if held:
        yield held


def line_width(line: Line, style: Style) -> float:
    """How wide a line is, in points."""
    between = max(len(line) - 1, 0) * space(style.bold).width
    return (sum(word.width for word in line) + between) * style.size / 1000


def natural_width(words: Sequence[Word], style: Style) -> float:
    """How wide `words` are on as few lines as they allow, in points."""
    return max(line_width(line, style) for line in lines_of(words, style, 1e6))


# -- painting --------------------------------------------------------------------------------------


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
        self._array: list[bytes] = []
        self._rules: list[bytes] = []
        self._out = [b"BT 1 0 0 1 %s %s Tm" % (number(x), number(y)), self._select()]

    def _select(self) -> bytes:
        return b"/%s %s Tf" % (self._font.encode(), number(self._size))

    def _flush(self) -> None:
        if self._array:
            self._out.append(b"[%s]TJ" % b"".join(self._array).replace(b"><", b""))
            self._array.clear()

    def write(self, run: Run) -> None:
        if run.actual:
            self._flush()
            spelled = run.actual.encode("utf-16-be").hex().upper().encode()
            self._out.append(b"/Span<</ActualText<FEFF%s>>>BDC" % spelled)
        for segment in run.segments:
            self._set(segment.font, segment.rise)
            self._array.append(segment.array)
        if run.actual:
            self._flush()
            self._out.append(b"EMC")
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
        return b" ".join([*self._out, b"ET", *self._rules])


def fonts_in(words: Sequence[Word]) -> set[str]:
    """The subsets that `words` need."""
    return {
        segment.font
        for word in words
        for piece in word.pieces
        if isinstance(piece, Glyphs)
        for segment in piece.run.segments
    }
