"""A second procedure with needs of its own: no estimate, points on a picture, in both languages."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from handouts.library.document import Picture
from handouts.library.fields import Locale
from handouts.library.shelf import SHIPPED, Shelf, form_of
from handouts.library.templates import Plain
from handouts.model import Flag
from tests.press.making import clinic as example_clinic
from tests.run.making import ISSUED, Made, clinic_file, codes_on_pages, handouts, list_file, row, texts_by_pdfium

PACKET = [{"document": name} for name in ("handout", "consent", "refusal", "withdrawal")]
LISTED = [
    row(1, procedure="Dry needling", language="en", sessions="6"),
    row(2, procedure="punción seca", language="es", sessions="6"),
    row(3, procedure="TDN", language="es", birth_date="2015-04-02", representative="Eva Ejemplo"),
    row(4, procedure="dry-needling", language="en", large_print="yes"),
    row(5, procedure="Spinal decompression", language="en"),
]
SAID = {
    "en": ("Nothing is injected", "collapsed lung", "Where the needles go", "short of breath", "No treatment for now"),
    "es": ("No se inyecta nada", "colapse un pulmón", "Dónde van las agujas", "Le falta el aire", "Ningún tratamiento"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A day with dry needling in English and Spanish, and one visit for the other procedure."""
    folder = tmp_path_factory.mktemp("needling")
    offers = {"dry-needling": {"packet": PACKET}, "spinal-decompression": {"price_per_session": 145}}
    clinic = clinic_file(folder, procedures=offers, languages=["en", "es"])
    out = folder / "out"
    done = handouts("generate", list_file(folder, LISTED), "--clinic", clinic, "--out", out, *ISSUED)
    assert (done.code, done.err) == (0, ""), done
    return Made(out)


def pages_of(made: Made, packet: dict[str, Any], kind: str) -> list[str]:
    document = next(each for each in packet["documents"] if each["kind"] == kind)
    first = document["first_page"] - 1
    return texts_by_pdfium(made.file(packet))[first : first + document["pages"]]


def test_an_estimate_that_is_due_and_not_in_the_packet_is_told(tmp_path: Path) -> None:
    clinic = clinic_file(tmp_path, procedures={"dry-needling": {"packet": PACKET}})
    listed = list_file(tmp_path, [row(1, payer="Self-pay"), row(2, payer="Aetna")])
    done = handouts("generate", listed, "--clinic", clinic, "--out", tmp_path / "out", *ISSUED)
    assert [(source, code) for source, code, _ in Made(tmp_path / "out").problems] == [("list.csv:2", "estimate-due")]
    assert "hand out your own" in done.out


def test_dry_needling_has_its_four_documents_and_no_estimate(made: Made) -> None:
    for packet in made.packets[:4]:
        assert packet["procedure"] == "dry-needling"
        assert [each["kind"] for each in packet["documents"]] == [each["document"] for each in PACKET]
        assert not any("$" in text for text in texts_by_pdfium(made.file(packet)))
    assert [each["kind"] for each in made.packets[4]["documents"]] == ["handout", "estimate", "consent"]


def test_who_pays_alone_reads_of_the_right_to_a_price_in_writing(made: Made) -> None:
    said = {"en": "the right to a good faith estimate", "es": "derecho a un estimado de buena fe"}
    for packet in made.packets[:4]:
        assert said[packet["language"]] in " ".join(pages_of(made, packet, "handout"))


def test_each_patient_reads_their_own_language(made: Made) -> None:
    assert [packet["language"] for packet in made.packets] == ["en", "es", "es", "en", "en"]
    for packet in made.packets[:4]:
        text = " ".join(texts_by_pdfium(made.file(packet)))
        language = packet["language"]
        other = {"en": "es", "es": "en"}[language]
        assert [words for words in SAID[language] if words not in text] == []
        assert [words for words in SAID[other] if words in text] == []


def test_the_body_stands_in_each_consent_form_once_and_nowhere_else(made: Made) -> None:
    for packet in made.packets[:4]:
        shown = called_on_pages(made.file(packet).read_bytes())
        pages = [index for index, names in enumerate(shown) if names & body_of(made)]
        consent = next(each for each in packet["documents"] if each["kind"] == "consent")
        assert len(pages) == 1
        assert consent["first_page"] <= pages[0] + 1 < consent["first_page"] + consent["pages"]
        assert ("Where the needles go", "Dónde van las agujas")[packet["language"] == "es"] in texts_by_pdfium(
            made.file(packet)
        )[pages[0]]


def body_of(made: Made) -> set[str]:
    """The one picture that packets of both procedures show: the body."""
    needling, decompression = (
        set[str]().union(*called_on_pages(made.file(made.packets[number]).read_bytes())) for number in (0, 4)
    )
    found = needling & decompression
    assert len(found) == 1
    return found


