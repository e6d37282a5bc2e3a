"""What a form must have, looked for in the text of finished pages: every form, language and kind of patient.

The facts are read here from procedure.yaml itself, and the pages as PDFium extracts them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

import pytest
from ruamel.yaml import YAML

from handouts.layout.composition import Copy
from handouts.layout.furniture import Furniture
from handouts.layout.packet import PacketLayout
from handouts.layout.style import NORMAL, PAPERS
from handouts.library.fields import Facts, Locale, text_of
from handouts.library.flags import Flags, reachable
from handouts.library.made_up import CLINIC, OFFER
from handouts.library.shelf import SHIPPED, form_of
from handouts.library.syntax import templates_of
from handouts.model import Flag, Practitioner
from tests.press.making import MARK, facts, file_of, identifier, shelf, texts_of

PROCEDURES = sorted(path.parent.name for path in SHIPPED.glob("*/procedure.yaml"))
LANGUAGES = ("en", "es")
CLINICIAN = Practitioner(name="Dr. Ada Fernhill", licence="IL-EX-000111", npi="0000000001")

SAID = {
    "en": {
        "teach-back": "their own words",
        "copy": "A copy was offered",
        "declined to sign": "declined to sign",
        "any time": "at any time",
        "not a contract": "not a contract",
        "minor": "parent or guardian decides",
        "in time": "interpreter was used",
    },
    "es": {
        "teach-back": "sus propias palabras",
        "copy": "Se ofreció una copia",
        "declined to sign": "no quiso firmar",
        "any time": "en cualquier momento",
        "not a contract": "un contrato",
        "minor": "18",
        "in time": "intérprete",
    },
}


@cache
def told(procedure: str) -> dict[str, Any]:
    """procedure.yaml as it stands."""
    read: dict[str, Any] = YAML(typ="safe").load(SHIPPED / procedure / "procedure.yaml")
    return read


@cache
def labels(language: str) -> dict[str, Any]:
    """The program's own words."""
    read: dict[str, Any] = YAML(typ="safe").load(SHIPPED / "labels" / f"{language}.yaml")
    return read


def bare(text: str) -> str:
    """Text without spaces and without what typography changes."""
    folded = unicodedata.normalize("NFC", text).replace("…", "...").replace("–", "-").replace("—", "-")
    return re.sub(r"[\s\u00ad“”‘’\"'«»]", "", folded).casefold()


def variants(procedure: str, language: str, document: str) -> list[Flags]:
    """Every set of flags that changes what the document says."""
    templates = templates_of(document, [SHIPPED / procedure / language])
    used = {flag for template in templates for flag in template.flags}
    return list(dict.fromkeys(flags & used for flags in reachable()))


def patient(flags: Flags) -> Facts:
    payers = {Flag.SELF_PAY: "Self-pay", Flag.INSURED: "Example Mutual Health", Flag.MEDICARE: "Medicare"}
    return facts(
        representative="Paula Madeup" if Flag.REPRESENTATIVE in flags else None,
        sessions=20 if Flag.SESSIONS_PLANNED in flags else None,
        payer="; ".join(name for flag, name in payers.items() if flag in flags) or None,
        practitioner=CLINICIAN,
    )


def text_on_pages(procedure: str, language: str, document: str, flags: Flags, known: Facts) -> str:
    offer = OFFER if Flag.PRICED in flags else OFFER.model_copy(update={"price_per_session": None, "packages": ()})
    clinic = CLINIC.model_copy(update={"procedures": {procedure: offer}})
    locale, words = Locale(language, "USD"), shelf().labels(language)
    form = form_of(shelf().procedures[procedure], document, clinic, flags, locale, words)
    furniture = Furniture(clinic, words, PAPERS["letter"], NORMAL, None)
    layout = PacketLayout([Copy(form, MARK)], furniture)
    pressed = layout.press(lambda field: text_of(field, known, locale), identifier("x"))
    pages = [page.replace("\u00a0", " ") for page in texts_of(file_of(pressed))]
    header, footer = f"{CLINIC.phones[0].label} (555) 555-0100 ", "Testa Sampleson · "
    inside = " ".join(page.partition(header)[2].rpartition(footer)[0] for page in pages)
    return bare(inside + header.join(pages))  # texts that go on over a page's end, and what stands on every page


