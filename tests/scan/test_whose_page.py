"""A page is put into a packet only where its codes, its text and its print agree; whatever else waits for a person."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from handouts.layout.codes import PageCode, grouped
from handouts.scan import letters
from handouts.scan.blanks import Blanks
from handouts.scan.identity import Doubtful, Identity, identify
from handouts.scan.model import Doubt
from handouts.scan.pictures import Picture
from handouts.scan.reading import read_page
from tests.run.making import Desk, desk
from tests.scan.paper import BOTH, DPI, Paper, covered, empty, foreign, nameless, scanned, settled, turned

CODE = round(26 / 25.4 * DPI)
"""Pixels of a page's corner in which a code lies."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk that printed two packets of two pages."""
    made = desk(tmp_path_factory.mktemp("desk"), 2)
    assert made.generate().code == 0
    return made


@pytest.fixture
def paper(place: Desk, tmp_path: Path) -> Paper:
    """The run, of which nothing came back yet."""
    return Paper(place.out).copy(tmp_path / "run")


def readable(file: Path, pages: Sequence[tuple[Picture, str]]) -> Path:
    """A PDF of scans with the text that the scanner's own software read on each."""
    canvas = Canvas(str(file), (612, 792))
    for picture, text in pages:
        stored = io.BytesIO()
        Image.fromarray(picture).save(stored, "PNG")
        canvas.drawImage(ImageReader(stored), 0, 0, 612, 792)
        words = canvas.beginText(72, 40)
        words.setTextRenderMode(3)  # invisible
        words.textLine(text)
        canvas.drawText(words)
        canvas.showPage()
    canvas.save()
    return settled(file)


def only(paper: Paper, file: Path) -> dict[str, Any]:
    """What is told of the only page of a file; one that waits has a picture, and is in no packet."""
    (page,) = paper.told(file)["files"][0]["pages"]
    if page["fate"] == "queue":
        assert (paper.returned / "queue" / f"{page['item']}.png").stat().st_size > 1000
        assert not (paper.returned / "packets").exists()
        assert {each["state"] for each in paper.status()["appointments"]} == {"printed"}
    told: dict[str, Any] = page
    return told


def upper(picture: Picture) -> tuple[slice, slice]:
    """Where the code at the upper right is."""
    return slice(0, CODE), slice(picture.shape[1] - CODE, picture.shape[1])


def lower(picture: Picture) -> tuple[slice, slice]:
    """Where the code at the lower left is."""
    return slice(picture.shape[0] - CODE, picture.shape[0]), slice(0, CODE)


def misread(packet_id: str) -> str:
    """An id of which a letter was taken for another one."""
    return ("8" if packet_id[0] == "B" else "B") + packet_id[1:]


# -- other runs, other forms -----------------------------------------------------------------------


def test_a_page_of_the_same_day_printed_again_is_told_to_be_of_another_run(
    place: Desk, paper: Paper, tmp_path: Path
) -> None:
    assert place.generate("--issued-at", "2026-11-30T19:00", out=tmp_path / "again").code == 0
    page = only(paper, scanned(tmp_path / "one.png", Paper(tmp_path / "again").page(0, 2, BOTH)))
    assert (page["fate"], page["doubt"], page["note"]) == ("queue", "other-run", "it is a page of another run")


def test_a_page_of_a_form_that_was_changed_is_told_to_be_of_another_version(paper: Paper, tmp_path: Path) -> None:
    other = desk(tmp_path / "other", 2)
    form = other.folder / "templates" / "spinal-decompression" / "en" / "consent.md"
    form.write_text(form.read_text(encoding="utf-8").replace("I agree.", "I agree to all."), encoding="utf-8")
    assert other.generate().code == 0
    page = only(paper, scanned(tmp_path / "one.png", Paper(other.out).page(0, 2, BOTH)))
    assert page["doubt"] in {"other-run", "other-version"}
    assert "another version of the form" in page["note"]


def test_a_code_of_this_run_with_another_form_on_it_is_told_to_be_of_another_version(
    paper: Paper, tmp_path: Path
) -> None:
    picture = paper.page(0, 2, BOTH)
    code = paper.run.code(paper.run.manifest.packets[0], 2)
    stored = io.BytesIO()
    segno.make(f"HO1/{code.packet_id}/002/002/{'0' * 8}", error="Q").save(stored, kind="png", scale=4, border=4)
    for where in (upper(picture), lower(picture)):
        picture[where] = np.array(Image.open(stored).convert("L").resize((CODE, CODE)))
    page = only(paper, scanned(tmp_path / "one.png", picture))
    assert (page["fate"], page["doubt"]) == ("queue", "other-version")


# -- codes that lie --------------------------------------------------------------------------------


def test_a_page_whose_codes_disagree_waits(paper: Paper, tmp_path: Path) -> None:
    picture, other = paper.page(0, 2, BOTH), paper.page(1, 2)
    picture[lower(picture)] = other[lower(other)]
    page = only(paper, scanned(tmp_path / "one.png", picture))
    assert (page["fate"], page["doubt"], page["note"]) == ("queue", "conflict", "its codes are of different pages")


