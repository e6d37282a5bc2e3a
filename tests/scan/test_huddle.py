"""The sheet for the morning huddle, read back as people and other programs read it."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pypdf
import pypdfium2
import pytest

from handouts.model import Paper
from handouts.scan.huddle import huddle
from handouts.scan.model import RunStatus

from ..run.making import ROOT
from .standing import MOMENT, appointment, day, printed, run, signature, signatures, unsigned

PAPERS: list[Paper] = ["letter", "a4"]
SCALE = 3
"""Pixels a point."""


def made(status: RunStatus, paper: Paper = "letter") -> bytes:
    return huddle(status, paper, MOMENT)


def texts(pdf: bytes) -> list[str]:
    """What PDFium reads on each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def ids(text: str) -> list[str]:
    return re.findall(r"A-\d{4}", text)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_day_of_forty_appointments_fits_on_one_page(paper: Paper) -> None:
    apart = (signature("patient", "empty", 25), signature("clinician", "empty", 26))
    worst = run([unsigned(number, signatures=apart) for number in range(1, 41)])
    for status in (day(40), run([printed(number) for number in range(1, 41)]), worst):
        (text,) = texts(made(status, paper))
        assert ids(text) == [f"A-{number:04}" for number in range(1, 41)]
        assert "Page 1 of 1" in text


@pytest.mark.parametrize("paper", PAPERS)
def test_a_longer_day_goes_on_with_every_page_headed_and_numbered(paper: Paper) -> None:
    pages = texts(made(day(150, queued=2), paper))
    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text
        for told in ("Tuesday, December 1, 2026", "N8M97KE4", "50 complete", "2 pages in the queue", "Not signed"):
            assert told in text
    assert ids(" ".join(pages)) == [f"A-{number:04}" for number in range(1, 151)]


def test_the_sheet_has_the_size_of_the_paper() -> None:
    for paper, size in (("letter", (612, 792)), ("a4", (595, 842))):
        box = pypdf.PdfReader(_file(made(day(3), paper))).pages[0].mediabox  # type: ignore[arg-type]  # pypdf takes any stream
        assert (round(box.width), round(box.height)) == size


def test_each_line_says_what_came_back_and_what_is_missing() -> None:
    status = run(
        [
            appointment(1),
            unsigned(2, pages_returned=(10, 11, 13, 14, 15), pages_missing=(12,)),
            printed(3),
            appointment(4, notes=("consent was taken back",)),
            unsigned(5, signatures=signatures("look", "signed")),
        ],
        queued=1,
    )
    (text,) = texts(made(status))
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "8:00 AM A-0001 complete" in lines
    assert "8:15 AM A-0002 5 of 6 pages clinician: empty, p. 14 12" in lines
    assert "8:30 AM A-0003 nothing patient, clinician: page not back 10 to 15" in lines
    assert "8:45 AM A-0004 complete consent was taken back" in lines
    assert "9:00 AM A-0005 6 of 6 pages patient: to look at, p. 14" in lines
    assert "2 complete 2 came back in part or unsigned 1 printed, nothing came back" in lines
    assert "1 page in the queue: handouts scan assign" in text
    assert "as it stood on Tuesday, December 1, 2026, 7:12 AM" in text


def test_what_someone_must_see_to_stands_out_without_colour() -> None:
    with pypdfium2.PdfDocument(made(run([appointment(1), unsigned(2), appointment(3)]))) as document:
        page = document[0]
        picture = page.render(scale=SCALE).to_pil()
        text = page.get_textpage()
        places = {name: _place(text, name) for name in ("A-0001", "A-0002", "A-0003")}
        height = page.get_height()
    red, green, blue = picture.convert("RGB").split()
    assert red.tobytes() == green.tobytes() == blue.tobytes()
    gray = picture.convert("L")
    rows = {name: gray.crop(_row(height, low, high)) for name, (low, high) in places.items()}
    bars = {name: row.crop((0, 0, 3 * SCALE, row.height)).getextrema()[0] for name, row in rows.items()}
    assert bars == {"A-0001": 255, "A-0002": 0, "A-0003": 255}
    darkest = {name: row.crop((30 * SCALE, 0, row.width, row.height)).getextrema()[0] for name, row in rows.items()}
    assert darkest["A-0002"] == 0
    assert min(darkest["A-0001"], darkest["A-0003"]) > 60


