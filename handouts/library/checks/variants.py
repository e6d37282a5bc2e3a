"""Every variant of a document, rendered: all flags it asks for, and clinics that have much or little to print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar, cast

from pydantic import BaseModel

from handouts.errors import Place, TemplateError
from handouts.library.checks.finding import Finding, placed
from handouts.library.document import Form
from handouts.library.fields import Locale
from handouts.library.flags import Flags, reachable
from handouts.library.labels import Labels
from handouts.library.made_up import CLINIC, OFFER
from handouts.library.procedure import Procedure, Words
from handouts.library.shelf import form_of
from handouts.library.syntax import Template
from handouts.model import Clinic, Flag, Offer

EMERGENCY_PHONE = "000-0199"
"""A number that no template spells by itself."""
_CLINIC = CLINIC.model_copy(update={"emergency_phone": EMERGENCY_PHONE})
_OPTIONAL = {"website": None, "tax_id": None, "state": None}
"""What clinic.yaml may leave out."""
_REVIEW = {"reviewed_by": "Dr. Sample", "reviewed_on": date(2026, 1, 1)}
_MOST_FAULTS = 30
"""Faults told of one document. What comes after so many is most likely caused by the first."""

_TAG = re.compile(r"\{%.*?%\}")
Whole = TypeVar("Whole")


@dataclass(frozen=True, slots=True)
class Variant:
    """One document as some patients of some clinic get it."""

    document: str
    language: str
    flags: Flags
    clinic: Clinic
    offer: Offer
    form: Form


def variants_of(
    procedure: Procedure, document: str, language: str, labels: Labels, templates: list[Template], asked: Iterable[Flag]
) -> tuple[list[Variant], list[Finding]]:
    """All variants that can be rendered, and every fault that stands in the way of the others.

    asked: flags that matter for the document besides those that its templates ask for.
    """
    whole = _with_language(procedure, language)
    texts: dict[Path, str] = {}
    variants: list[Variant] = []
    findings: list[Finding] = []
    locale = Locale(language, _CLINIC.currency)
    for flags, clinic, offer in _cases(procedure.id, templates, set(asked)):
        while len(findings) < _MOST_FAULTS:
            try:
                form = form_of(whole, document, clinic, flags, locale, labels, texts)
            except TemplateError as fault:
                findings.append(_finding(fault))
                if not _mend(texts, fault.place):
                    return variants, findings
                continue
            variants.append(Variant(document, language, flags, clinic, offer, form))
            break
    return variants, findings


def _cases(name: str, templates: list[Template], asked: set[Flag]) -> Iterator[tuple[Flags, Clinic, Offer]]:
    names = {each for template in templates for each in template.names}
    by_clinic = any(each.startswith("offer.") or each.removeprefix("clinic.") in _OPTIONAL for each in names)
    asked = asked | {flag for template in templates for flag in template.flags}
    if "offer.price_per_session" in names:
        asked.add(Flag.PRICED)
    for flags in sorted({flags & asked for flags in reachable()}, key=sorted):
        for much in (True, False) if by_clinic else (True,):
            priced = Flag.PRICED in flags if Flag.PRICED in asked else much
            offer = (OFFER if much else Offer()).model_copy(
                update={"price_per_session": OFFER.price_per_session if priced else None, **(_REVIEW if much else {})}
            )
            update = {"procedures": {name: offer}, **({} if much else _OPTIONAL)}
            yield flags, _CLINIC.model_copy(update=update), offer


def _with_language(value: Whole, language: str) -> Whole:
    """The same facts; a text that is missing in `language` (told elsewhere) is taken from another one."""
    match value:
        case Words():
            first = next(iter(value.root.values()), "")
            return cast(Whole, Words.model_construct(root={language: first, **value.root}))
        case BaseModel():
            return value.model_copy(update={key: _with_language(member, language) for key, member in value})
        case tuple():
            return cast(Whole, tuple(_with_language(member, language) for member in value))
    return value


def _finding(fault: TemplateError) -> Finding:
    quoted = re.findall(r"[`']([^`']+)[`']", fault.what)
    near = [part for name in quoted for part in (name, name.rpartition(".")[2])]
    place = placed(fault.place, *near) if fault.place else Place(Path())
    return Finding("template", place, fault.what, fault.hint)


def _mend(texts: dict[Path, str], place: Place | None) -> bool:
    """Take what is at fault out of the text, so that the next fault is found; False where that cannot be done."""
    if place is None or not place.line:
        return False
    source = texts.get(place.file)
    if source is None:
        source = place.file.read_text(encoding="utf-8-sig")
    lines = source.split("\n")
    first = place.line - 1
    if lines[first].lstrip().startswith(":::"):
        last = next((at for at in range(first + 1, len(lines)) if lines[at].strip() == ":::"), first)
        lines[first : last + 1] = ["".join(_TAG.findall(line)) for line in lines[first : last + 1]]
    else:
        for at in range(first, len(lines)):
            if not lines[at].strip() or lines[at] != _plainer(lines[at]):
                lines[at] = _plainer(lines[at])
                break
    texts[place.file] = "\n".join(lines)
    return texts[place.file] != source


def _plainer(line: str) -> str:
    """A line with less that can be at fault: first without values, then without conditions, then without words."""
    if "{{" in line:
        return re.sub(r"\{\{.*?\}\}", "x", line)
    if _TAG.search(line):
        return re.sub(
            r"(\{%-?\s*(?:el)?if\s).*?(-?%\})", r"\1false \2", re.sub(r"(\sin\s).*?(-?%\})", r"\1[] \2", line)
        )
    start = re.match(r"\s*(?:: |- |\d+\. |#+ )?", line)
    if line.startswith("|"):
        return re.sub(r"[^|]+", "x", line)
    return f"{start[0] if start else ''}x" if line.strip() else line
