"""Letters set beside each other, as a hand does it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from tests.scan.simulator.fields import MM, Box, Points
from tests.scan.simulator.hands import Hand, shaken, stroke
from tests.scan.simulator.ink import Stroke
from tests.scan.simulator.letters import BASELINE, BLOCK, CAPITAL, SMALL, X_HEIGHT, ways

_VOWELS, _CONSONANTS = "aeiou", "bcdfghklmnprstvwyz"


def placed(strokes: Sequence[Points], x: float, y: float, scale: float, writer: Hand) -> list[Points]:
    """Glyph units to points: slanted, on a sloping baseline from x, y."""
    placed = []
    for each in strokes:
        up = (each[:, 1] - BASELINE) * scale
        along = each[:, 0] * scale * writer.letters * 0.9
        right = x + along + up * writer.slant
        placed.append(np.column_stack((right, y + up + along * writer.slope)))
    return placed


def joined(word: str, random: Generator, writer: Hand, decay: float) -> list[Points]:
    """A word with a capital, in glyph units from 0; later letters grow flatter by `decay`, 0 to 1."""
    strokes: list[Points] = []
    x = 0.0
    body: Points = np.empty((0, 2))
    for index, letter in enumerate(word):
        shrink = 1 - decay * index / max(len(word) - 1, 1)
        glyphs = ways(CAPITAL[letter] if letter.isupper() else SMALL[letter])
        for number, each in enumerate(glyphs):
            shaped = shaken(each, random, 0.3 + 0.35 * writer.sloppy)
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


def made_up_name(random: Generator, least: int, most: int) -> str:
    """A capital and so many small letters that it can be spoken."""
    capital = str(random.choice(list(CAPITAL)))
    small = "".join(
        str(random.choice(list(_VOWELS if (place + (capital not in "AE")) % 2 else _CONSONANTS)))
        for place in range(int(random.integers(least, most + 1)))
    )
    return capital + small


def flourish(end: Points, random: Generator) -> Points:
    """A last sweep from where the word ended, in glyph units: back under the name, or up and away."""
    x, y = end
    length = random.uniform(5, 26)
    if random.random() < 0.5:
        return np.array([
            [x, y], [x + 3, y + 1], [x + 4, y - 1.5], [x - 2, y - 3.5], [x - length * 0.7, y - 3.2],
            [x - length * 0.5, y - 4.5], [x + length * 0.3, y - 3.0],
        ])  # fmt: skip
    return np.array([[x, y], [x + length * 0.3, y + 0.4], [x + length * 0.7, y + 1.6], [x + length, y + 3.5]])


def fitted(strokes: Sequence[Points], width: float) -> list[Points]:
    """Strokes squeezed along the line if they are longer than `width`, in their own units."""
    right = max(float(each[:, 0].max()) for each in strokes)
    return [each * (min(width / right, 1.0), 1.0) for each in strokes] if right > 0 else list(strokes)


def letters_of(count: int, random: Generator, cursive: bool) -> list[Points]:
    """Initials in glyph units, 0.6 of their height for printed ones."""
    strokes: list[Points] = []
    x = 0.0
    for _ in range(count):
        glyphs = ways((CAPITAL if cursive else BLOCK)[str(random.choice(list(CAPITAL)))])
        shaped = [shaken(each, random, 0.35 if cursive else 0.22) for each in glyphs]
        strokes += [each + np.array([x, 0]) for each in shaped]
        x = max(float(each[:, 0].max()) for each in strokes) + random.uniform(-0.5, 1.5)
        if random.random() < 0.3:
            strokes.append(np.array([[x, BASELINE], [x + 0.3, BASELINE + 0.2]]))
            x += 1
    return strokes


def on_line(strokes: Sequence[Points], box: Box, random: Generator, writer: Hand, height: float) -> list[Stroke]:
    """Strokes in glyph units written on a field's line. height: of small letters, in points."""
    left, bottom, right, _ = box
    scale = height / X_HEIGHT
    room = (right - left) * random.uniform(0.75, 1.12)
    strokes = fitted(strokes, room / (scale * writer.letters * 0.9))
    length = max(float(each[:, 0].max()) for each in strokes) * scale * writer.letters * 0.9
    spare = max(right - left - length, 0)
    x = left + random.normal(1.0, 1.6) * MM + spare * random.beta(1, 3.2)
    y = bottom + random.normal(0.5, 0.8) * MM
    return [
        stroke(each, writer, random, smooth=0.25 + 0.55 * writer.sloppy)
        for each in placed(strokes, x, y, scale, writer)
    ]


def blocks(text: str, box: Box, random: Generator, writer: Hand, height: float) -> list[Stroke]:
    """Printed characters on a field's line. height: of capitals and digits, in points."""
    scale = height / 6
    strokes: list[Points] = []
    x = 0.0
    for character in text:
        shaped = [
            shaken(each, random, 0.14 + 0.2 * writer.sloppy) * (1, random.normal(1, 0.03)) + (x, random.normal(0, 0.2))
            for each in ways(BLOCK[character])
        ]
        strokes += shaped
        x = max((float(each[:, 0].max()) for each in strokes), default=0) + (1.3 if shaped else 3.0)
    left, bottom, right, _ = box
    strokes = fitted(strokes, (right - left) * random.uniform(0.85, 1.08) / (scale * writer.letters * 0.9))
    length = max(float(each[:, 0].max()) for each in strokes) * scale * writer.letters * 0.9
    x = left + random.normal(1, 1) * MM + max(right - left - length, 0) * random.beta(1.2, 2.5)
    y = bottom + random.normal(0.7, 0.6) * MM
    smooth = 0.1 + 0.25 * writer.sloppy
    return [stroke(each, writer, random, smooth) for each in placed(strokes, x, y, scale, writer)]
