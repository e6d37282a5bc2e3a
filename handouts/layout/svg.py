"""An SVG file as an XObject, with nothing taken from outside the file."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from handouts.errors import LayoutError
from handouts.layout.xobject import XObject

if TYPE_CHECKING:
    from lxml import etree
    from pypdf import PageObject
    from pypdf.generic import PdfObject
    from reportlab.graphics.shapes import Drawing

LARGEST_FILE = 5_000_000
"""Bytes of a picture's file."""
_LARGEST_SVG = 1_000_000
_MOST_SHAPES = 5_000
_LONGEST_STYLE = 10_000
_LONGEST_LIST = 1_000
_SIMPLER = "Save it simplified: fewer shapes, plain attributes instead of styles."

_HUGE = 1e6
"""Points; larger drawings have lost their units."""
_FONT_CHOICE = re.compile(rb"BT /F1 [\d.]+ Tf [\d.]+ TL ET")
"""ReportLab chooses a font at the start of every page; a picture holds no text, and no such font is embedded."""
_PLAIN = re.compile(rb"/Resources <<\n/Font \d+ 0 R /ProcSet \[[^]]*\]\n>> .*?\nstream\n(.*)endstream", re.DOTALL)
"""A page as ReportLab writes it whose content names nothing: most drawings, for which pypdf need not be loaded."""
_ELSEWHERE = re.compile(r"@import|url\(\s*['\"]?(?!#)", re.IGNORECASE)


def is_svg(data: bytes) -> bool:
    """Whether a file looks like an SVG."""
    return b"<svg" in data[:4096]


@lru_cache(maxsize=32)
def read_svg(data: bytes) -> XObject:
    """The drawing. Raises LayoutError, whose text is to follow the picture's name: `holds <text>`."""
    from lxml import etree
    from reportlab.graphics import renderPDF
    from reportlab.pdfgen.canvas import Canvas
    from svglib.svglib import SvgRenderer

    # no entities, no network: an SVG is a foreign file
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    if len(data) > _LARGEST_SVG:
        raise LayoutError("is larger than 1 MB", hint=_SIMPLER)
    out = io.BytesIO()
    try:
        root = etree.fromstring(data, parser)
        _refuse_outside(root)
        _refuse_endless(root)
        with _no_part_left_out():
            drawing: Drawing | None = SvgRenderer("").render(root)
        if drawing is None or not (0 < drawing.width < _HUGE and 0 < drawing.height < _HUGE):
            raise LayoutError("has no size", hint="Give the SVG a viewBox, width and height.")
        canvas = Canvas(out, pagesize=(drawing.width, drawing.height), pageCompression=0, invariant=1)
        renderPDF.draw(drawing, canvas, 0, 0)
        canvas.showPage()
        canvas.save()
    except (etree.XMLSyntaxError, AssertionError, AttributeError, RecursionError, TypeError, ValueError) as fault:
        raise LayoutError(f"is no valid SVG ({type(fault).__name__})", hint="Save it anew.") from None
    except (ArithmeticError, LookupError) as fault:
        raise LayoutError(
            f"holds a number or name that makes no sense ({type(fault).__name__})", hint=_SIMPLER
        ) from None
    resources, painted = _read_back(out)
    entries = b"/Type/XObject/Subtype/Form/BBox[0 0 %.3f %.3f]/Matrix[%.6f 0 0 %.6f 0 0]/Resources%s" % (
        drawing.width, drawing.height, 1 / drawing.width, 1 / drawing.height, resources
    )  # fmt: skip
    return XObject(drawing.width / drawing.height, entries, _FONT_CHOICE.sub(b"", painted))


class _Refusing(logging.Handler):
    """svglib leaves out what it cannot draw, and says so in its log alone."""

    def emit(self, record: logging.LogRecord) -> None:
        said = " ".join(record.getMessage().split())[:60]
        raise LayoutError(f"holds what cannot be drawn ({said})", hint=_SIMPLER)


