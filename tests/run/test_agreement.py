"""clinic.yaml is checked as a whole: every mistake is told with its place, its value and what was meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.run.making import (
    EXAMPLES,
    ISSUED,
    Done,
    Made,
    bare,
    clinic_file,
    desk,
    handouts,
    list_file,
    row,
    texts_by_pdfium,
)


def dry_run(folder: Path, *changes: tuple[str, str]) -> Done:
    """A dry run with the example clinic, changed."""
    text = (EXAMPLES / "clinic.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "clinic.yaml").write_text(text, encoding="utf-8")
    (folder / "logo.svg").write_bytes((EXAMPLES / "logo.svg").read_bytes())
    return handouts("generate", EXAMPLES / "appointments.csv", "--clinic", folder / "clinic.yaml", "--dry-run")


def line_of(text: str) -> int:
    lines = (EXAMPLES / "clinic.yaml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("spinal-decompression:", "spinal-decompresion:", "did you mean `spinal-decompression`?"),
        ("{document: handout,", "{document: handuot,", "did you mean `handout`?"),
        ("languages: [en, es]", "languages: [xx]", "known here: en, es"),
        ("languages: [en, es]", "languages: en", "must be a list"),
        ("currency: USD", "currency: US", "three capital letters"),
        ("currency: USD", "currency: XQX", "no country pays in `XQX`"),
        ("currency: USD", "currency: JPY\nx: 1", "unknown key `x`"),
        ("price_per_session: 145.00", "price_per_session: 145.001", "decimal places"),
        ("price_per_session: 145.00", "price_per_session: -145.00", "-145.00"),
        ("duplex: true", "duplex: maybe", "must be true or false"),
        ("America/Chicago", "America/Chigaco", "did you mean America/Chicago?"),
        ('npi: "0000000001"', "npi: 0000000001", 'put it in quotes: "0000000001"'),
        ('npi: "0000000001"', 'npi: "123"', "ten digits"),
        ("name: Larkspur Back & Spine Care", "name:", "`name` is empty"),
        ("name: Jonas Whitlock", 'name: "Fernhill, Ada"', "goes by the same name"),
        ("emergency_phone:", "emergncy_phone:", "did you mean `emergency_phone`?"),
    ],
)
def test_a_mistake_is_told_at_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    done = dry_run(tmp_path, (old, new))
    assert done.code == 4
    assert said in done.err
    lines = [int(each) for each in re.findall(r"clinic\.yaml:(\d+):\d+", done.err)]
    assert any(abs(line - line_of(old)) <= 1 for line in lines), done.err


def test_a_price_has_no_more_decimals_than_its_currency(tmp_path: Path) -> None:
    done = dry_run(tmp_path, ("currency: USD", "currency: JPY"), ("145.00", "145.50"))
    assert done.code == 4
    assert f"clinic.yaml:{line_of('price_per_session')}:" in done.err
    assert "0 decimals" in done.err


def test_a_wrong_field_under_columns_is_told_at_its_line(tmp_path: Path) -> None:
    done = dry_run(tmp_path, ("duplex: true", "columns: {patientid: Chart}\nduplex: true"))
    assert done.code == 4
    assert f"clinic.yaml:{line_of('duplex: true')}:" in done.err
    assert "did you mean patient_id?" in done.err


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    done = dry_run(
        tmp_path, ("duplex: true", "duplex: maybe"), ("America/Chicago", "Mars"), ("paper: letter", "paper: a5")
    )
    assert len(re.findall(r"clinic\.yaml:\d+:\d+", done.err)) == 3


# -- practitioners ---------------------------------------------------------------------------------

ADA = {"name": "Dr. Ada Fernhill", "licence": "LIC-ADA", "npi": "1111111111"}
BOB = {"name": "Fernhill, Bob", "licence": "LIC-BOB", "npi": "2222222222"}
KIM = {"name": "Kim Lee, DPT", "licence": "LIC-KIM"}


@pytest.mark.parametrize(
    ("listed", "licence"),
    [
        ("Dr. Ada Fernhill", "LIC-ADA"),
        ("Fernhill, Ada", "LIC-ADA"),
        ("Ada Fernhill, MD, PhD", "LIC-ADA"),
        ("ada fernhill", "LIC-ADA"),
        ("Bob Fernhill", "LIC-BOB"),
        ("Fernhill, Bob", "LIC-BOB"),
        ("Lee, Kim", "LIC-KIM"),
        ("Lee, Kim, DPT", "LIC-KIM"),
        ("Kim Lee PT", "LIC-KIM"),
        ("Fernhill, Zoe", None),
        ("Fernhill", None),
        ("Lee", None),
        ("Ada", None),
    ],
)
def test_a_licence_is_printed_only_for_the_clinician_who_holds_it(
    tmp_path: Path, listed: str, licence: str | None
) -> None:
    place = desk(tmp_path, [row(1, clinician=listed)], practitioners=[ADA, BOB, KIM])
    consent = tmp_path / "templates" / "spinal-decompression" / "en" / "consent.md"
    consent.write_text(consent.read_text() + "\nLicense {{ appointment.clinician_licence }}.\n")
    assert place.generate().code == 0
    made = Made(place.out)
    text = bare(" ".join(texts_by_pdfium(made.print_run)))
    assert {held for held in ("LIC-ADA", "LIC-BOB", "LIC-KIM") if held in text} == ({licence} if licence else set())
    assert made.problems == ([] if licence else [("list.csv:2", "clinician-not-listed", "printed")])


# -- a procedure's own packet ----------------------------------------------------------------------


def with_needling(packet: str) -> tuple[str, str]:
    return "  spinal-decompression:\n", f"  dry-needling:\n{packet}  spinal-decompression:\n"


def test_a_procedure_takes_its_own_packet_and_the_others_the_clinics(tmp_path: Path) -> None:
    rows = [row(1, procedure="Dry needling"), row(2, procedure="Spinal decompression")]
    own = [{"document": "consent", "copies": 2}, {"document": "handout", "unless": ["large_print"]}]
    clinic = clinic_file(tmp_path, procedures={"dry-needling": {"packet": own}, "spinal-decompression": {}})
    out = tmp_path / "out"
    assert handouts("generate", list_file(tmp_path, rows), "--clinic", clinic, "--out", out, *ISSUED).code == 0
    packets = {packet["procedure"]: packet for packet in Made(out).packets}
    kinds = {name: [each["kind"] for each in packet["documents"]] for name, packet in packets.items()}
    assert kinds == {
        "dry-needling": ["consent", "consent", "handout"],
        "spinal-decompression": ["handout", "estimate", "consent"],
    }


def test_a_packet_of_its_own_is_enough_where_the_clinics_does_not_fit(tmp_path: Path) -> None:
    done = dry_run(tmp_path, with_needling("    packet: [{document: handout}, {document: consent}]\n"))
    assert done.code == 0, done.err


@pytest.mark.parametrize(
    ("packet", "below", "said"),
    [
        ("    packet: [{document: handout}, {document: consnet}]\n", 1, "did you mean `consent`?"),
        ("    packet:\n      - document: handout\n      - document: estimate\n", 3, "`dry-needling` has no document"),
        ("    packet:\n      - document: handout\n      - document: handout\n", 1, "stands here twice"),
        ("    packet: []\n", 1, "at least 1"),
        ("    packet:\n      - document: handout\n        copeis: 2\n", 3, "did you mean `copies`?"),
        ("    usual_sessions: 6\n", 0, "has no form for `estimate` of the clinic's packet"),
    ],
)
def test_a_mistake_in_a_procedures_packet_is_told_at_its_line(
    tmp_path: Path, packet: str, below: int, said: str
) -> None:
    done = dry_run(tmp_path, with_needling(packet))
    assert done.code == 4
    assert said in done.err
    assert f"clinic.yaml:{line_of('  spinal-decompression:') + below}:" in done.err, done.err


def test_a_row_for_which_the_packet_has_no_form_is_told_and_the_others_are_printed(tmp_path: Path) -> None:
    listed = list_file(tmp_path, [row(1, procedure="Dry needling"), row(2, procedure="Spinal decompression")])
    out = tmp_path / "out"
    assert handouts("generate", listed, "--clinic", clinic_file(tmp_path), "--out", out, *ISSUED).code == 3
    made = Made(out)
    assert made.appointments == ["A-0002"]
    assert made.problems == [("list.csv:2", "form-missing", "not printed")]
