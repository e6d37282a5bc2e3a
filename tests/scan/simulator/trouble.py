"""What people write where nothing was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from tests.scan.simulator.fields import MM, Box, Field, Kind
from tests.scan.simulator.hands import Hand, hand, ring, stroke
from tests.scan.simulator.ink import Stroke, extent
from tests.scan.simulator.pen import write

_SIDES: dict[Kind, tuple[str, ...]] = {
    "signature": ("above", "above", "right", "left", "below"),
    "initials": ("above", "below", "left", "right"),
    "date": ("left", "left", "left", "right", "above"),
    "time": ("left", "left", "above"),
    "tick": ("left", "right", "above", "below"),
}
_NEIGHBOURS: dict[Kind, Kind] = {
    "signature": "signature", "initials": "initials", "date": "signature", "time": "date", "tick": "tick",
}  # fmt: skip


def intrusion(field: Field, depth: float, random: Generator, writer: Hand | None = None) -> tuple[Stroke, ...]:
    """Handwriting from next door that ends within a field that nobody filled in. depth: how far inside, in points."""
    left, bottom, _, _ = field.box
    side = str(random.choice(_SIDES[field.kind]))
    kind: Kind = _NEIGHBOURS[field.kind] if side in ("left", "right") else "signature"
    if field.kind in ("tick", "initials") and side in ("above", "below"):
        kind = field.kind
    room = field.box if kind == field.kind else (left, bottom, left + 84 * MM, bottom + 11 * MM)
    strokes = write(kind, room, random, writer).strokes
    x, y = _shift(extent(strokes), field.box, side, depth, random)
    return tuple(each.moved(x, y) for each in strokes)


def _shift(written: Box, box: Box, side: str, depth: float, random: Generator) -> tuple[float, float]:
    left, bottom, right, top = box
    aside = random.normal(0, 1.5) * MM
    along = left - written[0] + random.uniform(0, max(right - left - (written[2] - written[0]), 1.0))
    match side:
        case "left":
            return left + depth - written[2], bottom - written[1] + aside
        case "right":
            return right - depth - written[0], bottom - written[1] + aside
        case "above":
            return along, top - depth - written[1]
        case _:
            return along, bottom + depth - written[3]


def stray(page: tuple[float, float], fields: Sequence[Field], random: Generator, writer: Hand | None = None) -> tuple[
    str, tuple[Stroke, ...]
]:  # fmt: skip
    """Underlined, struck out, circled or noted beside the text, but in none of `fields`. page: its width and height."""
    style = str(random.choice(["underline", "strike", "circle", "note", "line in the margin", "over text"]))
    for _ in range(12):
        strokes = _stray(style, page, random, writer or hand(random))
        left, bottom, right, top = extent(strokes)
        if all(left > f.box[2] or right < f.box[0] or bottom > f.box[3] or top < f.box[1] for f in fields):
            return style, strokes
    return style, ()


def _stray(style: str, page: tuple[float, float], random: Generator, writer: Hand) -> tuple[Stroke, ...]:
    width, height = page
    x, y = random.uniform(25 * MM, width * 0.7), random.uniform(30 * MM, height - 35 * MM)
    long = random.uniform(8, 70) * MM
    match style:
        case "underline" | "strike":
            way = np.column_stack((np.linspace(x, x + long, 8), y + random.normal(0, 0.35 * MM, 8)))
            lines = [stroke(way, writer, random)]
            if random.random() < 0.25:
                lines.append(lines[0].moved(random.normal(0, 2), -random.uniform(0.8, 1.6) * MM))
            return tuple(lines)
        case "circle":
            return (ring(x, y, random.uniform(6, 22) * MM, random.uniform(3, 7) * MM, random, writer),)
        case "line in the margin":
            ys = np.linspace(y, min(y + long, height - 35 * MM), 8)
            return (stroke(np.column_stack((random.normal(17 * MM, 0.5 * MM, 8), ys)), writer, random),)
        case "note":
            x = random.choice([random.uniform(2, 12) * MM, width - random.uniform(35, 50) * MM])
    small = replace(writer, x_height=writer.x_height * 0.7)
    return write("signature", (x, y, x + 45 * MM, y + 8 * MM), random, small, str(random.choice(_NOTES))).strokes


_NOTES = ["full", "surname", "printed", "scrawl"]


def scribble(box: Box, random: Generator, writer: Hand | None = None) -> tuple[Stroke, ...]:
    """Something crossed out until it cannot be read."""
    writer = writer or hand(random)
    left, bottom, right, top = box
    count = int(random.integers(14, 34))
    t = np.linspace(0, 1, count)
    away = np.where(np.arange(count) % 2, 1.0, -1.0) * random.uniform(0.7, 1.1, count)
    x = (left + right) / 2 + (t - 0.5) * (right - left) + away * (right - left) * 0.15
    y = (bottom + top) / 2 + away * (top - bottom) / 2
    thick = replace(writer, width=max(writer.width, 0.6 * MM))
    return (stroke(np.column_stack((x, y)), thick, random, 0.15),)
