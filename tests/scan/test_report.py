"""How a run stands, told on a terminal, to machines and to a spreadsheet."""

from __future__ import annotations

import csv
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from handouts.scan.model import AppointmentStatus, FieldStatus, RunStatus, SignatureStatus
from handouts.scan.report import to_csv, to_json, to_text
from handouts.scan.telling import page_ranges

from ..test_docs import ROOT, rows
from .standing import appointment, day, printed, run, signature, signatures, unsigned

GUIDE = "scanning.md"
ESCAPE = re.compile(r"\x1b\[[\d;]*m")


def line_of(told: str, appointment_id: str) -> str:
    return next(line for line in told.splitlines() if appointment_id in line)


# -- on a terminal ---------------------------------------------------------------------------------


def test_who_has_not_signed_stands_in_capitals_and_who_has_does_not() -> None:
    line = line_of(to_text(run([unsigned()])), "A-0001")
    assert "CLINICIAN empty, p. 14" in line
    assert "PATIENT" not in line
    assert "patient" in line


def test_who_has_not_signed_stands_in_bold_red_on_a_terminal_and_nothing_complete_does() -> None:
    told = to_text(run([unsigned(1), appointment(2)]), coloured=True)
    assert "\x1b[1;31mCLINICIAN empty" in line_of(told, "A-0001")
    assert not re.search(r"\x1b\[1;31m *[^ \x1b]", line_of(told, "A-0002"))


def test_without_colours_there_is_nothing_but_text() -> None:
    coloured = to_text(day(9, queued=2), coloured=True)
    assert to_text(day(9, queued=2)) == "\n".join(line.rstrip() for line in ESCAPE.sub("", coloured).splitlines())
    assert to_text(day(9)).isascii()


@pytest.mark.parametrize("width", [70, 80, 100, 120, 200])
def test_nothing_is_cut_off_in_a_narrow_terminal(width: int) -> None:
    noted = appointment(4, notes=("consent was taken back",))
    doubtful = unsigned(5, signatures=signatures("look", "look"), pages_missing=(3, 4, 9))
    told = to_text(run([unsigned(1), printed(2), appointment(3), noted, doubtful]), width=width)
    table = told.split("\n\n")[1]
    assert max(map(len, table.splitlines())) <= width
    words = set(re.split(r"[\s,]+", table))
    assert {"A-0001", "A-0002", "A-0003", "A-0004", "A-0005", "8:00", "9:00", "complete", "returned"} <= words
    assert {"CLINICIAN", "PATIENT", "empty", "taken", "consent", "back", "10", "15", "3", "4", "9"} <= words


def test_an_id_of_any_length_is_told_to_its_last_letter() -> None:
    name = "".join(f"{number:03}" for number in range(40))
    told = to_text(run([appointment(appointment_id=name)]), width=80)
    assert "".join(re.findall(r"\d{3,}", told.split("\n\n")[1])) == name


def test_appointments_stand_in_their_order() -> None:
    assert re.findall(r"A-\d{4}", to_text(day(30))) == [f"A-{number:04}" for number in range(1, 31)]


def test_what_an_id_says_is_not_taken_for_an_instruction() -> None:
    assert "[red]A[/red]" in to_text(run([appointment(appointment_id="[red]A[/red]")]))


def test_a_witness_who_was_not_needed_is_not_told_and_a_doubtful_withdrawal_is() -> None:
    assert "WITNESS" not in to_text(day(9))
    withdrawal = signature("withdrawal", "look", 15, optional=True)
    doubtful = appointment(state="returned", signatures=(*signatures("signed", "signed")[:3], withdrawal))
    told = to_text(run([doubtful]))
    assert "WITHDRAWAL to look at, p. 15" in told
    assert "Look at 1 signature" in told


def test_pages_missing_and_notes_are_told() -> None:
    told = to_text(run([unsigned(pages_missing=(3, 4, 5, 9), notes=("consent was taken back",))]))
    assert "3 to 5, 9" in told
    assert "consent was taken back" in told


def test_the_last_line_says_what_to_do_next() -> None:
    queued = day(9, queued=3).model_copy(update={"folder": "run/returned"})
    last = "Look at 3 pages in run/returned/queue; say whose: handouts scan assign"
    assert to_text(queued).splitlines()[-1] == last
    assert to_text(day(9)).splitlines()[-1] == "See to 6 appointments, and scan what is signed: handouts scan"
    assert to_text(run([appointment()])).splitlines()[-1] == "Everything that is to be signed came back and is signed."
    assert "Look at 1 page in" in to_text(run([appointment()], queued=1)).splitlines()[-1]


def test_what_was_taken_back_is_not_told_as_done() -> None:
    told = to_text(run([appointment(state="returned", notes=("consent was taken back",))]))
    assert "See to 1 appointment" in told
    assert "Everything" not in told


