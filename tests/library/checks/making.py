"""A clean procedure to spoil, in one language or two."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from handouts.library.checks.check import Report, check
from handouts.library.new import new_procedure
from handouts.library.shelf import SHIPPED

TODAY = date(2026, 11, 24)
NAME = "knee-taping"


def clean(folder: Path, *documents: str) -> Path:
    """The skeleton of `handouts new`, no draft any more, which has nothing to find; the folder of templates.

    documents: those to keep, which makes checks quick; all if none is named.
    """
    new_procedure(NAME, folder / "templates", TODAY)
    facts = folder / "templates" / NAME / "procedure.yaml"
    facts.write_text(re.sub(r"^draft:.*\n\n", "", read(facts), flags=re.MULTILINE), encoding="utf-8")
    for file in sorted((facts.parent / "en").glob("*.md")) if documents else ():
        if file.stem not in documents:
            file.unlink()
            facts.write_text(re.sub(rf"  {file.stem}: \{{form.*\n", "", read(facts)), encoding="utf-8")
    return folder / "templates"


def bilingual(folder: Path, *documents: str) -> Path:
    """The same with a second language; its Spanish forms are the English ones."""
    templates = clean(folder, *documents)
    facts = templates / NAME / "procedure.yaml"
    text = re.sub(r"frequency_text: \{en: ([^}]+)\}", r"frequency_text: {en: \1, es: no se sabe}", read(facts))
    facts.write_text(re.sub(r"\{en: ([^}]+?)\}", _twice, text), encoding="utf-8")
    shutil.copytree(templates / NAME / "en", templates / NAME / "es")
    (templates / "labels").mkdir()
    shutil.copy(SHIPPED / "labels" / "en.yaml", templates / "labels" / "es.yaml")
    return templates


def _twice(found: re.Match[str]) -> str:
    return found[0] if ", es: " in found[1] else f"{{en: {found[1]}, es: {found[1]}}}"


def read(file: Path) -> str:
    """A file's text."""
    return file.read_text(encoding="utf-8")


def spoil(templates: Path, file: str, old: str, new: str) -> Path:
    """Change the first `old` of one of the procedure's files into `new`; an empty `old` is the file's end."""
    path = templates / NAME / file
    text = read(path)
    assert old in text, f"{file} has no {old!r}"
    path.write_text(text.replace(old, new, 1) if old else f"{text}\n{new}\n", encoding="utf-8")
    return path


@dataclass(frozen=True)
class Found:
    """What is told of a finding: its code, and the text of its line."""

    code: str
    file: str
    line: str
    at: str


def found(templates: Path, *, strict: bool = False) -> tuple[Report, list[Found]]:
    """What a check finds. at: the line's text from the column on."""
    report = check(templates, TODAY, strict=strict)
    told = []
    for finding in report.findings:
        place = finding.place
        lines = read(place.file).splitlines() if place.file.is_file() else []
        line = lines[place.line - 1] if place.line else ""
        told.append(Found(finding.code, place.file.name, line, line[max(place.column - 1, 0) :]))
    return report, told
