"""`handouts new`: a skeleton that prints as it is, for every kind of packet, and tells what to write where."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.layout.composition import Copy
from handouts.layout.packet import PacketLayout
from handouts.library.made_up import CLINIC, OFFER
from handouts.library.procedure import read_procedure
from handouts.library.shelf import form_of
from handouts.model import Flag
from tests.press.making import ENGLISH, FLAG_SETS, MARK, facts, furniture, identifier, shelf, values_of
from tests.run.making import Made, clinic_file, handouts, list_file, rows


@pytest.fixture
def made(tmp_path: Path) -> Path:
    done = handouts("new", "knee-taping", "--out", tmp_path)
    assert (done.code, done.err) == (0, "")
    folder = tmp_path / "knee-taping"
    assert done.out.split() == [str(file) for file in sorted(folder.rglob("*.*"))]
    return folder


@pytest.mark.parametrize("priced", [True, False])
def test_every_kind_of_packet_can_be_printed_from_it(made: Path, priced: bool) -> None:
    procedure, labels = read_procedure([made], []), shelf().labels("en")
    assert procedure.name.root == {"en": "Knee taping"}
    clinic = CLINIC.model_copy(update={"procedures": {"knee-taping": OFFER} if priced else {}})
    for flags in FLAG_SETS:
        if (Flag.PRICED in flags) == priced:
            forms = [form_of(procedure, name, clinic, flags, ENGLISH, labels) for name in procedure.documents]
            layout = PacketLayout([Copy(form, MARK) for form in forms], furniture())
            assert layout.press(values_of(facts()), identifier("x")).skeleton.pages


def test_no_patient_gets_a_draft(made: Path, tmp_path: Path) -> None:
    clinic = clinic_file(tmp_path, procedures={"knee-taping": {}})
    (tmp_path / "templates").mkdir()
    made.rename(tmp_path / "templates" / "knee-taping")
    words: list[str | Path] = ["generate", list_file(tmp_path, rows(1)), "--clinic", clinic, "--out", tmp_path / "out"]
    done = handouts(*words)
    assert done.code == 3
    assert "are a draft" in done.out
    assert Made(tmp_path / "out").packets == []


def test_it_says_what_to_write_where(made: Path) -> None:
    comments = {file.name: file.read_text(encoding="utf-8") for file in made.rglob("*.*")}
    assert comments["procedure.yaml"].count("#") >= 8
    assert "{#" in comments["handout.md"]
    assert not [name for name, text in comments.items() if "__" in text]


@pytest.mark.parametrize("name", ["Knee Taping", "-x", "x-", "spinal-decompression", "x" * 61])
def test_a_name_that_is_none_or_taken_is_refused(tmp_path: Path, name: str) -> None:
    done = handouts("new", "--out", tmp_path, "--", name)
    assert done.code == 2
    assert not list(tmp_path.iterdir())


def test_nothing_is_written_over(made: Path) -> None:
    (made / "en" / "handout.md").write_text("mine")
    assert handouts("new", "knee-taping", "--out", made.parent).code == 2
    assert (made / "en" / "handout.md").read_text() == "mine"
