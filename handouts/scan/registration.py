"""Where a printed page lies on a scan of it: first by its codes, then by everything that is printed.

Pages are compared in the frame of the blank: its upper left is the origin, DOTS_PER_INCH its resolution.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from handouts.layout.style import Geometry
from handouts.scan.codes import Symbol
from handouts.scan.pictures import A_MM, A_POINT, Made, Picture, Points, gray, smaller, softer

Matrix = NDArray[np.float64]
"""2 × 3: from the blank's pixels to the scan's."""

_PATCH = (28, 22)
"""Width and height of a piece of print that is looked for, in pixels of half a size: 7 by 6 mm."""
_ROWS, _COLUMNS = 9, 6
"""Pieces of print a page, at most."""
_FOUND = 0.5
"""Correlation from which a piece counts as found."""
_NEAR, _FAR = 7, 30
"""Such pixels by which a piece may lie elsewhere: where both codes are known, and where one is."""
_LEAST_PIECES = 5
_RESIDUAL = 1.3
"""Such pixels that a piece may be off the others."""


@dataclass(frozen=True)
class Registered:
    """Where a scan lies over its blank. matrix: from the blank's pixels to the scan's, which are `scale` times as many
    each way. shape: of the blank. agreement: the share of the pieces of print that were found where they belong.
    """

    scan: Picture
    matrix: Matrix
    scale: float
    shape: tuple[int, ...]
    agreement: float

    @property
    def turned(self) -> int:
        """How the scan lies, in degrees clockwise: 0, 90, 180 or 270."""
        return round(float(np.degrees(np.arctan2(self.matrix[1, 0], self.matrix[0, 0]))) / 90) * 90 % 360

    @cached_property
    def picture(self) -> Picture:
        """The scan, in the blank's frame."""
        return self.below(0)

    def below(self, row: int) -> Picture:
        """The same from a row on, which takes less time."""
        source = self._source
        ratio = np.array([[source.shape[side] / self.scan.shape[side]] for side in (1, 0)])
        into = _into(self.matrix, ratio)
        height, width = self.shape[:2]
        return _laid(source, _after(into, np.array([[1.0, 0, 0], [0, 1, row]])), (height - row, width))

    @cached_property
    def _source(self) -> Picture:
        return smaller(self.scan, self.scale) if self.scale > _FINER else self.scan


def register(scan: Picture, symbols: Sequence[Symbol], blank: Picture, geometry: Geometry) -> Registered | None:
    """Lay a scan over its blank. None where the page cannot be found: then nothing may be said of its fields."""
    best: Registered | None = None
    for matrix, reach in _beginnings(scan, symbols, blank, geometry):
        found = _refined(scan, matrix, blank, reach)
        if found and (best is None or found.agreement > best.agreement):
            best = found
        if best and best.agreement > _SURE:
            break
    return best


_SURE = 0.6
_FINER = 1.15
"""Scale from which fine strokes would be lost between the pixels that are looked at."""


# -- by codes, or by the page's look -----------------------------------------------------------------


def _beginnings(
    scan: Picture, symbols: Sequence[Symbol], blank: Picture, geometry: Geometry
) -> Iterator[tuple[Matrix, int]]:
    """Where the page may lie, the likeliest first, and how far that may be off."""
    corners = _code_corners(geometry)
    if len(symbols) > 1:
        one, other = symbols[0], symbols[1]
        right, down = one.corners[1] - one.corners[0], one.corners[3] - one.corners[0]
        across = other.centre - one.centre
        first_is_top = across @ down > 0 and across @ right < 0
        pairs = (one, other) if first_is_top else (other, one)
        yield _similar(np.concatenate(corners), np.concatenate([each.corners for each in pairs])), _NEAR
    for symbol in symbols[:2]:
        for place in corners:
            yield _similar(place, symbol.corners), _FAR
    matrix = _by_look(scan, blank)
    if matrix is not None:
        yield matrix, _NEAR


