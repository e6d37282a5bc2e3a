"""What each cell may say, and what is refused rather than guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from handouts.model import Effect

from .making import HEADERS, OTHER_ROW, ROW, clinic, codes, read_row, read_rows


@pytest.mark.parametrize(
    "written",
    [
        "1980-04-13",
        "1980/04/13",
        "13 Apr 1980",
        "Apr 13, 1980",
        "13-Apr-1980",
        "April 13 1980",
        "13/04/1980",
        "13.04.1980",
        "04-13-1980",
        "13th April 1980",
        "1980-04-13 00:00:00",
    ],
)
def test_dates_with_one_reading_are_taken(tmp_path: Path, written: str) -> None:
    found = read_row(tmp_path, birth_date=written)
    assert found.appointments[0].patient.birth_date == date(1980, 4, 13)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("03/04/1980", "ambiguous-date"),
        ("13/04/80", "two-digit-year"),
        ("1-Dec-26", "two-digit-year"),
        ("31/02/1980", "no-such-date"),
        ("31 Feb 1980", "no-such-date"),
        ("1980-04", "bad-date"),
        ("29323", "bad-date"),
        ("13 Smarch 1980", "bad-date"),
        ("1980-04-13 10:00", "bad-date"),
        ("", "missing-value"),
        ("2027-01-01", "birth-after-appointment"),
        ("1896-11-30", "birth-too-long-ago"),
    ],
)
def test_other_dates_are_problems(tmp_path: Path, written: str, code: str) -> None:
    found = read_row(tmp_path, birth_date=written)
    assert codes(found) == [("list.csv:2", "birth_date", code)]
    assert [each.appointment_id for each in found.appointments] == ["A2"]


def test_a_date_equal_both_ways_is_no_riddle(tmp_path: Path) -> None:
    assert read_row(tmp_path, birth_date="04/04/1980").appointments[0].patient.birth_date == date(1980, 4, 4)


@pytest.mark.parametrize(("order", "expected"), [("MM/DD/YYYY", date(1980, 3, 4)), ("DD/MM/YYYY", date(1980, 4, 3))])
def test_the_clinics_date_format_decides(
    tmp_path: Path, order: Literal["MM/DD/YYYY", "DD/MM/YYYY"], expected: date
) -> None:
    using = clinic(date_format=order)
    assert read_row(tmp_path, using, birth_date="03/04/1980").appointments[0].patient.birth_date == expected


def test_the_clinics_date_format_is_not_bent(tmp_path: Path) -> None:
    found = read_row(tmp_path, clinic(date_format="MM/DD/YYYY"), birth_date="13/04/1980")
    assert codes(found) == [("list.csv:2", "birth_date", "no-such-date")]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-12-01 9:30", "2026-12-01T09:30:00-05:00"),
        ("2026-12-01T09:30", "2026-12-01T09:30:00-05:00"),
        ("2026-12-01 9:30 PM", "2026-12-01T21:30:00-05:00"),
        ("Dec 1, 2026, 2pm", "2026-12-01T14:00:00-05:00"),
        ("2026-12-01 12:00 a.m.", "2026-12-01T00:00:00-05:00"),
        ("2026-12-01T14:30:00Z", "2026-12-01T09:30:00-05:00"),
        ("2026-12-01T14:30:00.000+01:00", "2026-12-01T08:30:00-05:00"),
        ("2026-12-02T01:30Z", "2026-12-01T20:30:00-05:00"),
        ("2026-11-01T01:30-05:00", "2026-11-01T01:30:00-05:00"),
    ],
)
def test_starts_are_told_in_the_clinics_time(tmp_path: Path, written: str, expected: str) -> None:
    assert read_row(tmp_path, start=written).appointments[0].start.isoformat() == expected


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026-12-01", "missing-time"),
        ("09:30", "missing-date"),
        ("2026-12-01 25:00", "bad-time"),
        ("2026-12-01 13:00 PM", "bad-time"),
        ("2026-03-08 02:30", "no-such-time"),
        ("2026-11-01 01:30", "ambiguous-time"),
        ("46357.4", "bad-date"),
        ("0001-01-01T00:00Z", "no-such-date"),
    ],
)
def test_other_starts_are_problems(tmp_path: Path, written: str, code: str) -> None:
    assert codes(read_row(tmp_path, start=written)) == [("list.csv:2", "start", code)]


def test_date_and_time_columns_that_contradict_the_start_are_a_problem(tmp_path: Path) -> None:
    assert codes(read_row(tmp_path, start_time="10:30"))[0] == ("list.csv:2", "start", "conflicting-start")
    assert read_row(tmp_path, start_date="2026-12-01").appointments[0].start.hour == 9


@pytest.mark.parametrize(
    ("cells", "printed", "given", "family"),
    [
        ({"full_name": "Perez,  Ana Maria"}, "Ana Maria Perez", "Ana Maria", "Perez"),
        ({"full_name": "Ana Perez"}, "Ana Perez", None, None),
        ({"full_name": "Sukarno"}, "Sukarno", None, None),
        ({"full_name": "John Smith, Jr."}, "John Smith, Jr.", None, None),
        ({"full_name": "Smith, John, Jr."}, "Smith, John, Jr.", None, None),
        ({"given_name": "Ana", "family_name": ""}, "Ana", "Ana", None),
        ({"given_name": "Ana", "family_name": "Perez", "full_name": "Perez, Ana M."}, "Ana M. Perez", "Ana", "Perez"),
    ],
)
def test_names(tmp_path: Path, cells: dict[str, str], printed: str, given: str | None, family: str | None) -> None:
    found = read_rows(tmp_path, ["start", "birth_date", *cells], [ROW[1], ROW[5], *cells.values()])
    patient = found.appointments[0].patient
    assert (patient.name, patient.given_name, patient.family_name) == (printed, given, family)


@pytest.mark.parametrize("full", ["Stone, Ana", "Ana Stone", "Ana, Perez", "Eva Perez"])
def test_name_columns_that_disagree_are_a_problem(tmp_path: Path, full: str) -> None:
    assert codes(read_row(tmp_path, full_name=full))[0][2] == "conflicting-name"


@pytest.mark.parametrize("name", ["", ",", "  ", "-"])
def test_a_missing_name_is_a_problem(tmp_path: Path, name: str) -> None:
    found = read_rows(tmp_path, ["start", "DOB", "Name"], [ROW[1], ROW[5], name], [ROW[1], ROW[5], "Ana"])
    assert codes(found) == [("list.csv:2", "Name", "missing-value")]


@pytest.mark.parametrize(
    ("written", "subtag"),
    [
        ("Spanish", "es"),
        ("español", "es"),
        ("es-MX", "es"),
        ("ES", "es"),
        ("spa", "es"),
        ("Tiếng Việt", "vi"),
        ("Mandarin", "zh"),
        ("Chinese (Simplified)", "zh"),
        ("Brazilian Portuguese", "pt"),
        ("", None),
    ],
)
def test_languages(tmp_path: Path, written: str, subtag: str | None) -> None:
    assert read_row(tmp_path, language=written).appointments[0].patient.language == subtag


@pytest.mark.parametrize(
    ("field", "written", "code"),
    [
        ("language", "Klingonish", "unknown-language"),
        ("language", "English/Spanish", "unknown-language"),
        ("language", "und", "unknown-language"),
        ("language", "Ga", "ambiguous-language"),
        ("interpreter", "Spanish", "not-yes-or-no"),
        ("sessions", "0", "bad-sessions"),
        ("sessions", "201", "bad-sessions"),
        ("sessions", "12 or so", "bad-sessions"),
        ("status", "penciled", "unknown-status"),
        ("deceased", "maybe", "not-yes-or-no"),
        ("patient_id", "", "missing-value"),
        ("appointment_id", "", "missing-value"),
        ("patient_id", "1.23457E+11", "number-too-long"),
        ("payer", "#N/A", "spreadsheet-error"),
        ("room", "x" * 201, "too-long"),
        ("given_name", "A\u202ena", "forbidden-character"),
        ("family_name", "Pe\u200brez", "forbidden-character"),
        ("procedure", "a\x07b", "forbidden-character"),
        ("clinician", "\ue000", "forbidden-character"),
        ("payer", "Jos\ufffd", "forbidden-character"),
        ("given_name", "محمد\ufffc", "forbidden-character"),
        ("given_name", "A" + "\u0301" * 6, "too-many-marks"),
        ("given_name", "ก" + "\u0e34" * 6, "too-many-marks"),
        ("given_name", "\u0301\u0302", "lone-mark"),
        ("family_name", "Ana \u0301Perez", "lone-mark"),
        ("family_name", "\u093f", "lone-mark"),
        ("family_name", "\u064e\u0651", "lone-mark"),
        ("patient_id", "N/A", "missing-value"),
        ("patient_id", "-", "missing-value"),
    ],
)
def test_values_that_cannot_be_trusted_are_problems(tmp_path: Path, field: str, written: str, code: str) -> None:
    found = read_row(tmp_path, **{field: written})
    assert ("list.csv:2", field, code) in codes(found)
    assert "A1" not in [each.appointment_id for each in found.appointments]


def test_a_forbidden_character_is_named(tmp_path: Path) -> None:
    assert "U+202E" in read_row(tmp_path, given_name="A\u202ena").problems[0].message


def test_text_is_composed_and_its_spaces_are_single(tmp_path: Path) -> None:
    found = read_row(tmp_path, given_name=" Zoe\u0308 \t\n Ann\u00a0", procedure="می\u200cدید")
    assert found.appointments[0].patient.given_name == "Zoë Ann"
    assert found.appointments[0].procedure == "می\u200cدید"


def test_the_optional_fields_arrive(tmp_path: Path) -> None:
    found = read_row(
        tmp_path, sex="F", interpreter="Yes", sessions="12", room="2", payer="Medicare", representative="Eva Perez"
    )
    visit = found.appointments[0]
    assert (visit.patient.sex, visit.patient.interpreter, visit.sessions) == ("female", True, 12)
    assert (visit.room, visit.payer, visit.representative) == ("2", "Medicare", "Eva Perez")


@pytest.mark.parametrize("written", ["N/A", "n/a", "-", "--", "None", "unknown", "TBD", "?"])
@pytest.mark.parametrize("field", ["room", "clinician", "payer", "representative", "language", "sessions"])
def test_words_for_no_value_are_never_printed(tmp_path: Path, field: str, written: str) -> None:
    visit = read_row(tmp_path, **{field: written}).appointments[0]
    assert {**visit.model_dump(), **visit.patient.model_dump()}[field] is None


@pytest.mark.parametrize("written", ["Self", "self", "Patient", "Same as patient", "Ana Perez", "Perez, Ana", "no"])
def test_patients_who_decide_themselves_have_no_representative(tmp_path: Path, written: str) -> None:
    assert read_row(tmp_path, representative=written).appointments[0].representative is None


def test_a_number_guarded_from_spreadsheets_loses_its_guard(tmp_path: Path) -> None:
    assert read_row(tmp_path, patient_id='="00123"').appointments[0].patient.patient_id == "00123"


def test_dots_are_never_read_month_first(tmp_path: Path) -> None:
    using = clinic(date_format="MM/DD/YYYY")
    found = read_row(tmp_path, using, birth_date="03.04.1980")
    assert codes(found) == [("list.csv:2", "birth_date", "ambiguous-date")]
    assert read_row(tmp_path, using, birth_date="13.04.1980").appointments[0].patient.birth_date == date(1980, 4, 13)


def test_every_problem_of_a_row_is_told_at_once(tmp_path: Path) -> None:
    found = read_row(tmp_path, start="soon", birth_date="03/04/1980", sessions="many")
    assert [code for _, _, code in codes(found)] == ["bad-date", "ambiguous-date", "bad-sessions"]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("Cancelled", "cancelled"),
        ("canceled", "cancelled"),
        ("No Show", "no-show"),
        ("completed", "already-took-place"),
        ("entered-in-error", "entered-in-error"),
        ("Pending", "not-confirmed"),
        ("waitlist", "not-confirmed"),
    ],
)
def test_what_was_not_meant_to_be_printed_is_only_left_out(tmp_path: Path, status: str, code: str) -> None:
    found = read_row(tmp_path, status=status, birth_date="rubbish")
    assert codes(found) == [("list.csv:2", "status", code)]
    assert found.problems[0].effect is Effect.LEFT_OUT


@pytest.mark.parametrize("status", ["booked", "Confirmed", "arrived", "Checked-in", ""])
def test_what_is_meant_to_be_printed_is(tmp_path: Path, status: str) -> None:
    assert len(read_row(tmp_path, status=status).appointments) == 2


@pytest.mark.parametrize("deceased", ["yes", "2025-03-04", "3/4/25"])
def test_the_dead_get_no_packet(tmp_path: Path, deceased: str) -> None:
    found = read_row(tmp_path, deceased=deceased)
    assert codes(found) == [("list.csv:2", "deceased", "deceased")]


def test_a_list_of_cancelled_appointments_is_no_error(tmp_path: Path) -> None:
    found = read_rows(tmp_path, [*HEADERS, "status"], [*ROW, "cancelled"], [*OTHER_ROW, "cancelled"])
    assert (len(found.appointments), len(found.problems)) == (0, 2)


def test_large_print_and_the_day_of_booking_arrive(tmp_path: Path) -> None:
    visit = read_row(tmp_path, large_print="Yes", booked_on="2026-11-16T23:30:00-08:00").appointments[0]
    assert (visit.large_print, visit.booked_on) == (True, date(2026, 11, 17))
    assert read_row(tmp_path, large_print="Sí").appointments[0].large_print
    assert ("list.csv:2", "large_print", "not-yes-or-no") in codes(read_row(tmp_path, large_print="18 point"))
    found = read_row(tmp_path, booked_on="last week")
    assert codes(found) == [("list.csv:2", "booked_on", "bad-date")]
    assert len(found.appointments) == 2
