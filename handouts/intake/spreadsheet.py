"""XLSX and ODS, by calamine: typed cells, rows numbered as the spreadsheet shows them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from handouts.errors import ListError, Place
from handouts.intake.files import Format
from handouts.intake.record import Value
from handouts.intake.sheet_scan import Scan, ods_scans, xlsx_scans
from handouts.intake.table import Row, Table


def tables(data: bytes, path: Path, kind: Format) -> Iterator[Table]:
    """The visible sheets, in order.

    Raises:
        ListError: the file is damaged, encrypted or larger than any appointment list.

    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    scans = xlsx_scans(data, path) if kind is Format.XLSX else ods_scans(data, path)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            for index, sheet in enumerate(workbook.sheets_metadata):
                if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet:
                    scan = scans[index]
                    rows = workbook.get_sheet_by_index(index).to_python(skip_empty_area=False)
                    yield Table(path, _rows(rows, scan), index + 1)
    except (CalamineError, IndexError, ValueError) as error:
        raise ListError(
            "the spreadsheet is damaged or protected by a password",
            where=Place(path),
            hint="Open it in a spreadsheet program and save it again, without a password.",
        ) from error


def _rows(rows: Sequence[Sequence[Value]], scan: Scan) -> Iterator[Row]:
    height = max((row for row, _ in scan.damaged), default=0)
    damaged_rows = {row for row, _ in scan.damaged}
    for number in range(1, max(len(rows), height) + 1):
        cells = rows[number - 1] if number <= len(rows) else ()
        if number in damaged_rows:
            cells = [*cells, *[""] * (scan.columns - len(cells))]
            cells = [scan.damaged.get((number, column), value) for column, value in enumerate(cells, start=1)]
        yield Row(number, cells)