def _code_corners(geometry: Geometry) -> tuple[Points, Points]:
    """The codes' corners on the blank: top right, bottom left."""
    near, far = geometry.edge, geometry.edge + geometry.code
    places = ((geometry.width - far, near), (near, geometry.height - far))
    square = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float64) * geometry.code
    top, bottom = ((square + place) * A_POINT for place in places)
    return top, bottom


def _similar(blank: Points, scan: Points) -> Matrix:
    """Moved, turned and scaled: what maps the one on the other with the least squares."""
    centre, other = blank.mean(axis=0), scan.mean(axis=0)
    here, there = ((points - middle) @ np.array([1, 1j]) for points, middle in ((blank, centre), (scan, other)))
    turn = (here.conj() @ there) / (here.conj() @ here)
    linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    return np.column_stack([linear, other - linear @ centre])


def _by_look(scan: Picture, blank: Picture) -> Matrix | None:
    """By points that look alike, where no code tells."""
    far, near = smaller(scan, max(scan.shape) / 1300), smaller(blank, max(blank.shape) / 1300)
    finder = cv2.ORB.create(nfeatures=3000)
    (points, told), (others, said) = (finder.detectAndCompute(each, None) for each in (near, far))
    if told is None or said is None or min(len(points), len(others)) < _FEATURES:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(told, said)
    if len(pairs) < _FEATURES:
        return None
    here = np.array([points[each.queryIdx].pt for each in pairs], np.float64) * (max(blank.shape) / max(near.shape))
    there = np.array([others[each.trainIdx].pt for each in pairs], np.float64) * (max(scan.shape) / max(far.shape))
    matrix, kept = cv2.estimateAffinePartial2D(here, there, ransacReprojThreshold=12.0, maxIters=4000)
    if matrix is None or int(kept.sum()) < _FEATURES:
        return None
    return np.asarray(matrix, np.float64)


_FEATURES = 12


# -- by all that is printed --------------------------------------------------------------------------


def _refined(scan: Picture, matrix: Matrix, blank: Picture, reach: int) -> Registered | None:
    """The same page laid more exactly: pieces of print are looked for around where they should be.

    They are looked for in pictures of half the size, which takes a quarter of the time. The scan is made smaller by a
    whole number only, which is thirty times as quick as by any other.
    """
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    if not 0.2 < scale < 8:
        return None
    half = _fewer(blank, 2)
    times = max(1, int(2 * scale + 0.3))
    source = _fewer(scan, times)
    to_half = _into(_from_half(matrix), 1 / times)
    pieces = _pieces(half)
    agreement = 0.0
    for within in (reach, _NEAR) if reach > _NEAR else (reach,):
        here, there = _found(pieces, half, _laid(source, to_half, half.shape), within)
        if len(here) < _LEAST_PIECES:
            return None
        correction, kept = cv2.estimateAffine2D(here, there, ransacReprojThreshold=_RESIDUAL, maxIters=2000)
        if correction is None or int(kept.sum()) < _LEAST_PIECES or not _gentle(correction):
            return None
        agreement = int(kept.sum()) / max(1, len(pieces))
        to_half = _after(to_half, np.asarray(correction, np.float64))
    return Registered(scan, _into(_to_whole(to_half), times), scale, blank.shape, agreement)


