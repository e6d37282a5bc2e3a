"""Text into words, which are shaped once and cached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from handouts.layout.bidi import OBJECT, RIGHT_TO_LEFT, paragraph_levels
from handouts.layout.breaking import UNSPACED, may_end, parts
from handouts.layout.fonts import Run, shape
from handouts.layout.style import BLANK_WIDTH, Style
from handouts.library.document import Blank, Break, Inlines, Slot, Text
from handouts.library.fields import Field

Values = Callable[[Field], str]
"""What a field prints; empty for a value that is missing."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """A stretch of one weight and one level within a word. level: odd where it is read from right to left."""

    text: str
    bold: bool
    run: Run
    level: int = 0
    region: str = ""

    @property
    def plain(self) -> bytes:
        """The inside of a TJ array, where the Latin font of that weight has all of it and its glyphs tell the text."""
        if self.level or self.run.actual or len(self.run.segments) != 1:
            return b""
        (segment,) = self.run.segments
        return segment.array if segment.font == _LATIN[self.bold] and not segment.rise else b""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule to write on, as long as `width` (in 1/1000 em of its style)."""

    width: int
    level: int = 0


Piece = Glyphs | Rule


@dataclass(frozen=True, slots=True)
class Word:
    """What is never broken at a space. width: in 1/1000 em.

    space: the level of the space between it and the word before on its line; NO_SPACE where none stands there.
    bold, plain: the inside of a PDF TJ array, where all of it is read from the left, in one weight of the Latin font.
    """

    pieces: tuple[Piece, ...]
    width: int
    space: int = 0
    bold: bool = False
    plain: bytes = b""


_LATIN = ("R", "B")
Line = tuple[Word, ...]
NO_SPACE = -1
NEW_LINE = Word((), -1)
"""Stands among words where a line must end."""


def no_values(field: Field) -> str:
    """For blocks that hold no field."""
    raise LookupError(field.path)


# -- words -----------------------------------------------------------------------------------------


@lru_cache(maxsize=16_384)
def glyphs(text: str, bold: bool, level: int = 0, around: tuple[str, str] = ("", ""), region: str = "") -> Glyphs:
    """A stretch of text, shaped. around: what stands before and after it, which letters may join."""
    return Glyphs(text, bold, shape(text, bold, level % 2 == 1, around, region), level, region)


def words_of(content: Inlines, style: Style, values: Values) -> list[Word]:
    """The words of `content`, fields filled in. Raises MissingGlyphError."""
    if style.direction == "rtl":
        return _words_of_any_script(content, style, values)
    words: list[Word] = []
    parts_of_word: list[Word] = []
    for part in content:
        match part:
            case Text(text, bold):
                written = text
            case Slot(field, bold):
                written = values(field)
            case Break():
                if parts_of_word:
                    words.append(_together(parts_of_word))
                    parts_of_word = []
                words.append(NEW_LINE)
                continue
        if isinstance(part, Blank) or not written:
            width = round(BLANK_WIDTH / style.size * 1000)
            parts_of_word.append(Word((Rule(width),), width))
            continue
        if not written.isascii() and (RIGHT_TO_LEFT.search(written) or UNSPACED.search(written)):
            return _words_of_any_script(content, style, values)
        first, whole, last = _cut(written, bold or style.bold)
        if first:
            parts_of_word.append(first)
        if whole is None:
            continue
        if parts_of_word:
            words.append(_together(parts_of_word))
        parts_of_word = [last] if last else []
        words += whole
    if parts_of_word:
        words.append(_together(parts_of_word))
    return words


@lru_cache(maxsize=16_384)
def _cut(text: str, bold: bool) -> tuple[Word | None, tuple[Word, ...] | None, Word | None]:
    """A text at its spaces: what clings to the word before, whole words, what clings to the word after.

    There are no words where there is no space.
    """
    cut = [_word_of([glyphs(part, bold)]) if part else None for part in text.split(" ")]
    if len(cut) == 1:
        return cut[0], None, None
    return cut[0], tuple(word for word in cut[1:-1] if word), cut[-1]


def _together(parts_of_word: Sequence[Word]) -> Word:
    if len(parts_of_word) == 1:
        return parts_of_word[0]
    return _word_of([piece for part in parts_of_word for piece in part.pieces])


