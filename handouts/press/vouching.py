"""Whether a finished PDF's pages keep to PDF/A-2a and PDF/UA-1 inside a document that does.

That glyphs are as wide as their font says, that colour profiles are sound and the like, the file's own claim has to
answer for: PDF/A-2 or PDF/A-3 with text that can be read (level U or A). What editors break without taking the claim
back is looked for here, and so is what these levels allow and PDF/A-2a in sRGB does not.
"""

from __future__ import annotations

import re

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, StreamObject

from handouts.press.copying import Copier, named, resolved

_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_KNOWN_ENCODINGS = frozenset(("/WinAnsiEncoding", "/MacRomanEncoding", "/MacExpertEncoding"))
_PRIVATE = re.compile(
    rb"<(?:[0-9a-f]{4})*(?:e[0-9a-f]{3}|f[0-8][0-9a-f]{2}|db[89a-f][0-9a-f])(?:[0-9a-f]{4})*>", re.IGNORECASE
)
"""Characters in UTF-16, with one among them that only the maker of some font knows."""


def doubt_about(reader: PdfReader, copied: Copier) -> str:
    """What speaks against it, said of the file; empty if nothing does."""
    if not _claims(reader):
        return "is not saved as PDF/A-2 or PDF/A-3, level U or A"
    fonts = [each for each in copied.dictionaries if named(each, "/Type") == "/Font"]
    if not all(map(_is_embedded, fonts)):
        return "has fonts that are not embedded"
    if not all(map(_tells_characters, fonts)):
        return "has fonts that do not tell which characters they show"
    if copied.names & {"/DeviceCMYK", "/CMYK"} or copied.operators & {b"k", b"K"}:
        return "has colours of a printing press (CMYK)"
    return ""


def _claims(reader: PdfReader) -> bool:
    try:
        said = reader.xmp_metadata
    except PyPdfError:
        return False
    return said is not None and said.pdfaid_part in {"2", "3"} and said.pdfaid_conformance in {"A", "U"}


def _is_embedded(font: DictionaryObject) -> bool:
    if named(font, "/Subtype") in {"/Type0", "/Type3"}:
        return True  # the descendant of the one is looked at for itself, the other is drawn by the file
    descriptor = resolved(font, "/FontDescriptor")
    return isinstance(descriptor, DictionaryObject) and any(
        isinstance(resolved(descriptor, name), StreamObject) for name in _FONT_FILES
    )


def _tells_characters(font: DictionaryObject) -> bool:
    if named(font, "/Subtype").startswith("/CIDFont"):
        return True  # a descendant, whose codes its parent explains
    table = resolved(font, "/ToUnicode")
    if isinstance(table, StreamObject):
        return not _PRIVATE.search(table.get_data())
    return named(font, "/Encoding") in _KNOWN_ENCODINGS
