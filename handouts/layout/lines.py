"""Words into lines: broken greedily, and nothing is ever clipped."""

from __future__ import annotations

from collections.abc import Sequence

from handouts.layout.breaking import clusters
from handouts.layout.fonts import Run
from handouts.layout.style import LEAST_BLANK_WIDTH, Style
from handouts.layout.text import NEW_LINE, NO_SPACE, Glyphs, Line, Piece, Rule, Word, glyphs


def space(bold: bool) -> Run:
    """The space between two words."""
    return glyphs(" ", bold).run


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
        needed = word.width + (gap if line and word.space != NO_SPACE else 0)
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
    broken: list[Word] = []
    pieces: list[Piece] = []
    used = 0

    def close() -> None:
        broken.append(Word(tuple(pieces), used, word.space))
        pieces.clear()

    for piece in word.pieces:
        if isinstance(piece, Rule):
            piece = Rule(min(piece.width, int(limit)), piece.level)
            if pieces and used + piece.width > limit:
                close()
                used = 0
            pieces.append(piece)
            used += piece.width
            continue
        held = ""
        for cluster in clusters(piece.text):
            if (held or pieces) and used + _like(piece, held + cluster).run.width > limit:
                if held:
                    pieces.append(_like(piece, held))
                    used += _like(piece, held).run.width
                close()
                held, used = "", 0
            held += cluster
        if held:
            pieces.append(_like(piece, held))
            used += _like(piece, held).run.width
    close()
    return broken


def _like(piece: Glyphs, text: str) -> Glyphs:
    """A part of a piece."""
    return glyphs(text, piece.bold, piece.level, region=piece.region)


def least_width(word: Word, style: Style) -> float:
    """How much room a word needs in a column, in points; rules may be shorter there than in running text."""
    least = round(LEAST_BLANK_WIDTH / style.size * 1000)
    widths = (min(piece.width, least) if isinstance(piece, Rule) else piece.run.width for piece in word.pieces)
    return sum(widths) * style.size / 1000


def line_width(line: Line, style: Style) -> float:
    """How wide a line is, in points."""
    between = sum([word.space != NO_SPACE for word in line[1:]]) * space(style.bold).width
    return (sum([word.width for word in line]) + between) * style.size / 1000


def natural_width(words: Sequence[Word], style: Style) -> float:
    """How wide `words` are on as few lines as they allow, in points."""
    return max(line_width(line, style) for line in lines_of(words, style, 1e6))
