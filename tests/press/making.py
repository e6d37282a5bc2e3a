"""Clinics, patients and packets for the tests of library, layout and press, and a reader for finished PDFs."""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from handouts.intake.clinic import read_clinic
from handouts.layout.codes import packet_id
from handouts.layout.composition import Copy
from handouts.layout.furniture import Furniture
from handouts.layout.logo import read_logo
from handouts.layout.packet import PacketLayout
from handouts.layout.skeleton import Pressed
from handouts.layout.style import NORMAL, PAPERS, Typography
from handouts.layout.text import Values
from handouts.layout.xobject import XObject
from handouts.library.document import Form
from handouts.library.fields import Estimate, Facts, Field, Locale, text_of
from handouts.library.flags import Flags
from handouts.library.markdown import parse
from handouts.library.procedure import FormVersion
from handouts.library.shelf import SHIPPED, Shelf, form_of
from handouts.library.templates import Plain, render
from handouts.model import Appointment, Clinic, Flag, Paper, Patient, Practitioner
from handouts.press.about import About
from handouts.press.attachment import Attachment
from handouts.press.packet import PacketPress
from handouts.press.print_run import Pages, PrintRun

ROOT = Path(__file__).parents[2]
ZONE = ZoneInfo("America/Chicago")
ISSUED_AT = datetime(2026, 11, 30, 18, 0, tzinfo=ZONE)
ENGLISH = Locale("en", "USD")
MARK = "0123ABCD"
PROCEDURE = "spinal-decompression"


def clinic() -> Clinic:
    """The example clinic."""
    return read_clinic(ROOT / "examples" / "clinic.yaml")


@cache
def shelf() -> Shelf:
    """The shipped templates."""
    return Shelf((SHIPPED,))


def furniture(
    paper: Paper = "letter", using: Clinic | None = None, picture: XObject | None = None, text: Typography = NORMAL
) -> Furniture:
    """Page furniture in English."""
    return Furniture(using or clinic(), shelf().labels("en"), PAPERS[paper], text, picture.ratio if picture else None)


@cache
def logo() -> XObject:
    """The example clinic's logo."""
    picture = read_logo(clinic())
    assert picture is not None
    return picture


def shipped_form(document: str, flags: Flags = frozenset()) -> Form:
    """A form of the shipped procedure."""
    return form_of(shelf().procedures[PROCEDURE], document, clinic(), flags, ENGLISH, shelf().labels("en"))


def form(folder: Path, markdown: str, flags: Flags = frozenset(), language: str = "en", **names: Plain) -> Form:
    """The form that a template makes."""
    path = folder / "form.md"
    path.write_text(markdown, encoding="utf-8")
    pictures = [folder.parent / "pictures"]
    rendered = render(path.name, [folder], names, flags, Locale(language, "USD"), pictures=pictures)
    roles = shelf().labels("en").roles
    return parse(rendered, FormVersion(form="TEST-1", version="1.0"), language, roles)


def everything() -> Form:
    """A form with every kind of block, and fields in all of them."""
    path = Path(__file__).with_name("everything.md")
    return parse(
        render(path.name, [path.parent], {}, frozenset(), ENGLISH, pictures=[path.parents[1] / "pictures"]),
        FormVersion(form="TEST-1", version="1.0"),
        "en",
        shelf().labels("en").roles,
    )


def layout(forms: Iterable[Form], paper: Paper = "letter", picture: XObject | None = None) -> PacketLayout:
    """One copy of each form."""
    return PacketLayout([Copy(each, MARK) for each in forms], furniture(paper, picture=picture))


# -- patients --------------------------------------------------------------------------------------

FLAG_SETS: tuple[Flags, ...] = tuple(
    frozenset(who + language + payer + price + sessions)
    for who in ([], [Flag.REPRESENTATIVE, Flag.LACKS_CAPACITY], [Flag.MINOR, Flag.REPRESENTATIVE])
    for language in ([], [Flag.INTERPRETER])
    for payer in ([], [Flag.SELF_PAY], [Flag.INSURED], [Flag.MEDICARE], [Flag.MEDICARE, Flag.INSURED])
    for price in ([], [Flag.PRICED])
    for sessions in ([], [Flag.SESSIONS_PLANNED])
)
"""Every combination of flags that an appointment can have; large print changes no word."""


