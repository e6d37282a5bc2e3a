"""Whether all engines did the same work: the same words, the same number of pages, on every page its own code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

import pypdfium2
import zxingcpp

from benchmarks.work import GEOMETRY, Engine, Patient
from handouts.layout.codes import PageCode

HEAD, FOOT = GEOMETRY.height - 79, 75.0
"""Between these heights stands the form, above and below what every page repeats; in points from the lower edge."""

_BROKEN = re.compile("(?:-|\ufffe|\x02)\\s+|[\ufffe\x02]")
_PARTS = re.compile(r"\w+|[^\w\s]")
"""Words and marks by themselves: where values are stamped, a comma after one is far from it."""

_DOTS_PER_INCH = 150


class DifferentWorkError(Exception):
    """An engine's packet is not the packet that all are to press."""


def check(engine: Engine, ours: Engine, patients: Sequence[Patient], *, in_order: bool) -> None:
    """Compare an engine's packets with ours. in_order: whether its words come in the order in which they are read.

    Raises DifferentWorkError with the first difference.
    """
    for patient in patients:
        file, expected = engine.packet(patient), ours.packet(patient)
        _check_words(engine.name, file, expected, in_order=in_order)
        _check_codes(engine.name, file, patient)


def _check_words(name: str, file: bytes, expected: bytes, *, in_order: bool) -> None:
    found, wanted = _words(file), _words(expected)
    if len(found) != len(wanted):
        raise DifferentWorkError(f"{name}: {len(found)} pages, not {len(wanted)}")
    for number, (page, ours) in enumerate(zip(found, wanted, strict=True), 1):
        for zone, words, expected_words in (("head", page[0], ours[0]), ("foot", page[2], ours[2])):
            if Counter(words) != Counter(expected_words):
                raise DifferentWorkError(f"{name}, {zone} of page {number}: {words} is not {expected_words}")
    body, our_body = ([word for page in pages for word in page[1]] for pages in (found, wanted))
    if in_order and body != our_body:
        raise DifferentWorkError(f"{name}: {_difference(body, our_body)}")
    have, want = (Counter(_PARTS.findall(" ".join(words))) for words in (body, our_body))
    if have != want:
        more, less = have - want, want - have
        raise DifferentWorkError(f"{name}: has {dict(more)}, lacks {dict(less)}")


def _words(file: bytes) -> list[tuple[list[str], list[str], list[str]]]:
    """The words of each page's head, form and foot."""
    with pypdfium2.PdfDocument(file) as document:
        return [_words_of(page) for page in document]


def _words_of(page: pypdfium2.PdfPage) -> tuple[list[str], list[str], list[str]]:
    text = page.get_textpage()
    head = text.get_text_bounded(bottom=HEAD)
    body = text.get_text_bounded(bottom=FOOT, top=HEAD)
    foot = text.get_text_bounded(top=FOOT)
    return _split(head), _split(body), _split(foot)


def _split(text: str) -> list[str]:
    """Words; what was broken after a hyphen is one again."""
    return _BROKEN.sub("-", text).split()


def _difference(found: list[str], expected: list[str]) -> str:
    for kind, first, end, our_first, our_end in SequenceMatcher(None, found, expected, autojunk=False).get_opcodes():
        if kind != "equal":
            before = " ".join(expected[max(our_first - 5, 0) : our_first])
            return f"after “{before}”: {found[first : end + 2]} is not {expected[our_first : our_end + 2]}"
    return "nothing differs"


def _check_codes(name: str, file: bytes, patient: Patient) -> None:
    """Both codes of each page, read from its picture."""
    marks = [copy.mark for copy, pages in patient.work.lengths for _ in range(pages)]
    with pypdfium2.PdfDocument(file) as document:
        for number, (page, mark) in enumerate(zip(document, marks, strict=True), 1):
            code = str(PageCode(patient.job.packet_id, number, len(marks), mark))
            read = _codes_on(page)
            if read != [code, code]:
                raise DifferentWorkError(f"{name}, page {number}: codes {read}, not {code} twice")


def _codes_on(page: pypdfium2.PdfPage) -> list[str]:
    picture = page.render(scale=_DOTS_PER_INCH / 72, grayscale=True)
    pixels = memoryview(picture.buffer).cast("B", (picture.height, picture.stride))
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    return [each.text for each in zxingcpp.read_barcodes(pixels, formats=formats)]
