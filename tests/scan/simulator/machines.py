"""Printer, copier and scanner: from a picture of the page as it was made to the picture that the scanner hands over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tests.scan.simulator.damage import dust, grain, tiled
from tests.scan.simulator.fields import Picture

Mode: TypeAlias = Literal["bitonal", "gray", "colour"]


@dataclass(frozen=True, slots=True)
class Printer:
    """How the page came onto the paper.

    scale_x, scale_y: 1 is true to size. shift_x, shift_y: in mm, to the right and down. skew: in degrees.
    """

    scale_x: float = 1.0
    scale_y: float = 1.0
    shift_x: float = 0.0
    shift_y: float = 0.0
    skew: float = 0.0


@dataclass(frozen=True, slots=True)
class Scanner:
    """How the paper came into the scan.

    dpi: of the scan. skew: of the sheet, in degrees clockwise. shift_x, shift_y: of the sheet, in mm. turn: of the
    finished picture, in degrees clockwise, 0, 90, 180 or 270. overscan: seen beyond the sheet's edges, in mm. backing:
    the tone there. blur: standard deviation, in mm. noise, fibres: standard deviations in tones. uneven: how much
    darker the darkest place is lit, 0 to 1. black, white: the tones that become 0 and 255. sharpen: 0 to 1. streaks:
    lines along the page from dust on the glass. jpeg: quality, None for none. threshold: tones above Otsu's, or the
    tone itself if fixed.
    """

    dpi: int = 200
    mode: Mode = "gray"
    skew: float = 0.0
    shift_x: float = 0.0
    shift_y: float = 0.0
    turn: int = 0
    overscan: float = 0.0
    backing: int = 255
    blur: float = 0.03
    noise: float = 2.0
    fibres: float = 1.0
    uneven: float = 0.05
    black: int = 20
    white: int = 235
    sharpen: float = 0.0
    streaks: int = 0
    specks: int = 20
    jpeg: int | None = 75
    threshold: int = 0
    fixed: bool = False


def scan(page: Picture, dpi: int, printer: Printer, scanner: Scanner, random: Generator) -> Picture:
    """The scan of a page. dpi: of `page`. Bitonal scans hold 0 and 255 only."""
    if scanner.mode != "colour" and page.ndim == 3:
        page = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY).astype(np.uint8)
    elif scanner.mode == "colour" and page.ndim == 2:
        page = cv2.cvtColor(page, cv2.COLOR_GRAY2BGR).astype(np.uint8)
    picture = _laid(page, dpi, printer, scanner)
    dust(picture, scanner.dpi, scanner.specks, random)
    picture = _lit(picture, scanner, random)
    picture = _sensed(picture, scanner, random)
    if scanner.streaks:
        _streak(picture, scanner, random)
    if scanner.jpeg is not None:
        picture = jpeg(picture, scanner.jpeg)
    if scanner.mode == "bitonal":
        picture = bitonal(picture, scanner.threshold, scanner.fixed)
    return np.ascontiguousarray(np.rot90(picture, -scanner.turn // 90))


def _laid(page: Picture, dpi: int, printer: Printer, scanner: Scanner) -> Picture:
    """The sheet on the glass, blurred by lens and sensor."""
    rows, columns = page.shape[:2]
    zoom = scanner.dpi / dpi
    beyond = scanner.overscan * scanner.dpi / 25.4
    size = (round(columns * zoom + 2 * beyond), round(rows * zoom + 2 * beyond))
    centre = np.array([columns / 2, rows / 2])
    onto_sheet = _about(centre, printer.skew, printer.scale_x, printer.scale_y)
    onto_sheet[:2, 2] += np.array([printer.shift_x, printer.shift_y]) * dpi / 25.4
    onto_glass = _about(centre, scanner.skew, 1, 1)
    onto_glass[:2, 2] += np.array([scanner.shift_x, scanner.shift_y]) * dpi / 25.4
    seen = np.array([[zoom, 0, beyond + (zoom - 1) / 2], [0, zoom, beyond + (zoom - 1) / 2], [0, 0, 1]])
    sigma = np.hypot(scanner.blur * dpi / 25.4, 0.42 * max(1 / zoom - 0.6, 0))
    if sigma > 0.25:
        page = cv2.GaussianBlur(page, (0, 0), sigma).astype(np.uint8)
    laid = cv2.warpAffine(
        page, (seen @ onto_glass @ onto_sheet)[:2], size, flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT, borderValue=(255, 255, 255),
    ).astype(np.uint8)  # fmt: skip
    _surround(laid, seen @ onto_glass, (columns, rows), scanner.backing)
    return laid


def _about(centre: NDArray[np.float64], degrees: float, scale_x: float, scale_y: float) -> NDArray[np.float64]:
    """Scaled, then turned clockwise about a centre."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turned = np.array([[cos, -sin], [sin, cos]]) @ np.diag([scale_x, scale_y])
    matrix = np.eye(3)
    matrix[:2, :2] = turned
    matrix[:2, 2] = centre - turned @ centre
    return matrix


