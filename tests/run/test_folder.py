"""The run folder: private, whole, and never shared by two runs."""

from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from filelock import FileLock

from handouts.errors import OutputError, UsageError
from handouts.run.folder import RunFolder
from handouts.run.generate import generate
from handouts.run.journal import Entry, Journal
from handouts.run.names import CAME_BACK
from handouts.run.options import Options
from tests.run.making import ROOT, Desk, Made, desk


@pytest.fixture(params=[0o000, 0o022, 0o277], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_nobody_but_the_owner_can_read_a_run(tmp_path: Path) -> None:
    folder = tmp_path / "place"
    folder.mkdir()
    folder.chmod(0o700)
    place = desk_with_any_umask(folder)
    assert place.generate().code == 0
    for each in [place.out, *place.out.rglob("*")]:
        assert stat.S_IMODE(each.stat().st_mode) == (0o700 if each.is_dir() else 0o600), each.name


def desk_with_any_umask(folder: Path) -> Desk:
    """The clinic's own files are not what is tested."""
    before = os.umask(0o022)
    try:
        return desk(folder, 2)
    finally:
        os.umask(before)


def test_a_second_run_into_a_folder_says_so_and_leaves_it_alone(tmp_path: Path) -> None:
    place = desk(tmp_path, 2)
    assert place.generate().code == 0
    before = Made(place.out).digests()
    done = place.generate()
    assert (done.code, done.out) == (2, "")
    assert "a run stands in this folder already" in done.err
    assert "--resume" in done.err
    assert "--overwrite" in done.err
    assert Made(place.out).digests() == before


def test_a_program_that_asks_for_nothing_else_writes_over_no_run(tmp_path: Path) -> None:
    place = desk(tmp_path, 2)
    assert place.generate().code == 0
    before = Made(place.out).digests()
    options = Options(lists=(place.listed,), clinic=place.clinic, out=place.out)
    with pytest.raises(UsageError, match="a run stands in this folder already"):
        generate(options, lambda done, planned: None)
    assert Made(place.out).digests() == before


def test_overwriting_leaves_nothing_of_the_run_before(tmp_path: Path) -> None:
    place = desk(tmp_path, 3)
    assert place.generate("--issued-at", "2026-11-29T18:00").code == 0
    assert place.generate("--overwrite", "--only", "A-0002").code == 0
    made = Made(place.out)
    assert made.appointments == ["A-0002"]
    assert [made.file(packet) for packet in made.packets] == sorted((place.out / "packets").iterdir())


def test_what_is_known_of_paper_that_came_back_is_not_lost_by_overwriting_even_if_it_cannot_be_read(
    tmp_path: Path,
) -> None:
    place = desk(tmp_path, 1)
    assert place.generate().code == 0
    before = Made(place.out).digests()
    (place.out / CAME_BACK).write_bytes(b"no database at all " * 100)
    done = place.generate("--overwrite")
    assert (done.code, "paper of the run in this folder came back" in done.err) == (2, True)
    assert Made(place.out).digests() == before


def test_a_file_that_cannot_be_removed_is_told(tmp_path: Path) -> None:
    (tmp_path / "packets" / "in the way").mkdir(parents=True)
    with pytest.raises(OutputError, match="packets"):
        RunFolder(tmp_path).remove("packets")


@pytest.mark.parametrize("more", [[], ["--overwrite"], ["--resume"]])
def test_a_folder_of_other_things_is_never_touched(tmp_path: Path, more: list[str]) -> None:
    place = desk(tmp_path, 1)
    place.out.mkdir()
    (place.out / "thesis.txt").write_text("years of work")
    done = place.generate(*more)
    assert done.code == 2
    assert "this folder holds files that are no run" in done.err
    assert [each.name for each in place.out.iterdir()] == ["thesis.txt"]


def test_overwriting_nothing_prints(tmp_path: Path) -> None:
    place = desk(tmp_path, 1)
    assert place.generate("--overwrite").code == 0
    assert Made(place.out).appointments == ["A-0001"]


def test_overwriting_leaves_what_the_run_did_not_make(tmp_path: Path) -> None:
    place = desk(tmp_path, 1)
    assert place.generate().code == 0
    (place.out / "packets" / "scan-of-signed-consent.pdf").write_text("signed")
    assert place.generate("--overwrite").code == 0
    assert (place.out / "packets" / "scan-of-signed-consent.pdf").read_text() == "signed"


def test_a_link_in_place_of_the_packets_is_not_followed(tmp_path: Path) -> None:
    place, other = desk(tmp_path, 1), tmp_path / "other"
    assert place.generate().code == 0
    (place.out / "packets").rename(other)
    (place.out / "packets").symlink_to(other)
    before = sorted(other.iterdir())
    assert place.generate("--overwrite").code == 2
    assert sorted(other.iterdir()) == before


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    place = desk(tmp_path, 1)
    place.out.write_text("a file")
    done = place.generate()
    assert done.code in {2, 5}
    assert str(place.out) in done.err


def test_two_runs_never_write_into_one_folder_at_once(tmp_path: Path) -> None:
    place = desk(tmp_path, 1)
    assert place.generate().code == 0
    with FileLock(place.out / ".lock"):
        done = place.generate("--overwrite")
    assert done.code == 2
    assert "another run is writing into this folder" in done.err


@pytest.mark.parametrize("size", [100, 4_000, 40_000])
def test_a_full_disk_ends_in_a_clear_error_and_a_folder_that_resumes(tmp_path: Path, size: int) -> None:
    place = desk(tmp_path, 3)
    assert place.generate(out=tmp_path / "undisturbed").code == 0

    def no_file_longer() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    words = [sys.executable, ROOT / "cli.py", *place.arguments()]
    struck = subprocess.run(
        [str(word) for word in words],
        preexec_fn=no_file_longer,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert struck.returncode == 5, struck.stderr
    assert "could not be written" in struck.stderr or "cannot be used" in struck.stderr
    assert "Traceback" not in struck.stderr
    assert not list(place.out.rglob("*.pdf"))
    begun = (place.out / "journal.sqlite").is_file() and (place.out / "journal.sqlite").stat().st_size
    assert place.generate("--resume" if begun else "--overwrite").code == 0
    assert Made(place.out).digests() == Made(tmp_path / "undisturbed").digests()


def test_files_are_on_the_disk_before_they_get_their_names_and_these_before_the_journal_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, events = desk(tmp_path, 3), list[tuple[str, str]]()
    fsync, replace, record = os.fsync, Path.replace, Journal.record

    def name(path: str | Path) -> str:
        return os.path.relpath(path, place.out)

    def synced(handle: int) -> None:
        events.append(("synced", name(Path(f"/proc/self/fd/{handle}").readlink())))
        fsync(handle)

    def replaced(path: Path, target: Path) -> Path:
        events.append(("named", name(path)))
        return replace(path, target)

    def recorded(journal: Journal, entries: Sequence[Entry]) -> None:
        events.extend(("recorded", each.file) for each in entries)
        record(journal, entries)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    monkeypatch.setattr(Journal, "record", recorded)
    assert place.generate().code == 0
    named = [path for what, path in events if what == "named"]
    assert len(named) == 6  # three packets, the print run, the manifest and the problems
    assert events.index(("synced", "..")) < next(at for at, (what, _) in enumerate(events) if what == "recorded")
    for path in named:
        at = events.index(("named", path))
        file, folder = path[: path.rindex(".", 0, -len(".part"))], str(Path(path).parent)
        assert ("synced", path) in events[:at], file
        assert ("synced", folder) in events[at:], file
        if folder == "packets":
            assert ("synced", folder) in events[at : events.index(("recorded", file))], file
            assert ("synced", ".") in events[at : events.index(("recorded", file))], file
