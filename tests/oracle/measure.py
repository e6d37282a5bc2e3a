"""Text measured and broken into lines by ReportLab. Knows nothing of how the program does either."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from reportlab.lib.abag import ABag
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import getAscentDescent, registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont, makeShapedFragWord, shapeFragWord
from reportlab.platypus import paragraph as platypus
from reportlab.platypus.paraparser import ParaFrag

import handouts
from handouts.layout.style import BLANK_WIDTH, Style
from handouts.library.document import Blank, Break, Inline, Slot, Text

_FEATURES = {"kern": True, "liga": False, "clig": False, "dlig": False, "frac": False}
_PLAIN_FEATURES = {**_FEATURES, "ccmp": False}
"""For text without combining marks: every letter stays one glyph."""

_EM = 1000


@dataclass(frozen=True, slots=True)
class Letter:
    """A character on paper. x, y: its origin in points, from the top left of what holds it, y downwards.

    glyph: whether one glyph stands for it. told: where a reader may find it instead, in a line that has marks off their
    letters, or glyphs that do not spell its text: there the PDF tells the text of the whole line at its start.
    """

    character: str
    x: float
    y: float
    size: float
    glyph: bool
    told: tuple[float, float] | None = None

    def moved(self, x: float, y: float) -> Letter:
        """The same, further right and down."""
        told = (self.told[0] + x, self.told[1] + y) if self.told else None
        return Letter(self.character, self.x + x, self.y + y, self.size, self.glyph, told)

    def upright(self, x: float, y: float) -> Letter:
        """The same on a page where the top left of what holds it is at (x, y), and y grows upwards."""
        told = (self.told[0] + x, y - self.told[1]) if self.told else None
        return Letter(self.character, self.x + x, y - self.y, self.size, self.glyph, told)


Word = tuple[Letter, ...]
"""What stands between two spaces."""


@cache
def _face(bold: bool) -> str:
    name = f"Oracle-{'Bold' if bold else 'Regular'}"
    folder = Path(handouts.__file__).parent / "fonts"
    registerFont(TTFont(name, str(folder / f"NotoSans-{'Bold' if bold else 'Regular'}.ttf")))
    return name


@dataclass(frozen=True)
class _Piece:
    """A stretch of one weight within a word; text None: a rule to write on. Widths in points for `size`."""

    text: str | None
    bold: bool
    size: float
    most: float = BLANK_WIDTH

    @property
    def width(self) -> float:
        if self.text is None:  # TJ moves by whole thousandths of an em
            whole = round(BLANK_WIDTH / self.size * _EM)
            return min(whole, int(self.most / self.size * _EM)) * self.size / _EM
        return sum(data.x_advance for data in _shaped(self.text, self.bold).__shapeData__) * self.size / _EM  # type: ignore[no-any-return]  # shaping has no types

    @property
    def spelled(self) -> bool:
        """Whether the glyphs alone tell the text."""
        if self.text is None:
            return True
        shaped = _shaped(self.text, self.bold)
        return str(shaped) == self.text and not any(data.x_offset or data.y_offset for data in shaped.__shapeData__)

    def letters(self, x: float, y: float, told: tuple[float, float] | None) -> list[Letter]:
        if self.text is None:
            return []
        shaped = _shaped(self.text, self.bold)
        if len(shaped) != len(self.text):
            return [Letter(character, x, y, self.size, False, told) for character in self.text]
        letters: list[Letter] = []
        for character, data in zip(self.text, shaped.__shapeData__, strict=True):
            left, up = (each * self.size / _EM for each in (data.x_offset, data.y_offset))
            letters.append(Letter(character, x + left, y - up, self.size, True, told))
            x += data.x_advance * self.size / _EM
        return letters


Pieces = tuple[_Piece, ...]


@lru_cache(maxsize=20_000)
def _shaped(text: str, bold: bool) -> Any:
    frag = ABag(fontName=_face(bold), fontSize=_EM)
    features = _FEATURES if any(map(unicodedata.combining, text)) else _PLAIN_FEATURES
    return shapeFragWord([0, (frag, text)], features=features, force=True)[1][1]


def pieces_of(content: Sequence[Inline], style: Style) -> list[list[Pieces]]:
    """The words of each hard line of `content`, which holds no Slot."""
    lines: list[list[Pieces]] = [[]]
    word: list[_Piece] = []

    def close() -> None:
        if word:
            lines[-1].append(tuple(word))
            word.clear()

    for part in content:
        match part:
            case Text(text, bold):
                first, *rest = unicodedata.normalize("NFC", text).split(" ")
                word.extend([_Piece(first, bold or style.bold, style.size)] if first else [])
                for each in rest:
                    close()
                    word.extend([_Piece(each, bold or style.bold, style.size)] if each else [])
            case Blank():
                word.append(_Piece(None, False, style.size))
            case Break():
                close()
                lines.append([])
            case Slot():
                raise AssertionError("a field was not filled in")
    close()
    return lines if len(lines) == 1 or lines[-1] else lines[:-1]


def width_of(words: Sequence[Pieces], style: Style) -> float:
    """`words` side by side."""
    inked = sum(piece.width for word in words for piece in word)
    return inked + max(len(words) - 1, 0) * space_width(style)


def space_width(style: Style) -> float:
    return float(stringWidth(" ", _face(style.bold), style.size))


def natural_width(content: Sequence[Inline], style: Style) -> float:
    """The widest hard line."""
    return max(width_of(line, style) for line in pieces_of(content, style))


def set_lines(
    content: Sequence[Inline], style: Style, width: float, align: str = "left", x: float = 0.0
) -> list[list[Word]]:
    """`content` in lines of at most `width` points, broken by ReportLab's Paragraph."""
    lines = [
        line
        for hard_line in pieces_of(content, style)
        for part in _short_enough(hard_line, width)
        for line in _broken(part, style, width)
    ]
    return [_line(line, style, width, align, x) for line in lines]


