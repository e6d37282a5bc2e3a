"""Rows that repeat or contradict each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.intake import read_lists
from handouts.model import Effect

from .making import HEADERS, OTHER_ROW, ROW, clinic, codes, csv_text, read_rows, written

STATUS = (*HEADERS, "status")


def test_the_same_appointment_twice_is_printed_once_and_reported(tmp_path: Path) -> None:
    found = read_rows(tmp_path, HEADERS, ROW, OTHER_ROW, ROW)
    assert [each.source for each in found.appointments] == ["list.csv:2", "list.csv:3"]
    assert codes(found) == [("list.csv:4", "appointment_id", "duplicate-appointment")]
    assert found.problems[0].effect is Effect.PRINTED
    assert "list.csv:2" in found.problems[0].message


def test_the_same_appointment_in_two_lists_is_printed_once(tmp_path: Path) -> None:
    paths = [written(tmp_path, csv_text(HEADERS, ROW), name) for name in ("one.csv", "two.csv")]
    found = read_lists(paths, clinic())
    assert [each.source for each in found.appointments] == ["one.csv:2"]
    assert codes(found) == [("two.csv:2", "appointment_id", "duplicate-appointment")]


def test_equal_rows_of_a_list_without_ids_are_one_appointment(tmp_path: Path) -> None:
    found = read_rows(tmp_path, HEADERS[1:], ROW[1:], ROW[1:])
    assert len(found.appointments) == 1
    assert codes(found)[0][2] == "duplicate-appointment"


def test_an_id_that_is_what_a_row_without_one_is_called_is_printed_for_neither(tmp_path: Path) -> None:
    without = written(tmp_path, csv_text(HEADERS[1:], ROW[1:]), "b.csv")
    other = written(tmp_path, csv_text(HEADERS, OTHER_ROW), "a.csv")
    first, called = (each.appointment_id for each in read_lists([other, without], clinic()).appointments)
    assert (first, called) == ("A2", "b.csv:row-2")
    third = ("A3", "2026-12-01 15:00", *OTHER_ROW[2:])
    other = written(tmp_path, csv_text(HEADERS, (called, *OTHER_ROW[1:]), third), "a.csv")
    found = read_lists([other, without], clinic())
    assert [each.appointment_id for each in found.appointments] == ["A3"]
    assert [code for _, _, code in codes(found)] == ["conflicting-appointment"] * 2


@pytest.mark.parametrize(
    "other",
    [
        ("A1", "2026-12-01 10:30", *ROW[2:], ""),
        ("A1", *OTHER_ROW[1:], ""),
        (*ROW, "cancelled"),
        ("A1", *ROW[1:5], "rubbish", ""),
    ],
    ids=["another time", "another patient", "cancelled", "unreadable"],
)
def test_one_id_with_different_content_is_printed_for_neither(tmp_path: Path, other: tuple[str, ...]) -> None:
    found = read_rows(tmp_path, STATUS, (*ROW, "booked"), other, (*OTHER_ROW, "booked"))
    assert [each.appointment_id for each in found.appointments] == ["A2"]
    clashes = [each for each in found.problems if each.code == "conflicting-appointment"]
    assert [each.source for each in clashes] == ["list.csv:2", "list.csv:3"]
    assert all(each.effect is Effect.NOT_PRINTED for each in clashes)


def test_the_same_cancelled_appointment_twice_is_left_out_twice(tmp_path: Path) -> None:
    found = read_rows(tmp_path, STATUS, (*ROW, "cancelled"), (*ROW, "cancelled"))
    assert {each.effect for each in found.problems} == {Effect.LEFT_OUT}


def test_a_patient_with_two_appointments_gets_two_packets(tmp_path: Path) -> None:
    found = read_rows(tmp_path, HEADERS, ROW, ("A2", "2026-12-01 15:00", *ROW[2:]))
    assert len(found.appointments) == 2
    assert not found.problems


@pytest.mark.parametrize(
    "other",
    [("Ana", "Perez", "1981-04-13"), ("Ana", "Stone", "1980-04-13"), ("Eva", "Perez", "1980-04-13")],
    ids=["birth date", "family name", "twin"],
)
def test_one_patient_number_for_two_people_is_printed_for_neither(tmp_path: Path, other: tuple[str, ...]) -> None:
    found = read_rows(tmp_path, HEADERS, ROW, ("A2", "2026-12-01 15:00", "M-1", *other), ("A3", *OTHER_ROW[1:]))
    assert [each.appointment_id for each in found.appointments] == ["A3"]
    assert [code for _, _, code in codes(found)] == ["conflicting-patient"] * 2


def test_a_bad_row_still_warns_of_its_patient_number(tmp_path: Path) -> None:
    found = read_rows(tmp_path, HEADERS, ROW, ("A3", "soon", "M-1", "Ana", "Perez", "1981-04-13"), OTHER_ROW)
    assert ("list.csv:2", "patient_id", "conflicting-patient") in codes(found)


def test_a_middle_name_makes_no_other_person(tmp_path: Path) -> None:
    found = read_rows(tmp_path, HEADERS, ROW, ("A2", "2026-12-01 15:00", "M-1", "Ana M.", "PEREZ", "1980-04-13"))
    assert not found.problems


def test_an_appointment_entered_in_error_does_not_stop_the_right_one(tmp_path: Path) -> None:
    wrong = ("A9", "2026-12-01 09:30", "M-1", "Bob", "Stone", "1975-02-28", "entered-in-error")
    found = read_rows(tmp_path, STATUS, wrong, (*ROW, "booked"))
    assert len(found.appointments) == 1
    assert [code for _, _, code in codes(found)] == ["entered-in-error"]


def test_a_thousand_rows_with_one_number_are_told_briefly(tmp_path: Path) -> None:
    rows = [(f"B{n}", ROW[1], "0", "Ana", f"Perez{n}", ROW[5]) for n in range(1000)]
    found = read_rows(tmp_path, HEADERS, *rows, OTHER_ROW)
    assert len(found.problems) == 1000
    assert "and 994 more" in found.problems[500].message
    assert found.problems[500].source not in found.problems[500].message.replace(",", " ").split()
