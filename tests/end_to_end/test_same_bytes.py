"""The same inputs give the same files, byte for byte, whoever prints them, wherever and with how many workers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from handouts.run.workers import CHUNK
from tests.run.making import EXAMPLES, ISSUED, Desk, Made, command, desk, list_file, row, rows

SURROUNDINGS = [
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C", "LANG": "C"},
    {"PYTHONHASHSEED": "20261201", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """More patients than one worker gets at once, in several variants and scripts, one of them not printable."""
    listed = rows(2 * CHUNK + 6)
    listed[3] |= {"given_name": "Łukasz", "payer": "Cash", "language": "Polish"}
    listed[40] |= {"given_name": "Παράδειγμα", "interpreter": "yes"}
    listed[50] |= {"family_name": "ꦗꦮ"}
    listed[60] |= {"birth_date": "unknown"}
    listed[68] |= {"representative": "Вера Выдуманная"}
    return desk(tmp_path_factory.mktemp("place"), listed)


@pytest.fixture(scope="module")
def first(place: Desk) -> dict[str, str]:
    """What one process makes."""
    assert place.generate().code == 3
    made = Made(place.out).digests()
    assert len(made) == 2 * CHUNK + 6 - 2 + 3  # packets, print run, manifest, problems
    return made


@pytest.mark.parametrize("surroundings", SURROUNDINGS)
@pytest.mark.parametrize("jobs", ["1", "2", "3"])
def test_jobs_hash_seed_time_zone_and_locale_change_nothing(
    place: Desk, first: dict[str, str], tmp_path: Path, surroundings: dict[str, str], jobs: str
) -> None:
    out = tmp_path / "elsewhere"
    done = command(*place.arguments("--jobs", jobs, out=out), env=surroundings)
    assert done.code == 3, done.err
    assert Made(out).digests() == first


def test_where_the_inputs_lie_changes_nothing(place: Desk, first: dict[str, str], tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(place.folder, moved, ignore=shutil.ignore_patterns("out"))
    done = command("generate", "list.csv", "--clinic", "clinic.yaml", "--out", "here", *ISSUED, cwd=moved)
    assert done.code == 3, done.err
    assert Made(moved / "here").digests() == first


def test_the_shipped_forms_come_out_the_same(tmp_path: Path) -> None:
    made = []
    for number, surroundings in enumerate(SURROUNDINGS):
        out = tmp_path / str(number)
        arguments: list[str | Path] = [
            EXAMPLES / "appointments.csv",
            "--clinic",
            EXAMPLES / "clinic.yaml",
            "--out",
            out,
            *ISSUED,
        ]
        assert command("generate", *arguments, env=surroundings).code == 0
        made.append(Made(out).digests())
    assert made[0] == made[1]


def test_the_moment_is_told_in_the_clinics_time_however_it_is_written(tmp_path: Path) -> None:
    place = desk(tmp_path, 1)
    written = ["2026-11-30T18:00", "2026-11-30T18:00:00-06:00", "2026-12-01T00:00Z", "2026-12-01T09:00+09:00"]
    made = []
    for number, moment in enumerate(written):
        out = tmp_path / str(number)
        assert place.generate("--issued-at", moment, out=out).code == 0
        made.append(Made(out))
    assert {each.manifest["issued_at"] for each in made} == {"2026-11-30T18:00:00-06:00"}
    assert all(each.digests() == made[0].digests() for each in made)


def test_another_moment_list_or_clinic_gives_other_packet_ids(tmp_path: Path) -> None:
    place = desk(tmp_path, 1)
    found = []
    for number, change in enumerate(["nothing", "moment", "list", "clinic"]):
        if change == "list":
            list_file(tmp_path, [row(1), row(2)])
        if change == "clinic":
            place.clinic.write_text(place.clinic.read_text().replace("Harbor", "Port"))
        more = ["--issued-at", "2026-11-30T18:01"] if change == "moment" else []
        out = tmp_path / str(number)
        assert place.generate(*more, out=out).code == 0
        found.append(Made(out).packets[0]["packet_id"])
    assert len(set(found)) == 4
