"""Handwriting: what people write into fields, within them and beyond."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from tests.scan.simulator.fields import MM, Box, Kind, Points
from tests.scan.simulator.ink import Ink, Stroke
from tests.scan.simulator.letters import BASELINE, BLOCK, CAPITAL, SMALL, X_HEIGHT, ways

_STEPS = 8
_VOWELS, _CONSONANTS = "aeiou", "bcdfghklmnprstvwyz"


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


@dataclass(frozen=True, slots=True)
class Writing:
    """What someone wrote. style: such as "scrawl" or "cross"."""

    style: str
    strokes: tuple[Stroke, ...]


def hand(random: Generator) -> Hand:
    """Someone."""
    return Hand(
        ink=_ink(random),
        width=float(np.clip(random.gamma(9, 0.055), 0.3, 0.9)) * MM,
        pressure=float(random.uniform(0.72, 1)),
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


# -- strokes -----------------------------------------------------------------------------------------


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
    strengths = np.clip(writer.pressure * (0.8 + 0.28 * slow + 0.08 * uneven) * ends**0.5, 0.25, 1)
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


# -- lines of letters --------------------------------------------------------------------------------


def _placed(strokes: Sequence[Points], x: float, y: float, scale: float, writer: Hand) -> list[Points]:
    """Glyph units to points: slanted, on a sloping baseline from x, y."""
    placed = []
    for each in strokes:
        up = (each[:, 1] - BASELINE) * scale
        along = each[:, 0] * scale * writer.letters * 0.9
        right = x + along + up * writer.slant
        placed.append(np.column_stack((right, y + up + along * writer.slope)))
    return placed


def _shaken(points: Points, random: Generator, by: float) -> Points:
    return points + random.normal(0, by, points.shape)


def _joined(word: str, random: Generator, writer: Hand, decay: float) -> list[Points]:
    """A word with a capital, in glyph units from 0; later letters grow flatter by `decay`, 0 to 1."""
    strokes: list[Points] = []
    x = 0.0
    body: Points = np.empty((0, 2))
    for index, letter in enumerate(word):
        shrink = 1 - decay * index / max(len(word) - 1, 1)
        glyphs = ways(CAPITAL[letter] if letter.isupper() else SMALL[letter])
        for number, each in enumerate(glyphs):
            shaped = _shaken(each, random, 0.3 + 0.35 * writer.sloppy)
            shaped[:, 1] = BASELINE + (shaped[:, 1] - BASELINE) * shrink
            shaped[:, 0] = x + shaped[:, 0] * (1.15 - 0.15 * shrink)
            if (letter.isupper() and number < len(glyphs) - 1) or (not letter.isupper() and number):
                strokes.append(shaped)
            else:
                lifted = len(body) and random.random() < 0.1
                if lifted:
                    strokes.append(body)
                body = shaped if lifted or not len(body) else np.concatenate((body, shaped))
        if letter == "i" and random.random() < 0.7:
            dot = np.array([[x + 3.5, 11.0], [x + 3.9, 10.6]]) + random.normal(0, 0.8, 2)
            strokes.append(dot)
        x = float(body[:, 0].max()) - (0.0 if letter.isupper() else 0.3) + random.normal(0.1, 0.3)
    return [*strokes, body]


def _name(random: Generator, least: int, most: int) -> str:
    capital = str(random.choice(list(CAPITAL)))
    small = "".join(
        str(random.choice(list(_VOWELS if (place + (capital not in "AE")) % 2 else _CONSONANTS)))
        for place in range(int(random.integers(least, most + 1)))
    )
    return capital + small


def _flourish(end: Points, random: Generator, unit: float) -> Points:
    """A last sweep from where the word ended, in glyph units: back under the name, or up and away."""
    x, y = end
    length = random.uniform(5, 26)
    if random.random() < 0.5:
        return np.array([
            [x, y], [x + 3, y + 1], [x + 4, y - 1.5], [x - 2, y - 3.5], [x - length * 0.7, y - 3.2],
            [x - length * 0.5, y - 4.5], [x + length * 0.3, y - 3.0],
        ])  # fmt: skip
    return np.array([[x, y], [x + length * 0.3, y + 0.4], [x + length * 0.7, y + 1.6], [x + length, y + 3.5]])


def _fitted(strokes: Sequence[Points], width: float) -> list[Points]:
    """Strokes squeezed along the line if they are longer than `width`, in their own units."""
    right = max(float(each[:, 0].max()) for each in strokes)
    return [each * (min(width / right, 1.0), 1.0) for each in strokes] if right > 0 else list(strokes)


def _on_line(strokes: Sequence[Points], box: Box, random: Generator, writer: Hand, height: float) -> list[Stroke]:
    """Strokes in glyph units written on a field's line. height: of small letters, in points."""
    left, bottom, right, _ = box
    scale = height / X_HEIGHT
    room = (right - left) * random.uniform(0.75, 1.12)
    strokes = _fitted(strokes, room / (scale * writer.letters * 0.9))
    length = max(float(each[:, 0].max()) for each in strokes) * scale * writer.letters * 0.9
    spare = max(right - left - length, 0)
    x = left + random.normal(1.0, 1.6) * MM + spare * random.beta(1, 3.2)
    y = bottom + random.normal(0.5, 0.8) * MM
    return [
        stroke(each, writer, random, smooth=0.25 + 0.55 * writer.sloppy)
        for each in _placed(strokes, x, y, scale, writer)
    ]


