"""PDFs as scanners write them, opened page by page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import img2pdf
import numpy as np
import pikepdf
import pypdfium2

from handouts.scan.bare import pixels
from handouts.scan.pictures import DOTS_PER_INCH, Picture, png, smaller
from handouts.scan.sheets import DAMAGED, LETTER, Sheet, Stack, Unreadable

_LEAST, _MOST = 100, 300
"""Dots per inch at which a page is looked at; finer ones tell nothing more."""
_LONGEST = 1600.0
"""Points: no office scanner takes longer paper."""


class _PdfStack:
    """document and qpdf: the same file, of whose pages both have the same idea."""

    def __init__(self, document: pypdfium2.PdfDocument, qpdf: pikepdf.Pdf) -> None:
        self._document = document
        self._qpdf = qpdf

    def __len__(self) -> int:
        return len(self._document)

    def sheet(self, number: int) -> Sheet:
        try:
            with closing(self._document[number]) as page:
                width, height = page.get_size()
                if not (0 < width <= _LONGEST and 0 < height <= _LONGEST):
                    raise Unreadable("the page has no size that paper has")
                picture = self._pixels(page, number)
                if picture is None:
                    picture = _drawn(page, _resolution(page, width, height) / 72)
                with closing(page.get_textpage()) as text:
                    return Sheet(picture, text.get_text_bounded(errors="replace"))
        except pypdfium2.PdfiumError:
            raise Unreadable("the page is damaged") from None

    def _pixels(self, page: pypdfium2.PdfPage, number: int) -> Picture | None:
        width, height = page.get_size()
        try:
            picture = pixels(page, self._qpdf.pages[number])
        except _QPDFS:
            return None
        if picture is None:
            return None
        dots = max(picture.shape) * 72 / max(width, height)
        return smaller(picture, dots / _MOST) if dots >= _LEAST else None

    def pdf(self, number: int, turned: int) -> bytes:
        """Where somebody wrote on it with a program, what was looked at: such marks look different to each program."""
        with closing(self._document[number]) as page:
            marked = pypdfium2.raw.FPDFPage_GetAnnotCount(page) > 0
        if not marked:
            with suppress(Unreadable, *_QPDFS):  # to qpdf, which is stricter
                return _single(self._qpdf, number, turned)
        return _pictured(self.sheet(number).picture, turned)


_QPDFS = (pikepdf.PdfError, ValueError, IndexError, KeyError, TypeError, AttributeError, RuntimeError)
"""What pikepdf raises where a file is damaged."""


def _drawn(page: pypdfium2.PdfPage, scale: float) -> Picture:
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=True)
    return np.array(bitmap.to_numpy(), np.uint8).reshape(bitmap.height, bitmap.width)


def _single(whole: pikepdf.Pdf, number: int, turned: int) -> bytes:
    """A page alone: what draws it, and none of its links, scripts or forms.

    Raises Unreadable also where it hides something: layers that are not shown, or what was cropped away, such as the
    other half of a sheet.
    """
    out = io.BytesIO()
    try:
        with pikepdf.new() as single:
            single.pages.append(whole.pages[number])
            page = single.pages[0]
            if "/OCProperties" in whole.Root or _is_cropped(page):
                raise Unreadable("the page hides something")
            page.rotate(-turned, relative=True)
            single.remove_unreferenced_resources()  # pages that share a list of pictures have each other's
            for key in set(page.obj.keys()) - _DRAWING:
                del page.obj[key]
            single.save(out)
    except _QPDFS:
        raise Unreadable("the page is damaged") from None
    return out.getvalue()


def _is_cropped(page: pikepdf.Page) -> bool:
    whole, shown = pikepdf.Rectangle(page.mediabox), pikepdf.Rectangle(page.cropbox)
    before, behind = (shown.llx - whole.llx, shown.lly - whole.lly), (whole.urx - shown.urx, whole.ury - shown.ury)
    return max(*before, *behind) > _A_HAIR


_A_HAIR = 1.0
"""Points by which boxes may differ."""


def _pictured(picture: Picture, turned: int) -> bytes:
    """A page that only its picture can be had of."""
    kept = io.BytesIO(png(picture))
    dots = max(picture.shape) / LETTER
    layout = img2pdf.get_fixed_dpi_layout_fun((dots, dots))
    return single_page(img2pdf.convert(kept.getvalue(), layout_fun=layout), turned)


def single_page(pdf: bytes, turned: int) -> bytes:
    """The one page of a PDF. Raises Unreadable."""
    with pikepdf.open(io.BytesIO(pdf)) as whole:
        return _single(whole, 0, turned)


_DRAWING = {"/Type", "/Parent", "/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit"}


@contextmanager
def opened_pdf(path: Path) -> Iterator[Stack]:
    """The pages of a PDF. Raises Unreadable."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as fault:
        locked = "password" in str(fault).lower()
        why = "it is locked with a password; save it without one" if locked else DAMAGED
        raise Unreadable(why) from None
    with closing(document):
        document.init_forms()  # without it, what was typed into fields is not drawn
        if not len(document):
            raise Unreadable("it has no pages; scan the paper again")
        with _qpdf(path) as qpdf:
            if not _is_sound(document, qpdf):
                raise Unreadable("its list of pages is damaged; scan the paper again")
            yield _PdfStack(document, qpdf)


@contextmanager
def _qpdf(path: Path) -> Iterator[pikepdf.Pdf]:
    try:
        qpdf = pikepdf.open(path)
    except _QPDFS:
        raise Unreadable(DAMAGED) from None
    with qpdf:
        yield qpdf


def _is_sound(document: pypdfium2.PdfDocument, qpdf: pikepdf.Pdf) -> bool:
    """Whether a file's tree of pages has each page once, and counts them rightly.

    Otherwise PDFium, which says what is on a page, and qpdf, which takes the page out of the file, would number the
    pages differently, or leave some out. qpdf mends some trees when it opens a file, and warns of it; PDFium finds no
    page where one is missing.
    """
    try:
        if any("pages tree" in str(each) for each in qpdf.get_warnings()):
            return False
        for number in range(len(document)):
            document.get_page_size(number)
        return _leaves(qpdf.Root.Pages, set()) == len(document)
    except (_Unsound, pypdfium2.PdfiumError, *_QPDFS):
        return False


def _leaves(node: pikepdf.Object, seen: set[tuple[int, int]]) -> int:
    """The pages below a node of the tree, each of which is there once. Raises _Unsound."""
    if not isinstance(node, pikepdf.Dictionary) or not node.is_indirect or node.objgen in seen:
        raise _Unsound
    seen.add(node.objgen)
    if "/Kids" not in node:
        return 1
    count = sum(_leaves(each, seen) for each in node.Kids)
    if count != node.Count:
        raise _Unsound
    return count


class _Unsound(Exception):
    """A tree of pages in which one is missing, stands twice, or is counted wrongly."""


def _resolution(page: pypdfium2.PdfPage, width: float, height: float) -> float:
    """Dots per inch of the picture that the page is; those that pages are compared at where it is none."""
    finest = 0.0
    for each in page.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,), max_depth=2):
        left, bottom, right, top = each.get_bounds()
        if isinstance(each, pypdfium2.PdfImage) and (right - left) * (top - bottom) > width * height / 4:
            finest = max(finest, max(each.get_px_size()) * 72 / max(right - left, top - bottom))
    return min(max(finest or DOTS_PER_INCH, _LEAST), _MOST)
