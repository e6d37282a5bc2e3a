"""A workbook made to break the program ends in a clear error, or is read, within 5 seconds and 300 MB."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from tests.intake.making import HEADERS, ROW, ods, xlsx
from tests.security.bounded import Bounded
from tests.security.test_hostile_lists import check

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BOOK, SHEET, SHARED = "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
INNER = "xl/embeddings/inner.zip"
DICE = Random(7)  # noqa: S311 - so that nothing packs too well, and the same each time
Parts = dict[str, str | bytes]


def cells(*values: str) -> str:
    return "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in values)


GOOD_ROWS = f"<row>{cells(*HEADERS)}</row><row>{cells(*ROW)}</row>"


def sheet(rows: str | Iterable[str], after: str = "") -> Parts:
    """A sheet with these rows below a good one."""
    return {SHEET: f"<worksheet {MAIN}><sheetData>{GOOD_ROWS}{''.join(rows)}</sheetData>{after}</worksheet>"}


def texts(shared: str, claims: str = "") -> Parts:
    """The table of texts that cells share."""
    return {SHARED: f"<sst {MAIN}{claims}>{shared}</sst>"}


def grid(cell: Callable[[int], str]) -> Parts:
    """A sheet of nearly as many cells as are read."""
    return sheet(f"<row>{''.join(map(cell, DICE.choices(range(10**6), k=90)))}</row>" for _ in range(5_450))


def noise(letters: int) -> str:
    """What packs to half its size."""
    return "".join(DICE.choices("abcdefghijklmnop", k=letters))


def mixed(*pieces: str, times: int) -> str:
    return "".join(DICE.choices(pieces, k=times))


def workbook(folder: Path, changed: Parts) -> bytes:
    """A workbook that Excel would open, with these parts in place of its own or beside them."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(xlsx(folder, [HEADERS, ROW])) as whole,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in whole.namelist():
            if name not in changed:
                made.writestr(name, whole.read(name))
        for name, part in changed.items():
            made.writestr(name, part)
    return out.getvalue()


def with_more_parts(folder: Path, *names: str) -> bytes:
    out = io.BytesIO(workbook(folder, {}))
    with zipfile.ZipFile(out, "a") as made:
        for name in names:
            made.writestr(name, "")
    return out.getvalue()


def lying(folder: Path) -> bytes:
    """A part that says it is small, with the right checksum, and unpacks to 300 MB."""
    small = f"<sst {MAIN}></sst>"
    data = bytearray(workbook(folder, {SHARED: small + " " * 300_000_000}))
    entry = data.rfind(SHARED.encode()) - 46
    assert data[entry : entry + 4] == b"PK\1\2"
    struct.pack_into("<I", data, entry + 16, zlib.crc32(small.encode()))
    struct.pack_into("<I", data, entry + 24, len(small))
    return bytes(data)


def naming_its_sheet(folder: Path, times: int) -> bytes:
    with zipfile.ZipFile(xlsx(folder, [HEADERS, ROW])) as whole:
        before, _, rest = whole.read(BOOK).decode().partition("<sheets>")
    named, _, after = rest.partition("</sheets>")
    return workbook(folder, {BOOK: f"{before}<sheets>{named * times}</sheets>{after}"})


def pointing_elsewhere(folder: Path) -> bytes:
    """Excel's way to a sheet is not the only one: what was not looked through must not be found on another."""
    far = f'<worksheet {MAIN}><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    with zipfile.ZipFile(xlsx(folder, [HEADERS, ROW])) as whole:
        links = whole.read("xl/_rels/workbook.xml.rels").decode().replace("/xl/worksheets", "xl/worksheets")
        good = whole.read(SHEET)
    return workbook(folder, {"xl/_rels/workbook.xml.rels": links, SHEET: far, f"xl/{SHEET}": good})


ENTITIES = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise("abcdefghij"))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">{ENTITIES}]><sst {MAIN}><si><t>&j;</t></si></sst>'
MERGED = "".join(f'<mergeCell ref="A{row}:ZZ1048576"/>' for row in range(3, 4_000))
LINES = mixed("a\n", " \n", "\n", times=1_000_000)
CLAIM = ' count="4000000000" uniqueCount="4000000000"'

