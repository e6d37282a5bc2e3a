"""Text shaped by HarfBuzz into glyph codes, each stretch in the face that has its letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise

import uharfbuzz as hb

from handouts.errors import MissingGlyphError
from handouts.layout.bidi import is_right_to_left
from handouts.layout.families import (
    BOLD,
    FEATURES,
    JOINER,
    LATIN,
    NON_JOINER,
    REGULAR,
    SHIPPED,
    Face,
    family_of,
    shipped_face,
)

_WHOLE_LETTERS = {**FEATURES, "ccmp": False}
"""For text without marks of its own: the face would take letters such as ị apart, and readers lose their order."""

_CONTROLS = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Tell the direction of text, or where it may break; they print nothing."""

_PRESENTATION_FORMS = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")


@dataclass(frozen=True, slots=True)
class Segment:
    """Glyphs of one subset at one height above the baseline.

    font: the resource's name. array: the inside of a PDF TJ array. rise: in 1/1000 em.
    """

    font: str
    array: bytes
    rise: int = 0


@dataclass(frozen=True, slots=True)
class Unit:
    """Glyphs of a right-to-left run that stand in their order on paper; the units of a run are in reading order.

    left, width: where the unit begins and how far it moves the pen, in 1/1000 em from the run's left edge.
    actual: its text, where its glyphs do not tell it.
    """

    segments: tuple[Segment, ...]
    left: int
    width: int
    actual: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Shaped text. width: in 1/1000 em. actual: the text itself, where the glyphs alone would not tell it.

    units: instead of segments, where it is read from right to left.
    """

    width: int
    segments: tuple[Segment, ...]
    actual: str = ""
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class _Glyph:
    """A glyph and where it stands, in 1/1000 em. pen: how far the run moves on; cluster: the text's index."""

    number: int
    cluster: int
    pen: int
    right: int
    up: int


# -- which face ------------------------------------------------------------------------------------


def _stretches(text: str, bold: bool, region: str, rtl: bool) -> list[tuple[Face, str]]:
    """`text` by the face that prints it: marks, joiners and dandas stay with the letters before them."""
    held: list[tuple[Face, str]] = []
    for character in text:
        face = _face_of(character, bold, region)
        if held and (face is held[-1][0] or _stays(character, held[-1][0], rtl)):
            held[-1] = held[-1][0], held[-1][1] + character
        else:
            held.append((face, character))
    if rtl and len(held) > 1 and held[0][0] in (REGULAR, BOLD) and all(_stays(c, held[1][0], rtl) for c in held[0][1]):
        held[:2] = [(held[1][0], held[0][1] + held[1][1])]  # what stands before the first letter, as a bracket does
    return held


def _face_of(character: str, bold: bool, region: str) -> Face:
    family = family_of(character)
    if family is LATIN and ord(character) > 0x1100 and not REGULAR.font.get_nominal_glyph(ord(character)):
        from handouts.layout.system_fonts import face_for

        found = face_for(character, bold, region)
        return found or SHIPPED[LATIN.tag][bold]
    return SHIPPED[family.tag][bold]


def _stays(character: str, face: Face, rtl: bool) -> bool:
    follows = character in (JOINER, NON_JOINER, "\u0964", "\u0965") or unicodedata.category(character)[0] == "M"
    follows = follows or (rtl and face is not REGULAR and face is not BOLD)
    return follows and face.font.get_nominal_glyph(ord(character)) is not None


# -- shaping ---------------------------------------------------------------------------------------


def _shaped(face: Face, text: str, rtl: bool, around: tuple[str, str]) -> list[_Glyph]:
    """The glyphs in their order on paper. around: the text before and after, for letters that join."""
    buffer = hb.Buffer()
    latin = face is REGULAR or face is BOLD
    before, after = around
    buffer.add_str(before + text + after, len(before), len(text))
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    if rtl:
        buffer.flags = hb.BufferFlags.PRESERVE_DEFAULT_IGNORABLES
    if latin and not any(family_of(character) is not LATIN for character in text):
        marked = any(unicodedata.combining(character) for character in text)
        features = FEATURES if marked else _WHOLE_LETTERS
    else:
        features = FEATURES if rtl else {}
    hb.shape(face.font, buffer, features)
    return [
        _Glyph(info.codepoint, info.cluster - len(before), position.x_advance, position.x_offset, position.y_offset)
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    ]


