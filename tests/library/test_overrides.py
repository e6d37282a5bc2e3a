"""A clinic changes single documents, blocks or facts of a shipped procedure without copying the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.errors import TemplateError
from handouts.intake.clinic import read_clinic
from handouts.library.new import new_procedure
from handouts.library.shelf import SHIPPED, Shelf, form_of, shelf_for
from tests.press import making
from tests.run.making import EXAMPLES, ISSUED, Made, handouts, texts_by_pdfium

PROCEDURE = "spinal-decompression"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The clinic's own folder for the shipped procedure, still empty, beside its clinic.yaml and logo."""
    for name in ("clinic.yaml", "logo.svg"):
        (tmp_path / name).write_bytes((EXAMPLES / name).read_bytes())
    folder = tmp_path / "templates" / PROCEDURE
    (folder / "en").mkdir(parents=True)
    return folder


def generated(own: Path) -> tuple[Made, str]:
    """The packet of one example patient, and all its text."""
    folder = own.parents[1]
    words: list[str | Path] = ["generate", EXAMPLES / "appointments.csv", "--clinic", folder / "clinic.yaml"]
    done = handouts(*words, "--only", "EX-1001", "--out", folder / "out", "--overwrite", *ISSUED)
    assert done.code == 0, done.err
    made = Made(folder / "out")
    return made, " ".join(texts_by_pdfium(made.print_run))


BLOCK = """\
{% extends "shipped/handout.md" %}

{% block before_after %}
{{ super() }}

Bring a long towel. We have a car park behind the house.

{% endblock %}
"""


def test_a_block_is_changed_and_all_else_stays(own: Path) -> None:
    (own / "en" / "handout.md").write_text(BLOCK, encoding="utf-8")
    _, text = generated(own)
    assert "I filled in my diary. Bring a long towel." in text.replace("☐ ", "")
    assert text.index("Bring a long towel.") < text.index("When do I get help?")
    assert "Consent form: spinal decompression therapy" in text
    assert "Cost estimate: spinal decompression therapy" in text


def test_a_changed_form_has_a_code_of_its_own_and_the_others_keep_theirs(own: Path) -> None:
    before = generated(own)[0].manifest["templates"]
    (own / "en" / "handout.md").write_text(BLOCK, encoding="utf-8")
    after = generated(own)[0].manifest["templates"]
    changed = {name for name, form in after.items() if form != before[name]}
    assert changed == {f"{PROCEDURE}/en/handout"}


def test_a_whole_document_is_replaced(own: Path) -> None:
    (own / "en" / "estimate.md").write_text("# Ask us\n\nAsk at the desk what it costs.\n", encoding="utf-8")
    _, text = generated(own)
    assert "Ask at the desk what it costs." in text
    assert "What we expect to charge" not in text
    assert "Health questions" in text


def test_single_facts_are_changed(own: Path) -> None:
    facts = 'reviewer: Dr. Ada Fernhill\ndocuments:\n  handout: {form: LBS-H, version: "2.1"}\n'
    (own / "procedure.yaml").write_text(facts, encoding="utf-8")
    made, text = generated(own)
    documents = {each["kind"]: (each["form"], each["version"]) for each in made.packets[0]["documents"]}
    assert documents == {"handout": ("LBS-H", "2.1"), "estimate": ("SDT-E", "1.0"), "consent": ("SDT-C", "1.0")}
    assert "LBS-H version 2.1" in text
    assert "a slipped disc (also called a herniated disc)" in text


def test_one_risk_is_changed_and_no_other_is_lost(own: Path) -> None:
    facts = (
        "risks:\n"
        "  - id: headache\n    text: {en: A strong headache, es: Dolor de cabeza fuerte}\n"
        "    frequency_text: {en: how often is not known, es: no se sabe}\n    serious: false\n"
        "    what_to_do: {en: Tell us., es: Avísenos.}\n    source: our own count\n"
        "  - {id: tiredness, remove: true}\n"
    )
    (own / "procedure.yaml").write_text(facts, encoding="utf-8")
    _, text = generated(own)
    assert "A strong headache: how often is not known." in text
    assert "Sore or cramping back muscles" in text
    assert "Harm to the spine" in text
    assert "Feeling tired" not in text


def test_taking_away_a_risk_that_is_not_there_is_told(own: Path) -> None:
    (own / "procedure.yaml").write_text("risks:\n  - {id: headach, remove: true}\n", encoding="utf-8")
    with pytest.raises(TemplateError, match=r"unknown key .*remove"):
        _ = Shelf((own.parent, SHIPPED)).procedures


