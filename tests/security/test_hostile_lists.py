"""A list made to break the program ends in a clear error, or is read, within 5 seconds and 300 MB.

The files are as large as any that is opened (20 MB), or about as much as is taken from one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.intake.making import HEADERS, ROW, appointment, patient
from tests.security.bounded import Bounded

SIZE = 19_900_000
HEAD, LINE = ",".join(HEADERS) + "\n", ",".join(ROW) + "\n"
OBJECT = dict(zip(HEADERS, ROW, strict=True))


def filled(part: str | bytes, before: str = "", after: str = "") -> bytes:
    """As many of the part as go into a list."""
    piece = part.encode() if isinstance(part, str) else part
    room = SIZE - len(before.encode()) - len(after.encode())
    return before.encode() + piece * (room // len(piece)) + after.encode()


# -- CSV -------------------------------------------------------------------------------------------

CSV: dict[str, tuple[Callable[[], bytes], str]] = {
    "a million columns": (lambda: ",".join(f"c{number}" for number in range(1_000_000)).encode(), "cells in one row"),
    "a million known columns": (lambda: filled("name,"), "cells in one row"),
    "2,000 columns": (lambda: (HEAD.strip() + "," + "x," * 2000 + "\n" + LINE).encode(), "more than 1,000 columns"),
    "a row of a million cells": (lambda: (HEAD + LINE + "x," * 1_000_000).encode(), "cells in one row"),
    "a row of a million cells over many lines": (lambda: filled('"\n",', HEAD + LINE), "more than"),
    "wide titles": (lambda: filled("ab," * 90_000 + "\n"), "no row with column headers"),
    "a million empty rows": (lambda: (HEAD + "\n" * 1_000_000 + LINE).encode(), "1 appointments"),
    "a million rows of delimiters": (lambda: (HEAD + ",,,,,\n" * 1_000_000 + LINE).encode(), "1 appointments"),
    "nothing but empty rows below": (lambda: filled("\n", HEAD + LINE), "more than 1,048,576 lines"),
    "nothing but carriage returns": (lambda: filled("\r", "x"), "no row with column headers"),
    "empty rows above": (lambda: filled("\n", "x\n", HEAD + LINE), "no row with column headers"),
    "one endless line": (lambda: filled("a"), "a cell is endless"),
    "one endless cell": (lambda: filled("x", HEAD + '"'), "a cell is endless"),
    "nothing but quotation marks": (lambda: filled('"', HEAD), "a cell is endless"),
    "a quoted cell of line ends": (lambda: filled("\n", HEAD + '"'), "a cell is endless"),
    "cells with an emoji": (
        lambda: filled("\U0001f600" + "x" * 900 + "\n", HEAD),
        "more than 10,000 rows cannot be read",
    ),
    "an endless line with an emoji": (lambda: filled("x", "\U0001f600"), "a cell is endless"),
    "too many rows": (lambda: filled("a\n", HEAD), "more than 10,000 rows cannot be read"),
    "as many bad rows as are read": (
        lambda: (HEAD + "\u202e,\u202e,\u202e,\u202e,\u202e,\u202e\n" * 10_000).encode(),
        "no appointment can be read",
    ),
    "cells full of marks": (lambda: filled("a" + "\u0301" * 60_000 + "," * 5 + "\n", HEAD), "no appointment can be"),
    "cells of white space": (lambda: filled(" " * 100_000 + ",\n", HEAD, LINE), "1 appointments"),
    "null bytes": (lambda: filled("\0", HEAD), "null characters"),
    "a null byte": (lambda: (HEAD + LINE.replace("Ana", "A\0na")).encode(), "null characters"),
    "letters of no encoding": (lambda: filled(b"\xe9\x81,", HEAD), "neither UTF-8 nor Windows-1252"),
    "letters of another encoding": (lambda: filled(b"\xe9\xa4,", HEAD), "cells in one row"),
    "UTF-16 cut in a letter": (lambda: (HEAD + LINE).encode("utf-16")[:-1], "damaged UTF-16"),
    "UTF-16 of halves of letters": (lambda: b"\xff\xfe" + b"\x00\xd8" * 5_000_000, "damaged UTF-16"),
    "a header twice": (lambda: (HEAD.strip() + ",MRN\n" + LINE).encode(), "two columns mean patient_id"),
    "one header a thousand times": (lambda: ("name," * 900 + "\n" + LINE).encode(), "two columns mean full_name"),
    "larger than any list": (lambda: bytes(20_000_001), "larger than 20 MB"),
}

# -- JSON and FHIR ---------------------------------------------------------------------------------


def bundle(*resources: Mapping[str, object], each: Mapping[str, object] | None = None) -> bytes:
    """Resources, and one more as often as goes in."""
    entries = [json.dumps({"resource": resource}) for resource in resources]
    text = '{"resourceType": "Bundle", "entry": [' + ", ".join(entries)
    return filled(", " + json.dumps({"resource": each}), text, "]}") if each else (text + "]}").encode()


def visits(number: int, *references: str) -> list[dict[str, object]]:
    return [appointment(f"a{at}", *references) for at in range(number)]


COVERAGE = {"resourceType": "Coverage", "status": "active", "beneficiary": {"reference": "Patient/p1"}}
ROLES = [
    {"resourceType": "PractitionerRole", "id": f"r{at}", "practitioner": {"reference": f"PractitionerRole/r{at + 1}"}}
    for at in range(3000)
]
CONTAINED = [{"resourceType": "RelatedPerson", "id": f"x{at}"} for at in range(300)]
CROWD = [{"actor": {"reference": f"#x{at}"}, "status": "accepted"} for at in range(300)]
MANY_NAMES = [{"use": "official", "given": ["A"]}] * 100_000

JSON: dict[str, tuple[Callable[[], bytes], str]] = {
    "arrays in arrays": (lambda: b"[" * 1_000_000, "nested too deeply"),
    "objects in objects": (lambda: b'{"a":' * 400_000, "nested too deeply"),
    "deeper than any list": (lambda: b'[{"start":' + b'{"a":' * 900 + b"1" + b"}" * 901 + b"]", "nested too deeply"),
    "bundles in bundles": (
        lambda: b'{"resourceType":"Bundle","entry":[{"resource":' * 300 + b"1" + b"}]}" * 300,
        "nested too deeply",
    ),
    "millions of empty arrays": (lambda: filled("[],", "[", "[]]"), "far more values"),
    "millions of empty objects": (lambda: filled("{},", "[", "{}]"), "far more values"),
    "millions of numbers": (lambda: filled("1,", "[", "1]"), "far more values"),
    "millions of lines": (lambda: filled('{"a":1}\n'), "far more values"),
    "a million columns": (
        lambda: json.dumps([{f"c{number}": 1 for number in range(1_000_000)}]).encode(),
        "more than 1,000 columns",
    ),
    "other columns in each object": (
        lambda: json.dumps([OBJECT] + [{f"c{number}": 1} for number in range(250_000)]).encode(),
        "more than 1,000 columns",
    ),
    "an endless text": (lambda: filled("x", json.dumps([OBJECT])[:-2] + ', "room": "', '"}]'), "too-long"),
    "an endless text of marks": (
        lambda: filled("\u0301", json.dumps([OBJECT])[:-2] + ', "room": "', '"}]'),
        "too-long",
    ),
    "an endless number": (lambda: filled("9", '[{"start": ', "}]"), "number that cannot be read"),
    "an endless fraction": (lambda: filled("9", '[{"start": 0.', "}]"), "no row with column headers"),
    "an enormous exponent": (
        lambda: json.dumps([OBJECT]).replace('"M-1"', "1e999999999").encode(),
        "no appointment can be read",
    ),
    "a key twice": (lambda: b'[{"name": 1, "name": 2}]', "same key twice"),
    "null bytes": (lambda: filled("\0", "[{"), "null characters"),
    "cut in a text": (lambda: json.dumps([OBJECT])[:-20].encode(), "ends in the middle"),
    "cut in a letter": (lambda: '[{"name": "é'.encode()[:-1], "not UTF-8"),
    "one patient in thousands of copies": (
        lambda: bundle(*visits(5000), *[patient()] * 5000),
        "5000 appointments",
    ),
    "one patient in thousands of versions": (
        lambda: bundle(*visits(5000), *[patient("p1", gender=str(at)) for at in range(5000)]),
        "conflicting-resource",
    ),
    "a patient with thousands of coverages": (
        lambda: bundle(*visits(3000), patient(), *[COVERAGE | {"id": str(at)} for at in range(3000)]),
        "several-payers",
    ),
    "a patient with thousands of names": (lambda: bundle(*visits(3000), patient(name=MANY_NAMES)), "too-large"),
    "an appointment with thousands of people": (lambda: bundle(patient(), *visits(1, *["Patient/p1"] * 50_000)), "too"),
    "appointments that hold hundreds of people each": (
        lambda: bundle(patient(), *[appointment("a1", contained=CONTAINED, participant=CROWD)] * 190),
        "no appointment can be read",
    ),
    "roles that hold roles": (
        lambda: bundle(patient(), *ROLES, *visits(1, "Patient/p1", "PractitionerRole/r0")),
        "unresolved-reference",
    ),
    "a role that holds itself": (
        lambda: bundle(patient(), ROLES[0] | {"id": "r1"}, *visits(1, "Patient/p1", "PractitionerRole/r1")),
        "unresolved-reference",
    ),
    "a hundred thousand pages": (
        lambda: b'{"resourceType":"Bundle","link":[{"relation":"next","url":"u"}]}\n' * 120_000,
        "no Appointment",
    ),
}


@pytest.mark.parametrize("fault", CSV)
def test_a_hostile_csv_file_is_refused_in_bounded_time_and_memory(tmp_path: Path, bounded: Bounded, fault: str) -> None:
    make, said = CSV[fault]
    check(tmp_path / "list.csv", make(), said, bounded)


@pytest.mark.parametrize("fault", JSON)
def test_a_hostile_json_file_is_refused_in_bounded_time_and_memory(
    tmp_path: Path, bounded: Bounded, fault: str
) -> None:
    make, said = JSON[fault]
    check(tmp_path / "list.json", make(), said, bounded)


def check(path: Path, data: bytes, said: str, bounded: Bounded) -> None:
    path.write_bytes(data)
    answer = bounded.ask("list", path)
    assert said in answer.told
    assert answer.code == (0 if answer.told.split()[1] == "appointments," else 4)
