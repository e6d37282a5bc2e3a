"""clinic.yaml against the templates: what it names must exist there."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from handouts.errors import ClinicError
from handouts.intake.yaml_file import place_of
from handouts.library.shelf import Shelf
from handouts.model import Clinic
from handouts.run.practitioners import same_name


def check_agreement(clinic: Clinic, shelf: Shelf, path: Path) -> None:
    """Check that every procedure, document and language exists, and that no two practitioners go by one name.

    path: clinic.yaml itself. Raises ClinicError naming every fault with line and column.
    """
    procedures = shelf.procedures.values()
    documents = sorted({name for procedure in procedures for name in procedure.documents})
    languages = sorted({language for procedure in procedures for language in procedure.languages()})
    told = [
        _unknown(path, ("procedures", name), "there are no templates for the procedure", name, list(shelf.procedures))
        for name in clinic.procedures
        if name not in shelf.procedures
    ]
    told += [
        _unknown(path, ("packet", index, "document"), "no procedure has the document", part.document, documents)
        for index, part in enumerate(clinic.packet)
        if part.document not in documents
    ]
    told += [
        _unknown(path, ("languages", index), "no procedure has forms in the language", language, languages)
        for index, language in enumerate(clinic.languages)
        if language not in languages
    ]
    twice = same_name(clinic.practitioners)
    if twice is not None:
        place = place_of(path, ("practitioners", twice, "name"))
        told.append(f"{place}: a practitioner above goes by the same name; list each person once, by the full name")
    if told:
        raise ClinicError("\n".join(told))


def _unknown(path: Path, location: tuple[int | str, ...], what: str, name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean `{close[0]}`?" if close else f"known here: {', '.join(known)}"
    return f"{place_of(path, location)}: {what} `{name}`; {hint}"
