"""Two faces of one family: text shaped by HarfBuzz into glyph codes, and the subsets that carry those glyphs.

A glyph's code in the PDF is its number in the full face, so text can be shaped before anybody knows which
subset will be embedded. Every face has one *base* subset, shared by all packets, and further subsets of
256 neighbouring glyphs that only a packet which needs them carries.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

import uharfbuzz as hb

from handouts.errors import MissingGlyphError

FOLDER = Path(__file__).parents[1] / "fonts"
Weight = Literal["Regular", "Bold"]

_LATIN = (*range(0x20, 0x7F), *range(0xA0, 0x180))
_PUNCTUATION = (*range(0x2010, 0x2027), 0x202F, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x20AC)
_SIGNS = (0x2122, 0x2212, 0x2260, 0x2264, 0x2265)
BASE_CHARACTERS = frozenset((*_LATIN, *_PUNCTUATION, *_SIGNS))
"""Code points of the base subset: Western and Central European Latin and the usual punctuation."""

_FEATURES = {"liga": False, "clig": False, "dlig": False, "frac": False}
"""Ligatures stay off, so that every letter can be found, copied and read aloud as itself."""

_WHOLE_LETTERS = {**_FEATURES, "ccmp": False}
"""For text without marks of its own: the face would take letters such as ị apart, and readers lose their order."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Glyphs of one subset at one height above the baseline.

    font: the resource's name. array: the inside of a PDF TJ array. rise: in 1/1000 em.
    """

    font: str
    array: bytes
    rise: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """Shaped text. width: in 1/1000 em. actual: the text itself, where the glyphs alone would not tell it."""

    width: int
    segments: tuple[Segment, ...]
    actual: str = ""


@dataclass(frozen=True)
class Face:
    """One weight of the family."""

    weight: Weight

    @property
    def path(self) -> Path:
        """The full font file."""
        return FOLDER / f"NotoSans-{self.weight}.ttf"

    @cached_property
    def _font(self) -> hb.Font:
        return hb.Font(hb.Face(hb.Blob.from_file_path(str(self.path))))

    @cached_property
    def characters(self) -> dict[int, str]:
        """Glyph number → the character it stands for; the lowest code point where it serves several."""
        found: dict[int, str] = {}
        for code in sorted(self._font.face.unicodes):
            glyph = self._font.get_nominal_glyph(code)
            if glyph is not None:
                found.setdefault(glyph, chr(code))
        return found

    @cached_property
    def base(self) -> frozenset[int]:
        """The glyph numbers of the base subset."""
        glyphs = (self._font.get_nominal_glyph(code) for code in BASE_CHARACTERS)
        return frozenset(glyph for glyph in glyphs if glyph)

    def advance(self, glyph: int) -> int:
        """How far a glyph moves the pen on its own, in 1/1000 em."""
        return int(self._font.get_glyph_h_advance(glyph))

    def resource(self, glyph: int) -> str:
        """The name of the subset that carries a glyph: `R` and `B` are the bases, `R17` holds glyphs 4352 to 4607."""
        return self.weight[0] if glyph in self.base else f"{self.weight[0]}{glyph >> 8}"

    def glyphs(self, resource: str) -> frozenset[int]:
        """The glyph numbers that a subset carries."""
        if resource == self.weight[0]:
            return self.base
        first = int(resource[1:]) << 8
        return frozenset(range(first, min(first + 256, self._font.face.glyph_count))) - self.base

    def resources(self) -> list[str]:
        """The names of all subsets of this face."""
        return [
            self.weight[0],
            *(f"{self.weight[0]}{chunk}" for chunk in range((self._font.face.glyph_count >> 8) + 1)),
        ]

    def shape(self, text: str) -> Run:
        """Glyphs for `text`, kerned. Raises MissingGlyphError naming every character the face lacks."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        marked = any(unicodedata.combining(character) for character in text)
        hb.shape(self._font, buffer, _FEATURES if marked else _WHOLE_LETTERS)
        infos, positions = buffer.glyph_infos, buffer.glyph_positions
        if any(info.codepoint == 0 for info in infos):
            raise MissingGlyphError(self._missing(text))
        segments: list[Segment] = []
        width = 0
        for info, position in zip(infos, positions, strict=True):
            glyph = info.codepoint
            kern = self.advance(glyph) - position.x_advance + position.x_offset
            array = b"%s<%04x>%s" % (_adjust(-position.x_offset), glyph, _adjust(kern))
            font, rise = self.resource(glyph), position.y_offset
            if segments and (segments[-1].font, segments[-1].rise) == (font, rise):
                segments[-1] = Segment(font, segments[-1].array + array, rise)
            else:
                segments.append(Segment(font, array, rise))
            width += position.x_advance
        spelled = "".join(self.characters.get(info.codepoint, "") for info in infos)
        joined = tuple(Segment(s.font, s.array.replace(b"><", b""), s.rise) for s in segments)
        faithful = spelled.replace("\u00a0", " ") == text.replace("\u00a0", " ")
        # readers take the way back for a mark as a gap between words, unless they are told the text
        moved = any(position.x_offset or position.y_offset for position in positions)
        return Run(width, joined, text if moved or not faithful else "")

    def _missing(self, text: str) -> str:
        codes = sorted({ord(character) for character in text if not self._font.get_nominal_glyph(ord(character))})
        return ", ".join(f"U+{code:04X}" for code in codes) or "a character sequence"


def _adjust(thousandths: int) -> bytes:
    return b"%d " % thousandths if thousandths else b""  # the space keeps two in a row apart


REGULAR, BOLD = Face("Regular"), Face("Bold")
FACES = {"R": REGULAR, "B": BOLD}


@lru_cache(maxsize=50_000)
def shape(text: str, bold: bool) -> Run:
    """`text` in Unicode's composed form (NFC), shaped. Raises MissingGlyphError."""
    return (BOLD if bold else REGULAR).shape(unicodedata.normalize("NFC", text))


ASCENT, DESCENT = 1069, 293
"""From the baseline to the top and to the bottom of a line, in 1/1000 em: the family's hhea table."""
