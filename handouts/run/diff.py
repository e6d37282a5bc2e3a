"""`handouts diff`: what changed between two versions of a procedure's forms, in words, and what follows from it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from handouts.errors import UsageError
from handouts.library.document import Blank, Break, Inlines, Signature, Slot, Text, contents
from handouts.library.fields import Locale
from handouts.library.flags import Flags, reachable
from handouts.library.made_up import CLINIC, OFFER
from handouts.library.procedure import Procedure, Words, read_procedure
from handouts.library.shelf import SHIPPED, Shelf, form_of
from handouts.library.syntax import Template, block_at, templates_of

RENEWING = frozenset({"risks", "alternatives", "statements", "signatures"})
"""Sections whose change makes a signed form void: what was agreed to is no longer what the form says."""

DOUBTFUL = frozenset({"title", "treatment", "screening", "benefits", "explained", "consequences"})
"""Sections of a signed form whose change a clinician must judge."""


_RENEW = "signed forms MUST BE RENEWED"


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in one section of a document: the texts that went and those that came, in order."""

    section: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentDiff:
    """One document in one language. before, after: its versions; None where it was not there, or is no more."""

    document: str
    language: str
    before: str | None
    after: str | None
    changes: tuple[Change, ...]
    signed: bool

    @property
    def renew(self) -> bool:
        """Whether people who signed the old one must sign anew."""
        gone = self.before is not None and self.after is None
        return self.signed and (gone or any(change.section in RENEWING for change in self.changes))

    @property
    def judge(self) -> bool:
        """Whether a clinician must say if signed forms stay good."""
        return self.signed and not self.renew and any(change.section in DOUBTFUL for change in self.changes)

    def lines(self) -> Iterator[str]:
        """The change in words."""
        title = f"{self.document} ({self.language})"
        if self.before is None or self.after is None:
            yield f"{title}: {'new' if self.before is None else 'gone'}{'; ' + _RENEW if self.renew else ''}"
            return
        if not self.changes:
            yield f"{title}: unchanged, version {self.after}"
            return
        good = "ASK THE CLINICIAN whether signed forms stay good" if self.judge else "signed forms stay good"
        verdict = _RENEW if self.renew else good
        versions = f"version {self.before} to {self.after}"
        if self.before == self.after:
            versions = f"the text changed but the version is still {self.after} (raise it in procedure.yaml)"
        yield f"{title}: {versions}; {verdict}" if self.signed else f"{title}: {versions}"
        for change in self.changes:
            yield f"  {change.section}"
            yield from (f"    - {text}" for text in change.removed)
            yield from (f"    + {text}" for text in change.added)


def diff(before: Path, after: Path) -> list[DocumentDiff]:
    """Compare two folders of a procedure. Raises TemplateError, UsageError."""
    old, new = _Version(before), _Version(after)
    documents = list(dict.fromkeys([*old.procedure.documents, *new.procedure.documents]))
    languages = sorted(old.procedure.languages() | new.procedure.languages())
    return [_compared(old, new, document, language) for language in languages for document in documents
            if old.has(document, language) or new.has(document, language)]  # fmt: skip


def _compared(old: _Version, new: _Version, document: str, language: str) -> DocumentDiff:
    before, after = (version.number(document, language) for version in (old, new))
    if before is None or after is None:
        there = old if after is None else new
        signed = there.texts(document, language, frozenset()).signed
        return DocumentDiff(document, language, before, after, (), signed)
    removed: dict[str, dict[str, None]] = {}
    added: dict[str, dict[str, None]] = {}
    signed = False
    used = old.flags(document, language) | new.flags(document, language)
    for flags in dict.fromkeys(each & used for each in reachable()):
        one, other = old.texts(document, language, flags), new.texts(document, language, flags)
        signed = signed or one.signed or other.signed
        matcher = difflib.SequenceMatcher(None, one.parts, other.parts, autojunk=False)
        for kind, first, last, begin, end in matcher.get_opcodes():
            if kind != "equal":
                for section, text in one.parts[first:last]:
                    removed.setdefault(section, {})[text] = None
                for section, text in other.parts[begin:end]:
                    added.setdefault(section, {})[text] = None
    if signed:  # the guide that was handed out with a signed form tells the same facts at length
        for section in ("risks", "alternatives"):
            gone, come = old.facts(section, language), new.facts(section, language)
            removed.setdefault(section, {}).update(dict.fromkeys(each for each in gone if each not in come))
            added.setdefault(section, {}).update(dict.fromkeys(each for each in come if each not in gone))
    changes = tuple(
        Change(section, tuple(removed.get(section, ())), tuple(added.get(section, ())))
        for section in dict.fromkeys([*removed, *added])
        if removed.get(section) or added.get(section)
    )
    return DocumentDiff(document, language, before, after, changes, signed)


