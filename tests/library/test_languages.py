"""What is said in one language is said in all: the same facts, forms, fields and flags; and dates and money follow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
from pydantic import BaseModel

from handouts.library.document import Details, Form, Heading, Items, Screening, Signature, Table
from handouts.library.fields import Locale
from handouts.library.procedure import Procedure, Words
from handouts.library.shelf import form_of, languages_of
from handouts.model import Flag
from tests.press.making import FLAG_SETS, clinic, shelf
from tests.run.making import EXAMPLES, ISSUED, Done, Made, command, texts_by_pdfium

PROCEDURES = sorted(shelf().procedures)
TRANSLATED = [(name, language) for name in PROCEDURES for language in sorted(shelf().procedures[name].languages())]
DOCUMENTS = [
    (name, language, document)
    for name, language in TRANSLATED
    if language != "en"
    for document in shelf().procedures[name].documents
]
VARIANTS = (*FLAG_SETS[::5], frozenset({Flag.REPRESENTATIVE, Flag.LACKS_CAPACITY, Flag.INTERPRETER, Flag.LARGE_PRINT}))

_TAG = re.compile(r"\{%[+-]?\s*(.*?)\s*[+-]?%\}")
_PRINTED = re.compile(r"\{\{\s*(.*?)\s*\}\}")
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_BLOCK = re.compile(r"\{% block (\w+) %\}(.*?)(?=\{% block |\Z)", re.DOTALL)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def _all_words(value: object, path: str = "") -> Iterator[tuple[str, Words]]:
    match value:
        case Words():
            yield path, value
        case BaseModel():
            for key, member in value:
                yield from _all_words(member, f"{path}.{key}")
        case tuple() | list():
            for member in value:
                yield from _all_words(member, f"{path}.{getattr(member, 'id', '')}")


def _source(procedure: Procedure, document: str, language: str) -> str:
    path = procedure.template(document, language)
    assert path, f"{procedure.id}: no {document} in {language}"
    return _COMMENT.sub("", path.read_text(encoding="utf-8"))


def _blocks(source: str) -> dict[str, str]:
    return dict(_BLOCK.findall(source))


def test_spanish_is_shipped() -> None:
    assert ("spinal-decompression", "es") in TRANSLATED


@pytest.mark.parametrize(("name", "language"), TRANSLATED)
def test_every_fact_and_every_document_exists_in_the_language(name: str, language: str) -> None:
    procedure = shelf().procedures[name]
    assert language in languages_of(procedure, list(procedure.documents))
    assert not [path for path, words in _all_words(procedure) if language not in words.root]


@pytest.mark.parametrize(("name", "language"), TRANSLATED)
def test_facts_give_the_same_numbers_in_every_language(name: str, language: str) -> None:
    for path, words in _all_words(shelf().procedures[name]):
        told, english = (Counter(_NUMBER.findall(words.root[each])) for each in (language, "en"))
        assert told == english, path


@pytest.mark.parametrize("name", PROCEDURES)
def test_printed_sources_are_citations_in_no_language(name: str) -> None:
    procedure = shelf().procedures[name]
    printed = [each.source for each in procedure.evidence]
    printed += [each.source for each in procedure.risks if each.frequency is not None and name.startswith("lumbar")]
    words = r"and others|\b(?:review|guideline|study|survey|people|page|clinic|quoted|for|on)\b"
    assert not [source for source in printed if re.search(words, source)]


@pytest.mark.parametrize("language", sorted({language for _, language in TRANSLATED}))
def test_the_programs_own_words_exist_in_the_language(language: str) -> None:
    assert set(shelf().labels(language).roles) == set(shelf().labels("en").roles)


@pytest.mark.parametrize(("name", "language", "document"), DOCUMENTS)
def test_a_template_has_the_same_blocks_fields_facts_and_flags_in_every_language(
    name: str, language: str, document: str
) -> None:
    procedure = shelf().procedures[name]
    translated, english = (_source(procedure, document, each) for each in (language, "en"))
    ours, theirs = _blocks(translated), _blocks(english)
    assert list(ours) == list(theirs)
    for block in theirs:
        assert sorted(_TAG.findall(ours[block])) == sorted(_TAG.findall(theirs[block])), block
        assert set(_PRINTED.findall(ours[block])) == set(_PRINTED.findall(theirs[block])), block
        assert Counter(_NUMBER.findall(_prose(ours[block]))) == Counter(_NUMBER.findall(_prose(theirs[block]))), block
    assert set(_PRINTED.findall(translated)) == set(_PRINTED.findall(english))


def _prose(block: str) -> str:
    return _PRINTED.sub("", _TAG.sub("", block))


def _shape(form: Form) -> list[tuple[str, object]]:
    """What stands where: the kind of each block, and how much is in it."""
    found: list[tuple[str, object]] = []
    for block in form.blocks:
        detail: object = None
        match block:
            case Heading():
                detail = block.level
            case Items():
                detail = (block.marker, len(block.items))
            case Screening():
                detail = len(block.questions)
            case Signature():
                detail = (block.role, len(block.lines))
            case Details():
                detail = len(block.entries)
            case Table():
                detail = (len(block.header), len(block.rows))
            case _:
                pass
        found.append((type(block).__name__, detail))
    return found


@cache
def _form(name: str, document: str, flags: frozenset[Flag], language: str) -> Form:
    procedure, locale = shelf().procedures[name], Locale(language, "USD")
    return form_of(procedure, document, clinic(), flags, locale, shelf().labels(language))


@pytest.mark.parametrize(("name", "language", "document"), DOCUMENTS)
def test_staff_find_everything_in_the_same_place_in_every_language(name: str, language: str, document: str) -> None:
    unpriced = {Flag.PRICED} if name not in clinic().procedures else set()
    for flags in {each - unpriced for each in VARIANTS}:
        translated, english = (_form(name, document, flags, each) for each in (language, "en"))
        assert _shape(translated) == _shape(english), sorted(flags)


# -- a patient who speaks Spanish ------------------------------------------------------------------


@pytest.fixture(scope="module")
def spanish(tmp_path_factory: pytest.TempPathFactory) -> tuple[Done, Made]:
    out = tmp_path_factory.mktemp("spanish") / "run"
    chosen = ("--only", "EX-1015", "--only", "EX-1016")
    arguments = ("generate", EXAMPLES / "appointments.csv", "--clinic", EXAMPLES / "clinic.yaml", "--out", out)
    return command(*arguments, *chosen, *ISSUED), Made(out)


def test_a_spanish_speaker_gets_spanish_forms_and_no_interpreter_is_asked_for(spanish: tuple[Done, Made]) -> None:
    done, made = spanish
    assert (done.code, done.err) == (0, "")
    assert [packet["language"] for packet in made.packets] == ["es", "es"]
    assert not [packet for packet in made.packets if Flag.INTERPRETER in packet["flags"]]
    assert made.problems == []


def _text(made: Made, appointment: str) -> str:
    (packet,) = [each for each in made.packets if each["appointment_id"] == appointment]
    return " ".join(" ".join(text.replace("\u00a0", " ").split()) for text in texts_by_pdfium(made.file(packet)))


def test_dates_times_money_and_numbers_are_written_as_in_spanish(spanish: tuple[Done, Made]) -> None:
    text = _text(spanish[1], "EX-1015")
    for written in (
        "martes, 1 de diciembre de 2026, 4:00 p.m.",
        "14 de mayo de 1974",
        "Nac. 14 may 1974",
        "30 de noviembre de 2026",
        "$1,740.00",
        "$2,500.00",
        "$750 a $4,000 en total",
        "Página 1 de ",
        "en español",
    ):
        assert written in text
    english = r"\b(December|May|Page|Born|Record|Packet|version|Signature|Date|Yes|sessions?|the|and you)\b"
    rest = text
    for own in ("Front desk", "Full course", "Handouts editorial team", "Back & Spine Care"):
        rest = rest.replace(own, "")
    assert not re.findall(english, rest)


def test_who_decides_for_a_minor_signs_in_spanish(spanish: tuple[Done, Made]) -> None:
    text = _text(spanish[1], "EX-1016")
    for written in (
        "Persona que decide por el paciente",
        "Rosa Ficticia de Supuesto",
        "Niño, niña o joven",
        "menos de 18 años",
    ):
        assert written in text


@pytest.mark.parametrize(
    "spelled", ["Descompresión espinal", "DESCOMPRESION ESPINAL", "terapia de descompresion lumbar"]
)
def test_a_list_may_name_the_procedure_in_spanish_with_or_without_accents(spelled: str) -> None:
    assert shelf().find(spelled) == ["spinal-decompression"]


@pytest.mark.parametrize("spelled", ["Descompresión", "Descompresión lumbar", "Descompresión vertebral"])
def test_words_that_can_mean_surgery_are_no_name_of_the_procedure(spelled: str) -> None:
    assert shelf().find(spelled) == []