def _segments(face: Face, glyphs: Sequence[_Glyph]) -> tuple[Segment, ...]:
    """TJ arrays for glyphs side by side; each moves the pen as far as the glyph's run does."""
    segments: list[Segment] = []
    for glyph in glyphs:
        kern = face.advance(glyph.number) - glyph.pen + glyph.right
        array = b"%s<%04x>%s" % (_adjust(-glyph.right), face.code(glyph.number), _adjust(kern))
        font = face.resource(glyph.number)
        if segments and (segments[-1].font, segments[-1].rise) == (font, glyph.up):
            segments[-1] = Segment(font, segments[-1].array + array, glyph.up)
        else:
            segments.append(Segment(font, array, glyph.up))
    return tuple(Segment(s.font, s.array.replace(b"><", b""), s.rise) for s in segments)


def _adjust(thousandths: int) -> bytes:
    return b"%d " % thousandths if thousandths else b""  # the space keeps two in a row apart


def _forward(face: Face, text: str, around: tuple[str, str]) -> Run:
    """A run that is read from left to right."""
    glyphs = _shaped(face, text, False, around)
    _check(face, text, glyphs)
    if face is not REGULAR and face is not BOLD:
        # a space of another font that stands alone between two of these is lost on some readers
        return Run(sum(glyph.pen for glyph in glyphs), _segments(face, glyphs), text)
    spelled = "".join(face.characters.get(glyph.number, "") for glyph in glyphs)
    faithful = spelled.replace("\u00a0", " ") == text.replace("\u00a0", " ")
    # readers take the way back for a mark as a gap between words, unless they are told the text
    moved = any(glyph.right or glyph.up for glyph in glyphs)
    width = sum(glyph.pen for glyph in glyphs)
    return Run(width, _segments(face, glyphs), text if moved or not faithful else "")


def _by_letters(text: str, bold: bool) -> Run:
    """A run of ASCII: there the Latin font looks at no more than the next letter, so nothing is shaped twice."""
    width, array = 0, b""
    for letter, following in zip(text, (*text[1:], ""), strict=True):
        pen, shown = _before_letter(letter, following, bold)
        width, array = width + pen, array + shown
    return Run(width, (Segment("B" if bold else "R", array.replace(b"><", b"")),) if text else ())


@cache
def _before_letter(letter: str, following: str, bold: bool) -> tuple[int, bytes]:
    """How far a letter moves the pen before the next one, and the inside of a TJ array."""
    face = BOLD if bold else REGULAR
    glyph, *_ = glyphs = _shaped(face, letter + following, False, ("", ""))
    _check(face, letter + following, glyphs)
    (segment,) = _segments(face, [glyph])
    return glyph.pen, segment.array


def _backward(face: Face, text: str, around: tuple[str, str]) -> Run:
    """A run that is read from right to left."""
    glyphs = _shaped(face, text, True, around)
    _check(face, text, glyphs)
    width = sum(glyph.pen for glyph in glyphs)
    units: list[Unit] = []
    kind = ""
    right = width
    for group, told in _read(face, text, glyphs):
        left = right - sum(glyph.pen for glyph in group)
        now = _kind(told) if len(told) == 1 else "told"
        actual = "" if len(group) == 1 and face.characters.get(group[0].number) == _mirrored(told) else told
        unit = Unit(_segments(face, group), left, right - left, actual)
        if now and now == kind and not actual:  # readers turn these round together
            units[-1] = _before(unit, units[-1])
        else:
            units.append(unit)
        kind = "" if actual else now
        right = left
    return Run(width, (), units=tuple(units))