@pytest.mark.parametrize("number", [1, 2])
def test_a_page_with_the_codes_of_another_packet_stuck_on_it_waits(paper: Paper, tmp_path: Path, number: int) -> None:
    picture, other = paper.page(0, number, BOTH), paper.page(1, number)
    for where in (upper, lower):
        picture[where(picture)] = other[where(other)]
    page = only(paper, scanned(tmp_path / "one.png", picture))
    assert (page["fate"], page["doubt"]) == ("queue", "conflict")
    assert "foot" in page["note"]


def test_a_page_with_the_codes_of_another_page_stuck_on_it_waits(paper: Paper, tmp_path: Path) -> None:
    picture, other = paper.page(0, 2, BOTH), paper.page(0, 1)
    for where in (upper, lower):
        picture[where(picture)] = other[where(other)]
    assert only(paper, scanned(tmp_path / "one.png", picture))["doubt"] == "conflict"


def test_a_page_that_can_be_compared_with_nothing_waits_and_a_person_may_say_whose_it_is(
    paper: Paper, tmp_path: Path
) -> None:
    shown, other = paper.page(0, 2, BOTH), paper.page(1, 2)
    for place in (upper(shown), lower(shown)):
        shown[place] = other[place]
    for gone in (paper.folder / "print-run.pdf", *(paper.folder / "packets").iterdir()):
        gone.unlink()
    page = only(paper, scanned(tmp_path / "one.png", shown))
    assert (page["fate"], page["doubt"]) == ("queue", "unread")
    assert "its code cannot be checked" in page["note"]
    assert paper.assign(page["item"], "--packet", paper.ids[1], "--page", 2).code == 0
    assert {each["state"] for each in paper.standing(1)["signatures"]} == {"look"}


def test_a_paper_with_one_of_our_codes_stuck_on_it_waits(paper: Paper, tmp_path: Path) -> None:
    picture, other = foreign().copy(), paper.page(0, 2)
    picture[upper(picture)] = other[upper(other)]
    assert only(paper, scanned(tmp_path / "one.png", picture))["doubt"] == "conflict"


@pytest.mark.parametrize("text", ["https://example.org/HO1", "HO1/27E79XMBXVA2B0JJGRJ5/002", "HO2/" + "A" * 37])
def test_a_code_that_is_not_ours_says_nothing(paper: Paper, tmp_path: Path, text: str) -> None:
    stored = io.BytesIO()
    segno.make(text, error="Q").save(stored, kind="png", scale=5, border=0)
    code = np.array(Image.open(stored).convert("L"))
    alone, beside = empty().copy(), paper.page(0, 2, BOTH)
    for picture, top in ((alone, 300), (beside, 1250)):
        picture[top : top + len(code), 1250 : 1250 + len(code)] = code
    told = paper.told(scanned(tmp_path / "two.pdf", alone, beside))["files"][0]["pages"]
    assert [(each["fate"], each["doubt"]) for each in told] == [("queue", "unread"), ("packet", None)]


def test_an_id_never_spreads_to_the_pages_beside_it(paper: Paper, tmp_path: Path) -> None:
    file = scanned(tmp_path / "three.pdf", paper.page(0, 1), nameless(paper.page(0, 2, BOTH)), paper.page(1, 1))
    told = paper.told(file)["files"][0]["pages"]
    assert [(each["fate"], each["packet_id"]) for each in told] == [
        ("packet", paper.ids[0]),
        ("queue", None),
        ("packet", paper.ids[1]),
    ]


# -- what the file says of the page's letters ------------------------------------------------------


def test_a_page_whose_codes_are_covered_is_known_by_its_printed_id(paper: Paper, tmp_path: Path) -> None:
    file = tmp_path / "digital.pdf"
    with pikepdf.open(paper.folder / paper.run.manifest.packets[0].file) as packet:
        labels = b"Q q 1 g 530 710 82 82 re f 0 0 82 82 re f Q"
        for page in packet.pages:
            page.contents_add(b"q", prepend=True)
            page.contents_add(labels)
        packet.save(file)
    told = paper.told(settled(file))["files"][0]["pages"]
    assert [(each["fate"], each["packet_id"], each["page"]) for each in told] == [
        ("packet", paper.ids[0], number) for number in (1, 2)
    ]


def test_a_scan_whose_codes_are_covered_is_known_by_what_the_scanner_read(paper: Paper, tmp_path: Path) -> None:
    text = f"Page 2 of 2  {grouped(paper.ids[0])}"
    page = only(paper, readable(tmp_path / "one.pdf", [(covered(paper.page(0, 2, BOTH)), text)]))
    assert (page["fate"], page["packet_id"], page["page"]) == ("packet", paper.ids[0], 2)
    assert paper.standing(0)["state"] == "complete"


@pytest.mark.parametrize("cover", [covered, np.copy], ids=["codes covered", "codes in sight"])
def test_a_page_whose_text_names_another_packet_than_its_print_waits(paper: Paper, tmp_path: Path, cover: Any) -> None:
    text = f"Page 2 of 2  {grouped(paper.ids[1])}"
    page = only(paper, readable(tmp_path / "one.pdf", [(cover(paper.page(0, 2, BOTH)), text)]))
    assert (page["fate"], page["doubt"]) == ("queue", "conflict")


