"""How people tick a box."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from tests.scan.simulator.fields import Box
from tests.scan.simulator.hands import Hand, ring, shaken, stroke
from tests.scan.simulator.ink import Stroke


def check(least: float, most: float) -> Callable[[Box, Generator, Hand], list[Stroke]]:
    """A tick, of a size that counts in sides of its box."""

    def written(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
        x, y, side = _middle(box, random)
        size = side * random.uniform(least, most)
        way = np.array([[-0.42, 0.05], [-0.2, -0.25], [-0.12, -0.4], [0.1, 0.05], [0.5, random.uniform(0.4, 0.75)]])
        return [stroke((shaken(way, random, 0.05)) * size + (x, y), writer, random)]

    return written


def _middle(box: Box, random: Generator) -> tuple[float, float, float]:
    """About the middle of a box, and its side."""
    side = box[3] - box[1]
    x = (box[0] + box[2]) / 2 + random.normal(0, 0.1) * side
    return x, (box[1] + box[3]) / 2 + random.normal(0, 0.1) * side, side


def crossed(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    """An X."""
    x, y, side = _middle(box, random)
    size = side * random.uniform(0.5, 1.35)
    return crossing(x - size / 2, y - size / 2, size, random, writer)


def crossing(x: float, y: float, size: float, random: Generator, writer: Hand) -> list[Stroke]:
    """Two strokes across each other. x, y: lower left. size: of the width, in points."""
    bent = size * 0.07
    high = size * random.uniform(0.8, 1.2)
    first = np.array([[x, y], [x + size * 0.5, y + high * 0.5], [x + size, y + high]])
    second = np.array([[x, y + high], [x + size * 0.5, y + high * 0.5], [x + size, y]])
    return [stroke(shaken(each, random, bent), writer, random) for each in (first, second)]


def scribbled(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    """Filled in by going to and fro."""
    x, y, side = _middle(box, random)
    count = int(random.integers(8, 20))
    across = np.linspace(-0.45, 0.45, count)
    away = np.where(np.arange(count) % 2, 0.42, -0.42) * random.uniform(0.6, 1.1, count)
    turned = np.column_stack((across + away * 0.4, away)) * side * random.uniform(0.7, 1.1)
    return [stroke(turned + np.array([x, y]), writer, random, 0.2)]


def dot(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    """Little more than the pen set down."""
    x, y, side = _middle(box, random)
    way = random.normal(0, side * 0.07, (4, 2)) + np.array([x, y])
    return [stroke(way, writer, random)]


def circled(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    """The box with a ring around it."""
    x, y, side = _middle(box, random)
    return [ring(x, y, side * random.uniform(0.7, 1.1), side * random.uniform(0.65, 1.0), random, writer)]