def _word_of(pieces: Sequence[Piece]) -> Word:
    width = sum([_width(piece) for piece in pieces])
    plain = [piece.plain if isinstance(piece, Glyphs) else b"" for piece in pieces]
    bold = {isinstance(piece, Glyphs) and piece.bold for piece in pieces}
    if all(plain) and len(bold) == 1:
        return Word(tuple(pieces), width, 0, bold.pop(), b"".join(plain))
    return Word(tuple(pieces), width)


def _width(piece: Piece) -> int:
    return piece.run.width if isinstance(piece, Glyphs) else piece.width


# -- words of scripts that have no spaces, or are read from right to left --------------------------

_LINE_SEPARATOR = "\u2028"


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Part of a paragraph. isolated: a patient's value, which goes its own way and stays whole if it can."""

    text: str
    bold: bool
    isolated: bool


@dataclass(frozen=True, slots=True)
class _Character:
    """A character of a paragraph. whole: no line ends before it unless it must."""

    text: str
    bold: bool
    level: int
    region: str
    whole: bool


def _words_of_any_script(content: Inlines, style: Style, values: Values) -> list[Word]:
    stretches = [_stretch(part, style, values) for part in content]
    levels = paragraph_levels([(each.text, each.isolated) for each in stretches], style.direction)
    characters: list[_Character] = []
    for stretch in stretches:
        region = _region(stretch.text, style.language)
        for part in (stretch.text,) if stretch.isolated else parts(stretch.text):
            for index, character in enumerate(part):
                level = levels[len(characters)]
                whole = index > 0 or not may_end(_last(characters), part)
                characters.append(_Character(character, stretch.bold, level, region, whole))
    return list(_words(characters, style))


def _last(characters: Sequence[_Character]) -> str:
    return characters[-1].text if characters else ""


def _stretch(part: Text | Slot | Blank | Break, style: Style, values: Values) -> _Stretch:
    match part:
        case Text(text, bold):
            return _Stretch(text or OBJECT, bold or style.bold, False)
        case Slot(field, bold):
            written = values(field)
            return _Stretch(written or OBJECT, bold or style.bold, bool(written))
        case Blank():
            return _Stretch(OBJECT, style.bold, False)
        case Break():
            return _Stretch(_LINE_SEPARATOR, style.bold, False)


def _words(characters: Sequence[_Character], style: Style) -> Iterator[Word]:
    """Words between spaces, and between places where a line may end without one."""
    held: list[_Character] = []
    space = NO_SPACE
    for each in characters:
        if each.text in (" ", _LINE_SEPARATOR) or (held and not each.whole):
            if held:
                yield replace(_word(held, style), space=space)
                held, space = [], NO_SPACE
            if each.text == " ":
                space = each.level
                continue
            if each.text == _LINE_SEPARATOR:
                yield NEW_LINE
                space = NO_SPACE
                continue
        held.append(each)
    if held:
        yield replace(_word(held, style), space=space)


def _word(characters: Sequence[_Character], style: Style) -> Word:
    runs = [
        ("".join(each.text for each in group), *kind)
        for kind, group in groupby(characters, lambda each: (each.bold, each.level, each.region, each.text == OBJECT))
    ]
    pieces: list[Piece] = []
    for index, (text, bold, level, region, ruled) in enumerate(runs):
        if ruled:
            pieces.extend([Rule(round(BLANK_WIDTH / style.size * 1000), level)] * len(text))
            continue
        around = ("", "")
        if level % 2:
            before = runs[index - 1] if index else None
            after = runs[index + 1] if index + 1 < len(runs) else None
            around = (
                before[0][-2:] if before and before[2] == level else "",
                after[0][:2] if after and after[2] == level else "",
            )
        pieces.append(glyphs(text, bold, level, around, region))
    return Word(tuple(pieces), sum(_width(piece) for piece in pieces))


def _region(text: str, language: str) -> str:
    """Whose ideographs a text is written in: what its other letters say, else its language."""
    if any("\u3040" <= character <= "\u30ff" or "\u31f0" <= character <= "\u31ff" for character in text):
        return "JP"
    if any("\uac00" <= character <= "\ud7a3" or "\u1100" <= character <= "\u11ff" for character in text):
        return "KR"
    name = language.lower()
    if name.startswith("zh"):
        return "TW" if "hant" in name or name.endswith(("-tw", "-hk", "-mo")) else "CN"
    return {"ja": "JP", "ko": "KR"}.get(name[:2], "")
