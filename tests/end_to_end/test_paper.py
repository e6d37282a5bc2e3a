"""Letter and A4: the same packets on either paper."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest

from tests.run.making import EXAMPLES, ISSUED, Made, codes_on_pages, desk, handouts, texts_by_pdfium

SIZES = {"letter": (612.0, 792.0), "a4": (595.28, 841.89)}


def sizes(file: Path) -> set[tuple[float, float]]:
    """The sizes of a file's pages, in points."""
    return {
        (round(float(page.mediabox.width), 2), round(float(page.mediabox.height), 2))
        for page in pypdf.PdfReader(file).pages
    }


@pytest.mark.parametrize(("own", "chosen"), [("letter", None), ("a4", None), ("letter", "a4"), ("a4", "letter")])
def test_the_clinics_paper_is_used_unless_another_is_chosen(tmp_path: Path, own: str, chosen: str | None) -> None:
    place = desk(tmp_path, 2, paper=own)
    assert place.generate(*(["--paper", chosen] if chosen else [])).code == 0
    made, paper = Made(place.out), chosen or own
    for file in [made.print_run, *map(made.file, made.packets)]:
        assert sizes(file) == {SIZES[paper]}
    assert made.manifest["print_run"]["paper"] == paper


@pytest.mark.parametrize("paper", SIZES)
def test_real_forms_fit_either_paper(tmp_path: Path, paper: str) -> None:
    chosen = [word for number in ("EX-1004", "EX-1006", "EX-1013") for word in ("--only", number)]
    arguments: list[str | Path] = [
        EXAMPLES / "appointments.csv",
        "--clinic",
        EXAMPLES / "clinic.yaml",
        "--out",
        tmp_path / "out",
    ]
    done = handouts("generate", *arguments, "--paper", paper, *chosen, *ISSUED)
    assert done.code == 0
    made = Made(tmp_path / "out")
    assert sizes(made.print_run) == {SIZES[paper]}
    for packet in made.packets:
        assert all(len(payloads) == 2 for payloads in codes_on_pages(made.file(packet)))
        for number, text in enumerate(texts_by_pdfium(made.file(packet)), 1):
            assert f"Page {number} of {packet['pages']}" in text
            assert packet["appointment_id"].replace("EX-1", "DEMO-0") in text


def test_another_paper_is_refused(tmp_path: Path) -> None:
    place = desk(tmp_path, 1)
    done = place.generate("--paper", "legal")
    assert done.code == 2
    assert "'letter', 'a4'" in done.err
