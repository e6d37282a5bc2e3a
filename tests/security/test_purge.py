"""`handouts purge`: a run goes for good, nothing else does, and what that cannot promise is said."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from handouts.run import names
from handouts.run.folder import RunFolder
from tests.run.making import MOMENTS, ROOT, Desk, Done, Made, desk, handouts, mentions, started, struck_at_moments
from tests.security.marked import people, secrets


@pytest.fixture
def place(tmp_path: Path) -> Desk:
    """A desk with a run of three packets."""
    made = desk(tmp_path, people(3))
    assert made.generate().code == 0
    return made


def purge(*words: str | Path) -> Done:
    done = handouts("purge", *words)
    assert not mentions([done.out, done.err], secrets(people(3)))
    return done


def files(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*"))


def test_nothing_of_a_run_is_left(place: Desk) -> None:
    done = purge(place.out)
    assert (done.code, done.err) == (0, "")
    assert f"{place.out}: 6 files deleted." in done.out
    assert not place.out.exists()
    assert place.listed.exists()


@pytest.mark.parametrize("told", ["printer", "backups", "snapshots", "synced", "e-mail", "SSD"])
def test_what_cannot_be_promised_is_said(place: Desk, told: str) -> None:
    assert told in purge(place.out).out


def test_a_long_run_goes_with_its_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "_MOST_IN_ONE_FOLDER", 5)
    monkeypatch.setattr(names, "_ON_ONE_SHELF", 2)
    place = desk(tmp_path, 7)
    assert place.generate().code == 0
    assert (place.out / "packets" / "1-2").is_dir()
    assert purge(place.out).code == 0
    assert not place.out.exists()


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt", "packets/scan-of-signed-consent.pdf", "packets/0001.pdf", "print-run.pdf.bak", "scans/one.pdf",
        "journal.sqlite.bak", "packets/0001-2-3.pdf.part", "manifest.json~", "packets/1-2/scan.pdf",
    ],
)  # fmt: skip
def test_what_no_run_makes_stays_and_is_named(place: Desk, name: str) -> None:
    foreign = place.out / name
    foreign.parent.mkdir(exist_ok=True)
    foreign.write_text("years of work")
    done = purge(place.out)
    assert done.code == 0
    assert foreign.read_text() == "years of work"
    assert "stays, no run made it: " + ("scans" if "scans" in name else name) in done.out
    assert [each for each in files(place.out) if (place.out / each).is_file()] == [name]


@MOMENTS
def test_what_a_killed_run_left_half_written_goes_too(tmp_path: Path, every: int) -> None:
    place = desk(tmp_path, people(3))
    seen = 0
    for each in struck_at_moments("SIGKILL", every, tmp_path / "runs", place.wanted):
        if not each.out.exists():
            continue
        seen += any(name.endswith(".part") for name in files(each.out))
        if not files(each.out):
            continue
        done = purge(each.out)
        assert done.code == 0, (each.out.name, done.err)
        assert not each.out.exists(), files(each.out)
    assert seen > 5 // every


def test_a_rehearsal_deletes_nothing(place: Desk) -> None:
    before = Made(place.out).digests()
    done = purge(place.out, "--dry-run")
    assert (done.code, f"{place.out}: 6 files would be deleted." in done.out) == (0, True)
    assert Made(place.out).digests() == before


# -- what is refused -------------------------------------------------------------------------------


def test_a_folder_that_is_no_runs_is_refused(tmp_path: Path) -> None:
    for name in ("packets/0001-0123456789ABCDEFGHJK.pdf", "print-run.pdf", "manifest.json", ".lock"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("not ours")
    before = files(tmp_path)
    done = purge(tmp_path)
    assert (done.code, "this folder is no run's" in done.err) == (2, True)
    assert files(tmp_path) == before


@pytest.mark.parametrize("words", [[], ["--older-than", "30"], ["--older-than", "0d"], ["--older-than", "x", "."]])
def test_what_is_not_clear_is_refused(words: list[str]) -> None:
    assert handouts("purge", *words).code == 2


def test_a_run_that_is_being_written_is_refused(place: Desk) -> None:
    before = Made(place.out).digests()
    with FileLock(place.out / ".lock"):
        done = purge(place.out)
    assert (done.code, "another run is writing into this folder" in done.err) == (2, True)
    assert Made(place.out).digests() == before
    assert purge(place.out).code == 0


def test_a_link_to_a_run_is_refused(place: Desk) -> None:
    link = place.folder / "latest"
    link.symlink_to(place.out)
    before = Made(place.out).digests()
    done = purge(link)
    assert (done.code, "this is a link" in done.err) == (2, True)
    assert Made(place.out).digests() == before


@pytest.mark.parametrize("what", ["packets", "packets/1-2"])
def test_packets_that_lead_elsewhere_are_refused(place: Desk, what: str) -> None:
    other = place.folder / "other"
    if what == "packets":
        (place.out / what).rename(other)
    else:
        shutil.copytree(place.out / "packets", other)
    (place.out / what).symlink_to(other)
    before = files(other)
    done = purge(place.out)
    assert (done.code, "leads to another folder" in done.err) == (2, True)
    assert files(other) == before
    assert (place.out / "print-run.pdf").is_file()


def test_a_link_in_place_of_a_file_stays_and_so_does_what_it_leads_to(place: Desk) -> None:
    other = place.folder / "elsewhere.pdf"
    (place.out / "print-run.pdf").rename(other)
    (place.out / "print-run.pdf").symlink_to(other)
    done = purge(place.out)
    assert (done.code, "stays, no run made it: print-run.pdf" in done.out) == (0, True)
    assert other.is_file()


def test_one_run_that_cannot_go_keeps_no_other(place: Desk) -> None:
    second = place.folder / "second"
    assert place.generate(out=second).code == 0
    done = purge(place.folder, place.out, second)
    assert (done.code, "no run's" in done.err) == (2, True)
    assert not place.out.exists()
    assert not second.exists()


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Makes a folder one that its owner alone may look into, and we are somebody else."""
    is_file = Path.is_file

    def close(folder: Path) -> None:
        def refused(path: Path) -> bool:
            if path.parent == folder:
                raise PermissionError(13, "Permission denied", str(path))
            return is_file(path)

        monkeypatch.setattr(Path, "is_file", refused)

    return close


