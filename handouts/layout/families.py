"""Which font family prints which characters, and the faces of the families that are shipped.

A glyph's code in the PDF is its number in the full face (in a system font's subset, its number there), so text can be
shaped before anybody knows which subset will be embedded. Subsets are named as font resources:

    R, B            the base of Noto Sans, shared by all packets
    R17, B17        its glyphs 4352 to 4607, for a packet that needs one of them
    Rarab, Bhebr    another script's face, all that its letters can become
    Rjpan40         glyphs 1280 to 1311 of a face that this machine has (`layout/system_fonts.py`)
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, Protocol

import uharfbuzz as hb

FOLDER = Path(__file__).parents[1] / "fonts"
Weight = Literal["Regular", "Bold"]

_LATIN = (*range(0x20, 0x7F), *range(0xA0, 0x180))
_PUNCTUATION = (*range(0x2010, 0x2027), 0x202F, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x20AC)
_SIGNS = (0x2122, 0x2212, 0x2260, 0x2264, 0x2265)
BASE_CHARACTERS = frozenset((*_LATIN, *_PUNCTUATION, *_SIGNS))
"""Code points of Noto Sans's base subset: Western and Central European Latin and the usual punctuation."""

NON_JOINER, JOINER = "\u200c", "\u200d"
_LEFT_TO_RIGHT_MARK, _RIGHT_TO_LEFT_MARK, _ZERO_WIDTH_SPACE = 0x200E, 0x200F, "\u200b"
REPLACEMENT = "\ufffd"


@dataclass(frozen=True)
class Family:
    """Fonts of one design. tag: the script as ISO 15924 has it, in the resource's name; empty for Noto Sans.

    blocks: the code points that it prints before any other family. borrowed: what its letters are mixed with.
    """

    tag: str
    file: str
    blocks: tuple[range, ...] = ()
    borrowed: frozenset[int] = frozenset()
    right_to_left: bool = False


_JOINERS = frozenset(map(ord, " \u200c\u200d\u25cc"))
_DANDAS = frozenset((0x964, 0x965))
_COMPANY = frozenset(
    (_LEFT_TO_RIGHT_MARK, _RIGHT_TO_LEFT_MARK, 0x34F, 0xFEFF, *range(0x20, 0x41), *range(0x5B, 0x61), 0xB7)
)

LATIN = Family("", "NotoSans")
FAMILIES = (
    LATIN,
    Family(
        "arab",
        "NotoNaskhArabic",
        (range(0x600, 0x700), range(0x750, 0x780), range(0x8A0, 0x900)),
        _JOINERS | _COMPANY,
        right_to_left=True,
    ),
    Family("hebr", "NotoSansHebrew", (range(0x590, 0x600), range(0xFB1D, 0xFB50)), _JOINERS | _COMPANY, True),
    Family("deva", "NotoSans", (range(0x900, 0x980),), _JOINERS),
    Family("beng", "NotoSansBengali", (range(0x980, 0xA00),), _JOINERS | _DANDAS),
    Family("taml", "NotoSansTamil", (range(0xB80, 0xC00),), _JOINERS | _DANDAS),
    Family("thai", "NotoSansThai", (range(0xE00, 0xE80),), _JOINERS),
)
_BLOCKS = sorted(
    ((block.start, block.stop, family) for family in FAMILIES for block in family.blocks), key=lambda each: each[0]
)
_STARTS = [start for start, _, _ in _BLOCKS]


@cache
def family_of(character: str) -> Family:
    """The family that prints a character before any other."""
    code = ord(character)
    index = bisect_right(_STARTS, code) - 1
    return _BLOCKS[index][2] if index >= 0 and code < _BLOCKS[index][1] else LATIN


class Face(Protocol):
    """One weight of a family."""

    @property
    def weight(self) -> Weight:
        """Regular, or a bold that was drawn, never one that is smeared."""

    @property
    def name(self) -> str:
        """The PostScript name."""

    @property
    def font(self) -> hb.Font:
        """For HarfBuzz, 1000 units an em."""

    @property
    def characters(self) -> Mapping[int, str]:
        """Glyph number → what it tells a reader that is told nothing else."""

    def advance(self, glyph: int) -> int:
        """How far a glyph moves the pen on its own, in 1/1000 em."""

    def code(self, glyph: int) -> int:
        """What stands for a glyph in text shown with its subset."""

    def resource(self, glyph: int) -> str:
        """The name of the subset that carries a glyph."""

    def glyphs(self, resource: str) -> frozenset[int]:
        """The glyph numbers that a subset carries."""


