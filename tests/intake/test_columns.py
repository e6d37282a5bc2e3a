"""Which column means what, and never two."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.errors import ListError
from handouts.intake.fields import BY_SPELLING, FIELDS, normalised

from .making import HEADERS, ROW, clinic, codes, read_rows

DOCS = Path(__file__).parents[2] / "docs" / "lists.md"


def test_the_documented_fields_are_the_fields() -> None:
    table = [line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    documented = table[: len(FIELDS)]
    assert documented == [f"| `{each.name}` | {each.required} | {each.also} | {each.meaning} |" for each in FIELDS]


def test_no_spelling_means_two_fields() -> None:
    assert all(BY_SPELLING[normalised(spelling)] == field.name for field in FIELDS for spelling in field.spellings)


def test_common_spellings_are_understood(tmp_path: Path) -> None:
    found = read_rows(
        tmp_path,
        ["Appt. #", "Date", "Time", " mrn ", "PATIENT NAME", "D.O.B.", "Provider", "Notes"],
        ["7", "2026-12-01", "9:30 AM", "M-1", "Perez, Ana", "1980-04-13", "Adaeze Okafor", "by bus"],
    )
    (visit,) = found.appointments
    assert visit.appointment_id == "7"
    assert visit.start.isoformat() == "2026-12-01T09:30:00-05:00"
    assert (visit.patient.patient_id, visit.patient.name, visit.clinician) == ("M-1", "Ana Perez", "Adaeze Okafor")
    assert codes(found) == [("list.csv:1", "", "columns-not-used")]


def test_columns_that_are_not_used_are_named_with_the_field_they_may_be(tmp_path: Path) -> None:
    found = read_rows(tmp_path, [*HEADERS, "Notes", "Procedures", "Sexx", "sex"], [*ROW, "by bus", "SDT", "f", "f"])
    (told,) = found.problems
    assert "Notes, Procedures (is it procedure?), Sexx." in told.message
    assert not any(value in told.message for value in ("by bus", "SDT", *ROW))


def test_the_clinics_own_headers_win(tmp_path: Path) -> None:
    headers = ["Termin", "Aktenzeichen", "MRN", "Name", "DOB"]
    row = ["2026-12-01 09:30", "K-1", "M-1", "Ana Perez", "1980-04-13"]
    found = read_rows(tmp_path, headers, row, using=clinic(columns={"start": "Termin", "patient_id": "aktenzeichen"}))
    assert found.appointments[0].patient.patient_id == "K-1"


@pytest.mark.parametrize(
    ("headers", "both"),
    [(("DOB", "Date of birth"), ("DOB", "Date of birth")), (("sex", "Sex"), ("sex", "Sex"))],
)
def test_two_columns_for_one_field_are_an_error_naming_both(
    tmp_path: Path, headers: tuple[str, ...], both: tuple[str, str]
) -> None:
    with pytest.raises(ListError, match="two columns mean") as caught:
        read_rows(tmp_path, ["start", "name", *headers], ["2026-12-01 9:00", "Ana", "1980-04-13", "1980-04-13"])
    assert all(f'"{header}"' in str(caught.value) for header in both)


def test_a_mapping_settles_which_of_two_columns_counts(tmp_path: Path) -> None:
    found = read_rows(tmp_path, [*HEADERS, "sex", "gender"], [*ROW, "f", "m"], using=clinic(columns={"sex": "gender"}))
    assert found.appointments[0].patient.sex == "male"


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"birthdate": "DOB"}, "Did you mean birth_date?"),
        ({"start": "Strat"}, 'The nearest column is "start"'),
        ({"given_name": "Nombre", "full_name": "nombre"}, "both given_name and full_name"),
    ],
)
def test_wrong_mapping_is_an_error_with_the_nearest_name(tmp_path: Path, columns: dict[str, str], said: str) -> None:
    with pytest.raises(ListError) as caught:
        read_rows(tmp_path, HEADERS, ROW, using=clinic(columns=columns))
    assert said in str(caught.value)


def test_missing_needed_columns_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(ListError) as caught:
        read_rows(tmp_path, ["patient_id", "sex"], ["M-1", "f"])
    assert all(name in str(caught.value) for name in ("start", "birth_date", "full_name"))
    assert "M-1" not in str(caught.value)


def test_without_an_id_column_the_row_number_is_the_id(tmp_path: Path) -> None:
    assert read_rows(tmp_path, HEADERS[1:], ROW[1:]).appointments[0].appointment_id == "row-2"


def test_a_headerless_list_does_not_show_its_first_patient(tmp_path: Path) -> None:
    with pytest.raises(ListError) as caught:
        read_rows(tmp_path, ROW, ROW)
    assert not any(value in str(caught.value) for value in ROW)


@given(st.text())
def test_a_heading_is_known_by_its_letters_digits_and_vowel_marks_alone(heading: str) -> None:
    spelled = unicodedata.normalize("NFKC", heading).casefold().replace("#", " number ")
    assert normalised(heading) == "".join(each for each in spelled if unicodedata.category(each)[0] in "LMN")
    assert normalised(f" {heading}_-. ") == normalised(heading)
