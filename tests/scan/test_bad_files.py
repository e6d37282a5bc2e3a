"""Whatever file is handed in: nothing crashes, nothing hangs, nothing is lost, and the other files are read."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest

from handouts.scan import opening
from handouts.scan.child import Leaf
from handouts.scan.model import Doubt
from handouts.scan.opening import Opener, UnreadableFile
from handouts.scan.pictures import Picture
from tests.run.making import ROOT, started
from tests.scan import bad_files
from tests.scan.bad_files import BAD, NOT_FILES, Make
from tests.scan.paper import BOTH, Paper, foreign, nameless, scanned, settled, shown_pages

BY_NAME = {make.__name__: make for make in (*BAD, *NOT_FILES)}
READ = {bad_files.pdf_with_a_picture_of_60_000_pixels_a_side, bad_files.page_of_no_size, bad_files.page_inside_out}
"""Those that may come to be looked at."""


@pytest.fixture(scope="module")
def told(printed: Paper, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What is told of bad files of every kind between two good ones, by the name of what made them. Each is kept as it
    was given if its pages wait for someone, and not at all if it was not taken in.
    """
    folder = tmp_path_factory.mktemp("bad")
    paper, good = printed.copy(folder / "run"), printed.page(0, 2, BOTH)
    files = {make.__name__: make(folder, good) for make in (*BAD, *NOT_FILES)}
    first, last = scanned(folder / "first.png", good), scanned(folder / "last.pdf", paper.page(1, 2, BOTH))
    began = time.monotonic()
    done = paper.told(first, *files.values(), last)
    assert time.monotonic() - began < 120
    assert done["exit_code"] == 3
    assert {each["state"] for each in paper.status()["appointments"]} == {"complete"}
    assert [paper.bound(0), paper.bound(1)] == [[2], [2]]
    assert not list(paper.returned.rglob("*.part"))
    kept = {each.read_bytes() for each in (paper.returned / "originals").iterdir()}
    by_name = dict(zip(files, done["files"][1:-1], strict=True))
    taken = [name for name, each in by_name.items() if not each["problem"]]
    assert kept == {file.read_bytes() for file in (first, last, *(files[name] for name in taken))}
    assert all(file.exists() for name, file in files.items() if BY_NAME[name] in BAD)
    return by_name


@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
def test_a_bad_file_is_told_with_its_name_and_what_to_do(told: dict[str, dict[str, Any]], make: Make) -> None:
    each = told[make.__name__]
    assert each["file"].startswith("/")
    if each["problem"]:
        assert ";" in each["problem"], "what happened; what to do"
        assert not each["pages"]
        return
    assert each["pages"]
    for page in each["pages"]:
        assert (page["fate"], page["packet_id"]) == ("queue", None)
        assert make in READ or page["doubt"] in {"broken", "unread"}
        assert page["doubt"] != "broken" or "scan it again" in page["note"]


@pytest.mark.parametrize("make", NOT_FILES, ids=lambda make: make.__name__)
def test_what_is_no_file_is_not_taken_in(told: dict[str, dict[str, Any]], make: Make) -> None:
    assert "; " in told[make.__name__]["problem"]
    assert not told[make.__name__]["pages"]


def test_where_no_file_can_be_read_the_exit_code_says_so(paper: Paper, tmp_path: Path) -> None:
    files = bad_files.empty_file(tmp_path, foreign()), tmp_path
    done = paper.scan(*files)
    assert (done.code, done.err) == (4, "")
    assert f"{files[0]}: not taken in: it is empty; scan the paper again" in done.out
    assert f"{files[1]}: not taken in: it is a folder; name the files in it" in done.out
    assert not paper.pages()


# -- names -----------------------------------------------------------------------------------------


def test_the_name_of_a_file_reaches_no_terminal_as_it_is(paper: Paper, tmp_path: Path) -> None:
    names = [b"red\x1b[31m.png", b"two\nlines.png", b"bell\a.png", b"\xff\xfe.png", b"turned \xe2\x80\xae.png"]
    files = [tmp_path / os.fsdecode(name) for name in names]
    good = scanned(tmp_path / "good.png", paper.page(0, 2, BOTH)).read_bytes()
    for number, file in enumerate(files):
        file.write_bytes(good + bytes(number) if number < 3 else b"not a picture")
        settled(file)
    done = started([sys.executable, ROOT / "cli.py", "scan", *files, "--run", paper.folder])
    assert (done.code, done.err) == (3, "")
    assert len(done.out.partition("\n\n")[0].splitlines()) == len(files)
    assert not [letter for letter in done.out if not letter.isprintable() and letter != "\n"]
    assert paper.standing(0)["state"] == "complete"


# -- files that change, or may not be read ---------------------------------------------------------


@contextmanager
def growing(file: Path) -> Iterator[None]:
    """A scanner that is still at it."""
    begun, done = threading.Event(), threading.Event()

    def write() -> None:
        with file.open("ab", buffering=0) as out:
            while not done.wait(0.01):
                out.write(b"more ")
                begun.set()

    scanner = threading.Thread(target=write)
    scanner.start()
    begun.wait()
    try:
        yield
    finally:
        done.set()
        scanner.join()


