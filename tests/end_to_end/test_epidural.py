"""A lumbar epidural steroid injection has needs of its own, and prints nothing of another procedure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handouts.library.procedure import read_procedure
from tests.run.making import ISSUED, TEMPLATES, Made, clinic_file, handouts, list_file, row, texts_by_pdfium

ID = "lumbar-epidural-steroid-injection"
DOCUMENTS = ("handout", "estimate", "consent", "refusal", "withdrawal")
PATIENTS = {
    "self-pay": {"payer": "Self-pay", "sessions": "3", "booked_on": "2026-11-20"},
    "insured": {"payer": "Example Mutual Health", "sessions": "1"},
    "medicare": {"payer": "Medicare"},
    "minor": {"birth_date": "2010-07-19", "representative": "Paula Madeup", "sessions": "2"},
    "decided-for": {"representative": "Robin Specimen"},
    "interpreter": {"interpreter": "yes", "language": "Vietnamese"},
    "large-print": {"large_print": "yes"},
}
Texts = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Texts:
    """The text of each document of each patient's packet."""
    folder = tmp_path_factory.mktemp("epidural")
    clinic = clinic_file(
        folder,
        procedures={ID: {"price_per_session": 1150}},
        packet=[{"document": document} for document in DOCUMENTS],
    )
    people = [row(number, procedure="Lumbar ESI", **each) for number, each in enumerate(PATIENTS.values(), 1)]
    done = handouts("generate", list_file(folder, people), "--clinic", clinic, "--out", folder / "out", *ISSUED)
    assert done.code == 0, done.err
    made = Made(folder / "out")
    assert {packet["procedure"] for packet in made.packets} == {ID}
    found: Texts = {}
    for patient, packet in zip(PATIENTS, made.packets, strict=True):
        texts = iter(texts_by_pdfium(made.file(packet)))
        found[patient] = {
            document: " ".join(next(texts) for _ in range(part["pages"]))
            for document, part in zip(DOCUMENTS, packet["documents"], strict=True)
        }
    return found


@pytest.mark.parametrize("patient", PATIENTS)
def test_someone_must_drive_the_patient_home(printed: Texts, patient: str) -> None:
    handout, consent = printed[patient]["handout"], printed[patient]["consent"]
    assert "Who drives me, and phone" in handout
    assert "Who stays with me, and phone" in handout
    assert "You must not drive" in handout
    assert "Adult who drives the patient home, and phone" in consent


@pytest.mark.parametrize("patient", PATIENTS)
def test_the_clinic_writes_which_medicines_stop_and_when(printed: Texts, patient: str) -> None:
    for document in ("handout", "consent"):
        assert "Medicine Last dose on Start again on Who decided" in printed[patient][document]
    assert "Do not stop a medicine on your own" in printed[patient]["handout"]
    assert "Last food on (day and time)" in printed[patient]["handout"]


@pytest.mark.parametrize("patient", PATIENTS)
def test_level_and_side_are_written_before_signing_and_checked_on_the_day(printed: Texts, patient: str) -> None:
    consent = printed[patient]["consent"]
    assert consent.index("Side: left, right or middle") < consent.index("Signatures")
    assert consent.index("Level, such as L4-L5") < consent.index("Signatures")
    assert "(time-out)" in consent[consent.index("On the day of each injection") :]
    assert "Level and side" in printed[patient]["withdrawal"]


@pytest.mark.parametrize("patient", PATIENTS)
def test_the_warning_of_the_fda_stands_where_the_choice_is_made(printed: Texts, patient: str) -> None:
    for document in ("handout", "consent"):
        text = printed[patient][document]
        assert "In 2014 the FDA" in text
        assert "The FDA has not approved any steroid for use in this space." in text


@pytest.mark.parametrize("patient", PATIENTS)
def test_no_word_is_left_of_another_procedure(printed: Texts, patient: str) -> None:
    for document, text in printed[patient].items():
        assert not re.findall(r"(?i)\w*decompress\w*|\btraction\b|\bharness\b|\bsessions?\b|\bneedling\b", text), (
            document
        )


def test_injections_are_counted_and_paid_for_one_by_one(printed: Texts) -> None:
    assert "Injections planned for you: 3" in printed["self-pay"]["handout"]
    assert "$3,450.00" in printed["self-pay"]["estimate"]
    assert "$1,150.00" in printed["insured"]["estimate"]
    assert "One injection costs $1,150.00" in printed["medicare"]["estimate"]
    assert "Medicare pays for some of these injections" in printed["medicare"]["estimate"]
    for estimate in (printed[patient]["estimate"] for patient in PATIENTS):
        assert "CPT 62323" in estimate
        assert "CPT 62322" in estimate
        assert "What do others charge" not in estimate


def test_a_refusal_names_no_sign_that_only_an_injection_can_bring(printed: Texts) -> None:
    refusal = printed["insured"]["refusal"]
    assert "You cannot pee" in refusal
    assert "headache" not in refusal


def test_every_risk_tells_how_often_or_that_nobody_knows() -> None:
    procedure = read_procedure([TEMPLATES / ID], [TEMPLATES])
    assert not procedure.costs
    for risk in procedure.risks:
        english, spanish = (risk.frequency_text.root[language] for language in ("en", "es"))
        if risk.frequency is None:
            assert "not known" in english
            assert "no se sabe" in spanish
        else:
            assert risk.of
            assert risk.of in {1000, 1_000_000}
            for text in (english, spanish):
                assert all(re.search(rf"\b{count:,}\b", text) for count in (risk.frequency, risk.of - risk.frequency))


def test_every_form_stands_in_both_languages() -> None:
    folder: Path = TEMPLATES / ID
    for language in ("en", "es"):
        assert {file.stem for file in (folder / language).glob("*.md")} == set(DOCUMENTS)
