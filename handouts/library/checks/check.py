"""All checks of all procedures in a folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from babel import localedata

from handouts.errors import ExitCode, Place, TemplateError
from handouts.library.checks.conditions import check_conditions, unused_flags
from handouts.library.checks.elements import check_elements, flags_that_matter
from handouts.library.checks.facts import Facts, check_facts, check_names
from handouts.library.checks.finding import Finding, Severity
from handouts.library.checks.forms import Reading, check_figures, check_reading, check_repetition, check_words
from handouts.library.checks.languages import check_documents, check_labels, check_translated, in_order
from handouts.library.checks.parity import Edition, check_parity
from handouts.library.checks.variants import variants_of
from handouts.library.labels import Labels
from handouts.library.procedure import Procedure, read_procedure
from handouts.library.shelf import SHIPPED, Shelf
from handouts.library.syntax import Template, templates_of


@dataclass(frozen=True, slots=True)
class Report:
    """Everything found in a folder. strict: warnings count as errors do."""

    findings: tuple[Finding, ...]
    readings: tuple[tuple[str, Reading], ...]
    strict: bool

    def count(self, severity: Severity) -> int:
        """How many findings are that bad."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def exit_code(self) -> ExitCode:
        """Whether the forms may be used."""
        counted = len(self.findings) if self.strict else self.count(Severity.ERROR)
        return ExitCode.UNUSABLE_INPUT if counted else ExitCode.OK

    def to_text(self) -> str:
        """For people: each finding, the reading grades, and the sum."""
        parts = [f"{finding.to_text()}\n" for finding in self.findings]
        if self.readings:
            parts.append("Reading grades, and the hardest section of each form:")
            parts.extend(f"  {procedure}/{_graded(reading)}" for procedure, reading in self.readings)
            parts.append("")
        errors, warnings = self.count(Severity.ERROR), self.count(Severity.WARNING)
        parts.append(f"{_number(errors, 'error')}, {_number(warnings, 'warning')}.")
        return "\n".join(parts)

    def to_json(self) -> str:
        """For machines."""
        told = {
            "findings": [finding.to_json() for finding in self.findings],
            "errors": self.count(Severity.ERROR),
            "warnings": self.count(Severity.WARNING),
            "reading_grades": [
                {
                    "procedure": procedure,
                    "document": reading.document,
                    "language": reading.language,
                    "target": reading.target,
                    "grade": round(reading.grade.mean, 1) if reading.grade else None,
                    "formulas": {name: round(value, 1) for name, value in reading.grade.parts} if reading.grade else {},
                }
                for procedure, reading in self.readings
            ],
            "exit_code": int(self.exit_code),
        }
        return json.dumps(told, indent=1, ensure_ascii=False)


def _graded(reading: Reading) -> str:
    name = f"{reading.language}/{reading.document}"
    if reading.grade is None:
        return f"{name}: not graded"
    hardest = f"; “{reading.section}” {reading.hardest}" if reading.hardest else ""
    return f"{name}: {reading.grade}, target {reading.target}{hardest}"


