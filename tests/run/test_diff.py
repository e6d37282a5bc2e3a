"""`handouts diff`: what changed between two versions of the forms, and whether signed forms must be renewed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from handouts.library.shelf import SHIPPED
from tests.run.making import handouts

SHIPPED_ONE = "spinal-decompression"
PROCEDURE = "knee-care"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two copies of the shipped procedure, English only."""
    for name in ("old", "new"):
        shutil.copytree(SHIPPED / SHIPPED_ONE, tmp_path / name / PROCEDURE, ignore=shutil.ignore_patterns("es"))
    return tmp_path / "old" / PROCEDURE, tmp_path / "new" / PROCEDURE


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def told(folders: tuple[Path, Path]) -> str:
    done = handouts("diff", *folders)
    assert (done.code, done.err) == (0, "")
    return done.out


def test_equal_forms_are_told_as_unchanged(folders: tuple[Path, Path]) -> None:
    out = told(folders)
    assert out.count("unchanged, version 1.0") >= 5
    assert out.endswith("Signed forms stay good.\n")


@pytest.mark.parametrize(
    ("file", "old", "new", "section"),
    [
        ("procedure.yaml", '"Sore or cramping back muscles"', '"Sore back muscles"', "risks"),
        ("procedure.yaml", '"A therapist plans and guides your exercise."', '"A therapist helps."', "alternatives"),
        ("en/consent.md", "- I was told the risks,", "- I heard the risks,", "statements"),
        ("en/consent.md", "I choose to have this treatment.", "I want this treatment.", "signatures"),
        ("en/consent.md", "::: sign witness", "::: sign interpreter", "signatures"),
    ],
)
def test_what_was_agreed_to_has_changed_so_signed_forms_must_be_renewed(
    folders: tuple[Path, Path], file: str, old: str, new: str, section: str
) -> None:
    change(folders[1], file, old, new)
    out = told(folders)
    consent = out[out.index("consent (en)") :].split("\nrefusal")[0] if section != "alternatives" else out
    assert f"  {section}\n" in consent
    assert "MUST BE RENEWED" in out
    assert "raise it in procedure.yaml" in out
    assert out.endswith("Signed forms must be renewed.\n")


def test_other_changes_are_shown_and_signed_forms_stay_good(folders: tuple[Path, Path]) -> None:
    change(folders[1], "en/consent.md", "Keep your copy.", "Keep your copy safe.")
    change(
        folders[1], "procedure.yaml", 'consent: {form: SDT-C, version: "1.0"}', 'consent: {form: SDT-C, version: "1.1"}'
    )
    out = told(folders)
    assert "consent (en): version 1.0 to 1.1; signed forms stay good" in out
    assert "Keep your copy.\n" in out
    assert "Keep your copy safe.\n" in out
    assert out.endswith("Signed forms stay good.\n")


def test_a_change_of_a_form_that_nobody_signs_asks_for_no_signature(folders: tuple[Path, Path]) -> None:
    handout = folders[1] / "en" / "handout.md"
    handout.write_text(handout.read_text(encoding="utf-8") + "\nA last word.\n", encoding="utf-8")
    out = told(folders)
    assert "handout (en): the text changed but the version is still 1.0 (raise it in procedure.yaml)\n" in out
    assert "+ A last word." in out
    assert out.endswith("Signed forms stay good.\n")


def test_another_line_end_is_no_change(folders: tuple[Path, Path]) -> None:
    change(folders[1], "en/consent.md", "Keep your copy.", "Keep your\\\ncopy.")
    assert told(folders).endswith("Signed forms stay good.\n")
    assert "+ " not in told(folders)


def test_a_change_for_one_kind_of_patient_only_is_seen(folders: tuple[Path, Path]) -> None:
    change(folders[1], "en/consent.md", "It is fine with me.", "I want it.")
    out = told(folders)
    assert "- Someone told me what will happen. I know that I can say stop. It is fine with me." in out
    assert "MUST BE RENEWED" in out


def test_a_consent_without_its_signatures_is_no_consent(folders: tuple[Path, Path]) -> None:
    path = folders[1] / "en" / "consent.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        re.sub(r"^::: sign \w+\n", "::: note\n", text, flags=re.M).replace("\n: {{", "\n{{"), encoding="utf-8"
    )
    assert told(folders).endswith("Signed forms must be renewed.\n")


def test_a_consent_that_is_gone_makes_signed_ones_void(folders: tuple[Path, Path]) -> None:
    (folders[1] / "en" / "consent.md").unlink()
    out = told(folders)
    assert "consent (en): gone; signed forms MUST BE RENEWED" in out
    assert out.endswith("Signed forms must be renewed.\n")


def test_what_to_do_about_a_risk_is_part_of_what_was_agreed_to(folders: tuple[Path, Path]) -> None:
    change(folders[1], "procedure.yaml", '"Tell us. Rest until it eases."', '"Go to the hospital."')
    assert told(folders).endswith("Signed forms must be renewed.\n")


def test_another_treatment_is_for_the_clinician_to_judge(folders: tuple[Path, Path]) -> None:
    change(folders[1], "procedure.yaml", '"A table with a motor gently stretches', '"A surgeon gently stretches')
    out = told(folders)
    assert "ASK THE CLINICIAN" in out
    assert out.endswith("Ask the clinician whether signed forms stay good.\n")


def test_a_clinics_own_block_is_compared_with_the_shipped_form(tmp_path: Path) -> None:
    own = tmp_path / SHIPPED_ONE
    (own / "en").mkdir(parents=True)
    block = '{% extends "shipped/consent.md" %}\n\n{% block before %}\nRead this.\n\n{% endblock %}\n'
    (own / "en" / "consent.md").write_text(block, encoding="utf-8")
    out = told((SHIPPED / SHIPPED_ONE, own))
    assert "consent (en)" in out
    assert "+ Read this." in out
    assert "gone" not in out


def test_new_and_gone_documents_are_told(folders: tuple[Path, Path]) -> None:
    change(folders[1], "procedure.yaml", '  withdrawal: {form: SDT-W, version: "1.0"}\n', "")
    assert "withdrawal (en): gone" in told(folders)
    assert "withdrawal (en): new" in told((folders[1], folders[0]))


def test_a_folder_that_is_no_procedure_is_refused(tmp_path: Path) -> None:
    done = handouts("diff", tmp_path, tmp_path)
    assert done.code == 2
    assert "no procedure.yaml" in done.err
