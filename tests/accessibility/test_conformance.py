"""Every packet and every print run keeps to PDF/UA-1 and PDF/A-2a at once, as veraPDF judges."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.model import Flag, Paper
from handouts.run.preview import PreviewOptions, preview
from tests.accessibility.engine import Fault
from tests.accessibility.judge import Judge
from tests.layout.names import NAMES
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
from tests.run.making import EXAMPLES, ISSUED, handouts, list_file, row

PROCEDURES = sorted(shelf().procedures)
FLAGS: tuple[tuple[Flag, ...] | None, ...] = (
    None,
    (Flag.MEDICARE, Flag.INTERPRETER),
    (Flag.MINOR, Flag.INSURED, Flag.SESSIONS_PLANNED),
    (Flag.LACKS_CAPACITY, Flag.SELF_PAY, Flag.INTERPRETER),
    (Flag.LARGE_PRINT, Flag.SELF_PAY, Flag.SESSIONS_PLANNED),
)


@pytest.mark.parametrize("flags", FLAGS, ids=lambda flags: "+".join(flags) if flags else "each")
@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("procedure", PROCEDURES)
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