def _number(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


def check(folder: Path, today: date, *, strict: bool = False) -> Report:
    """Check every procedure of `folder`, with the shipped ones behind it. Raises TemplateError if it has none."""
    shelf = Shelf((folder,) if folder.resolve() == SHIPPED.resolve() else (folder, SHIPPED))
    own = sorted({file.parent.name for file in folder.glob("*/procedure.yaml")} | _overridden(folder))
    findings, readings = _own_labels(folder, shelf), list[tuple[str, Reading]]()
    if not own and not any(folder.glob("labels/*.yaml")):
        hint = "A procedure is a folder with a procedure.yaml in it; docs/templates.md tells more."
        raise TemplateError("there is no procedure in this folder", where=folder, hint=hint)
    templates: list[Template] = []
    named: list[Procedure] = []
    for name in own:
        procedure = _Procedure(shelf, name)
        procedure.check(today)
        findings += procedure.findings
        readings += [(name, reading) for reading in procedure.readings]
        templates += procedure.templates
        named += [procedure.read] if procedure.read else []
    named += [each for each in _shipped() if each.id not in own]
    findings += [each for procedure in named if procedure.id in own for each in check_names(procedure, named)]
    if len(shelf.folders) == 1:
        findings += unused_flags(folder, templates)
    return Report(tuple(_in_order(findings)), tuple(readings), strict)


@cache
def _shipped() -> tuple[Procedure, ...]:
    """The shipped procedures, which do not change while the program runs."""
    return tuple(Shelf((SHIPPED,)).procedures.values())


def check_all(folder: Path | None, today: date, *, strict: bool = False) -> Report:
    """Check `folder`; None: the shipped templates, and a clinic's own in `templates` below the current folder."""
    if folder is not None:
        return check(folder, today, strict=strict)
    shipped, own = check(SHIPPED, today, strict=strict), Path("templates")
    if not own.is_dir() or own.resolve() == SHIPPED.resolve():
        return shipped
    more = check(own, today, strict=strict)
    return Report((*shipped.findings, *more.findings), (*shipped.readings, *more.readings), strict)


def _own_labels(folder: Path, shelf: Shelf) -> list[Finding]:
    """What is wrong with the labels that the folder itself has, whether or not a procedure of it uses them."""
    files = sorted(folder.glob("labels/*.yaml"))
    return [finding for file in files for finding in check_labels(shelf, (file.parent,), file.stem)[1]]


def _overridden(folder: Path) -> set[str]:
    """Procedures of which the folder holds single documents or pictures only."""
    known = {each.name for each in SHIPPED.iterdir() if (each / "procedure.yaml").is_file()}
    return {file.parents[1].name for file in folder.glob("*/*/*.md")} | {
        each.name for each in folder.iterdir() if each.is_dir() and each.name in known
    }


def _in_order(findings: list[Finding]) -> list[Finding]:
    once = dict.fromkeys(findings)
    return sorted(once, key=lambda each: (str(each.place.file), each.place.line, each.place.column, each.code))


class _Procedure:
    """The checks of one procedure; what they find is collected."""

    def __init__(self, shelf: Shelf, name: str) -> None:
        self._shelf = shelf
        self._folders = tuple(folder / name for folder in shelf.folders if (folder / name).is_dir())
        self.findings: list[Finding] = []
        self.readings: list[Reading] = []
        self.templates: list[Template] = []
        self.read: Procedure | None = None

    def check(self, today: date) -> None:
        """Check facts, then each document in each language."""
        if not any((folder / "procedure.yaml").is_file() for folder in self._folders):
            place = Place(self._folders[0] / "procedure.yaml")
            hint = "Write one, or give the folder the name of a shipped procedure to change that one."
            self.findings.append(Finding("facts", place, "the facts of this procedure are missing", hint))
            return
        try:
            self.read = procedure = read_procedure(self._folders, self._shelf.folders)
        except TemplateError as fault:
            faults = fault.faults or ((fault.place or Place(self._folders[0]), fault.what),)
            self.findings += [Finding("facts", place, what, fault.hint) for place, what in faults]
            return
        facts = Facts(procedure, tuple(in_order(procedure)))
        self.findings += check_facts(facts, today)
        labels = {language: self._labels(language) for language in facts.languages}
        facts = Facts(procedure, tuple(language for language in facts.languages if localedata.exists(language)))
        sources = {
            (document, language): templates_of(document, [folder / language for folder in self._folders])
            for document in procedure.documents
            for language in facts.languages
            if procedure.template(document, language)
        }
        parts = {template.file for templates in sources.values() for template in templates}
        self.findings += check_documents(facts, self._folders, parts)
        first: dict[str, Edition] = {}
        for (document, language), templates in sources.items():
            edition = self._document(facts, document, language, labels[language], templates)
            if language == facts.languages[0]:
                first[document] = edition
            elif document in first:
                english = first[document]
                self.findings += check_translated(language, templates, english.templates)
                if edition.sound and english.sound:
                    self.findings += check_parity(english, edition)
        self.templates = [template for templates in sources.values() for template in templates]

    def _labels(self, language: str) -> Labels:
        labels, findings = check_labels(self._shelf, self._folders, language)
        self.findings += findings
        return labels or Shelf((SHIPPED,)).labels("en")

    def _document(
        self, facts: Facts, document: str, language: str, labels: Labels, templates: list[Template]
    ) -> Edition:
        asked = flags_that_matter(document)
        variants, faults = variants_of(facts.procedure, document, language, labels, templates, asked)
        self.findings += faults
        self.findings += check_conditions(templates)
        self.findings += check_repetition(facts, templates, language)
        self.findings += check_figures(templates)
        lacks = list(check_elements(facts.procedure, variants, templates)) if templates and not faults else []
        self.findings += lacks
        self.findings += check_words(facts, variants)
        too_hard, readings = check_reading(facts, variants)
        self.findings += too_hard
        self.readings += readings
        first = language == facts.languages[0]
        return Edition(document, language, templates, variants, not faults and not (first and lacks))
