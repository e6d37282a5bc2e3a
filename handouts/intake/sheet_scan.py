"""A look through a spreadsheet's XML before it is opened, for what calamine does not tell.

A single cell at the far corner makes calamine reserve half a terabyte and end the process, and so does one long text
that many cells share; error cells, formulas without a result and the zeros of a number format come out of it as blank
cells or other numbers.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from handouts.errors import Place
from handouts.intake.header import check_width
from handouts.intake.package_xml import Allowance, XmlPart, damaged
from handouts.intake.record import Damage

_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ROW = re.compile(r"[0-9]{1,7}")
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_ASIDE = re.compile(r"\[[^]]*\]|_.|\*.")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_PARTED = re.compile(r"[0#?][^0#?,]+[0#?]")
_LETTERS = "\x01"
"""Stands for letters or digits that a number format adds."""
SHARED, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
_MOST_CLAIMED = 1_000
LONGEST_LOOKED_AT = 12
"""Characters of a cell that are looked at: more than an index needs, or the zeros that a number is shown with."""

Attributes: TypeAlias = Mapping[str, str]


@dataclass
class Scan:
    """What one sheet holds. Rows and columns count from 1; `damaged` is by row and column."""

    rows: int = 0
    columns: int = 0
    damaged: dict[tuple[int, int], Damage] = field(default_factory=dict)

    def grow(self, row: int, column: int) -> None:
        """Take note of a cell in use."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)


def xlsx_scans(data: bytes, path: Path) -> dict[str, Scan]:
    """One scan a worksheet by its part, in the workbook's order.

    Raises:
        ListError: a part is missing or damaged, or the sheets are larger than any appointment list.

    """
    allowance = Allowance(path)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        targets: dict[str, str] = {}
        relations = XmlPart(allowance, archive, "xl/_rels/workbook.xml.rels")
        relations.on_start["Relationship"] = lambda a: targets.update({a.get("Id", ""): a.get("Target", "")})
        relations.parse()
        sheets: list[str] = []
        workbook = XmlPart(allowance, archive, "xl/workbook.xml")
        workbook.on_start["sheet"] = lambda a: sheets.append(targets.get(attribute(a, "relationships id"), ""))
        workbook.parse()
        parts = [posixpath.join("/xl", each).lstrip("/") for each in sheets]
        if len(set(parts)) < len(parts):
            raise damaged(path)
        padded = _padded_styles(allowance, archive)
        shared = _shared_lengths(allowance, archive)
        return {part: _xlsx_sheet(allowance, archive, part, padded, shared) for part in parts}


def _shared_lengths(allowance: Allowance, archive: zipfile.ZipFile) -> Sequence[int]:
    """How many characters each of the texts has that cells share."""
    lengths = array("L")
    if SHARED not in archive.namelist():
        return lengths
    size = archive.getinfo(SHARED).file_size

    def table(attributes: Attributes) -> None:
        # calamine reserves as much as the table claims to need
        claimed = (attributes.get("count", "0"), attributes.get("uniqueCount", "0"))
        if any(not each.isdecimal() or len(each) > 9 or int(each) > _MOST_CLAIMED + size for each in claimed):
            raise damaged(allowance.path)

    def text(part: str) -> None:
        if lengths:
            lengths[-1] += len(part)

    xml = XmlPart(allowance, archive, SHARED)
    xml.on_start |= {"sst": table, "si": lambda _: lengths.append(0)}
    xml.on_text = text
    xml.parse()
    return lengths


def _padded_styles(allowance: Allowance, archive: zipfile.ZipFile) -> frozenset[int]:
    """The cell styles whose number format adds leading zeros."""
    if STYLES not in archive.namelist():
        return frozenset()
    formats: set[str] = set()
    styles: list[str] = []
    in_cell_formats = False

    def enter(attributes: Attributes) -> None:
        nonlocal in_cell_formats
        in_cell_formats = True

    def leave() -> None:
        nonlocal in_cell_formats
        in_cell_formats = False

    def number_format(attributes: Attributes) -> None:
        if _adds_signs(attributes.get("formatCode", "")):
            formats.add(attributes.get("numFmtId", ""))

    def cell_format(attributes: Attributes) -> None:
        if in_cell_formats:
            styles.append(attributes.get("numFmtId", ""))

    xml = XmlPart(allowance, archive, STYLES)
    xml.on_start |= {"numFmt": number_format, "xf": cell_format, "cellXfs": enter}
    xml.on_end["cellXfs"] = leave
    xml.parse()
    return frozenset(index for index, style in enumerate(styles) if style in formats)


