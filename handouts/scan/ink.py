"""Which fields of a page are filled in: whose strokes are in them, and whether those are handwriting.

Nothing is called signed below the thresholds, and nothing empty above them: what lies between, what runs in from
elsewhere, and what stands on a field that cannot be seen well, is for a person to look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from handouts.model import FieldKind
from handouts.run.manifest import FieldBox
from handouts.scan.folds import longer
from handouts.scan.model import FieldReading, Ink
from handouts.scan.pictures import A_MM, A_POINT, Picture, png
from handouts.scan.strokes import DIM, Mask, Strokes

Room = tuple[slice, slice]
"""Rows and columns of a part of the page."""


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

_OWN = 0.5
"""Share of a stroke that lies in a field for the stroke to be the field's."""
_LEANING, _CROSSING = 8.0, 2.5
"""Millimetres that a line which only crosses a field from top to bottom is wide at most, and from side to side."""
_BODY = 0.09
"""Share of a pen's strokes that is no outline: a hair has less."""
_CIRCLE, _MOST_OF_A_CIRCLE = 2.8, 4
"""Millimetres from a box within which a circle around it is looked for, and in how many of eight directions."""
_SHADED, _DARK_GRAY = 0.45, 110
"""Share of a field that is dark: something lies on it. So it does where half of it is dimmer than the paper beside."""
_BESIDE = 15.0
"""Millimetres around a field within which that paper is looked for."""


def read_field(strokes: Strokes, number: int, field: FieldBox) -> FieldReading:
    """What is written in a field. number: its place among those of its page."""
    state, length = _state(strokes, field)
    return FieldReading(
        number=number,
        kind=field.kind,
        name=field.name,
        optional=field.optional,
        state=state,
        length=round(length, 1),
        picture=png(_around(strokes, field)) if state is Ink.LOOK else b"",
    )


def _state(strokes: Strokes, field: FieldBox) -> tuple[Ink, float]:
    """Whether something is written in a field, and the length of its own strokes in millimetres."""
    rule = RULES[field.kind]
    room = _room(strokes, field, rule.around)
    own = _own(strokes, field, room)
    mine, edge = own[strokes.labels[room]], strokes.outlines[room] > 0
    length, foreign = (float(each.sum()) / 2 / A_MM for each in (mine & edge, ~mine & edge))
    if _hidden(strokes, field, room):
        return Ink.LOOK, length
    if length + foreign <= rule.empty:
        doubtful = _circled(strokes, field) or _crossed(strokes, room)
        return (Ink.LOOK if doubtful else Ink.EMPTY), length
    meant = _is_centred(strokes, field) if field.kind == "tick" else _core(strokes, field, own) >= rule.core
    written = length >= rule.signed and meant and _is_writing(mine, edge, rule)
    return (Ink.SIGNED if written and not strokes.covered else Ink.LOOK), length


def _own(strokes: Strokes, field: FieldBox, room: Room) -> Mask:
    """Which strokes are the field's: those of a pen that lie mostly in it; of a box to tick, which people fill and go
    beyond, all of a pen.
    """
    if field.kind == "tick":
        return strokes.pens
    within = strokes.labels[room]
    here = np.bincount(within[strokes.outlines[room] > 0], minlength=len(strokes.pens))
    own = strokes.pens & (here > _OWN * np.maximum(strokes.sizes, 1))
    return own & ~strokes.blots & ~_crossing(within, own) & ~strokes.dots


def _core(strokes: Strokes, field: FieldBox, own: Mask) -> float:
    """Length of a field's own strokes further in than handwriting runs in from next door, in millimetres."""
    across, above, below = (-each for each in RULES[field.kind].rim)
    room = _room(strokes, field, (across, above, across, below))
    return float((own[strokes.labels[room]] & (strokes.outlines[room] > 0)).sum()) / 2 / A_MM


def _room(strokes: Strokes, field: FieldBox, around: tuple[float, float, float, float]) -> Room:
    """Rows and columns of a field and so many millimetres around it: left, top, right, bottom."""
    left, bottom, right, top = field.box
    height = strokes.blank.shape[0] / A_POINT
    more = [each * A_MM for each in around]
    return (
        slice(max(0, round((height - top) * A_POINT - more[1])), round((height - bottom) * A_POINT + more[3])),
        slice(max(0, round(left * A_POINT - more[0])), round(right * A_POINT + more[2])),
    )


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


def _is_centred(strokes: Strokes, field: FieldBox) -> bool:
    """Whether what a pen left in and around a box lies in its middle, and little of it outside."""
    shown = strokes.pens[strokes.labels[_room(strokes, field, (_AROUND_BOX,) * 4)]]
    rim = round((_AROUND_BOX - _IN_BOX) * A_MM)
    height, width = shown.shape
    ys, xs = np.nonzero(shown)
    off = max(abs(ys.mean() - height / 2), abs(xs.mean() - width / 2)) if len(ys) else height
    side = (field.box[3] - field.box[1]) * A_POINT
    return bool(shown[rim:-rim, rim:-rim].sum() >= _INSIDE * len(ys) and off <= _OFF_CENTRE * side / 2)


def _crossed(strokes: Strokes, room: Room) -> bool:
    """Whether a line that may be a fold runs through a field: what was written along it would not be seen."""
    rows, columns = room
    whole = columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start
    ends = (longer(line) for line in strokes.lines)
    return any(cv2.clipLine(whole, (left, top), (right, bottom))[0] for left, top, right, bottom in ends)


def _circled(strokes: Strokes, field: FieldBox) -> bool:
    """Whether a stroke goes around a box."""
    if field.kind != "tick":
        return False
    shown = strokes.counts[strokes.labels[_room(strokes, field, (_CIRCLE,) * 4)]]
    rim = round((_CIRCLE - 0.3) * A_MM)
    shown[rim:-rim, rim:-rim] = False
    ys, xs = np.nonzero(shown)
    height, width = shown.shape
    eighths = np.floor(np.arctan2(ys - height / 2, xs - width / 2) / (np.pi / 4)).astype(int)
    return len(np.unique(eighths)) >= _MOST_OF_A_CIRCLE


def _around(strokes: Strokes, field: FieldBox) -> Picture:
    return np.ascontiguousarray(strokes.picture[_room(strokes, field, (6.0, 6.0, 6.0, 6.0))])


def _hidden(strokes: Strokes, field: FieldBox, room: Room) -> bool:
    """Whether something lies on a field: a stain, a scanner's rim, another sheet, a flag to show where to sign."""
    own = strokes.picture[room]
    if (cv2.blur(own, (9, 9)) < _DARK_GRAY).mean() > _SHADED:
        return True
    around = strokes.picture[_room(strokes, field, (_BESIDE,) * 4)]
    return bool(field.kind != "tick" and np.median(own) < DIM * np.percentile(around, 90))


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