# -- signatures --------------------------------------------------------------------------------------


def _full(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    first = _joined(_name(random, 2, 5), random, writer, random.uniform(0, 0.5))
    shift = max(float(each[:, 0].max()) for each in first) + random.uniform(1.5, 4)
    last = _joined(_name(random, 3, 7), random, writer, random.uniform(0, 0.6))
    return _on_line([*first, *(each + np.array([shift, 0]) for each in last)], box, random, writer, writer.x_height)


def _surname(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    strokes = _joined(_name(random, 4, 8), random, writer, random.uniform(0, 0.6))
    if random.random() < 0.45:
        sweep = _flourish(strokes[-1][-1], random, writer.x_height)
        strokes[-1] = np.concatenate((strokes[-1], sweep[1:]))
    return _on_line(strokes, box, random, writer, writer.x_height * random.uniform(0.9, 1.25))


def _scrawl(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    """A capital that runs out in a wave."""
    strokes = _joined(_name(random, 0, 2), random, writer, 0.3)
    body = strokes[-1]
    humps = int(random.integers(3, 11))
    x, y = body[-1]
    xs = x + np.cumsum(random.uniform(0.8, 2.6, 2 * humps))
    highs = np.where(np.arange(2 * humps) % 2 == 0, 1.0, 0.0) * np.linspace(4, random.uniform(0.3, 1.8), 2 * humps)
    wave = np.column_stack((xs, y * 0 + BASELINE + highs + random.normal(0, 0.5, 2 * humps)))
    body = np.concatenate((body, wave))
    if random.random() < 0.6:
        body = np.concatenate((body, _flourish(body[-1], random, writer.x_height)[1:]))
    return _on_line([*strokes[:-1], body], box, random, writer, writer.x_height * random.uniform(1.0, 1.7))


def _loops(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    """A few large loops over each other, as busy people sign."""
    turns = random.uniform(2, 5)
    angle = np.linspace(0, 2 * np.pi * turns, int(turns * 9)) * (1 if random.random() < 0.5 else -1) + random.uniform(
        0, 6
    )
    wide = random.uniform(1.5, 6) * np.linspace(1, random.uniform(0.3, 0.9), angle.size)
    high = random.uniform(2.5, 6.5) * np.linspace(1, random.uniform(0.3, 0.9), angle.size)
    drift = np.linspace(0, random.uniform(4, 26), angle.size)
    body = np.column_stack((6 + drift + wide * np.cos(angle), 8 + high * np.sin(angle)))
    body = np.concatenate(([[0.0, random.uniform(3, 9)]], _shaken(body, random, 0.35)))
    if random.random() < 0.7:
        body = np.concatenate((body, _flourish(body[-1], random, writer.x_height)[1:]))
    return _on_line([body], box, random, writer, writer.x_height * random.uniform(0.8, 1.5))


def _short(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    """One quick small squiggle."""
    count = int(random.integers(4, 9))
    xs = np.cumsum(random.uniform(1.0, 3.0, count))
    ys = BASELINE + random.uniform(-1, 6, count) * (np.arange(count) % 2 + 0.15)
    return _on_line([np.column_stack((xs, ys))], box, random, writer, writer.x_height * random.uniform(0.8, 1.4))


def _letters_of(count: int, random: Generator, cursive: bool) -> list[Points]:
    """Initials in glyph units, 0.6 of their height for printed ones."""
    strokes: list[Points] = []
    x = 0.0
    for _ in range(count):
        glyphs = ways((CAPITAL if cursive else BLOCK)[str(random.choice(list(CAPITAL)))])
        shaped = [_shaken(each, random, 0.35 if cursive else 0.22) for each in glyphs]
        strokes += [each + np.array([x, 0]) for each in shaped]
        x = max(float(each[:, 0].max()) for each in strokes) + random.uniform(-0.5, 1.5)
        if random.random() < 0.3:
            strokes.append(np.array([[x, BASELINE], [x + 0.3, BASELINE + 0.2]]))
            x += 1
    return strokes


def _initials_on_line(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    cursive = bool(random.random() < 0.6)
    strokes = _letters_of(int(random.integers(2, 4)), random, cursive)
    return _on_line(strokes, box, random, writer, writer.x_height * random.uniform(0.9, 1.3))


def _cross(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    """The mark of someone who cannot write."""
    size = random.uniform(5, 11) * MM
    x = box[0] + random.uniform(2, 40) * MM
    return _crossing(x, box[1] + random.uniform(-1.5, 2) * MM, size, random, writer)


def _small_x(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    size = random.uniform(2.5, 4.5) * MM
    x = box[0] + random.uniform(0, 25) * MM
    return _crossing(x, box[1] + random.uniform(0, 2) * MM, size, random, writer)


def _crossing(x: float, y: float, size: float, random: Generator, writer: Hand) -> list[Stroke]:
    bent = size * 0.07
    high = size * random.uniform(0.8, 1.2)
    first = np.array([[x, y], [x + size * 0.5, y + high * 0.5], [x + size, y + high]])
    second = np.array([[x, y + high], [x + size * 0.5, y + high * 0.5], [x + size, y]])
    return [stroke(_shaken(each, random, bent), writer, random) for each in (first, second)]


def _printed(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    """The name in capitals."""
    count = int(random.integers(4, 11))
    text = "".join(str(random.choice([letter for letter in BLOCK if letter.isalpha()])) for _ in range(count))
    return _blocks(text, box, random, writer, random.uniform(3, 6) * MM)


# -- dates, times, initials --------------------------------------------------------------------------


def _blocks(text: str, box: Box, random: Generator, writer: Hand, height: float) -> list[Stroke]:
    """Printed characters on a field's line. height: of capitals and digits, in points."""
    scale = height / 6
    strokes: list[Points] = []
    x = 0.0
    for character in text:
        shaped = [
            _shaken(each, random, 0.14 + 0.2 * writer.sloppy) * (1, random.normal(1, 0.03)) + (x, random.normal(0, 0.2))
            for each in ways(BLOCK[character])
        ]
        strokes += shaped
        x = max((float(each[:, 0].max()) for each in strokes), default=0) + (1.3 if shaped else 3.0)
    left, bottom, right, _ = box
    strokes = _fitted(strokes, (right - left) * random.uniform(0.85, 1.08) / (scale * writer.letters * 0.9))
    length = max(float(each[:, 0].max()) for each in strokes) * scale * writer.letters * 0.9
    x = left + random.normal(1, 1) * MM + max(right - left - length, 0) * random.beta(1.2, 2.5)
    y = bottom + random.normal(0.7, 0.6) * MM
    smooth = 0.1 + 0.25 * writer.sloppy
    return [stroke(each, writer, random, smooth) for each in _placed(strokes, x, y, scale, writer)]


def _date(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    month, day = int(random.integers(1, 13)), int(random.integers(1, 29))
    mark = str(random.choice(["/", "/", "/", "-", "."]))
    year = str(random.choice(["26", "26", "2026"]))
    text = f"{month:02}{mark}{day:02}{mark}{year}" if random.random() < 0.25 else f"{month}{mark}{day}{mark}{year}"
    return _blocks(text, box, random, writer, random.uniform(2.6, 5.5) * MM)


def _time(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    hour, minute = int(random.integers(1, 13)), int(random.integers(0, 12)) * 5
    end = str(random.choice(["", "", " AM", " PM"]))
    return _blocks(f"{hour}:{minute:02}{end}", box, random, writer, random.uniform(2.6, 5.5) * MM)


def _initialled(cursive: bool) -> Callable[[Box, Generator, Hand], list[Stroke]]:
    def written(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
        left, bottom, right, top = box
        high = (top - bottom) * random.uniform(0.35, 1.05)
        scale = high / (10 if cursive else 6)
        count = int(random.choice([1, 2, 2, 2, 3]))
        wide = (right - left) * random.uniform(0.8, 1.15) / (scale * writer.letters * 0.9)
        strokes = _fitted(_letters_of(count, random, cursive), wide)
        length = max(float(each[:, 0].max()) for each in strokes) * scale * writer.letters * 0.9
        x = (left + right - length) / 2 + random.normal(0, 1.2) * MM
        y = (top + bottom - high) / 2 + random.normal(0, 0.9) * MM
        smooth = 0.15 + 0.4 * writer.sloppy
        return [stroke(each, writer, random, smooth) for each in _placed(strokes, x, y, scale, writer)]

    return written


def _initial_squiggle(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    left, bottom, right, top = box
    count = int(random.integers(5, 10))
    xs = np.cumsum(random.uniform(0.4, 1.6, count)) * (right - left) / 18 + left + random.uniform(1, 3) * MM
    ys = (top + bottom) / 2 + random.normal(0, 0.2, count) * (top - bottom)
    return [stroke(np.column_stack((xs, ys)), writer, random, 0.3)]


# -- ticks -------------------------------------------------------------------------------------------


def _check(least: float, most: float) -> Callable[[Box, Generator, Hand], list[Stroke]]:
    """A tick, of a size that counts in sides of its box."""

    def written(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
        x, y, side = _middle(box, random)
        size = side * random.uniform(least, most)
        way = np.array([[-0.42, 0.05], [-0.2, -0.25], [-0.12, -0.4], [0.1, 0.05], [0.5, random.uniform(0.4, 0.75)]])
        return [stroke((_shaken(way, random, 0.05)) * size + (x, y), writer, random)]

    return written


def _middle(box: Box, random: Generator) -> tuple[float, float, float]:
    """About the middle of a box, and its side."""
    side = box[3] - box[1]
    x = (box[0] + box[2]) / 2 + random.normal(0, 0.1) * side
    return x, (box[1] + box[3]) / 2 + random.normal(0, 0.1) * side, side


def _crossed(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    x, y, side = _middle(box, random)
    size = side * random.uniform(0.5, 1.35)
    return _crossing(x - size / 2, y - size / 2, size, random, writer)


def _scribbled(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    x, y, side = _middle(box, random)
    count = int(random.integers(8, 20))
    across = np.linspace(-0.45, 0.45, count)
    away = np.where(np.arange(count) % 2, 0.42, -0.42) * random.uniform(0.6, 1.1, count)
    turned = np.column_stack((across + away * 0.4, away)) * side * random.uniform(0.7, 1.1)
    return [stroke(turned + np.array([x, y]), writer, random, 0.2)]


def _dot(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    x, y, side = _middle(box, random)
    way = random.normal(0, side * 0.07, (4, 2)) + np.array([x, y])
    return [stroke(way, writer, random)]


def _circled(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    x, y, side = _middle(box, random)
    return [ring(x, y, side * random.uniform(0.7, 1.1), side * random.uniform(0.65, 1.0), random, writer)]


def ring(x: float, y: float, wide: float, high: float, random: Generator, writer: Hand) -> Stroke:
    """A closed turn, a bit more than once round. wide, high: half of each, in points."""
    start = random.uniform(0, 2 * np.pi)
    angle = np.linspace(start, start + 2 * np.pi * random.uniform(0.95, 1.15), 14)
    grown = np.linspace(1, random.uniform(0.9, 1.12), angle.size)
    way = np.column_stack((np.cos(angle) * wide * grown, np.sin(angle) * high * grown))
    return stroke(_shaken(way, random, 0.03 * high) + np.array([x, y]), writer, random)


STYLES: dict[Kind, dict[str, tuple[float, Callable[[Box, Generator, Hand], list[Stroke]]]]] = {
    "signature": {
        "full": (24, _full),
        "surname": (20, _surname),
        "scrawl": (22, _scrawl),
        "loops": (12, _loops),
        "short": (4, _short),
        "initials": (7, _initials_on_line),
        "cross": (3, _cross),
        "small x": (2, _small_x),
        "printed": (6, _printed),
    },
    "initials": {
        "cursive": (45, _initialled(cursive=True)),
        "printed": (40, _initialled(cursive=False)),
        "squiggle": (15, _initial_squiggle),
    },
    "date": {"date": (1, _date)},
    "time": {"time": (1, _time)},
    "tick": {
        "check": (38, _check(0.7, 1.3)),
        "check beyond the box": (20, _check(1.3, 2.3)),
        "cross": (22, _crossed),
        "scribble": (8, _scribbled),
        "dot": (5, _dot),
        "circle": (7, _circled),
    },
}
"""The ways in which people fill in each kind of field, and how common each is."""
