"""Chinese, Japanese and Korean: fonts too large to ship, so they are looked up among those of this machine.

Ideographs of one code point differ from region to region; the face is the region's own where this machine has it.
What is embedded are subsets of 32 neighbouring glyphs, made when first needed (`handouts[cjk]` brings fontTools) and
kept for all packets. Outlines of either kind become TrueType, so that all fonts of a file are of one kind.
"""

from __future__ import annotations

import io
import os
import struct
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import uharfbuzz as hb

from handouts.layout.families import Weight

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

CHUNK = 5
"""A subset holds 2**5 glyphs: a name of three ideographs brings three small subsets."""


def _folders() -> tuple[Path, ...]:
    """Where this system keeps fonts."""
    home = Path.home()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", str(home / "AppData" / "Local"))
        return (
            Path(os.environ.get("WINDIR", "C:\\Windows")) / "Fonts",
            Path(local) / "Microsoft" / "Windows" / "Fonts",
        )
    if sys.platform == "darwin":
        return Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts"
    data = os.environ.get("XDG_DATA_HOME", str(home / ".local" / "share"))
    return Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path(data) / "fonts", home / ".fonts"


FOLDERS = _folders()


@dataclass(frozen=True)
class _Region:
    """Whose shapes. collection: its place in the collections of Noto Sans CJK and Source Han Sans.

    files: names without the ending, regular and bold, the better ones first.
    """

    tag: str
    collection: int
    files: tuple[tuple[str, str], ...]


_COLLECTIONS = (("NotoSansCJK-Regular", "NotoSansCJK-Bold"), ("SourceHanSans-Regular", "SourceHanSans-Bold"))
_REGIONS = {
    "JP": _Region(
        "jpan",
        0,
        (
            ("NotoSansCJKjp-Regular", "NotoSansCJKjp-Bold"),
            ("NotoSansJP-Regular", "NotoSansJP-Bold"),
            ("SourceHanSansJP-Regular", "SourceHanSansJP-Bold"),
            ("YuGothR", "YuGothB"),
            ("meiryo", "meiryob"),
            ("ヒラギノ角ゴシック W3", "ヒラギノ角ゴシック W6"),
        ),
    ),
    "KR": _Region(
        "kore",
        1,
        (
            ("NotoSansCJKkr-Regular", "NotoSansCJKkr-Bold"),
            ("NotoSansKR-Regular", "NotoSansKR-Bold"),
            ("SourceHanSansKR-Regular", "SourceHanSansKR-Bold"),
            ("malgun", "malgunbd"),
            ("NanumGothic", "NanumGothicBold"),
            ("AppleSDGothicNeo", "AppleSDGothicNeo"),
        ),
    ),
    "CN": _Region(
        "hans",
        2,
        (
            ("NotoSansCJKsc-Regular", "NotoSansCJKsc-Bold"),
            ("NotoSansSC-Regular", "NotoSansSC-Bold"),
            ("SourceHanSansCN-Regular", "SourceHanSansCN-Bold"),
            ("msyh", "msyhbd"),
            ("Hiragino Sans GB", "Hiragino Sans GB"),
            ("wqy-microhei", "wqy-microhei"),
        ),
    ),
    "TW": _Region(
        "hant",
        3,
        (
            ("NotoSansCJKtc-Regular", "NotoSansCJKtc-Bold"),
            ("NotoSansTC-Regular", "NotoSansTC-Bold"),
            ("SourceHanSansTW-Regular", "SourceHanSansTW-Bold"),
            ("msjh", "msjhbd"),
            ("STHeiti Medium", "STHeiti Medium"),
        ),
    ),
}
_ENDINGS = {".ttc", ".otc", ".otf", ".ttf"}
_WANTED = {"Regular": 400, "Bold": 700}
_NO_EMBEDDING, _NO_SUBSETS, _BITMAPS_ONLY = 0x0002, 0x0100, 0x0200


