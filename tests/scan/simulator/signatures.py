"""How people sign."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from tests.scan.simulator.fields import MM, Box
from tests.scan.simulator.hands import Hand, shaken
from tests.scan.simulator.ink import Stroke
from tests.scan.simulator.lettering import blocks, flourish, joined, letters_of, made_up_name, on_line
from tests.scan.simulator.letters import BASELINE, BLOCK
from tests.scan.simulator.marks import crossing


def full(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    """First and last name."""
    first = joined(made_up_name(random, 2, 5), random, writer, random.uniform(0, 0.5))
    shift = max(float(each[:, 0].max()) for each in first) + random.uniform(1.5, 4)
    last = joined(made_up_name(random, 3, 7), random, writer, random.uniform(0, 0.6))
    return on_line([*first, *(each + np.array([shift, 0]) for each in last)], box, random, writer, writer.x_height)


def surname(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    """The last name, now and then with a last sweep."""
    strokes = joined(made_up_name(random, 4, 8), random, writer, random.uniform(0, 0.6))
    if random.random() < 0.45:
        sweep = flourish(strokes[-1][-1], random)
        strokes[-1] = np.concatenate((strokes[-1], sweep[1:]))
    return on_line(strokes, box, random, writer, writer.x_height * random.uniform(0.9, 1.25))


def scrawl(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    """A capital that runs out in a wave."""
    strokes = joined(made_up_name(random, 0, 2), random, writer, 0.3)
    body = strokes[-1]
    humps = int(random.integers(3, 11))
    x, y = body[-1]
    xs = x + np.cumsum(random.uniform(0.8, 2.6, 2 * humps))
    highs = np.where(np.arange(2 * humps) % 2 == 0, 1.0, 0.0) * np.linspace(4, random.uniform(0.3, 1.8), 2 * humps)
    wave = np.column_stack((xs, y * 0 + BASELINE + highs + random.normal(0, 0.5, 2 * humps)))
    body = np.concatenate((body, wave))
    if random.random() < 0.6:
        body = np.concatenate((body, flourish(body[-1], random)[1:]))
    return on_line([*strokes[:-1], body], box, random, writer, writer.x_height * random.uniform(1.0, 1.7))


def loops(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    """A few large loops over each other, as busy people sign."""
    turns = random.uniform(2, 5)
    angle = np.linspace(0, 2 * np.pi * turns, int(turns * 9)) * (1 if random.random() < 0.5 else -1) + random.uniform(
        0, 6
    )
    wide = random.uniform(1.5, 6) * np.linspace(1, random.uniform(0.3, 0.9), angle.size)
    high = random.uniform(2.5, 6.5) * np.linspace(1, random.uniform(0.3, 0.9), angle.size)
    drift = np.linspace(0, random.uniform(4, 26), angle.size)
    body = np.column_stack((6 + drift + wide * np.cos(angle), 8 + high * np.sin(angle)))
    body = np.concatenate(([[0.0, random.uniform(3, 9)]], shaken(body, random, 0.35)))
    if random.random() < 0.7:
        body = np.concatenate((body, flourish(body[-1], random)[1:]))
    return on_line([body], box, random, writer, writer.x_height * random.uniform(0.8, 1.5))


def short(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    """One quick small squiggle."""
    count = int(random.integers(4, 9))
    xs = np.cumsum(random.uniform(1.0, 3.0, count))
    ys = BASELINE + random.uniform(-1, 6, count) * (np.arange(count) % 2 + 0.15)
    return on_line([np.column_stack((xs, ys))], box, random, writer, writer.x_height * random.uniform(0.8, 1.4))


def initials_on_line(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    """Two or three capitals."""
    cursive = bool(random.random() < 0.6)
    strokes = letters_of(int(random.integers(2, 4)), random, cursive)
    return on_line(strokes, box, random, writer, writer.x_height * random.uniform(0.9, 1.3))


def cross(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    """The mark of someone who cannot write."""
    size = random.uniform(5, 11) * MM
    x = box[0] + random.uniform(2, 40) * MM
    return crossing(x, box[1] + random.uniform(-1.5, 2) * MM, size, random, writer)


def small_x(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    """As one marks where to sign."""
    size = random.uniform(2.5, 4.5) * MM
    x = box[0] + random.uniform(0, 25) * MM
    return crossing(x, box[1] + random.uniform(0, 2) * MM, size, random, writer)


def printed(box: Box, random: Generator, writer: Hand) -> list[Stroke]:
    """The name in capitals."""
    count = int(random.integers(4, 11))
    text = "".join(str(random.choice([letter for letter in BLOCK if letter.isalpha()])) for _ in range(count))
    return blocks(text, box, random, writer, random.uniform(3, 6) * MM)
