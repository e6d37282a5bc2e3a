"""Plain JSON lists."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from handouts.errors import ListError
from handouts.intake import read_lists

from .making import HEADERS, OTHER_ROW, ROW, clinic, codes, written

OBJECT = dict(zip(HEADERS, ROW, strict=True))
OTHER = dict(zip(HEADERS, OTHER_ROW, strict=True))


@pytest.mark.parametrize("name", ["list.json", "list.txt"])
@pytest.mark.parametrize(
    "content",
    [
        json.dumps([OTHER, OBJECT]),
        "\ufeff" + json.dumps({"appointments": [OTHER, OBJECT]}, indent=1),
        json.dumps(OTHER) + "\n\n" + json.dumps(OBJECT) + "\n",
    ],
    ids=["array", "object", "lines"],
)
def test_lists_of_objects_are_read(tmp_path: Path, content: str, name: str) -> None:
    found = read_lists([written(tmp_path, content, name)], clinic())
    assert [each.source for each in found.appointments] == [f"{name}:1", f"{name}:2"]
    assert found.appointments[1].patient.name == "Ana Perez"


def test_spellings_may_differ_between_objects(tmp_path: Path) -> None:
    other = {"Start": OTHER["start"], "MRN": 7, "Name": "Stone, Bob", "DOB": "1975-02-28", "Appt ID": "A2"}
    found = read_lists([written(tmp_path, json.dumps([OBJECT, other]), "list.json")], clinic())
    assert found.appointments[1].patient.patient_id == "7"
    assert not found.problems


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("given_name", ["Ana", "Maria"], "not-one-value"),
        ("patient_id", {"value": 1}, "not-one-value"),
        ("patient_id", None, "missing-value"),
        ("birth_date", 19800413, "number-instead-of-date"),
        ("patient_id", 1.2345678901234567, "number-too-long"),
        ("patient_id", 1e300, "number-too-long"),
        ("family_name", "\ud800", "forbidden-character"),
        ("patient_id", True, "not-text"),
        ("sessions", 1e300, "bad-sessions"),
        ("sessions", 2.5, "bad-sessions"),
    ],
)
def test_values_of_the_wrong_kind_are_problems(tmp_path: Path, field: str, value: object, code: str) -> None:
    path = written(tmp_path, json.dumps([OBJECT | {field: value}, OTHER]), "list.json")
    assert codes(read_lists([path], clinic())) == [("list.json:1", field, code)]


@pytest.mark.parametrize(
    ("content", "said", "place"),
    [
        ('[\n {"start": 1,\n', "ends in the middle", ":3:1"),
        ('[\n {"start" 1}]', "not valid JSON", ":2:11"),
        (json.dumps(OBJECT) + "\n" + json.dumps(OBJECT)[:-5], "ends in the middle", ":2:"),
        ("[" * 200_000, "nested too deeply", ""),
        ('[{"start": 1, "start": 2}]', "same key twice", ""),
        ('[{"start": NaN}]', "number that cannot be read", ""),
        ('[{"start": ' + "9" * 5000 + "}]", "number that cannot be read", ""),
        ("[1, 2]", "not a list of appointments", ""),
        ('[{"a": 1}]', "no row with column headers", ""),
        ("[]", "no appointment below", ""),
        ('[{"DOB": "", "birth_date": "", "start": ""}]', "two columns mean birth_date", ""),
        (b'[{"name": "Zo\xeb"}]', "not UTF-8", ":1"),
    ],
)
def test_broken_json_is_refused_with_its_place(tmp_path: Path, content: str | bytes, said: str, place: str) -> None:
    with pytest.raises(ListError, match=said) as caught:
        read_lists([written(tmp_path, content, "list.json")], clinic())
    assert f"list.json{place}" in caught.value.where
