"""Previews: packets for people who are plainly made up, before a real patient gets one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.run.making import EXAMPLES, bare, clinic_file, codes_on_pages, handouts, texts_by_pdfium

PROCEDURE = "spinal-decompression"


def test_a_person_of_each_kind_gets_a_packet(tmp_path: Path) -> None:
    done = handouts("preview", PROCEDURE, "--out", tmp_path)
    assert (done.code, done.err) == (0, "")
    files = sorted(tmp_path.glob("*.pdf"))
    assert done.out.split() == [str(file) for file in files]
    assert len(files) >= 6
    texts = {file.stem[3:]: texts_by_pdfium(file) for file in files}
    assert "A parent or guardian decides." in " ".join(texts["minor"])
    assert all("Mononym" in page for page in texts["one-word-name"])
    assert all("delaMuestraInterminable" in bare(page) for page in texts["very-long-name"])
    assert all("ZoëŁukasiewiczĐỗPřílišný" in bare(page) for page in texts["accents"])
    assert "Preview Clinic (made up)" in texts["ordinary"][0]
    assert not [page for page in texts["nothing-known"] if "None" in page]


def test_everybody_gets_the_kind_of_packet_that_is_asked_for(tmp_path: Path) -> None:
    assert handouts("preview", PROCEDURE, "--flags", "minor, interpreter", "--out", tmp_path).code == 0
    for file in tmp_path.glob("*.pdf"):
        text = " ".join(texts_by_pdfium(file))
        assert "A parent or guardian decides." in text
        assert "Interpreter" in text


def test_pictures_show_each_page_and_their_codes_can_be_read(tmp_path: Path) -> None:
    assert handouts("preview", PROCEDURE, "--png", "--out", tmp_path, "--paper", "a4").code == 0
    file = tmp_path / "01-ordinary.pdf"
    pictures = sorted(tmp_path.glob("01-ordinary-*.png"))
    assert len(pictures) == len(texts_by_pdfium(file)) == len(codes_on_pages(file))
    with Image.open(pictures[0]) as picture:
        assert picture.height / picture.width == pytest.approx(841.89 / 595.276, rel=0.01)


def test_a_clinics_own_settings_are_shown(tmp_path: Path) -> None:
    done = handouts("preview", PROCEDURE, "--clinic", EXAMPLES / "clinic.yaml", "--out", tmp_path)
    assert done.code == 0
    assert "Larkspur Back & Spine Care" in texts_by_pdfium(tmp_path / "01-ordinary.pdf")[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["juggling"], "Known: "),
        ([PROCEDURE, "--language", "xx"], "no forms in `xx`"),
        ([PROCEDURE, "--flags", "minr"], "--flags takes some of"),
        ([PROCEDURE, "--flags", "minor,lacks_capacity"], "exclude each other"),
    ],
)
def test_what_cannot_be_shown_is_told(tmp_path: Path, words: list[str], said: str) -> None:
    done = handouts("preview", *words, "--out", tmp_path)
    assert done.code == 2
    assert said in done.err


def test_who_needs_a_representative_lacks_capacity_unless_a_minor(tmp_path: Path) -> None:
    out, asked = tmp_path / "out", ["--flags", "representative"]
    done = handouts("preview", PROCEDURE, *asked, "--clinic", clinic_file(tmp_path, procedures={}), "--out", out)
    assert done.code == 0
    for file in out.iterdir():
        assert "decide for the patient" in " ".join(texts_by_pdfium(file))


def test_former_previews_give_way_to_new_ones(tmp_path: Path) -> None:
    (tmp_path / "mine.pdf").write_bytes(b"")
    assert handouts("preview", PROCEDURE, "--out", tmp_path).code == 0
    done = handouts("preview", PROCEDURE, "--flags", "insured", "--out", tmp_path)
    assert sorted(map(str, tmp_path.iterdir())) == sorted([*done.out.split(), str(tmp_path / "mine.pdf")])


def test_other_files_of_the_folder_stay(tmp_path: Path) -> None:
    others = [tmp_path / name for name in ("01-thesis.pdf", "02-wedding.png", "01-ordinary.pdf.bak", "ordinary.pdf")]
    for each in others:
        each.touch()
    assert handouts("preview", "spinal-decompression", "--flags", "", "--out", tmp_path).code == 0
    assert all(each.exists() for each in others)


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    done = handouts("preview", PROCEDURE, "--out", tmp_path / "out")
    assert done.code == 5
    assert "could not be written" in done.err


def test_the_same_preview_is_the_same_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert handouts("preview", PROCEDURE, "--out", tmp_path / name).code == 0
    for file in (tmp_path / "a").glob("*.pdf"):
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()
