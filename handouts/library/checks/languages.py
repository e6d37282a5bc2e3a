"""Each language has the same forms, words of its own, and labels of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel import localedata

from handouts.errors import Place, TemplateError
from handouts.intake.yaml_text import place_of
from handouts.library.checks.facts import Facts
from handouts.library.checks.finding import Finding, placed
from handouts.library.checks.prose import key, sentences, words
from handouts.library.checks.translation import untranslated
from handouts.library.checks.wording import shortened
from handouts.library.labels import Labels
from handouts.library.procedure import Procedure
from handouts.library.shelf import Shelf
from handouts.library.sources import prose_of
from handouts.library.syntax import Template

_FENCE = re.compile(r"^\s*:::\s*\w*")
FIRST = "en"
"""The language that the others are held against, where a procedure has it."""


def in_order(procedure: Procedure) -> list[str]:
    """The procedure's languages, the one that counts first."""
    return sorted(procedure.languages(), key=lambda language: (language != FIRST, language))


def check_documents(facts: Facts, folders: tuple[Path, ...], parts: set[Path]) -> Iterator[Finding]:
    """Documents without template, and templates without document. parts: files that others include or extend."""
    procedure = facts.procedure
    for document in procedure.documents:
        for language in facts.languages:
            if procedure.template(document, language) is None:
                message = f"`{document}` has no template in `{language}`"
                hint = f"Write {procedure.id}/{language}/{document}.md, or take `{document}` out of `documents`."
                yield Finding("document-missing", facts.place("documents", document), message, hint)
    for folder in folders:
        for file in sorted(folder.glob("*/*.md")):
            if file.stem not in procedure.documents and file not in parts:
                message = f"`documents` of procedure.yaml has no `{file.stem}`"
                hint = "Give it a form id and a version there, or include it in another template."
                yield Finding("document-unlisted", Place(file, 1, 1), message, hint)


def check_translated(language: str, templates: list[Template], first: list[Template]) -> Iterator[Finding]:
    """Sentences of a form in another language that are in English, or that the form in the first language has too.

    first: its templates.
    """
    known = {key(sentence) for template in first for _, sentence in _sentences(template)}
    for template in templates:
        for number, sentence in _sentences(template):
            if untranslated(sentence, known):
                place = placed(template.place(number), sentence, *words(sentence)[:1])
                yield Finding("untranslated", place, f"“{shortened(sentence)}” is not in `{language}`", "Translate it.")


def _sentences(template: Template) -> Iterator[tuple[int, str]]:
    """The sentences of a template's own words, each with the number of its line."""
    for number, line in enumerate(prose_of(template.text).splitlines(), 1):
        yield from ((number, sentence) for sentence in sentences(_FENCE.sub("", line)))


def check_labels(shelf: Shelf, folders: tuple[Path, ...], language: str) -> tuple[Labels | None, list[Finding]]:
    """The program's own words in a language, and what is wrong with them."""
    if not localedata.exists(language):
        places = (path for folder in folders for path in (folder / language, folder / f"{language}.yaml"))
        place = Place(next((path for path in places if path.exists()), folders[0]))
        hint = "Name it by the language's tag, such as en or es."
        return None, [Finding("labels", place, f"`{language}` is no language", hint)]
    try:
        labels = shelf.labels(language)
    except TemplateError as fault:
        faults = fault.faults or ((fault.place or Place(Path(language)), fault.what),)
        return None, [Finding("labels", place, what, fault.hint) for place, what in faults]
    if language == FIRST:
        return labels, []
    file = shelf.labels_file(language)
    missing = [role for role in shelf.labels(FIRST).roles if role not in labels.roles]
    hint = "Translate it from en.yaml."
    return labels, [
        Finding("labels", place_of(file, ("roles",)), f"`roles` has no `{role}` in `{language}`", hint)
        for role in missing
    ]
