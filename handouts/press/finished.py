"""A finished PDF read into an attachment, object by object.

Nothing on the pages is changed or drawn over. What is not printed (links, scripts, fields to fill in on a screen) stays
behind.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject, StreamObject

from handouts.errors import ClinicError
from handouts.press.attachment import Attachment, Body

_LARGEST_FILE = 20_000_000
_MOST_PAGES = 20
_PRINTED = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group")
_NOT_PRINTED = frozenset(("/P", "/Parent", "/StructParent", "/A", "/AA", "/Dest", "/Popup"))
"""What an annotation says of the document around it, or does when it is clicked."""


def read_attachment(kind: str, path: Path) -> Attachment:
    """Read a PDF that the clinic names. Raises ClinicError where it cannot be used."""
    try:
        data = path.read_bytes() if path.stat().st_size <= _LARGEST_FILE else b""
    except OSError as fault:
        raise ClinicError(f"the {kind} cannot be read: {fault.strerror}", where=path, hint=_HINT) from None
    if not data.startswith(b"%PDF"):
        raise ClinicError(f"the {kind} is no PDF of at most 20 MB", where=path, hint=_HINT)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise DependencyError
        if not 1 <= len(reader.pages) <= _MOST_PAGES:
            raise ClinicError(f"the {kind} has no page, or more than {_MOST_PAGES}", where=path, hint=_HINT)
        if "/OCProperties" in reader.root_object:
            hint = "Print it to a new PDF, as it is to look on paper."
            raise ClinicError(f"the {kind} has layers, some of which may be hidden", where=path, hint=hint)
        copier = _Copier()
        pages = tuple(copier.page(page) for page in reader.pages)
        copier.copy_rest()
    except DependencyError:
        hint = "Print it to a new PDF without a password."
        raise ClinicError(f"the {kind} is protected", where=path, hint=hint) from None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        what = f"the {kind} is a damaged PDF ({type(fault).__name__})"
        raise ClinicError(what, where=path, hint=_HINT) from None
    return Attachment(kind, hashlib.sha256(data).hexdigest(), tuple(copier.objects), pages)


_HINT = "Download the form again, and name it in clinic.yaml."


@dataclass(slots=True)
class _Copier:
    """Turns what pages refer to into bodies, each once."""

    objects: list[Body] = field(default_factory=list)
    _numbers: dict[tuple[int, int], int] = field(default_factory=dict)
    _waiting: list[IndirectObject] = field(default_factory=list)

    def page(self, page: DictionaryObject) -> Body:
        entries: list[bytes | int] = []
        for name in _PRINTED:
            if name in page:
                entries += [name.encode(), b" ", *self._body(page.raw_get(name))]
        annotations = page.get("/Annots")
        if annotations is not None:
            entries += [b"/Annots[", *self._annotations(annotations.get_object()), b"]"]
        return tuple(entries)

    def _annotations(self, annotations: PdfObject | None) -> Body:
        """Only how they look: without what leads out of the page."""
        parts: list[bytes | int] = []
        for each in annotations if isinstance(annotations, ArrayObject) else ():
            found = each.get_object()
            if isinstance(found, DictionaryObject):
                kept = {name: value for name, value in found.items() if name not in _NOT_PRINTED}
                parts += [*self._entries(kept), b" "]
        return tuple(parts)

    def copy_rest(self) -> None:
        """Copy what the pages refer to, and what that refers to."""
        while self._waiting:
            reference = self._waiting.pop(0)
            found = reference.get_object()
            self.objects.append(self._body(found) if found is not None else (b"null",))

    def _body(self, found: PdfObject) -> Body:
        if isinstance(found, IndirectObject):
            key = found.idnum, found.generation
            if key not in self._numbers:
                self._numbers[key] = len(self._numbers)
                self._waiting.append(found)
            return (self._numbers[key],)
        if isinstance(found, StreamObject):
            data = bytes(found._data)  # as it stands in the file, still encoded
            kept = {name: value for name, value in found.items() if name != "/Length"}
            return (*self._entries(kept, b"/Length %d" % len(data)), b"stream\n" + data + b"\nendstream")
        if isinstance(found, DictionaryObject):
            return self._entries(found)
        if isinstance(found, ArrayObject):
            return (b"[", *self._spaced(list(found)), b"]")
        out = io.BytesIO()
        found.write_to_stream(out)
        return (out.getvalue(),)

    def _entries(self, entries: dict[str, PdfObject], more: bytes = b"") -> Body:
        parts: list[bytes | int] = [b"<<"]
        for name, value in entries.items():
            out = io.BytesIO()
            NameObject(name).write_to_stream(out)
            parts += [out.getvalue(), b" ", *self._body(value)]
        return (*parts, more, b">>")

    def _spaced(self, values: Sequence[PdfObject]) -> Body:
        parts: list[bytes | int] = []
        for value in values:
            parts += [*self._body(value), b" "]
        return tuple(parts)