def _place(text: pypdfium2.PdfTextPage, name: str) -> tuple[float, float]:
    index, _ = text.search(name).get_next()
    _, low, _, high = text.get_charbox(index)
    return low, high


def _row(height: float, low: float, high: float) -> tuple[int, int, int, int]:
    return 40 * SCALE, round((height - high) * SCALE), 572 * SCALE, round((height - low) * SCALE)


def test_only_the_shipped_fonts_are_on_it_and_all_are_embedded(tmp_path: Path) -> None:
    file = tmp_path / "huddle.pdf"
    file.write_bytes(made(day(3)))
    told = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert {line.split()[0].partition("+")[2] for line in told} == {"NotoSans-Bold", "NotoSans-Regular"}
    assert all(re.search(r" yes yes yes ", line) for line in told)


def test_its_properties_say_what_it_is_and_when_it_was_true() -> None:
    reader = pypdf.PdfReader(_file(made(day(3))))
    assert reader.metadata is not None
    assert reader.metadata.title == "Signed forms, Tuesday, December 1, 2026, run N8M97KE4"
    assert reader.metadata.creation_date == MOMENT
    assert reader.trailer["/Root"]["/Lang"] == "en-US"  # type: ignore[index]  # pypdf types it as any object
    assert not {"anonymous", "unspecified", "untitled"} & set(map(str, reader.metadata.values()))


def test_the_same_run_gives_the_same_bytes() -> None:
    code = (
        "import sys; from tests.scan.standing import *; from handouts.scan.huddle import huddle\n"
        "sys.stdout.buffer.write(huddle(day(90, 2), 'a4', MOMENT))"
    )
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        env = {"PYTHONHASHSEED": seed, "TZ": zone}
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, check=True)
        assert done.stdout == made(day(90, 2), "a4")


def test_letters_that_no_shipped_font_has_leave_a_mark_and_take_nothing_with_them() -> None:
    (text,) = texts(made(run([unsigned(appointment_id="預約<b>&amp;")])))
    assert "<b>&amp;" in text
    assert "\ufffd" in text
    assert "clinician: empty, p. 14" in text


def test_a_long_id_stays_in_its_column() -> None:
    (text,) = texts(made(run([unsigned(appointment_id="0123456789" * 6)])))
    assert "0123456789" * 6 in "".join(text.split())
    assert "clinician: empty, p. 14" in text


def test_a_run_without_appointments_has_a_sheet_too() -> None:
    assert "no appointments" in texts(made(run([])))[0]


def test_a_moment_is_told_with_its_zone_or_without_one() -> None:
    naive = huddle(day(1), "a4", datetime(2026, 12, 1, 7, 12))
    assert pypdf.PdfReader(_file(naive)).metadata["/CreationDate"] == "D:20261201071200"  # type: ignore[index]  # pypdf types it as any object


def _file(pdf: bytes) -> io.BytesIO:
    return io.BytesIO(pdf)


def test_appointments_that_got_no_packet_have_a_line_with_a_box_like_all_others() -> None:
    rows = tuple(f"list.csv:{number}" for number in range(2, 42))
    status = run([printed(1), unsigned(2)]).model_copy(update={"not_printed": rows})
    pdf = made(status)
    assert "40 appointments of the list got no packet" in texts(pdf)[0].replace("\r\n", " ")
    with pypdfium2.PdfDocument(pdf) as document:
        paths = [each.get_bounds() for each in document[0].get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_PATH,))]
    sizes = [(right - left, top - bottom) for left, bottom, right, top in paths]
    boxes = [wide for wide, tall in sizes if wide > 5 and abs(wide - tall) < 0.1]
    assert len(boxes) == 3
    assert max(boxes) - min(boxes) < 0.1
