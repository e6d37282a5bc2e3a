"""The clinic's logo, PNG or SVG, as a picture of one unit square for the page header."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from handouts.errors import ClinicError
from handouts.model import Clinic

if TYPE_CHECKING:
    from lxml import etree
    from pypdf import PageObject
    from pypdf.generic import PdfObject
    from reportlab.graphics.shapes import Drawing

_LARGEST_FILE = 5_000_000
_LARGEST_SIDE = 4_000
_FONT_CHOICE = re.compile(rb"BT /F1 [\d.]+ Tf [\d.]+ TL ET")
"""ReportLab chooses a font at the start of every page; a logo holds no text, and no such font is embedded."""
_ELSEWHERE = re.compile(r"@import|url\(\s*['\"]?(?!#)", re.IGNORECASE)
_SIDE_KEPT = 700
"""Pixels; at the header's size that is more than 300 to the inch."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PDF XObject. ratio: width over height. entries: its dictionary. mask: its transparency."""

    ratio: float
    entries: bytes
    data: bytes
    mask: Picture | None = None

    @property
    def digest(self) -> bytes:
        """A digest over all that is printed of it."""
        return hashlib.blake2b(repr(self).encode(), digest_size=32).digest()


def read_logo(clinic: Clinic) -> Picture | None:
    """The logo that clinic.yaml names. Raises ClinicError where it cannot be used."""
    if clinic.logo is None:
        return None
    path = (clinic.folder / clinic.logo).resolve()
    if not path.is_relative_to(clinic.folder.resolve()):
        raise ClinicError("the logo lies outside the clinic's folder", where=path, hint="Copy it beside clinic.yaml.")
    try:
        data = path.read_bytes() if path.stat().st_size <= _LARGEST_FILE else b""
    except OSError as fault:
        raise ClinicError(
            f"the logo cannot be read: {fault.strerror}", where=path, hint="Correct `logo` in clinic.yaml."
        ) from None
    if data.startswith(b"\x89PNG"):
        return _png(path, data)
    if b"<svg" in data[:4096]:
        return _svg(path, data)
    raise ClinicError("the logo is no PNG or SVG of at most 5 MB", where=path, hint="Save it in one of these formats.")


def _png(path: Path, data: bytes) -> Picture:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            if max(image.size) > _LARGEST_SIDE:
                raise ClinicError(
                    f"the logo is larger than {_LARGEST_SIDE} pixels", where=path, hint="Save it smaller."
                )
            pixels = image.convert("RGBA")
    except (OSError, SyntaxError, ValueError) as fault:
        raise ClinicError(
            f"the logo is no valid PNG ({type(fault).__name__})", where=path, hint="Save it anew."
        ) from None
    pixels.thumbnail((_SIDE_KEPT, _SIDE_KEPT))
    width, height = pixels.size
    size = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace" % (width, height)
    alpha = pixels.getchannel("A")
    mask = Picture(1, size + b"/DeviceGray", alpha.tobytes()) if alpha.getextrema()[0] != 255 else None
    return Picture(width / height, size + b"/DeviceRGB", pixels.convert("RGB").tobytes(), mask)


def _svg(path: Path, data: bytes) -> Picture:
    from lxml import etree
    from pypdf import PdfReader
    from reportlab.graphics import renderPDF
    from reportlab.pdfgen.canvas import Canvas
    from svglib.svglib import SvgRenderer

    # no entities, no network: an SVG is a foreign file
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
        _refuse_outside(root, path)
        drawing: Drawing | None = SvgRenderer(str(path)).render(root)
    except (etree.XMLSyntaxError, ValueError, TypeError, AttributeError) as fault:
        raise ClinicError(
            f"the logo is no valid SVG ({type(fault).__name__})", where=path, hint="Save it anew."
        ) from None
    if drawing is None or drawing.width <= 0 or drawing.height <= 0:
        raise ClinicError("the logo has no size", where=path, hint="Give the SVG a viewBox, width and height.")
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(drawing.width, drawing.height), pageCompression=0, invariant=1)
    renderPDF.draw(drawing, canvas, 0, 0)
    canvas.showPage()
    canvas.save()
    page = PdfReader(out).pages[0]
    contents = page.get_contents()
    painted = _FONT_CHOICE.sub(b"", contents.get_data()) if contents is not None else b""
    entries = b"/Type/XObject/Subtype/Form/BBox[0 0 %.3f %.3f]/Matrix[%.6f 0 0 %.6f 0 0]/Resources%s" % (
        drawing.width, drawing.height, 1 / drawing.width, 1 / drawing.height, _resources(page, path)
    )  # fmt: skip
    return Picture(drawing.width / drawing.height, entries, painted)


def _refuse_outside(root: etree._Element, path: Path) -> None:
    """Refuse what would be read from elsewhere, and what the pages cannot carry."""
    from lxml import etree

    for element in root.iter("{*}text", "{*}image", "{*}foreignObject", "{*}script"):
        kind = etree.QName(element).localname
        raise ClinicError(
            f"the logo holds <{kind}>", where=path, hint="Convert its text to outlines; embed no pictures."
        )
    for element in root.iter():
        links = [value for name, value in element.attrib.items() if etree.QName(name).localname == "href"]
        styles = [*map(str, element.attrib.values()), element.text or ""]
        if any(not str(link).startswith("#") for link in links) or any(map(_ELSEWHERE.search, styles)):
            raise ClinicError(
                "the logo refers to another file or address", where=path, hint="Save it as one plain SVG without links."
            )


def _resources(page: PageObject, path: Path) -> bytes:
    """What the logo's content names, such as transparency and gradients, in one dictionary without references."""
    from pypdf.generic import DictionaryObject, NameObject

    held, kept = page["/Resources"].get_object(), DictionaryObject()
    if isinstance(held, DictionaryObject):
        entries = {name: entry for name, entry in held.items() if name not in {"/Font", "/ProcSet"}}
        kept.update({NameObject(name): _direct(entry, path) for name, entry in entries.items()})
    out = io.BytesIO()
    kept.write_to_stream(out)
    return out.getvalue()


def _direct(found: object, path: Path) -> PdfObject:
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject, StreamObject

    if isinstance(found, IndirectObject):
        found = found.get_object()
    if isinstance(found, StreamObject) or not isinstance(found, PdfObject):
        raise ClinicError(
            "the logo holds something that pages cannot carry, such as a pattern or mask",
            where=path,
            hint="Save it as a PNG instead.",
        )
    if isinstance(found, DictionaryObject):
        return DictionaryObject({NameObject(name): _direct(entry, path) for name, entry in found.items()})
    return ArrayObject([_direct(entry, path) for entry in found]) if isinstance(found, ArrayObject) else found