def facts(
    name: str = "Testa Sampleson",
    *,
    birth_date: date = date(1968, 4, 12),
    start: datetime = datetime(2026, 12, 1, 8, 0, tzinfo=ZONE),
    record: str | None = "DEMO-0001",
    clinician: str | None = "Dr. Ada Fernhill",
    representative: str | None = None,
    sessions: int | None = 20,
    payer: str | None = "Self-pay",
    practitioner: Practitioner | None = None,
) -> Facts:
    """All that a packet prints about one patient."""
    person = Patient(name=name, birth_date=birth_date, patient_id=record)
    visit = Appointment(
        appointment_id="EX-1001",
        source="list.csv:2",
        start=start,
        patient=person,
        clinician=clinician,
        payer=payer,
        sessions=sessions,
        representative=representative,
    )
    estimate = Estimate(sessions, Decimal(145) * sessions if sessions else None)
    return Facts(visit, practitioner, estimate, identifier(name), ISSUED_AT)


def identifier(seed: str) -> str:
    """A packet id."""
    return packet_id(b"tests", seed)


def values_of(known: Facts, locale: Locale = ENGLISH) -> Values:
    """What fields print for this patient."""
    return lambda field: text_of(field, known, locale)


def named(name: str) -> Values:
    """Values of a patient of that name."""
    return values_of(facts(name))


def only(**values: str) -> Values:
    """The same text for a field whatever its format; `patient_name` stands for patient.name. Others are missing."""
    paths = {key.replace("_", ".", 1): value for key, value in values.items()}
    return lambda field: paths.get(field.path, "")


def with_name(values: Values, name: str) -> Values:
    """The same patient with another name."""
    return lambda field: name if field.path == Field("patient.name").path else values(field)


# -- pressing --------------------------------------------------------------------------------------


def about(*, duplex: bool = False) -> About:
    """What files say of themselves."""
    return About("Patient packet, Larkspur Back & Spine Care", "en", ISSUED_AT, duplex)


def file_of(pressed: Pressed, picture: XObject | None = None, attachment: Attachment | None = None) -> bytes:
    """A packet as a file, by a press that pressed nothing before."""
    return PacketPress(about(), picture).file(pressed, attachment)


def packet_file(forms: Iterable[Form], values: Values, paper: Paper = "letter") -> bytes:
    """A packet of these forms."""
    return file_of(layout(forms, paper).press(values, identifier("packet")))


def print_run(
    parts: Sequence[tuple[Pressed | Attachment, str]], picture: XObject | None = None, *, duplex: bool = False
) -> bytes:
    """Packets with their bookmarks, and finished PDFs among them, as one document."""
    out = io.BytesIO()
    run = PrintRun(out, about(duplex=duplex), picture)
    for part, bookmark in parts:
        if isinstance(part, Attachment):
            assert run.attach(part) == run.pages - len(part.pages) + 1
        else:
            run.append(Pages.of(part), bookmark)
    run.finish()
    return out.getvalue()


# -- reading back ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Read:
    """A character that a reader finds on a page. x, y: its origin in points from the page's lower left."""

    character: str
    x: float
    y: float
    size: float


def pages_of(file: bytes) -> list[list[Read]]:
    """The characters of every page in reading order, as PDFium finds them; spaces are kept, line ends are not."""
    document = pypdfium2.PdfDocument(file)
    try:
        return [list(_characters(page)) for page in document]
    finally:
        document.close()


def without_actual_text(file: bytes) -> bytes:
    """The same file, so that readers find its glyphs and nothing told about them."""
    with pikepdf.open(io.BytesIO(file)) as pdf:
        for each in pdf.objects:
            if isinstance(each, pikepdf.Stream) and each.get("/Type") is None and b"/ActualText" in each.read_bytes():
                each.write(re.sub(rb"/Span<</ActualText<[0-9A-F]*>>>BDC", b"/Span BMC", each.read_bytes()))
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def _characters(page: pypdfium2.PdfPage) -> Iterator[Read]:
    page_text = page.get_textpage()
    text = page_text.raw  # asking through the object itself takes longer, and every letter is asked five times
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(pdfium.FPDFText_CountChars(text)):
        if pdfium.FPDFText_IsGenerated(text, index) == 1:
            continue
        code = pdfium.FPDFText_GetUnicode(text, index)
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        hyphen = pdfium.FPDFText_IsHyphen(text, index) == 1
        yield Read("-" if hyphen else chr(code), x.value, y.value, pdfium.FPDFText_GetFontSize(text, index))


def texts_of(file: bytes) -> list[str]:
    """The text of every page, one space between words."""
    document = pypdfium2.PdfDocument(file)
    try:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    finally:
        document.close()


def without_logo(using: Furniture) -> Furniture:
    """The same without a logo."""
    return replace(using, logo=None)
