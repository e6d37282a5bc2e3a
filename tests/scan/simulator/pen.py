"""Handwriting: what people write into fields, within them and beyond."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.random import Generator

from tests.scan.simulator import marks, signatures
from tests.scan.simulator.fields import MM, Box, Kind
from tests.scan.simulator.hands import Hand, hand, stroke
from tests.scan.simulator.ink import Stroke
from tests.scan.simulator.lettering import blocks, fitted, letters_of, placed

Filling: TypeAlias = Callable[[Box, Generator, Hand], list[Stroke]]
"""Fills in a field's box."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What someone wrote. style: such as "scrawl" or "cross"."""

    style: str
    strokes: tuple[Stroke, ...]


def write(kind: Kind, box: Box, random: Generator, writer: Hand | None = None, style: str | None = None) -> Writing:
    """What a person writes into a field, as people do: also above, below and beside it.

    style: one of `STYLES[kind]`, drawn by how common it is when None.
    """
    writer = writer or hand(random)
    styles = STYLES[kind]
    if style is None:
        shares = np.array([share for share, _ in styles.values()])
        style = str(random.choice(list(styles), p=shares / shares.sum()))
    return Writing(style, tuple(styles[style][1](box, random, writer)))


def _date(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    month, day = int(random.integers(1, 13)), int(random.integers(1, 29))
    mark = str(random.choice(["/", "/", "/", "-", "."]))
    year = str(random.choice(["26", "26", "2026"]))
    text = f"{month:02}{mark}{day:02}{mark}{year}" if random.random() < 0.25 else f"{month}{mark}{day}{mark}{year}"
    return blocks(text, box, random, writer, random.uniform(2.6, 5.5) * MM)


def _time(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    hour, minute = int(random.integers(1, 13)), int(random.integers(0, 12)) * 5
    end = str(random.choice(["", "", " AM", " PM"]))
    return blocks(f"{hour}:{minute:02}{end}", box, random, writer, random.uniform(2.6, 5.5) * MM)


def _initialled(cursive: bool) -> Filling:
    def written(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
        left, bottom, right, top = box
        high = (top - bottom) * random.uniform(0.35, 1.05)
        scale = high / (10 if cursive else 6)
        count = int(random.choice([1, 2, 2, 2, 3]))
        wide = (right - left) * random.uniform(0.8, 1.15) / (scale * writer.letters * 0.9)
        strokes = fitted(letters_of(count, random, cursive), wide)
        length = max(float(each[:, 0].max()) for each in strokes) * scale * writer.letters * 0.9
        x = (left + right - length) / 2 + random.normal(0, 1.2) * MM
        y = (top + bottom - high) / 2 + random.normal(0, 0.9) * MM
        smooth = 0.15 + 0.4 * writer.sloppy
        return [stroke(each, writer, random, smooth) for each in placed(strokes, x, y, scale, writer)]

    return written


def _initial_squiggle(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    left, bottom, right, top = box
    count = int(random.integers(5, 10))
    xs = np.cumsum(random.uniform(0.4, 1.6, count)) * (right - left) / 18 + left + random.uniform(1, 3) * MM
    ys = (top + bottom) / 2 + random.normal(0, 0.2, count) * (top - bottom)
    return [stroke(np.column_stack((xs, ys)), writer, random, 0.3)]


STYLES: dict[Kind, dict[str, tuple[float, Filling]]] = {
    "signature": {
        "full": (24, signatures.full),
        "surname": (20, signatures.surname),
        "scrawl": (22, signatures.scrawl),
        "loops": (12, signatures.loops),
        "short": (4, signatures.short),
        "initials": (7, signatures.initials_on_line),
        "cross": (3, signatures.cross),
        "small x": (2, signatures.small_x),
        "printed": (6, signatures.printed),
    },
    "initials": {
        "cursive": (45, _initialled(cursive=True)),
        "printed": (40, _initialled(cursive=False)),
        "squiggle": (15, _initial_squiggle),
    },
    "date": {"date": (1, _date)},
    "time": {"time": (1, _time)},
    "tick": {
        "check": (38, marks.check(0.7, 1.3)),
        "check beyond the box": (20, marks.check(1.3, 2.3)),
        "cross": (22, marks.crossed),
        "scribble": (8, marks.scribbled),
        "dot": (5, marks.dot),
        "circle": (7, marks.circled),
    },
}
"""The ways in which people fill in each kind of field, and how common each is."""