def _surround(laid: Picture, matrix: NDArray[np.float64], size: tuple[int, int], tone: int) -> None:
    """What the scanner sees beyond the sheet."""
    if tone >= 250:
        return
    width, height = size
    corners = np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]]) @ matrix[:2].T
    far = 20_000
    frame = np.array([[-far, -far], [far, -far], [far, far], [-far, far]])
    outlines = [frame.astype(np.int32), corners.round().astype(np.int32)]
    cv2.fillPoly(laid, outlines, (tone,) * (1 if laid.ndim == 2 else 3), cv2.LINE_AA)


def _lit(picture: Picture, scanner: Scanner, random: Generator) -> Picture:
    if scanner.uneven <= 0:
        return picture
    rows, columns = picture.shape[:2]
    y, x = np.mgrid[-1:1:32j, -1:1:32j]
    angle, bend = random.uniform(0, 2 * np.pi), random.normal(0, 0.5, 3)
    places = x * np.cos(angle) + y * np.sin(angle) + bend[0] * x * x + bend[1] * y * y + bend[2] * x * y
    gain = (255 * (1 - scanner.uneven * (places - places.min()) / np.ptp(places))).astype(np.float32)
    light = cv2.resize(gain, (columns // 8 + 1, rows // 8 + 1), interpolation=cv2.INTER_LINEAR)
    light = cv2.resize(np.clip(light, 0, 255).astype(np.uint8), (columns, rows), interpolation=cv2.INTER_LINEAR)
    if picture.ndim == 3:
        light = cv2.merge([light] * 3)
    return cv2.multiply(picture, light, scale=1 / 255).astype(np.uint8)


def _sensed(picture: Picture, scanner: Scanner, random: Generator) -> Picture:
    for deviation, coarse in ((scanner.fibres, True), (scanner.noise, False)):
        if deviation > 0:
            share = deviation / 20
            noise = tiled(grain(coarse), picture.shape, random)
            picture = cv2.addWeighted(picture, 1, noise, share, -128 * share).astype(np.uint8)
    if scanner.sharpen > 0:
        soft = cv2.GaussianBlur(picture, (0, 0), max(scanner.dpi / 200, 0.8))
        picture = cv2.addWeighted(picture, 1 + scanner.sharpen, soft, -scanner.sharpen, 0).astype(np.uint8)
    tones = (np.arange(256) - scanner.black) * 255 / (scanner.white - scanner.black)
    return cv2.LUT(picture, np.clip(tones, 0, 255).astype(np.uint8)).astype(np.uint8)


def _streak(picture: Picture, scanner: Scanner, random: Generator) -> None:
    rows, columns = picture.shape[:2]
    for _ in range(scanner.streaks):
        x = int(random.integers(0, columns))
        width = int(random.integers(1, max(round(0.4 * scanner.dpi / 25.4), 2)))
        strength = random.uniform(0.15, 0.9)
        start, end = sorted(random.integers(0, rows, 2)) if random.random() < 0.3 else (0, rows)
        part = picture[start:end, x : x + width]
        tone = 0 if random.random() < 0.75 else 255
        part[:] = (part * (1 - strength) + tone * strength).astype(np.uint8)


def jpeg(picture: Picture, quality: int) -> Picture:
    """As after being stored as JPEG."""
    _, stored = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(stored, cv2.IMREAD_UNCHANGED), np.uint8)


def bitonal(picture: Picture, threshold: int, fixed: bool) -> Picture:
    """Black and white. threshold: the tone if fixed, else what is added to Otsu's for the page without its edges."""
    tone = float(threshold)
    if not fixed:
        rows, columns = (side // 12 for side in picture.shape)
        within = np.ascontiguousarray(picture[rows:-rows:2, columns:-columns:2])
        otsu, _ = cv2.threshold(within, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        tone = min(max(otsu, 70), 215) + threshold
    return cv2.threshold(picture, tone, 255, cv2.THRESH_BINARY)[1].astype(np.uint8)


def copied(page: Picture, dpi: int, random: Generator) -> Picture:
    """A photocopy: another size and angle, blurred, hard in contrast, with specks and streaks. In gray.

    Its exposure is set so that the print is seen, as the person at the copier sees to.
    """
    if page.ndim == 3:
        page = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY).astype(np.uint8)
    size = random.uniform(0.975, 1.02)
    shift_x, shift_y = random.normal(0, 1.2, 2).tolist()
    printer = Printer(size, size * random.uniform(0.996, 1.004), shift_x, shift_y, random.normal(0, 0.5))
    scanner = Scanner(
        dpi=dpi, backing=int(random.choice([255, 255, 40])), blur=random.uniform(0.05, 0.1), noise=5, fibres=4,
        uneven=random.uniform(0, 0.1), black=0, white=255, jpeg=None, specks=int(random.integers(40, 400)),
        streaks=int(random.poisson(0.5)),
    )  # fmt: skip
    picture = scan(page, dpi, printer, scanner, random)
    darkest = float(np.percentile(picture[200:-200:4, 200:-200:4], 1))
    middle, steep = max(random.uniform(125, 185), min(darkest + 60, 215)), random.uniform(2.0, 4.5)
    tones = np.clip((np.arange(256) - middle) * steep + middle, random.uniform(0, 45), 255)
    return np.asarray(cv2.LUT(picture, tones.astype(np.uint8)), np.uint8)
