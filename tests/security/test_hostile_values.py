"""A hostile value is printed as its visible characters or refused by row and field; nothing else changes."""

from __future__ import annotations

import json
import re
import subprocess
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.intake import read_lists
from handouts.intake.values import is_placeholder
from handouts.layout.packet import PacketLayout
from handouts.library.fields import Estimate, Facts
from handouts.model import Appointment, Intake
from tests.intake.making import clinic, written
from tests.press.making import ISSUED_AT, file_of, form, identifier, layout, texts_of, values_of
from tests.press.people import examples
from tests.run.making import bare

FIELDS: dict[str, Callable[[Appointment], str | None]] = {
    "full_name": lambda visit: visit.patient.name,
    "patient_id": lambda visit: visit.patient.patient_id,
    "appointment_id": lambda visit: visit.appointment_id,
    "room": lambda visit: visit.room,
    "clinician": lambda visit: visit.clinician,
    "payer": lambda visit: visit.payer,
    "representative": lambda visit: visit.representative,
}
NEUTRAL = {field: f"Neutral{field.title().replace('_', '')}" for field in FIELDS}
OTHER = {"full_name": "Bob Stone", "start": "2026-12-01 10:30", "birth_date": "1975-02-28", "patient_id": "M-2"}

SYNTAX = [
    "{{ 7*7 }}", "{% for a in range(9**9) %}", "{% raw %}", "{# x #}", "{{ ''.__class__.__mro__ }}", "{%", "}}", "#}",
    "**x**", "__x__", "_x_", "# x", "- x", "1. x", "| a | b |", "|---|", "::: sign patient", ":::", "[x](y)", "![x](y)",
    "`x`", "~~~", "> x", "\\*", "&amp;", "&#65;", "http://x.example", "<http://x.example>", "---", "x\\",
    "<b>x</b>", "<br/>", "<para>", "</para>", "<font color=red>x</font>", "<img src='/etc/passwd'/>", "&lt;",
    "<script>alert(1)</script>", "<!-- x -->", "]]>", "<![CDATA[x]]>", "<!DOCTYPE x>", "onclick='x'",
    "(\\)", "\\(", ")Tj ET", ") >> endstream endobj", "<0041>", "<</Type/Page>>", "%PDF-1.7", "%%EOF", "endstream",
    "xref 0 1", "BT /F1 9 Tf", "\\101", "\\n", "q Q", "/Name#20x", "trailer", "BDC", "EMC",
    "=1+1", "@SUM(A1)", "+x|'x'!A0", "%s%n", "{0}", "{page}", "$&", "\\1", "${x}", "'; DROP TABLE x;--", "../x",
]  # fmt: skip
"""Of Jinja2, Markdown, ReportLab, HTML and XML, PDF, spreadsheets, templates of text, shells."""

UNSEEN = {
    **{f"U+{code:04X}": chr(code) for code in (*range(1, 9), 11, 12, *range(14, 32), *range(0x7F, 0xA0))},
    **{f"U+{code:04X}": chr(code) for code in (0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0xFEFF, 0xFFF9, 0xFFFB)},
    **{f"U+{code:04X}": chr(code) for code in (*range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x2070))},
    **{f"U+{code:04X}": chr(code) for code in (0xE000, 0xE001, 0xE003, 0xF8FF, 0xFFFE, 0xFFFF, 0xE0001, 0x10FFFF)},
    **{f"U+{code:04X}": chr(code) for code in (0x34F, 0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0, 0xFFFC, 0xFFFD, 0xD800)},
    "a null character": "\0",
    "a tower of 1,000 accents": "\u0301" * 1000,
    "a tower of 1,000 other marks": "\u0489" * 1000,
    "10,000 characters": "x" * 10_000,
    "a million characters": "x" * 1_000_000,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lists")


def read(folder: Path, **cells: str) -> Intake:
    """What becomes of a row with these cells above a good one."""
    rows = [OTHER | NEUTRAL | {"appointment_id": "A1", "patient_id": "M-1"} | cells, OTHER | {"appointment_id": "A2"}]
    return read_lists([written(folder, json.dumps(rows), "list.json")], clinic())


