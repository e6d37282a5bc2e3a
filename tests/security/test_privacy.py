"""Nothing about a patient leaves the pages: not in messages, file names, properties, codes, tables or logs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest

from tests.run.making import EXAMPLES, Desk, Done, Made, Row, codes_on_pages, command, desk, list_file, mentions, row

PEOPLE = 24
REAL = ("generate", "--clinic", EXAMPLES / "clinic.yaml")


def marked(number: int) -> Row:
    """A patient whose every value is a word found nowhere else."""
    tag = f"{number:02}"
    return row(number) | {
        "given_name": f"Zqgiven{tag}",
        "family_name": f"Zqfamily{tag}",
        "patient_id": f"ZQMRN{tag}",
        "birth_date": f"19{31 + number}-07-{number:02}",
        "representative": f"Zqrep{tag} Zqkin{tag}" if number % 3 == 0 else "",
        "payer": f"Zqpayer{tag}" if number % 2 else "Self-pay",
        "room": f"R{tag}",
        "clinician": "Dr. Ada Fernhill",
        "language": "English",
    }


def secrets(people: list[Row]) -> list[str]:
    """The values that may be told nowhere."""
    columns = ("given_name", "family_name", "patient_id", "birth_date", "representative")
    found = {word for each in people for column in columns for word in each[column].split()}
    return sorted(found | {each["birth_date"].replace("-", "/") for each in people} | {"Zqpayer"})


def spoilt(people: list[Row]) -> list[Row]:
    """The same people with every kind of mistake in their rows."""
    one, two, three, four, five, six, seven, *rest = people
    return [
        one | {"birth_date": "Zqgiven01"},
        two | {"start": "Zqfamily02 at 8"},
        three | {"given_name": "Zqgiven03ꦗꦮ", "representative": "Zqrep03 \U0001f600"},
        four | {"patient_id": five["patient_id"]},
        five,
        six | {"sessions": "Zqgiven06", "status": "Zqfamily06"},
        seven | {"appointment_id": five["appointment_id"]},
        *({**each, "procedure": "Zqgiven15"} if index == 7 else each for index, each in enumerate(rest)),
        rest[0] | {"family_name": "Zqfamily08\u202e"},
        rest[1] | {"family_name": ""},
    ]


def everything_told(done: Done, made: Made, around: Path) -> Iterator[str]:
    """All that can be read without looking at a page."""
    yield from (done.out, done.err)
    yield from (str(each) for each in around.rglob("*"))
    for each in made.all_files():
        if each.suffix in {".json", ".csv"}:
            yield each.read_text(encoding="utf-8")
        elif each.suffix == ".sqlite":
            with sqlite3.connect(each) as journal:
                yield from journal.iterdump()
        elif each.suffix == ".pdf":
            yield from properties(each)


def properties(file: Path) -> Iterator[str]:
    """What a PDF tells but on its pages: its information, its metadata, its bookmarks."""
    with pikepdf.open(file) as document, document.open_outline() as outline:
        yield from (str(value) for value in document.docinfo.values())
        yield bytes(document.Root.Metadata.read_bytes()).decode("utf-8")
        yield from (str(item.title) for item in outline.root)


@pytest.mark.parametrize("how", [[], ["--json"], ["--jobs", "2"], ["--dry-run"], ["--paper", "a4", "--simplex"]])
@pytest.mark.parametrize("faults", [False, True], ids=["good rows", "every kind of bad row"])
def test_names_birth_dates_and_numbers_stand_on_pages_only(tmp_path: Path, how: list[str], *, faults: bool) -> None:
    people = [marked(number) for number in range(1, PEOPLE + 1)]
    place = desk(tmp_path, spoilt(people) if faults else people)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    done = command(*place.arguments(*how), cwd=temporary, env={"TMPDIR": str(temporary)})
    assert done.code == (3 if faults else 0), done.err
    assert not mentions(everything_told(done, Made(place.out), tmp_path), secrets(people))
    assert not list(temporary.iterdir())


def test_the_codes_of_the_shipped_forms_hold_nothing_of_the_patient(tmp_path: Path) -> None:
    people = [marked(1), marked(3)]
    done = command(*REAL, list_file(tmp_path, people), "--out", tmp_path / "out", "--procedure", "spinal-decompression")
    assert done.code == 0, done.err
    made = Made(tmp_path / "out")
    codes = [code for page in codes_on_pages(made.print_run) for code in page]
    assert len(codes) > 2 * len(people)
    assert not mentions(codes, [*secrets(people), *(each["appointment_id"] for each in people)])


BROKEN: dict[str, Callable[[str], bytes]] = {
    "not UTF-8 text": lambda text: text.encode("utf-16-le")[1:],
    "a quote without end": lambda text: text.replace("Zqgiven02", '"Zqgiven02').encode(),
    "a row with more cells": lambda text: text.replace("Zqfamily02", "Zqfamily02,x,y,z,x,y,z").encode(),
    "no headers": lambda text: text.partition("\n")[2].encode(),
    "JSON cut short": lambda text: b'[{"given_name": "Zqgiven01", "birth_date": "1932-07-01", "family',
    "FHIR of another kind": lambda text: b'{"resourceType": "Patient", "id": "Zqgiven01", "name": [{"family": 1}]}',
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_list_is_told_without_its_values(tmp_path: Path, fault: str) -> None:
    people = [marked(number) for number in range(1, 4)]
    place = desk(tmp_path, people)
    place.listed.write_bytes(BROKEN[fault](place.listed.read_text(encoding="utf-8")))
    done = command(*place.arguments())
    assert done.code in {3, 4}
    assert not mentions(everything_told(done, Made(place.out), tmp_path), secrets(people))


def test_a_fault_of_the_program_itself_tells_no_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [marked(1)]
    place: Desk = desk(tmp_path, people)

    def broken(*_: object) -> None:
        raise ValueError("Zqgiven01 Zqfamily01")

    monkeypatch.setattr("handouts.run.pressroom.text_of", broken)
    done = place.generate()
    assert done.code == 1
    assert "ValueError" in done.err
    assert not mentions([done.out, done.err], secrets(people))
