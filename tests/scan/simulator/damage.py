"""What happens to a sheet of paper on its way: folds, holes, staples, coffee, corners, faint toner, the other side.

Each function changes a picture of the page in place or returns a new one. dpi: of the picture.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tests.scan.simulator.fields import MM, Box, Picture

Corner: TypeAlias = Literal["top left", "top right", "bottom left", "bottom right"]
CODE_CORNERS: tuple[Corner, Corner] = ("top right", "bottom left")

_TILE = 1024


def fold(picture: Picture, dpi: int, at: float, slope: float, dark: float, random: Generator) -> None:
    """A crease across the page, one flank in shadow, the other bright, toner cracked off along it.

    at: height of its middle, in points. slope: of the crease. dark: of the shadow, 0 to 1.
    """
    rows, columns = picture.shape[:2]
    middle = rows - at * dpi / 72
    reach = 6.0 * dpi / 25.4
    rise = abs(slope) * columns / 2
    top, bottom = max(int(middle - reach - rise), 0), min(int(middle + reach + rise) + 1, rows)
    if bottom <= top:
        return
    x = np.arange(columns, dtype=np.float32) - columns / 2
    waver = cv2.GaussianBlur(random.normal(0, 1, (1, columns)).astype(np.float32), (0, 0), 0.8 * dpi / 25.4)[0]
    line = middle + slope * x + waver * 0.6 * dpi / 25.4
    mm = (np.arange(top, bottom, dtype=np.float32)[:, None] - line) * (25.4 / dpi)
    crease = np.exp(-((mm / 0.28) ** 2))
    uneven = 0.75 + 0.5 * cv2.GaussianBlur(random.random((1, columns)).astype(np.float32), (0, 0), 2.5 * dpi / 25.4)
    shadow = dark * (0.85 * crease + 0.22 * np.exp(-np.maximum(mm, 0) / 1.8) * (mm > 0)) * uneven
    light = 0.25 * np.exp(-np.maximum(-mm, 0) / 1.5) * (mm <= 0)
    cracked = (crease > 0.5) & (random.random(mm.shape) < 0.25)
    _shade(picture[top:bottom], 1 - shadow)
    _lighten(picture[top:bottom], np.where(cracked, 0.6, light * 0.4).astype(np.float32))


def punch(picture: Picture, dpi: int, holes: int, random: Generator) -> None:
    """Two or three holes of 6 mm along the left edge, what lies behind showing dark or light."""
    rows = picture.shape[0]
    apart = 80 if holes == 2 else 108
    x = round(random.uniform(9, 13) * dpi / 25.4)
    tone = int(random.choice([30, 90, 215, 245]))
    for number in range(holes):
        y = rows / 2 + ((number - (holes - 1) / 2) * apart + random.normal(0, 0.5)) * dpi / 25.4
        centre, radius = (x, round(y)), round(3 * dpi / 25.4)
        cv2.circle(picture, centre, radius, _tone(picture, tone), -1, cv2.LINE_AA)
        cv2.ellipse(picture, centre, (radius, radius), 0, 100, 260, _tone(picture, min(tone, 130)), 2, cv2.LINE_AA)


def staple(picture: Picture, dpi: int, random: Generator, pulled: bool) -> None:
    """A staple in the upper left corner, or, if it was pulled, its two holes."""
    unit = dpi / 25.4
    x, y = random.uniform(7, 16) * unit, random.uniform(7, 14) * unit
    angle = random.choice([-45, -40, 0, 90, -50]) * np.pi / 180 + random.normal(0, 0.08)
    away = np.array([np.cos(angle), np.sin(angle)]) * 6 * unit
    start, end = (np.array([x, y]) - away).round().astype(int), (np.array([x, y]) + away).round().astype(int)
    if pulled:
        for each in (start, end):
            cv2.circle(picture, each.tolist(), max(round(0.5 * unit), 1), _tone(picture, 40), -1, cv2.LINE_AA)
        return
    thick = max(round(0.6 * unit), 1)
    shadow = np.full(picture.shape[:2], 255, np.uint8)[: int(40 * unit), : int(40 * unit)]
    cv2.line(shadow, (start + thick).tolist(), (end + thick).tolist(), 140, thick * 3, cv2.LINE_AA)
    soft = np.asarray(cv2.GaussianBlur(shadow, (0, 0), 0.5 * unit), np.float32) / 255
    _shade(picture[: soft.shape[0], : soft.shape[1]], soft)
    cv2.line(picture, start.tolist(), end.tolist(), _tone(picture, 70), thick, cv2.LINE_AA)
    cv2.line(picture, start.tolist(), end.tolist(), _tone(picture, 165), max(thick // 3, 1), cv2.LINE_AA)


def coffee(picture: Picture, dpi: int, random: Generator) -> None:
    """The ring of a cup, with drops."""
    coarse = 36
    side = int(110 / 25.4 * coarse)
    y, x = np.mgrid[:side, :side].astype(np.float32) * (25.4 / coarse)
    y, x = y - 55, x - 55
    angle = np.arctan2(y, x)
    waver = sum(random.normal(0, 0.5) * np.sin(k * angle + random.uniform(0, 6)) for k in range(2, 7))
    far = np.hypot(x, y) - random.uniform(34, 42) - waver
    strong = 0.65 + 0.35 * np.sin(angle + random.uniform(0, 6))
    ring = np.exp(-((far / random.uniform(0.8, 2.0)) ** 2)) * random.uniform(0.18, 0.42) * strong
    stain: NDArray[np.floating] = ring + 0.07 * (far < 0) + 0.05 * np.exp(-((far / 4) ** 2))
    for _ in range(int(random.integers(0, 7))):
        dx, dy, radius = random.uniform(-50, 50), random.uniform(-50, 50), random.uniform(0.8, 3.5)
        drop = np.hypot(x - dx, y - dy) - radius
        stain = np.maximum(stain, 0.16 * (drop < 0) + 0.22 * np.exp(-((drop / 0.4) ** 2)))
    rows, columns = picture.shape[:2]
    left = int(random.uniform(-0.2, 0.85) * columns)
    top = int(random.uniform(-0.1, 0.85) * rows)
    large = int(110 / 25.4 * dpi)
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + large, columns), min(top + large, rows)
    grown = np.asarray(cv2.resize(stain.astype(np.float32), (large, large)), np.float32)
    part = np.clip(grown[y0 - top : y1 - top, x0 - left : x1 - left], 0, 0.8)
    if picture.ndim == 2:
        _shade(picture[y0:y1, x0:x1], 1 - part)
    else:
        _shade(picture[y0:y1, x0:x1], 1 - part[:, :, None] * np.array([1.25, 0.85, 0.55], np.float32))


def lose_corner(picture: Picture, dpi: int, corner: Corner, size: float, torn: bool, random: Generator) -> None:
    """A corner torn off, or folded over so that the sheet's white back shows. size: of both its sides, in mm."""
    rows, columns = picture.shape[:2]
    reach = size * dpi / 25.4
    a, b = reach * random.uniform(0.8, 1.2), reach * random.uniform(0.8, 1.2)
    t = np.linspace(0, 1, 24 if torn else 2)
    rough = random.normal(0, 0.7 * dpi / 25.4, t.size) if torn else np.zeros(t.size)
    edge = np.column_stack((a * t + rough, b * (1 - t) + rough))
    mirror_x, mirror_y = "right" in corner, "bottom" in corner
    shape = np.concatenate((edge, np.array([[a, 0.0], [0.0, 0.0], [0.0, b]])))
    turn = np.array([-1 if mirror_x else 1, -1 if mirror_y else 1])
    base = np.array([columns - 1 if mirror_x else 0, rows - 1 if mirror_y else 0])
    outline = (base + turn * shape).round().astype(np.int32)
    outside = int(random.choice([255, 240, 60]))
    cv2.fillPoly(picture, [outline], _tone(picture, outside), cv2.LINE_AA)
    if torn:
        ragged = (base + turn * edge).round().astype(np.int32)
        cv2.polylines(picture, [ragged], False, _tone(picture, 195), max(round(0.5 * dpi / 25.4), 1), cv2.LINE_AA)
        return
    flap = (base + turn * np.array([[0, b], [a, 0], _reflected(a, b)])).round().astype(np.int32)
    cv2.fillPoly(picture, [flap], _tone(picture, 248), cv2.LINE_AA)
    for ends, tone in (((0, 2), 160), ((1, 2), 175), ((0, 1), 205)):
        cv2.line(
            picture, flap[ends[0]].tolist(), flap[ends[1]].tolist(), _tone(picture, tone), max(round(dpi / 90), 1),
            cv2.LINE_AA,
        )  # fmt: skip


