"""Noto Sans cut down to Latin letters beforehand, for engines that make their subset anew for every file.

Each peer would otherwise spend most of its time on the thousands of letters that no patient of the list needs. What a
clinic gave up by this, all other scripts, is not held against them either.
"""

from __future__ import annotations

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from benchmarks.work import FONTS

_LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x203B), 0x20AC, 0x2122]
_DROPPED = ["GSUB", "GDEF", "DSIG", "gasp", "STAT", "BASE", "MATH", "meta", "fpgm", "prep", "cvt "]


def latin_fonts(folder: Path) -> dict[str, Path]:
    """The files of the regular and the bold face, written into `folder` unless they are there."""
    return {weight: _latin_font(weight, folder) for weight in ("Regular", "Bold")}


def _latin_font(weight: str, folder: Path) -> Path:
    path = folder / f"NotoSans-{weight}.ttf"
    if path.is_file():
        return path
    options = subset.Options(layout_features=["kern"], drop_tables=_DROPPED, hinting=False, notdef_outline=True)
    font = TTFont(FONTS / path.name)
    cutting = subset.Subsetter(options)
    cutting.populate(unicodes=_LETTERS)
    cutting.subset(font)
    font.save(path)
    return path
