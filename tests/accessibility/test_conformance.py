"""Every packet and every print run keeps to PDF/UA-1 and PDF/A-2a at once, as veraPDF judges."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pikepdf
import pytest

from handouts.model import Flag, Paper
from handouts.press.finished import read_attachment
from handouts.run.preview import PreviewOptions, preview
from tests.accessibility.engine import Fault
from tests.accessibility.judge import Judge
from tests.accessibility.sample import build
from tests.layout.names import NAMES
from tests.press.awkward import CHANGES, Change, changed
from tests.press.making import (
    everything,
    facts,
    file_of,
    identifier,
    layout,
    logo,
    print_run,
    shelf,
    values_of,
)
from tests.press.test_attachment import official
from tests.run.making import EXAMPLES, ISSUED, handouts, list_file, row

PROCEDURES = sorted(shelf().procedures)
FLAGS: tuple[tuple[Flag, ...] | None, ...] = (
    None,
    (Flag.MEDICARE, Flag.INTERPRETER),
    (Flag.MINOR, Flag.INSURED, Flag.SESSIONS_PLANNED),
    (Flag.LACKS_CAPACITY, Flag.SELF_PAY, Flag.INTERPRETER),
    (Flag.LARGE_PRINT, Flag.SELF_PAY, Flag.SESSIONS_PLANNED),
)
USUAL = {("en", "letter"), ("es", "a4")}
KINDS = [
    pytest.param(
        procedure,
        language,
        paper,
        flags,
        id="-".join((procedure, language, paper, *(flags or ("each",)))),
        marks=() if (language, paper) in USUAL and (procedure == PROCEDURES[0] or not flags) else pytest.mark.soak,
    )
    for procedure, language, paper, flags in product(PROCEDURES, ("en", "es"), ("letter", "a4"), FLAGS)
]
"""`make soak` judges all of them; every day it is those of one procedure, and of the others what each patient gets."""


@pytest.mark.parametrize(("procedure", "language", "paper", "flags"), KINDS)
def test_every_packet_of_every_kind_conforms(
    tmp_path: Path, judge: Judge, procedure: str, language: str, paper: Paper, flags: tuple[Flag, ...] | None
) -> None:
    options = PreviewOptions(procedure=procedure, language=language, paper=paper, flags=flags, out=tmp_path)
    files = preview(options)
    assert len(files) >= 5
    assert {file.name: judge.faults(file) for file in files} == {file.name: [] for file in files}


@pytest.mark.parametrize("name", ["Ana Ruiz", "Παράδειγμα", "Nguyễn Thị Mẫu", "e\u0323\u0302" * 9, "long name " * 15])
def test_every_kind_of_block_conforms(tmp_path: Path, judge: Judge, name: str) -> None:
    file = tmp_path / "packet.pdf"
    file.write_bytes(file_of(layout([everything()]).press(values_of(facts(name)), identifier(name))))
    assert judge.faults(file) == []


@pytest.mark.usefixtures("east_asian_fonts")
def test_names_of_every_script_conform(tmp_path: Path, judge: Judge) -> None:
    using = layout([everything()])
    files: dict[str, list[Fault]] = {}
    for language in sorted({language for language, _ in NAMES}):
        name = next(name for each, name in NAMES if each == language)
        file = tmp_path / "packet.pdf"
        file.write_bytes(file_of(using.press(values_of(facts(name)), identifier(name))))
        files[language] = judge.faults(file)
    assert {language for language, faults in files.items() if faults} == set()


@pytest.mark.usefixtures("east_asian_fonts")
def test_a_print_run_of_every_name_conforms(tmp_path: Path, judge: Judge) -> None:
    using = layout([everything()])
    packets = [(using.press(values_of(facts(name)), identifier(name)), "") for _, name in NAMES]
    file = tmp_path / "print-run.pdf"
    file.write_bytes(print_run(packets))
    assert judge.faults(file) == []


def test_a_print_run_of_many_patients_conforms(tmp_path: Path, judge: Judge) -> None:
    names = ["Ana Ruiz", "Łukasz Zmyślony", "Παράδειγμα Δοκιμή", "long name " * 15]
    using = layout([everything()], picture=logo())
    packets = [using.press(values_of(facts(names[number % 4])), identifier(str(number))) for number in range(40)]
    parts = [each for pressed in packets for each in ((pressed, "8"), (using.padding_page(identifier("x"), 9), ""))]
    file = tmp_path / "print-run.pdf"
    file.write_bytes(print_run(parts, logo(), duplex=True))
    assert judge.faults(file) == []


def test_what_a_clinic_prints_conforms(tmp_path: Path, judge: Judge) -> None:
    listed = list_file(tmp_path, [row(1), row(2, language="es"), row(3, large_print="yes"), row(4, payer="Medicare")])
    out = tmp_path / "out"
    assert handouts("generate", listed, "--clinic", EXAMPLES / "clinic.yaml", "--out", out, *ISSUED).code == 0
    files = [out / "print-run.pdf", *sorted((out / "packets").iterdir())]
    assert {file.name: judge.faults(file) for file in files} == {file.name: [] for file in files}


def test_a_locked_packet_that_its_reader_opened_keeps_to_pdf_ua_and_claims_nothing_else(
    tmp_path: Path, judge: Judge
) -> None:
    listed = list_file(tmp_path, [row(1, password="Sample-secret-1")])  # noqa: S106 - made up
    out = tmp_path / "out"
    clinic = EXAMPLES / "clinic.yaml"
    assert handouts("generate", listed, "--clinic", clinic, "--out", out, "--encrypt", *ISSUED).code == 0
    (locked,) = (out / "packets").iterdir()
    with pikepdf.open(locked, password="Sample-secret-1") as document:  # noqa: S106 - made up
        document.save(tmp_path / "opened.pdf", encryption=False)
    opened = (tmp_path / "opened.pdf").read_bytes()
    assert (b"pdfuaid:part" in opened, b"pdfaid" in opened) == (True, False)
    assert [fault for fault in judge.faults(tmp_path / "opened.pdf") if fault.rule.startswith("ua1")] == []


def vouched(folder: Path) -> Path:
    """A notice that claims PDF/A-2a and keeps to it, with tags, a link and a field of its own."""
    build().save(folder / "notice.pdf")
    return folder / "notice.pdf"


def with_notice(folder: Path, notice: Path) -> list[Path]:
    """A packet and a print run that have it."""
    attachment = read_attachment("notice", "Official 1", notice)
    pressed = layout([everything()], picture=logo()).press(values_of(facts()), identifier("x"))
    (folder / "packet.pdf").write_bytes(file_of(pressed, logo(), attachment))
    (folder / "print-run.pdf").write_bytes(print_run([(pressed, "8"), (attachment, "")] * 3, logo()))
    return [folder / "packet.pdf", folder / "print-run.pdf"]


def test_packets_with_a_notice_that_conforms_conform(tmp_path: Path, judge: Judge) -> None:
    for file in with_notice(tmp_path, vouched(tmp_path)):
        assert judge.faults(file) == []
        assert b"pdfaid:part" in file.read_bytes()


UNCLAIMED = {"ua1 5-1", "2a 6.6.4-1"}
NOT_EMBEDDED = {"ua1 7.21.4.1-1", "2a 6.2.11.4.1-1"}


def test_packets_with_a_notice_that_nobody_vouches_for_claim_nothing_and_break_no_other_rule(
    tmp_path: Path, judge: Judge
) -> None:
    for file in with_notice(tmp_path, official(tmp_path, 2)):
        assert {fault.rule for fault in judge.faults(file)} == UNCLAIMED | NOT_EMBEDDED
        assert not re.search(rb"pdfaid|pdfuaid", file.read_bytes())


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_packets_with_a_notice_that_any_program_made_break_no_rule_of_tags(
    tmp_path: Path, judge: Judge, change: Change
) -> None:
    for file in with_notice(tmp_path, changed(official(tmp_path), change)):
        assert {fault.rule for fault in judge.faults(file)} - UNCLAIMED - NOT_EMBEDDED == set()
