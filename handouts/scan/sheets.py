"""Foreign files opened page by page: PDF, TIFF, JPEG, PNG, as scanners write them.

Runs in a process of its own with limits (`handouts/scan/child.py`): whatever a file does to a library ends there.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

import img2pdf
import numpy as np
import pikepdf
import pypdfium2
from PIL import Image, UnidentifiedImageError

from handouts.scan.bare import pixels
from handouts.scan.pictures import DOTS_PER_INCH, Picture, png, smaller

MOST_PAGES = 5_000
"""In a file."""
_MOST_PIXELS = 90_000_000
"""Of a page: A3 at 600 dots per inch, and some."""
_LEAST, _MOST = 100, 300
"""Dots per inch at which a page of a PDF is looked at; finer ones tell nothing more."""
_LEAST_PIXELS = 100
"""Of each side of a page: an inch."""
_LONGEST = 1600.0
"""Points: no office scanner takes longer paper."""
_IMAGES = ("TIFF", "JPEG", "PNG")
_DAMAGES = (OSError, EOFError, ValueError, SyntaxError, TypeError, KeyError, IndexError, struct.error)
"""What Pillow raises where a file is damaged."""
DAMAGED = "it is damaged or cut off; scan the paper again"


class Unreadable(Exception):
    """A file, or one page of it, that cannot be opened. The text says why, and holds nothing of the file."""


@dataclass(frozen=True)
class Sheet:
    """A page of a file. text: what the file says of its letters. Raises Unreadable where it is too small for one."""

    picture: Picture
    text: str = ""

    def __post_init__(self) -> None:
        if min(self.picture.shape) < _LEAST_PIXELS:
            raise Unreadable("the page has no size that paper has")


class Stack(Protocol):
    """The pages of an opened file. Numbers count from 0."""

    def __len__(self) -> int: ...

    def sheet(self, number: int) -> Sheet:
        """A page to look at. Raises Unreadable."""
        ...

    def pdf(self, number: int, turned: int) -> bytes:
        """The page as a PDF of one page, its picture as it was scanned, turned upright. Raises Unreadable.

        turned: how the page lies, in degrees clockwise.
        """
        ...


@contextmanager
def opened(path: Path) -> Iterator[Stack]:
    """The pages of a file. Raises Unreadable."""
    with path.open("rb") as file:
        head = file.read(1024)
    if not head:
        raise Unreadable("it is empty; scan the paper again")
    if b"%PDF-" in head:
        with _opened_pdf(path) as stack:
            yield stack
        return
    with _opened_image(path) as stack:
        yield stack


# -- PDF -------------------------------------------------------------------------------------------


class _Pdf:
    def __init__(self, document: pypdfium2.PdfDocument, path: Path) -> None:
        self._document = document
        self._path = path
        self._pages: pikepdf.Pdf | None = None

    def close(self) -> None:
        if self._pages is not None:
            self._pages.close()

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
            picture = pixels(page, self._qpdf().pages[number])
        except _QPDFS:
            return None
        if picture is None or not (dots := max(picture.shape) * 72 / max(width, height)) >= _LEAST:
            return None
        return smaller(picture, dots / _MOST)

    def pdf(self, number: int, turned: int) -> bytes:
        """Where somebody wrote on it with a program, what was looked at: such marks look different to each program."""
        with closing(self._document[number]) as page:
            marked = pypdfium2.raw.FPDFPage_GetAnnotCount(page) > 0
        if not marked:
            with suppress(Unreadable, *_QPDFS):  # to qpdf, which is stricter
                return _single(self._qpdf(), number, turned)
        return _pictured(self.sheet(number).picture, turned)

    def _qpdf(self) -> pikepdf.Pdf:
        if self._pages is None:
            self._pages = pikepdf.open(self._path)
        return self._pages


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
    return whole.width - shown.width > _A_HAIR or whole.height - shown.height > _A_HAIR


_A_HAIR = 1.0
"""Points by which boxes may differ."""


def _pictured(picture: Picture, turned: int) -> bytes:
    """A page that only its picture can be had of."""
    kept = io.BytesIO(png(picture))
    dots = max(picture.shape) / _LETTER
    layout = img2pdf.get_fixed_dpi_layout_fun((dots, dots))
    return _only(img2pdf.convert(kept.getvalue(), layout_fun=layout), turned)


def _only(pdf: bytes, turned: int) -> bytes:
    """The one page of a PDF. Raises Unreadable."""
    with pikepdf.open(io.BytesIO(pdf)) as whole:
        return _single(whole, 0, turned)


_DRAWING = {"/Type", "/Parent", "/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit"}


@contextmanager
def _opened_pdf(path: Path) -> Iterator[Stack]:
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
        with closing(_Pdf(document, path)) as stack:
            yield stack


def _resolution(page: pypdfium2.PdfPage, width: float, height: float) -> float:
    """Dots per inch of the picture that the page is; those that pages are compared at where it is none."""
    finest = 0.0
    for each in page.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,), max_depth=2):
        left, bottom, right, top = each.get_bounds()
        if isinstance(each, pypdfium2.PdfImage) and (right - left) * (top - bottom) > width * height / 4:
            finest = max(finest, max(each.get_px_size()) * 72 / max(right - left, top - bottom))
    return min(max(finest or DOTS_PER_INCH, _LEAST), _MOST)


# -- pictures --------------------------------------------------------------------------------------


class _Image:
    def __init__(self, image: Image.Image, path: Path) -> None:
        self._image = image
        self._path = path
        self._count = getattr(image, "n_frames", 1)

    def __len__(self) -> int:
        return self._count

    def _frame(self, number: int) -> Image.Image:
        try:
            self._image.seek(number)
            width, height = self._image.size
            if width * height > _MOST_PIXELS:
                raise Unreadable("the page has more pixels than a scanner makes")
            self._image.load()
        except (*_DAMAGES, Image.DecompressionBombError):
            raise Unreadable("the page is damaged or cut off") from None
        return self._image

    def sheet(self, number: int) -> Sheet:
        return Sheet(np.array(_flat(self._frame(number)).convert("L"), np.uint8))

    def pdf(self, number: int, turned: int) -> bytes:
        frame = _flat(self._frame(number))
        kept = io.BytesIO()
        if frame is self._image and frame.format == "JPEG":
            kept.write(self._path.read_bytes())
        elif frame.mode == "1":
            frame.save(kept, "TIFF", compression="group4")
        else:
            frame.save(kept, "PNG")
        dots = _dots_per_inch(frame)
        layout = img2pdf.get_fixed_dpi_layout_fun((dots, dots))
        as_pdf = img2pdf.convert(kept.getvalue(), layout_fun=layout, rotation=img2pdf.Rotation.none)
        return _only(as_pdf, turned)


def _dots_per_inch(frame: Image.Image) -> float:
    """As the file says; where that cannot be, those of a page as long as Letter."""
    said = float(frame.info.get("dpi", (0, 0))[0])
    return said if _SCANNERS[0] <= said <= _SCANNERS[1] else max(frame.size) / _LETTER


_LETTER = 11
"""Inches that a page is taken to be long of which nothing tells."""
_SCANNERS = (72, 1300)
"""Dots per inch."""


def _flat(frame: Image.Image) -> Image.Image:
    """Without transparency, in colours that PDFs have."""
    if frame.mode in {"1", "L", "RGB"} and "transparency" not in frame.info:
        return frame
    if frame.mode in {"I", "I;16", "F"}:
        return frame.point(lambda value: value / 256).convert("L")
    paper = Image.new("RGBA", frame.size, "white")
    paper.alpha_composite(frame.convert("RGBA"))
    return paper.convert("RGB")


@contextmanager
def _opened_image(path: Path) -> Iterator[Stack]:
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    with path.open("rb") as file, _image(file) as image:
        try:
            stack = _Image(image, path)
        except _DAMAGES:
            raise Unreadable(DAMAGED) from None
        yield stack


def _image(file: BinaryIO) -> Image.Image:
    """Opened by its handle: where Pillow maps a file by its name it scrambles uncompressed pages that are to be turned
    onto their side.
    """
    try:
        return Image.open(file, formats=_IMAGES)
    except UnidentifiedImageError:
        what = "it is neither PDF, TIFF, JPEG nor PNG, or it is damaged; have the scanner write one of these"
        raise Unreadable(what) from None
    except Image.DecompressionBombError:
        raise Unreadable(
            "it has more pixels than a scanner makes; scan the paper at 600 dots per inch or less"
        ) from None
    except _DAMAGES:
        raise Unreadable(DAMAGED) from None
