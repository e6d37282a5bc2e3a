"""Pages read back by other programs: words by PDFium, codes by ZXing from what qpdf says the page paints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pikepdf
import pypdfium2
import zxingcpp

from tests.run.making import QR

_SIDE, _QUIET, _PIXELS = 29, 4, 3
_CODE = re.compile(rb"\bq ([0-9.]+) 0 0 \1 ([0-9.]+) ([0-9.]+) cm\s+((?:\d+ \d+ \d+ \d+ re\s+)+)f Q\b")
_RECTANGLE = re.compile(rb"(\d+) (\d+) (\d+) (\d+) re")
_AT_ONCE = 2000
"""Pages after which a document is opened anew: PDFium keeps what it has read."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says. lines: as PDFium tells them. codes: from the top down. corners: x and y of each, in points."""

    lines: tuple[str, ...]
    codes: tuple[str, ...]
    corners: tuple[tuple[float, float], ...]


def pages(file: Path) -> Iterator[Page]:
    """The pages of a file, one after the other."""
    with pikepdf.open(file) as document:
        for number, text in enumerate(_texts(file)):
            codes = sorted(_codes(_content(document.pages[number])), key=lambda each: -each[1])
            yield Page(
                tuple(text.split("\r\n")),
                tuple(payload for _, _, payload in codes),
                tuple((x, y) for x, y, _ in codes),
            )


def _texts(file: Path) -> Iterator[str]:
    done, count = 0, 1
    while done < count:
        with closing(pypdfium2.PdfDocument(file)) as document:
            count = len(document)
            for number in range(done, min(done + _AT_ONCE, count)):
                with closing(document[number]) as page, closing(page.get_textpage()) as text:
                    yield text.get_text_range()
        done += _AT_ONCE


def _content(page: pikepdf.Page) -> bytes:
    streams = page.obj.Contents
    assert isinstance(streams, pikepdf.Array)
    return b"\n".join(stream.read_bytes() for stream in streams)


def _codes(content: bytes) -> Iterator[tuple[float, float, str]]:
    for found in _CODE.finditer(content):
        yield float(found[2]), float(found[3]), _read(found[4])


@lru_cache(maxsize=8)
def _read(path: bytes) -> str:
    """What a symbol says whose modules are painted by this path, one unit a module."""
    size = (_SIDE + 2 * _QUIET) * _PIXELS
    white = b"\xff" * size
    rows = [bytearray(white) for _ in range(_SIDE + 2 * _QUIET)]
    for spelled in _RECTANGLE.findall(path):
        x, y, width, height = map(int, spelled)
        left, black = (x + _QUIET) * _PIXELS, bytes(width * _PIXELS)
        for row in rows[_SIDE + _QUIET - y - height : _SIDE + _QUIET - y]:
            row[left : left + len(black)] = black
    picture = memoryview(b"".join(bytes(row) * _PIXELS for row in rows)).cast("B", (size, size))
    (code,) = zxingcpp.read_barcodes(picture, formats=QR)
    return code.text


def codes_in_pictures(file: Path, numbers: Sequence[int], dots_per_inch: int = 120) -> dict[int, list[str]]:
    """What the codes on some pages say, read from the pages' pictures, from the top down. numbers: from 0."""
    found = {}
    with closing(pypdfium2.PdfDocument(file)) as document:
        for number in numbers:
            picture = document[number].render(scale=dots_per_inch / 72, grayscale=True)
            pixels = memoryview(picture.buffer).cast("B", (picture.height, picture.stride))
            read = zxingcpp.read_barcodes(pixels, formats=QR)
            found[number] = [each.text for each in sorted(read, key=lambda each: each.position.top_left.y)]
    return found
