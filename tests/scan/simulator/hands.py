"""People with pens, and the way a pen goes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from tests.scan.simulator.fields import MM, Points
from tests.scan.simulator.ink import Ink, Stroke

_STEPS = 8


@dataclass(frozen=True, slots=True)
class Hand:
    """A person with a pen.

    x_height: of small letters, in points. slant: x for each y. slope: of the baseline, y for each x. sloppy: 0 tidy to
    1. width: of the pen, in points. pressure: 0 to 1. letters: how wide for their height.
    """

    ink: Ink
    width: float
    pressure: float
    x_height: float
    slant: float
    slope: float
    sloppy: float
    letters: float


def hand(random: Generator) -> Hand:
    """Someone."""
    return Hand(
        ink=_ink(random),
        width=float(np.clip(random.gamma(9, 0.055), 0.3, 0.9)) * MM,
        pressure=float(random.uniform(0.82, 1)),
        x_height=float(random.uniform(1.9, 4.0)) * MM,
        slant=float(random.normal(0.22, 0.22)),
        slope=float(random.normal(0.02, 0.04)),
        sloppy=float(random.beta(1.6, 2)),
        letters=float(random.uniform(0.8, 1.5)),
    )


def _ink(random: Generator) -> Ink:
    if random.random() < 0.55:
        tone = int(random.integers(20, 62))
        return Ink(tone + int(random.integers(0, 10)), tone, tone)
    green = int(random.integers(28, 92))
    return Ink(int(random.integers(110, 190)), green, int(random.integers(15, 60)))


def stroke(points: Points, writer: Hand, random: Generator, smooth: float = 0.0, curved: bool = True) -> Stroke:
    """The pen's way along points: quick and thin where straight, slow and thick in bends, thin at its ends.

    smooth: how far the hand cuts corners, in control points.
    """
    if curved and len(points) > 2:
        points = _spline(points)
    elif len(points) > 1:
        points = _resampled(points)
    if smooth > 0 and len(points) > 4:
        points = _smoothed(points, smooth * _STEPS)
    count = len(points)
    if count < 3 or float(np.ptp(points, axis=0).max()) < 0.6 * MM:
        return Stroke(points, np.full(count, writer.width), np.full(count, writer.pressure), writer.ink)
    trembling = cv2.GaussianBlur(random.normal(0, 1, (count, 2)), (1, 0), 0, sigmaY=3.0)
    points = points + trembling * 0.05 * MM
    speed = np.hypot(*np.gradient(points, axis=0).T)
    slow = np.clip(1 - _eased(speed, 5) / (np.percentile(speed, 80) * 1.25 + 1e-6), 0, 1)
    uneven = _eased(random.normal(0, 1, count), 12) * 1.6
    ends = np.clip(np.minimum(np.arange(count) + 2, count - np.arange(count) + 1) / 8, 0.35, 1)
    light = np.clip(0.84 + 0.34 * slow + 0.09 * uneven, 0.55, 1.25)
    widths = writer.width * light * (0.55 + 0.45 * ends)
    strengths = np.clip(writer.pressure * (0.86 + 0.22 * slow + 0.08 * uneven) * ends**0.5, 0.25, 1)
    return Stroke(points, widths, strengths, writer.ink)


def _spline(points: Points) -> Points:
    """A Catmull-Rom curve through points."""
    padded = np.concatenate((2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]))
    before, start, end, after = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    t = (np.arange(_STEPS) / _STEPS)[:, None, None]
    curve = 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )
    return np.concatenate((curve.transpose(1, 0, 2).reshape(-1, 2), points[-1:]))


def _resampled(points: Points, step: float = 1.2) -> Points:
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))))
    at = np.linspace(0, along[-1], max(int(along[-1] / step), 2) + 1)
    return np.column_stack((np.interp(at, along, points[:, 0]), np.interp(at, along, points[:, 1])))


def _smoothed(points: Points, sigma: float) -> Points:
    return cv2.GaussianBlur(points, (1, 0), 0, sigmaY=sigma, borderType=cv2.BORDER_REPLICATE).astype(np.float64)


def _eased(values: Points, sigma: float) -> Points:
    return _smoothed(values[:, None], sigma)[:, 0]


def shaken(points: Points, random: Generator, by: float) -> Points:
    """Points a little off. by: standard deviation, in their unit."""
    return points + random.normal(0, by, points.shape)


def ring(x: float, y: float, wide: float, high: float, random: Generator, writer: Hand) -> Stroke:
    """A closed turn, a bit more than once round. wide, high: half of each, in points."""
    start = random.uniform(0, 2 * np.pi)
    angle = np.linspace(start, start + 2 * np.pi * random.uniform(0.95, 1.15), 14)
    grown = np.linspace(1, random.uniform(0.9, 1.12), angle.size)
    way = np.column_stack((np.cos(angle) * wide * grown, np.sin(angle) * high * grown))
    return stroke(shaken(way, random, 0.03 * high) + np.array([x, y]), writer, random)