def _adds_signs(code: str) -> bool:
    """Whether a number format shows what the number does not have: leading zeros, letters before it, parts.

    Format codes: ISO/IEC 29500-1, 18.8.31.
    """
    first = _ASIDE.sub("", code.split(";")[0])
    plain = _LITERAL.sub(lambda found: _LETTERS if re.search(r"\w", found[0]) else found[1] or found[2] or "", first)
    if re.search("[A-Za-z%]", plain):  # dates, percentages, General
        return False
    whole = plain.partition(".")[0]
    before = re.split("[0#?]", whole)[0]
    return whole.count("0") > 1 or _LETTERS in before or _PARTED.search(whole) is not None


def _covered(reference: str, scan: Scan) -> Iterator[tuple[int, int]]:
    """The cells of a merged range, where the sheet is in use, but for the one with its value; by row and column."""
    found = _RANGE.fullmatch(reference)
    if not found:
        return
    left, top, right, bottom = _column(found[1]), int(found[2]), _column(found[3]), int(found[4])
    for row in range(top, min(bottom, scan.rows) + 1):
        for column in range(left, min(right, scan.columns) + 1):
            if (row, column) != (top, left):
                yield row, column


class _XlsxCells:
    def __init__(self, allowance: Allowance, padded: frozenset[int], shared: Sequence[int]) -> None:
        self.scan = Scan()
        self._allowance = allowance
        self._padded = padded
        self._shared = shared
        self._is_shared = False
        self._index = ""
        self._at = (0, 0)
        self._in_value = self._formula = self._value = False
        self._suspect: Damage | None = None
        self._missing: Damage | None = None

    def row(self, attributes: Attributes) -> None:
        number = attributes.get("r")
        if number is not None and not _ROW.fullmatch(number):
            raise damaged(self._allowance.path)
        self._at = (int(number) if number else self._at[0] + 1, 0)

    def cell(self, attributes: Attributes) -> None:
        place = attributes.get("r")
        found = _CELL.fullmatch(place) if place is not None else None
        if place is not None and not found:
            raise damaged(self._allowance.path)  # calamine would take B99999999 for a cell of that row
        self._at = (int(found[2]), _column(found[1])) if found else (self._at[0], self._at[1] + 1)
        self._in_value = self._formula = self._value = False
        kind, style = attributes.get("t", "n"), attributes.get("s", "")
        self._is_shared, self._index = kind == "s", ""
        # A formula whose result is the empty text is of kind "str".
        self._missing = Damage.NO_RESULT if kind == "n" else None
        self._suspect = None
        if kind == "e":
            self._suspect = Damage.SPREADSHEET_ERROR
        elif kind == "n" and style.isdecimal() and int(style) in self._padded:
            self._suspect = Damage.SHOWN_WITH_ZEROS

    def formula(self, _: Attributes) -> None:
        self._formula = True

    def value(self, _: Attributes) -> None:
        self._in_value = True

    def value_end(self) -> None:
        self._in_value = False

    def text(self, text: str) -> None:
        if self._in_value and text:
            self._value = True
            if self._is_shared:
                self._index += text[:LONGEST_LOOKED_AT]

    def merged(self, attributes: Attributes) -> None:
        for row, column in _covered(attributes.get("ref", ""), self.scan):
            self._allowance.take_element()
            self.scan.damaged[row, column] = Damage.MERGED

    def end(self) -> None:
        if self._index.isdecimal() and len(self._index) < LONGEST_LOOKED_AT and int(self._index) < len(self._shared):
            self._allowance.take_text(self._shared[int(self._index)])
        if self._value or self._formula:
            self.scan.grow(*self._at)
        damage = self._suspect if self._value else self._missing if self._formula else None
        if damage:
            self.scan.damaged[self._at] = damage


def _xlsx_sheet(
    allowance: Allowance, archive: zipfile.ZipFile, part: str, padded: frozenset[int], shared: Sequence[int]
) -> Scan:
    cells = _XlsxCells(allowance, padded, shared)
    xml = XmlPart(allowance, archive, part)
    xml.on_start |= {"row": cells.row, "c": cells.cell, "f": cells.formula, "v": cells.value, "is": cells.value}
    xml.on_start["mergeCell"] = cells.merged
    xml.on_end |= {"c": cells.end, "v": cells.value_end, "is": cells.value_end}
    xml.on_text = cells.text
    xml.parse()
    check_width(cells.scan.columns, Place(allowance.path))
    allowance.take_cells(cells.scan.rows * cells.scan.columns)
    return cells.scan


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def attribute(attributes: Attributes, ending: str) -> str:
    """The value of the attribute whose name ends so; empty where there is none."""
    return next((value for name, value in attributes.items() if name.endswith(ending)), "")