def _line(words: Sequence[Pieces], style: Style, width: float, align: str, x: float) -> list[Word]:
    spare = width - width_of(words, style)
    x += {"left": 0.0, "center": spare / 2, "right": spare}[align]
    down = baseline(style)
    spelled = all(piece.spelled for word in words for piece in word)
    first: float | None = None
    placed: list[Word] = []
    for word in words:
        letters: list[Letter] = []
        for piece in word:
            first = x if first is None and piece.text else first
            told = None if spelled or first is None else (first, down)
            letters += piece.letters(x, down, told)
            x += piece.width
        placed.append(tuple(letters))
        x += space_width(style)
    return placed


def baseline(style: Style) -> float:
    """How far below a line's top its baseline is: half the lead stands above the letters, half below."""
    ascent, descent = getAscentDescent(_face(style.bold), style.size)
    return float((style.leading - (ascent - descent)) / 2 + ascent)


def _broken(words: list[Pieces], style: Style, width: float) -> list[list[Pieces]]:
    if not words:
        return [[]]
    paragraph_style = ParagraphStyle(
        "oracle", fontName=_face(style.bold), fontSize=style.size, leading=style.leading, spaceShrinkage=0,
        splitLongWords=0, shaping=1,
    )  # fmt: skip
    frags = [_frag_word(word, style) for word in words]
    paragraph = platypus.Paragraph("", paragraph_style, frags=frags)
    counts = [line.wordCount for line in paragraph.breakLines(width + 1e-6).lines]
    assert sum(counts) == len(words)
    starts = [sum(counts[:index]) for index in range(len(counts))]
    return [words[start : start + count] for start, count in zip(starts, counts, strict=True)]


def _frag_word(word: Pieces, style: Style) -> Any:
    made: Any = makeShapedFragWord(platypus._HSFrag())([sum(piece.width for piece in word)])  # type: ignore[attr-defined]  # no stub has it
    for piece in word:
        frag = ParaFrag(
            fontName=_face(style.bold),
            fontSize=style.size,
            _fkind=platypus._FK_TEXT,  # type: ignore[attr-defined]  # no stub has it
            rise=0,
            textColor=None,
        )
        made.append((frag, piece.text or "_"))
    return made


# ReportLab cuts a word that is longer than a line between any two characters, and starts it on the line that is
# already begun. The program promises whole letters with their accents, and a line of its own; so this does too.


def _short_enough(words: list[Pieces], width: float) -> list[list[Pieces]]:
    """`words` in groups that each start on a new line, with every word cut to fit."""
    groups: list[list[Pieces]] = [[]]
    for word in words:
        if sum(piece.width for piece in word) <= width + 1e-6:
            groups[-1].append(word)
            continue
        parts = _cut(word, width)
        if not groups[-1]:
            groups.pop()
        groups.extend([part] for part in parts)
    return groups


def _cut(word: Pieces, width: float) -> list[Pieces]:
    parts: list[list[_Piece]] = [[]]
    for piece in word:
        for index, unit in enumerate(_units(replace(piece, most=min(piece.most, width)))):
            grown = [*parts[-1], unit]
            if index and parts[-1]:  # shaped with the letters before it
                grown = [*parts[-1][:-1], _Piece(f"{parts[-1][-1].text}{unit.text}", piece.bold, piece.size)]
            if parts[-1] and sum(each.width for each in grown) > width + 1e-6:
                parts.append([unit])
            else:
                parts[-1] = grown
    return [tuple(part) for part in parts]


def _units(piece: _Piece) -> list[_Piece]:
    if piece.text is None:
        return [piece]
    units: list[str] = []
    for character in piece.text:
        if units and unicodedata.category(character).startswith("M"):
            units[-1] += character
        else:
            units.append(character)
    return [_Piece(unit, piece.bold, piece.size) for unit in units]
