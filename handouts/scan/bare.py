"""Pages of PDFs that are one picture, as scanners make them: its pixels as they are, five times as quick as drawn."""

from __future__ import annotations

import cv2
import numpy as np
import pikepdf
import pypdfium2
from pypdfium2 import raw

from handouts.scan.pictures import Made, Picture, gray
from handouts.scan.sheets import MOST_PIXELS

_A_HAIR = 1.0
"""Points by which a picture may end beside the page's edge."""
_SQUARE = 0.01
"""Share by which a pixel may be longer than it is broad."""
_MOST_PICTURES = 100
"""In a page's list of pictures, which pages may share."""
_CUT_OUT = ("/SMask", "/Mask", "/SMaskInData", "/ImageMask", "/OC")


def pixels(page: pypdfium2.PdfPage, same: pikepdf.Page) -> Picture | None:
    """The picture that a page is, as it is shown. None where there is more to it, and it must be drawn to be seen.

    same: the page as qpdf reads it, which tells what PDFium does not.
    """
    shown = _only_picture(page)
    if shown is None or not _is_whole(same):
        return None
    bitmap = shown.get_bitmap()
    picture = _gray_of(bitmap.to_numpy())
    return np.ascontiguousarray(np.rot90(picture, -page.get_rotation() // 90))


def _only_picture(page: pypdfium2.PdfPage) -> pypdfium2.PdfImage | None:
    """The picture that covers a page, where nothing is drawn on it but letters that cannot be seen."""
    if raw.FPDFPage_GetAnnotCount(page):
        return None
    found: pypdfium2.PdfImage | None = None
    for each in page.get_objects(max_depth=1):
        if isinstance(each, pypdfium2.PdfImage) and found is None:
            found = each
        elif raw.FPDFTextObj_GetTextRenderMode(each) != raw.FPDF_TEXTRENDERMODE_INVISIBLE:
            return None
    return found if found is not None and _covers(found, page) and _is_drawn_plainly(found) else None


def _covers(image: pypdfium2.PdfImage, page: pypdfium2.PdfPage) -> bool:
    """Whether a picture lies upright on all of a page, with pixels that are square and not too many: PDFium draws
    larger ones piece by piece.
    """
    matrix = image.get_matrix()
    sides = zip(image.get_bounds(), page.get_cropbox(), strict=True)
    if matrix.b or matrix.c or min(matrix.a, matrix.d) <= 0 or any(abs(one - other) > _A_HAIR for one, other in sides):
        return False
    width, height = image.get_px_size()
    return bool(width * height <= MOST_PIXELS and abs(width * matrix.d / (height * matrix.a) - 1) < _SQUARE)


def _is_drawn_plainly(image: pypdfium2.PdfImage) -> bool:
    """Whether nothing cuts it, lets it shine through, or hides it at times."""
    cut = raw.FPDFClipPath_CountPaths(raw.FPDFPageObj_GetClipPath(image)) > 0
    return not (cut or raw.FPDFPageObj_HasTransparency(image) or raw.FPDFPageObj_CountMarks(image))


def _is_whole(page: pikepdf.Page) -> bool:
    """Whether all pictures in a page's list are shown as they are."""
    listed = page.resources.get("/XObject", pikepdf.Dictionary())
    return 0 < len(listed) <= _MOST_PICTURES and not any(each.get(key) for each in listed.values() for key in _CUT_OUT)


def _gray_of(drawn: Made) -> Picture:
    """PDFium's pixels: gray, or blue, green, red and perhaps nothing."""
    if drawn.ndim == 2:
        return np.array(drawn, np.uint8)
    return gray(cv2.cvtColor(np.ascontiguousarray(drawn[:, :, :3]), cv2.COLOR_BGR2GRAY))
