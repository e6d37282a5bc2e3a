"""A finished PDF read into an attachment.

What is printed of its pages looks the same there. What is not printed (links, scripts, fields to fill in on a screen)
stays behind.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, PdfObject

from handouts.errors import ClinicError
from handouts.press.attachment import AttachedPage, Attachment
from handouts.press.copying import Copier, resolved
from handouts.press.looks import LooklessError, box_of, looks_of
from handouts.press.objects import stream
from handouts.press.vouching import doubt_about

_LARGEST_FILE = 20_000_000
_MOST_PAGES = 20
_LEAST_SIDE = 72
"""Points of a page that are seen, across and down; with less it is no page to hand out."""
_OF_THE_PAGE = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group")
_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What the PDF library trips over in a damaged file, besides its own errors."""

_DOWNLOAD = "Download the form again, and name it in clinic.yaml."
_PRINT = "Print it to a new PDF, as it is to look on paper."


def read_attachment(kind: str, title: str, path: Path) -> Attachment:
    """Read a PDF that the clinic names. Raises ClinicError where it cannot be used."""
    try:
        data = path.read_bytes() if path.stat().st_size <= _LARGEST_FILE else b""
    except OSError as fault:
        raise ClinicError(f"the {kind} cannot be read: {fault.strerror}", where=path, hint=_DOWNLOAD) from None
    if not data.startswith(b"%PDF"):
        raise ClinicError(f"the {kind} is no PDF of at most 20 MB", where=path, hint=_DOWNLOAD)
    copier = Copier()
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise DependencyError
        if not 1 <= len(reader.pages) <= _MOST_PAGES:
            raise ClinicError(f"the {kind} has no page, or more than {_MOST_PAGES}", where=path, hint=_DOWNLOAD)
        if "/OCProperties" in reader.root_object:
            raise ClinicError(f"the {kind} has layers, some of which may be hidden", where=path, hint=_PRINT)
        pages = tuple(_page(page, copier) for page in reader.pages)
        seen = (min(right - left, top - bottom) for left, bottom, right, top in (page.box for page in pages))
        if min(seen) < _LEAST_SIDE or not any(map(_shows_something, reader.pages)):
            raise ClinicError(f"the {kind} has a page on which nothing is seen", where=path, hint=_DOWNLOAD)
        copier.copy_rest()
        doubt = doubt_about(reader, copier)
    except DependencyError:
        hint = "Print it to a new PDF without a password."
        raise ClinicError(f"the {kind} is protected", where=path, hint=hint) from None
    except LooklessError:
        what = f"the {kind} has fields or notes that do not look the same in every program"
        raise ClinicError(what, where=path, hint=_PRINT) from None
    except (PyPdfError, *_FAULTS) as fault:
        what = f"the {kind} is a damaged PDF ({type(fault).__name__})"
        raise ClinicError(what, where=path, hint=_DOWNLOAD) from None
    return Attachment(kind, title, hashlib.sha256(data).hexdigest(), tuple(copier.objects), pages, doubt)


def _shows_something(page: PageObject) -> bool:
    contents = page.get_contents()
    return bool(contents is not None and contents.get_data().strip()) or bool(page.get("/Annots"))


def _page(page: PageObject, copier: Copier) -> AttachedPage:
    """A page that is drawn as one piece: its content, then how its annotations look."""
    sheet, seen = box_of(page.mediabox), box_of(page.cropbox)
    frame: dict[str, PdfObject] = {
        "/Type": NameObject("/XObject"),
        "/Subtype": NameObject("/Form"),
        "/BBox": ArrayObject(map(FloatObject, sheet)),
        "/Resources": resolved(page, "/Resources") or DictionaryObject(),
    }
    drawn: list[bytes | int] = [b"/Page ", copier.add(copier.content(page.get_contents(), frame))]
    painted = [b"/Figure<</MCID 0>>BDC", b"/Page Do"]
    for number, look in enumerate(looks_of(page)):
        drawn += [b"/Look%d " % number, *copier.body(look.found)]
        painted.append(b"q %.6f %.6f %.6f %.6f %.6f %.6f cm" % look.matrix + b" /Look%d Do Q" % number)
    content = copier.add((stream(b"\n".join([*painted, b"EMC"])),))
    of_the_page = copier.entries(_chosen(page, _OF_THE_PAGE))
    # programs look for default colour spaces (8.6.5.6) with the page, though the content has its own resources
    colours = copier.entries(_chosen(frame["/Resources"], ("/ColorSpace",)))
    entries = (*of_the_page, b"/Resources<<", *colours, b"/XObject<<", *drawn, b">>>>/Contents ", content)
    box = max(sheet[0], seen[0]), max(sheet[1], seen[1]), min(sheet[2], seen[2]), min(sheet[3], seen[3])
    return AttachedPage(entries, box)


def _chosen(found: PdfObject | None, names: Sequence[str]) -> dict[str, PdfObject]:
    """Those entries of a dictionary that it has."""
    return {name: found.raw_get(name) for name in names if isinstance(found, DictionaryObject) and name in found}
