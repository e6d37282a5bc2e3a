"""Whether a finished PDF's pages keep to PDF/A-2a and PDF/UA-1 inside a document that does.

What no program can see in a moment (that glyphs are as wide as the font says, that profiles are sound) is left to
whoever made the file, if it claims PDF/A-2 or PDF/A-3 with text that can be read (level U or A). What an editor breaks
without taking back the claim is looked for here, and so is what these levels allow and PDF/A-2a does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, StreamObject

from handouts.press.copying import Copier, named, resolved

_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_PRIVATE = re.compile(rb"<(?:[0-9a-f]{4})*(?:e[0-9a-f]{3}|f[0-8][0-9a-f]{2})(?:[0-9a-f]{4})*>", re.IGNORECASE)
"""Characters in UTF-16 with one among them that only some maker of fonts knows."""


def doubt_about(reader: PdfReader, copied: Copier) -> str:
    """What speaks against it, said of the file; empty if nothing does."""
    if not _claims(reader):
        return "is not saved as PDF/A-2 or PDF/A-3, level U or A"
    fonts = [each for each in copied.dictionaries if named(each, "/Type") == "/Font"]
    if not all(map(_is_embedded, fonts)):
        return "has fonts that are not embedded"
    if copied.names & {"/DeviceCMYK", "/CMYK"} or copied.operators & {b"k", b"K"}:
        return "has colours of a printing press (CMYK)"
    if any(_PRIVATE.search(text) for font in fonts for text in _texts(font)):
        return "has symbols without a meaning for readers"
    return ""


def _claims(reader: PdfReader) -> bool:
    try:
        said = reader.xmp_metadata
    except PyPdfError:
        return False
    return said is not None and said.pdfaid_part in {"2", "3"} and said.pdfaid_conformance in {"A", "U"}


def _is_embedded(font: DictionaryObject) -> bool:
    if named(font, "/Subtype") in {"/Type0", "/Type3"}:
        return True  # the one's descendant is looked at for itself, the other is drawn here
    descriptor = resolved(font, "/FontDescriptor")
    return isinstance(descriptor, DictionaryObject) and any(
        isinstance(resolved(descriptor, name), StreamObject) for name in _FONT_FILES
    )


def _texts(font: DictionaryObject) -> Iterator[bytes]:
    """What the font's codes mean, if it says so (9.10.3)."""
    table = resolved(font, "/ToUnicode")
    if isinstance(table, StreamObject):
        yield table.get_data()
