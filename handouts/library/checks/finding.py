"""What a check found: at which place, how bad, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from handouts.errors import Place


class Severity(StrEnum):
    """An error is a form that must not be printed; a warning is one that a person has to look at."""

    ERROR = "error"
    WARNING = "warning"


_ERRORS = {
    "facts": "procedure.yaml cannot be read, a key is missing, unknown or wrong, or its facts cannot all be true",
    "labels": "the labels of a language are missing, or a word in them is",
    "template": "the template cannot be rendered or printed: unknown name, field in a condition, unknown block, HTML …",
    "document-missing": "`documents` names a form that has no template in one of the languages",
    "document-unlisted": "a template that `documents` does not name",
    "block-missing": "a required block is not in the template",
    "block-empty": "a required block prints nothing for some patients",
    "signature-missing": "someone who must sign has no line to sign on",
    "field-missing": "a required value of the patient, the visit or the clinic is not printed",
    "fact-missing": "a risk, alternative, screening question or emergency number of the facts is not printed",
    "initials": "more statements to initial than people read",
    "figure-without-source": "a percentage, or so many of so many, without an entry that has source, size and year",
    "frequency": "a risk's `frequency`, `of` and `frequency_text` do not fit together",
    "frequency-word": "a risk is called rare, common or the like without a number or “not known”",
    "name-shared": "two procedures go by the same name, so a list cannot tell which is meant",
    "review-overdue": "the day of the next review is past",
    "money-in-prose": "an amount of money in the words of a template, not from clinic.yaml or procedure.yaml",
    "fact-in-prose": "a fact of procedure.yaml stands again in a template",
    "text-missing": "a fact has no text in one of the languages",
    "language-differs": "a language has other facts, fields, flags, blocks, numbers or things to fill in than English",
    "untranslated": "a sentence of another language's form or facts is in English",
    "liability": "words that release the clinic from liability: they have no place in a consent",
}
_WARNINGS = {
    "draft": "the procedure is a draft, so no patient gets its forms",
    "review-soon": "the next review is due soon",
    "vague-frequency": "often, rarely, likely and the like without a number or “not known”",
    "capitals": "a word in capitals for stress",
    "long-sentence": "a sentence of more than 25 words",
    "reading-grade": "a section, or a form, reads harder than its target",
    "condition-never": "a condition that no patient can meet",
    "condition-always": "a condition that every patient meets who gets there",
    "flag-unused": "a flag that no template asks for",
}
CODES: dict[str, tuple[Severity, str]] = {
    **{code: (Severity.ERROR, meaning) for code, meaning in _ERRORS.items()},
    **{code: (Severity.WARNING, meaning) for code, meaning in _WARNINGS.items()},
}
"""Every code a finding can have. Codes are stable: machines may rely on them."""


_SHOWN = 110
"""Characters of a source line that are shown around its fault."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to change. code: one of CODES. hint: what to do about it."""

    code: str
    place: Place
    message: str
    hint: str = ""

    @property
    def severity(self) -> Severity:
        """How bad it is: the code decides."""
        return CODES[self.code][0]

    def to_json(self) -> dict[str, str | int]:
        """For machines. Lines and columns count from 1; 0 means that the finding is about the whole file."""
        return {
            "severity": self.severity,
            "code": self.code,
            "file": str(self.place.file),
            "line": self.place.line,
            "column": self.place.column,
            "message": self.message,
            "hint": self.hint,
        }

    def to_text(self) -> str:
        """`file:line:column: error: message [code]`, the line with a caret below, and the hint."""
        here, file = Path.cwd(), self.place.file.absolute()
        shown = file.relative_to(here) if file.is_relative_to(here) else self.place.file
        place = Place(shown, self.place.line, self.place.column)
        lines = [f"{place}: {self.severity}: {self.message} [{self.code}]"]
        source = line_of(self.place)
        if source:
            cut = max(0, self.place.column - _SHOWN // 2) if len(source) > _SHOWN else 0
            lines.append(f"  {'…' if cut else ''}{source[cut : cut + _SHOWN]}{'…' if source[cut + _SHOWN :] else ''}")
            if self.place.column:
                lines.append(f"  {' ' * (self.place.column - 1 - cut + bool(cut))}^")
        if self.hint:
            lines.append(f"  {self.hint}")
        return "\n".join(lines)


def line_of(place: Place) -> str:
    """The line of the file at `place`; empty where there is none."""
    lines = lines_of(place.file)
    return lines[place.line - 1] if 0 < place.line <= len(lines) else ""


def lines_of(file: Path) -> list[str]:
    """The lines of a text file; none where it cannot be read."""
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


def placed(place: Place, *words: str) -> Place:
    """`place` with a column: where the first of `words` that stands on the line begins, else where the line does."""
    line = line_of(place)
    if place.column or not line:
        return place
    found = next((at for word in words if word and (at := line.find(word)) >= 0), len(line) - len(line.lstrip()))
    return Place(place.file, place.line, found + 1)


def sought(place: Place, word: str) -> Place | None:
    """Where `word` first stands at or below `place` in its file."""
    for number, line in enumerate(lines_of(place.file)[max(place.line - 1, 0) :], max(place.line, 1)):
        at = line.find(word)
        if at >= 0:
            return Place(place.file, number, at + 1)
    return None
