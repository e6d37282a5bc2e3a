"""Clinics and list files for the tests of intake."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import quoteattr

import openpyxl

from handouts.intake import read_lists
from handouts.model import Clinic, Intake, Phone

HEADERS = ("appointment_id", "start", "patient_id", "given_name", "family_name", "birth_date")
ROW = ("A1", "2026-12-01 09:30", "M-1", "Ana", "Perez", "1980-04-13")
OTHER_ROW = ("A2", "2026-12-01 10:30", "M-2", "Bob", "Stone", "1975-02-28")


def clinic(
    *,
    columns: Mapping[str, str] | None = None,
    date_format: Literal["MM/DD/YYYY", "DD/MM/YYYY"] | None = None,
    time_zone: str = "America/New_York",
) -> Clinic:
    """A clinic with the settings that intake looks at."""
    return Clinic(
        folder=Path(),
        name="Harbor Spine Clinic",
        address=("1 Quay Street",),
        phones=(Phone(label="Desk", number="555-0100"),),
        emergency_phone="555-0199",
        time_zone=time_zone,
        columns=dict(columns or {}),
        date_format=date_format,
    )


def csv_text(*rows: Sequence[str], delimiter: str = ",", end: str = "\n") -> str:
    """Rows as a CSV file."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def written(folder: Path, content: str | bytes, name: str = "list.csv") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read_rows(folder: Path, *rows: Sequence[str], using: Clinic | None = None) -> Intake:
    """What intake makes of a CSV file with these rows, the first being the headers."""
    return read_lists([written(folder, csv_text(*rows))], using or clinic())


def read_row(folder: Path, using: Clinic | None = None, /, **changed: str) -> Intake:
    """What intake makes of a good row with some cells changed or added, above a second, good row."""
    row = dict(zip(HEADERS, ROW, strict=True)) | changed
    other = dict(zip(HEADERS, OTHER_ROW, strict=True))
    return read_rows(folder, list(row), list(row.values()), [other.get(key, "") for key in row], using=using)


def codes(intake: Intake) -> list[tuple[str, str, str]]:
    """Source, column and code of every problem."""
    return [(problem.source, problem.field, problem.code) for problem in intake.problems]


Typed = str | int | float | bool | date | datetime | time | None


def xlsx(folder: Path, *sheets: Sequence[Sequence[Typed]], name: str = "list.xlsx") -> Path:
    """A workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    path = folder / name
    book.save(path)
    return path


_ODS = "urn:oasis:names:tc:opendocument:xmlns"


def ods(folder: Path, rows: Sequence[Sequence[str | float | date]], *, extra: str = "") -> Path:
    """An OpenDocument spreadsheet with one sheet; `extra` is put below the rows as XML."""
    lines = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    content = (
        f'<office:document-content xmlns:office="{_ODS}:office:1.0" xmlns:table="{_ODS}:table:1.0" '
        f'xmlns:text="{_ODS}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Day">{lines}{extra}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    path = folder / "list.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{_ODS}:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" manifest:media-type="x"/></manifest:manifest>',
        )
    return path


def _ods_cell(value: str | float | date) -> str:
    if isinstance(value, datetime | date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
    if isinstance(value, str):
        shown = quoteattr(value)[1:-1]
        return f'<table:table-cell office:value-type="string"><text:p>{shown}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'


Resource = dict[str, object]


def patient(number: str = "p1", /, **changed: object) -> Resource:
    """A Patient resource."""
    mr = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}
    return {
        "resourceType": "Patient",
        "id": number,
        "identifier": [{"type": mr, "value": f"MRN-{number}"}],
        "name": [{"use": "official", "family": "Perez", "given": ["Ana", "Maria"]}],
        "gender": "female",
        "birthDate": "1980-04-13",
    } | changed


def appointment(number: str = "a1", /, *references: str, **changed: object) -> Resource:
    """An Appointment resource of these participants, Patient/p1 if none is named."""
    return {
        "resourceType": "Appointment",
        "id": number,
        "status": "booked",
        "start": "2026-12-01T14:30:00Z",
        "participant": [{"actor": {"reference": each}, "status": "accepted"} for each in references or ("Patient/p1",)],
    } | changed


def read_fhir(folder: Path, *resources: Resource) -> Intake:
    """What intake makes of these resources as NDJSON."""
    content = "".join(json.dumps(resource) + "\n" for resource in resources)
    return read_lists([written(folder, content, "list.ndjson")], clinic())
