"""Pictures of pages as arrays: gray, one byte a pixel, 0 is black, rows from the top."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Made = NDArray[np.integer[Any] | np.floating[Any]]
"""As OpenCV declares what it returns."""
Points = NDArray[np.float64]
"""Rows of x and y, y downwards."""

DOTS_PER_INCH = 200
"""At which pages are compared."""
A_POINT = DOTS_PER_INCH / 72
"""Pixels."""
A_MM = DOTS_PER_INCH / 25.4
"""Pixels."""


def smaller(picture: Picture, scale: float) -> Picture:
    """The picture with `scale` times fewer pixels each way; itself where that is about 1 or less."""
    if scale <= 1.02:
        return picture
    height, width = picture.shape
    size = max(1, round(width / scale)), max(1, round(height / scale))
    return gray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def gray(made: Made) -> Picture:
    """What OpenCV made, as a picture."""
    return np.asarray(made, np.uint8)


def softer(picture: Picture, sigma: float) -> Picture:
    """The picture blurred by a Gaussian of `sigma` pixels."""
    return gray(cv2.GaussianBlur(picture, (0, 0), sigma))


def png(picture: Picture) -> bytes:
    """The picture as a PNG file."""
    return cv2.imencode(".png", picture)[1].tobytes()


def is_blank(picture: Picture) -> bool:
    """Whether nothing is on the page but specks, shadows and the dark rim that scanners leave."""
    small = smaller(picture, max(picture.shape) / 1100)
    if np.median(small) < _PAPER:
        return False
    small = _without_surround(small)
    level = cv2.blur(cv2.dilate(small, np.ones((15, 15), np.uint8)), (31, 31))
    dark = (small.astype(np.int16) < level.astype(np.int16) - 40).astype(np.uint8)
    rim_y, rim_x = (round(0.03 * side) for side in small.shape)
    inner = dark[rim_y : len(dark) - rim_y, rim_x : dark.shape[1] - rim_x]
    _, _, stats, _ = cv2.connectedComponentsWithStats(inner, connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA]
    return bool(areas[areas >= _SPECK].sum() < _STILL_BLANK)


def without(picture: Picture, printed: Picture) -> Picture:
    """A page without its print: paper in its place. printed: the page as it was printed, in the same frame."""
    around = np.ones((2 * round(_REACH * A_MM) + 1,) * 2, np.uint8)
    near = cv2.dilate((printed < _INKED).astype(np.uint8), around)
    return np.where(near > 0, np.uint8(np.median(picture)), picture)


_REACH = 1.5
"""Millimetres around print within which it may lie on a scan."""
_INKED = 170
"""Gray of the lightest print."""


def _without_surround(small: Picture) -> Picture:
    """The page, and as bright as itself what a scanner saw beside a sheet that lay askew.

    Only what is dark, broad and joined to the picture's edge counts as that, and only near the edge.
    """
    paper = float(np.percentile(small, 90))
    dark = np.pad((small < 0.75 * paper).astype(np.uint8), _BROAD, constant_values=1)
    broad = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((_BROAD, _BROAD), np.uint8))
    _, labels = cv2.connectedComponents(broad, connectivity=4)
    surround = (labels == labels[0, 0]).astype(np.uint8)
    surround = cv2.dilate(surround, np.ones((7, 7), np.uint8))[_BROAD:-_BROAD, _BROAD:-_BROAD]
    reach_y, reach_x = (round(_SURROUND * side) for side in small.shape)
    surround[reach_y:-reach_y, reach_x:-reach_x] = 0
    return np.where(surround > 0, np.uint8(paper), small)


_PAPER = 100
"""Gray of the darkest paper."""
_BROAD = 9
"""Pixels, at 100 dots per inch: broader than any pen's stroke."""
_SURROUND = 0.08
"""Share of a side up to which a sheet that lies askew by 5 degrees leaves its surround in sight."""
_SPECK = 4
"""Pixels, at 100 dots per inch, of the smallest mark that counts."""
_STILL_BLANK = 40
"""Pixels of marks on a page that is called blank: less than a letter of handwriting."""
