"""What holds of every list."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from handouts.errors import ListError
from handouts.intake import read_lists
from handouts.intake.fields import FIELDS
from handouts.model import Appointment, Intake

from .making import clinic, csv_text, written

# "µ" after a capital letter is the one case in which Windows-1252 looks like UTF-8.
NAMES = st.text(
    st.characters(categories=("Lu", "Ll"), max_codepoint=0xFF, exclude_characters="µ"), min_size=1, max_size=30
)
COLUMNS = {
    "appointment_id": st.from_regex(r"[A-Z][0-9]{1,6}", fullmatch=True),
    "start": st.times().map(lambda at: f"2026-12-01 {at:%H:%M}"),
    "patient_id": st.from_regex(r"M[0-9]{1,6}", fullmatch=True),
    "given_name": NAMES,
    "family_name": NAMES,
    "birth_date": st.dates(date(1930, 1, 1), date(2020, 1, 1)).map(str),
    "payer": st.sampled_from(["", "Medicare", 'The "Best", Ltd; Inc | x']),
}
ROWS = st.lists(st.tuples(*COLUMNS.values()), min_size=1, max_size=5, unique_by=lambda row: (row[0], row[2]))


def _read(content: str | bytes) -> Intake | str:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return _plain(read_lists([written(Path(folder), content)], clinic()))
        except ListError as error:
            return str(error).replace(folder, "")


def _plain(found: Intake) -> Intake:
    """Fit to be compared: without the digest over the file."""
    return replace(found, appointments=tuple(found.appointments), problems=tuple(found.problems), digest="")


def _what(found: Intake | str) -> Sequence[Appointment] | str:
    return found.appointments if isinstance(found, Intake) else found


@settings(deadline=None)
@given(rows=ROWS, order=st.permutations(range(len(COLUMNS))))
def test_the_order_of_the_columns_never_matters(rows: list[tuple[str, ...]], order: list[int]) -> None:
    table = [tuple(COLUMNS), *rows]
    shuffled = [[row[position] for position in order] for row in table]
    assert _read(csv_text(*shuffled)) == _read(csv_text(*table))


@settings(deadline=None)
@given(
    rows=ROWS,
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8-sig", "utf-16", "cp1252"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_encoding_and_delimiter_never_matter(
    rows: list[tuple[str, ...]], delimiter: str, encoding: str, end: str
) -> None:
    found = _read(csv_text(tuple(COLUMNS), *rows, delimiter=delimiter, end=end).encode(encoding))
    if isinstance(found, Intake):  # any letters may stand here, so a code page may well be doubted
        problems = tuple(each for each in found.problems if each.code != "doubtful-letters")
        found = replace(found, problems=problems)
    assert found == _read(csv_text(tuple(COLUMNS), *rows))


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_no_value_of_a_row_is_ever_told(data: st.DataObject) -> None:
    names = [field.name for field in FIELDS]
    marked = st.sampled_from(["{}", "{}@#", "\u202e{}", "{},{},{}", "{}" * 60, "{} 1980", "1.{}.1980", "", "#N/A"])
    rows = [[data.draw(marked).replace("{}", f"Q{row}x{at}Z") for at in range(len(names))] for row in range(3)]
    dates = ["03/04/1977", "1977-02-31", "2026-12-01 25:77", "2026-12-01 09:30", "1977-05-05"]
    for row in rows:
        for field in ("start", "birth_date"):
            row[names.index(field)] = data.draw(st.sampled_from([*dates, row[names.index(field)]]))
        row[names.index("status")] = data.draw(st.sampled_from(["", "cancelled", "Q9status"]))
        if data.draw(st.booleans()):
            for blank in ("deceased", "full_name", "start_date", "start_time", "interpreter", "sessions", "language"):
                row[names.index(blank)] = ""
    found = _read(csv_text(names, *rows))
    told = found if isinstance(found, str) else "".join(problem.model_dump_json() for problem in found.problems)
    assert not [value for value in ("Q0", "Q1", "Q2", "Q9", "1977", "25:77") if value in told]


@settings(deadline=None, max_examples=300)
@given(content=st.binary(max_size=300) | st.text(max_size=200).map(lambda text: "[" + text))
def test_any_file_is_read_or_refused(content: bytes | str) -> None:
    text = content if isinstance(content, bytes) else content.encode("utf-8", errors="replace")
    assert _what(_read(text)) is not None


def test_importing_intake_loads_no_reader() -> None:
    script = "import sys, handouts.intake; print([m for m in ('python_calamine', 'babel', 'csv') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