@dataclass(frozen=True)
class SystemFace:
    """One weight of a face that this machine has. index: its place in a collection."""

    weight: Weight
    tag: str
    path: Path
    index: int

    @property
    def name(self) -> str:
        """A PostScript name."""
        return "".join(filter(str.isalnum, self.path.stem.encode("ascii", "ignore").decode())) or self.tag

    @cached_property
    def font(self) -> hb.Font:
        """For HarfBuzz, 1000 units an em."""
        font = hb.Font(hb.Face(hb.Blob.from_file_path(str(self.path)), self.index))
        font.scale = (1000, 1000)
        return font

    @cached_property
    def characters(self) -> dict[int, str]:
        """Glyph number → its character; ideographs before the radicals and doubles that look like them."""
        found: dict[int, str] = {}
        for code in sorted(self.font.face.unicodes, key=lambda code: (_is_double(code), code)):
            glyph = self.font.get_nominal_glyph(code)
            if glyph is not None:
                found.setdefault(glyph, chr(code))
        return found

    def advance(self, glyph: int) -> int:
        """How far a glyph moves the pen on its own, in 1/1000 em."""
        return int(self.font.get_glyph_h_advance(glyph))

    def code(self, glyph: int) -> int:
        """A glyph's number in its subset."""
        return 1 + glyph % (1 << CHUNK)

    def resource(self, glyph: int) -> str:
        """The name of the subset that carries a glyph."""
        return f"{self.weight[0]}{self.tag}{glyph >> CHUNK}"

    def glyphs(self, resource: str) -> frozenset[int]:
        """The glyph numbers that a subset carries."""
        first = int(resource.removeprefix(self.weight[0] + self.tag)) << CHUNK
        return frozenset(range(first, min(first + (1 << CHUNK), self.font.face.glyph_count))) - {0}

    @cached_property
    def _outlines(self) -> TTFont:
        from fontTools.ttLib import TTFont

        whole = io.BytesIO(self.path.read_bytes())
        return TTFont(whole, fontNumber=self.index, lazy=True, recalcTimestamp=False)

    def subset(self, resource: str) -> bytes:
        """A TrueType file with the glyphs of `resource`, numbered by `code`; the same bytes every time."""
        from fontTools.fontBuilder import FontBuilder
        from fontTools.pens.cu2quPen import Cu2QuPen
        from fontTools.pens.recordingPen import DecomposingRecordingPen
        from fontTools.pens.ttGlyphPen import TTGlyphPen

        source = self._outlines
        shapes, em = source.getGlyphSet(), source["head"].unitsPerEm
        drawn = {".notdef": TTGlyphPen(None).glyph()}
        widths = {".notdef": (em, 0)}
        for glyph in sorted(self.glyphs(resource)):
            name, code = source.getGlyphName(glyph), f"g{self.code(glyph)}"
            recorded, pen = DecomposingRecordingPen(shapes), TTGlyphPen(None)
            shapes[name].draw(recorded)
            recorded.replay(pen if "glyf" in source else Cu2QuPen(pen, em / 1000, reverse_direction=True))
            drawn[code] = pen.glyph()
            widths[code] = (source["hmtx"][name][0], 0)
        order = [".notdef", *(f"g{code}" for code in range(1, (1 << CHUNK) + 1))]
        for code in order:
            drawn.setdefault(code, TTGlyphPen(None).glyph())
            widths.setdefault(code, (em, 0))
        builder = FontBuilder(em, isTTF=True)
        builder.setupGlyphOrder(order)
        builder.setupGlyf(drawn)
        bearings = builder.font["glyf"]
        builder.setupHorizontalMetrics(
            {name: (width, getattr(bearings[name], "xMin", 0)) for name, (width, _) in widths.items()}
        )
        builder.setupHorizontalHeader(ascent=em * 88 // 100, descent=-em * 12 // 100)
        builder.setupMaxp()
        builder.updateHead(created=0, modified=0)
        builder.font.recalcTimestamp = False
        out = io.BytesIO()
        builder.save(out)
        return out.getvalue()


def _is_double(code: int) -> bool:
    return 0x2E80 <= code < 0x2FE0 or 0xF900 <= code < 0xFB00 or 0x2F800 <= code < 0x2FA20 or 0xE000 <= code < 0xF900


# -- looking up ------------------------------------------------------------------------------------


@cache
def face_for(character: str, bold: bool, region: str) -> SystemFace | None:
    """A face that prints a character: the region's, else one that has it. None: this machine has none."""
    first = region or _region_of(character)
    for one in (first, *(each for each in _REGIONS if each != first)):
        for weight in ("Bold", "Regular") if bold else ("Regular",):
            face = _face(one, weight)
            if face and face.font.get_nominal_glyph(ord(character)):
                return face
    return None


def _region_of(character: str) -> str:
    code = ord(character)
    if 0x3040 <= code < 0x3100 or 0x31F0 <= code < 0x3200 or 0xFF65 <= code < 0xFFA0:
        return "JP"
    if 0x1100 <= code < 0x1200 or 0x3130 <= code < 0x3190 or 0xA960 <= code < 0xA980 or 0xAC00 <= code < 0xD800:
        return "KR"
    return "CN"


@cache
def system_face(resource: str) -> SystemFace:
    """The face that a resource is a subset of. Raises LookupError for one that was never handed out."""
    tag = resource[1:].rstrip("0123456789")
    region = next(name for name, each in _REGIONS.items() if each.tag == tag)
    face = _face(region, "Bold" if resource[0] == "B" else "Regular")
    if face is None:
        raise LookupError(resource)
    return face


@cache
def subset_file(resource: str) -> tuple[bytes, int]:
    """A subset deflated, and its length before that, in bytes."""
    data = system_face(resource).subset(resource)
    return zlib.compress(data, 9), len(data)


@cache
def _face(region: str, weight: Weight) -> SystemFace | None:
    """The best face of a region, if it may be embedded."""
    if find_spec("fontTools") is None:
        return None
    found, named = _files(FOLDERS), _REGIONS[region]
    bold = weight == "Bold"
    for pair in (*_COLLECTIONS, *named.files):
        path = found.get(pair[bold])
        if path is None:
            continue
        index = named.collection if pair in _COLLECTIONS else _nearest(path, _WANTED[weight])
        if index is not None and _embeddable(path, index):
            return SystemFace(weight, named.tag, path, index)
    return None


@cache
def _files(folders: Sequence[Path]) -> dict[str, Path]:
    """Font files by name without ending; of two with one name the first in order."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(_walk(folder)):
            found.setdefault(path.stem, path)
    return found


def _walk(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        yield from (Path(parent) / name for name in names if Path(name).suffix.lower() in _ENDINGS)


def _nearest(path: Path, weight: int) -> int | None:
    """The face of a file whose weight is nearest, if it is near enough to be told from the other."""
    count = hb.Face(hb.Blob.from_file_path(str(path))).count
    weights = [(abs(_os2(path, index)[0] - weight), index) for index in range(count)]
    away, index = min(weights, default=(1000, 0))
    return index if away <= 150 else None


def _embeddable(path: Path, index: int) -> bool:
    """Whether the font's licence bits (OS/2 fsType) allow a subset of its outlines in a document."""
    return not _os2(path, index)[1] & (_NO_EMBEDDING | _NO_SUBSETS | _BITMAPS_ONLY)


def _os2(path: Path, index: int) -> tuple[int, int]:
    """Weight and licence bits."""
    face = hb.Face(hb.Blob.from_file_path(str(path)), index)
    data = face.reference_table("OS/2").data
    if len(data) < 10:
        return 0, _NO_EMBEDDING
    _, _, weight, _, licence = struct.unpack(">HhHHH", data[:10])
    return weight, licence


def forget() -> None:
    """Look fonts up anew, after `FOLDERS` has changed."""
    for cached in (face_for, system_face, subset_file, _face, _files):
        cached.cache_clear()
