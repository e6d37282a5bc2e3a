"""Whether what stands at a page's foot is what its blank says there: whose page it is, which form, which packet."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from handouts.layout.style import MM, Geometry
from handouts.scan.pictures import A_MM, A_POINT, Picture, softer
from handouts.scan.registration import Registered

LEAST = 0.57
"""Likeness of a foot that is the page's own. Of 110 badly damaged pages each foot was at least 0.67 like its own, and
at most 0.39 like that of the same page of another packet.
"""
_WORD = 14.0
"""Millimetres of a line that are compared at once."""
_OFF = 1.0
"""Millimetres by which they may lie elsewhere."""
_LEAST_TALL = 8
"""Pixels of a line of the smallest print."""
_LEAST_INK = 0.03
_SOFT = 1.2
"""Pixels of the blur in which they are compared."""


def likeness(laid: Registered, blank: Picture, geometry: Geometry) -> float:
    """How like the foot's lines are, from 0 to 1: that of the line which is least alike. 1 for a foot without lines.

    The last line, the packet's id, is another for each packet.
    """
    start = len(blank) - round(geometry.bottom * A_POINT) - round(_OFF * A_MM)
    foot = blank[start:]
    scanned, printed = softer(laid.below(start), _SOFT), softer(foot, _SOFT)
    return min((_line(scanned, printed, *each) for each in _lines(foot, geometry)), default=1.0)


def _lines(blank: Picture, geometry: Geometry) -> Iterator[tuple[int, int, int, int]]:
    """Top, bottom, left and right of the lines between the code and the page's edge, in pixels."""
    height, width = blank.shape
    top, bottom = height - round(geometry.bottom * A_POINT), height - round((geometry.edge - MM) * A_POINT)
    left = round((geometry.edge + geometry.code + 5 * MM) * A_POINT)
    right = width - round(geometry.edge * A_POINT)
    dark = blank[top:bottom, left:right] < _DARK
    rows = np.flatnonzero(dark.sum(axis=1) > _RULE)
    for line in np.split(rows, np.flatnonzero(np.diff(rows) > 2) + 1):
        if len(line) > _LEAST_TALL:
            columns = np.flatnonzero(dark[line[0] : line[-1] + 1].any(axis=0))
            yield top + line[0], top + line[-1] + 1, left + columns[0], left + columns[-1] + 1


_DARK, _RULE = 140, 4


def _line(scanned: Picture, printed: Picture, top: int, bottom: int, left: int, right: int) -> float:
    """The mean likeness of a line's words."""
    word, off = round(_WORD * A_MM), round(_OFF * A_MM)
    alike: list[float] = []
    for start in range(left, max(left + 1, right - word // 2), word):
        own = printed[top:bottom, start : min(start + word, right)]
        if (own < _DARK).mean() < _LEAST_INK:
            continue
        around = scanned[top - off : bottom + off, start - off : min(start + word, right) + off]
        alike.append(float(cv2.matchTemplate(around, own, cv2.TM_CCOEFF_NORMED).max()))
    return float(np.mean(alike)) if alike else 1.0