def wanted(procedure: str, language: str, document: str, flags: Flags) -> list[str]:
    """What must stand on the pages, with nothing left to the program."""
    said, own, phrases = told(procedure), labels(language), SAID[language]
    form = said["documents"][document]
    every = [CLINIC.name, "Testa Sampleson", "DEMO-0001", said["name"][language], form["form"], form["version"]]
    no_treatment = [each for each in said["alternatives"] if each["id"] == "no-treatment"]
    assert no_treatment
    decides = "representative" if Flag.REPRESENTATIVE in flags else "patient"
    interpreter = [own["roles"]["interpreter"], phrases["in time"]] if Flag.INTERPRETER in flags else []
    match document:
        case "handout":
            texts = [each["text"] for each in said["risks"] + said["alternatives"] + said["emergency_signs"]]
            texts += [each["what_to_do"] for each in said["risks"]] + [each["claim"] for each in said["evidence"]]
            texts += [each["name"] for each in said["alternatives"] + said["contraindications"]]
            every += [text[language] for text in texts] + [each["source"] for each in said["evidence"]]
            every += [
                CLINIC.emergency_phone,
                CLINIC.phones[0].number,
                said["author"][language],
                str(said["next_review"].year),
            ]
        case "estimate":
            every += [*(each["code"] for each in said["codes"]), phrases["not a contract"], CLINIC.tax_id or "", "NPI"]
            every += ["$400", "www.cms.gov/nosurprises"] if Flag.SELF_PAY in flags else []
            every += ["Example Mutual Health"] if Flag.INSURED in flags else []
            if {Flag.PRICED, Flag.SESSIONS_PLANNED} <= flags:
                every += ["2,900.00"]
        case "consent":
            texts = [each["question"] for each in said["contraindications"]]
            texts += [each["text"] for each in said["risks"]] + [each["frequency_text"] for each in said["risks"]]
            texts += [each["name"] for each in said["alternatives"]] + [each["text"] for each in no_treatment]
            texts += [each["text"] for each in said["benefits"]]
            every += [text[language] for text in texts] + [each["code"] for each in said.get("codes", ())]
            every += ["Dr. Ada Fernhill", "IL-EX-000111", said["documents"]["handout"]["form"]]
            every += [phrases["teach-back"], phrases["copy"], phrases["any time"], *interpreter]
            every += [own["roles"][role] for role in (decides, "clinician", "witness", "withdrawal")]
            every += [own["roles"]["child"], phrases["minor"]] if Flag.MINOR in flags else []
        case "refusal":
            every += [each["text"][language] for each in no_treatment + said["emergency_signs"][:1]]
            every += [each["name"][language] for each in said["alternatives"] if each["id"] != "no-treatment"]
            every += [own["roles"][role] for role in (decides, "clinician", "witness")]
            every += [phrases["declined to sign"], phrases["copy"], *interpreter[:1]]
        case "withdrawal":
            every += [own["roles"][role] for role in ("withdrawal", "clinician")]
            every += [phrases["declined to sign"], phrases["copy"], phrases["any time"], *interpreter[:1]]
    return every


CASES = [
    (procedure, language, document)
    for procedure in PROCEDURES
    for language in LANGUAGES
    for document in told(procedure)["documents"]
]


@pytest.mark.parametrize(("procedure", "language", "document"), CASES)
def test_every_form_has_what_it_must_have_for_every_kind_of_patient(
    procedure: str, language: str, document: str
) -> None:
    for flags in variants(procedure, language, document):
        shown = flags | ({Flag.PRICED} if document != "estimate" else frozenset())
        text = text_on_pages(procedure, language, document, shown, patient(shown))
        missing = [each for each in wanted(procedure, language, document, shown) if bare(each) not in text]
        assert not missing, (sorted(flags), missing)


@pytest.mark.parametrize(("procedure", "language", "document"), CASES)
def test_whoever_signs_finds_room_for_date_and_time_beside_the_signature(
    procedure: str, language: str, document: str
) -> None:
    own = labels(language)
    for flags in variants(procedure, language, document)[:4]:
        text = text_on_pages(procedure, language, document, flags, patient(flags))
        line = bare(own["signature"] + own["date"] + own["time"])
        signing = {"consent": 3, "refusal": 3, "withdrawal": 2}.get(document, 0)
        assert text.count(line) >= signing