def test_two_own_risks_of_one_id_are_both_printed(own: Path) -> None:
    entry = (
        "  - id: headache\n    text: {{en: {0}, es: {0}}}\n    frequency_text: {{en: not known, es: no se sabe}}\n"
        "    serious: false\n    what_to_do: {{en: Tell us., es: Avise.}}\n    source: our own count\n"
    )
    facts = "risks:\n" + entry.format("First ache") + entry.format("Second ache")
    (own / "procedure.yaml").write_text(facts, encoding="utf-8")
    _, text = generated(own)
    assert "First ache: not known." in text
    assert "Second ache: not known." in text


def test_a_mistake_in_own_facts_is_told_at_its_own_line(own: Path) -> None:
    (own / "procedure.yaml").write_text("reviewer: Dr. Ada Fernhill\nreviewd: 2026-11-01\n", encoding="utf-8")
    shelf = Shelf((own.parent, SHIPPED))
    with pytest.raises(TemplateError) as caught:
        _ = shelf.procedures
    assert f"{own / 'procedure.yaml'}:2:1" in str(caught.value)
    assert "did you mean `reviewed`?" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (BLOCK + "\nBring a towel.\n", 10, "outside every block"),
        (BLOCK.replace("{% block", "\nBring a towel.\n\n{% block"), 4, "outside every block"),
        (BLOCK + "{% filter upper %}towel{% endfilter %}\n", 9, "outside every block"),
        (BLOCK + "{{ patient.name }}\n", 9, "outside every block"),
        (BLOCK.replace("before_after", "before_aftr"), 3, "did you mean `before_after`?"),
    ],
)
def test_what_would_be_dropped_in_silence_is_refused(own: Path, text: str, line: int, said: str) -> None:
    (own / "en" / "handout.md").write_text(text, encoding="utf-8")
    clinic = read_clinic(own.parents[1] / "clinic.yaml")
    shelf = shelf_for(clinic)
    with pytest.raises(TemplateError) as caught:
        form_of(shelf.procedures[PROCEDURE], "handout", clinic, frozenset(), making.ENGLISH, shelf.labels("en"))
    assert said in str(caught.value).casefold()
    assert caught.value.where == f"{own / 'en' / 'handout.md'}:{line}"


def test_a_mistake_in_a_changed_block_is_told_at_its_own_line(own: Path) -> None:
    (own / "en" / "handout.md").write_text(BLOCK.replace("Bring a", "{{ patient.nme }} bring a"), encoding="utf-8")
    clinic = read_clinic(own.parents[1] / "clinic.yaml")
    shelf = shelf_for(clinic)
    with pytest.raises(TemplateError) as caught:
        form_of(shelf.procedures[PROCEDURE], "handout", clinic, frozenset(), making.ENGLISH, shelf.labels("en"))
    assert caught.value.where == f"{own / 'en' / 'handout.md'}:6"
    assert "Did you mean `patient.name`?" in caught.value.hint


# -- drawings that procedures share ----------------------------------------------------------------

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'


def body_in(shelf: Shelf, procedure: str, document: str) -> Path:
    """The file of the body that a form shows."""
    form = form_of(
        shelf.procedures[procedure], document, making.clinic(), frozenset(), making.ENGLISH, shelf.labels("en")
    )
    [body] = [file for file in form.files if file.suffix == ".svg"]
    return body


def test_procedures_show_one_drawing_of_a_body() -> None:
    shared = SHIPPED / "pictures" / "body.svg"
    shown = [(PROCEDURE, "handout"), ("lumbar-epidural-steroid-injection", "handout"), ("dry-needling", "consent")]
    assert [body_in(making.shelf(), *each) for each in shown] == [shared] * 3
    assert shared in making.shelf().files()


def test_a_clinic_draws_the_body_anew_for_all_procedures_or_for_one(tmp_path: Path) -> None:
    shelf = Shelf((tmp_path, SHIPPED))
    for_all, for_one = tmp_path / "pictures" / "body.svg", tmp_path / "dry-needling" / "pictures" / "body.svg"
    for file in (for_all, for_one):
        file.parent.mkdir(parents=True)
        file.write_text(DRAWING, encoding="utf-8")
    assert body_in(shelf, PROCEDURE, "handout") == for_all
    assert body_in(shelf, "dry-needling", "consent") == for_one
    assert {for_all, for_one} <= set(shelf.files())


def test_a_procedure_of_the_clinic_shows_a_shipped_drawing(tmp_path: Path) -> None:
    new_procedure("knee-taping", tmp_path, making.ISSUED_AT.date())
    consent = tmp_path / "knee-taping" / "en" / "consent.md"
    consent.write_text("# Form\n\n::: picture body 60\nA body.\n:::\n", encoding="utf-8")
    assert body_in(Shelf((tmp_path, SHIPPED)), "knee-taping", "consent") == SHIPPED / "pictures" / "body.svg"
