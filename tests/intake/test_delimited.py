"""CSV and TSV files as programs really write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.errors import ListError
from handouts.intake import read_lists

from .making import HEADERS, OTHER_ROW, ROW, clinic, codes, csv_text, read_rows, written


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("name", ["list.csv", "list.txt", "list.xlsx", "list"])
def test_delimiter_is_found_whatever_the_file_is_called(tmp_path: Path, delimiter: str, name: str) -> None:
    path = written(tmp_path, csv_text(HEADERS, ROW, delimiter=delimiter), name)
    found = read_lists([path], clinic())
    assert [each.patient.name for each in found.appointments] == ["Ana Perez"]
    assert found.appointments[0].source == f"{name}:2"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_accents_survive_every_encoding(tmp_path: Path, encoding: str) -> None:
    row = ("A1", "2026-12-01 09:30", "M-1", "Zoë", "Núñez", "1980-04-13")
    found = read_lists([written(tmp_path, csv_text(HEADERS, row).encode(encoding))], clinic())
    assert found.appointments[0].patient.name == "Zoë Núñez"


@pytest.mark.parametrize(("encoding", "name"), [("cp1250", "Łukasz"), ("cp1251", "Пример"), ("cp1253", "Δοκιμή")])
def test_letters_of_another_code_page_are_not_printed_without_a_word(tmp_path: Path, encoding: str, name: str) -> None:
    rows = csv_text(HEADERS, ("A1", "2026-12-01 09:30", "M-1", name, "Perez", "1980-04-13"))
    found = read_lists([written(tmp_path, rows.encode(encoding))], clinic())
    assert codes(found) == [("list.csv", "", "doubtful-letters")]


@pytest.mark.parametrize("last", ['shoe 5"', '"'])
def test_a_stray_quotation_mark_never_swallows_patients(tmp_path: Path, last: str) -> None:
    lines = [",".join((*HEADERS, "notes")), ",".join((*ROW, '"walker')), ",".join((*OTHER_ROW, "ok"))]
    lines += [f"A3,2026-12-01 11:30,M-3,Cy,Day,1970-01-31,{last}", "A4,2026-12-01 12:30,M-4,Dee,Fox,1971-01-31,x"]
    found = read_lists([written(tmp_path, "\n".join(lines))], clinic())
    assert [each.appointment_id for each in found.appointments] == ["A4"]
    assert ("list.csv:2", "", "joined-rows") in codes(found)
    assert "lines 2 to 4" in next(each.message for each in found.problems if each.code == "joined-rows").casefold()


def test_a_note_of_several_lines_is_no_stray_quotation_mark(tmp_path: Path) -> None:
    text = csv_text((*HEADERS, "notes"), (*ROW, "by bus, early\nrings twice, has a dog"), (*OTHER_ROW, ""))
    assert len(read_lists([written(tmp_path, text)], clinic()).appointments) == 2


@pytest.mark.parametrize("order", ["le", "be"])
def test_utf16_is_read_in_both_byte_orders(tmp_path: Path, order: str) -> None:
    data = ("\ufeff" + csv_text(HEADERS, ROW)).encode(f"utf-16-{order}")
    assert len(read_lists([written(tmp_path, data)], clinic()).appointments) == 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_source_is_the_line_an_editor_shows(tmp_path: Path, end: str) -> None:
    first = ("A1", "2026-12-01 09:30", "M-1", f"Ana{end}Maria", "Perez", "1980-04-13")
    text = csv_text(HEADERS, first, end=end) + end + csv_text(OTHER_ROW, end=end)
    found = read_lists([written(tmp_path, text)], clinic())
    assert [each.source for each in found.appointments] == ["list.csv:2", "list.csv:5"]
    assert found.appointments[0].patient.name == "Ana Maria Perez"


def test_excels_sep_line_is_honoured(tmp_path: Path) -> None:
    found = read_lists([written(tmp_path, "sep=;\r\n" + csv_text(HEADERS, ROW, delimiter=";"))], clinic())
    assert found.appointments[0].source == "list.csv:3"


def test_blank_rows_and_rows_of_delimiters_are_skipped(tmp_path: Path) -> None:
    text = csv_text(HEADERS) + "\n,,,,,\n" + csv_text(ROW)
    found = read_lists([written(tmp_path, text)], clinic())
    assert [each.source for each in found.appointments] == ["list.csv:4"]
    assert not found.problems


def test_row_with_more_cells_than_headers_is_not_printed(tmp_path: Path) -> None:
    found = read_rows(tmp_path, HEADERS, (*ROW, "x"), OTHER_ROW)
    assert codes(found) == [("list.csv:2", "", "too-many-cells")]
    assert [each.appointment_id for each in found.appointments] == ["A2"]


def test_empty_cells_beyond_the_headers_do_no_harm(tmp_path: Path) -> None:
    assert len(read_rows(tmp_path, HEADERS, (*ROW, "", "")).appointments) == 1


@pytest.mark.parametrize(
    ("content", "said", "line"),
    [
        (csv_text(HEADERS, ROW) + 'A2,"2026', "never closed", ":3"),
        (csv_text(HEADERS, ROW) + 'A2,"x"y,1\n', "ends badly", ":3"),
        (csv_text(HEADERS, ROW).encode() + b"A2,\x00", "null characters", ":3"),
        (csv_text(HEADERS, ROW).encode() + b"\nA2,\x81", "neither UTF-8 nor Windows-1252", ":4"),
        ("Zoë\n".encode() + b"\xeb", "mixes UTF-8", ":2"),
        (csv_text(HEADERS).encode("utf-16-le"), "null characters", ":1"),
        (b"\xff\xfe" + "ab\nc".encode("utf-16-le") + b"x", "damaged UTF-16", ":2"),
        ("Appointments\nof tomorrow\nAna,Perez\n", "no row with column headers", ""),
        (csv_text(["x", *HEADERS, *[f"c{number}" for number in range(1000)]]), "more than 1,000 columns", ":1"),
        ("   \n", "is empty", ""),
        ("%PDF-1.7", "a PDF", ""),
        ("<html><table>", "a web page", ""),
    ],
)
def test_broken_file_is_refused_with_its_line(tmp_path: Path, content: str | bytes, said: str, line: str) -> None:
    with pytest.raises(ListError, match=said) as caught:
        read_lists([written(tmp_path, content)], clinic())
    assert caught.value.where.endswith(f"list.csv{line}")
    assert caught.value.hint


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="no such file"):
        read_lists([tmp_path / "none.csv"], clinic())
    with pytest.raises(ListError, match="folder"):
        read_lists([tmp_path], clinic())


def test_list_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="no appointment below"):
        read_rows(tmp_path, HEADERS)


def test_list_with_only_bad_rows_says_what_is_wrong_with_them(tmp_path: Path) -> None:
    with pytest.raises(ListError, match=r"2 rows found.*2 x bad-date") as caught:
        read_rows(tmp_path, HEADERS, (*ROW[:5], "soon"), (*OTHER_ROW[:5], "later"))
    assert "list.csv:3, birth_date: The date cannot be read" in str(caught.value)


def test_lists_of_one_name_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    paths = [
        written(tmp_path / "a", csv_text(HEADERS[1:], ROW[1:])),
        written(tmp_path / "b", csv_text(HEADERS[1:], OTHER_ROW[1:])),
    ]
    found = read_lists([*paths, paths[0]], clinic())
    assert [each.source for each in found.appointments] == [f"{path}:2" for path in paths]
    assert len({each.appointment_id for each in found.appointments}) == 2