@contextmanager
def _no_part_left_out() -> Iterator[None]:
    log, refusing = logging.getLogger("svglib"), _Refusing(logging.WARNING)
    before = log.propagate
    log.addHandler(refusing)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(refusing)
        log.propagate = before


def _refuse_outside(root: etree._Element) -> None:
    """Refuse what would be read from elsewhere, and what the pages cannot carry."""
    from lxml import etree

    for element in root.iter("{*}text", "{*}image", "{*}foreignObject", "{*}script"):
        kind = etree.QName(element).localname
        raise LayoutError(f"holds <{kind}>", hint="Convert its text to outlines; embed no pictures.")
    for element in root.iter():
        links = [value for name, value in element.attrib.items() if etree.QName(name).localname == "href"]
        styles = [*map(str, element.attrib.values()), element.text or ""]
        if any(not str(link).startswith("#") for link in links) or any(map(_ELSEWHERE.search, styles)):
            raise LayoutError("refers to another file or address", hint="Save it as one plain SVG without links.")
        if any("\\" in style for style in styles):  # a way to spell `url` that the search above does not see
            raise LayoutError("holds a backslash", hint=_SIMPLER)


def _refuse_endless(root: etree._Element) -> None:
    """Refuse what would take long to draw: shapes upon shapes, long styles and lists, and drawings of themselves."""
    from lxml import etree

    if sum(len(each.text or "") for each in root.iter("{*}style")) > _LONGEST_STYLE:
        raise LayoutError(f"has styles of more than {_LONGEST_STYLE:,} letters", hint=_SIMPLER)
    named = {str(each.get("id")): each for each in root.iter() if each.get("id")}
    drawn = 0
    within: list[tuple[etree._Element, frozenset[str]]] = [(root, frozenset())]
    while within:
        element, inside = within.pop()
        drawn += 1
        if drawn > _MOST_SHAPES:
            raise LayoutError(f"has more than {_MOST_SHAPES:,} shapes", hint=_SIMPLER)
        if any(len(element.get(name, "")) > _LONGEST_LIST for name in ("transform", "stroke-dasharray", "style")):
            raise LayoutError("has a transformation, style or dash pattern without end", hint=_SIMPLER)
        within += [(child, inside) for child in element.iterchildren(etree.Element)]
        link = next((str(value) for name, value in element.items() if etree.QName(name).localname == "href"), "")
        if link[1:] in inside:
            raise LayoutError("has a part that is drawn within itself", hint=_SIMPLER)
        if link[1:] in named:
            within.append((named[link[1:]], inside | {link[1:]}))


def _read_back(file: io.BytesIO) -> tuple[bytes, bytes]:
    """Resources and content of the one page that ReportLab wrote."""
    plain = _PLAIN.search(file.getvalue())
    if plain:
        return b"<<\n>>", plain[1]
    from pypdf import PdfReader

    page = PdfReader(file).pages[0]
    contents = page.get_contents()
    return _resources(page), contents.get_data() if contents is not None else b""


def _resources(page: PageObject) -> bytes:
    """What the drawing's content names, such as transparency and gradients, in one dictionary without references."""
    from pypdf.generic import DictionaryObject, NameObject

    held, kept = page["/Resources"].get_object(), DictionaryObject()
    if isinstance(held, DictionaryObject):
        entries = {name: entry for name, entry in held.items() if name not in {"/Font", "/ProcSet"}}
        kept.update({NameObject(name): _direct(entry) for name, entry in entries.items()})
    out = io.BytesIO()
    kept.write_to_stream(out)
    return out.getvalue()


def _direct(found: object) -> PdfObject:
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject, StreamObject

    if isinstance(found, IndirectObject):
        found = found.get_object()
    if isinstance(found, StreamObject) or not isinstance(found, PdfObject):
        raise LayoutError(
            "holds something that pages cannot carry, such as a pattern or mask", hint="Draw it with plain shapes."
        )
    if isinstance(found, DictionaryObject):
        return DictionaryObject({NameObject(name): _direct(entry) for name, entry in found.items()})
    return ArrayObject([_direct(entry) for entry in found]) if isinstance(found, ArrayObject) else found
