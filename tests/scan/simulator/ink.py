"""Strokes of a pen, and how they look on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.scan.simulator.fields import Box, Picture, Points

_SHIFT = 4
_GRAIN = 512


@dataclass(frozen=True, slots=True)
class Ink:
    """A colour: blue, green and red, each 0 to 255."""

    blue: int
    green: int
    red: int

    @property
    def gray(self) -> int:
        """As a gray scan shows it, 0 black."""
        return round(0.114 * self.blue + 0.587 * self.green + 0.299 * self.red)


@dataclass(frozen=True, slots=True)
class Stroke:
    """One way of the pen from setting down to lifting.

    widths: in points, at each of the points. strengths: how much ink, 0 to 1, at each of the points.
    """

    points: Points
    widths: NDArray[np.float64]
    strengths: NDArray[np.float64]
    ink: Ink

    @property
    def box(self) -> Box:
        """What it covers, without the pen's width."""
        left, bottom = self.points.min(axis=0)
        right, top = self.points.max(axis=0)
        return float(left), float(bottom), float(right), float(top)

    def moved(self, x: float, y: float) -> Stroke:
        """The same stroke elsewhere."""
        return Stroke(self.points + np.array([x, y]), self.widths, self.strengths, self.ink)


def extent(strokes: Sequence[Stroke]) -> Box:
    """What strokes cover together."""
    boxes = np.array([stroke.box for stroke in strokes])
    left, bottom = boxes[:, :2].min(axis=0)
    right, top = boxes[:, 2:].max(axis=0)
    return float(left), float(bottom), float(right), float(top)


def ink_within(strokes: Sequence[Stroke], box: Box) -> float:
    """How many points of the pen's way lie in a box."""
    length = 0.0
    for stroke in strokes:
        steps = np.hypot(*np.diff(stroke.points, axis=0).T)
        middle = (stroke.points[1:] + stroke.points[:-1]) / 2
        inside = np.all((middle >= box[:2]) & (middle <= box[2:]), axis=1)
        length += float(steps[inside].sum())
    return length


def draw(picture: Picture, strokes: Sequence[Stroke], dpi: int) -> None:
    """Write on a picture of a page, gray or colour, in place."""
    for stroke in strokes:
        _draw(picture, stroke, dpi)


def _draw(picture: Picture, stroke: Stroke, dpi: int) -> None:
    fine = 2 if dpi <= 300 else 1
    scale = dpi / 72
    rows, columns = picture.shape[:2]
    ways = np.column_stack((stroke.points[:, 0] * scale, rows - stroke.points[:, 1] * scale))
    margin = int(stroke.widths.max() * scale) + 3
    left, top = np.maximum(ways.min(axis=0).astype(int) - margin, 0)
    right, bottom = np.minimum(ways.max(axis=0).astype(int) + margin, (columns, rows))
    if right <= left or bottom <= top:
        return
    cover = np.zeros(((bottom - top) * fine, (right - left) * fine), np.uint8)
    at = ((ways - (left, top)) * fine * (1 << _SHIFT)).astype(np.int64).tolist()
    thick = np.maximum(np.rint(stroke.widths * scale * fine), 1).astype(int).tolist()
    strength = (stroke.strengths * 255).astype(int).tolist()
    if len(at) == 1:
        at, thick, strength = at * 2, thick * 2, strength * 2
    for (start, end), width, much in zip(pairwise(at), thick, strength, strict=False):
        cv2.line(cover, start, end, much, width, cv2.LINE_8, _SHIFT)
    if fine > 1:
        cover = cv2.resize(cover, (int(right - left), int(bottom - top)), interpolation=cv2.INTER_AREA)
    cover = cv2.multiply(cover, _grain_at(int(left), int(top), cover.shape), scale=1 / 255)
    patch = picture[top:bottom, left:right]
    tones = (stroke.ink.gray,) if picture.ndim == 2 else (stroke.ink.blue, stroke.ink.green, stroke.ink.red)
    for channel, tone in enumerate(tones):
        plane = patch if picture.ndim == 2 else patch[:, :, channel]
        kept = cv2.convertScaleAbs(cover, alpha=-(255 - tone) / 255, beta=255)
        plane[:] = cv2.multiply(np.ascontiguousarray(plane), kept, scale=1 / 255)


@lru_cache(maxsize=1)
def _grain() -> Picture:
    """Paper takes up ink unevenly."""
    fine = np.random.default_rng(1).normal(0, 1, (_GRAIN, _GRAIN))
    rough = cv2.GaussianBlur(fine, (0, 0), 1.3) * 3.2 + fine * 0.25
    return np.clip(238 + 22 * rough, 120, 255).astype(np.uint8)


def _grain_at(left: int, top: int, shape: tuple[int, ...]) -> Picture:
    left, top = left % _GRAIN, top % _GRAIN
    repeats = ((top + shape[0] - 1) // _GRAIN + 1, (left + shape[1] - 1) // _GRAIN + 1)
    tiled = _grain() if repeats == (1, 1) else np.tile(_grain(), repeats)
    return np.ascontiguousarray(tiled[top : top + shape[0], left : left + shape[1]])
