"""Reading scans is stopped, killed, or the disk fails: the same command again ends as if nothing had happened."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from handouts.run.folder import Digesting
from handouts.scan import assigning, collect
from handouts.scan.binding import Binder
from handouts.scan.collect import collecting
from handouts.scan.index import INDEX, Index, PageEntry
from handouts.scan.model import Fate
from handouts.scan.opening import Opener
from tests.run.making import ROOT, Done, desk, handouts, started, strike
from tests.scan.paper import BOTH, Paper, contradictory, scanned

State: TypeAlias = tuple[list[PageEntry], dict[str, bytes]]


@pytest.fixture(scope="module")
def files(printed: Paper, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two files: with pages for packets, one that comes twice, one to look at and one that waits."""
    folder = tmp_path_factory.mktemp("files")
    two = printed.page(1, 2, ("patient",))
    waiting = [contradictory(printed.page(0, page), printed.page(1, page)) for page in (1, 2)]
    first = scanned(folder / "first.tif", printed.page(0, 2, BOTH), two, waiting[0])
    return [first, scanned(folder / "second.pdf", printed.page(1, 2, BOTH, seed=2), waiting[1])]


@pytest.fixture(scope="module")
def undisturbed(printed: Paper, files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> State:
    """How it ends if nothing happens."""
    paper = printed.copy(tmp_path_factory.mktemp("undisturbed") / "run")
    assert paper.scan(*files).code == 3
    assert [each["state"] for each in paper.status()["appointments"]] == ["complete", "complete"]
    kept = state(paper)
    assert {Path(name).parts[0] for name in kept[1]} == {"originals", "packets", "copies", "queue", "fhir"}
    return kept


def state(paper: Paper) -> State:
    """All that is known, and all that is kept; records tell when they were made."""
    return paper.pages(), {name: b"" if "fhir" in name else data for name, data in paper.files().items()}


def finished(paper: Paper, files: list[Path]) -> State:
    """The same command again."""
    assert paper.scan(*files).code in {0, 3}
    return state(paper)


def struck(paper: Paper, files: list[Path], signal: str, moment: int) -> Done:
    """The command, struck at a step that it takes in the folder of what comes back."""
    words: list[str | Path] = ["scan", *files, "--run", paper.folder]
    return started(strike("once", signal, moment, paper.returned, words), cwd=ROOT)


@pytest.mark.parametrize("moment", [1, 12, 29, 47, 70])
def test_killed_at_any_moment_and_read_again_it_ends_as_undisturbed(
    paper: Paper, files: list[Path], undisturbed: State, moment: int
) -> None:
    assert struck(paper, files, "SIGKILL", moment).code == -9
    assert finished(paper, files) == undisturbed
    assert not list(paper.folder.rglob("*.part"))


def test_stopped_by_a_person_it_says_so_and_ends_as_undisturbed_when_it_is_done_again(
    paper: Paper, files: list[Path], undisturbed: State
) -> None:
    done = struck(paper, files, "SIGINT", 30)
    assert (done.code, done.out) == (130, "")
    assert done.err == (
        "handouts: stopped; what was read so far is kept\n"
        "  Read the same files again: those that were read are known, and nothing is read twice.\n"
    )
    assert finished(paper, files) == undisturbed


def test_stopped_when_all_is_read_and_nothing_bound_yet_it_ends_as_undisturbed(
    paper: Paper, files: list[Path], undisturbed: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(self: Binder) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Binder, "bind", stopped)
        assert paper.scan(*files).code == 130
    assert paper.standing(0)["state"] == "complete", "what is read is known"
    assert finished(paper, files) == undisturbed


def test_a_page_that_a_person_was_telling_of_when_all_ended_is_shown_no_more_by_whatever_is_done_next(
    paper: Paper, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    assert paper.scan(*files).code == 3
    item, other = (each.item for each in paper.pages() if each.fate is Fate.QUEUE)
    with monkeypatch.context() as patch:
        patch.setattr(assigning, "queue_file", stopped)
        assert paper.assign(item, "--aside").code == 130
    assert paper.assign("12345678-001", "--aside").code == 2
    assert [each.stem for each in (paper.returned / "queue").iterdir()] == [other]


# -- a disk that fails -----------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["originals", "queue", "packets", "fhir"])
def test_a_full_disk_is_told_and_nothing_is_lost(
    paper: Paper, files: list[Path], undisturbed: State, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    real = Digesting.write

    def full(self: Any, data: bytes) -> None:
        if f"/{what}/" in self._out.name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(self, data)

    with monkeypatch.context() as patch:
        patch.setattr(Digesting, "write", full)
        done = paper.scan(*files)
    assert done.code == 5
    assert f"/{what}/" in done.err
    assert "No space left on device" in done.err
    assert "Make room or mend the permissions, then read the same files again." in done.err
    assert finished(paper, files) == undisturbed


def test_a_disk_that_fails_to_keep_is_told_and_nothing_is_lost(
    paper: Paper, files: list[Path], undisturbed: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(handle: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        done = paper.scan(*files)
    assert (done.code, "Input/output error" in done.err) == (5, True)
    assert not paper.pages()
    assert finished(paper, files) == undisturbed


def test_an_index_that_is_damaged_is_told(paper: Paper, files: list[Path]) -> None:
    (paper.folder / INDEX).write_bytes(b"no database at all, but long enough to be looked at" * 100)
    for done in (paper.scan(*files), handouts("status", paper.folder)):
        assert (done.code, INDEX in done.err, "read the scans again" in done.err) == (5, True, True)


def test_a_folder_that_cannot_be_made_is_told(paper: Paper, files: list[Path], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    done = paper.scan(*files, out=tmp_path / "file" / "kept")
    assert (done.code, str(tmp_path / "file") in done.err) == (5, True)
    assert paper.scan(files[1]).code == 3, "and another one may be named"


# -- several at once, and who may look ---------------------------------------------------------------


def test_two_readings_into_one_folder_are_not_mixed(paper: Paper, files: list[Path], undisturbed: State) -> None:
    with collecting(paper.folder, None, datetime.now(UTC)):
        done = paper.scan(*files)
        refused = paper.assign("12345678-001", "--aside")
    for each in (done, refused):
        assert each.code == 2
        assert "scans are being read into this folder" in each.err
    assert finished(paper, files) == undisturbed


def test_of_two_first_readings_into_different_folders_only_one_goes_on(
    paper: Paper, files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = collect._held

    @contextmanager
    def late(path: Path) -> Iterator[None]:
        with Index(paper.folder / INDEX) as index:
            index.keep_in(str(tmp_path / "first"))  # as the other does just now
        with held(path):
            yield

    monkeypatch.setattr(collect, "_held", late)
    done = paper.scan(*files, out=tmp_path / "second")
    assert (done.code, "kept in another folder" in done.err) == (2, True)
    assert not paper.pages()


def test_while_what_came_back_cannot_be_reached_nothing_is_read_and_nothing_forgotten(
    paper: Paper, files: list[Path], tmp_path: Path
) -> None:
    drive = tmp_path / "drive"
    assert paper.scan(files[0], out=drive).code == 3
    before = paper.pages(), paper.status()
    drive.rename(tmp_path / "unplugged")
    done = paper.scan(files[1])
    assert (done.code, "is here no more" in done.err, drive.exists()) == (2, True, False)
    assert (paper.pages(), paper.status()) == before
    (tmp_path / "unplugged").rename(drive)
    assert paper.scan(files[1]).code == 3
    assert [each["state"] for each in paper.status()["appointments"]] == ["complete", "complete"]


def test_a_run_of_which_paper_came_back_is_not_replaced(tmp_path: Path) -> None:
    place = desk(tmp_path, 1)
    assert place.generate().code == 0
    paper = Paper(place.out)
    assert paper.scan(scanned(tmp_path / "one.png", paper.page(0, 2, BOTH))).code == 0
    done = place.generate("--overwrite")
    assert (done.code, "came back" in done.err) == (2, True)
    assert place.generate("--resume").code == 0
    assert paper.standing(0)["state"] == "complete"


def test_what_others_keep_in_the_folder_stays(paper: Paper, files: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "documents"
    others = [out / "film.mkv.part", out / "packets" / "mine.part", out / "letters" / "a.0123abcd.part"]
    for each in others:
        each.parent.mkdir(parents=True, exist_ok=True)
        each.write_text("mine")
    assert paper.scan(files[1], out=out).code == 3
    assert [each.read_text() for each in others] == ["mine"] * 3


@pytest.mark.parametrize("umask", [0o000, 0o777], ids=oct)
def test_what_came_back_is_its_owners_alone(paper: Paper, files: list[Path], tmp_path: Path, umask: int) -> None:
    before = set(tmp_path.rglob("*"))
    was = os.umask(umask)
    try:
        assert paper.scan(*files, out=tmp_path / "some" / "where").code == 3
        assert handouts("status", paper.folder, "--csv", tmp_path / "a.csv", "--pdf", tmp_path / "a.pdf").code == 0
    finally:
        os.umask(was)
    made = set(tmp_path.rglob("*")) - before
    assert len(made) > 14
    for each in made:
        assert stat.S_IMODE(each.stat().st_mode) == (0o700 if each.is_dir() else 0o600), each.name


def test_the_process_that_opens_files_ends_with_the_command(paper: Paper, files: list[Path]) -> None:
    with Opener(paper.run) as opener:
        next(opener.pages(files[0]))
        assert opener._child is not None
        process = opener._child.process
    assert not process.is_alive()