def test_the_day_and_the_counts_come_first() -> None:
    first = to_text(day(10)).splitlines()[0]
    assert first == "Tuesday, December 1, 2026. Run N8M97KE4: 3 complete, 4 returned, 3 printed."


def test_in_a_run_of_several_days_each_time_has_its_day() -> None:
    told = to_text(run([appointment(1), appointment(2, start="2026-12-02T09:30:00-06:00")]))
    assert told.startswith("Tuesday, December 1, 2026 to Wednesday, December 2, 2026.")
    assert "Dec 1, 8:00 AM" in line_of(told, "A-0001")
    assert "Dec 2, 9:30 AM" in line_of(told, "A-0002")


@pytest.mark.parametrize(
    ("count", "last"),
    [(1, "list.csv:2. problems"), (12, "list.csv:13. problems"), (40, "list.csv:13 and 28 more. problems")],
)
def test_appointments_that_got_no_packet_are_told(count: int, last: str) -> None:
    rows_of = tuple(f"list.csv:{number}" for number in range(2, count + 2))
    told = to_text(run([appointment()]).model_copy(update={"not_printed": rows_of})).splitlines()[-1]
    assert told.startswith(f"{count} appointment{'s' if count > 1 else ''} of the list got no packet: list.csv:2")
    assert last in told
    assert "Everything" not in told


def test_a_run_without_appointments_is_told_too() -> None:
    assert to_text(run([])).startswith("No appointments.")


# -- to machines -----------------------------------------------------------------------------------


def test_json_tells_all_that_is_known_and_the_totals() -> None:
    status = day(10, queued=3)
    told = json.loads(to_json(status))
    assert told.pop("totals") == {"printed": 3, "returned": 4, "complete": 3}
    assert RunStatus.model_validate(told) == status


def test_each_appointment_is_in_one_of_the_totals() -> None:
    assert sum(json.loads(to_json(day(17)))["totals"].values()) == 17


SECTIONS: dict[str, type[BaseModel]] = {
    "### One of `appointments`": AppointmentStatus,
    "### One of `signatures`": SignatureStatus,
    "### One of `fields`": FieldStatus,
}


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_guide_lists_exactly_the_keys_of_a_part(heading: str) -> None:
    assert [row[0] for row in rows(GUIDE, heading)] == [f"`{key}`" for key in SECTIONS[heading].model_fields]


def test_the_guide_lists_exactly_the_keys_of_the_whole_and_the_columns_of_the_table() -> None:
    assert [row[0] for row in rows(GUIDE, "### As JSON")] == [f"`{key}`" for key in json.loads(to_json(day(1)))]
    (header,) = to_csv(run([]))
    assert [row[0] for row in rows(GUIDE, "### As a table")] == [
        f"`{key}`" for key in header.decode().strip().split(",")
    ]


# -- to a spreadsheet ------------------------------------------------------------------------------


def table_of(status: RunStatus) -> list[dict[str, str]]:
    return list(csv.DictReader(b"".join(to_csv(status)).decode().splitlines()))


def test_the_table_has_a_row_for_each_appointment() -> None:
    told = table_of(day(9))
    assert [row["appointment_id"] for row in told] == [f"A-{number:04}" for number in range(1, 10)]
    assert told[0]["not_signed"] == "clinician: empty, p. 14"
    assert told[1]["not_signed"] == "patient, clinician: page not back"
    assert told[2]["not_signed"] == ""
    assert [row["state"] for row in told[:3]] == ["returned", "printed", "complete"]
    assert told[1]["pages_missing"] == "10 to 15"


def test_a_spreadsheet_takes_nothing_for_a_formula_or_a_date() -> None:
    (row,) = table_of(run([unsigned(appointment_id="=1+1", pages_missing=(1, 2, 3, 5), pages_returned=(2, 4))]))
    assert row["appointment_id"] == "'=1+1"
    assert (row["pages_missing"], row["pages_returned"]) == ("1 to 3, 5", "2, 4")
    assert not any(re.fullmatch(r"\d+[-/.,]\d+", cell) for cell in row.values())


@given(st.sets(st.integers(1, 60)))
def test_page_ranges_name_exactly_the_pages(pages: set[int]) -> None:
    named: set[int] = set()
    for each in filter(None, page_ranges(pages).split(", ")):
        first, _, last = each.partition(" to ")
        named |= set(range(int(first), int(last or first) + 1))
    assert named == pages


def test_the_guide_is_linked_to_nothing_that_is_not_there() -> None:
    for target in re.findall(r"\]\(([\w./-]+)", (ROOT / "docs" / GUIDE).read_text(encoding="utf-8")):
        assert (ROOT / "docs" / target).is_file(), target
