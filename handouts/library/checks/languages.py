"""Each language has the same forms, with the same facts, fields, flags and blocks, and labels of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from babel import localedata

from handouts.errors import Place, TemplateError
from handouts.intake.yaml_file import place_of
from handouts.library.checks.facts import Facts
from handouts.library.checks.finding import Finding, placed
from handouts.library.checks.syntax import Template
from handouts.library.labels import Labels
from handouts.library.procedure import Procedure
from handouts.library.shelf import Shelf

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


def check_parity(
    document: str, language: str, first: list[Template], other: list[Template], first_language: str
) -> Iterator[Finding]:
    """What one language's template reads or has as a block, and the other's does not."""
    for what, wanted, found in (
        ("block", _blocks(first), _blocks(other)),
        ("name", _names(first), _names(other)),
    ):
        for name in sorted(found.keys() - wanted.keys()):
            place = placed(found[name], name, name.rpartition(".")[2])
            message = f"the {what} `{name}` is not in the `{first_language}` {document}"
            yield Finding("language-differs", place, message, "Both languages must tell the same.")
        for name in sorted(wanted.keys() - found.keys()):
            message = f"the {what} `{name}`, which the `{first_language}` {document} has, is missing in `{language}`"
            yield Finding("language-differs", Place(other[0].file, 1, 1), message, f"It stands at {wanted[name]}.")


def _blocks(templates: list[Template]) -> Mapping[str, Place]:
    return {name: each.place(lines[0]) for each in templates for name, lines in each.blocks.items()}


def _names(templates: list[Template]) -> Mapping[str, Place]:
    return {name: each.place(line) for each in templates for name, line in each.names.items()}


def check_labels(shelf: Shelf, folders: tuple[Path, ...], language: str) -> tuple[Labels | None, list[Finding]]:
    """The program's own words in a language, and what is wrong with them."""
    if not localedata.exists(language):
        place = Place(next(folder / language for folder in folders if (folder / language).is_dir()))
        hint = "Name the folder by the language's tag, such as en or es."
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