def test_a_page_whose_text_names_another_page_than_its_print_waits(paper: Paper, tmp_path: Path) -> None:
    text = f"Page 1 of 2  {grouped(paper.ids[0])}"
    page = only(paper, readable(tmp_path / "one.pdf", [(covered(paper.page(0, 2, BOTH)), text)]))
    assert (page["fate"], page["doubt"]) == ("queue", "conflict")


def test_a_letter_that_the_scanner_misread_keeps_no_page_from_its_packet(paper: Paper, tmp_path: Path) -> None:
    text = f"Page 2 of 2  {grouped(misread(paper.ids[0]))}"
    page = only(paper, readable(tmp_path / "one.pdf", [(paper.page(0, 2, BOTH), text)]))
    assert (page["fate"], page["packet_id"], page["page"]) == ("packet", paper.ids[0], 2)


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("Page 2 of 2", "unread"),
        ("{one}", "unread"),
        ("2 of 3 {one}", "unread"),
        ("version 1.2 {one}", "unread"),
        ("2 of 2 and sixty or more letters of something else between it and {one}", "unread"),
        ("{one} {other} 2 of 2", "conflict"),
        ("{one} {strange} 2 of 2", "conflict"),
        ("{one} 1 of 2; 2 of 2", "unread"),
        ("{misread} 2 of 2", "other-run"),
        ("{strange} 2 of 2", "other-run"),
    ],
)
def test_text_that_does_not_tell_one_page_of_one_packet_decides_nothing(place: Desk, text: str, doubt: str) -> None:
    run = Paper(place.out).run
    one, other = map(grouped, run.packets)
    told = text.format(
        one=one,
        other=other,
        strange="-".join(["A7K2M"] * 4),
        misread=grouped(misread(run.manifest.packets[0].packet_id)),
    )
    found = identify((), told, run)
    assert isinstance(found, Doubtful)
    assert found.doubt == doubt


@pytest.mark.parametrize("text", ["Page 2 of 2 {}", "{} 2 من 2", "1.2 Página 2 de 2\n{}", "5 2/2 {}", "{}\n2 of 2\n{}"])
def test_text_that_tells_one_page_of_one_packet_is_believed(place: Desk, text: str) -> None:
    run = Paper(place.out).run
    packet = run.manifest.packets[1]
    assert identify((), text.replace("{}", grouped(packet.packet_id)), run) == Identity(packet, 2)


@given(st.data())
def test_only_a_code_that_this_run_printed_is_believed(place: Desk, data: st.DataObject) -> None:
    run = Paper(place.out).run
    packet = data.draw(st.sampled_from(run.manifest.packets))
    code = run.code(packet, data.draw(st.sampled_from([None, 1, 2])))
    other = PageCode(
        data.draw(st.sampled_from([code.packet_id, "A7K2M" * 4])),
        data.draw(st.sampled_from([code.page, None, 0, 1, 2, 3])),
        data.draw(st.sampled_from([code.pages, 3])),
        data.draw(st.sampled_from([code.form, "0" * 8])),
    )
    told = identify([other, other], "", run)
    printed = [run.code(packet, page) for page in (None, 1, 2)]
    assert (told == Identity(packet, other.page)) if other in printed else isinstance(told, Doubtful)
    assert isinstance(told, Identity) or told.doubt is not Doubt.UNREAD


# -- letters ---------------------------------------------------------------------------------------


@pytest.mark.letters
@pytest.mark.parametrize("lies", [np.copy, turned, partial(np.rot90, k=1), partial(np.rot90, k=3)])
def test_a_page_without_codes_is_known_by_the_letters_at_its_foot(
    paper: Paper, tmp_path: Path, lies: Callable[[Picture], Picture]
) -> None:
    picture = np.ascontiguousarray(lies(covered(paper.page(0, 2, BOTH))))
    page = only(paper, scanned(tmp_path / "one.png", np.where(picture > 150, np.uint8(255), np.uint8(0))))
    assert (page["fate"], page["packet_id"], page["page"]) == ("packet", paper.ids[0], 2), page
    assert paper.standing(0)["state"] == "complete"


def test_where_recognising_letters_fails_that_is_told(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(picture: Picture) -> str:
        raise RuntimeError("Zqgiven001")

    monkeypatch.setattr(letters, "_reader", lambda: broken)
    read = read_page(1, nameless(paper.page(0, 2)), "", paper.run, Blanks(paper.run))
    assert (read.doubt, read.packet_id) == (Doubt.UNREAD, None)
    assert read.note == "no code can be read on it, and recognising its letters failed: install handouts[ocr] anew"


def test_without_the_extra_no_letters_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "find_spec", lambda name: None)
    letters._reader.cache_clear()
    try:
        assert letters.letters(np.zeros((100, 100), np.uint8)) == ""
    finally:
        letters._reader.cache_clear()