def _reflected(a: float, b: float) -> tuple[float, float]:
    """Where the corner comes to lie when the sheet is folded along the line from a on one edge to b on the other."""
    scale = 2 * a * b / (a * a + b * b)
    return scale * b, scale * a


def code_box(page: tuple[float, float], corner: Corner) -> Box:
    """Where a page's code stands: 15 mm wide, 10 mm from both edges. page: width and height in points."""
    side, edge = 15 * MM, 10 * MM
    x = page[0] - edge - side if "right" in corner else edge
    y = page[1] - edge - side if "top" in corner else edge
    return x, y, x + side, y + side


def faint(picture: Picture, strength: float, random: Generator) -> Picture:
    """Toner that runs out: print gets lighter, unevenly, in bands along the page. strength: left of it, 0 to 1."""
    rows, columns = picture.shape[:2]
    bands = np.clip(strength + random.normal(0, 0.06, (3, 9)), 0.3, 1).astype(np.float32)
    kept = cv2.resize((bands * 255).astype(np.uint8), (columns, rows), interpolation=cv2.INTER_LINEAR)
    kept = cv2.multiply(kept, tiled(_blotches(), picture.shape, random), scale=1 / 255)
    inverted = cv2.bitwise_not(picture)
    return cv2.bitwise_not(cv2.multiply(inverted, kept, scale=1 / 255)).astype(np.uint8)