def test_a_file_that_is_still_being_written_is_left_until_it_is_whole(paper: Paper, tmp_path: Path) -> None:
    file = scanned(tmp_path / "growing.png", paper.page(0, 2, BOTH))
    with growing(file):
        told = paper.told(file)
    assert (told["exit_code"], told["files"][0]["pages"]) == (4, [])
    assert "read it again when the scanner is done" in told["files"][0]["problem"]
    assert not paper.files()
    assert paper.scan(settled(file)).code == 0
    assert paper.standing(0)["state"] == "complete"


def test_a_file_that_may_not_be_read_keeps_no_other(
    paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [scanned(tmp_path / f"{number}.png", paper.page(number, 2, BOTH)) for number in (0, 1)]
    real = os.open

    def refusing(path: Any, *how: Any, **more: Any) -> int:
        if path == files[0]:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *how, **more)

    monkeypatch.setattr(os, "open", refusing)
    told = paper.told(*files)
    assert told["exit_code"] == 3
    assert "Permission denied; check its name and its permissions" in told["files"][0]["problem"]
    assert paper.standing(1)["state"] == "complete"


# -- what a PDF does besides showing pages ---------------------------------------------------------


def test_scripts_links_forms_and_files_in_a_pdf_do_not_reach_the_packet(paper: Paper, tmp_path: Path) -> None:
    file = scanned(tmp_path / "active.pdf", paper.page(0, 2, BOTH))
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('Zqscript')")
    with pikepdf.open(file, allow_overwriting_input=True) as whole:
        page = whole.pages[0].obj
        whole.Root.OpenAction = whole.make_indirect(script)
        whole.Root.AA = pikepdf.Dictionary(WC=script)
        whole.attachments["Zqfile.exe"] = b"MZ Zqattached"
        page.AA = pikepdf.Dictionary(O=script)
        page.Metadata = whole.make_stream(b"<x>Zqmetadata</x>")
        page.PieceInfo = pikepdf.Dictionary(Zqpiece=pikepdf.Dictionary(Private="Zqprivate"))
        link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://Zqlink.example.org/")
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 600, 600], A=link, Border=[0, 0, 0]
        )
        page.Annots = whole.make_indirect(pikepdf.Array([note]))
        whole.save()
    assert paper.scan(settled(file)).code == 0
    assert paper.bound(0) == [2]
    bound = paper.returned / paper.run.manifest.packets[0].file
    with pikepdf.open(bound) as kept:
        assert set(kept.Root.keys()) == {"/Type", "/Pages"}
        assert set(kept.pages[0].obj.keys()) <= {"/Type", "/Parent", "/Contents", "/Resources", "/MediaBox", "/Rotate"}
        kept.save(tmp_path / "plain.pdf", stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
    plain = (tmp_path / "plain.pdf").read_bytes()
    assert not [
        word for word in (b"Zqscr", b"Zqfil", b"Zqatt", b"Zqmet", b"Zqpie", b"Zqpri", b"Zqlin") if word in plain
    ]


def test_a_signature_that_was_drawn_with_a_program_is_in_the_packet_too(paper: Paper, tmp_path: Path) -> None:
    packet = paper.run.manifest.packets[0]
    file = tmp_path / "signed-on-a-tablet.pdf"
    with pikepdf.open(paper.folder / packet.file) as whole:
        page = whole.pages[1]
        strokes = []
        for box in (each.box for each in packet.signatures):
            x, y = np.linspace(box[0] + 10, box[2] - 30, 60), np.linspace(0, 30, 60)
            ups = box[1] + 14 + 11 * np.sin(y)
            strokes.append(pikepdf.Array([round(float(each), 1) for each in np.column_stack([x, ups]).ravel()]))
        ink = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Ink, Rect=[60, 300, 310, 792], C=[0, 0, 0.5], F=4,
            InkList=pikepdf.Array(strokes), BS=pikepdf.Dictionary(W=1.5),
        )  # fmt: skip
        page.obj.Annots = pikepdf.Array([whole.make_indirect(ink)])
        whole.save(file)
    assert paper.scan(settled(file)).code == 0
    assert {each["state"] for each in paper.standing(0)["signatures"]} == {"signed"}
    *_, blank = shown_pages(paper.folder / packet.file)
    *_, kept = shown_pages(paper.returned / packet.file)
    inked = (blank.astype(int) - kept > 100).sum()
    assert inked > 1000, "what was judged is what is kept"


# -- the process that opens files ------------------------------------------------------------------


def stack(paper: Paper, tmp_path: Path) -> tuple[Path, int]:
    """More pages than the process reads ahead."""
    pages: list[Picture] = [paper.page(0, page) for page in (2, 1, 1, 1, 2)]
    return scanned(tmp_path / "stack.tif", *pages), len(pages)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP], ids=["dies", "hangs"])
