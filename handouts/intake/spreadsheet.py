"""XLSX and ODS, by calamine: typed cells, rows numbered as the spreadsheet shows them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from handouts.intake.files import Format
from handouts.intake.ods_scan import CONTENT, ods_scans
from handouts.intake.package_xml import damaged, packed
from handouts.intake.record import Value
from handouts.intake.sheet_scan import SHARED, STYLES, Scan, xlsx_scans
from handouts.intake.table import Row, Table

_XLSX_PARTS = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHARED, STYLES)
_ODS_PARTS = ("mimetype", "META-INF/manifest.xml", CONTENT)


def tables(data: bytes, path: Path, kind: Format) -> Iterator[Table]:
    """The visible sheets, in order.

    Raises:
        ListError: the file is damaged, encrypted or larger than any appointment list.

    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    if kind is Format.XLSX:
        sheets = xlsx_scans(data, path)
        scans, parts = list(sheets.values()), (*_XLSX_PARTS, *sheets)
    else:
        scans, parts = ods_scans(data, path), _ODS_PARTS
    looked_through = io.BytesIO(packed(data, parts, path))
    try:
        with CalamineWorkbook.from_filelike(looked_through) as workbook:
            for index, sheet in enumerate(workbook.sheets_metadata):
                if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet:
                    scan = scans[index]
                    rows = workbook.get_sheet_by_index(index).to_python(skip_empty_area=False)
                    yield Table(path, _rows(rows, scan), index + 1)
    except (CalamineError, IndexError, ValueError) as error:
        raise damaged(path) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # how Rust's failures arrive; no class of Exception
            raise damaged(path) from None
        raise


def _rows(rows: Sequence[Sequence[Value]], scan: Scan) -> Iterator[Row]:
    height = max((row for row, _ in scan.damaged), default=0)
    damaged_rows = {row for row, _ in scan.damaged}
    for number in range(1, max(len(rows), height) + 1):
        cells = rows[number - 1] if number <= len(rows) else ()
        if number in damaged_rows:
            cells = [*cells, *[""] * (scan.columns - len(cells))]
            cells = [scan.damaged.get((number, column), value) for column, value in enumerate(cells, start=1)]
        yield Row(number, cells)