XLSX: dict[str, tuple[Callable[[], Parts], str]] = {
    "a million empty rows": (lambda: sheet(f'<row r="{row}"/>' for row in range(3, 1_000_003)), "1 appointments"),
    "millions of empty cells": (
        lambda: sheet(f"<row>{'<c/>' * DICE.randrange(20, 60)}</row>" for _ in range(150_000)),
        "most of them empty",
    ),
    "half a million numbers": (lambda: grid(lambda at: f"<c><v>{at}</v></c>"), "number-instead-of-date"),
    "half a million errors": (lambda: grid(lambda at: f'<c t="e" x="{at}"><v>#N/A</v></c>'), "spreadsheet-error"),
    "merged cells over each other": (
        lambda: sheet(f"<row>{cells(*ROW)}</row>" * 5_000, f"<mergeCells>{MERGED}</mergeCells>"),
        "most of them empty",
    ),
    "one long text in many cells": (
        lambda: (
            sheet(f'<row x="{DICE.random()}"><c t="s"><v>0</v></c></row>' for _ in range(100_000))
            | texts(f"<si><t>{noise(1_000_000)}</t></si>")
        ),
        "20,000,000 characters",
    ),
    "one endless text": (lambda: texts(f"<si><t>{noise(2_000_000) * 16}</t></si>"), "1 appointments"),
    "one endless attribute": (lambda: sheet(f'<row x="{noise(3_000_000) * 10}"/>'), "1 appointments"),
    "a text of line ends": (
        lambda: texts(f"<si><t>{LINES * 8}</t></si>"),
        "1 appointments",
    ),
    "millions of shared texts": (
        lambda: texts(mixed("<si/>", "<si/> ", "<si />", times=3_000_000)),
        "most of them empty",
    ),
    "a table that claims billions of texts": (lambda: texts("", CLAIM), "damaged"),
    "a sheet that claims to fill the plane": (
        lambda: {SHEET: str(sheet("")[SHEET]).replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')},
        "1 appointments",
    ),
    "entities in entities": (lambda: {SHARED: LAUGHS}, "damaged"),
    "an entity from elsewhere": (
        lambda: {SHEET: f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>{sheet("&a;")[SHEET]!s}'},
        "damaged",
    ),
    "a bomb within": (lambda: {INNER: bytes(60_000_000)}, "far more than"),
}
ARCHIVES: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "a part that lies about its size": (lying, "1 appointments"),
    "a workbook in which such a one is": (lambda to: workbook(to, {INNER: lying(to)}), "1 appointments"),
    "two parts of one name": (lambda to: with_more_parts(to, SHEET.upper()), "damaged"),
    "60,000 parts": (lambda to: with_more_parts(to, *map(str, range(60_000))), "far more than"),
    "one sheet named 5,000 times": (lambda to: naming_its_sheet(to, 5_000), "damaged"),
    "a second way to another sheet": (pointing_elsewhere, "1 appointments"),
}
REPEATED = '<table:table-row table:number-rows-repeated="{}"><table:table-cell table:number-columns-repeated="{}" {}'
TEXT = '<text:p xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">{}</text:p>'
ODS = {
    "one text in a million cells": (
        REPEATED.format(10_000, 99, f'office:value-type="string">{TEXT.format("x" * 1000)}</table:table-cell>'),
        "20,000,000 characters",
    ),
    "one number in billions of cells": (
        REPEATED.format(1_000_000, 900, 'office:value-type="float" office:value="1"/>'),
        "500,000 cells",
    ),
    "billions of empty cells": (REPEATED.format(10**9, 10**9, "/>"), "1 appointments"),
    "a text of line ends": (
        REPEATED.format(1, 1, f'office:value-type="string">{TEXT.format(LINES)}</table:table-cell>'),
        "1 appointments",
    ),
}


@pytest.mark.parametrize("fault", XLSX)
def test_a_hostile_workbook_is_refused_in_bounded_time_and_memory(tmp_path: Path, bounded: Bounded, fault: str) -> None:
    make, said = XLSX[fault]
    check(tmp_path / "hostile.xlsx", workbook(tmp_path, make()), said, bounded)


@pytest.mark.parametrize("fault", ARCHIVES)
def test_a_hostile_archive_is_refused_in_bounded_time_and_memory(tmp_path: Path, bounded: Bounded, fault: str) -> None:
    make, said = ARCHIVES[fault]
    check(tmp_path / "hostile.xlsx", make(tmp_path), said, bounded)


@pytest.mark.parametrize("fault", ODS)
def test_a_hostile_open_document_is_refused_in_bounded_time_and_memory(
    tmp_path: Path, bounded: Bounded, fault: str
) -> None:
    rows, said = ODS[fault]
    whole = ods(tmp_path, [HEADERS, ROW], extra=rows + "</table:table-row>")
    check(tmp_path / "hostile.ods", whole.read_bytes(), said, bounded)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_workbook_cut_or_changed_anywhere_is_read_or_refused(tmp_path: Path, bounded: Bounded, kind: str) -> None:
    whole = (xlsx(tmp_path, [HEADERS, ROW]) if kind == "xlsx" else ods(tmp_path, [HEADERS, ROW])).read_bytes()
    for at in DICE.sample(range(len(whole)), 60):
        for data in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]):
            path = tmp_path / "broken"
            path.write_bytes(data)
            assert bounded.ask("list", path).code in {0, 4}
