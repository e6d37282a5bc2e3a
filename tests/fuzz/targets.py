"""What is fuzzed: functions of bytes that return, or raise one of our own errors, whatever the bytes are."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pikepdf

from handouts.errors import ClinicError, LayoutError, ListError, MissingGlyphError, TemplateError
from handouts.intake import read_lists
from handouts.intake.clinic import read_clinic
from handouts.intake.record import Refused
from handouts.intake.text import clean
from handouts.layout.packet import PacketLayout
from handouts.layout.svg import read_svg
from handouts.library.fields import Estimate, Facts
from handouts.library.markdown import parse
from handouts.library.procedure import FormVersion
from handouts.library.templates import render
from handouts.model import Appointment, Patient
from tests.intake.making import HEADERS, ROW, clinic, ods, xlsx
from tests.press import making

CORPORA = Path(__file__).parents[1] / "data" / "fuzz"
FIELDS = 7
"""Values of a patient; a zero byte parts them."""


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="handouts-fuzz-"))


def _file(name: str, data: bytes) -> Path:
    path = _folder() / name
    path.write_bytes(data)
    return path


def lists(data: bytes) -> None:
    """A list of any format, told by its first bytes."""
    try:
        read_lists([_file("list", data)], clinic())
    except ListError:
        return


@cache
def _parts(kind: str) -> dict[str, bytes]:
    whole = xlsx(_folder(), [HEADERS, ROW]) if kind == "xlsx" else ods(_folder(), [HEADERS, ROW])
    with zipfile.ZipFile(whole) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(kind: str, changed: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, part in {**_parts(kind), **changed}.items():
            made.writestr(name, part)
    return out.getvalue()


def workbook(data: bytes) -> None:
    """The parts of a workbook: sheet, texts, styles and table of sheets; a zero byte parts them."""
    names = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml")
    changed = {name: part for name, part in zip(names, data.split(b"\0"), strict=False) if part}
    lists(_packed("xlsx", changed))


def open_document(data: bytes) -> None:
    """The content of an OpenDocument spreadsheet."""
    lists(_packed("ods", {"content.xml": data}))


def settings(data: bytes) -> None:
    """clinic.yaml."""
    try:
        read_clinic(_file("clinic.yaml", data))
    except ClinicError:
        return


def template(data: bytes) -> None:
    """A template, as far as its pages."""
    path = _file("form.md", b"# Title\n\n" + data)
    try:
        rendered = render(path.name, [path.parent], {}, frozenset(), making.ENGLISH, pictures=[])
        form = parse(rendered, FormVersion(form="T-1", version="1.0"), "en", making.shelf().labels("en").roles)
        making.layout([form]).press(making.values_of(making.facts()), making.identifier("x"))
    except (TemplateError, LayoutError):
        return


def drawing(data: bytes) -> None:
    """An SVG."""
    try:
        read_svg(data)
    except LayoutError:
        return


@cache
def _everything() -> PacketLayout:
    return making.layout([making.everything()])


def packet(data: bytes) -> None:
    """The values of one patient, as far as intake lets them pass: the file is sound, or a letter has no glyph."""
    try:
        texts = [clean(part.decode("utf-8", errors="ignore")) for part in data.split(b"\0")]
    except Refused:
        return
    name, number, visit, room, clinician, payer, representative = (texts + [""] * FIELDS)[:FIELDS]
    known = making.facts()
    person = Patient(name=name or "x", birth_date=known.appointment.patient.birth_date, patient_id=number or None)
    appointment = Appointment(
        appointment_id=visit or "x",
        source="list:1",
        start=known.appointment.start,
        patient=person,
        room=room or None,
        clinician=clinician or None,
        payer=payer or None,
        representative=representative or None,
    )
    facts = Facts(appointment, None, Estimate(None, None), making.identifier("x"), making.ISSUED_AT)
    try:
        file = making.file_of(_everything().press(making.values_of(facts), making.identifier("x")))
    except (MissingGlyphError, LayoutError):
        return
    with pikepdf.open(io.BytesIO(file), attempt_recovery=False) as document:
        assert document.check_pdf_syntax() == []


TARGETS: dict[str, Callable[[bytes], None]] = {
    "lists": lists,
    "workbook": workbook,
    "open_document": open_document,
    "settings": settings,
    "template": template,
    "drawing": drawing,
    "packet": packet,
}
