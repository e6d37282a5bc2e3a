"""Straight lines that no pen drew: folds, streaks of a scanner, edges of copies."""

from __future__ import annotations

import cv2
import numpy as np

from handouts.scan.pictures import A_MM, Picture, gray

Line = tuple[int, int, int, int]
"""x and y of both ends, in pixels."""

_BAND, _WAVE, _ACROSS = 0.9, 1.6, 80.0
"""Millimetres on both sides of a line within which nothing counts as written; of one that is a fold, because it is so
long, the second.
"""
_LENGTH, _GAP = 35.0, 9.0
"""Of a line, at least, and of what is missing in it, at most: millimetres."""
_THIN, _AROUND = 0.6, 3.0
"""A line lies within the first of its middle; handwriting reaches as far as the second. Millimetres."""
_ALONE, _DRAWN = 0.7, 0.3
"""Shares: of what is dark around a line, how much is the line; of its length, how much is dark. Both must be had."""
_HAIR, _UNBROKEN = 0.3, 0.8
"""Or this share of its length, but for print that it crosses, is dark so near to its middle: millimetres."""
_LONG, _MISSED = 45.0, 30.0
"""Millimetres of a long line, and of what may be missing of it at each end."""
_WHITE = np.uint8(255)
"""One pixel of sixteen must not be rounded to none."""
_MOST = 60
"""Lines that are looked at, the longest first."""


def lines(mask: Picture, printed: Picture) -> list[Line]:
    """The lines of a page. mask: 1 where something is darker than paper and not printed. printed: 1 where print is."""
    half, quarter = (
        (cv2.resize(mask * _WHITE, None, fx=each, fy=each, interpolation=cv2.INTER_AREA) > 0).astype(np.uint8)
        for each in (0.5, 0.25)
    )
    length, gap = (round(each * A_MM / 4) for each in (_LENGTH, _GAP))
    found = cv2.HoughLinesP(quarter, 1, np.pi / 360, length // 2, minLineLength=length, maxLineGap=gap)
    if found is None:
        return []
    ends = 2 * found.reshape(-1, 4)
    longest = np.argsort(-np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]))[:_MOST]
    print_ = printed[::2, ::2]
    kept = [each for each in ends[longest] if _is_alone(gray(half), print_, each.astype(np.float64))]
    return [
        (2 * left, 2 * top, 2 * right, 2 * bottom) for left, top, right, bottom in (map(int, each) for each in kept)
    ]


def band(line: Line) -> float:
    """Millimetres on both sides of a line within which nothing counts as written."""
    left, top, right, bottom = line
    return _WAVE if np.hypot(right - left, bottom - top) > _ACROSS * A_MM else _BAND


def longer(line: Line) -> Line:
    """A line with what may be missing of it at both ends, if it is long: where others cross it, it seems to end."""
    left, top, right, bottom = line
    length = float(np.hypot(right - left, bottom - top))
    if length < _LONG * A_MM:
        return line
    more = _MISSED * A_MM / length
    x, y = round((right - left) * more), round((bottom - top) * more)
    return left - x, top - y, right + x, bottom + y


def _is_alone(half: Picture, print_: Picture, ends: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> bool:
    """Whether a line is thin and stands alone all along, which a line through a row of words does not."""
    start, way = ends[:2], ends[2:] - ends[:2]
    length = float(np.hypot(*way))
    along = np.linspace(0, 1, round(length))[None, :, None]
    reach = round(_AROUND * A_MM / 2)
    aside = np.arange(-reach, reach + 1)[:, None, None]
    points = np.rint(start + along * way + aside * np.array([-way[1], way[0]]) / length).astype(int)
    height, width = half.shape
    rows, columns = points[..., 1].clip(0, height - 1), points[..., 0].clip(0, width - 1)
    dark = half[rows, columns]
    thin, hair = (round(each * A_MM / 2) for each in (_THIN, _HAIR))
    middle, core = (dark[reach - each : reach + each + 1] for each in (thin, hair))
    if middle.sum() > _ALONE * dark.sum() and middle.any(axis=0).mean() > _DRAWN:
        return True
    paper = print_[rows[reach], columns[reach]] == 0
    return bool(paper.sum() > length / 2 and core.any(axis=0)[paper].mean() > _UNBROKEN)