def test_the_handout_shows_two_counted_risks_with_one_denominator(made: Made) -> None:
    for packet in made.packets[:4]:
        handout = packet["documents"][0]["pages"]
        shown = [names for names in called_on_pages(made.file(packet).read_bytes())[:handout] if names]
        assert len(set().union(*shown)) == 2
        text = " ".join(pages_of(made, packet, "handout"))
        for count in ("160", "1"):
            assert len(re.findall(rf"\b{count} (?:of|de cada) 1,000", text)) >= 2  # in the list, and below the picture


def called_on_pages(file: bytes) -> list[set[str]]:
    """The pictures that each page shows."""
    with pikepdf.open(io.BytesIO(file)) as document:
        return [
            {str(step.operands[0]) for step in pikepdf.parse_content_stream(page) if str(step.operator) == "Do"}
            for page in document.pages
        ]


def test_the_print_run_shows_the_same_pages_and_holds_the_body_once(made: Made) -> None:
    file = made.print_run.read_bytes()
    assert len({name for names in called_on_pages(file) for name in names}) == 3  # the body and two counted risks
    with pikepdf.open(io.BytesIO(file)) as document:
        assert sum(isinstance(each, pikepdf.Stream) and "/Matrix" in each for each in document.objects) == 3
    packet = made.packets[0]
    shown = called_on_pages(made.file(packet).read_bytes())
    body = next(index for index, names in enumerate(shown) if names & body_of(made))
    with pypdfium2.PdfDocument(made.file(packet)) as alone, pypdfium2.PdfDocument(file) as whole:
        first = packet["print_run_first_page"] - 1
        one, other = (each.render(scale=1, grayscale=True) for each in (alone[body], whole[first + body]))
        assert bytes(one.buffer) == bytes(other.buffer)


def test_a_child_and_the_one_who_decides_both_sign(made: Made) -> None:
    roles = [each["role"] for each in made.packets[2]["signatures"]]
    assert {"representative", "child", "clinician", "witness", "withdrawal"} <= set(roles)
    assert "patient" not in roles
    assert "Eva Ejemplo" in " ".join(pages_of(made, made.packets[2], "consent"))


def test_every_page_has_its_codes(made: Made) -> None:
    packet = made.packets[1]
    assert [len(found) for found in codes_on_pages(made.file(packet))] == [2] * packet["pages"]


# -- the two languages -----------------------------------------------------------------------------

FLAGS = (
    frozenset[Flag](),
    frozenset({Flag.MINOR, Flag.REPRESENTATIVE, Flag.INTERPRETER}),
    frozenset({Flag.LACKS_CAPACITY, Flag.REPRESENTATIVE, Flag.SESSIONS_PLANNED}),
)


@pytest.mark.parametrize("flags", FLAGS, ids=["adult", "minor", "lacks capacity"])
@pytest.mark.parametrize("document", ["handout", "consent", "refusal", "withdrawal"])
def test_both_languages_have_the_same_blocks_in_the_same_order(document: str, flags: frozenset[Flag]) -> None:
    shelf = Shelf((SHIPPED,))
    procedure, labels = shelf.procedures["dry-needling"], shelf.labels("en")
    english, spanish = (
        form_of(procedure, document, example_clinic(), flags, Locale(language, "USD"), labels)
        for language in ("en", "es")
    )
    assert [type(block) for block in english.blocks] == [type(block) for block in spanish.blocks]
    assert [len(getattr(block, "items", ())) for block in english.blocks] == [
        len(getattr(block, "items", ())) for block in spanish.blocks
    ]
    assert sum(isinstance(block, Picture) for block in english.blocks) == (document == "consent")


def test_every_fact_has_both_languages_and_the_same_numbers() -> None:
    def pairs(value: Plain) -> list[dict[str, str]]:
        if isinstance(value, dict) and "en" in value:
            return [value]
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return [pair for each in inner for pair in pairs(each)]

    procedure = Shelf((SHIPPED,)).procedures["dry-needling"]
    said = pairs(json.loads(procedure.model_dump_json()))
    assert len(said) > 100
    for pair in said:
        assert set(pair) == {"en", "es"}
        english, spanish = (sorted(filter(str.isdigit, pair[language])) for language in ("en", "es"))
        assert english == spanish, pair
    for risk in procedure.risks:
        if risk.frequency and risk.of:
            for words in risk.frequency_text.root.values():
                assert f"{risk.frequency} " in words
                assert f"{risk.of:,} " in words
                assert f"{risk.of - risk.frequency}" in words
        else:
            assert "not known" in risk.frequency_text.root["en"]
