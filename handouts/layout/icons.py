"""A risk as an icon array: a grid of marks, of which the first are filled and the others are outlines.

Filled or empty is seen by everybody and survives a gray printer; a colour would not. Figures of people are remembered
best (Zikmund-Fisher and others, Medical Decision Making 34:443, 2014), and marks that stand out are judged best when
they stand together (Ancker and others, Medical Decision Making 31:143, 2011).
"""

from __future__ import annotations

import itertools
from functools import cache
from typing import NamedTuple

from handouts.layout.pen import number
from handouts.layout.style import INK
from handouts.layout.xobject import XObject
from handouts.library.document import Icon


class _Grid(NamedTuple):
    """How marks stand. columns: in a row, with a gap after every ten. line: the width of outlines."""

    columns: int
    line: float


class _Mark(NamedTuple):
    """A mark in a cell 10 units wide. height: of the cell. path: from the cell's lower left corner."""

    height: float
    path: bytes


_CELL = 10.0
_BY_TEN = 10
_GAP = 5.0
_GRIDS = {100: _Grid(20, 0.35), 1000: _Grid(50, 0.5)}
_OUTLINE = b"0 G"
"""Black: a printer would make dots of a thin gray line."""


def _circle(x: float, y: float, radius: float) -> bytes:
    """A circle of four Bézier curves."""
    bow = radius * 0.5523
    steps = [
        (radius, bow, bow, radius, 0, radius),
        (-bow, radius, -radius, bow, -radius, 0),
        (-radius, -bow, -bow, -radius, 0, -radius),
        (bow, -radius, radius, -bow, radius, 0),
    ]
    curves = [b" ".join(number(each + (y if at % 2 else x)) for at, each in enumerate(step)) for step in steps]
    return b"%s %s m %s c h" % (number(x + radius), number(y), b" c ".join(curves))


_MARKS: dict[Icon, _Mark] = {
    "people": _Mark(
        12.5, _circle(5, 9.3, 1.9) + b" 1.7 1 m 1.7 4 l 1.7 5.8 3 6.6 5 6.6 c 7 6.6 8.3 5.8 8.3 4 c 8.3 1 l h"
    ),
    "times": _Mark(10.0, _circle(5, 5, 3.5)),
}


@cache
def icon_array(icon: Icon, affected: int, of: int) -> XObject:
    """`of` marks, 100 or 1000, row by row from the top, each row from the left; the first `affected` are filled."""
    grid, mark = _GRIDS[of], _MARKS[icon]
    rows = of // grid.columns
    width, height = _length(grid.columns, _CELL), _length(rows, mark.height)
    painted = [b"%s w %s RG %s rg" % (number(grid.line), INK, INK)]
    x, y = 0.0, 0.0
    for count, (row, column) in enumerate(itertools.product(range(rows), range(grid.columns))):
        if count == affected:
            painted.append(_OUTLINE)
        left, low = _length(column, _CELL, ends=False), height - _length(row, mark.height, ends=False) - mark.height
        painted.append(b"1 0 0 1 %s %s cm %s %s" % (
            number(left - x), number(low - y), mark.path, b"B" if count < affected else b"S"
        ))  # fmt: skip
        x, y = left, low
    entries = b"/Type/XObject/Subtype/Form/BBox[0 0 %s %s]/Matrix[%.8f 0 0 %.8f 0 0]/Resources<<>>" % (
        number(width), number(height), 1 / width, 1 / height
    )  # fmt: skip
    return XObject(width / height, entries, b"\n".join(painted))


def _length(cells: int, each: float, *, ends: bool = True) -> float:
    """The length of so many cells in a row, with a gap after every ten; with `ends`, none after the last."""
    return cells * each + (cells - ends) // _BY_TEN * _GAP
