"""XLSX and ODS as spreadsheet programs write them, and as attackers might."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from handouts.errors import ListError
from handouts.intake import read_lists

from .making import HEADERS, ROW, Typed, clinic, codes, csv_text, ods, written, xlsx

TYPED: tuple[Typed, ...] = ("A1", datetime(2026, 12, 1, 9, 30), 12345.0, "Ana", "Perez", date(1980, 4, 13))
GOOD: tuple[Typed, ...] = ("A9", datetime(2026, 12, 1, 9, 30), "M-9", "Bob", "Stone", date(1975, 2, 28))


def _changed(path: Path, part: str, old: str, new: str) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert re.search(old.encode(), parts[part])
    parts[part] = re.sub(old.encode(), new.encode(), parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("name", ["list.xlsx", "list.csv"])
def test_real_dates_times_and_numbers_are_read(tmp_path: Path, name: str) -> None:
    headers = (*HEADERS, "sessions", "interpreter")
    path = xlsx(tmp_path, [headers, (*TYPED, 12, True)])
    found = read_lists([path.rename(tmp_path / name)], clinic())
    visit = found.appointments[0]
    assert visit.start.isoformat() == "2026-12-01T09:30:00-05:00"
    assert visit.patient.birth_date == date(1980, 4, 13)
    assert (visit.patient.patient_id, visit.sessions, visit.patient.interpreter) == ("12345", 12, True)
    assert not found.problems


def test_separate_date_and_time_cells_are_joined(tmp_path: Path) -> None:
    path = xlsx(tmp_path, [("Date", "Time", "Name", "DOB"), (date(2026, 12, 1), time(9, 30), "Ana", "1980-04-13")])
    assert read_lists([path], clinic()).appointments[0].start.isoformat() == "2026-12-01T09:30:00-05:00"


def test_rows_are_numbered_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    rows = [(), ("Appointments of 1 December",), (), HEADERS, (), TYPED]
    assert read_lists([xlsx(tmp_path, rows)], clinic()).appointments[0].source == "list.xlsx:6"


def test_the_first_sheet_with_known_headers_is_read_and_a_second_is_reported(tmp_path: Path) -> None:
    found = read_lists([xlsx(tmp_path, [("Notes",)], [HEADERS, TYPED], [HEADERS, GOOD], [HEADERS])], clinic())
    assert [each.appointment_id for each in found.appointments] == ["A1"]
    assert codes(found) == [("list.xlsx:sheet 3", "", "other-sheet")]


def test_a_note_beside_the_table_does_no_harm(tmp_path: Path) -> None:
    assert len(read_lists([xlsx(tmp_path, [HEADERS, (*TYPED, "note")])], clinic()).appointments) == 1


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        (1, 46357.4, "number-instead-of-date"),
        (1, date(2026, 12, 1), "missing-time"),
        (5, 29324, "number-instead-of-date"),
        (2, 12345678901234567890, "number-too-long"),
        (2, date(2026, 1, 2), "date-instead-of-text"),
        (2, True, "not-text"),
        (3, "=1/0", "formula-without-result"),
    ],
)
def test_cells_that_a_spreadsheet_has_spoilt_are_problems(tmp_path: Path, column: int, value: Typed, code: str) -> None:
    row = [*TYPED[:column], value, *TYPED[column + 1 :]]
    found = read_lists([xlsx(tmp_path, [HEADERS, row, GOOD])], clinic())
    assert codes(found) == [("list.xlsx:2", HEADERS[column], code)]


def test_an_error_cell_is_not_taken_for_a_blank_one(tmp_path: Path) -> None:
    path = xlsx(tmp_path, [(*HEADERS, "payer"), (*TYPED, "Medicare"), GOOD])
    path = _changed(path, "xl/worksheets/sheet1.xml", r'<c r="G2"[^>]*>.*?</c>', '<c r="G2" t="e"><v>#N/A</v></c>')
    assert codes(read_lists([path], clinic())) == [("list.xlsx:2", "payer", "spreadsheet-error")]


ADDING = [
    "00000000",
    "00000;;",
    '"MRN"00000',
    '000"-"00"-"0000',
    "[$-409]00000",
    "00000_)",
    "0000.",
    '"A"#',
    "000\\ 000",
]
NOT_ADDING = ["General", "0", "#,##0", "0.00", '0" sessions"', "0%", "[Red]0"]


@pytest.mark.parametrize("shown_as", NOT_ADDING)
def test_other_number_formats_do_no_harm(tmp_path: Path, shown_as: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (HEADERS, TYPED):
        sheet.append(row)
    sheet["C2"].number_format = shown_as
    book.save(tmp_path / "list.xlsx")
    assert not read_lists([tmp_path / "list.xlsx"], clinic()).problems


@pytest.mark.parametrize("shown_as", ADDING)
def test_what_a_number_format_adds_is_not_lost(tmp_path: Path, shown_as: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (HEADERS, TYPED, GOOD):
        sheet.append(row)
    sheet["C2"].number_format = shown_as
    book.save(tmp_path / "list.xlsx")
    found = read_lists([tmp_path / "list.xlsx"], clinic())
    assert codes(found) == [("list.xlsx:2", "patient_id", "number-shown-with-zeros")]


def test_a_merged_cell_is_no_blank(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (("Tuesday",), (*HEADERS, "payer"), (*TYPED, "Medicare"), (*GOOD, "")):
        sheet.append(row)
    sheet.merge_cells("A1:G1")
    sheet.merge_cells("G3:G4")
    book.save(tmp_path / "list.xlsx")
    found = read_lists([tmp_path / "list.xlsx"], clinic())
    assert codes(found) == [("list.xlsx:4", "payer", "merged-cells")]
    assert [each.appointment_id for each in found.appointments] == ["A1"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ('<table:table-cell office:value-type="float" office:value="123"><text:p>00000123</text:p></table:table-cell>',
         "number-shown-with-zeros"),
        ('<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error">'
         "<text:p>#N/A</text:p></table:table-cell>", "spreadsheet-error"),
        ("<table:covered-table-cell/>", "merged-cells"),
    ],
)  # fmt: skip
def test_cells_of_ods_that_do_not_hold_what_they_show_are_problems(tmp_path: Path, cell: str, code: str) -> None:
    path = ods(tmp_path, [HEADERS, ("A1", "2026-12-01 09:30", "PLACE", "Ana", "Perez", "1980-04-13")])
    names = 'office:version="1.2" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    _changed(path, "content.xml", 'office:version="1.2"', names)
    _changed(path, "content.xml", "<table:table-cell[^>]*><text:p>PLACE</text:p></table:table-cell>", cell)
    with pytest.raises(ListError) as caught:
        read_lists([path], clinic())
    assert code in str(caught.value)


def test_the_last_moment_of_the_calendar_spoils_its_own_row_only(tmp_path: Path) -> None:
    rows = [HEADERS, (*TYPED[:1], datetime(9999, 12, 31, 23, 59, 59, 999000), *TYPED[2:]), GOOD]
    found = read_lists([xlsx(tmp_path, rows)], clinic())
    assert [each.appointment_id for each in found.appointments] == ["A9"]
    assert codes(found) == [("list.xlsx:2", "start", "no-such-date")]


def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Empty"])
    hidden = book.create_sheet()
    hidden.append(HEADERS)
    hidden.append(TYPED)
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "list.xlsx")
    with pytest.raises(ListError, match="no row with column headers"):
        read_lists([tmp_path / "list.xlsx"], clinic())


def test_ods_is_read(tmp_path: Path) -> None:
    path = ods(tmp_path, [HEADERS, ("A1", datetime(2026, 12, 1, 9, 30), 12345.0, "Ana", "Perez", date(1980, 4, 13))])
    visit = read_lists([path], clinic()).appointments[0]
    assert (visit.source, visit.patient.name, visit.patient.patient_id) == ("list.ods:2", "Ana Perez", "12345")
    assert visit.start.isoformat() == "2026-12-01T09:30:00-05:00"


def test_ods_with_endless_empty_rows_is_read(tmp_path: Path) -> None:
    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
    path = ods(tmp_path, [HEADERS, ROW], extra=empty + 'table:number-columns-repeated="16384"/></table:table-row>')
    assert len(read_lists([path], clinic()).appointments) == 1


def test_a_cell_in_the_far_corner_does_not_eat_the_memory(tmp_path: Path) -> None:
    part = "xl/worksheets/sheet1.xml"
    path = _changed(xlsx(tmp_path, [HEADERS, TYPED]), part, r'r="F2"', 'r="XFD1048576"')
    with pytest.raises(ListError, match="more than 1,000 columns"):
        read_lists([path], clinic())
    path = _changed(xlsx(tmp_path, [HEADERS, TYPED]), part, r'r="F2"', 'r="CV1048576"')
    with pytest.raises(ListError, match="more than 500,000 cells"):
        read_lists([path], clinic())
    far = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row><table:table-row>'
        '<table:table-cell table:number-columns-repeated="900"/><table:table-cell office:value-type="string"/>'
        "</table:table-row>"
    )
    with pytest.raises(ListError, match="more than 500,000 cells"):
        read_lists([ods(tmp_path, [HEADERS, ROW], extra=far)], clinic())


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = xlsx(tmp_path, [HEADERS, TYPED])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros", bytes(5_000_000))
    with pytest.raises(ListError, match="unpack to far more"):
        read_lists([path], clinic())


def test_entities_in_a_spreadsheet_are_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path, [HEADERS, TYPED])
    _changed(path, "xl/worksheets/sheet1.xml", r"^(<\?xml[^>]*>)?", '<!DOCTYPE x [<!ENTITY a "b">]>')
    with pytest.raises(ListError, match="damaged"):
        read_lists([path], clinic())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel format"),
        (b"PK\x03\x04 and no more", "damaged"),
    ],
)
def test_locked_old_and_damaged_workbooks_are_refused(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(ListError, match=said):
        read_lists([written(tmp_path, content, "list.xlsx")], clinic())


def test_a_cut_workbook_is_refused(tmp_path: Path) -> None:
    data = xlsx(tmp_path, [HEADERS, TYPED]).read_bytes()
    for length in range(4, len(data), 97):
        with pytest.raises(ListError):
            read_lists([written(tmp_path, data[:length], "cut.xlsx")], clinic())


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "list.zip", "w") as archive:
        archive.writestr("list.csv", csv_text(HEADERS, ROW))
    with pytest.raises(ListError, match="neither an XLSX nor an ODS"):
        read_lists([tmp_path / "list.zip"], clinic())
