"""The same look through an OpenDocument spreadsheet, where rows and cells are repeated by a number."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from handouts.errors import Place
from handouts.intake.header import check_width
from handouts.intake.package_xml import Allowance, XmlPart
from handouts.intake.record import Damage
from handouts.intake.sheet_scan import LONGEST_LOOKED_AT, Attributes, Scan, attribute

CONTENT = "content.xml"


class _OdsCells:
    def __init__(self, allowance: Allowance) -> None:
        self.scans: list[Scan] = []
        self._allowance = allowance
        self._row = self._column = 0
        self._repeat_row = self._repeat_column = 1
        self._used = 0
        self._shown = ""
        self._kind = ""
        self._covered = False

    def table(self, _: Attributes) -> None:
        self.scans.append(Scan())
        self._row = self._used = 0

    def row(self, attributes: Attributes) -> None:
        self._repeat_row, self._column, self._used = _repeated(attributes, "rows"), 0, 0

    def cell(self, attributes: Attributes) -> None:
        self._repeat_column = _repeated(attributes, "columns")
        self._column += self._repeat_column
        self._shown = ""
        self._covered = False
        self._kind = attribute(attributes, "office:1.0 value-type")
        if attribute(attributes, "calcext:1.0 value-type") == "error":
            self._kind = "error"
        if self._kind:
            self._used = self._column

    def covered(self, attributes: Attributes) -> None:
        self.cell(attributes)
        self._covered = True

    def text(self, text: str) -> None:
        if self._kind:
            self._allowance.take_text(len(text) * self._repeat_row * self._repeat_column)
            self._shown = (self._shown + text)[:LONGEST_LOOKED_AT]

    def cell_end(self) -> None:
        shown = self._shown.strip()
        damage = None
        if self._covered:
            damage = Damage.MERGED
        elif self._kind == "error":
            damage = Damage.SPREADSHEET_ERROR
        elif self._kind == "float" and (re.match("0[0-9]", shown) or re.match(r"[^\W\d_]", shown)):
            damage = Damage.SHOWN_WITH_ZEROS
        if damage and self.scans:
            self.scans[-1].damaged[self._row + 1, self._column] = damage

    def row_end(self) -> None:
        self._row += self._repeat_row
        if self._used and self.scans:
            scan = self.scans[-1]
            before = scan.rows * scan.columns
            scan.grow(self._row, self._used)
            check_width(scan.columns, Place(self._allowance.path))
            self._allowance.take_cells(scan.rows * scan.columns - before)


def _repeated(attributes: Attributes, what: str) -> int:
    number = attribute(attributes, f" number-{what}-repeated")
    return int(number) if number.isdecimal() and len(number) < 12 else 1


def ods_scans(data: bytes, path: Path) -> list[Scan]:
    """One scan a sheet.

    Raises:
        ListError: a part is missing or damaged, or the sheets are larger than any appointment list.

    """
    allowance = Allowance(path)
    cells = _OdsCells(allowance)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = XmlPart(allowance, archive, CONTENT)
        xml.on_start |= {"table": cells.table, "table-row": cells.row}
        xml.on_start |= {"table-cell": cells.cell, "covered-table-cell": cells.covered}
        xml.on_end |= {"table-cell": cells.cell_end, "covered-table-cell": cells.cell_end}
        xml.on_text = cells.text
        xml.on_end["table-row"] = cells.row_end
        xml.parse()
    return cells.scans