def _read(face: Face, text: str, glyphs: Sequence[_Glyph]) -> Iterator[tuple[list[_Glyph], str]]:
    """Glyphs in reading order, with the text that they stand for together."""
    starts = [*sorted({glyph.cluster for glyph in glyphs}), len(text)]
    for start, end in pairwise(starts):
        group = [glyph for glyph in reversed(glyphs) if glyph.cluster == start]
        told = text[start:end]
        known = [face.characters.get(glyph.number, "") for glyph in group]
        if len(group) == len(told) and sorted(known) == sorted(told):
            for character in told:  # marks may have been put in another order
                index = known.index(character)
                known[index] = ""
                yield [group[index]], character
        else:
            yield group[::-1], told


def _kind(character: str) -> str:
    """Readers turn round letters that are read from right to left, and what is of no direction; nothing else."""
    if is_right_to_left(character):
        return "letter"
    return "neutral" if unicodedata.bidirectional(character) in ("ON", "WS", "BN") else ""


def _mirrored(text: str) -> str:
    mirrored = _MIRRORED.get(text)
    return mirrored or text


_MIRRORED = dict(zip("()[]{}<>«»‹›", ")(][}{><»«›‹", strict=True))


def _before(left: Unit, right: Unit) -> Unit:
    """Two units as one, the later one at the left."""
    joined = [*left.segments]
    for segment in right.segments:
        if joined and (joined[-1].font, joined[-1].rise) == (segment.font, segment.rise):
            joined[-1] = replace(segment, array=(joined[-1].array + segment.array).replace(b"><", b""))
        else:
            joined.append(segment)
    return Unit(tuple(joined), left.left, left.width + right.width)


def _check(face: Face, text: str, glyphs: Sequence[_Glyph]) -> None:
    if any(glyph.number == 0 for glyph in glyphs):
        lacking = {character for character in text if not face.font.get_nominal_glyph(ord(character))}
        raise MissingGlyphError.of(lacking)


def _joined(runs: Sequence[Run], text: str, rtl: bool) -> Run:
    """Runs of several faces as one."""
    if len(runs) == 1:
        return runs[0]
    width = sum(run.width for run in runs)
    if not rtl:
        actual = text if any(run.actual for run in runs) else ""
        return Run(width, tuple(segment for run in runs for segment in run.segments), actual)
    units: list[Unit] = []
    right = width
    for run in runs:
        right -= run.width
        units.extend(replace(unit, left=unit.left + right) for unit in run.units)
    return Run(width, (), units=tuple(units))


@lru_cache(maxsize=16_384)
def shape(text: str, bold: bool, rtl: bool = False, around: tuple[str, str] = ("", ""), region: str = "") -> Run:
    """`text` in Unicode's composed form (NFC), shaped, kerned.

    rtl: whether it is read from right to left. around: text of another weight that it joins. region: `JP`, `KR`, `TW`
    or `CN`, whose ideographs to print. Raises MissingGlyphError naming every character that no face has.
    """
    text = unicodedata.normalize("NFC", text)
    if text.isascii() and not rtl:
        return _by_letters(text, bold)
    text = _PRESENTATION_FORMS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    text = _CONTROLS.sub("", text)
    one = _backward if rtl else _forward
    runs: list[Run] = []
    lacking: set[str] = set()
    parts = _stretches(text, bold, region, rtl)
    for index, (face, part) in enumerate(parts):
        before = parts[index - 1][1] if index else around[0]
        after = parts[index + 1][1] if index + 1 < len(parts) else around[1]
        try:
            runs.append(one(face, part, (before[-2:], after[:2])))
        except MissingGlyphError as missing:
            lacking |= set(missing.missing)
    if lacking:
        raise MissingGlyphError.of(lacking)
    return _joined(runs, text, rtl) if runs else Run(0, ())


def face_of(resource: str) -> Face:
    """The face that a font resource is a subset of."""
    shipped = shipped_face(resource)
    if shipped is None:
        from handouts.layout.system_fonts import system_face

        return system_face(resource)
    return shipped


ASCENT, DESCENT = 1069, 293
"""From the baseline to the top and to the bottom of a line, in 1/1000 em: the hhea table of Noto Sans."""
