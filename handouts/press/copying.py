"""Objects of a finished PDF as bodies of an attachment: each once, with what it refers to."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pypdf.generic import (
    ArrayObject,
    ContentStream,
    DictionaryObject,
    IndirectObject,
    NameObject,
    PdfObject,
    StreamObject,
)

from handouts.press.attachment import Body
from handouts.press.objects import stream

_MARKS = frozenset((b"BMC", b"BDC", b"EMC", b"MP", b"DP"))
_CODED = frozenset(("/Length", "/Filter", "/DecodeParms"))
_OF_THE_DOCUMENT = frozenset(("/StructParent", "/StructParents", "/Metadata", "/PieceInfo", "/LastModified", "/OC"))
"""What a stream says of the document that it stood in."""


@dataclass(slots=True)
class Copier:
    """Content loses its marks, which speak of another structure tree (ISO 32000-1, 14.6); all else stays as it is.

    objects: what was copied. dictionaries, names, operators: found on the way, for whoever has to judge them.
    """

    objects: list[Body] = field(default_factory=list)
    dictionaries: list[DictionaryObject] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    operators: set[bytes] = field(default_factory=set)
    _numbers: dict[tuple[int, int], int] = field(default_factory=dict)
    _waiting: list[tuple[int, IndirectObject]] = field(default_factory=list)

    def add(self, body: Body) -> int:
        """A new object; its number."""
        self.objects.append(body)
        return len(self.objects) - 1

    def copy_rest(self) -> None:
        """Copy what was referred to, and what that refers to."""
        while self._waiting:
            number, reference = self._waiting.pop()
            found = reference.get_object()
            self.objects[number] = self.body(found) if found is not None else (b"null",)

    def body(self, found: PdfObject) -> Body:
        """An object. What it refers to is copied later."""
        if isinstance(found, IndirectObject):
            key = found.idnum, found.generation
            if key not in self._numbers:
                self._numbers[key] = self.add(())
                self._waiting.append((self._numbers[key], found))
            return (self._numbers[key],)
        if isinstance(found, DictionaryObject):
            self.dictionaries.append(found)
            if isinstance(found, StreamObject):
                return self._stream(found)
            return (b"<<", *self.entries(found), b">>")
        if isinstance(found, ArrayObject):
            return (b"[", *(part for value in list(found) for part in (*self.body(value), b" ")), b"]")
        if isinstance(found, NameObject):
            self.names.add(found)
        return (_spelled(found),)

    def content(self, content: StreamObject | None, entries: Mapping[str, PdfObject]) -> Body:
        """A stream that draws `content`. entries: of its dictionary."""
        kept = {name: value for name, value in entries.items() if name not in _CODED | _OF_THE_DOCUMENT}
        resources = resolved(entries, "/Resources")
        if isinstance(resources, DictionaryObject):
            # marks alone use properties, and these may lead to the whole structure tree
            needed = {name: value for name, value in resources.items() if name != "/Properties"}
            kept["/Resources"] = DictionaryObject({NameObject(name): value for name, value in needed.items()})
        data = self._unmarked(content) if content is not None else b""
        return (b"<<", *self.entries(kept), stream(data).removeprefix(b"<<"))

    def _stream(self, found: StreamObject) -> Body:
        if named(found, "/Subtype") == "/Form" or named(found, "/PatternType") == "1":
            return self.content(found, found)
        data = bytes(found._data)  # as it stands in the file, still encoded
        kept = {name: value for name, value in found.items() if name not in _OF_THE_DOCUMENT | {"/Length"}}
        return (b"<<", *self.entries(kept), b"/Length %d>>stream\n%s\nendstream" % (len(data), data))

    def _unmarked(self, content: StreamObject) -> bytes:
        """The content's operators without marks."""
        data = content.get_data()
        parsed = ContentStream(content, None, "bytes")
        kept = []
        for operands, operator in parsed.operations:
            self.operators.add(operator)
            if operator == b"INLINE IMAGE":
                self.names.update(value for value in operands["settings"].values() if isinstance(value, NameObject))
            if operator not in _MARKS:
                kept.append((operands, operator))
        if len(kept) == len(parsed.operations):
            return data
        parsed.operations = kept
        return parsed.get_data()

    def entries(self, entries: Mapping[str, PdfObject]) -> Iterator[bytes | int]:
        """The inside of a dictionary."""
        for name, value in entries.items():
            yield _spelled(NameObject(name))
            yield b" "
            yield from self.body(value)


def resolved(entries: Mapping[str, PdfObject], name: str) -> PdfObject | None:
    """The object of that name, wherever in the file it stands."""
    return entries[name].get_object() if name in entries else None


def named(entries: Mapping[str, PdfObject], name: str) -> str:
    """The name, or the number in letters, that stands there; empty if none does."""
    found = resolved(entries, name)
    return str(found) if found is not None else ""


def _spelled(found: PdfObject) -> bytes:
    out = io.BytesIO()
    found.write_to_stream(out)
    return out.getvalue()
