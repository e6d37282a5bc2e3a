"""WeasyPrint, told to write PDF/UA-1.

As good as we can make it: the HTML is cut at its fields once and joined anew for each patient; the style sheet, the
fonts, cut to Latin beforehand, and all pictures but the codes are parsed once and kept; the codes are one-bit PNG
pictures, which cost less than SVG; nothing is optimised after the fact.
"""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from html import escape
from pathlib import Path
from string import Template

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from benchmarks.engines.weasyprint_page import page, style_sheet
from benchmarks.fonts import latin_fonts
from benchmarks.work import (
    Patient,
    Work,
    modules,
)
from handouts.layout.symbols import MODULES


class WeasyPrint:
    """Keeps the page's text, cut at its fields, and what can be parsed once."""

    name = "WeasyPrint"

    def __init__(self, work: Work, folder: Path) -> None:
        self._fonts = FontConfiguration()
        self._style = CSS(string=style_sheet(latin_fonts(folder)), font_config=self._fonts)
        self._text = Template(page(work))
        self._pictures: dict[str, object] = {}

    def packet(self, patient: Patient) -> bytes:
        """The file."""
        values = {key: escape(value) for key, value in patient.values().items()}
        text = self._text.substitute(values, packet_line=patient.packet_line)
        codes = CSS(string="".join(_code_style(n, code) for n, code in enumerate(patient.codes(), 1)))
        # the codes of a packet are no other's, so only what was there before it is kept
        pdf = HTML(string=text).write_pdf(
            stylesheets=[self._style, codes],
            font_config=self._fonts,
            pdf_variant="pdf/ua-1",
            cache=self._kept(),
        )
        if not isinstance(pdf, bytes):
            raise TypeError("a PDF is expected")
        return pdf

    def _kept(self) -> dict[str, object]:
        for url in [url for url in self._pictures if str(url).startswith("data:")]:
            del self._pictures[url]
        return self._pictures


def _code_style(page: int, code: bytes) -> str:
    return f"@page :nth({page}) {{ background-image: url({(url := _png(code))}), url({url}) }}\n"


def _png(code: bytes) -> str:
    """The code as a one-bit picture in a data URL."""
    bits = modules(code).translate(_INVERTED)
    width = MODULES + -MODULES % 8
    rows = b"".join(
        b"\0" + int(bits[at : at + MODULES].ljust(width, "0"), 2).to_bytes(width // 8)
        for at in range(0, len(bits), MODULES)
    )
    header = struct.pack(">IIBBBBB", MODULES, MODULES, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return "data:image/png;base64," + b64encode(data).decode()


_INVERTED = str.maketrans("01", "10")
