"""Pages as they leave a black-and-white laser printer, before anyone has touched them."""

from __future__ import annotations

from contextlib import closing
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import pypdfium2

from tests.scan.simulator.fields import Picture

_CELL = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float64)


@lru_cache(maxsize=24)
def printed_page(file: Path, page: int, dpi: int = 300) -> Picture:
    """A page of a packet in gray, not to be changed. page: from 1. dpi: of the printer, 300 or 600."""
    with closing(pypdfium2.PdfDocument(file)) as document, closing(document[page - 1]) as loaded:
        gray = loaded.render(scale=dpi / 72, grayscale=True).to_numpy()
    picture = _halftone(np.ascontiguousarray(gray.reshape(gray.shape[:2])), dpi)
    picture.setflags(write=False)
    return picture


def page_count(file: Path) -> int:
    """How many pages a PDF has."""
    with closing(pypdfium2.PdfDocument(file)) as document:
        return len(document)


def _halftone(picture: Picture, dpi: int) -> Picture:
    """Even grays become dots, as toner is black or nothing; edges of letters stay as they are."""
    even = cv2.morphologyEx(picture, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) == 0
    even &= (picture > 8) & (picture < 250)
    if not even.any():
        return picture
    cell = cv2.resize(_CELL, None, fx=dpi / 300, fy=dpi / 300, interpolation=cv2.INTER_NEAREST)
    rows, columns = picture.shape
    screen = np.tile((cell + 0.5) * 16, (rows // cell.shape[0] + 1, columns // cell.shape[1] + 1))[:rows, :columns]
    return np.where(even, np.where(picture > screen, 255, 0), picture).astype(np.uint8)
