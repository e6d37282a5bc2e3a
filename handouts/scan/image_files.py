"""Pictures as scanners write them, TIFF, JPEG and PNG, opened page by page."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import img2pdf
import numpy as np
from PIL import Image, UnidentifiedImageError

from handouts.scan.pdf_files import single_page
from handouts.scan.sheets import DAMAGED, LETTER, MOST_PIXELS, Sheet, Stack, Unreadable

_IMAGES = ("TIFF", "JPEG", "PNG")
_DAMAGES = (OSError, EOFError, ValueError, SyntaxError, TypeError, KeyError, IndexError, struct.error)
"""What Pillow raises where a file is damaged."""


class _ImageStack:
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
            if width * height > MOST_PIXELS:
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
        return single_page(as_pdf, turned)


def _dots_per_inch(frame: Image.Image) -> float:
    """As the file says; where that cannot be, those of a page as long as Letter."""
    said = float(frame.info.get("dpi", (0, 0))[0])
    return said if _SCANNERS[0] <= said <= _SCANNERS[1] else max(frame.size) / LETTER


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
def opened_image(path: Path) -> Iterator[Stack]:
    """The pages of a picture file. Raises Unreadable."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with path.open("rb") as file, _image(file) as image:
        try:
            stack = _ImageStack(image, path)
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