@pytest.mark.parametrize("field", FIELDS)
def test_what_cannot_be_seen_is_refused_by_row_and_field(tmp_path: Path, field: str) -> None:
    for unseen in UNSEEN.values():
        for value in (f"A{unseen}na", unseen, f"Ana{unseen}", f"{unseen}Ana"):
            if not value.strip():
                continue  # a kind of white space that is alone in its cell is nothing
            found = read(tmp_path, **{field: value})
            assert [each.appointment_id for each in found.appointments] == ["A2"], ascii(value[:9])
            assert {(each.source, each.field) for each in found.problems} == {("list.json:1", field)}, ascii(value[:9])
            assert not any(value in each.message for each in found.problems)


ANY_TEXT = st.text(st.characters(), max_size=30) | st.lists(st.sampled_from(SYNTAX), min_size=1).map(" ".join)


@given(value=ANY_TEXT)
@examples(300)
def test_a_value_is_read_as_its_characters_with_single_spaces_or_refused(folder: Path, value: str) -> None:
    found = read(folder, room=value)
    refused = [each for each in found.problems if each.source == "list.json:1"]
    assert {each.field for each in refused} <= {"room"}
    if not refused:
        room = next(each for each in found.appointments if each.appointment_id == "A1").room
        plain = " ".join(unicodedata.normalize("NFC", value).split())
        assert room == (None if is_placeholder(plain) else plain)


# -- on the page -----------------------------------------------------------------------------------

FORM = """# Form

Alpha {{ patient.name }} beta.

- Gamma {{ patient.id }} delta **{{ appointment.id }}** epsilon

| Zeta | Eta |
|---|---|
| {{ appointment.room }} | {{ appointment.clinician }} |

Theta {{ appointment.payer }} iota {{ appointment.representative }} kappa.
"""


@cache
def using(folder: Path) -> PacketLayout:
    return layout([form(folder, FORM)])


def press(using: PacketLayout, visit: Appointment) -> bytes:
    known = Facts(visit, None, Estimate(None, None), identifier("x"), ISSUED_AT)
    return file_of(using.press(values_of(known), identifier("x")))


def by_pdfium(file: bytes) -> str:
    # PDFium tells a hyphen at a line's end as a character of its own
    return bare("".join(texts_of(file)).replace("\x02", "-").replace("\ufffe", "-"))


def by_poppler(file: bytes) -> str:
    words = ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"]
    return bare(subprocess.run(words, input=file, capture_output=True, check=True).stdout.decode("utf-8"))


LETTERS = st.text("abcxyzÄÖéñøßłşŐΩλжЯ'’-", min_size=1, max_size=9)
HOSTILE = st.lists(st.sampled_from(SYNTAX) | LETTERS, min_size=1, max_size=5).map(" ".join)


@given(cells=st.fixed_dictionaries(dict.fromkeys(FIELDS, HOSTILE)))
@examples(120)
def test_every_value_stands_on_the_page_letter_by_letter_and_nothing_else_changes(
    folder: Path, cells: dict[str, str]
) -> None:
    found = read(folder, **cells)
    visits = {each.source: each for each in found.appointments}
    if "list.json:1" not in visits:
        assert any(each.source == "list.json:1" for each in found.problems)
        return
    visit = visits["list.json:1"]
    neutral = visit.model_copy(
        update={
            **{field: word for field, word in NEUTRAL.items() if field in Appointment.model_fields},
            "patient": visit.patient.model_copy(
                update={"name": NEUTRAL["full_name"], "patient_id": NEUTRAL["patient_id"]}
            ),
        }
    )
    before, after = press(using(folder), neutral), press(using(folder), whole(visit))
    for told in (by_pdfium, by_poppler):
        expected = re.sub("|".join(NEUTRAL.values()), lambda word: value_of(visit, word[0]), told(before))
        assert told(after) == expected


def whole(visit: Appointment) -> Appointment:
    """Without missing values, which print a rule to write on."""
    missing = {field: "none" for field in FIELDS if field in Appointment.model_fields and not FIELDS[field](visit)}
    return visit.model_copy(update=missing)


def value_of(visit: Appointment, neutral: str) -> str:
    field = next(field for field, word in NEUTRAL.items() if word == neutral)
    return bare(FIELDS[field](whole(visit)) or "")
