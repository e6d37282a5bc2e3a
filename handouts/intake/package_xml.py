"""One XML part of a zipped document, read as a stream."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.parsers import expat

from handouts.errors import ListError, Place

_DAMAGE = (expat.ExpatError, KeyError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)

OnStart = Callable[[Mapping[str, str]], None]


class XmlPart:
    """Calls `on_start` and `on_end` by local element name, `on_text` for text; attribute names are `namespace name`."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, part: str) -> None:
        self._path = path
        self._archive = archive
        self._part = part
        self.on_start: dict[str, OnStart] = {}
        self.on_end: dict[str, Callable[[], None]] = {}
        self.on_text: Callable[[str], None] | None = None

    def parse(self) -> None:
        """Read the part from beginning to end.

        Raises:
            ListError: it is missing, damaged, or brings its own entities.

        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.on_text
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            with self._archive.open(self._part) as stream:
                parser.ParseFile(stream)
        except _DAMAGE as error:
            raise self._damaged() from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        handler = self.on_start.get(name.rpartition(" ")[2])
        if handler:
            handler(attributes)

    def _end(self, name: str) -> None:
        handler = self.on_end.get(name.rpartition(" ")[2])
        if handler:
            handler()

    def _doctype(self, *_: object) -> None:
        raise self._damaged()

    def _damaged(self) -> ListError:
        return ListError(
            "the spreadsheet is damaged or protected by a password",
            where=Place(self._path),
            hint="Open it in a spreadsheet program and save it again, without a password.",
        )
