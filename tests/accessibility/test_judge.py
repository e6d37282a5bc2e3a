"""veraPDF must see what a reader would lose, or its silence about our files would mean nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from PIL import Image, ImageCms

from handouts.layout.families import FOLDER
from tests.accessibility.__main__ import main
from tests.accessibility.broken import LOSSES, Loss
from tests.accessibility.engine import UnreadableError
from tests.accessibility.judge import Judge
from tests.accessibility.sample import build


def rules(judge: Judge, path: Path) -> set[str]:
    return {fault.rule for fault in judge.faults(path)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The sample that conforms."""
    build().save(tmp_path / "sample.pdf")
    return tmp_path / "sample.pdf"


def test_a_file_that_conforms_to_both_standards_passes(judge: Judge, path: Path) -> None:
    assert judge.faults(path) == []
    subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)


@pytest.mark.parametrize("loss", LOSSES, ids=[loss.reader.replace(" ", "-") for loss in LOSSES])
def test_a_reader_does_not_lose(loss: Loss, judge: Judge, tmp_path: Path) -> None:
    pdf = build()
    loss.mistake(pdf)
    pdf.save(tmp_path / "broken.pdf")
    assert rules(judge, tmp_path / "broken.pdf") == loss.rules


def test_every_place_is_counted_and_the_first_is_shown(judge: Judge, path: Path, tmp_path: Path) -> None:
    with pikepdf.open(path) as pdf:
        stray = pdf.make_stream(b"\n0 0 1 1 re f" * 30)
        pdf.pages[0].Contents = pikepdf.Array([pdf.pages[0].Contents, stray])
        pdf.save(tmp_path / "stray.pdf")
    (fault,) = judge.faults(tmp_path / "stray.pdf")
    assert (fault.rule, fault.count) == ("ua1 7.1-3", 30)
    assert "pages[0]" in fault.where


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        pytest.param((b"/ID [", b"/IX ["), "2a 6.1.3-1", id="no-identity"),
        pytest.param((b"%PDF-", b"\n%PDF-"), "2a 6.1.2-1", id="header-not-at-the-start"),
        pytest.param((b"%%EOF\n", b"%%EOF\nmore"), "2a 6.1.3-3", id="bytes-after-the-end"),
        pytest.param((b"\n1 0 obj", b"\n1  0 obj"), "2a 6.1.9-1", id="loose-spacing"),
    ],
)
def test_an_archive_does_not_lose_the_form_of_the_file(
    damage: tuple[bytes, bytes], rule: str, judge: Judge, path: Path
) -> None:
    whole = path.read_bytes()
    assert damage[0] in whole
    path.write_bytes(whole.replace(*damage, 1))
    assert rule in rules(judge, path)


def test_an_archive_does_not_lose_the_key(judge: Judge, path: Path, tmp_path: Path) -> None:
    build().save(tmp_path / "open.pdf", encryption=pikepdf.Encryption(owner="owner", user=""))
    assert rules(judge, tmp_path / "open.pdf") == {"2a 6.1.3-2"}
    build().save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="owner", user="user"))
    with pytest.raises(UnreadableError, match=r"locked\.pdf"):
        judge.faults(tmp_path / "locked.pdf")


def test_a_damaged_file_is_no_silent_pass_and_the_next_is_judged(judge: Judge, path: Path, tmp_path: Path) -> None:
    (tmp_path / "half.pdf").write_bytes(path.read_bytes()[:4000])
    with pytest.raises(UnreadableError, match=r"half\.pdf"):
        judge.faults(tmp_path / "half.pdf")
    with pytest.raises(UnreadableError, match=r"nowhere\.pdf"):
        judge.faults(tmp_path / "nowhere.pdf")
    assert judge.faults(path) == []


def test_the_command_names_the_broken_rules(path: Path, tmp_path: Path) -> None:
    good = CliRunner().invoke(main, [str(path)])
    assert (good.exit_code, good.output) == (0, f"{path}: conforms\n")
    with pikepdf.open(path) as pdf:
        del pdf.Root.Lang
        pdf.save(tmp_path / "broken.pdf")
    (tmp_path / "text.pdf").write_text("no PDF")
    bad = CliRunner().invoke(main, [str(tmp_path / name) for name in ("broken.pdf", "text.pdf", "sample.pdf")])
    assert bad.exit_code == 1
    assert "ua1 7.2-34: " in bad.output
    assert "text.pdf: cannot be read" in bad.output
    assert "sample.pdf: conforms" in bad.output


def test_the_profile_of_the_output_intent_is_srgb() -> None:
    profile = ImageCms.getOpenProfile(str(FOLDER.parent / "press" / "srgb.icc"))
    steps = bytes(level * part % 256 for level in range(256) for part in range(1, 10))
    colours = Image.frombytes("RGB", (256, 3), steps)
    shown = ImageCms.profileToProfile(colours, profile, ImageCms.createProfile("sRGB"))
    assert shown is not None
    assert shown.tobytes() == colours.tobytes()