def show_through(picture: Picture, reverse: Picture, strength: float) -> Picture:
    """The print on the sheet's other side, mirrored and faint. reverse: gray. strength: 0 to 1."""
    turned = cv2.flip(reverse, 1)
    if turned.shape[:2] != picture.shape[:2]:
        turned = cv2.resize(turned, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_AREA)
    small = cv2.resize(turned, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    soft = cv2.resize(cv2.blur(small, (3, 3)), (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_LINEAR)
    light = cv2.convertScaleAbs(soft, alpha=strength, beta=255 * (1 - strength))
    if picture.ndim == 3:
        light = cv2.merge([light] * 3)
    return np.asarray(cv2.multiply(picture, light, scale=1 / 255), np.uint8)


def dust(picture: Picture, dpi: int, specks: int, random: Generator) -> None:
    """Dark specks and a few hairs, in place."""
    rows, columns = picture.shape[:2]
    for x, y, size, tone in zip(
        random.integers(0, columns, specks).tolist(), random.integers(0, rows, specks).tolist(),
        random.gamma(1.5, 0.06, specks).tolist(), random.integers(30, 200, specks).tolist(), strict=True,
    ):  # fmt: skip
        cv2.circle(picture, (x, y), round(size * dpi / 25.4), _tone(picture, tone), -1, cv2.LINE_AA)
    for _ in range(int(random.poisson(specks / 60))):
        steps = random.normal(0, 0.9, (9, 2)).cumsum(axis=0).cumsum(axis=0) * 0.35 * dpi / 25.4
        way = (steps + random.random(2) * (columns, rows)).round().astype(np.int32)
        cv2.polylines(picture, [way], False, _tone(picture, int(random.integers(80, 190))), 1, cv2.LINE_AA)


def tiled(tile: Picture, shape: tuple[int, ...], random: Generator) -> Picture:
    """A texture of a picture's size (its channels too), from anywhere in the tile, perhaps turned over."""
    rows, columns = shape[:2]
    flipped = cv2.flip(tile, int(random.integers(-1, 2)))
    down, along = random.integers(0, _TILE, 2)
    rolled = np.roll(np.asarray(flipped, np.uint8), (int(down), int(along)), (0, 1))
    repeats = (rows // _TILE + 1, columns // _TILE + 1)
    plane = np.asarray(np.tile(rolled, repeats)[:rows, :columns], np.uint8)
    return plane if len(shape) == 2 else np.asarray(cv2.merge([plane] * 3), np.uint8)


@lru_cache(maxsize=1)
def _blotches() -> Picture:
    made = np.random.default_rng(2)
    fine = made.normal(0, 1, (_TILE, _TILE)).astype(np.float32)
    coarse = np.asarray(cv2.GaussianBlur(fine, (0, 0), 2), np.float32) * 7
    return np.asarray(np.clip(228 + 22 * coarse + 14 * fine, 90, 255), np.uint8)


@lru_cache(maxsize=2)
def grain(coarse: bool) -> Picture:
    """Noise about 128 with a deviation of 20; coarse: of paper's fibres rather than of a sensor."""
    noise = np.random.default_rng(3 + coarse).normal(0, 1, (_TILE, _TILE)).astype(np.float32)
    if coarse:
        noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), 1.6), np.float32)
        noise = noise / float(noise.std())
    return np.asarray(np.clip(128 + 20 * noise, 0, 255), np.uint8)


def _tone(picture: Picture, gray: int) -> tuple[int, ...]:
    return (gray,) * (1 if picture.ndim == 2 else 3)


def _shade(part: Picture, kept: NDArray[np.floating]) -> None:
    if part.ndim == 3 and kept.ndim == 2:
        kept = kept[:, :, None]
    part[:] = np.clip(part * kept, 0, 255).astype(np.uint8)


def _lighten(part: Picture, much: NDArray[np.floating]) -> None:
    if part.ndim == 3:
        much = much[:, :, None]
    part[:] = (part + (255 - part) * much).astype(np.uint8)