def _fewer(picture: Picture, times: int) -> Picture:
    """The picture with so many times fewer pixels each way, without those that are left over."""
    height, width = (side // times * times for side in picture.shape)
    return smaller(picture[:height, :width], times)


def _from_half(matrix: Matrix) -> Matrix:
    """From a picture of half the size; a pixel's middle, not its corner, has whole numbers."""
    linear = matrix[:, :2]
    return np.column_stack([2 * linear, matrix[:, 2] + linear @ [0.5, 0.5]])


def _to_whole(matrix: Matrix) -> Matrix:
    linear = matrix[:, :2] / 2
    return np.column_stack([linear, matrix[:, 2] - linear @ [0.5, 0.5]])


def _into(matrix: Matrix, times: float | Points) -> Matrix:
    """To another size of the same picture, which has so many times the pixels each way, or across and down."""
    middle = np.array([0, 0, 0.5])
    into: Matrix = (matrix + middle) * times - middle
    return into


def _gentle(correction: Made) -> bool:
    """Whether a correction is one of paper, and no accident: hardly turned, stretched by a tenth at most."""
    values = np.linalg.svd(correction[:, :2], compute_uv=False)
    return bool(0.88 < values[1] <= values[0] < 1.14 and abs(correction[1, 0]) < 0.06)


def _laid(source: Picture, matrix: Matrix, shape: tuple[int, ...]) -> Picture:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = shape[1], shape[0]
    return gray(cv2.warpAffine(source, matrix, size, flags=flags, borderValue=(255,)))


def _after(matrix: Matrix, correction: Matrix) -> Matrix:
    """First the correction, within the blank's frame, then the way to the scan."""
    linear = matrix[:, :2] @ correction[:, :2]
    return np.column_stack([linear, matrix[:, :2] @ correction[:, 2] + matrix[:, 2]])


def _pieces(blank: Picture) -> list[tuple[int, int]]:
    """Left and top of pieces of the blank with much print on them, spread over the page."""
    width, height = _PATCH
    dark = (blank < 140).astype(np.uint8)
    ink = cv2.boxFilter(dark, cv2.CV_16S, _PATCH, anchor=(0, 0), normalize=False, borderType=cv2.BORDER_CONSTANT)
    rim = round(4 * A_MM)
    ink[:rim], ink[-rim - height :], ink[:, :rim], ink[:, -rim - width :] = 0, 0, 0, 0
    rows, columns = blank.shape[0] // _ROWS, blank.shape[1] // _COLUMNS
    found: list[tuple[int, int]] = []
    for row in range(_ROWS):
        for column in range(_COLUMNS):
            cell = ink[row * rows : (row + 1) * rows, column * columns : (column + 1) * columns]
            _, most, _, (x, y) = cv2.minMaxLoc(cell)
            if most > _LEAST_INK * width * height:
                found.append((column * columns + x, row * rows + y))
    return found


_LEAST_INK = 0.06


def _found(pieces: Sequence[tuple[int, int]], blank: Picture, laid: Picture, reach: int) -> tuple[Points, Points]:
    """Centres of the pieces that were found: where they should be, and where they are."""
    width, height = _PATCH
    blurred, other = softer(blank, 0.8), softer(laid, 0.8)
    here: list[tuple[float, float]] = []
    there: list[tuple[float, float]] = []
    for x, y in pieces:
        left, top = max(0, x - reach), max(0, y - reach)
        around = other[top : y + height + reach, left : x + width + reach]
        if around.shape[0] < height or around.shape[1] < width:
            continue
        match = cv2.matchTemplate(around, blurred[y : y + height, x : x + width], cv2.TM_CCOEFF_NORMED)
        _, best, _, (dx, dy) = cv2.minMaxLoc(match)
        if best >= _FOUND:
            middle = width / 2, height / 2
            here.append((x + middle[0], y + middle[1]))
            there.append((left + dx + _peak(match[dy], dx) + middle[0], top + dy + _peak(match[:, dx], dy) + middle[1]))
    return np.array(here, np.float64).reshape(-1, 2), np.array(there, np.float64).reshape(-1, 2)


def _peak(values: Made, at: int) -> float:
    """How far, in pixels, the peak of a parabola through three values lies from the middle one."""
    if not 0 < at < len(values) - 1:
        return 0.0
    before, here, after = (float(each) for each in values[at - 1 : at + 2])
    bend = before - 2 * here + after
    return 0.5 * (before - after) / bend if bend < 0 else 0.0
