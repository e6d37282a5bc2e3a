"""A clinic adds a procedure by copying a folder and changing its text: no Python is touched."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.run.making import (
    ISSUED,
    TEMPLATES,
    Made,
    clinic_file,
    codes_on_pages,
    command,
    handouts,
    list_file,
    row,
    texts_by_pdfium,
)


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """A clinic whose own `templates/knee-warming` began as a copy of the shipped procedure."""
    folder = tmp_path / "templates" / "knee-warming"
    shutil.copytree(TEMPLATES / "spinal-decompression", folder)
    facts, yaml = folder / "procedure.yaml", YAML()
    said = yaml.load(facts)
    said["name"] = {"en": "Knee warming"}
    said["plain_name"] = {"en": "knee warming"}
    said["gloss"] = {"en": "A warm cloth lies on your knee."}
    said["aliases"] = ["Warm knee"]
    for letter, kind in (("H", "handout"), ("E", "estimate"), ("C", "consent")):
        said["documents"][kind] = {"form": f"KNEE-{letter}", "version": "7.3"}
    yaml.dump(said, facts)
    handout = folder / "en" / "handout.md"
    _, _, rest = handout.read_text(encoding="utf-8").partition("\n")
    handout.write_text(f"# Warm knees: your guide\n{rest}\n\nBring a long towel.\n", encoding="utf-8")
    offers = {"knee-warming": {"price_per_session": 17.5, "usual_sessions": 4}, "spinal-decompression": {}}
    return clinic_file(tmp_path, procedures=offers)


def test_the_new_procedure_prints_beside_the_shipped_one(clinic: Path, tmp_path: Path) -> None:
    named = ["Warm knee", "KNEE WARMING", "knee-warming", "Spinal decompression"]
    listed = list_file(tmp_path, [row(number, procedure=name) for number, name in enumerate(named, 1)])
    out = tmp_path / "out"
    done = command("generate", listed, "--clinic", clinic, "--out", out, *ISSUED)
    assert (done.code, done.err) == (0, "")
    made = Made(out)
    assert [packet["procedure"] for packet in made.packets] == ["knee-warming"] * 3 + ["spinal-decompression"]
    assert {name.split("/")[0] for name in made.manifest["templates"]} == {"knee-warming", "spinal-decompression"}
    for packet in made.packets[:3]:
        texts = texts_by_pdfium(made.file(packet))
        handout = texts[: packet["documents"][0]["pages"]]
        assert "Warm knees: your guide" in handout[0]
        assert "Bring a long towel." in handout[-1]
        assert all("KNEE-" in text and "version 7.3" in text for text in texts)
        assert any("$70.00" in text for text in texts)  # four sessions at the clinic's price
    last = texts_by_pdfium(made.file(made.packets[3]))
    assert not any("KNEE-" in text or "Warm knees" in text for text in last)


def test_its_forms_have_codes_of_their_own(clinic: Path, tmp_path: Path) -> None:
    listed = list_file(tmp_path, [row(1, procedure="knee warming"), row(2, procedure="spinal decompression")])
    out = tmp_path / "out"
    assert handouts("generate", listed, "--clinic", clinic, "--out", out, *ISSUED).code == 0
    made = Made(out)
    own, shipped = (
        {payload.rpartition("/")[2] for page in codes_on_pages(made.file(packet)) for payload in page}
        for packet in made.packets
    )
    assert len(own) == len(shipped) == 3
    assert not own & shipped


def test_a_mistake_in_its_text_is_told_with_file_and_line(clinic: Path, tmp_path: Path) -> None:
    consent = clinic.parent / "templates" / "knee-warming" / "en" / "consent.md"
    lines = consent.read_text(encoding="utf-8").splitlines()
    consent.write_text("\n".join([*lines, "", "Dear {{ patient.nmae }},"]), encoding="utf-8")
    out = tmp_path / "out"
    listed = list_file(tmp_path, [row(1, procedure="knee warming")])
    done = handouts("generate", listed, "--clinic", clinic, "--out", out)
    assert done.code == 4
    assert f"consent.md:{len(lines) + 2}" in done.err
    assert "nmae" in done.err
    assert not out.exists()
