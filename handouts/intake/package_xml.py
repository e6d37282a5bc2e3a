"""The XML parts of a zipped document: read within bounds, and packed anew for readers that know no bounds."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from handouts.errors import ListError, Place

_DAMAGE = (expat.ExpatError, KeyError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)
_MOST_ELEMENTS = 1_500_000
_MOST_TEXT = 20_000_000
MOST_CELLS = 500_000

OnStart = Callable[[Mapping[str, str]], None]


def damaged(path: Path) -> ListError:
    """The error for a spreadsheet that does not hold what it should."""
    return ListError(
        "the spreadsheet is damaged or protected by a password",
        where=Place(path),
        hint="Open it in a spreadsheet program and save it again, without a password.",
    )


@dataclass
class Allowance:
    """What one document may still hold, all its sheets together. Raises ListError where it is used up."""

    path: Path
    elements: int = _MOST_ELEMENTS
    cells: int = MOST_CELLS
    text: int = _MOST_TEXT

    def take_element(self) -> None:
        """One element of XML."""
        self.elements -= 1
        if self.elements < 0:
            raise self._exceeded(f"{_MOST_ELEMENTS:,} rows and cells, most of them empty")

    def take_cells(self, number: int) -> None:
        """So many cells of the area that a sheet spans."""
        self.cells -= number
        if self.cells < 0:
            raise self._exceeded(f"{MOST_CELLS:,} cells")

    def take_text(self, number: int) -> None:
        """So many characters in cells."""
        self.text -= number
        if self.text < 0:
            raise self._exceeded(f"{_MOST_TEXT:,} characters")

    def _exceeded(self, what: str) -> ListError:
        return ListError(
            f"the sheets span more than {what}",
            where=Place(self.path),
            hint="Delete what stands far below and beside the list, and all other sheets, and save it again.",
        )


class XmlPart:
    """Calls `on_start` and `on_end` by local element name, `on_text` for text; attribute names are `namespace name`."""

    def __init__(self, allowance: Allowance, archive: zipfile.ZipFile, part: str) -> None:
        self._allowance = allowance
        self._archive = archive
        self._part = part
        self.on_start: dict[str, OnStart] = {}
        self.on_end: dict[str, Callable[[], None]] = {}
        self.on_text: Callable[[str], None] | None = None

    def parse(self) -> None:
        """Read the part from beginning to end.

        Raises:
            ListError: it is missing, damaged, too large, or brings its own entities.

        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.on_text
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            # in one piece: fed in small ones, expat reads a long attribute again with each (CVE-2023-52425)
            parser.Parse(unpacked(self._archive, self._part), True)
        except _DAMAGE as error:
            raise damaged(self._allowance.path) from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._allowance.take_element()
        handler = self.on_start.get(name.rpartition(" ")[2])
        if handler:
            handler(attributes)

    def _end(self, name: str) -> None:
        handler = self.on_end.get(name.rpartition(" ")[2])
        if handler:
            handler()

    def _doctype(self, *_: object) -> None:
        raise damaged(self._allowance.path)


def unpacked(archive: zipfile.ZipFile, part: str) -> bytes:
    """A part, no larger than the archive says that it is; `ZipFile.read` unpacks it whole before it cuts it."""
    with archive.open(part) as stream:
        return stream.read(archive.getinfo(part).file_size)


def packed(data: bytes, parts: Iterable[str], path: Path) -> bytes:
    """A document of these parts alone, as far as `data` has them.

    What has been looked through here is then all that another reader can find, wherever the document points it to and
    whatever sizes it claims. Raises ListError where a part is damaged.
    """
    out = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(data)) as archive,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
        ):
            for part in sorted({*parts} & {*archive.namelist()}):
                made.writestr(zipfile.ZipInfo(part), unpacked(archive, part), zipfile.ZIP_DEFLATED)
    except _DAMAGE as error:
        raise damaged(path) from error
    return out.getvalue()