@dataclass(frozen=True)
class ShippedFace:
    """One weight of a family that comes with the program."""

    weight: Weight
    family: Family

    @property
    def name(self) -> str:
        """The PostScript name."""
        return f"{self.family.file}-{self.weight}"

    @property
    def path(self) -> Path:
        """The full font file."""
        return FOLDER / f"{self.name}.ttf"

    @cached_property
    def font(self) -> hb.Font:
        """For HarfBuzz, 1000 units an em."""
        return hb.Font(hb.Face(hb.Blob.from_file_path(str(self.path))))

    @property
    def _prefix(self) -> str:
        return self.weight[0] + self.family.tag

    @cached_property
    def codes(self) -> frozenset[int]:
        """The code points whose glyphs are in the base subset."""
        if self.family is LATIN:
            return BASE_CHARACTERS
        own = {code for block in self.family.blocks for code in block} | self.family.borrowed
        return frozenset(own & set(self.font.face.unicodes))

    @cached_property
    def characters(self) -> dict[int, str]:
        """Glyph number → the character it stands for; of several its family's own, then the lowest."""
        found: dict[int, str] = {}
        own = () if self.family is LATIN else sorted(self.codes)
        for code in (*own, *sorted(self.font.face.unicodes)):
            glyph = self.font.get_nominal_glyph(code)
            if glyph is not None:
                found.setdefault(glyph, chr(code))
        if self.family.right_to_left:
            found |= _forms(self.font, map(chr, sorted(self.codes)), found)
            found |= {glyph: text for count, glyph in self.guards.items() for text in [_guard_text(count)]}
        return found

    @cached_property
    def guards(self) -> dict[int, int]:
        """Blank glyphs that tell readers of a line's direction: how many marks each stands for → its number.

        Readers that guess a line's direction count its stretches of either direction (`layout/pen.py`). A mark counts
        as one; between two of them stands a blank, lest they count as one together. No glyph may stand for more than 63
        characters (Poppler). More marks than all of them together are not wanted: no line has room for so many words.
        """
        spare = 0xFEFF if self.font.get_nominal_glyph(0xFEFF) else 0x34F
        codes = {1: _LEFT_TO_RIGHT_MARK, 5: _RIGHT_TO_LEFT_MARK, 24: spare}
        return {count: int(self.font.get_nominal_glyph(code)) for count, code in codes.items()}

    def guards_for(self, count: int) -> list[int]:
        """The blank glyphs that stand for `count` marks, or for more; none twice, as readers drop the second one."""
        found: list[int] = []
        smaller = sum(self.guards)
        for size, glyph in sorted(self.guards.items(), reverse=True):
            smaller -= size
            if count > smaller:
                found.append(glyph)
                count -= size
        return found

    @property
    def space(self) -> int:
        """The glyph of a space."""
        return int(self.font.get_nominal_glyph(0x20))

    @cached_property
    def base(self) -> frozenset[int]:
        """The glyph numbers of the base subset; of another script than Latin, all that its characters can become."""
        if self.family is LATIN:
            glyphs = (self.font.get_nominal_glyph(code) for code in BASE_CHARACTERS)
            return frozenset(glyph for glyph in glyphs if glyph)
        wanted = hb.SubsetInput()
        wanted.unicode_set.update(self.codes)
        kept = hb.SubsetPlan(self.font.face, wanted).old_to_new_glyph_mapping
        return frozenset(kept) - {0}

    def advance(self, glyph: int) -> int:
        """How far a glyph moves the pen on its own, in 1/1000 em."""
        return int(self.font.get_glyph_h_advance(glyph))

    def code(self, glyph: int) -> int:
        """What stands for a glyph in text shown with its subset: its number in the full face."""
        return glyph

    def resource(self, glyph: int) -> str:
        """The name of the subset that carries a glyph."""
        return self._prefix if self.family is not LATIN or glyph in self.base else f"{self._prefix}{glyph >> 8}"

    def glyphs(self, resource: str) -> frozenset[int]:
        """The glyph numbers that a subset carries."""
        chunk = resource.removeprefix(self._prefix)
        if not chunk:
            return self.base
        first = int(chunk) << 8
        return frozenset(range(first, min(first + 256, self.font.face.glyph_count))) - self.base

    def resources(self) -> list[str]:
        """The names of all subsets of this face."""
        chunks = range((self.font.face.glyph_count >> 8) + 1) if self.family is LATIN else ()
        return [self._prefix, *(f"{self._prefix}{chunk}" for chunk in chunks)]


def _guard_text(count: int) -> str:
    marks = _ZERO_WIDTH_SPACE.join([chr(_LEFT_TO_RIGHT_MARK)] * count)
    return marks if count == 1 else _ZERO_WIDTH_SPACE + marks


def _forms(font: hb.Font, letters: Iterable[str], known: Mapping[int, str]) -> dict[int, str]:
    """The glyphs that letters become by their neighbours: the face has one glyph for each letter in each place."""
    found: dict[int, str] = {}
    for letter in letters:
        for before, after in _NEIGHBOURS:
            buffer = hb.Buffer()
            buffer.add_str(before + letter + after)
            buffer.guess_segment_properties()
            hb.shape(font, buffer, FEATURES)
            own = [info.codepoint for info in buffer.glyph_infos if info.cluster == len(before)]
            if len(own) == 1 and (own[0] not in known or ord(known[own[0]]) > 0xFB4F):
                found.setdefault(own[0], letter)
    return found


_NEIGHBOURS = [
    *((before, after) for before in ("", JOINER, "ل", "ب", "بل") for after in ("", JOINER, "ا", "آ", "أ", "ه", "ب")),
]

FEATURES = {"liga": False, "clig": False, "dlig": False, "frac": False}
"""Ligatures stay off, so that every letter can be found, copied and read aloud as itself."""

SHIPPED: dict[str, dict[bool, ShippedFace]] = {
    family.tag: {False: ShippedFace("Regular", family), True: ShippedFace("Bold", family)} for family in FAMILIES
}
REGULAR, BOLD = SHIPPED[""][False], SHIPPED[""][True]

_RESOURCE = re.compile(r"([RB])([a-z]*)(\d*)")


def shipped_face(resource: str) -> ShippedFace | None:
    """The shipped face that a resource is a subset of."""
    named = _RESOURCE.fullmatch(resource)
    faces = SHIPPED.get(named[2]) if named else None
    return faces[resource[0] == "B"] if faces else None
