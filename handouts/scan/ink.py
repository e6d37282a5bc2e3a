"""What a pen left on a page: the strokes that are on the scan and not on its blank, and whose field they are in.

Nothing is called signed below the thresholds, and nothing empty above them: what lies between, what runs in from
elsewhere, and what stands on a field that cannot be seen well, is for a person to look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from handouts.layout.atoms import FieldKind
from handouts.run.manifest import FieldBox
from handouts.scan.folds import Line, band, lines, longer
from handouts.scan.model import FieldReading, Ink
from handouts.scan.pictures import A_MM, A_POINT, Picture, gray, png

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is asked of a kind of field. Lengths in millimetres.

    signed: length of strokes from which it is signed. empty: up to which it is empty. rim: how far handwriting may run
    in from the sides, from above and from below. core: length of the strokes that must lie further in than that; of a
    box to tick it is asked instead where the middle of all that is in and around it lies.
    spread: how tall and wide nine tenths of them are at least. around: left, top, right, bottom: how much further than
    the box strokes are looked for.
    """

    signed: float
    empty: float
    rim: tuple[float, float, float]
    core: float
    spread: float
    around: tuple[float, float, float, float]


_IN_BOX, _AROUND_BOX = 0.5, 2.0
"""Millimetres around a box to tick within which strokes count as in it, and as around it."""
_INSIDE, _OFF_CENTRE = 0.75, 0.5
"""Share of what is in and around a box that is in it, at least; and of half its side, how far from its own middle the
middle of all that lies, at most. Otherwise it may belong to a circle, or to the box next door.
"""

RULES: dict[FieldKind, Rule] = {
    "signature": Rule(13.0, 1.6, (7.0, 3.0, 0.0), 6.0, 1.5, (1.0, 1.0, 1.0, 1.0)),
    "date": Rule(12.0, 1.6, (7.0, 3.0, 0.0), 6.0, 1.5, (1.0, 1.0, 1.0, 1.0)),
    "time": Rule(9.0, 1.6, (7.0, 3.0, 0.0), 5.0, 1.5, (1.0, 1.0, 1.0, 1.0)),
    "initials": Rule(6.0, 1.6, (2.5, 3.0, 3.0), 2.5, 1.5, (0.5, 0.5, 0.5, 0.5)),
    "tick": Rule(2.4, 0.4, (0.0, 0.0, 0.0), 0.0, 0.8, (_IN_BOX,) * 4),
}

_DARK, _DIM = 0.72, 0.83
"""Of the paper's brightness: every stroke is as dark as the first somewhere, and as dark as the second throughout."""
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
_OWN = 0.5
"""Share of a stroke that lies in a field for the stroke to be the field's."""
_DOT = 1.2
"""Millimetres of the longest dot: dirt has no other strokes."""
_INKED = 0.2
"""Share of a pen's stroke that is as dark as every stroke is somewhere."""
_LEANING, _CROSSING = 8.0, 2.5
"""Millimetres that a line which only crosses a field from top to bottom is wide at most, and from side to side."""
_BODY = 0.09
"""Share of a pen's strokes that is no outline: a hair has less."""
_CIRCLE, _MOST_OF_A_CIRCLE = 2.8, 4
"""Millimetres from a box within which a circle around it is looked for, and in how many of eight directions."""
_SHADED, _DARK_GRAY = 0.45, 110
"""Share of a field that is dark: something lies on it. So it does where half of it is dimmer than the paper beside."""
_CELL, _IN_CELL, _COVERED = 25.0, 5.0, 0.55
"""Millimetres of a page's squares, of strokes in one that has some, and the share of such on a page that is covered.
Fully filled in, damaged pages of the simulator have a share of at most 0.32.
"""
_BESIDE = 15.0
"""Millimetres around a field within which that paper is looked for."""