def test_where_the_process_ends_within_a_page_that_page_is_told_and_the_rest_is_read(
    paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: signal.Signals
) -> None:
    monkeypatch.setattr(opening, "_PATIENCE", 10.0)
    file, count = stack(paper, tmp_path)
    with Opener(paper.run) as opener:
        pages = opener.pages(file)
        readings = [next(pages)]
        assert opener._child is not None
        assert opener._child.process.pid is not None
        os.kill(opener._child.process.pid, end)
        readings += pages
    assert [each.number for each in readings] == list(range(1, count + 1))
    lost = [each for each in readings if each.doubt is Doubt.BROKEN]
    assert len(lost) == 1
    assert "too much time or memory" in lost[0].note
    assert lost[0] is not readings[0]
    assert {each.packet_id for each in readings if each not in lost} >= {paper.ids[0]}


def test_a_process_that_ended_between_two_files_takes_none_with_it(paper: Paper, tmp_path: Path) -> None:
    file = scanned(tmp_path / "one.png", paper.page(0, 2, BOTH))
    with Opener(paper.run) as opener:
        for _ in range(2):
            (reading,) = opener.pages(file)
            assert reading.packet_id == paper.ids[0]
            assert opener._child is not None
            opener._child.process.kill()
            opener._child.process.join()


def test_a_process_that_dies_again_and_again_is_not_started_for_ever(
    paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = scanned(tmp_path / "many.pdf", *[paper.page(0, 1)] * 3)
    monkeypatch.setattr(opening, "_MOST_LOST", 2)
    asked = []
    real = Opener._asked

    def dying(self: Opener, *what: Any) -> Any:
        asked.append(what)
        answer = real(self, *what)
        assert self._child is not None
        self._child.process.kill()
        self._child.process.join()
        self._child.pipe.close()  # with whatever was answered already
        return answer

    monkeypatch.setattr(Opener, "_asked", dying)
    with Opener(paper.run) as opener:
        readings = list(opener.pages(file))
    assert [(each.number, each.doubt) for each in readings] == [(number, Doubt.BROKEN) for number in (1, 2, 3)]
    assert len(asked) == 2


def test_a_page_that_cannot_be_kept_waits_and_the_packet_has_the_rest(
    paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = scanned(tmp_path / "both.tif", paper.page(0, 1), paper.page(0, 2, BOTH))
    real = Opener.bound

    def failing(self: Opener, leaves: Any) -> bytes:
        if any(leaf.number == 1 for leaf in leaves):
            raise opening.UnreadableFile("it takes too much time or memory")
        return real(self, leaves)

    monkeypatch.setattr(Opener, "bound", failing)
    told = paper.told(file)
    assert [(each["fate"], each["doubt"]) for each in told["files"][0]["pages"]] == [
        ("queue", "broken"), ("packet", None),
    ]  # fmt: skip
    assert (told["exit_code"], told["queued"]) == (3, 1)
    assert paper.bound(0) == [2]
    assert paper.scan(file).code == 3, "and the next time nothing is stuck; the page still waits"


def test_a_packet_that_cannot_be_bound_is_told_and_keeps_no_other(
    paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Opener.bound

    def too_large(self: Opener, leaves: Sequence[Leaf]) -> bytes:
        if len(leaves) > 1:
            raise UnreadableFile("it takes too much time or memory")
        return real(self, leaves)

    large, small = (paper.ids.index(each) for each in sorted(paper.ids))
    pages = paper.page(large, 1), paper.page(large, 2, BOTH), paper.page(small, 2, BOTH)
    with monkeypatch.context() as patch:
        patch.setattr(Opener, "bound", too_large)
        done = paper.scan(scanned(tmp_path / "three.pdf", *pages))
    assert (done.code, paper.ids[large] in done.err, "cannot be bound" in done.err) == (5, True, True)
    assert paper.bound(small) == [2]
    assert paper.scan(scanned(tmp_path / "one.pdf", paper.page(small, 1))).code == 0
    assert paper.bound(large) == [1, 2]


def test_every_packet_that_cannot_be_bound_is_told(
    paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_large(self: Opener, leaves: Sequence[Leaf]) -> bytes:
        if len(leaves) > 1:
            raise UnreadableFile("it takes too much time or memory")
        return b"%PDF"

    monkeypatch.setattr(Opener, "bound", too_large)
    done = paper.scan(
        scanned(tmp_path / "four.pdf", *(paper.page(number, page) for number in (0, 1) for page in (1, 2)))
    )
    assert (done.code, [packet_id in done.err for packet_id in paper.ids]) == (5, [True, True]), done.err


def test_a_page_that_cannot_be_kept_goes_on_waiting_whatever_a_person_says(
    paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (page,) = paper.told(scanned(tmp_path / "one.png", nameless(paper.page(0, 2, BOTH))))["files"][0]["pages"]

    def damaged(self: Opener, leaves: Sequence[Leaf]) -> bytes:
        raise UnreadableFile("the page is damaged")

    words = page["item"], "--packet", paper.ids[0], "--page", 2
    with monkeypatch.context() as patch:
        patch.setattr(Opener, "bound", damaged)
        done = paper.assign(*words)
    assert (done.code, "can be read but not kept" in done.err) == (2, True)
    assert paper.status()["queued"] == 1
    assert (paper.returned / "queue" / f"{page['item']}.png").is_file()
    assert paper.assign(*words).code == 0
