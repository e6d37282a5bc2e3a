"""Plain ReportLab: Platypus, with the whole story made anew for each packet.

As good as we can make it: rl_accel does what it can in C, ASCII85 is off and streams are deflated as ReportLab does it
by itself; fonts are parsed once, cut to Latin beforehand; styles are made once; static texts are escaped once; table
columns and panels come with their widths; the drawings are turned into paths once; codes are written as paths straight
into the page. A story cannot be kept: Platypus takes flowables apart. Files have no tags, for it knows none.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.graphics import renderPDF
from reportlab.lib.colors import black
from reportlab.lib.rl_accel import unicode2T1
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate

from benchmarks.engines.platypus_blocks import GRAY, WIDTH, Values, drawing, makers
from benchmarks.fonts import latin_fonts
from benchmarks.work import (
    GEOMETRY,
    LOGO_FILE,
    Patient,
    Work,
    key_of,
)
from handouts.layout import style as s
from handouts.layout.style import NORMAL, SMALL_PRINT
from handouts.layout.symbols import MODULES
from handouts.library.document import (
    Slot,
    Text,
)

LEFT = GEOMETRY.edge + GEOMETRY.code * (1 + 4 / MODULES) + 3 * s.MM
"""Where the footer's text begins, beside the code."""

IDENTIFIERS_AT = GEOMETRY.edge + SMALL_PRINT.leading + NORMAL.furniture.leading + 3.5
"""The baseline of the line that says whose packet it is."""


class Platypus:
    """Keeps what makes the flowables; makes the story, the document and its fonts for every packet.

    accelerated: whether rl_accel must be there. Raises ImportError where it is not.
    """

    name = "ReportLab Platypus"

    def __init__(self, work: Work, folder: Path, *, accelerated: bool = True) -> None:
        rl_config.useA85 = 0
        if accelerated and getattr(unicode2T1, "__module__", None) == "reportlab.lib.rl_accel":
            raise ImportError("rl_accel is missing: Platypus would be slower than it can be")
        for weight, path in latin_fonts(folder).items():
            registerFont(TTFont(f"Noto-{weight}", str(path)))
        registerFontFamily("Noto-Regular", "Noto-Regular", "Noto-Bold", "Noto-Regular", "Noto-Bold")
        self._work = work
        self._logo = drawing(LOGO_FILE, 14 * s.MM)
        self._makers = [makers(form, work) for form in work.forms]
        self._feet = [(work.footer(form), work.page_number(number)) for form, number in work.places()]

    def packet(self, patient: Patient) -> bytes:
        """The file."""
        values, codes = patient.values(), patient.codes()

        def furniture(canvas: Canvas, _: BaseDocTemplate) -> None:
            page = canvas.getPageNumber() - 1
            self._frame(canvas, page)
            write_identifiers(canvas, self._work, values, patient.packet_line)
            content = canvas._code  # type: ignore[attr-defined]  # so far; ReportLab's stubs leave it out
            content.append(code_at(codes[page]).decode())

        return self.built({key: escape(value) for key, value in values.items()}, furniture, Canvas)

    def blank(self, values: Values, canvas: type[Canvas]) -> bytes:
        """The packet without identifiers and codes; values in Platypus's markup."""
        return self.built(values, lambda canvas, _: self._frame(canvas, canvas.getPageNumber() - 1), canvas)

    def built(
        self, values: Values, furniture: Callable[[Canvas, BaseDocTemplate], None], canvas: type[Canvas]
    ) -> bytes:
        """A packet. furniture: called at the end of every page."""
        story: list[Flowable] = []
        for form in self._makers:
            story += [PageBreak(), *chain.from_iterable(maker(values) for maker in form)]
        del story[0]
        out = io.BytesIO()
        document = BaseDocTemplate(out, pagesize=(GEOMETRY.width, GEOMETRY.height), title="Patient packet", lang="en")
        height = GEOMETRY.height - GEOMETRY.top - GEOMETRY.bottom
        frame = Frame(GEOMETRY.side, GEOMETRY.bottom, WIDTH, height, 0, 0, 0, 0)
        document.addPageTemplates(PageTemplate("all", [frame], onPageEnd=furniture))
        document.build(story, canvasmaker=canvas)
        return out.getvalue()

    def _frame(self, canvas: Canvas, page: int) -> None:
        """What stands at the edges of a page whoever's packet it is."""
        g, text = GEOMETRY, NORMAL.furniture
        if not page:
            canvas.beginForm("logo", 0, 0, 14 * s.MM, 14 * s.MM)
            renderPDF.draw(self._logo, canvas, 0, 0)
            canvas.endForm()
        top = g.height - g.edge
        canvas.saveState()
        canvas.translate(g.side, top - 14 * s.MM)
        canvas.doForm("logo")
        canvas.restoreState()
        x = g.side + 18 * s.MM
        canvas.setFillColor(black)
        for index, line in enumerate(self._work.header):
            canvas.setFont("Noto-Bold" if index == 0 else "Noto-Regular", text.size)
            canvas.drawString(x, top - 11.5 - index * text.leading, line)
        right, bottom = g.width - g.edge, g.edge + SMALL_PRINT.leading
        canvas.setLineWidth(0.6)
        canvas.setStrokeColor(GRAY)
        canvas.line(LEFT, bottom + 2 * text.leading + 8, right, bottom + 2 * text.leading + 8)
        name, number = self._feet[page]
        canvas.setFont("Noto-Regular", text.size)
        canvas.drawString(LEFT, bottom + 3.5, name)
        canvas.setFont("Noto-Bold", text.size)
        canvas.drawRightString(right, bottom + 3.5, number)


def write_identifiers(canvas: Canvas, work: Work, values: Values, packet_line: str) -> None:
    """Whose packet it is, at the bottom of a page."""
    text, at = NORMAL.furniture, LEFT
    for words, bold in identifiers(work, values):
        font = "Noto-Bold" if bold else "Noto-Regular"
        canvas.setFont(font, text.size)
        canvas.drawString(at, IDENTIFIERS_AT, words)
        at += canvas.stringWidth(words, font, text.size)
    canvas.setFont("Noto-Regular", SMALL_PRINT.size)
    canvas.drawString(LEFT, GEOMETRY.edge + 2, packet_line)


def identifiers(work: Work, values: Values) -> list[tuple[str, bool]]:
    """The words of the line that says whose packet it is, and which are bold."""
    return [
        (part.text if isinstance(part, Text) else values[key_of(part.field)], part.bold)
        for part in work.identifiers
        if isinstance(part, (Text, Slot))
    ]


def code_at(code: bytes) -> bytes:
    """The code in both corners of a page."""
    g, module, far = GEOMETRY, GEOMETRY.code / MODULES, GEOMETRY.edge + GEOMETRY.code
    corners = (g.width - far, g.height - far), (g.edge, g.edge)
    return b" ".join(b"q 0 g %.5f 0 0 %.5f %.2f %.2f cm %s Q" % (module, module, x, y, code) for x, y in corners)