@dataclass(frozen=True)
class Strokes:
    """What was written on a page. picture: as it was scanned, in the blank's frame."""

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
    def _mask(self) -> Picture:
        """Whatever is darker than paper and not printed."""
        mask: Picture = ((self._bright < _DIM) & (self._printed[0] == 0)).astype(np.uint8)
        return mask

    @cached_property
    def _lines(self) -> list[Line]:
        return lines(self._mask, self._printed[0])

    @cached_property
    def _labelled(self) -> tuple[NDArray[np.int32], Mask, Picture]:
        """Strokes by number, which numbers count, and the strokes' outlines."""
        _, far = self._printed
        mask = self._mask.copy()
        for line in self._lines:
            left, top, right, bottom = longer(line)
            cv2.line(mask, (left, top), (right, bottom), (0,), round(2 * band(line) * A_MM))
        joined = gray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _disc(_BRIDGE * A_MM))) & self._printed[0] | mask
        count, whole = cv2.connectedComponents(joined, connectivity=8)
        labels = np.asarray(cv2.copyTo(whole, mask), np.int32)
        places = np.flatnonzero(mask.view(np.bool_))
        strokes = labels.take(places)
        inked = strokes[(self._bright.take(places) < _DARK) & (far.take(places) == 0)]
        counts: Mask = (np.bincount(inked, minlength=count) > 0) & (
            np.bincount(strokes, minlength=count) >= _SPECK * A_MM**2
        )
        outlines = mask - gray(cv2.erode(mask, np.ones((3, 3), np.uint8)))
        return labels, counts, outlines

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        """Where strokes are, as places in a flattened picture: few, so that whatever is counted is counted quickly."""
        return np.flatnonzero(self._labelled[0] > 0)

    @cached_property
    def _pens(self) -> Mask:
        """Which strokes are dark enough for a pen: the edge of a stain is not."""
        labels, counts, _ = self._labelled
        strokes = labels.take(self._places)
        dark = np.bincount(strokes[self._bright.take(self._places) < _DARK], minlength=len(counts))
        pens: Mask = dark > _INKED * np.bincount(strokes, minlength=len(counts))
        return pens

    @cached_property
    def _blots(self) -> Mask:
        """Which strokes are stains: thicker than a pen writes."""
        labels, counts, _ = self._labelled
        strokes = labels.take(self._places)
        inner = gray(cv2.erode((labels > 0).astype(np.uint8), _disc(_THICK * A_MM)))
        thick = np.bincount(strokes[inner.take(self._places) > 0], minlength=len(counts))
        blots: Mask = thick * (1 + _THICK * A_MM) > _BLOT * np.bincount(strokes, minlength=len(counts))
        return blots

    @cached_property
    def _sizes(self) -> NDArray[np.int64]:
        """Outline of each stroke, in pixels."""
        labels, counts, outlines = self._labelled
        edges = labels.take(self._places)[outlines.take(self._places) > 0]
        return np.bincount(edges, minlength=len(counts))

    @cached_property
    def _covered(self) -> bool:
        """Whether strokes stand all over the page, as on a copy of paper that then says VOID: no pen wrote them."""
        labels, counts, outlines = self._labelled
        some = slice(None, None, 3), slice(None, None, 3)  # of nine pixels: a share is wanted, and no line
        strokes = (counts & self._pens & (self._sizes > 2 * _DOT * A_MM))[labels[some]] & (outlines[some] > 0)
        rows, columns = (round(side / (_CELL * A_MM)) for side in labels.shape)
        share = cv2.resize(strokes.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
        lengths = np.asarray(share) * (_CELL * A_MM) ** 2 / 2 / A_MM
        return bool((lengths > _IN_CELL).mean() > _COVERED)

    def reading(self, number: int, field: FieldBox) -> FieldReading:
        """What is written in a field. number: its place among those of its page."""
        state, length = self._state(field)
        return FieldReading(
            number=number,
            kind=field.kind,
            name=field.name,
            optional=field.optional,
            state=state,
            length=round(length, 1),
            picture=png(self._around(field)) if state is Ink.LOOK else b"",
        )

    def _state(self, field: FieldBox) -> tuple[Ink, float]:
        """Whether something is written in a field, and the length of its own strokes in millimetres."""
        rule = RULES[field.kind]
        rows, columns = self._room(field, rule.around)
        labels, _, outlines = self._labelled
        own = self._own(field, rows, columns)
        mine, edge = own[labels[rows, columns]], outlines[rows, columns] > 0
        length, foreign = (float(each.sum()) / 2 / A_MM for each in (mine & edge, ~mine & edge))
        if self._hidden(field, rows, columns):
            return Ink.LOOK, length
        if length + foreign <= rule.empty:
            doubtful = self._circled(field) or self._crossed(rows, columns)
            return (Ink.LOOK if doubtful else Ink.EMPTY), length
        meant = self._is_centred(field) if field.kind == "tick" else self._core(field, own) >= rule.core
        written = length >= rule.signed and meant and _is_writing(mine, edge, rule)
        return (Ink.SIGNED if written and not self._covered else Ink.LOOK), length

    def _own(self, field: FieldBox, rows: slice, columns: slice) -> Mask:
        """Which strokes are the field's: those of a pen that lie mostly in it; of a box to tick, which people fill and
        go beyond, all of a pen.
        """
        labels, counts, outlines = self._labelled
        own: Mask = counts & self._pens
        if field.kind == "tick":
            return own
        within = labels[rows, columns]
        here = np.bincount(within[outlines[rows, columns] > 0], minlength=len(counts))
        own &= here > _OWN * np.maximum(self._sizes, 1)
        return own & ~self._blots & ~self._crossing(within, own) & (self._sizes > 2 * _DOT * A_MM)

    def _core(self, field: FieldBox, own: Mask) -> float:
        """Length of a field's own strokes further in than handwriting runs in from next door, in millimetres."""
        across, above, below = (-each for each in RULES[field.kind].rim)
        rows, columns = self._room(field, (across, above, across, below))
        labels, _, outlines = self._labelled
        return float((own[labels[rows, columns]] & (outlines[rows, columns] > 0)).sum()) / 2 / A_MM

    def _room(self, field: FieldBox, around: tuple[float, float, float, float]) -> tuple[slice, slice]:
        left, bottom, right, top = field.box
        height = self.blank.shape[0] / A_POINT
        more = [each * A_MM for each in around]
        return (
            slice(max(0, round((height - top) * A_POINT - more[1])), round((height - bottom) * A_POINT + more[3])),
            slice(max(0, round(left * A_POINT - more[0])), round(right * A_POINT + more[2])),
        )

    @staticmethod
    def _crossing(within: NDArray[np.int32], own: Mask) -> Mask:
        """Which strokes run through a field, from edge to edge, and take little of it."""
        crossing = np.zeros_like(own)
        edges = (within[:3], within[-3:], _LEANING), (within[:, :3], within[:, -3:], _CROSSING)
        for first, last, wide in edges:
            for number in np.intersect1d(first, last):
                if own[number]:
                    ys, xs = np.nonzero(within == number)
                    crossing[number] |= min(np.ptp(ys), np.ptp(xs)) < wide * A_MM
        return crossing

    def _is_centred(self, field: FieldBox) -> bool:
        """Whether what a pen left in and around a box lies in its middle, and little of it outside."""
        rows, columns = self._room(field, (_AROUND_BOX,) * 4)
        labels, counts, _ = self._labelled
        strokes = (counts & self._pens)[labels[rows, columns]]
        rim = round((_AROUND_BOX - _IN_BOX) * A_MM)
        height, width = strokes.shape
        ys, xs = np.nonzero(strokes)
        off = max(abs(ys.mean() - height / 2), abs(xs.mean() - width / 2)) if len(ys) else height
        side = (field.box[3] - field.box[1]) * A_POINT
        return bool(strokes[rim:-rim, rim:-rim].sum() >= _INSIDE * len(ys) and off <= _OFF_CENTRE * side / 2)

    def _crossed(self, rows: slice, columns: slice) -> bool:
        """Whether a line that may be a fold runs through a field: what was written along it would not be seen."""
        room = columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start
        ends = (longer(line) for line in self._lines)
        return any(cv2.clipLine(room, (left, top), (right, bottom))[0] for left, top, right, bottom in ends)

    def _circled(self, field: FieldBox) -> bool:
        """Whether a stroke goes around a box."""
        if field.kind != "tick":
            return False
        rows, columns = self._room(field, (_CIRCLE,) * 4)
        labels, counts, _ = self._labelled
        strokes = counts[labels[rows, columns]]
        rim = round((_CIRCLE - 0.3) * A_MM)
        strokes[rim:-rim, rim:-rim] = False
        ys, xs = np.nonzero(strokes)
        height, width = strokes.shape
        eighths = np.floor(np.arctan2(ys - height / 2, xs - width / 2) / (np.pi / 4)).astype(int)
        return len(np.unique(eighths)) >= _MOST_OF_A_CIRCLE

    def _around(self, field: FieldBox) -> Picture:
        rows, columns = self._room(field, (6.0, 6.0, 6.0, 6.0))
        return np.ascontiguousarray(self.picture[rows, columns])

    def _hidden(self, field: FieldBox, rows: slice, columns: slice) -> bool:
        """Whether something lies on a field: a stain, a scanner's rim, another sheet, a flag to show where to sign."""
        own = self.picture[rows, columns]
        if (cv2.blur(own, (9, 9)) < _DARK_GRAY).mean() > _SHADED:
            return True
        around = self.picture[self._room(field, (_BESIDE,) * 4)]
        return bool(field.kind != "tick" and np.median(own) < _DIM * np.percentile(around, 90))


def unread(fields: Sequence[FieldBox], page: bytes) -> tuple[FieldReading, ...]:
    """The fields of a page that could not be laid over its blank: nothing is said of them. page: its picture."""
    return tuple(
        FieldReading(
            number=number,
            kind=each.kind,
            name=each.name,
            optional=each.optional,
            state=Ink.LOOK,
            length=0.0,
            picture=page,
        )
        for number, each in enumerate(fields)
    )


def _is_writing(mine: Mask, edge: Mask, rule: Rule) -> bool:
    """Whether strokes have a pen's body, and are as tall and wide as handwriting is. edge: outlines of all strokes."""
    ys, xs = np.nonzero(mine)
    return bool((mine & ~edge).sum() > _BODY * len(ys) and min(_spread(ys), _spread(xs)) >= rule.spread)


def _spread(places: NDArray[np.int64]) -> float:
    """Millimetres from the first twentieth of some pixels' places to the last."""
    first, last = np.percentile(places, [5, 95])
    return float(last - first) / A_MM


def _disc(radius: float) -> Picture:
    side = 2 * round(radius) + 1
    return gray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
