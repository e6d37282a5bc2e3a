"""The strokes that are on a scan of a page and not on its blank: what somebody wrote, and what fell on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from handouts.scan.folds import Line, band, lines, longer
from handouts.scan.pictures import A_MM, Picture, gray

Mask = NDArray[np.bool_]

DIM = 0.83
"""Of the paper's brightness: every stroke is as dark as this throughout."""
_DARK = 0.72
"""And as dark as this somewhere."""
_DARKEST = 40
"""Of paper; what is darker all around is no paper."""
_PRINT = 0.38
"""Millimetres around print within which nothing counts: print spreads, and paper stretches."""
_CLEAR = 0.62
"""Millimetres from print that every stroke reaches somewhere: what does not is print that spread further."""
_BRIDGE = 0.65
"""Half of the millimetres of print that a stroke goes on behind, such as the line to write on."""
_SPECK = 0.12
"""Square millimetres of the smallest stroke."""
_THICK, _BLOT = 1.1, 0.3
"""Half as wide as a pen's stroke is at most, in millimetres, and the share of a stain that is thicker."""
_DOT = 1.2
"""Millimetres of the longest dot: dirt has no other strokes."""
_INKED = 0.2
"""Share of a pen's stroke that is as dark as every stroke is somewhere."""
_CELL, _IN_CELL, _COVERED = 25.0, 5.0, 0.55
"""Millimetres of a page's squares, of strokes in one that has some, and the share of such on a page that is covered.
Fully filled in, damaged pages of the simulator have a share of at most 0.32.
"""


@dataclass(frozen=True)
class Strokes:
    """What was written on a page. picture: as it was scanned, in the blank's frame.

    Strokes go by numbers from 1; what is told of each of them is an array that has its place 0 for no stroke.
    """

    picture: Picture
    blank: Picture

    @cached_property
    def _bright(self) -> NDArray[np.float32]:
        """Each pixel's part of the paper's brightness around it."""
        small = cv2.resize(self.picture, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
        paper = cv2.GaussianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), (0, 0), 3.0)
        height, width = self.picture.shape
        level = np.maximum(gray(cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)), _DARKEST)
        return np.asarray(cv2.divide(self.picture, level, dtype=cv2.CV_32F), np.float32)

    @cached_property
    def _printed(self) -> tuple[Picture, Picture]:
        """Where print is, and further around it."""
        print_ = (self.blank < 170).astype(np.uint8)
        near, far = (gray(cv2.dilate(print_, _disc(reach * A_MM))) for reach in (_PRINT, _CLEAR))
        return near, far

    @cached_property
    def _darker(self) -> Picture:
        """Whatever is darker than paper and not printed."""
        darker: Picture = ((self._bright < DIM) & (self._printed[0] == 0)).astype(np.uint8)
        return darker

    @cached_property
    def lines(self) -> list[Line]:
        """Straight lines that no pen drew."""
        return lines(self._darker, self._printed[0])

    @cached_property
    def _mask(self) -> Picture:
        """The same without those lines."""
        mask = self._darker.copy()
        for line in self.lines:
            left, top, right, bottom = longer(line)
            cv2.line(mask, (left, top), (right, bottom), (0,), round(2 * band(line) * A_MM))
        return mask

    @cached_property
    def labels(self) -> NDArray[np.int32]:
        """Each pixel's stroke: 0 where there is none."""
        joined = gray(cv2.morphologyEx(self._mask, cv2.MORPH_CLOSE, _disc(_BRIDGE * A_MM)))
        _, labels = cv2.connectedComponents(joined & self._printed[0] | self._mask, connectivity=8)
        return np.asarray(cv2.copyTo(labels, self._mask), np.int32)

    @cached_property
    def outlines(self) -> Picture:
        """1 on the rims of strokes, which are twice as long as the strokes."""
        return self._mask - gray(cv2.erode(self._mask, np.ones((3, 3), np.uint8)))

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        """Where strokes are, in the flattened picture: few pixels, so that what is told of strokes is found quickly."""
        return np.flatnonzero(self._mask.view(np.bool_))

    @cached_property
    def _numbers(self) -> NDArray[np.int32]:
        return self.labels.take(self._places)

    @cached_property
    def _inked(self) -> Mask:
        return self._bright.take(self._places) < _DARK

    def _pixels(self, which: Mask | None = None) -> NDArray[np.int64]:
        """How many of the strokes' pixels each of them has, or how many of some."""
        numbers = self._numbers if which is None else self._numbers[which]
        return np.bincount(numbers, minlength=int(self._numbers.max(initial=0)) + 1)

    @cached_property
    def counts(self) -> Mask:
        """Which strokes count: dirt and spread print do not."""
        clear = self._printed[1].take(self._places) == 0
        counts: Mask = (self._pixels(self._inked & clear) > 0) & (self._pixels() >= _SPECK * A_MM**2)
        return counts

    @cached_property
    def pens(self) -> Mask:
        """Which of them are dark enough for a pen: the edge of a stain is not."""
        pens: Mask = self.counts & (self._pixels(self._inked) > _INKED * self._pixels())
        return pens

    @cached_property
    def blots(self) -> Mask:
        """Which strokes are stains: thicker than a pen writes."""
        inner = gray(cv2.erode(self._mask, _disc(_THICK * A_MM)))
        thick = self._pixels(inner.take(self._places) > 0)
        blots: Mask = thick * (1 + _THICK * A_MM) > _BLOT * self._pixels()
        return blots

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """Outline of each stroke, in pixels."""
        return self._pixels(self.outlines.take(self._places) > 0)

    @cached_property
    def dots(self) -> Mask:
        """Which strokes are no longer than a dot."""
        dots: Mask = self.sizes <= 2 * _DOT * A_MM
        return dots

    @cached_property
    def covered(self) -> bool:
        """Whether strokes stand all over the page, as on a copy of paper that then says VOID: no pen wrote them."""
        some = slice(None, None, 3), slice(None, None, 3)  # of nine pixels: a share is wanted, and no line
        strokes = (self.pens & ~self.dots)[self.labels[some]] & (self.outlines[some] > 0)
        rows, columns = (round(side / (_CELL * A_MM)) for side in self.labels.shape)
        share = cv2.resize(strokes.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
        lengths = np.asarray(share) * (_CELL * A_MM) ** 2 / 2 / A_MM
        return bool((lengths > _IN_CELL).mean() > _COVERED)


def _disc(radius: float) -> Picture:
    side = 2 * round(radius) + 1
    return gray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
