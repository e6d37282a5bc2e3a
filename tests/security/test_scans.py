"""Signed paper that comes back: what is told and kept beside the pages holds nothing about a patient."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.run.making import Desk, Done, command, desk, handouts, mentions
from tests.scan.paper import BOTH, Paper, contradictory, foreign, nameless, scanned
from tests.security.marked import people, secrets, told, within
from tests.security.test_privacy import everywhere

PATIENTS = people(3)
SECRETS = secrets(PATIENTS)


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    """Three printed packets."""
    place: Desk = desk(tmp_path, PATIENTS)
    assert place.generate().code == 0
    return Paper(place.out)


def silent(paper: Paper, *ended: Done) -> None:
    """Nothing was told that may not be, and nothing is kept beside pages; originals are kept as others made them."""
    for done in ended:
        assert "Traceback" not in done.err
    kept = [each for each in (paper.folder, paper.returned) if each.is_dir() for each in each.iterdir()]
    around = [each for each in kept if each not in {paper.returned, paper.returned / "originals"}]
    assert not mentions((text for done in ended for text in told(done)), SECRETS)
    assert not mentions((text for each in around for text in _at(each)), SECRETS)
    assert not mentions(map(str, paper.folder.rglob("*")), SECRETS)


def _at(place: Path) -> Iterator[str]:
    return told(Done(0, "", ""), place) if place.is_dir() else within(place, set())


def test_nothing_about_a_patient_is_told_or_kept_beside_the_pages(paper: Paper, tmp_path: Path) -> None:
    swapped = contradictory(paper.page(1, 2, BOTH), paper.page(2, 2))
    files = [
        scanned(tmp_path / "in" / "Zqgiven001 Zqfamily001.pdf", paper.page(0, 2, BOTH), nameless(paper.page(0, 1))),
        scanned(tmp_path / "in" / "ZQNUMBER001.tif", swapped, foreign(), paper.page(0, 2, ("patient",))),
        scanned(tmp_path / "in" / "Zqfamily002.png", paper.page(1, 1)),
    ]
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    env = {"TMPDIR": str(temporary)}
    scan = command("scan", *files, "--run", paper.folder, cwd=temporary, env=env)
    assert scan.code == 3, scan.err
    names = [str(each) for each in files]  # which are whoever called the files so
    silent(paper, Done(scan.code, *(_without(text, names) for text in (scan.out, scan.err))))
    waiting = sorted((paper.returned / "queue").glob("*.png"))
    assert len(waiting) == 3
    ended = [paper.assign(waiting[0].stem, "--aside"), paper.assign(waiting[1].stem, "--packet", paper.ids[0])]
    csv, pdf = paper.folder / "status.csv", paper.folder / "huddle.pdf"
    ended.append(command("status", paper.folder, "--csv", csv, "--pdf", pdf, cwd=temporary, env=env))
    ended.append(handouts("status", paper.folder, "--json"))
    assert csv.stat().st_size > 100 < pdf.stat().st_size
    assert {"packets", "copies", "fhir", "queue", "originals"} <= {each.name for each in paper.returned.iterdir()}
    silent(paper, *ended)
    assert not list(temporary.iterdir())


def _without(text: str, names: list[str]) -> str:
    for name in names:
        text = text.replace(name, "")
    return text


READERS = {"cv2", "img2pdf", "numpy", "pikepdf", "PIL", "pypdf", "pypdfium2", "zxingcpp"}
LOADED = """
import atexit, sys
if "cli.py" in " ".join(sys.orig_argv):
    atexit.register(lambda: print("loaded:", *sorted(sys.modules), file=sys.stderr))
"""


def test_what_opens_foreign_files_is_loaded_by_the_process_with_limits_only(paper: Paper, tmp_path: Path) -> None:
    files = scanned(tmp_path / "one.pdf", *paper.packet(0, BOTH)), scanned(tmp_path / "two.png", foreign())
    done = command("scan", *files, "--run", paper.folder, env=everywhere(tmp_path / "site", LOADED))
    assert done.code == 3, done.err
    assert list((paper.returned / "fhir").iterdir())
    loaded = set(done.err.partition("loaded:")[2].split())
    assert "handouts.scan.opening" in loaded
    assert not loaded & READERS


BROKEN_READER = """
import handouts.scan.{module} as module
def broken(*values, **others):
    raise ValueError("Zqgiven001 Zqfamily001")
module.{name} = broken
"""


@pytest.mark.parametrize(
    ("module", "name"), [("pdf_files", "smaller"), ("reading", "register"), ("pdf_files", "_single")]
)
def test_a_fault_in_the_process_that_opens_files_tells_no_value(
    paper: Paper, tmp_path: Path, module: str, name: str
) -> None:
    file = scanned(tmp_path / "one.pdf", paper.page(0, 2, BOTH))
    env = everywhere(tmp_path / "site", BROKEN_READER.format(module=module, name=name))
    done = command("scan", file, "--run", paper.folder, env=env)
    assert done.code == 3, done.err
    silent(paper, done)
    assert paper.status()["queued"] == 1


@pytest.mark.parametrize(
    "where",
    ["collect.keep", "collect.sorted_pages", "index.Index.record", "binding.standing_of", "reporting.status"],
)
def test_a_fault_while_scans_are_taken_in_tells_no_value(
    paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def broken(*values: object, **others: object) -> None:
        raise ValueError(f"Zqgiven001 Zqfamily001 {values} {others}")

    file = scanned(tmp_path / "one.png", paper.page(0, 2, BOTH))
    monkeypatch.setattr(f"handouts.scan.{where}", broken)
    done = handouts("status", paper.folder) if "reporting" in where else paper.scan(file)
    assert done.code == 1
    assert "ValueError" in done.err
    silent(paper, done)
