"""fpdf2, driven by its own calls for text, lines and pages.

As good as we can make it: no HTML, no tables of its own, which lay every cell out twice; text without shaping and with
bold words by switching fonts; fonts cut to Latin beforehand; drawings and codes are written as paths straight into the
page; how tall a block is is measured once, so that keeping it whole costs nothing. Files have no tags.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.engines.fpdf2_pen import ENDLESS, Pen
from benchmarks.fonts import latin_fonts
from benchmarks.work import (
    CLOSER,
    GEOMETRY,
    LOGO_FILE,
    Patient,
    Work,
)
from handouts.layout.forms import SPACE, introduces
from handouts.layout.style import NORMAL
from handouts.layout.svg import read_svg
from handouts.library.document import (
    Form,
    Heading,
    Items,
    Paragraph,
    Picture,
    Screening,
)


class Fpdf2:
    """Keeps the heights of all blocks."""

    name = "fpdf2"

    def __init__(self, work: Work, folder: Path) -> None:
        self._work = work
        self._fonts = latin_fonts(folder)
        self._drawings = {LOGO_FILE: _paths(LOGO_FILE)}
        for form in work.forms:
            self._drawings.update({each.file: _paths(each.file) for each in form.blocks if isinstance(each, Picture)})
        self._feet = [(work.footer(form), work.page_number(number)) for form, number in work.places()]
        self._heights: dict[tuple[int, int], float] = {}
        self._measure(work.patients()[0])

    def packet(self, patient: Patient) -> bytes:
        """The file."""
        pen = Pen(self._work, self._fonts, self._drawings, patient, self._feet, GEOMETRY.height)
        for number, form in enumerate(self._work.forms):
            pen.add_page()
            for index, gap, kept in self._placed(number, form):
                if not pen.at_top:
                    pen.set_y(pen.get_y() + gap)
                    if pen.get_y() + kept > GEOMETRY.height - GEOMETRY.bottom:
                        pen.add_page()
                pen.block(form.blocks[index], self._heights[number, index])
        return bytes(pen.output())

    def _measure(self, patient: Patient) -> None:
        pen = Pen(self._work, self._fonts, self._drawings, patient, self._feet, ENDLESS)
        pen.add_page()
        for number, form in enumerate(self._work.forms):
            for index, block in enumerate(form.blocks):
                top = pen.get_y()
                pen.block(block, 0.0)
                self._heights[number, index] = pen.get_y() - top

    def _placed(self, number: int, form: Form) -> Iterator[tuple[int, float, float]]:
        """Each block, the space above it, and the height that must be free below that for it to begin there."""
        before = 0.0
        for index, block in enumerate(form.blocks):
            above, after = SPACE[type(block)]
            yield index, CLOSER * max(above, before), self._kept(number, form, index)
            before = after

    def _kept(self, number: int, form: Form, index: int) -> float:
        block = form.blocks[index]
        following = form.blocks[index + 1] if index + 1 < len(form.blocks) else None
        height = self._heights[number, index]
        if following and (isinstance(block, Heading) or introduces(block, following)):
            return height + SPACE[type(block)][1] + self._kept(number, form, index + 1)
        if isinstance(block, (Paragraph, Items, Screening)):
            return min(height, 2 * NORMAL.body.leading)
        return height


def _paths(file: Path) -> tuple[float, bytes]:
    """A drawing's width over its height, and its operators in a unit square."""
    drawing = read_svg(file.read_bytes())
    matrix = drawing.entries.split(b"/Matrix[")[1].split(b"]")[0]
    return drawing.ratio, matrix + b" cm " + drawing.data
