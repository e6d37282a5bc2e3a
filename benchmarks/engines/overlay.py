"""pikepdf: a packet set once with gaps for the values, and the values stamped into them.

As good as we can make it: no second PDF is made and merged. The gaps are as wide as the widest value of any patient, so
nothing reflows; each page gets one stream with its values and its code, in a font that the blank packet holds already.
What it cannot do: letters beyond Windows-1252, values in the order in which they are read, tags.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from benchmarks.engines.platypus import IDENTIFIERS_AT, LEFT, Platypus, code_at, identifiers
from benchmarks.fonts import latin_fonts
from benchmarks.work import GEOMETRY, Patient, Work
from handouts.layout.style import NORMAL, SMALL_PRINT

_FONTS = {"Noto-Regular": b"OvR", "Noto-Bold": b"OvB"}


@dataclass(frozen=True, slots=True)
class _Gap:
    """Where a value goes: points from the page's lower left."""

    key: str
    x: float
    y: float
    font: str
    size: float


class Overlay:
    """Keeps the blank packet and where its gaps are."""

    name = "pikepdf overlay"

    def __init__(self, work: Work, folder: Path, *, accelerated: bool = True) -> None:
        self._work = work
        self._gaps: dict[int, list[_Gap]] = defaultdict(list)
        platypus = Platypus(work, folder, accelerated=accelerated)
        self._blank = self._with_fonts(platypus.blank(self._widest(), self._canvas()), folder)

    def packet(self, patient: Patient) -> bytes:
        """The file."""
        values, codes = patient.values(), patient.codes()
        furniture = self._furniture(values, patient.packet_line)
        out = io.BytesIO()
        with Pdf.open(io.BytesIO(self._blank)) as pdf:
            for number, (page, code) in enumerate(zip(pdf.pages, codes, strict=True), 1):
                shown = [
                    _shown(values[gap.key], gap.x, gap.y, gap.font, gap.size) for gap in self._gaps.get(number, ())
                ]
                content = b"Q BT 0 g %s %s ET %s" % (b" ".join(shown), furniture, code_at(code))
                page.contents_add(Stream(pdf, content))
            pdf.save(out)
        return out.getvalue()

    def _widest(self) -> dict[str, str]:
        """Markup that leaves as much room as the widest value takes, and notes where."""
        space = stringWidth("\u00a0", "Noto-Regular", NORMAL.body.size)
        widest: dict[str, float] = defaultdict(float)
        for patient in self._work.patients():
            for key, value in patient.values().items():
                widest[key] = max(widest[key], stringWidth(value, "Noto-Bold", NORMAL.body.size))
        # a space comes first, for only then Platypus knows in which font it is
        return {
            key: f'\u00a0<onDraw name="gap" label="{escape(key)}"/>' + "\u00a0" * -int(-width // space)
            for key, width in widest.items()
        }

    def _canvas(self) -> type[Canvas]:
        gaps = self._gaps

        class Noting(Canvas):
            """Notes where Platypus leaves the gaps."""

            def getNamedCB(self, name: str) -> Callable[[Canvas, str | None, str], None]:  # noqa: N802 - ReportLab calls it so
                """What `onDraw` calls."""
                return _note

        def _note(canvas: Canvas, kind: str | None, key: str) -> None:
            at = canvas._curr_tx_info  # type: ignore[attr-defined]  # ReportLab's stubs leave it out
            x, y = canvas.absolutePosition(at["cur_x"], at["cur_y"])
            gaps[canvas.getPageNumber()].append(_Gap(key, x, y, at["tx"]._fontname, at["tx"]._fontsize))

        return Noting

    def _with_fonts(self, blank: bytes, folder: Path) -> bytes:
        """The blank packet with fonts that take text as it is, in Windows-1252."""
        out = io.BytesIO()
        with Pdf.open(io.BytesIO(blank)) as pdf:
            fonts = {
                f"/{_FONTS[f'Noto-{weight}'].decode()}": pdf.make_indirect(_simple_font(pdf, path))
                for weight, path in latin_fonts(folder).items()
            }
            for page in pdf.pages:
                page.Resources.Font = Dictionary({**dict(page.Resources.Font.items()), **fonts})
                page.contents_add(Stream(pdf, b"q"), prepend=True)
            pdf.save(out)
        return out.getvalue()

    def _furniture(self, values: Mapping[str, str], packet_line: str) -> bytes:
        at, size = LEFT, NORMAL.furniture.size
        parts = []
        for words, bold in identifiers(self._work, dict(values)):
            font = "Noto-Bold" if bold else "Noto-Regular"
            parts.append(_shown(words, at, IDENTIFIERS_AT, font, size))
            at += stringWidth(words, font, size)
        parts.append(_shown(packet_line, LEFT, GEOMETRY.edge + 2, "Noto-Regular", SMALL_PRINT.size))
        return b" ".join(parts)


def _shown(text: str, x: float, y: float, font: str, size: float) -> bytes:
    quoted = text.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
    return b"/%s %.2f Tf 1 0 0 1 %.2f %.2f Tm (%s) Tj" % (_FONTS[font], size, x, y, quoted)


def _simple_font(pdf: Pdf, path: Path) -> Object:
    """A TrueType font of Windows-1252's letters."""
    font = TTFont(path)
    letters, advances, scale = font.getBestCmap(), font["hmtx"], 1000 / font["head"].unitsPerEm
    characters = [bytes([code]).decode("cp1252", "replace") for code in range(32, 256)]
    widths = [round(advances[letters.get(ord(each), ".notdef")][0] * scale) for each in characters]
    name = Name(f"/{path.stem}")
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=name, Flags=32, ItalicAngle=0, StemV=80,
        FontBBox=Array([-600, -400, 2800, 1100]), Ascent=1069, Descent=-293, CapHeight=714,
        FontFile2=pdf.make_indirect(Stream(pdf, path.read_bytes())),
    )  # fmt: skip
    return Dictionary(
        Type=Name.Font, Subtype=Name.TrueType, BaseFont=name, Encoding=Name.WinAnsiEncoding, FirstChar=32,
        LastChar=255, Widths=Array(widths), FontDescriptor=pdf.make_indirect(descriptor),
    )  # fmt: skip