def test_a_run_of_somebody_else_keeps_no_other(place: Desk, closed: Callable[[Path], None]) -> None:
    second, third = place.folder / "second", place.folder / "third"
    assert [place.generate(out=each).code for each in (second, third)] == [0, 0]
    closed(second)
    done = purge(place.out, second, third)
    assert (done.code, f"{second}: cannot be looked into: Permission denied" in done.err) == (5, True)
    assert [each.exists() for each in (place.out, second, third)] == [False, True, False]
    assert f"{place.out}: " in done.out


def test_a_purge_that_is_interrupted_tells_what_is_gone(place: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    second, third = place.folder / "second", place.folder / "third"
    assert [place.generate(out=each).code for each in (second, third)] == [0, 0]
    unlink = Path.unlink

    def interrupted(path: Path, missing_ok: bool = False) -> None:
        if path.is_relative_to(second) and path.name.startswith("0002-"):
            raise KeyboardInterrupt
        unlink(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", interrupted)
        done = purge(place.out, second, third)
    assert (done.code, f"{second}: stopped here" in done.err) == (130, True)
    assert f"{place.out}: 6 files deleted." in done.out
    assert (second / "journal.sqlite").is_file()
    assert purge(second, third).code == 0
    assert not [each for each in (place.out, second, third) if each.exists()]


def test_a_rehearsal_that_is_interrupted_deleted_nothing(place: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(folder: RunFolder) -> list[Path]:
        raise KeyboardInterrupt

    monkeypatch.setattr(RunFolder, "made", interrupted)
    done = purge("--dry-run", place.out)
    assert (done.code, "stopped before anything was written" in done.err) == (130, True)
    assert (place.out / "print-run.pdf").is_file()


# -- by age ----------------------------------------------------------------------------------------


def runs_of_days_ago(place: Desk, *days: int) -> Path:
    """A folder of runs that were issued so many days and an hour ago, named by the days."""
    folder = place.folder / "runs"
    for each in days:
        issued = datetime.now().astimezone() - timedelta(days=each, hours=1)
        done = place.generate("--issued-at", f"{issued:%Y-%m-%dT%H:%M%z}", out=folder / str(each))
        assert done.code == 0, done.err
    return folder


def test_only_older_runs_go_and_age_is_told_by_the_journal(place: Desk) -> None:
    folder = runs_of_days_ago(place, 5, 29, 30, 400)
    for each in folder.rglob("*"):
        os.utime(each, (0, 0))  # as old as can be
    os.utime(folder / "400" / "journal.sqlite")
    (folder / "notes").mkdir()
    (folder / "old.txt").touch()
    (folder / "link").symlink_to(folder / "400")
    rehearsed = purge("--older-than", "30d", "--dry-run", folder)
    assert sorted(each.name for each in folder.iterdir()) == ["29", "30", "400", "5", "link", "notes", "old.txt"]
    done = purge("--older-than", "30d", folder)
    assert (rehearsed.code, done.code) == (0, 0)
    assert "30: 6 files would be deleted" in rehearsed.out
    assert sorted(each.name for each in folder.iterdir()) == ["29", "5", "link", "notes", "old.txt"]
    assert "There is no such run." in purge("--older-than", "30d", folder).out


def test_the_folder_is_output_unless_told_otherwise(place: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = runs_of_days_ago(place, 3)
    folder.rename(place.folder / "output")
    monkeypatch.chdir(place.folder)
    assert purge("--older-than", "2d").code == 0
    assert not list((place.folder / "output").iterdir())


def test_where_no_run_was_ever_made_there_is_none(place: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place.folder)
    done = purge("--older-than", "2d")
    assert (done.code, done.out, done.err) == (0, "There is no such run.\n", "")


def test_a_folder_of_runs_that_cannot_be_looked_into_is_told(place: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = runs_of_days_ago(place, 40)

    def refused(path: Path) -> list[Path]:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "iterdir", refused)
        done = purge("--older-than", "30d", folder)
    assert (done.code, f"{folder}: cannot be looked into" in done.err) == (5, True)
    assert (folder / "40" / "print-run.pdf").is_file()


def test_an_old_run_of_somebody_else_is_told_and_keeps_no_other(place: Desk, closed: Callable[[Path], None]) -> None:
    folder = runs_of_days_ago(place, 40, 50, 60)
    closed(folder / "50")
    done = purge("--older-than", "30d", folder)
    assert (done.code, "cannot be looked into" in done.err) == (5, True)
    assert [each.name for each in folder.iterdir()] == ["50"]


@pytest.mark.parametrize("journal", [b"", b"Zqgiven001 no database at all" * 40])
def test_a_run_whose_age_nobody_knows_is_told_and_can_be_named(place: Desk, journal: bytes) -> None:
    folder = runs_of_days_ago(place, 40, 50)
    (folder / "40" / "journal.sqlite").write_bytes(journal)
    done = purge("--older-than", "30d", folder)
    assert (done.code, "how old this run is cannot be told" in done.err) == (2, True)
    assert [each.name for each in folder.iterdir()] == ["40"]
    assert (folder / "40" / "journal.sqlite").read_bytes() == journal
    assert purge(folder / "40").code == 0


@pytest.mark.parametrize("said", ["the other day", "", b"2026"])
def test_a_run_whose_journal_tells_no_day_is_told_and_stays(place: Desk, said: object) -> None:
    folder = runs_of_days_ago(place, 40, 50)
    with closing(sqlite3.connect(folder / "40" / "journal.sqlite")) as journal, journal:
        journal.execute("UPDATE run SET issued_at = ?", (said,))
    done = purge("--older-than", "30d", folder)
    assert (done.code, "how old this run is cannot be told" in done.err) == (2, True)
    assert [each.name for each in folder.iterdir()] == ["40"]


# -- interrupted -----------------------------------------------------------------------------------

STRUCK = """
import os, shutil, signal, sys
import cli, handouts.run.purge
original, number = sys.argv[1], int(sys.argv[2])
for moment in range(1, 1000):
    run = f"{original}-{moment}"
    shutil.copytree(original, run)
    child = os.fork()
    if child == 0:
        steps = 0
        def on_event(event, arguments):
            global steps
            if event in {"os.remove", "os.rmdir", "open", "os.unlink"} and str(arguments[0]).startswith(run):
                steps += 1
                if steps == moment:
                    os.kill(os.getpid(), number)
        sys.addaudithook(on_event)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        try:
            cli.main(["purge", run], prog_name="handouts")
        finally:
            os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != -number:
        break
print(moment)
"""


def test_a_purge_that_is_killed_at_any_moment_goes_on_when_it_is_asked_again(place: Desk) -> None:
    done = started([sys.executable, "-c", STRUCK, place.out, "9"], cwd=ROOT)
    assert done.code == 0, done.err
    moments = int(done.out)
    assert moments > 12
    for moment in range(1, moments):
        run = Path(f"{place.out}-{moment}")
        if any(run.rglob("*.pdf")):
            assert (run / "journal.sqlite").is_file(), moment  # still known as a run's
        if files(run):
            assert purge(run).code == 0, (moment, files(run))
            assert not run.exists()


def test_a_file_that_cannot_be_deleted_is_told_and_the_purge_can_go_on(
    place: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink = Path.unlink

    def refused(path: Path, missing_ok: bool = False) -> None:
        if path.name.startswith("0002-"):
            raise PermissionError(13, "Permission denied", str(path))
        unlink(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refused)
        done = purge(place.out)
    assert (done.code, "could not be deleted: Permission denied" in done.err) == (5, True)
    assert purge(place.out).code == 0
    assert not place.out.exists()