@dataclass(frozen=True, slots=True)
class _Texts:
    """A form's texts with their sections, in order. signed: whether anybody signs it."""

    parts: list[tuple[str, str]]
    signed: bool


class _Version:
    """A procedure as one folder has it, with the shipped one of its name behind."""

    def __init__(self, folder: Path) -> None:
        self.procedure = _read(folder)
        self._shelf = Shelf((folder.parent, SHIPPED))
        self._clinic = CLINIC.model_copy(update={"procedures": {self.procedure.id: OFFER}})
        self._templates: dict[tuple[str, str], list[Template]] = {}

    def has(self, document: str, language: str) -> bool:
        """Whether there is such a document."""
        return document in self.procedure.documents and self.procedure.template(document, language) is not None

    def number(self, document: str, language: str) -> str | None:
        """The document's version; None where there is no such document."""
        return self.procedure.documents[document].version if self.has(document, language) else None

    def facts(self, kind: str, language: str) -> list[str]:
        """All that the facts of one kind say."""
        told: list[str] = []
        for fact in getattr(self.procedure, kind):
            told += [value.root[language] for _, value in fact if isinstance(value, Words) and language in value.root]
        return told

    def templates(self, document: str, language: str) -> list[Template]:
        """The document's template and those it takes in; none where there is no such document."""
        key = document, language
        if key not in self._templates:
            folders = [folder / language for folder in self.procedure.folders]
            self._templates[key] = templates_of(document, folders)
        return self._templates[key]

    def flags(self, document: str, language: str) -> Flags:
        """The flags that the document's text hangs on."""
        return frozenset(flag for template in self.templates(document, language) for flag in template.flags)

    def texts(self, document: str, language: str, flags: Flags) -> _Texts:
        """What the document says to people with these flags."""
        locale, labels = Locale(language, self._clinic.currency), self._shelf.labels(language)
        form = form_of(self.procedure, document, self._clinic, flags, locale, labels)
        templates = self.templates(document, language)
        parts: list[tuple[str, str]] = []
        for place, block in zip(form.places, form.blocks, strict=True):
            section = block_at(place, templates) or "title"
            if isinstance(block, Signature):
                signs = "may sign" if block.optional else "signs"
                parts.append(("signatures", f"{labels.roles[block.role]} {signs}"))
            parts.extend((section, text) for content in contents(block) if (text := _told(content)))
        return _Texts(parts, any(isinstance(block, Signature) for block in form.blocks))


def _read(folder: Path) -> Procedure:
    """The procedure as `folder` has it, with the shipped one of that name behind, as when it is printed."""
    behind = SHIPPED / folder.name
    if not any((each / "procedure.yaml").is_file() for each in (folder, behind)):
        raise UsageError("this is no procedure's folder: it has no procedure.yaml", where=folder)
    return read_procedure([folder, behind] if behind.is_dir() else [folder], [folder.parent, SHIPPED])


def _told(content: Inlines) -> str:
    """Text as a person reads it; a field by its name, a rule to write on as a rule."""
    told = ""
    for part in content:
        match part:
            case Text(text):
                told += text
            case Slot(field):
                told += f"<{field.path}>"
            case Blank():
                told += "____"
            case Break():  # pragma: no branch  the last kind there is
                told += " "
    return " ".join(told.split())


def verdict(found: Sequence[DocumentDiff]) -> str:
    """What follows for the forms that were signed so far."""
    if any(each.renew for each in found):
        return "Signed forms must be renewed."
    if any(each.judge for each in found):
        return "Ask the clinician whether signed forms stay good."
    return "Signed forms stay good."
