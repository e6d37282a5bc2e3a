"""The same inputs give the same files, byte for byte, whoever prints them, wherever and with how many workers."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from handouts.run.workers import CHUNK
from tests.right_patient.clinic import wanted
from tests.right_patient.people import visits
from tests.run.making import EXAMPLES, ISSUED, ROOT, Desk, Made, command, desk, list_file, row, rows, started, strike

SURROUNDINGS = [
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C", "LANG": "C", "PYTHONOPTIMIZE": "2"},
    {"PYTHONHASHSEED": "20261201", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
]
"""PYTHONOPTIMIZE leaves out assertions and docstrings: nothing may depend on them."""


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


@pytest.mark.parametrize(("surroundings", "jobs"), [*zip(SURROUNDINGS, "12", strict=True), (SURROUNDINGS[0], "3")])
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


def test_the_masks_of_files_and_the_order_of_the_environment_change_nothing(
    place: Desk, first: dict[str, str], tmp_path: Path
) -> None:
    variables = [f"{name}={value}" for name, value in reversed([*os.environ.items()])]
    for mask in ("0000", "0077", "0777"):
        out = tmp_path / mask
        words = ["sh", "-c", f'umask {mask}; exec "$@"', "sh", "env", "-i", *variables]
        done = started([*words, sys.executable, ROOT / "cli.py", *place.arguments(out=out)])
        assert done.code == 3, done.err
        assert Made(out).digests() == first


@pytest.mark.parametrize("backwards", [False, True])
def test_the_order_in_which_the_file_system_tells_names_changes_nothing(
    place: Desk, first: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backwards: bool
) -> None:
    listdir, scandir, asked = os.listdir, os.scandir, []

    @contextmanager
    def entries(folder: str = ".") -> Iterator[Iterator[os.DirEntry[str]]]:
        asked.append(folder)
        with scandir(folder) as found:
            yield iter(sorted(found, key=lambda each: each.name, reverse=backwards))

    monkeypatch.setattr(os, "listdir", lambda folder=".": sorted(listdir(folder), reverse=backwards))
    monkeypatch.setattr(os, "scandir", entries)
    assert place.generate(out=tmp_path / "out").code == 3
    assert asked
    assert Made(tmp_path / "out").digests() == first


def test_workers_that_end_in_another_order_change_nothing(tmp_path: Path) -> None:
    """The first chunk is of many kinds of packets, of three procedures in two languages; the others are done sooner."""
    slow, fast = visits(CHUNK, 20261124, kinds=CHUNK), visits(2 * CHUNK, 20261125, kinds=1)
    assert len({(each.procedure, each.language, each.flags) for each in slow}) > 20
    later = [
        replace(each, row=each.row | {"appointment_id": f"L-{number}", "start": f"2026-12-30 {each.start:%H:%M}"})
        for number, each in enumerate(fast)
        if each.printed
    ]
    words, made = wanted(tmp_path, [*(each for each in slow if each.printed), *later]), []
    for jobs, surroundings in zip("13", [{}, SURROUNDINGS[1]], strict=True):
        out = tmp_path / jobs
        assert command(*words, "--jobs", jobs, "--out", out, env=surroundings).code == 3
        made.append(Made(out).digests())
    assert len(made[0]) > 3 * CHUNK - 6  # a few of both crowds have one record number, and are not printed
    assert made[0] == made[1]


@pytest.mark.parametrize(("moment", "jobs"), [(25, "3"), (70, "1"), (140, "2"), (230, "3")])
def test_a_run_stopped_here_and_resumed_elsewhere_makes_the_same(
    place: Desk, first: dict[str, str], tmp_path: Path, moment: int, jobs: str
) -> None:
    out = tmp_path / "out"
    killed = started(strike("once", "SIGKILL", moment, out, [*place.wanted, "--jobs", "2"]), cwd=ROOT)
    assert killed.code == -9
    words = place.arguments("--resume", "--jobs", jobs, out=out)
    done = command(*words, cwd=tmp_path, env=SURROUNDINGS[moment % 2])
    assert done.code == 3, done.err
    assert Made(out).digests() == first


def test_what_lies_in_the_current_folder_is_never_run(place: Desk, first: dict[str, str], tmp_path: Path) -> None:
    """Python looks there first for modules of the processes that it starts."""
    here = tmp_path / "downloads"
    for module in ("handouts/__init__.py", "handouts/run/__init__.py", "handouts/run/workers.py", "multiprocessing.py"):
        (here / module).parent.mkdir(parents=True, exist_ok=True)
        (here / module).write_text(f"open({str(tmp_path / 'run')!r}, 'a').write(__name__)\n", encoding="utf-8")
    done = command(*place.arguments("--jobs", "2", out=tmp_path / "out"), cwd=here)
    assert not (tmp_path / "run").exists()
    assert done.code == 3, done.err
    assert Made(tmp_path / "out").digests() == first


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
