"""What was kept is moved, deleted, linked elsewhere or edited by hand: nothing is lost unseen, nothing goes astray."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from handouts.run.names import MANIFEST
from handouts.scan.index import INDEX
from handouts.scan.opening import Opener, UnreadableFile
from tests.run.making import handouts
from tests.scan.paper import BOTH, Paper, foreign, scanned, settled


def test_a_folder_that_is_gone_is_told_and_not_begun_anew(paper: Paper, tmp_path: Path) -> None:
    out = tmp_path / "drive" / "kept"
    first, second = (scanned(tmp_path / f"{page}.png", paper.page(0, page, BOTH)) for page in (1, 2))
    assert paper.scan(second, out=out).code == 0
    out.parent.rename(tmp_path / "unplugged")
    for done in (paper.scan(first), paper.scan(second), paper.assign("12345678-001", "--aside")):
        assert (done.code, str(out) in done.err, "Bring the folder back" in done.err) == (2, True, True)
        assert not out.parent.exists()
    (tmp_path / "unplugged").rename(out.parent)
    assert paper.scan(first).code == 0
    assert paper.standing(0)["pages_returned"] == [1, 2]


def test_a_scan_whose_copy_was_deleted_takes_no_page_out_of_its_packet_and_is_kept_when_it_is_read_again(
    paper: Paper, tmp_path: Path
) -> None:
    first, second = (scanned(tmp_path / f"{page}.png", paper.page(0, page, BOTH)) for page in (1, 2))
    assert paper.scan(second).code == 0
    for each in (paper.returned / "originals").iterdir():
        each.unlink()
    other = scanned(tmp_path / "other.png", paper.page(1, 2, BOTH))
    done = paper.scan(first, other)
    assert (done.code, "read that scan again" in done.err) == (5, True)
    assert (paper.bound(0), paper.bound(1)) == ([2], [2]), "the one stays, the other is bound"
    assert paper.scan(second.rename(tmp_path / "again.jpg")).code == 0
    assert paper.bound(0) == [1, 2]
    assert paper.standing(0)["state"] == "complete"


def test_a_packet_that_cannot_be_bound_silences_nothing_that_is_said_of_others(paper: Paper, tmp_path: Path) -> None:
    first, second = (scanned(tmp_path / f"{page}.png", paper.page(0, page, BOTH)) for page in (1, 2))
    assert paper.scan(second).code == 0
    for each in (paper.returned / "originals").iterdir():
        each.unlink()
    assert paper.scan(first).code == 5
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"no PDF")
    told = paper.told(
        settled(bad),
        scanned(
            tmp_path / "other.png",
            paper.page(1, 2, BOTH),
        ),
    )
    assert (told["exit_code"], "read that scan again" in told["not_bound"]) == (5, True)
    assert [bool(each["problem"]) for each in told["files"]] == [True, False]
    item = paper.standing(1)["signatures"][0]["item"]
    assert paper.decide(item, "--empty").code == 0, "of another packet"
    assert paper.standing(1)["state"] == "returned"
    assert paper.decide(paper.standing(0)["signatures"][0]["item"], "--empty").code == 5


def test_a_packet_that_cannot_be_bound_as_a_whole_keeps_no_other(
    paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = scanned(tmp_path / "all.tif", *paper.packet(0, BOTH), *paper.packet(1, BOTH))
    first = min(paper.ids)
    real = Opener.bound

    def failing(self: Opener, leaves: Any) -> bytes:
        made = real(self, leaves)
        if len(leaves) > 1 and not tried:
            tried.append(True)
            raise UnreadableFile("it takes too much time or memory")
        return made

    tried: list[bool] = []
    with monkeypatch.context() as patch:
        patch.setattr(Opener, "bound", failing)
        done = paper.scan(file)
    assert (done.code, first in done.err) == (5, True)
    assert paper.bound(1 - paper.ids.index(first)) == [1, 2]
    assert paper.scan(file).code == 0
    assert [paper.bound(0), paper.bound(1)] == [[1, 2], [1, 2]]


def test_a_run_that_was_moved_with_what_came_back_goes_on(paper: Paper, tmp_path: Path) -> None:
    assert paper.scan(scanned(tmp_path / "a.png", paper.page(0, 2, BOTH))).code == 0
    moved = Paper(Path(shutil.move(paper.folder, tmp_path / "moved")))
    assert moved.scan(scanned(tmp_path / "b.png", moved.page(0, 1))).code == 0
    assert moved.bound(0) == [1, 2]


def test_no_link_in_the_folder_is_followed(paper: Paper, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    paper.returned.mkdir()
    file = scanned(tmp_path / "one.tif", paper.page(0, 2, BOTH), paper.page(0, 2), foreign())
    for name in ("packets", "originals", "queue", "copies", "fhir", "look", ".lock"):
        (paper.returned / name).unlink(missing_ok=True)
        (paper.returned / name).symlink_to(tmp_path / "elsewhere")
        done = paper.scan(file)
        assert (done.code, str(paper.returned / name) in done.err) == (5, True), name
        assert not list((tmp_path / "elsewhere").iterdir())
        (paper.returned / name).unlink()
    assert paper.scan(file).code == 3


@pytest.mark.parametrize("leads", [True, False], ids=["to a file", "nowhere"])
def test_no_link_in_place_of_the_index_is_followed(paper: Paper, tmp_path: Path, leads: bool) -> None:
    elsewhere = tmp_path / "elsewhere"
    if leads:
        elsewhere.touch(mode=0o644)
        elsewhere.chmod(0o644)
    (paper.folder / INDEX).symlink_to(elsewhere)
    for done in (paper.scan(scanned(tmp_path / "a.png", paper.page(0, 2, BOTH))), handouts("status", paper.folder)):
        assert (done.code, str(paper.folder / INDEX) in done.err) == (5, True)
    assert elsewhere.exists() is leads
    assert not leads or (elsewhere.stat().st_size, stat.S_IMODE(elsewhere.stat().st_mode)) == (0, 0o644)


@pytest.mark.parametrize("which", ["run", "out"])
def test_a_folder_whose_name_is_not_utf8_is_told(paper: Paper, tmp_path: Path, which: str) -> None:
    odd = tmp_path / os.fsdecode(b"odd\xff")
    file = scanned(tmp_path / "a.png", paper.page(0, 2, BOTH))
    moved = Paper(Path(shutil.move(paper.folder, odd / "run"))) if which == "run" else paper
    done = moved.scan(file, out=odd / "kept" if which == "out" else None)
    assert (done.code, "is not in UTF-8" in done.err, "--out" in done.err) == (2, True, True)
    assert moved.scan(file, out=tmp_path / "kept").code == 0


def test_the_name_of_the_folder_reaches_no_terminal_as_it_is(paper: Paper, tmp_path: Path) -> None:
    done = paper.scan(scanned(tmp_path / "a.png", foreign()), out=tmp_path / "red\x1b[31m")
    assert done.code == 3
    assert not [letter for letter in done.out if not letter.isprintable() and letter != "\n"]


@pytest.mark.parametrize("edit", ["page SET fate = 'lost'", "page SET doubt = 'some'", "field SET state = 'perhaps'"])
def test_an_index_that_was_edited_by_hand_is_told(paper: Paper, tmp_path: Path, edit: str) -> None:
    file = scanned(tmp_path / "a.png", paper.page(0, 2, BOTH))
    assert paper.scan(file).code == 0
    with closing(sqlite3.connect(paper.folder / INDEX)) as index, index:
        index.execute(f"UPDATE {edit}")
    for done in (paper.scan(file, scanned(tmp_path / "b.png", paper.page(0, 1))), handouts("status", paper.folder)):
        assert (done.code, INDEX in done.err, "read the scans again" in done.err) == (5, True, True)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("file", "packets/../../elsewhere/0001-00000000000000000000.pdf"),
        ("file", "/elsewhere/0001-00000000000000000000.pdf"),
        ("file", "packets/1/2/0001-00000000000000000000.pdf"),
        ("file", "packets"),
        ("layout", "another"),
        ("procedure", "another"),
        ("start", "soon"),
        ("pages", 1),
    ],
)
def test_a_manifest_that_was_edited_by_hand_is_told_and_leads_nowhere(
    paper: Paper, tmp_path: Path, key: str, value: str | int
) -> None:
    file = scanned(tmp_path / "a.png", paper.page(0, 2, BOTH))
    told = json.loads((paper.folder / MANIFEST).read_text(encoding="utf-8"))
    told["packets"][0][key] = value
    (paper.folder / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    before = set(tmp_path.rglob("*"))
    for done in (paper.scan(file), handouts("status", paper.folder)):
        assert (done.code, MANIFEST in done.err, "changed since it was printed" in done.err) == (2, True, True)
    assert set(tmp_path.rglob("*")) == before
