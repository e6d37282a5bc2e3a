"""Text into lines: words are shaped once and cached, lines are broken greedily, nothing is ever clipped."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from handouts.layout.fonts import Run, shape
from handouts.layout.style import BLANK_WIDTH, LEAST_BLANK_WIDTH, Style
from handouts.library.document import Blank, Break, Inlines, Slot, Text
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
    """A word in parts that each fit, cut between letters (never between a letter and its accent).

    A rule that is longer than a line is as long as the line.
    """
    parts: list[Word] = []
    pieces: list[Piece] = []
    used = 0

    def close() -> None:
        parts.append(Word(tuple(pieces), used))
        pieces.clear()

    for piece in word.pieces:
        if isinstance(piece, Rule):
            piece = Rule(min(piece.width, int(limit)))
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


def least_width(word: Word, style: Style) -> float:
    """How much room a word needs in a column, in points; rules may be shorter there than in running text."""
    least = round(LEAST_BLANK_WIDTH / style.size * 1000)
    widths = (min(piece.width, least) if isinstance(piece, Rule) else piece.run.width for piece in word.pieces)
    return sum(widths) * style.size / 1000


def line_width(line: Line, style: Style) -> float:
    """How wide a line is, in points."""
    between = max(len(line) - 1, 0) * space(style.bold).width
    return (sum(word.width for word in line) + between) * style.size / 1000


def natural_width(words: Sequence[Word], style: Style) -> float:
    """How wide `words` are on as few lines as they allow, in points."""
    return max(line_width(line, style) for line in lines_of(words, style, 1e6))
