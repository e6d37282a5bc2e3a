"""The codes on a scanned page, read by ZXing from whatever the scanner made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp

from handouts.layout.codes import PageCode
from handouts.scan.pictures import Picture, Points, gray, smaller, softer

_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_SAME_PLACE = 0.5
"""Two readings are of one symbol where their centres are nearer than this part of its side."""
_ORDINARY = 2400
"""Pixels of a page's longer side, some 200 dots per inch, at which symbols are found quickest."""


@dataclass(frozen=True)
class Symbol:
    """A code of ours. corners: its four corners as x and y in pixels, from its own top left clockwise."""

    code: PageCode
    corners: Points

    @property
    def centre(self) -> Points:
        """X and y in pixels."""
        centre: Points = self.corners.mean(axis=0)
        return centre

    @property
    def side(self) -> float:
        """Mean length of its sides, in pixels."""
        return float(np.linalg.norm(self.corners - np.roll(self.corners, 1, axis=0), axis=1).mean())


def symbols(picture: Picture) -> list[Symbol]:
    """Our codes on a page, each symbol once; harder attempts are made while there is none, one more for the second."""
    found: list[Symbol] = []
    for attempt, (shown, scale) in enumerate(_attempts(picture)):
        found = _each_once((*found, *_read(shown, scale)))
        if len(found) > 1 or (found and attempt):
            break
    return found


def _read(shown: Picture, scale: float) -> list[Symbol]:
    """White on black and of a smaller picture, which takes twice as long, only where two are not found at once."""
    quickly = _each_once(_ours(shown, scale, thoroughly=False))
    return quickly if len(quickly) > 1 else _each_once(_ours(shown, scale, thoroughly=True))


def _each_once(read: Iterable[Symbol]) -> list[Symbol]:
    found: list[Symbol] = []
    for symbol in read:
        if not any(_same(symbol, other) for other in found):
            found.append(symbol)
    return found


def _ours(shown: Picture, scale: float, *, thoroughly: bool) -> Iterator[Symbol]:
    for read in zxingcpp.read_barcodes(shown, formats=_QR, try_invert=thoroughly, try_downscale=thoroughly):
        code = PageCode.parse(read.text)
        if code is not None:
            at = read.position
            corners = [(each.x, each.y) for each in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
            yield Symbol(code, (np.array(corners, np.float64) + 0.5) * scale)


def _same(one: Symbol, other: Symbol) -> bool:
    return float(np.linalg.norm(one.centre - other.centre)) < _SAME_PLACE * max(one.side, other.side)


def _attempts(picture: Picture) -> Iterator[tuple[Picture, float]]:
    """The page shown in other ways, each with how many of its pixels one of these is."""
    scale = max(1.0, max(picture.shape) / _ORDINARY)
    ordinary = smaller(picture, scale)
    yield ordinary, scale
    yield softer(ordinary, 1.2), scale
    for change in _CHANGES:
        yield change(ordinary), scale
    if scale > 1.05:
        yield picture, 1.0
        yield softer(picture, 1.6), 1.0
    else:
        larger = gray(cv2.resize(ordinary, None, fx=1.7, fy=1.7, interpolation=cv2.INTER_CUBIC))
        yield larger, scale / 1.7
        yield softer(larger, 2.0), scale / 1.7


def _levelled(picture: Picture) -> Picture:
    """Black and white by what is around each pixel, against stains and shadows."""
    soft = softer(picture, 1.0)
    return gray(cv2.adaptiveThreshold(soft, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, 61, 12))


def _thinned(picture: Picture) -> Picture:
    """Black modules that ran together are parted."""
    return gray(cv2.dilate(cv2.medianBlur(picture, 3), np.ones((2, 2), np.uint8)))


def _thickened(picture: Picture) -> Picture:
    """Black modules with holes are closed."""
    return gray(cv2.erode(cv2.medianBlur(picture, 3), np.ones((2, 2), np.uint8)))


_CHANGES: Sequence[Callable[[Picture], Picture]] = (_levelled, _thinned, _thickened)
