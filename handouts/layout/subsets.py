"""Font subsets as they are embedded. `make fonts` makes them once; they are shipped, so no run has to."""

from __future__ import annotations

import io
import zlib
from functools import cache
from typing import TYPE_CHECKING

from handouts.layout.families import FOLDER, SHIPPED, ShippedFace, shipped_face

if TYPE_CHECKING:
    from fontTools.ttLib.tables._g_l_y_f import Glyph

_SUBSETS = FOLDER / "subsets"
_UNSEEN = (0x34F, *range(0x200B, 0x2010), 0x2060, 0xFEFF)
"""Joiners and marks of direction: some faces draw them, for people who look for them."""

_DROPPED = ["GPOS", "GSUB", "GDEF", "DSIG", "gasp", "STAT", "BASE", "MATH", "kern", "meta"]


def subset_file(resource: str) -> tuple[bytes, int]:
    """A subset deflated, and its length before that, in bytes."""
    if shipped_face(resource) is None:
        from handouts.layout import system_fonts

        return system_fonts.subset_file(resource)
    return _shipped_file(resource)


@cache
def _shipped_file(resource: str) -> tuple[bytes, int]:
    deflated = (_SUBSETS / f"{resource}.z").read_bytes()
    return deflated, len(zlib.decompress(deflated))


def make_subset(face: ShippedFace, resource: str) -> bytes:
    """The TrueType file with only the glyphs of `resource`, numbered as in the full face; the same bytes every time.

    Needs fontTools, which the program itself does not.
    """
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(
        retain_gids=True,
        layout_features=[],
        drop_tables=_DROPPED,
        hinting=False,
        notdef_outline=True,
        glyph_names=False,
    )
    options.recalc_timestamp = False
    font = TTFont(face.path, recalcTimestamp=False)
    chosen = subset.Subsetter(options)
    chosen.populate(gids=sorted(face.glyphs(resource)))
    chosen.subset(font)
    for glyph in {face.font.get_nominal_glyph(code) for code in _UNSEEN} & face.glyphs(resource):
        font["glyf"][font.getGlyphName(glyph)] = _empty()
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _empty() -> Glyph:
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    return Glyph()


def write_subsets() -> None:
    """Make every shipped subset anew."""
    _SUBSETS.mkdir(exist_ok=True)
    for face in (face for weights in SHIPPED.values() for face in weights.values()):
        for resource in face.resources():
            (_SUBSETS / f"{resource}.z").write_bytes(zlib.compress(make_subset(face, resource), 9))


if __name__ == "__main__":
    write_subsets()
